//! The student's own page, and who looked at it.

use super::campus::{Campus, PHONE, REASON, YEAR, reason_of};
use domain::calendar::Semester;
use domain::decision::Reason;
use domain::institution::Office;
use domain::institution::term::{StudentDays, Term};
use domain::view::access::AccessLine;
use domain::view::list::ListQuery;
use domain::view::record::RevealField;
use domain::view::student::{Planned, Progress, Stage, StageView, Turn, Until};
use services::ServiceError;
use store::testkit::on_both;

#[tokio::test]
async fn the_page_says_where_one_stands_and_who_answers() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let student = campus.student(0).await;
        let before = campus.services.my_record(&student).await.unwrap();
        assert_eq!(before.stages[0].progress, Progress::Current);
        assert!(before.next.is_none(), "nothing to do before the hand-over");
        campus.hand_over().await;
        campus.number().await;
        let after = campus.services.my_record(&student).await.unwrap();
        assert_eq!(
            (after.year, after.stages[0].progress),
            (YEAR, Progress::Done)
        );
        assert_eq!(after.next.unwrap().stage, Stage::Arrival);
        assert!(after.student_no.unwrap().as_str().contains('*'));
        // The college by its own name and phone.
        let arrival = after
            .stages
            .iter()
            .find(|s| s.stage == Stage::Arrival)
            .unwrap();
        assert_eq!(
            (arrival.office_name.0.as_str(), arrival.phone.as_deref()),
            ("第1学院", Some(PHONE))
        );
        // 办法 五: explained by Academic Affairs and Student Affairs.
        let explained: Vec<&str> = after
            .explained_by
            .iter()
            .map(|c| c.name.0.as_str())
            .collect();
        assert_eq!(explained, ["教务处", "学生处"]);
    })
    .await;
}

#[tokio::test]
async fn the_next_step_has_its_day() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let student = campus.student(0).await;
        let until = async || {
            let view = campus.services.my_record(&student).await.unwrap();
            view.next.unwrap().day()
        };
        assert_eq!(until().await, None, "the calendar names no day yet");
        campus.term().await;
        let arrival = chrono::NaiveDate::from_ymd_opt(YEAR, 9, 5);
        assert_eq!(until().await, arrival);
        // Once somebody is there, the next thing is to check and sign, and no deadline is invented.
        campus.arrive(0, "海大教〔2026〕8号").await;
        let view = campus.services.my_record(&student).await.unwrap();
        // The college is comparing the papers: there is nothing to do but to keep the first day of the semester.
        let first_day = chrono::NaiveDate::from_ymd_opt(YEAR, 9, 7).unwrap();
        let next = view.next.unwrap();
        assert_eq!(
            (next.stage, next.turn),
            (Stage::Semester, Turn::Coming(Planned::On(first_day)))
        );
        let arrived = view
            .stages
            .iter()
            .find(|s| s.stage == Stage::Arrival)
            .unwrap();
        assert_eq!(
            (arrived.progress, arrived.date.is_some()),
            (Progress::Current, true)
        );
    })
    .await;
}

/// The days are those of the cohort's autumn in its newest version; another year's do not count.
#[tokio::test]
async fn the_last_days_are_those_of_the_cohort() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let day = |year, month, day| chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let set = async |year, verify_until| {
            let term = Term {
                year,
                semester: Semester::Autumn,
                starts_on: day(year, 9, 7),
                ends_on: day(year, 12, 31),
                arrival_on: Some(day(year, 9, 5)),
                student_days: StudentDays {
                    verify_until,
                    ..StudentDays::default()
                },
            };
            campus.services.set_term(&admin, term).await.unwrap();
        };
        let student = campus.student(0).await;
        campus
            .bed
            .tamper(campus.tenant, "student", "qualification = 'qualified'")
            .await;
        let until = async || {
            let view = campus.services.my_record(&student).await.unwrap();
            let next = view.next.unwrap();
            assert_eq!(next.stage, Stage::Verification);
            next.turn
        };
        set(YEAR + 1, Some(day(YEAR + 1, 9, 20))).await;
        set(YEAR, None).await;
        assert_eq!(until().await, Turn::Act(Until::Unset));
        set(YEAR, Some(day(YEAR, 9, 18))).await;
        set(YEAR, Some(day(YEAR, 9, 21))).await;
        assert_eq!(until().await, Turn::Act(Until::Day(day(YEAR, 9, 21))));
    })
    .await;
}

/// Stages that wait have the day of the calendar, or the one that a term of the school makes of it.
#[tokio::test]
async fn a_stage_that_waits_has_the_day_of_the_calendar() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let student = campus.student(0).await;
        let day = |year, month, day| chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let planned = async || {
            let view = campus.services.my_record(&student).await.unwrap();
            let of = |stage: &StageView| Some((stage.stage, stage.planned?));
            view.stages.iter().filter_map(of).collect::<Vec<_>>()
        };
        assert_eq!(planned().await, []);
        for (year, starts_on) in [(YEAR, day(YEAR, 9, 7)), (YEAR + 1, day(YEAR + 1, 9, 6))] {
            let first = year == YEAR;
            let term = Term {
                year,
                semester: Semester::Autumn,
                starts_on,
                ends_on: day(year, 12, 31),
                arrival_on: first.then(|| day(year, 9, 5)),
                student_days: StudentDays {
                    verify_until: first.then(|| day(year, 9, 18)),
                    ..StudentDays::default()
                },
            };
            campus.services.set_term(&admin, term).await.unwrap();
        }
        assert_eq!(
            planned().await,
            [
                (Stage::Arrival, Planned::On(day(YEAR, 9, 5))),
                (Stage::Verification, Planned::Until(day(YEAR, 9, 18))),
                // Three months after the arrival (令41 十一); a month after the autumn term begins (办法 二（二）3).
                (Stage::Recheck, Planned::Until(day(YEAR, 12, 5))),
                (Stage::Semester, Planned::On(day(YEAR, 9, 7))),
                (
                    Stage::AnnualRegistration,
                    Planned::Until(day(YEAR + 1, 10, 6))
                ),
            ]
        );
    })
    .await;
}

/// Whom the words of a stage name, that office stands below them.
#[tokio::test]
async fn a_stage_is_answered_for_by_the_office_that_its_words_name() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let student = campus.student(0).await;
        for (columns, stage, office, name) in [
            (
                "qualification = 'forgone'",
                Stage::Arrival,
                Office::Admissions,
                "招生办公室",
            ),
            (
                "qualification = 'qualified', photo = 'rejected'",
                Stage::Photo,
                Office::College,
                "第1学院",
            ),
            (
                "photo = 'to_proof'",
                Stage::Photo,
                Office::AcademicAffairs,
                "教务处",
            ),
        ] {
            campus.bed.tamper(campus.tenant, "student", columns).await;
            let view = campus.services.my_record(&student).await.unwrap();
            let line = view.stages.iter().find(|line| line.stage == stage).unwrap();
            assert_eq!(
                (line.office, line.office_name.0.as_str()),
                (office, name),
                "{columns}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn who_looked_at_me() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let (student, other) = (campus.student(0).await, campus.student(1).await);
        let person = campus.people[0].student;
        let services = &campus.services;
        services.my_record(&student).await.unwrap();
        assert!(
            campus.looks(&student).await.is_empty(),
            "own views leave no line"
        );
        services
            .student_record(&campus.affairs, person)
            .await
            .unwrap();
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        let secretary = &campus.secretaries[0];
        services
            .reveal(secretary, person, RevealField::Mobile, REASON)
            .await
            .unwrap();
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        services
            .students(secretary, ListQuery::default())
            .await
            .unwrap();
        let lines = campus.looks(&student).await;
        let told: Vec<(&str, &str, &str)> = lines
            .iter()
            .map(|l| (l.office.0.as_str(), l.kind.0.as_str(), l.reason.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("学院", "查看名单", ""),
                ("学院", "查看完整信息", REASON),
                ("学生处", "查看学籍信息", "")
            ]
        );
        assert!(
            lines
                .iter()
                .all(|l| !l.person.is_empty() && !l.fields.is_empty())
        );
        assert_eq!(lines[1].fields[0].0, "联系手机");
        // What was masked is told as masked, and what was not shown is not told.
        let fields = |line: &AccessLine| -> Vec<String> {
            line.fields.iter().map(|(zh, _)| zh.clone()).collect()
        };
        let (list, record) = (fields(&lines[0]), fields(&lines[2]));
        assert!(list.contains(&"考生号（部分隐藏）".to_owned()), "{list:?}");
        for part in ["身份证号", "考生号", "准考证号", "联系手机"] {
            assert!(
                record.contains(&format!("{part}（部分隐藏）")),
                "{record:?}"
            );
            assert!(!record.contains(&part.to_owned()), "{record:?}");
        }
        for unseen in ["通讯地址", "省级原始记录"] {
            assert!(
                !record.iter().any(|field| field.contains(unseen)),
                "{record:?}"
            );
        }
        // Refused attempts show nothing and leave nothing; another student sees none of it.
        let refused = services
            .student_record(&campus.secretaries[1], person)
            .await;
        assert!(matches!(refused, Err(ServiceError::NotFound)));
        assert_eq!(campus.looks(&student).await.len(), 3);
        // The list showed the other student too: one line, and nothing of what was asked about somebody else.
        let others = campus.looks(&other).await;
        assert_eq!(others.len(), 1);
        let seen: Vec<&str> = others.iter().map(|l| l.kind.0.as_str()).collect();
        assert!(seen.iter().all(|kind| *kind == "查看名单"), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn the_own_page_is_for_students() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        for actor in [&campus.affairs, &campus.secretaries[0]] {
            let refused = campus.services.my_record(actor).await.unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
            assert!(campus.services.my_access(actor).await.is_err());
        }
        assert_eq!(campus.student(0).await.office(), Office::Student);
    })
    .await;
}

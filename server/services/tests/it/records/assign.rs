//! Class and student number: by rule and by list, with undo.

mod correct;
mod logins;
mod sheet;
mod size;
mod status;

use super::campus::{Campus, REASON, YEAR, reason_of};
use domain::admission::assign::{Gap, Order, SheetFindingKind as K};
use domain::decision::Reason;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Actor, Office, PostKind, Step, Target, policy};
use domain::text::Label as _;
use domain::view::assign::AssignedRow;
use domain::view::words;
use formats::workbook::{Column, write_table};
use services::ServiceError;
use services::assign::RuleChoice;
use services::institution::activation::Slip;
use std::collections::{BTreeMap, BTreeSet};
use store::testkit::on_both;
use store::{Detail, Subject};
use uuid::Uuid;

/// Reads of a student's data by a post, newest first: what was seen.
async fn reads(campus: &Campus, by: &Actor, student: Uuid) -> Vec<String> {
    let unit = campus.bed.store().read(by).await.unwrap();
    let lines = unit.access_to(student, 100).await.unwrap();
    let own = lines
        .into_iter()
        .filter(|line| line.person_id == by.person());
    own.map(|line| format!("{} {}", line.kind, line.fields))
        .collect()
}

/// Rule 8: a preview names people, and may never be carried out.
#[tokio::test]
async fn whoever_stands_in_a_preview_sees_that_it_was_looked_at() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 60).await;
        let all = campus.all().await;
        let shown = "list name,ksh,class,student_no".to_owned();
        let rule = campus
            .services
            .assign_preview_by_rule(&campus.affairs, RuleChoice::cohort(YEAR));
        let rule = rule.await.unwrap();
        let mut told = 0;
        for student in &all {
            let reads = reads(&campus, &campus.affairs, student.id).await;
            let named =
                |row: &&AssignedRow| row.name == student.name && row.ksh_tail == student.ksh_tail;
            let is_named = rule.sample.iter().any(|row| named(&row));
            assert_eq!(reads, vec![shown.clone(); usize::from(is_named)]);
            told += reads.len();
        }
        assert_eq!((told, rule.total), (50, 60), "of those that are shown");
        let one = &campus.people[0];
        let before = reads(&campus, &campus.affairs, one.student).await;
        let row = [one.ksh.as_str(), "2601001", "第1学院", "专业0", "班级0", ""];
        let (_, view) = campus.listed("编班.xlsx", workbook(&campus, &[row])).await;
        assert_eq!(view.preview.sample.len(), 1);
        let after = reads(&campus, &campus.affairs, one.student).await;
        assert_eq!(after.len(), before.len() + 1);
        assert_eq!(after[0], shown);
    })
    .await;
}

#[tokio::test]
async fn the_rule_gives_everybody_class_and_number() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 34).await;
        let preview = campus
            .services
            .assign_preview_by_rule(&campus.affairs, RuleChoice::cohort(YEAR))
            .await
            .unwrap();
        assert_eq!((preview.total, preview.gaps.len()), (34, 0));
        assert_eq!(preview.classes.iter().map(|c| c.added).sum::<u64>(), 34);
        campus.number().await;
        let all = campus.all().await;
        let numbers: BTreeSet<&str> = all
            .iter()
            .map(|s| s.student_no.as_deref().unwrap())
            .collect();
        assert_eq!(numbers.len(), 34, "nobody shares a number");
        let mut sizes: BTreeMap<Uuid, BTreeMap<Uuid, usize>> = BTreeMap::new();
        for student in &all {
            let class = student.class_id.unwrap();
            *sizes
                .entry(student.major_id.unwrap())
                .or_default()
                .entry(class)
                .or_default() += 1;
            // {yy}{college:2}{class:2}{seq:3}
            assert!(student.student_no.as_ref().unwrap().starts_with("260"));
            assert_eq!(
                student.no_tail.as_deref(),
                Some(&student.student_no.as_ref().unwrap()[5..])
            );
        }
        for classes in sizes.values() {
            assert!(classes.values().max().unwrap() - classes.values().min().unwrap() <= 1);
        }
        // There is nothing left to do.
        let again = campus
            .services
            .assign_preview_by_rule(&campus.affairs, RuleChoice::cohort(YEAR))
            .await
            .unwrap();
        assert_eq!(again.total, 0);
        let refused = campus
            .services
            .assign_by_rule(&campus.affairs, RuleChoice::cohort(YEAR), &again.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Incomplete));
    })
    .await;
}

#[tokio::test]
async fn one_college_alone_and_who_is_not_handed_over() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let nobody = campus
            .services
            .assign_preview_by_rule(&campus.affairs, RuleChoice::cohort(YEAR))
            .await
            .unwrap();
        let reason = words(Gap::NotHandedOver.label());
        assert_eq!((nobody.total, nobody.gaps), (0, vec![(reason, 16)]));
        let view = campus.services.assign_view(&campus.affairs, None).await;
        assert_eq!(view.unwrap().unassigned, 0, "nobody waits for a class yet");
        campus.hand_over().await;
        let college = RuleChoice {
            college: Some(campus.colleges[0]),
            ..RuleChoice::cohort(YEAR)
        };
        let preview = campus
            .services
            .assign_preview_by_rule(&campus.affairs, college)
            .await
            .unwrap();
        assert_eq!(preview.total, 8);
        // The plan of one college is not that of the school.
        let refused = campus
            .services
            .assign_by_rule(&campus.affairs, RuleChoice::cohort(YEAR), &preview.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Stale));
        campus
            .services
            .assign_by_rule(&campus.affairs, college, &preview.hash)
            .await
            .unwrap();
        let view = campus
            .services
            .assign_view(&campus.affairs, None)
            .await
            .unwrap();
        assert_eq!(
            (view.year, view.unassigned, view.assignments.len()),
            (YEAR, 8, 1)
        );
        assert_eq!(view.assignments[0].total, 8);
    })
    .await;
}

#[tokio::test]
async fn an_assignment_is_taken_back() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 12).await;
        let before = campus.all().await;
        let batch = campus.number().await;
        campus
            .services
            .undo_assignment(&campus.fresh(&campus.affairs), batch)
            .await
            .unwrap();
        for (was, is) in before.iter().zip(campus.all().await) {
            assert_eq!(
                (is.class_id, is.student_no, is.no_tail),
                (was.class_id, was.student_no.clone(), None)
            );
            assert_eq!(is.college_id, was.college_id);
        }
        let again = campus
            .services
            .undo_assignment(&campus.fresh(&campus.affairs), batch)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&again), Some(Reason::IllegalMove));
        let unknown = campus
            .services
            .undo_assignment(&campus.fresh(&campus.affairs), campus.bed.store().id())
            .await;
        assert!(matches!(unknown, Err(ServiceError::NotFound)));
        // The same numbers can be given again.
        campus.number().await;
        let view = campus
            .services
            .assign_view(&campus.affairs, Some(YEAR))
            .await
            .unwrap();
        assert_eq!(view.assignments.iter().filter(|a| a.undone).count(), 1);
    })
    .await;
}

/// A slip from the secretary of the person's college.
async fn slip(campus: &Campus, place: usize) -> Slip {
    let person = &campus.people[place];
    let secretary = campus.fresh(&campus.secretaries[person.major / 2]);
    campus
        .services
        .reissue_slip(
            &secretary,
            person.student,
            IdentityCheck::IdCard,
            REASON,
            "https://school.test",
        )
        .await
        .unwrap()
}

/// Sets a password with a slip, as the student does.
async fn redeem(campus: &Campus, slip: Slip) {
    let token = slip.url.rsplit_once("?t=").unwrap().1;
    let here = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    campus
        .services
        .redeem_slip(campus.tenant, token, "student-maple-29".to_owned(), here)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_stands_on_an_assignment_is_named() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 12).await;
        // An account from before says nothing about the numbers.
        redeem(&campus, slip(&campus, 0).await).await;
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        let batch = campus.number().await;
        let undo = async || {
            let affairs = campus.fresh(&campus.affairs);
            campus.services.undo_assignment(&affairs, batch).await
        };
        let look = async || {
            let look = campus.services.assignment_undo_look(&campus.affairs, batch);
            look.await.unwrap()
        };
        let before = look().await;
        assert_eq!((before.total, before.numbers), (12, 12));
        assert_eq!(before.built_on, "");
        // The page says it before anybody presses, and the undo says the same.
        let built = async || match undo().await {
            Err(ServiceError::BuiltOn(what)) => {
                assert_eq!(look().await.built_on, what);
                what
            }
            other => panic!("{other:?}"),
        };
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        redeem(&campus, slip(&campus, 1).await).await;
        assert_eq!(built().await, "slips 1, accounts 1");
        slip(&campus, 2).await;
        assert_eq!(built().await, "slips 2, accounts 1");
        assert!(
            campus.all().await.iter().all(|s| s.student_no.is_some()),
            "nothing was taken back"
        );
    })
    .await;
}

#[tokio::test]
async fn a_slip_from_before_that_is_used_afterwards_stands_against_the_undo() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        let slip = slip(&campus, 0).await;
        campus.bed.advance(chrono::TimeDelta::minutes(1));
        let batch = campus.number().await;
        redeem(&campus, slip).await;
        let affairs = campus.fresh(&campus.affairs);
        let undone = campus.services.undo_assignment(&affairs, batch).await;
        assert!(matches!(undone, Err(ServiceError::BuiltOn(what)) if what == "accounts 1"));
    })
    .await;
}

#[tokio::test]
async fn thousands_of_numbers_are_not_taken_back_without_the_password() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        let batch = campus.number().await;
        let late = campus.late(&campus.affairs);
        let refused = campus.services.undo_assignment(&late, batch).await;
        assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::StepUpNeeded));
    })
    .await;
}

/// The same post at a school whose colleges assign.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
fn by_colleges(actor: &Actor) -> Actor {
    let mut seat = actor.seat().clone();
    seat.duties.insert(Step::AssignClass, Office::College);
    Actor::seated(seat)
}

/// The same person in another kind of post.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
fn as_kind(actor: &Actor, kind: PostKind) -> Actor {
    let mut seat = actor.seat().clone();
    seat.kind = kind;
    Actor::seated(seat)
}

#[tokio::test]
async fn where_the_colleges_assign_each_has_its_own_students() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 16).await;
        let [first, second] = [&campus.secretaries[0], &campus.secretaries[1]].map(by_colleges);
        let services = &campus.services;
        let choice = RuleChoice::cohort(YEAR);
        // Student Affairs performs the step no more; nor do counsellors and party secretaries of a college.
        let affairs = by_colleges(&campus.affairs);
        let counsellor = by_colleges(&campus.counsellor(&[campus.classes[0]]).await);
        let party = as_kind(&first, PostKind::PartySecretary);
        for actor in [&affairs, &counsellor, &party] {
            let refused = services.assign_preview_by_rule(actor, choice).await;
            assert_eq!(reason_of(&refused.unwrap_err()), Some(Reason::WrongOffice));
        }
        let preview = services
            .assign_preview_by_rule(&first, choice)
            .await
            .unwrap();
        assert_eq!(
            preview.total, 8,
            "eight of the sixteen are in the first college"
        );
        let others = RuleChoice {
            college: Some(campus.colleges[1]),
            ..choice
        };
        let nobody = services
            .assign_preview_by_rule(&first, others)
            .await
            .unwrap();
        assert_eq!(nobody.total, 0, "asking for another college shows nothing");
        let batch = services
            .assign_by_rule(&first, choice, &preview.hash)
            .await
            .unwrap();
        for student in campus.all().await {
            let own = student.college_id == Some(campus.colleges[0]);
            assert_eq!(student.student_no.is_some(), own);
        }
        let view = services.assign_view(&second, None).await.unwrap();
        assert_eq!(view.unassigned, 8);
        assert!(view.assignments.is_empty(), "another college's assignment");
        assert_eq!(view.colleges.len(), 1);
        let second = campus.fresh(&second);
        let foreign = services.undo_assignment(&second, batch).await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)));
        let view = services.assign_view(&first, None).await.unwrap();
        assert!(view.assignments[0].can_undo);
        let first = campus.fresh(&first);
        services.undo_assignment(&first, batch).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_college_cannot_take_back_what_was_assigned_for_the_whole_school() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let first = by_colleges(&campus.fresh(&campus.secretaries[0]));
        let view = campus.services.assign_view(&first, None).await.unwrap();
        let line = &view.assignments[0];
        assert_eq!((line.total, line.can_undo), (8, false));
        let undone = campus.services.undo_assignment(&first, line.id).await;
        assert!(matches!(undone, Err(ServiceError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_list_of_one_college_names_nobody_of_another() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let [first, second] = [&campus.secretaries[0], &campus.secretaries[1]].map(by_colleges);
        let ksh = |place: usize| campus.people[place].ksh.as_str();
        // People 0 and 1 are of the first college, 2 of the second; class 4 is of the second.
        let bytes = workbook(
            &campus,
            &[
                [ksh(0), "2601001", "", "", "班级0", ""],
                [ksh(2), "2601002", "", "", "班级4", ""],
                [ksh(1), "2601003", "", "", "班级4", ""],
            ],
        );
        let list = campus
            .services
            .upload_assignment(&first, YEAR, "a.xlsx", bytes)
            .await
            .unwrap();
        let view = campus
            .services
            .assignment_sheet(&first, list)
            .await
            .unwrap();
        let kinds: Vec<K> = view.findings.iter().map(|f| f.kind).collect();
        assert_eq!(
            kinds,
            [K::UnknownCandidate, K::UnknownClass, K::UnknownClass]
        );
        assert_eq!(view.preview.total, 1);
        let foreign = campus.services.assignment_sheet(&second, list).await;
        assert!(matches!(foreign, Err(ServiceError::NotFound)));
        let waiting = campus.services.assign_view(&second, None).await.unwrap();
        assert!(waiting.waiting.is_empty());
        let waiting = campus.services.assign_view(&first, None).await.unwrap();
        assert_eq!(waiting.waiting.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_order_of_the_rule_is_a_choice() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 34).await;
        let by_name = RuleChoice {
            order: Order::Name,
            ..RuleChoice::cohort(YEAR)
        };
        let preview = async |choice| {
            campus
                .services
                .assign_preview_by_rule(&campus.affairs, choice)
                .await
                .unwrap()
        };
        let (one, other) = (
            preview(RuleChoice::cohort(YEAR)).await,
            preview(by_name).await,
        );
        assert_eq!((one.total, other.total), (34, 34));
        assert_ne!(one.hash, other.hash);
        assert_eq!(other.order, Order::Name);
    })
    .await;
}

/// A class that has ended, or is of another college, gets nobody.
#[tokio::test]
async fn an_ended_class_gets_nobody() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let mut unit = campus.bed.store().begin(&campus.affairs).await.unwrap();
        let mut ended = unit.unit(campus.classes[0]).await.unwrap();
        ended.id = unit.id();
        ended.code = "2699".to_owned();
        ended.name = "并入他班".to_owned();
        ended.valid_to = Some(unit.today() - chrono::Days::new(1));
        let id = ended.id;
        unit.insert_units(vec![ended], Vec::new()).await.unwrap();
        let school = Target::school(campus.tenant);
        let granted = campus
            .affairs
            .authorize::<policy::AssignByRule>(&school, unit.now())
            .unwrap();
        unit.note(&granted, Subject::new("unit", id), Detail::none());
        unit.commit().await.unwrap();
        campus.number().await;
        assert!(campus.all().await.iter().all(|s| s.class_id != Some(id)));
        let bytes = workbook(
            &campus,
            &[[campus.people[0].ksh.as_str(), "", "", "", "2699", ""]],
        );
        let (_, view) = campus.listed("a.xlsx", bytes).await;
        assert_eq!(view.findings[0].kind, K::UnknownClass);
    })
    .await;
}

#[tokio::test]
async fn a_number_cell_is_no_student_number() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        let columns = [
            Column::text("考生号"),
            Column::text("学号").number(),
            Column::text("班级"),
        ];
        let line = |place: usize, number: &str| {
            let ksh = campus.people[place].ksh.clone();
            [ksh, number.to_owned(), format!("班级{}", place * 2)]
        };
        let lines = [line(0, "2601001"), line(1, "A2601002")];
        let today = campus.bed.store().now().date_naive();
        let bytes = write_table("名单", &columns, lines.into_iter(), today).unwrap();
        let (_, view) = campus.listed("a.xlsx", bytes).await;
        let kinds: Vec<(u32, K)> = view.findings.iter().map(|f| (f.row, f.kind)).collect();
        assert_eq!(kinds, [(2, K::NumericNumber)]);
        assert_eq!((view.refused, view.preview.total), (1, 1));
        assert_eq!(view.kinds[0].2, 1);
    })
    .await;
}

#[tokio::test]
async fn full_width_digits_are_the_same_number() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        let wide: String = campus.people[0]
            .ksh
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        let bytes = workbook(&campus, &[[&wide, "２６０１００１", "", "", "班级0", ""]]);
        let (_, view) = campus.listed("a.xlsx", bytes).await;
        assert!(view.findings.is_empty());
        let number = view.preview.sample[0].number.as_deref();
        assert_eq!(number, Some("2601001"));
    })
    .await;
}

#[tokio::test]
async fn another_office_assigns_nothing() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
        for actor in [&campus.admissions, &campus.academic, &campus.secretaries[0]] {
            let refused = campus
                .services
                .assign_preview_by_rule(actor, RuleChoice::cohort(YEAR))
                .await
                .unwrap_err();
            assert_eq!(reason_of(&refused), Some(Reason::WrongOffice));
            assert!(
                campus
                    .services
                    .upload_assignment(actor, YEAR, "a.csv", Vec::new())
                    .await
                    .is_err()
            );
        }
    })
    .await;
}

/// A list as a school fills it in.
fn workbook(campus: &Campus, lines: &[[&str; 6]]) -> Vec<u8> {
    let headings = ["考生号*", "学号", "学院*", "专业*", "班级*", "辅导员"];
    let columns: Vec<Column> = headings.iter().map(|h| Column::text(h)).collect();
    let lines = lines.iter().map(|line| line.map(str::to_owned));
    let today = campus.bed.store().now().date_naive();
    write_table("名单", &columns, lines, today).unwrap()
}

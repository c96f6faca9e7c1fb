//! One record: facts with their reveals, timeline with its documents.

use super::campus::{Campus, YEAR};
use crate::admission::photos::{jpeg, zip};
use chrono::TimeDelta;
use domain::institution::Actor;
use domain::institution::activation::IdentityCheck;
use domain::institution::policy::{Effect, Kind, POLICY};
use domain::view::record::{
    Agreement, ComparedView, RecordView, ReissueView, RevealField, TimelineView,
};
use services::parser::InProcess;
use services::students::told;
use services::{ServiceError, Services};
use std::sync::Arc;
use store::testkit::{Hooks, on_both};
use store::{Store, rows};
use uuid::Uuid;

#[tokio::test]
async fn the_timeline_names_clause_office_persons_and_document() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let record = campus
            .services
            .student_record(&campus.academic, campus.people[0].student)
            .await
            .unwrap();
        let told: Vec<&str> = record
            .timeline
            .iter()
            .map(|line| line.what.0.as_str())
            .collect();
        assert_eq!(
            told,
            [
                "编班编学号",
                "接收录取信息",
                "接收录取信息",
                "录取信息移交",
                "录取专业对应",
                "录取数据入库",
            ]
        );
        let [numbered, college, school, offered, _, imported] = record.timeline.as_slice() else {
            unreachable!()
        };
        assert_eq!(numbered.source.as_ref().unwrap().name.0, "学号规则");
        assert_eq!(numbered.lead.0, "学生处");
        let slip = format!("{YEAR}年录取信息移交单第1号（首次移交）");
        assert_eq!(offered.source.as_ref().unwrap().name.0, slip);
        assert_eq!(school.source.as_ref().unwrap().name.0, slip);
        assert_eq!(
            college.source.as_ref().unwrap().name.0,
            format!("{slip} 第1学院")
        );
        assert_eq!(
            imported.source.as_ref().unwrap().name.0,
            "录取数据 录取数据.zip（31 本科批）"
        );
        for line in &record.timeline {
            assert!(line.clause.starts_with("办法 "), "{}", line.clause);
            assert!(!line.handler.is_empty());
        }
        // Four eyes: whoever offered handled it, whoever accepted checked it.
        assert_eq!(school.handler, offered.handler);
        assert_ne!(school.checker.as_ref().unwrap(), &school.handler);
        // The other college's receipt is no part of this record.
        assert!(!record.timeline.iter().any(|l| {
            l.source
                .as_ref()
                .is_some_and(|s| s.name.0.contains("第2学院"))
        }));
    })
    .await;
}

/// Services whose clock goes on with every statement, as a clock does.
async fn ticking(campus: &Campus) -> Services {
    let source = campus.bed.source().clone();
    let own = source.clone();
    let hooks = Hooks {
        statement: Some(Arc::new(move |_| own.advance(TimeDelta::milliseconds(1)))),
        fenced: true,
    };
    let (settings, folder) = (campus.bed.settings(), campus.bed.folder());
    let store = Store::hooked(&settings, folder, source, hooks).await;
    Services::new(store, Arc::new(InProcess))
}

/// Issued anew to the first student: a slip, at once after it a code, a slip with the whole class.
async fn issued_anew(campus: &Campus) {
    let (services, secretary) = (&ticking(campus).await, &campus.secretaries[0]);
    let (student, class) = (
        campus.people[0].student,
        campus.stored(campus.people[0].student),
    );
    let class = class.await.class_id.unwrap();
    services.issue_slips(secretary, class, "").await.unwrap();
    let card = IdentityCheck::IdCard;
    let slip = services.reissue_slip(secretary, student, card, "激活单遗失", "");
    slip.await.unwrap();
    let known = IdentityCheck::Acquainted;
    let code = services.issue_code(secretary, student, known, "").await;
    code.unwrap();
    // A code that counts is left alone by what is issued to a class.
    campus
        .bed
        .advance(TimeDelta::days(1) + TimeDelta::minutes(1));
    let anew = services.issue_slips_anew(secretary, class, "").await;
    assert!(anew.unwrap().len() > 1);
}

/// Whoever may open the record sees that its holder got another way in: when, from whom, after which check, and whether
/// after a signature. What was noted in free words is for the posts that hand out slips.
#[tokio::test]
async fn the_timeline_tells_what_was_issued_anew() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 16).await;
        issued_anew(&campus).await;
        let flag = "after_signature = (kind = 'code')";
        campus.bed.tamper(campus.tenant, "activation", flag).await;
        let student = campus.people[0].student;
        let unit = campus.bed.store().read(&campus.affairs).await.unwrap();
        let secretary = campus.secretaries[0].person();
        let name = unit.person(secretary).await.unwrap().name;
        drop(unit);
        for (actor, noted) in [
            (&campus.secretaries[0], true),
            (&campus.affairs, false),
            (&campus.admissions, false),
        ] {
            let record = campus
                .services
                .student_record(actor, student)
                .await
                .unwrap();
            let told: Vec<(&str, &ReissueView)> = record
                .timeline
                .iter()
                .filter_map(|line| Some((line.what.0.as_str(), line.reissue.as_ref()?)))
                .collect();
            let view = |identity, note: Option<&str>, after_signature| ReissueView {
                identity,
                note: note.filter(|_| noted).map(str::to_owned),
                after_signature,
            };
            assert_eq!(
                told,
                [
                    ("重新签发激活单", &view(None, Some("全班重新签发"), false)),
                    (
                        "发放一次性代码",
                        &view(Some(IdentityCheck::Acquainted), None, true)
                    ),
                    (
                        "补发激活单",
                        &view(Some(IdentityCheck::IdCard), Some("激活单遗失"), false)
                    ),
                ]
            );
            let [anew, code, slip] = &record.timeline[..3] else {
                unreachable!()
            };
            for line in [anew, code, slip] {
                assert!(line.reissue.is_some(), "the newest stands first");
                assert_eq!((line.lead.0.as_str(), &line.handler), ("学院", &name));
                assert!(line.clause.starts_with("办法 "), "{}", line.clause);
            }
            assert!(anew.at > slip.at + TimeDelta::minutes(1));
        }
        // A neighbour of the class knows of the class alone; another class of nothing.
        let of = async |place: usize| {
            let record = campus
                .services
                .student_record(&campus.affairs, campus.people[place].student);
            let lines = record.await.unwrap().timeline.into_iter();
            lines
                .filter(|line| line.reissue.is_some())
                .map(|line| line.what.0)
                .collect::<Vec<_>>()
        };
        let class_of =
            async |place: usize| campus.stored(campus.people[place].student).await.class_id;
        let own = class_of(0).await;
        for place in 1..16 {
            let anew = vec!["重新签发激活单".to_owned()];
            let expected = if class_of(place).await == own {
                anew
            } else {
                Vec::new()
            };
            assert_eq!(of(place).await, expected, "{place}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_state_names_its_document() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let person = campus.people[0].student;
        let record = async |actor| campus.services.student_record(actor, person).await.unwrap();
        // Nothing has moved a state yet: all rest on the admission data, which Admissions alone may open.
        for (actor, opens) in [(&campus.academic, false), (&campus.admissions, true)] {
            for state in record(actor).await.states {
                let source = state.source.unwrap();
                assert_eq!(source.name.0, "录取数据 录取数据.zip（31 本科批）");
                assert_eq!(source.path.is_some(), opens, "{source:?}");
            }
        }
        campus.arrive(0, "海大教〔2026〕8号").await;
        let states = record(&campus.academic).await.states;
        let cited: Vec<String> = states
            .into_iter()
            .map(|s| s.source.unwrap().name.0)
            .collect();
        assert_eq!(cited[0], "海大教〔2026〕8号");
        assert_eq!(cited[1], "录取数据 录取数据.zip（31 本科批）");
    })
    .await;
}

#[tokio::test]
async fn facts_can_be_revealed_where_there_is_something_to_reveal() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let record = campus
            .services
            .student_record(&campus.affairs, campus.people[0].student)
            .await
            .unwrap();
        let reveals: Vec<RevealField> = record
            .sections
            .iter()
            .flat_map(|s| &s.facts)
            .filter_map(|fact| fact.reveal)
            .collect();
        assert_eq!(
            reveals,
            [
                RevealField::IdNumber,
                RevealField::CandidateNumber,
                RevealField::ExamPermit,
                RevealField::SourceRecord,
                RevealField::Mobile,
                RevealField::Address,
            ]
        );
        let titles: Vec<&str> = record.sections.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(titles, ["identity", "admission", "contact", "school"]);
        assert_eq!(record.states.len(), 4);
        assert_eq!(record.place[0].as_deref(), Some("第1学院"));
        // 办法 三（五）1（3）: the number is there by now, the photo and the enrolment date are not.
        let missing = |record: RecordView| {
            let fields = record.missing.into_iter().map(|(field, _)| field.0);
            fields.collect::<Vec<String>>()
        };
        assert_eq!(missing(record), ["入学日期", "电子图像"]);
        // And once the platform's list shows the student, nobody waits for what the registration fills.
        let registered = "registration = 'accepted'";
        campus
            .bed
            .tamper(campus.tenant, "student", registered)
            .await;
        let record = campus
            .services
            .student_record(&campus.affairs, campus.people[0].student);
        assert_eq!(missing(record.await.unwrap()), ["电子图像"]);
        // Nor for a photo that can be registered with.
        let taken = "photo = 'usable'";
        campus.bed.tamper(campus.tenant, "student", taken).await;
        let record = campus
            .services
            .student_record(&campus.affairs, campus.people[0].student);
        assert!(missing(record.await.unwrap()).is_empty());
    })
    .await;
}

/// Operations that write, and never about a record: accounts, units, settings of the school, uploads that are put aside.
const ELSEWHERE: [&str; 28] = [
    "institution/sign-in",
    "institution/sign-out",
    "institution/second-factor",
    "institution/step-up",
    "institution/switch-post",
    "institution/activate",
    "institution/activate-by-code",
    "institution/change-password",
    "institution/totp-enrol",
    "institution/totp-confirm",
    "institution/end-session",
    "institution/issue-staff-slips",
    "institution/reissue-staff-slip",
    "institution/disable-account",
    "institution/enable-account",
    "institution/reset-totp",
    "institution/import-confirm",
    "institution/import-undo",
    "institution/set-parameter",
    "institution/set-school-name",
    "institution/set-term",
    "institution/set-branding",
    "admission/discard",
    "admission/assign-discard",
    "files/assignment",
    "files/organisation",
    "files/rule",
    "files/logo",
];

#[test]
fn every_act_that_reaches_a_timeline_has_words() {
    // Steps of the regulation without an entrance move a state, and are told by it.
    let written = POLICY
        .iter()
        .filter(|rule| rule.effect == Effect::Write && rule.kind != Kind::Internal)
        .filter(|rule| !rule.op.starts_with("operator/"));
    for rule in written {
        let elsewhere = ELSEWHERE.contains(&rule.op);
        assert_ne!(told(rule.op, "").is_some(), elsewhere, "{}", rule.op);
    }
}

/// The admission data of two offers may share folder and code: 科类, national code and name tell them apart.
#[tokio::test]
async fn a_code_of_several_offers_is_not_one_major() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        for table in ["candidate", "major_map"] {
            let one_code = "admitted_code = '00'";
            campus.bed.tamper(campus.tenant, table, one_code).await;
        }
        let (services, officer) = (&campus.services, &campus.admissions);
        let preview = services.handover_preview(officer, None).await.unwrap();
        let waiting: Vec<(&str, u64)> = preview
            .unmapped
            .iter()
            .map(|major| (major.name.as_str(), major.students))
            .collect();
        let expected = ["录取专业0", "录取专业1", "录取专业2", "录取专业3"];
        assert_eq!(waiting, expected.map(|name| (name, 2)));
        let view = services.major_map_view(officer, YEAR).await.unwrap();
        let line = view
            .lines
            .iter()
            .find(|line| line.national_code == "080901");
        let (line, major) = (line.unwrap().id, campus.majors[1]);
        services
            .map_major(officer, line, major, false)
            .await
            .unwrap();
        let mapped = |timeline: Vec<TimelineView>| {
            let acts = timeline.into_iter();
            acts.filter(|line| line.what.0.starts_with("录取专业对应"))
                .map(|line| (line.what.0, line.source.unwrap().name.0))
                .collect::<Vec<_>>()
        };
        let of = async |place: usize| {
            let record = services.student_record(officer, campus.people[place].student);
            let timeline = record.await.unwrap().timeline;
            assert!(timeline.iter().all(|line| !line.what.0.contains('/')));
            mapped(timeline)
        };
        let told = |what: &str, name: &str| vec![(what.to_owned(), name.to_owned())];
        assert_eq!(of(1).await, told("录取专业对应", "00 录取专业1"));
        assert_eq!(of(0).await, []);
        // The rest as it is suggested, in one act: each record knows its own line.
        assert_eq!(services.map_suggested(officer, YEAR, 3).await.unwrap(), 6);
        assert_eq!(of(0).await, told("录取专业对应（按建议）", "00 录取专业0"));
        assert_eq!(of(2).await, told("录取专业对应（按建议）", "00 录取专业2"));
        assert_eq!(of(1).await, told("录取专业对应", "00 录取专业1"));
    })
    .await;
}

/// The difference view compares the values as they are and shows them masked as the page does: a difference that the
/// masks hide is said in words.
#[tokio::test]
async fn what_the_school_keeps_stands_beside_what_was_admitted() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let person = campus.people.iter().find(|p| p.major == 0).unwrap();
        let compared = async || {
            let record = campus
                .services
                .student_record(&campus.affairs, person.student);
            record.await.unwrap().compared
        };
        let agreement = |lines: &[ComparedView], key: &str| {
            let line = lines.iter().find(|line| line.key == key);
            line.unwrap_or_else(|| panic!("no {key}: {lines:?}"))
                .agreement
        };
        let before = compared().await;
        for key in ["name", "sex", "ksh"] {
            assert_eq!(agreement(&before, key), Agreement::Same, "{key}");
        }
        // Admitted to one major of the State, studying one of the school; the province said nothing of the level.
        assert_eq!(agreement(&before, "major"), Agreement::Differs);
        assert_eq!(agreement(&before, "level"), Agreement::OneSided);
        assert!(
            before.iter().all(|line| line.key != "student_no"),
            "{before:?}"
        );
        let changed = "ksh = substr(ksh, 1, 6) || 'X' || substr(ksh, 8), name = name || '甲'";
        campus.bed.tamper(campus.tenant, "student", changed).await;
        let after = compared().await;
        assert_eq!(agreement(&after, "name"), Agreement::Differs);
        assert_eq!(agreement(&after, "ksh"), Agreement::DiffersHidden);
        let number = after.iter().find(|line| line.key == "ksh").unwrap();
        assert_eq!(number.admission, number.school);
        assert!(number.school.0.contains('*'), "{number:?}");
    })
    .await;
}

/// 办法 三（三）: the photo of a student is for the own college and for the student: not for another college that has received
/// its own, not for a class of others, not for whoever sits in the same class.
#[tokio::test]
async fn a_photo_is_for_those_who_see_its_student() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 16).await;
        let all = campus.all().await;
        let photos: Vec<(String, Vec<u8>)> = (0_u8..)
            .zip(&all)
            .map(|(mark, student)| (format!("{}.jpg", student.ksh), jpeg(mark)))
            .collect();
        let sent = zip(&photos);
        let services = &campus.services;
        let uploaded = services.upload_photos(&campus.admissions, YEAR, "照片.zip", sent);
        uploaded.await.unwrap();
        campus.work().await;
        let of = |college: usize| {
            let mut own = all.iter();
            let found = own.find(|s| s.college_id == Some(campus.colleges[college]));
            found.unwrap()
        };
        let own = of(0);
        let place = all.iter().position(|s| s.id == own.id).unwrap();
        let is_mate = |s: &&rows::Student| s.class_id == own.class_id && s.id != own.id;
        let mate = all
            .iter()
            .find(is_mate)
            .expect("somebody in the same class");
        let mate = all.iter().position(|s| s.id == mate.id).unwrap();
        let class = own.class_id.unwrap();
        let elsewhere: Vec<Uuid> = campus.classes.into_iter().filter(|c| *c != class).collect();
        let sees = async |actor: &Actor, student: Uuid| {
            let shown = services.photo(actor, student).await;
            match shown {
                Ok(photo) => photo.bytes.starts_with(b"\x89PNG"),
                Err(ServiceError::NotFound) => false,
                Err(error) => panic!("{error}"),
            }
        };
        let [first, second] = &campus.secretaries;
        assert!(sees(first, own.id).await && sees(second, of(1).id).await);
        assert!(!sees(second, own.id).await && !sees(first, of(1).id).await);
        assert!(sees(&campus.counsellor(&[class]).await, own.id).await);
        assert!(!sees(&campus.counsellor(&elsewhere).await, own.id).await);
        assert!(sees(&campus.student(place).await, own.id).await);
        assert!(!sees(&campus.student(mate).await, own.id).await);
        // Who was refused is not told as somebody who looked.
        let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
        let log = unit.access_to(own.id, 10).await.unwrap();
        let looks = log.iter().filter(|line| line.kind == "photo").count();
        assert_eq!(looks, 2, "the secretary and the counsellor");
    })
    .await;
}

//! Class and student number: by rule and by list, with undo.

use super::campus::{Campus, YEAR, reason_of};
use domain::admission::assign::SheetFindingKind as K;
use domain::decision::Reason;
use domain::institution::{Office, PersonalScope, PostKind, Target, policy};
use formats::workbook::{Column, write_table};
use services::ServiceError;
use std::collections::{BTreeMap, BTreeSet};
use store::testkit::on_both;
use store::{Detail, Subject, rows};
use uuid::Uuid;

#[tokio::test]
async fn the_rule_gives_everybody_class_and_number() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 34).await;
        let preview = campus
            .services
            .assign_preview_by_rule(&campus.affairs, YEAR, None)
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
            .assign_preview_by_rule(&campus.affairs, YEAR, None)
            .await
            .unwrap();
        assert_eq!(again.total, 0);
        let refused = campus
            .services
            .assign_by_rule(&campus.affairs, YEAR, None, &again.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Incomplete));
    })
    .await;
}

#[tokio::test]
async fn one_college_alone_and_who_is_not_mapped() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 16).await;
        let nobody = campus
            .services
            .assign_preview_by_rule(&campus.affairs, YEAR, None)
            .await
            .unwrap();
        assert_eq!((nobody.total, nobody.gaps[0].1), (0, 16));
        campus.map_majors().await;
        let college = Some(campus.colleges[0]);
        let preview = campus
            .services
            .assign_preview_by_rule(&campus.affairs, YEAR, college)
            .await
            .unwrap();
        assert_eq!(preview.total, 8);
        // The plan of one college is not that of the school.
        let refused = campus
            .services
            .assign_by_rule(&campus.affairs, YEAR, None, &preview.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::Stale));
        campus
            .services
            .assign_by_rule(&campus.affairs, YEAR, college, &preview.hash)
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
        let campus = Campus::mapped(bed, 12).await;
        let before = campus.all().await;
        let batch = campus.number().await;
        campus
            .services
            .undo_assignment(&campus.affairs, batch)
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
            .undo_assignment(&campus.affairs, batch)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&again), Some(Reason::IllegalMove));
        let unknown = campus
            .services
            .undo_assignment(&campus.affairs, campus.bed.store().id())
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

/// Ties a record to a person with an account whose login is the student number.
async fn account(campus: &Campus, student: Uuid, state: &str) -> Uuid {
    let stored = campus.stored(student).await;
    let mut unit = campus.bed.store().begin(&campus.affairs).await.unwrap();
    let (tenant_id, now) = (campus.tenant.0, unit.now());
    let person = rows::Person {
        tenant_id,
        id: unit.id(),
        name: stored.name,
        contact: None,
        created_at: now,
    };
    let account = rows::Account {
        tenant_id,
        id: unit.id(),
        person_id: person.id,
        kind: "student".to_owned(),
        login: stored.student_no.unwrap(),
        password_hash: None,
        totp: None,
        totp_confirmed: false,
        totp_step: 0,
        state: state.to_owned(),
        fails: 0,
        locked_until: None,
        import_id: None,
        created_at: now,
        version: 1,
    };
    let (person_id, account_id) = (person.id, account.id);
    unit.insert_people(vec![person], vec![account], Vec::new())
        .await
        .unwrap();
    unit.set_student_person(student, person_id).await.unwrap();
    let school = Target::school(campus.tenant);
    let granted = campus
        .affairs
        .authorize::<policy::AssignByRule>(&school, unit.now())
        .unwrap();
    unit.note(
        &granted,
        Subject::new("account", account_id),
        Detail::none(),
    );
    unit.commit().await.unwrap();
    account_id
}

#[tokio::test]
async fn what_stands_on_an_assignment_is_named() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 12).await;
        let batch = campus.number().await;
        let undo = async || match campus
            .services
            .undo_assignment(&campus.affairs, batch)
            .await
        {
            Err(ServiceError::BuiltOn(what)) => what,
            other => panic!("{other:?}"),
        };
        let pending = account(&campus, campus.people[0].student, "pending").await;
        account(&campus, campus.people[1].student, "active").await;
        assert_eq!(undo().await, "accounts 1");
        let mut unit = campus.bed.store().begin(&campus.affairs).await.unwrap();
        let slip = rows::Activation {
            tenant_id: campus.tenant.0,
            id: unit.id(),
            account_id: pending,
            kind: "slip".to_owned(),
            secret_hash: None,
            tries: 0,
            reason: String::new(),
            after_signature: false,
            issued_by: campus.affairs.person(),
            issued_at: unit.now(),
            expires_at: unit.now(),
            used_at: None,
        };
        unit.insert_activations(vec![slip]).await.unwrap();
        let school = Target::school(campus.tenant);
        let granted = campus
            .affairs
            .authorize::<policy::AssignByRule>(&school, unit.now())
            .unwrap();
        unit.note(&granted, Subject::new("account", pending), Detail::none());
        unit.commit().await.unwrap();
        assert_eq!(undo().await, "slips 1, accounts 1");
        assert!(
            campus.all().await.iter().all(|s| s.student_no.is_some()),
            "nothing was taken back"
        );
    })
    .await;
}

#[tokio::test]
async fn another_office_assigns_nothing() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        for actor in [&campus.admissions, &campus.academic, &campus.secretaries[0]] {
            let refused = campus
                .services
                .assign_preview_by_rule(actor, YEAR, None)
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

#[tokio::test]
async fn a_list_is_checked_confirmed_and_taken_back() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let scope = PersonalScope::Classes {
            college: campus.colleges[0],
            classes: vec![campus.classes[0]],
        };
        let counsellor = campus
            .bed
            .person_in(campus.tenant, Office::College, PostKind::Counsellor, scope)
            .await;
        assert_eq!(counsellor.office(), Office::College);
        let ksh = |place: usize| campus.people[place].ksh.as_str();
        let bytes = workbook(
            &campus,
            &[
                [ksh(0), "2601001", "第1学院", "专业0", "班级0", ""],
                [ksh(4), "2601002", "", "", "2600", "谁也不是"],
                [ksh(1), "2601003", "", "", "班级0", ""],
                [ksh(2), "2601001", "", "", "班级4", ""],
                ["26990000000000", "2601009", "", "", "班级0", ""],
            ],
        );
        let list = campus
            .services
            .upload_assignment(&campus.affairs, YEAR, "dir/编班.xlsx", bytes)
            .await
            .unwrap();
        let view = campus
            .services
            .assignment_sheet(&campus.affairs, list)
            .await
            .unwrap();
        assert_eq!(
            (view.rows, view.refused, view.unchanged, view.preview.total),
            (5, 4, 0, 1)
        );
        assert_eq!(
            (view.file_name.as_str(), view.confirmed),
            ("编班.xlsx", false)
        );
        let kinds: Vec<K> = view.findings.iter().map(|f| f.kind).collect();
        assert_eq!(
            kinds,
            [
                K::RepeatedNumber,
                K::UnknownCounsellor,
                K::ClassOfOtherMajor,
                K::RepeatedNumber,
                K::UnknownCandidate
            ]
        );
        let stale = campus
            .services
            .confirm_assignment(&campus.affairs, list, "00")
            .await
            .unwrap_err();
        assert_eq!(reason_of(&stale), Some(Reason::Stale));
        let batch = campus
            .services
            .confirm_assignment(&campus.affairs, list, &view.preview.hash)
            .await
            .unwrap();
        let stored = campus.stored(campus.people[4].student).await;
        assert_eq!(
            (stored.student_no.as_deref(), stored.class_id),
            (Some("2601002"), Some(campus.classes[0]))
        );
        assert_eq!(
            campus
                .all()
                .await
                .iter()
                .filter(|s| s.student_no.is_some())
                .count(),
            1
        );
        let twice = campus
            .services
            .confirm_assignment(&campus.affairs, list, &view.preview.hash)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&twice), Some(Reason::IllegalMove));
        let after = campus
            .services
            .assign_view(&campus.affairs, Some(YEAR))
            .await
            .unwrap();
        assert_eq!(after.assignments[0].file_name.as_deref(), Some("编班.xlsx"));
        assert!(after.waiting.is_empty());
        campus
            .services
            .undo_assignment(&campus.affairs, batch)
            .await
            .unwrap();
        assert!(campus.all().await.iter().all(|s| s.student_no.is_none()));
        let again = campus
            .services
            .confirm_assignment(&campus.affairs, list, &view.preview.hash)
            .await
            .unwrap_err();
        assert_eq!(
            reason_of(&again),
            Some(Reason::IllegalMove),
            "a list is carried out once"
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        let upload = async |bytes: Vec<u8>| {
            campus
                .services
                .upload_assignment(&campus.affairs, YEAR, "a.xlsx", bytes)
                .await
        };
        let no_rows = upload(workbook(&campus, &[])).await;
        assert!(matches!(
            no_rows,
            Err(ServiceError::Invalid {
                field: "file",
                code: "empty"
            })
        ));
        let other = upload("姓名,分数\n张三,1\n".as_bytes().to_vec()).await;
        assert!(matches!(
            other,
            Err(ServiceError::Invalid {
                field: "file",
                code: "headings"
            })
        ));
        assert!(upload(b"PK\x03\x04 nothing".to_vec()).await.is_err());
        let unknown = campus
            .services
            .assignment_sheet(&campus.affairs, campus.bed.store().id())
            .await;
        assert!(matches!(unknown, Err(ServiceError::NotFound)));
    })
    .await;
}

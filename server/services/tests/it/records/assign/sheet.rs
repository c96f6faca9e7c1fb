//! Class and student number from a list.

use super::workbook;
use crate::records::campus::{Campus, YEAR, reason_of};
use domain::admission::assign::SheetFindingKind as K;
use domain::decision::Reason;
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, Office, PersonalScope, PostKind};
use services::ServiceError;
use store::testkit::on_both;
use uuid::Uuid;

#[tokio::test]
async fn a_list_is_checked_confirmed_and_taken_back() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
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
        let (list, view) = campus.listed("dir/编班.xlsx", bytes.clone()).await;
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
        let said: Vec<(&str, u32)> = view
            .findings
            .iter()
            .filter(|f| f.kind == K::RepeatedNumber)
            .map(|f| (f.message.0.as_str(), f.row))
            .collect();
        let [(one, first), (other, second)] = said[..] else {
            panic!("{said:?}")
        };
        assert_eq!(one, format!("学号重复：另见第 {second} 行"));
        assert_eq!(other, format!("学号重复：另见第 {first} 行"));
        assert!(
            view.findings
                .iter()
                .all(|f| f.ksh_tail.chars().count() == 4)
        );
        let (aside, _) = campus.listed("另一份.xlsx", bytes).await;
        let (services, affairs) = (&campus.services, &campus.affairs);
        services.discard_assignment(affairs, aside).await.unwrap();
        let put_aside = services.discard_assignment(affairs, aside).await;
        assert_eq!(
            reason_of(&put_aside.unwrap_err()),
            Some(Reason::IllegalMove)
        );
        let waiting = services
            .assign_view(affairs, Some(YEAR))
            .await
            .unwrap()
            .waiting;
        let waiting: Vec<Uuid> = waiting.into_iter().map(|(id, _, _)| id).collect();
        assert_eq!(waiting, [list]);
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
            .undo_assignment(&campus.fresh(&campus.affairs), batch)
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
async fn a_list_gives_classes_to_counsellors_and_its_undo_takes_them_back() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let has = campus.counsellor(&[campus.classes[1]]).await;
        let other = campus.counsellor(&[campus.classes[0]]).await;
        let login = async |actor: &Actor| {
            let unit = campus.bed.store().read(actor).await.unwrap();
            let accounts = unit.accounts_of_persons(&[actor.person()]).await.unwrap();
            accounts[0].login.clone()
        };
        let scope = async |actor: &Actor| {
            let unit = campus.bed.store().read(actor).await.unwrap();
            let scopes = unit.post_scopes(&[actor.seat().post]).await.unwrap();
            serde_json::from_str::<PersonalScope>(&scopes[0].1).unwrap()
        };
        let classes = |classes: &[uuid::Uuid]| PersonalScope::Classes {
            college: campus.colleges[0],
            classes: classes.to_vec(),
        };
        let ksh = |place: usize| campus.people[place].ksh.as_str();
        let (named, already) = (login(&has).await, login(&other).await);
        let bytes = workbook(
            &campus,
            &[
                [ksh(0), "2601001", "", "", "班级0", &named],
                [ksh(4), "2601002", "", "", "班级0", &already],
                [ksh(2), "2601003", "", "", "班级4", &named],
            ],
        );
        let services = &campus.services;
        let (list, view) = campus.listed("编班.xlsx", bytes).await;
        // The one is shown; who has the class gets nothing, and nobody gets one of another college.
        assert_eq!(view.counsellors.len(), 1);
        assert_eq!(view.counsellors[0].0, "班级0");
        assert!(view.counsellors[0].1.contains(&named));
        let kinds: Vec<K> = view.findings.iter().map(|f| f.kind).collect();
        assert_eq!(kinds, [K::CounsellorOfOtherCollege]);
        assert_eq!(view.preview.total, 3);
        let batch = services
            .confirm_assignment(&campus.affairs, list, &view.preview.hash)
            .await
            .unwrap();
        let both = classes(&[campus.classes[1], campus.classes[0]]);
        assert_eq!(scope(&has).await, both);
        let look = services.assignment_undo_look(&campus.affairs, batch).await;
        assert_eq!(look.unwrap().counsellors, 1);
        services
            .undo_assignment(&campus.fresh(&campus.affairs), batch)
            .await
            .unwrap();
        assert_eq!(scope(&has).await, classes(&[campus.classes[1]]));
        assert_eq!(scope(&other).await, classes(&[campus.classes[0]]));
    })
    .await;
}

/// A post that a file gave to somebody who was there before, and that a list has given a class since, stays.
#[tokio::test]
async fn a_post_with_a_class_from_a_list_is_not_undone_with_its_file() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let services = &campus.services;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let file = async |post: &str| {
            let text = format!("工号,姓名,学院,岗位,班级,电话\nT9100,周一,第1学院,{post},\n");
            let staff = OrganisationFile::Staff;
            let sent = services.upload_organisation(&admin, staff, "教工.csv", text.into_bytes());
            let import = sent.await.unwrap().import;
            let confirmed = services.confirm_organisation(&admin, import, None);
            assert_eq!(confirmed.await.unwrap().good, 1);
            import
        };
        file("教学秘书,").await;
        let import = file("辅导员,班级1").await;
        let ksh = campus.people[0].ksh.as_str();
        let bytes = workbook(&campus, &[[ksh, "2601001", "", "", "班级0", "T9100"]]);
        let (list, view) = campus.listed("编班.xlsx", bytes).await;
        let confirmed = services.confirm_assignment(&campus.affairs, list, &view.preview.hash);
        let batch = confirmed.await.unwrap();
        let undo = async || {
            let admin = campus.fresh(&admin);
            services.undo_organisation(&admin, import).await
        };
        let refused = undo().await;
        let built = matches!(&refused, Err(ServiceError::BuiltOn(on)) if on == "classes:1");
        assert!(built, "{refused:?}");
        let affairs = campus.fresh(&campus.affairs);
        services.undo_assignment(&affairs, batch).await.unwrap();
        undo().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 4).await;
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

//! A 学号 and a 工号 are never the same: a login names the member of the staff first, so the student could not sign in.

use super::workbook;
use crate::records::campus::{Campus, reason_of};
use domain::admission::assign::SheetFindingKind as K;
use domain::institution::organisation::{Issue, OrganisationFile};
use domain::institution::{Office, Target, policy};
use services::ServiceError;
use services::assign::Correction;
use services::institution::organisation::RowState;
use store::testkit::on_both;
use store::{Detail, Subject, rows};

/// A member of the staff with this 工号.
async fn hire(campus: &Campus, login: &str) {
    let mut unit = campus.bed.store().begin(&campus.affairs).await.unwrap();
    let (tenant_id, person, now) = (campus.tenant.0, unit.id(), unit.now());
    let people = vec![rows::Person {
        tenant_id,
        id: person,
        name: "周一".to_owned(),
        contact: None,
        created_at: now,
    }];
    let accounts = vec![rows::Account {
        tenant_id,
        id: unit.id(),
        person_id: person,
        kind: "staff".to_owned(),
        login: login.to_owned(),
        password_hash: None,
        totp: None,
        totp_confirmed: false,
        totp_step: 0,
        state: "active".to_owned(),
        fails: 0,
        locked_until: None,
        import_id: None,
        created_at: now,
        version: 1,
    }];
    unit.insert_people(people, accounts, Vec::new())
        .await
        .unwrap();
    let school = Target::school(campus.tenant);
    let granted = campus
        .affairs
        .authorize::<policy::AssignByRule>(&school, unit.now())
        .unwrap();
    unit.note(&granted, Subject::new("person", person), Detail::none());
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn the_rule_leaves_the_numbers_of_the_staff_out() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        hire(&campus, "260100001").await;
        campus.number().await;
        let all = campus.all().await;
        let numbers: Vec<&str> = all
            .iter()
            .map(|student| student.student_no.as_deref().unwrap())
            .collect();
        assert!(!numbers.contains(&"260100001"), "{numbers:?}");
        assert!(numbers.contains(&"260100002"), "{numbers:?}");
    })
    .await;
}

#[tokio::test]
async fn a_list_and_a_correction_are_told() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let student = campus.stored(campus.people[0].student).await;
        hire(&campus, "2601001").await;
        hire(&campus, student.student_no.as_deref().unwrap()).await;
        let correction = Correction {
            student: student.id,
            version: student.version,
            reason: "与原学籍号一致".to_owned(),
        };
        let services = &campus.services;
        let refused = services.correct_number(&campus.affairs, &correction, "2601001");
        match refused.await.unwrap_err() {
            ServiceError::Invalid { field, code } => assert_eq!((field, code), ("number", "login")),
            other => panic!("{other:?} {:?}", reason_of(&other)),
        }
        let (mine, other) = (&campus.people[0].ksh, &campus.people[4].ksh);
        let own = student.student_no.as_deref().unwrap();
        let bytes = workbook(
            &campus,
            &[
                [mine, own, "", "", "班级0", ""],
                [other, "2601001", "", "", "班级0", ""],
            ],
        );
        let (_, view) = campus.listed("编班.xlsx", bytes).await;
        let kinds: Vec<(u32, K)> = view.findings.iter().map(|f| (f.row, f.kind)).collect();
        assert_eq!(
            kinds,
            [
                (3, K::NumberIsLogin),
                (3, K::NumberChanges),
                (3, K::ClassMoves)
            ],
            "a number that somebody has already is not asked about"
        );
    })
    .await;
}

#[tokio::test]
async fn a_list_of_the_staff_is_told() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let student = campus.stored(campus.people[0].student).await;
        let text = format!(
            "工号,姓名,学院,岗位\n{},周一,第1学院,教学秘书\n{},吴二,第1学院,教学秘书\nT9001,郑三,第1学院,教学秘书\n",
            student.student_no.unwrap(),
            student.ksh,
        );
        let services = &campus.services;
        let import = services
            .upload_organisation(&admin, OrganisationFile::Staff, "名单.csv", text.into_bytes())
            .await
            .unwrap()
            .import;
        let preview = services.organisation_preview(&admin, import).await.unwrap();
        let found: Vec<(u32, Issue)> = preview
            .findings
            .iter()
            .map(|found| (found.finding.row, found.finding.issue))
            .collect();
        assert_eq!(found, [(2, Issue::StudentNumber), (3, Issue::StudentNumber)]);
        let states: Vec<RowState> = preview.rows.iter().map(|row| row.state).collect();
        assert_eq!(states, [RowState::Error, RowState::Error, RowState::Good]);
    })
    .await;
}

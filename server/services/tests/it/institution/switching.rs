//! Posts: one person, several seats; four eyes compare persons.

use super::school::{School, address, done};
use domain::clause::Clause;
use domain::decision::Reason;
use domain::institution::{Office, PersonalScope, PostKind, Target, policy};
use services::ServiceError;
use store::testkit::on_both;
use store::{Detail, Subject, rows};

/// Gives the person of an actor another post and another account.
async fn second_seat(school: &School, of: &domain::institution::Actor) {
    let store = school.services.store();
    let first = school.stored("T100").await;
    let mut unit = store.begin(&school.admin).await.unwrap();
    let post = rows::Post {
        tenant_id: school.tenant.0,
        id: unit.id(),
        person_id: of.person(),
        office: Office::College.key().to_owned(),
        kind: PostKind::TeachingSecretary.key().to_owned(),
        scope: serde_json::to_string(&PersonalScope::College(school.college)).unwrap(),
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    };
    let account = rows::Account {
        id: unit.id(),
        login: "T100-B".to_owned(),
        ..first
    };
    unit.insert_people(Vec::new(), vec![account], vec![post])
        .await
        .unwrap();
    let granted = school
        .admin
        .authorize::<policy::ImportOrganisation>(&Target::school(school.tenant), unit.now())
        .unwrap();
    unit.note(
        &granted,
        Subject::new("person", of.person()),
        Detail::none(),
    );
    unit.commit().await.unwrap();
}

#[tokio::test]
async fn a_person_works_in_another_post_with_its_rights_and_without_the_step_up() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::StudentAffairs).await;
        second_seat(&school, &actor).await;
        let posts = school.services.posts(&actor).await.unwrap();
        assert_eq!(posts.len(), 2);
        assert_eq!(posts.iter().filter(|p| p.current).count(), 1);
        let other = posts.iter().find(|p| !p.current).unwrap();
        assert_eq!(other.label_zh, "水利学院 教学秘书");
        assert_eq!(other.label_en, "水利学院, Teaching secretary");
        let before = school.signed_in("T100").await;
        school
            .services
            .switch_post(&actor, other.id, address(1))
            .await
            .unwrap();
        let switched = before.in_post(other.id);
        assert_eq!(switched.stepped_up, None);
        let seated = school.services.present(switched).await.unwrap().actor;
        assert_eq!(seated.office(), Office::College);
        assert!(seated.may::<policy::IssueSlips>());
        assert!(!actor.may::<policy::IssueSlips>());
        assert!(
            school
                .acts()
                .await
                .last()
                .unwrap()
                .contains("institution/switch-post")
        );
    })
    .await;
}

#[tokio::test]
async fn a_post_of_somebody_else_is_not_there() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::StudentAffairs).await;
        let other = school.officer("T200", Office::Admissions).await;
        let far = School::named(&bed, "beihai").await;
        let foreign = far.officer("T100", Office::StudentAffairs).await;
        for post in [other.seat().post, foreign.seat().post, bed.store().id()] {
            let switched = school.services.switch_post(&actor, post, address(1)).await;
            assert!(matches!(switched, Err(ServiceError::NotFound)));
        }
    })
    .await;
}

#[tokio::test]
async fn four_eyes_are_two_persons_and_not_two_accounts() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let first = school.officer("T100", Office::StudentAffairs).await;
        second_seat(&school, &first).await;
        let second = school.actor("T100-B").await;
        assert_ne!(first.seat().account, second.seat().account);
        let granted = second
            .authorize::<policy::HomePage>(&Target::school(school.tenant), bed.store().now())
            .unwrap();
        let refusal = granted
            .checked_by(first.person(), Clause::VERIFICATION)
            .unwrap_err();
        assert_eq!(refusal.reason, Reason::SamePerson);
        let other = school.officer("T200", Office::StudentAffairs).await;
        let granted = second
            .authorize::<policy::HomePage>(&Target::school(school.tenant), bed.store().now())
            .unwrap();
        assert!(
            granted
                .checked_by(other.person(), Clause::VERIFICATION)
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn rights_change_with_the_next_request() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::StudentAffairs).await;
        let signed_in = done(
            school
                .sign_in("T100", super::school::PASSWORD, address(1))
                .await
                .unwrap(),
        );
        let mut unit = bed.store().begin(&school.admin).await.unwrap();
        let yesterday = unit.today().pred_opt().unwrap();
        unit.end_posts(&[actor.seat().post], yesterday)
            .await
            .unwrap();
        let granted = school
            .admin
            .authorize::<policy::ImportOrganisation>(&Target::school(school.tenant), unit.now())
            .unwrap();
        unit.note(
            &granted,
            Subject::new("post", actor.seat().post),
            Detail::none(),
        );
        unit.commit().await.unwrap();
        let gone = school.services.present(signed_in).await;
        assert!(matches!(gone, Err(ServiceError::NotFound)));
    })
    .await;
}

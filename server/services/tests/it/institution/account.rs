//! T-AUTH-04, T-SES-06, 07: the own password and the own sessions.

use super::school::{OTHER, PASSWORD, School, address, done};
use chrono::TimeDelta;
use domain::institution::{Actor, Office};
use services::ServiceError;
use store::SessionRow;
use store::testkit::{Bed, on_both};

async fn session(bed: &Bed, actor: &Actor, number: u8) -> [u8; 32] {
    let now = bed.store().now();
    let row = SessionRow {
        id_hash: [number; 32],
        tenant: Some(actor.tenant()),
        account: Some(actor.seat().account),
        data: "{}".to_owned(),
        created_at: now,
        seen_at: now + TimeDelta::seconds(i64::from(number)),
        expires_at: now + TimeDelta::hours(8),
    };
    assert!(bed.store().control().create_session(row).await.unwrap());
    [number; 32]
}

#[tokio::test]
async fn a_change_needs_the_old_password_and_ends_the_other_sessions() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let own = session(&bed, &actor, 1).await;
        session(&bed, &actor, 2).await;
        let change = |old: &'static str, new: &'static str| {
            let (services, actor) = (school.services.clone(), actor.clone());
            async move {
                services
                    .change_password(&actor, old, new.to_owned(), Some(own), address(1))
                    .await
            }
        };
        assert!(matches!(
            change(OTHER, "a quite new sentence").await,
            Err(ServiceError::Invalid {
                field: "old",
                code: "wrong"
            })
        ));
        assert!(matches!(
            change(PASSWORD, "too short").await,
            Err(ServiceError::Invalid {
                field: "new",
                code: "too_short"
            })
        ));
        for about in [
            "jiangnan river boats",
            "赵甲在江边的小木屋里写信",
            "zhaojia river boats",
        ] {
            assert!(matches!(
                change(PASSWORD, about).await,
                Err(ServiceError::Invalid {
                    field: "new",
                    code: "about_you"
                })
            ));
        }
        assert_eq!(
            school.services.sessions(&actor, None).await.unwrap().len(),
            2
        );
        change(PASSWORD, OTHER).await.unwrap();
        let left = school.services.sessions(&actor, Some(own)).await.unwrap();
        assert_eq!(left.len(), 1);
        assert!(left[0].current);
        assert!(school.sign_in("T100", PASSWORD, address(1)).await.is_err());
        done(school.sign_in("T100", OTHER, address(1)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn wrong_old_passwords_lock_like_wrong_sign_ins() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        for _ in 0..5 {
            let wrong = school
                .services
                .change_password(
                    &actor,
                    OTHER,
                    "a quite new sentence".to_owned(),
                    None,
                    address(2),
                )
                .await;
            assert!(wrong.is_err());
        }
        let locked = school
            .services
            .change_password(&actor, PASSWORD, OTHER.to_owned(), None, address(2))
            .await;
        assert!(matches!(
            locked,
            Err(ServiceError::Invalid {
                field: "old",
                code: "wrong"
            })
        ));
    })
    .await;
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended_and_no_others() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let other = school.officer("T200", Office::Admissions).await;
        let current = session(&bed, &actor, 1).await;
        session(&bed, &actor, 2).await;
        session(&bed, &other, 3).await;
        let own = school
            .services
            .sessions(&actor, Some(current))
            .await
            .unwrap();
        assert_eq!(
            own.iter().map(|s| s.current).collect::<Vec<_>>(),
            [false, true]
        );
        let foreign = school.services.sessions(&other, None).await.unwrap();
        let refused = school.services.end_session(&actor, &foreign[0].mark).await;
        assert!(matches!(refused, Err(ServiceError::NotFound)));
        school
            .services
            .end_session(&actor, &own[0].mark)
            .await
            .unwrap();
        assert_eq!(
            school.services.sessions(&actor, None).await.unwrap().len(),
            1
        );
        assert_eq!(
            school.services.sessions(&other, None).await.unwrap().len(),
            1
        );
        assert!(
            school
                .acts()
                .await
                .last()
                .unwrap()
                .contains("institution/end-session")
        );
    })
    .await;
}

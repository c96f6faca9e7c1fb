//! T-AUTH-04, T-SES-06, 07: the own password and the own sessions.

use super::activation::token;
use super::school::{OTHER, PASSWORD, School, URL, address, done};
use super::second_factor::enrolled;
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Actor, Office};
use services::ServiceError;
use services::institution::SignedIn;
use store::SessionRow;
use store::testkit::{Bed, on_both};

/// Keeps a session of an actor, as a server does after the sign-in.
pub async fn session(bed: &Bed, actor: &Actor, number: u8) -> [u8; 32] {
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
        assert!(matches!(
            change(PASSWORD, PASSWORD).await,
            Err(ServiceError::Invalid {
                field: "new",
                code: "unchanged"
            })
        ));
        assert!(
            matches!(
                change(OTHER, OTHER).await,
                Err(ServiceError::Invalid { field: "old", .. })
            ),
            "whoever does not know the present one is told nothing about it"
        );
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

/// ADR 0084: whatever ends the sessions of an account, one that is kept or moved too late for that opens nothing.
#[tokio::test]
async fn a_session_of_before_the_account_changed_is_worth_nothing() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let services = &school.services;
        let actor = school.officer("T100", Office::Admissions).await;
        let id = actor.seat().account;
        let over = async |before: SignedIn, by: &str| {
            let elsewhere = before.in_post(before.post);
            for late in [before, elsewhere] {
                let present = services.present(late).await;
                assert!(matches!(present, Err(ServiceError::NotFound)), "{by}");
            }
        };
        let before = school.signed_in("T100").await;
        let version = services
            .change_password(&actor, PASSWORD, OTHER.to_owned(), None, address(1))
            .await
            .unwrap();
        over(before, "another password").await;
        let own = SignedIn { version, ..before };
        assert!(services.present(own).await.is_ok(), "it goes on");
        let slip = services
            .reissue_staff_slip(
                &school.admin,
                id,
                IdentityCheck::SchoolCard,
                "忘记密码",
                URL,
            )
            .await
            .unwrap();
        assert!(services.present(own).await.is_ok(), "the slip is not used");
        let redeemed = services
            .redeem_slip(
                school.tenant,
                &token(&slip),
                PASSWORD.to_owned(),
                address(1),
            )
            .await;
        over(own, "a slip").await;
        let own = done(redeemed.unwrap());
        services
            .reset_totp(&school.admin, id, "遗失")
            .await
            .unwrap();
        over(own, "a lost factor").await;
        let own = school.signed_in("T100").await;
        enrolled(&bed, &school, &actor).await;
        over(own, "a factor that somebody else may have waited for").await;
        services
            .reset_totp(&school.admin, id, "遗失")
            .await
            .unwrap();
        let own = school.signed_in("T100").await;
        for (act, by) in [(true, "disabled"), (false, "used again")] {
            let done = if act {
                services.disable_account(&school.admin, id, "调离").await
            } else {
                services.enable_account(&school.admin, id, "返岗").await
            };
            done.unwrap();
            over(own, by).await;
        }
        let own = school.signed_in("T100").await;
        assert!(services.present(own).await.is_ok());
    })
    .await;
}

/// ADR 0011: whoever signs out is out, also where the session got another id meanwhile.
#[tokio::test]
async fn a_sign_out_that_finds_its_session_moved_ends_all_of_the_account() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let other = school.officer("T200", Office::Admissions).await;
        session(&bed, &actor, 1).await;
        session(&bed, &actor, 2).await;
        session(&bed, &other, 3).await;
        let services = &school.services;
        let open = async |actor: &Actor| services.sessions(actor, None).await.unwrap().len();
        services.sign_out(&actor, [1; 32]).await.unwrap();
        assert_eq!(open(&actor).await, 1, "this one alone");
        services.sign_out(&actor, [1; 32]).await.unwrap();
        assert_eq!((open(&actor).await, open(&other).await), (0, 1));
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

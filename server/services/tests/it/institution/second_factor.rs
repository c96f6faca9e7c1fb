//! T-AUTH-10, 11, 12: the second factor counts once, is never skipped, and its seed is nowhere in clear.

use super::school::{OTHER, PASSWORD, School, URL, address};
use chrono::TimeDelta;
use domain::institution::activation::IdentityCheck;
use domain::institution::{Actor, Office};
use services::ServiceError;
use services::institution::authenticator::Authenticator;
use services::institution::second_factor::{FactorOutcome, PendingFactor};
use services::institution::sign_in::SignInOutcome;
use services::institution::totp::{self, RECOVERY_CODES};
use store::testkit::{Bed, on_both};

/// The code that an app shows, some time from now.
pub fn code_later(app: &Authenticator, bed: &Bed, later: TimeDelta) -> String {
    app.code(bed.store().now() + later).unwrap()
}

/// The code that an app shows now.
pub fn code_now(app: &Authenticator, bed: &Bed) -> String {
    code_later(app, bed, TimeDelta::zero())
}

/// Enrols an app for whoever signed in; gives the app and the recovery codes. The clock moves on to a fresh code.
pub async fn enrolled(bed: &Bed, school: &School, actor: &Actor) -> (Authenticator, Vec<String>) {
    let enrolment = school.services.enrol_totp(actor).await.unwrap();
    let app = Authenticator::typed(&enrolment.secret).unwrap();
    let code = code_now(&app, bed);
    let factor = school.services.confirm_totp(actor, &code, None).await;
    bed.advance(TimeDelta::seconds(60));
    (app, factor.unwrap().recovery_codes)
}

async fn pending(school: &School, login: &str) -> PendingFactor {
    match school.sign_in(login, PASSWORD, address(1)).await.unwrap() {
        SignInOutcome::SecondFactor(pending) => pending,
        SignInOutcome::Done(_) => panic!("the second factor was skipped"),
    }
}

async fn passes(school: &School, pending: PendingFactor, code: &str) -> bool {
    let outcome = school
        .services
        .second_factor(pending, code, address(1))
        .await;
    matches!(outcome, Ok(FactorOutcome::Done(_)))
}

#[tokio::test]
async fn an_enrolled_factor_is_asked_for_and_each_code_counts_once() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, codes) = enrolled(&bed, &school, &actor).await;
        assert_eq!(codes.len(), RECOVERY_CODES);
        let first = pending(&school, "T100").await;
        let json = serde_json::to_string(&first).unwrap();
        assert_eq!(serde_json::from_str::<PendingFactor>(&json).unwrap(), first);
        let code = code_now(&app, &bed);
        assert!(passes(&school, first, &code).await);
        // The same code, and the one before it, are used up; the next one counts.
        assert!(!passes(&school, pending(&school, "T100").await, &code).await);
        let earlier = code_later(&app, &bed, TimeDelta::seconds(-30));
        assert!(!passes(&school, pending(&school, "T100").await, &earlier).await);
        let later = code_later(&app, &bed, TimeDelta::seconds(30));
        assert!(passes(&school, pending(&school, "T100").await, &later).await);
    })
    .await;
}

#[tokio::test]
async fn clocks_may_differ_by_one_step_and_not_by_ninety_seconds() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, _) = enrolled(&bed, &school, &actor).await;
        for away in [-90, 90] {
            let code = code_later(&app, &bed, TimeDelta::seconds(away));
            assert!(!passes(&school, pending(&school, "T100").await, &code).await);
        }
        let behind = code_later(&app, &bed, TimeDelta::seconds(-30));
        assert!(passes(&school, pending(&school, "T100").await, &behind).await);
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_end_the_try_and_lock_the_account() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, _) = enrolled(&bed, &school, &actor).await;
        let mut held = pending(&school, "T100").await;
        let first = held;
        for _ in 0..4 {
            let outcome = school
                .services
                .second_factor(held, "000000", address(1))
                .await;
            let Ok(FactorOutcome::Again(next)) = outcome else {
                panic!("another try")
            };
            held = next;
        }
        let last = school
            .services
            .second_factor(held, "000000", address(1))
            .await;
        assert!(matches!(last, Err(ServiceError::SignIn)));
        // A copy of the session from before the tries opens nothing either: the account is locked.
        let code = code_now(&app, &bed);
        assert!(!passes(&school, first, &code).await);
        let again = school.sign_in("T100", PASSWORD, address(1)).await;
        assert!(matches!(again, Err(ServiceError::SignIn)));
    })
    .await;
}

#[tokio::test]
async fn a_pending_factor_ends_after_five_minutes_and_with_a_new_password() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, _) = enrolled(&bed, &school, &actor).await;
        let old = pending(&school, "T100").await;
        bed.advance(TimeDelta::minutes(5));
        assert!(!passes(&school, old, &code_now(&app, &bed)).await);
        let held = pending(&school, "T100").await;
        school
            .services
            .change_password(&actor, PASSWORD, OTHER.to_owned(), None, address(1))
            .await
            .unwrap();
        assert!(!passes(&school, held, &code_now(&app, &bed)).await);
    })
    .await;
}

#[tokio::test]
async fn recovery_codes_count_once_and_are_stored_as_hashes() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (_, codes) = enrolled(&bed, &school, &actor).await;
        let typed = codes[3].to_lowercase();
        assert!(passes(&school, pending(&school, "T100").await, &typed).await);
        assert!(!passes(&school, pending(&school, "T100").await, &codes[3]).await);
        assert!(passes(&school, pending(&school, "T100").await, &codes[4]).await);
        let (_, renewed) = enrolled(&bed, &school, &actor).await;
        assert!(!passes(&school, pending(&school, "T100").await, &codes[5]).await);
        assert!(passes(&school, pending(&school, "T100").await, &renewed[5]).await);
    })
    .await;
}

#[tokio::test]
async fn the_seed_is_sealed_and_the_old_one_stays_until_the_new_one_is_proven() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, _) = enrolled(&bed, &school, &actor).await;
        let stored = school.stored("T100").await.totp.unwrap();
        assert!(!stored.windows(20).any(|w| w == app.seed()));
        let enrolment = school.services.enrol_totp(&actor).await.unwrap();
        assert!(enrolment.url.starts_with("otpauth://totp/jiangnan%20"));
        let code = totp::qr(&enrolment.url).unwrap();
        assert!(code.size() >= 21);
        let wrong = school.services.confirm_totp(&actor, "123456", None).await;
        assert!(matches!(
            wrong,
            Err(ServiceError::Invalid {
                field: "code",
                code: "wrong"
            })
        ));
        let code = code_now(&app, &bed);
        assert!(passes(&school, pending(&school, "T100").await, &code).await);
        bed.advance(TimeDelta::seconds(60));
        let fresh = Authenticator::typed(&enrolment.secret).unwrap();
        let code = code_now(&fresh, &bed);
        let factor = school.services.confirm_totp(&actor, &code, None).await;
        factor.unwrap();
        bed.advance(TimeDelta::seconds(60));
        assert!(
            !passes(
                &school,
                pending(&school, "T100").await,
                &code_now(&app, &bed)
            )
            .await
        );
        assert!(
            passes(
                &school,
                pending(&school, "T100").await,
                &code_now(&fresh, &bed)
            )
            .await
        );
    })
    .await;
}

#[tokio::test]
async fn a_first_enrolment_that_was_not_confirmed_changes_nothing() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let unbegun = school.services.confirm_totp(&actor, "123456", None).await;
        assert!(matches!(
            unbegun,
            Err(ServiceError::Invalid {
                code: "not_begun",
                ..
            })
        ));
        school.services.enrol_totp(&actor).await.unwrap();
        school.signed_in("T100").await;
        bed.advance(TimeDelta::minutes(6));
        let stale = school.services.enrol_totp(&actor).await;
        assert!(matches!(stale, Err(ServiceError::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn a_step_up_asks_for_both() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let step_up = |password: &'static str, code: Option<String>| {
            let (services, actor) = (school.services.clone(), actor.clone());
            async move {
                services
                    .step_up(&actor, password, code.as_deref(), address(1))
                    .await
            }
        };
        assert_eq!(step_up(PASSWORD, None).await.unwrap(), bed.store().now());
        let (app, codes) = enrolled(&bed, &school, &actor).await;
        assert!(step_up(PASSWORD, None).await.is_err());
        assert!(step_up(OTHER, Some(code_now(&app, &bed))).await.is_err());
        // A wrong password used up no code.
        assert!(step_up(PASSWORD, Some(code_now(&app, &bed))).await.is_ok());
        assert!(step_up(PASSWORD, Some(codes[0].clone())).await.is_ok());
        for _ in 0..5 {
            assert!(step_up(OTHER, None).await.is_err());
        }
        bed.advance(TimeDelta::seconds(60));
        assert!(step_up(PASSWORD, Some(code_now(&app, &bed))).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_reset_by_slip_does_not_skip_the_second_factor() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let actor = school.officer("T100", Office::Admissions).await;
        let (app, _) = enrolled(&bed, &school, &actor).await;
        let slip = school
            .services
            .reissue_staff_slip(
                &school.admin,
                actor.seat().account,
                IdentityCheck::IdCard,
                "忘记密码",
                URL,
            )
            .await
            .unwrap();
        let (_, token) = slip.url.split_once("?t=").unwrap();
        let outcome = school
            .services
            .redeem_slip(school.tenant, token, OTHER.to_owned(), address(1))
            .await
            .unwrap();
        let SignInOutcome::SecondFactor(held) = outcome else {
            panic!("the second factor was skipped")
        };
        assert!(passes(&school, held, &code_now(&app, &bed)).await);
    })
    .await;
}

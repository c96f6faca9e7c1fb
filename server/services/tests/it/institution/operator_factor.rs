//! The second factor of operators: required, counted once, never skipped, and its seed nowhere in clear.

use super::school::{OTHER, PASSWORD, address, services_on};
use super::second_factor::{code_later, code_now};
use chrono::TimeDelta;
use domain::decision::Reason;
use domain::institution::TenantId;
use services::institution::authenticator::Authenticator;
use services::institution::operator::{
    Operator, OperatorFactor, OperatorSession, OperatorSignIn, PendingOperator,
};
use services::institution::second_factor::FactorOutcome;
use services::institution::sign_in::SignInOutcome;
use services::institution::tenant::NewUniversity;
use services::institution::totp::RECOVERY_CODES;
use services::{ServiceError, Services};
use std::net::IpAddr;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open};
use store::testkit::{Bed, on_both};
use store::{DemoMark, rows};

/// An operator at work, with an authenticator app.
pub struct Desk<'b> {
    bed: &'b Bed,
    services: &'b Services,
    /// The session that confirmed the second factor.
    pub session: OperatorSession,
    app: Authenticator,
    codes: Vec<String>,
}

/// An operator who was made and signed in with the password alone.
async fn newcomer(services: &Services) -> OperatorSession {
    let password = || PASSWORD.to_owned();
    services
        .create_operator("op1", "李丙", Some(password()))
        .await
        .unwrap();
    let outcome = services.sign_in_operator("op1", password(), address(1));
    done(outcome.await.unwrap())
}

fn done(outcome: OperatorSignIn) -> OperatorSession {
    match outcome {
        SignInOutcome::Done(session) => session,
        SignInOutcome::SecondFactor(_) => panic!("a second factor was asked for"),
    }
}

/// Sets a second factor up; the clock moves on to a fresh code.
async fn enrol(
    bed: &Bed,
    services: &Services,
    session: OperatorSession,
) -> (OperatorSession, Authenticator, Vec<String>) {
    let by = services.present_operator(session).await.unwrap();
    let begun = services.enrol_operator_totp(&by, address(1)).await.unwrap();
    let app = Authenticator::typed(&begun.secret).unwrap();
    let code = code_now(&app, bed);
    let confirmed = services.confirm_operator_totp(&by, &code, address(1)).await;
    let (codes, session) = confirmed.unwrap();
    bed.advance(TimeDelta::seconds(60));
    (session, app, codes)
}

impl<'b> Desk<'b> {
    pub async fn enrolled(bed: &'b Bed, services: &'b Services) -> Self {
        let session = newcomer(services).await;
        let (session, app, codes) = enrol(bed, services, session).await;
        Self {
            bed,
            services,
            session,
            app,
            codes,
        }
    }

    /// The code of now.
    pub fn code(&self) -> String {
        code_now(&self.app, self.bed)
    }

    /// A code that is right at no time near.
    fn wrong(&self) -> String {
        let near = [-90, -60, -30, 0, 30, 60, 90].map(|s| self.later(s));
        let mut all = (0..).map(|n| format!("{n:06}"));
        all.find(|code| !near.contains(code)).unwrap()
    }

    fn later(&self, seconds: i64) -> String {
        code_later(&self.app, self.bed, TimeDelta::seconds(seconds))
    }

    pub async fn password(&self, password: &str, from: IpAddr) -> services::Result<OperatorSignIn> {
        self.services
            .sign_in_operator("op1", password.to_owned(), from)
            .await
    }

    /// The right password.
    async fn pending(&self) -> PendingOperator {
        match self.password(PASSWORD, address(1)).await.unwrap() {
            SignInOutcome::SecondFactor(pending) => pending,
            SignInOutcome::Done(_) => panic!("the second factor was skipped"),
        }
    }

    async fn tries(
        &self,
        pending: PendingOperator,
        code: &str,
    ) -> services::Result<OperatorFactor> {
        self.services
            .second_factor_operator(pending, code, address(1))
            .await
    }

    /// Password and code.
    pub async fn sign_in(&self, code: &str) -> Option<OperatorSession> {
        match self.tries(self.pending().await, code).await {
            Ok(FactorOutcome::Done(session)) => Some(session),
            Ok(FactorOutcome::Again(_)) | Err(ServiceError::SignIn) => None,
            Err(error) => panic!("{error}"),
        }
    }

    async fn stored(&self) -> rows::Operator {
        let control = self.bed.store().control();
        control.operator("OP1").await.unwrap().unwrap()
    }

    /// Comings and goings, the oldest first.
    async fn events(&self) -> Vec<String> {
        let control = self.bed.store().control();
        let mut events = control.operator_events(100).await.unwrap();
        events.reverse();
        events.into_iter().map(|(event, _)| event.kind).collect()
    }
}

fn university(slug: &str) -> NewUniversity {
    NewUniversity {
        slug: slug.to_owned(),
        school_code: "10999".to_owned(),
        name: "南湖大学".to_owned(),
        province: "31".to_owned(),
        colour: "#0B5394".to_owned(),
    }
}

fn needs_factor<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::FactorNeeded)
}

fn wrong_code<T>(result: &services::Result<T>, why: &str) -> bool {
    matches!(result, Err(ServiceError::Invalid { field: "code", code }) if *code == why)
}

#[tokio::test]
async fn without_it_an_operator_may_enrol_and_leave_and_nothing_else() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let session = newcomer(&services).await;
        let by: Operator = services.present_operator(session).await.unwrap();
        assert!(by.must_enrol() && !by.second_factor());
        assert!(needs_factor(&services.tenant_list(&by).await));
        assert!(needs_factor(&services.health(&by).await));
        assert!(needs_factor(&services.operator_events(&by).await));
        assert!(needs_factor(&services.operator_totals(&by).await));
        let created = services.create_tenant(&by, &university("nanhu")).await;
        assert!(needs_factor(&created));
        let switched = services.set_tenant_active(&by, "nanhu", false).await;
        assert!(needs_factor(&switched));
        let again = services
            .step_up_operator(&by, PASSWORD.to_owned(), None, address(1))
            .await;
        let by = services.present_operator(again.unwrap()).await.unwrap();
        services.enrol_operator_totp(&by, address(1)).await.unwrap();
        services
            .sign_out_operator(&by, [1; 32], address(1))
            .await
            .unwrap();
        // The machine itself needs none.
        let console = services.console();
        services
            .create_tenant(&console, &university("nanhu"))
            .await
            .unwrap();
    })
    .await;
}

/// A demonstration is served on loopback only.
#[tokio::test]
async fn a_demonstration_needs_none_and_takes_one() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let mark = DemoMark {
            ready: true,
            seed: 7,
            students: 1,
            year: 2026,
        };
        bed.store().control().set_demo(&mark).await.unwrap();
        let session = newcomer(&services).await;
        let by = services.present_operator(session).await.unwrap();
        assert!(!by.must_enrol());
        assert!(services.tenant_list(&by).await.is_ok());
        enrol(&bed, &services, session).await;
        let asked = services
            .sign_in_operator("op1", PASSWORD.to_owned(), address(1))
            .await;
        assert!(matches!(asked, Ok(SignInOutcome::SecondFactor(_))));
    })
    .await;
}

#[tokio::test]
async fn an_enrolled_factor_is_asked_for_and_each_code_counts_once() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        assert_eq!(desk.codes.len(), RECOVERY_CODES);
        let pending = desk.pending().await;
        let json = serde_json::to_string(&pending).unwrap();
        assert_eq!(
            serde_json::from_str::<PendingOperator>(&json).unwrap(),
            pending
        );
        let code = desk.code();
        let session = desk.sign_in(&code).await.unwrap();
        let by = services.present_operator(session).await.unwrap();
        assert!(by.second_factor() && !by.must_enrol());
        assert!(services.tenant_list(&by).await.is_ok());
        // The same code, and the one before it, are used up; the next one counts.
        assert!(desk.sign_in(&code).await.is_none());
        assert!(desk.sign_in(&desk.later(-30)).await.is_none());
        assert!(desk.sign_in(&desk.later(30)).await.is_some());
        assert_eq!(
            desk.events().await,
            [
                "signed-in",
                "enrolled",
                "confirmed",
                "second-factor",
                "factor-refused",
                "factor-refused",
                "second-factor"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn recovery_codes_count_once_and_are_stored_as_hashes() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let kept = desk.stored().await.recovery;
        assert_eq!(kept.len(), RECOVERY_CODES * 32);
        for code in &desk.codes {
            let plain = code.replace('-', "");
            assert!(!kept.windows(plain.len()).any(|w| w == plain.as_bytes()));
        }
        let typed = desk.codes[3].to_lowercase();
        assert!(desk.sign_in(&typed).await.is_some());
        assert_eq!(desk.stored().await.recovery.len(), kept.len() - 32);
        assert!(desk.sign_in(&desk.codes[3]).await.is_none());
        assert!(desk.sign_in(&desk.codes[4]).await.is_some());
        let (.., renewed) = enrol(&bed, &services, desk.session).await;
        assert!(desk.sign_in(&desk.codes[5]).await.is_none());
        assert!(desk.sign_in(&renewed[5]).await.is_some());
    })
    .await;
}

/// Two servers, one operator: whatever counts once counts once.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_only_one_wins() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let others = services_on(bed.second().await);
        let desk = Desk::enrolled(&bed, &services).await;
        let both = async |codes: [String; 2]| {
            let (here, there) = (desk.pending().await, desk.pending().await);
            let [first, second] = codes;
            let one = tokio::spawn({
                let services = services.clone();
                async move {
                    let from = address(1);
                    services.second_factor_operator(here, &first, from).await
                }
            });
            let other = tokio::spawn({
                let others = others.clone();
                async move {
                    let from = address(2);
                    others.second_factor_operator(there, &second, from).await
                }
            });
            [one.await.unwrap(), other.await.unwrap()]
                .iter()
                .filter(|outcome| matches!(outcome, Ok(FactorOutcome::Done(_))))
                .count()
        };
        for code in &desk.codes[..4] {
            assert_eq!(both([code.clone(), code.clone()]).await, 1);
        }
        for _ in 0..4 {
            bed.advance(TimeDelta::seconds(90));
            assert_eq!(both([desk.code(), desk.code()]).await, 1);
        }
        // Different codes take nothing from each other.
        for pair in desk.codes[4..].chunks_exact(2) {
            assert_eq!(both([pair[0].clone(), pair[1].clone()]).await, 2);
        }
        assert!(desk.stored().await.recovery.is_empty());
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_end_the_try_and_lock_the_operator() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let first = desk.pending().await;
        let mut held = first;
        for _ in 0..4 {
            let Ok(FactorOutcome::Again(next)) = desk.tries(held, &desk.wrong()).await else {
                panic!("another try")
            };
            held = next;
        }
        let last = desk.tries(held, &desk.wrong()).await;
        assert!(matches!(last, Err(ServiceError::SignIn)));
        assert!(desk.stored().await.locked_until.is_some());
        assert_eq!(
            desk.events().await[3..],
            [
                "factor-refused",
                "factor-refused",
                "factor-refused",
                "factor-refused",
                "factor-refused",
                "locked"
            ]
        );
        // A copy of the session from before the tries opens nothing either, and uses no code up.
        let code = desk.code();
        let copy = desk.tries(first, &code).await;
        assert!(!matches!(copy, Ok(FactorOutcome::Done(_))));
        let recovery = desk.tries(first, &desk.codes[0]).await;
        assert!(!matches!(recovery, Ok(FactorOutcome::Done(_))));
        let again = desk.password(PASSWORD, address(1)).await;
        assert!(matches!(again, Err(ServiceError::SignIn)));
        bed.advance(TimeDelta::minutes(15));
        assert!(desk.sign_in(&desk.codes[0]).await.is_some());
    })
    .await;
}

/// A right password alone forgets no failures: whoever knows it gets no further tries by giving it again.
#[tokio::test]
async fn a_right_password_gives_no_further_tries() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        for _ in 0..5 {
            assert!(desk.sign_in(&desk.wrong()).await.is_none());
        }
        let locked = desk.password(PASSWORD, address(1)).await;
        assert!(matches!(locked, Err(ServiceError::SignIn)));
    })
    .await;
}

#[tokio::test]
async fn what_waits_ends_after_five_minutes_and_with_another_factor() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let late = desk.pending().await;
        bed.advance(TimeDelta::minutes(5));
        let over = desk.tries(late, &desk.code()).await;
        assert!(matches!(over, Err(ServiceError::SignIn)));
        let session = desk.sign_in(&desk.code()).await.unwrap();
        let held = desk.pending().await;
        let (renewed, app, _) = enrol(&bed, &services, session).await;
        let old = desk.tries(held, &code_now(&app, &bed)).await;
        assert!(matches!(old, Err(ServiceError::SignIn)));
        // The sessions of before are over, the one that set the new factor up goes on.
        for before in [desk.session, session] {
            let gone = services.present_operator(before).await;
            assert!(matches!(gone, Err(ServiceError::NotFound)));
        }
        assert!(services.present_operator(renewed).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_step_up_asks_for_both() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let by = services.present_operator(desk.session).await.unwrap();
        let step_up = async |password: &str, code: Option<String>| {
            services
                .step_up_operator(&by, password.to_owned(), code.as_deref(), address(1))
                .await
        };
        assert!(step_up(PASSWORD, None).await.is_err());
        assert!(step_up(OTHER, Some(desk.code())).await.is_err());
        // A wrong password used up no code.
        assert!(step_up(PASSWORD, Some(desk.code())).await.is_ok());
        assert!(step_up(PASSWORD, Some(desk.code())).await.is_err());
        assert!(step_up(PASSWORD, Some(desk.codes[0].clone())).await.is_ok());
        assert_eq!(
            desk.events().await[3..],
            [
                "factor-refused",
                "refused",
                "stepped-up",
                "factor-refused",
                "stepped-up"
            ]
        );
        for _ in 0..5 {
            assert!(step_up(PASSWORD, None).await.is_err());
        }
        bed.advance(TimeDelta::seconds(60));
        assert!(step_up(PASSWORD, Some(desk.code())).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_old_one_stays_until_the_new_one_is_proven() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let by = services.present_operator(desk.session).await.unwrap();
        let unbegun = services
            .confirm_operator_totp(&by, "123456", address(1))
            .await;
        assert!(wrong_code(&unbegun, "not_begun"));
        let begun = services.enrol_operator_totp(&by, address(1)).await.unwrap();
        assert!(
            begun.url.starts_with("otpauth://totp/%E5%AD%A6"),
            "{}",
            begun.url
        );
        let fresh = Authenticator::typed(&begun.secret).unwrap();
        let wrong = desk.wrong();
        let confirmed = services
            .confirm_operator_totp(&by, &wrong, address(1))
            .await;
        assert!(wrong_code(&confirmed, "wrong"));
        assert!(desk.sign_in(&desk.code()).await.is_some());
        bed.advance(TimeDelta::minutes(6));
        let stale = services.enrol_operator_totp(&by, address(1)).await;
        assert!(matches!(stale, Err(ServiceError::Refused(r)) if r.reason == Reason::StepUpNeeded));
        let confirmed = services
            .confirm_operator_totp(&by, &code_now(&fresh, &bed), address(1))
            .await;
        confirmed.unwrap();
        bed.advance(TimeDelta::seconds(60));
        assert!(desk.sign_in(&desk.code()).await.is_none());
        assert!(desk.sign_in(&code_now(&fresh, &bed)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_seed_opens_in_its_own_row_with_the_platforms_keys_alone() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let tenant = bed.tenant("nanhu").await;
        let row = desk.stored().await;
        let sealed = row.totp.unwrap();
        assert!(!sealed.windows(20).any(|w| w == desk.app.seed()));
        let sealed = Sealed::stored(sealed);
        let ring = bed.store().keys();
        let own = Place::new("operator", "totp", row.id);
        let plain = open(ring.platform(), Purpose::Secret, &own, &sealed).unwrap();
        assert_eq!(plain.as_slice(), desk.app.seed());
        let elsewhere = Place::new("operator", "totp", bed.store().id());
        assert!(open(ring.platform(), Purpose::Secret, &elsewhere, &sealed).is_err());
        let school = ring.tenant(tenant).unwrap();
        assert!(open(&school, Purpose::Secret, &own, &sealed).is_err());
        assert!(ring.tenant(TenantId::PLATFORM).is_err(), "no unit has them");
    })
    .await;
}

#[tokio::test]
async fn a_lost_factor_is_taken_away_and_set_up_anew() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let held = desk.pending().await;
        let nobody = services.reset_operator_totp("op2").await;
        assert!(matches!(nobody, Err(ServiceError::NotFound)));
        assert!(services.reset_operator_totp("OP1").await.unwrap());
        let events = desk.events().await;
        assert_eq!(events.last().unwrap(), "factor-reset");
        // There is none any more: nothing happens, and nothing is told.
        assert!(!services.reset_operator_totp("OP1").await.unwrap());
        assert_eq!(desk.events().await, events);
        let row = desk.stored().await;
        assert!(row.totp.is_none() && row.recovery.is_empty());
        // What was open before is not any more, with the old codes or without.
        let gone = services.present_operator(desk.session).await;
        assert!(matches!(gone, Err(ServiceError::NotFound)));
        for code in [desk.code(), desk.codes[0].clone()] {
            let old = desk.tries(held, &code).await;
            assert!(matches!(old, Err(ServiceError::SignIn)));
        }
        let session = done(desk.password(PASSWORD, address(1)).await.unwrap());
        let by = services.present_operator(session).await.unwrap();
        assert!(by.must_enrol());
        let (session, ..) = enrol(&bed, &services, session).await;
        let by = services.present_operator(session).await.unwrap();
        assert!(services.tenant_list(&by).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_the_factor_stays() {
    on_both(|bed| async move {
        let services = services_on(bed.store().clone());
        let desk = Desk::enrolled(&bed, &services).await;
        let nobody = services.reset_operator_password("op2", None).await;
        assert!(matches!(nobody, Err(ServiceError::NotFound)));
        let weak = services.reset_operator_password("op1", Some("short".to_owned()));
        assert!(matches!(
            weak.await,
            Err(ServiceError::Invalid {
                field: "password",
                ..
            })
        ));
        let before = desk.stored().await;
        let made = services.reset_operator_password("OP1", None).await.unwrap();
        let password = made.generated.unwrap();
        assert_eq!(desk.events().await.last().unwrap(), "password-reset");
        let gone = services.present_operator(desk.session).await;
        assert!(matches!(gone, Err(ServiceError::NotFound)));
        let old = desk.password(PASSWORD, address(1)).await;
        assert!(matches!(old, Err(ServiceError::SignIn)));
        let fresh = desk.password(&password, address(1)).await.unwrap();
        assert!(matches!(fresh, SignInOutcome::SecondFactor(_)));
        assert_eq!(desk.stored().await.totp, before.totp);
    })
    .await;
}

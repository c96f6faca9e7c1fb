//! T-AUTH-05: many people behind one address. Whoever guesses is held up, and the others are not.

use super::activation::{redeem, slips, token};
use super::school::{OTHER, PASSWORD, School, address, candidate_number, done};
use chrono::TimeDelta;
use domain::institution::{Incident, Office};
use services::ServiceError;
use services::institution::security::SecurityQuery;
use std::net::IpAddr;
use store::testkit::on_both;

/// Logins that fail from one address before the others are held up.
const LOGINS: usize = 30;
/// Failures of one login.
const FAILURES: usize = 15;

fn refused<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::SignIn))
}

fn held_up<T>(result: &services::Result<T>) -> bool {
    matches!(result, Err(ServiceError::TooMany))
}

/// An address of a network that nobody signed in from.
fn elsewhere(last: u8) -> IpAddr {
    IpAddr::from([203, 0, 113, last])
}

/// Tries logins out, one after the other, until the address is known for it.
async fn spray(school: &School, from: IpAddr) {
    for n in 0..LOGINS {
        let login = format!("nobody-{n}");
        assert!(refused(&school.sign_in(&login, PASSWORD, from).await));
    }
    assert!(held_up(&school.sign_in("nobody", PASSWORD, from).await));
}

#[tokio::test]
async fn a_login_that_fails_again_and_again_is_held_up_alone() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let from = elsewhere(7);
        for _ in 0..FAILURES {
            assert!(refused(&school.sign_in("nobody", PASSWORD, from).await));
        }
        let runs = school.services.passwords().runs();
        for _ in 0..500 {
            assert!(held_up(&school.sign_in("nobody", PASSWORD, from).await));
        }
        assert_eq!(
            school.services.passwords().runs(),
            runs,
            "no work is done for it"
        );
        let mapped: IpAddr = "::ffff:203.0.113.7".parse().unwrap();
        assert!(held_up(&school.sign_in("nobody", PASSWORD, mapped).await));
        done(school.sign_in("T100", PASSWORD, from).await.unwrap());
        bed.advance(TimeDelta::minutes(1));
        assert!(refused(&school.sign_in("nobody", PASSWORD, from).await));
    })
    .await;
}

/// Who tries many logins out is stopped, even with a right password; who signed in from there before is not.
#[tokio::test]
async fn who_tries_logins_out_is_stopped_and_who_was_there_before_is_not() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        for login in ["T100", "T200"] {
            school.officer(login, Office::Admissions).await;
        }
        let from = elsewhere(7);
        done(school.sign_in("T100", PASSWORD, from).await.unwrap());
        spray(&school, from).await;
        assert!(held_up(&school.sign_in("T200", PASSWORD, from).await));
        // A guess at the known one is counted, and told apart from nothing.
        assert!(held_up(&school.sign_in("T100", OTHER, from).await));
        assert_eq!(school.stored("T100").await.fails, 1);
        done(school.sign_in("T100", PASSWORD, from).await.unwrap());
        done(
            school
                .sign_in("T200", PASSWORD, elsewhere(8))
                .await
                .unwrap(),
        );
        let all = SecurityQuery::default();
        let view = school.services.security_view(&school.admin, &all).await;
        let many = |e: &services::institution::security::SecurityEvent| {
            e.incident == Incident::ManyAttempts
        };
        assert_eq!(view.unwrap().events.into_iter().filter(many).count(), 1);
        bed.advance(TimeDelta::minutes(1));
        done(school.sign_in("T200", PASSWORD, from).await.unwrap());
        // What was known is forgotten after a month without a sign-in.
        bed.advance(TimeDelta::days(31));
        bed.store().control().sweep().await.unwrap();
        spray(&school, from).await;
        assert!(held_up(&school.sign_in("T100", PASSWORD, from).await));
    })
    .await;
}

/// Activation day: a hall of five hundred behind one address, and one of them guesses all day long.
#[tokio::test]
async fn on_the_day_of_activation_one_who_guesses_holds_nobody_up() {
    on_both(|bed| async move {
        let mut school = School::on(&bed).await;
        school.enlarge(497).await;
        let counsellor = school.counsellor("C100").await;
        let slips = slips(&school, &counsellor).await;
        assert_eq!(slips.len(), 500);
        let hall = address(4);
        spray(&school, hall).await;
        for n in 0..100 {
            let tried = format!("not-a-slip-{n}");
            let services = &school.services;
            let tried = services.peek_slip(school.tenant, &tried, hall).await;
            assert_eq!(held_up(&tried), n >= FAILURES, "{n}");
            assert!(tried.is_err());
        }
        for (n, slip) in slips.iter().enumerate() {
            let services = &school.services;
            let seen = services.peek_slip(school.tenant, &token(slip), hall).await;
            seen.unwrap();
            // Setting a password takes its time; some of them stand for all.
            if n % 50 == 0 {
                done(redeem(&school, school.tenant, &token(slip)).await.unwrap());
                done(school.sign_in(&slip.number, OTHER, hall).await.unwrap());
            }
        }
        // The one who guesses is still held up.
        assert!(held_up(&school.sign_in("nobody", PASSWORD, hall).await));
    })
    .await;
}

/// Behind an address that the school calls its own, many more logins may fail before others wait.
#[tokio::test]
async fn an_address_of_the_campus_has_more_room() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        school.officer("T100", Office::Admissions).await;
        let today = domain::calendar::local_date(bed.store().now());
        let key = "security.campus_networks";
        school
            .services
            .set_parameter(
                &school.admin,
                key,
                "203.0.113.0/24",
                "校信〔2026〕4号",
                today,
                None,
            )
            .await
            .unwrap();
        for n in 0..LOGINS + 5 {
            let login = candidate_number(500 + n);
            let tried = school.sign_in(&login, PASSWORD, elsewhere(7)).await;
            assert!(refused(&tried), "{n}");
        }
        done(
            school
                .sign_in("T100", PASSWORD, elsewhere(7))
                .await
                .unwrap(),
        );
    })
    .await;
}

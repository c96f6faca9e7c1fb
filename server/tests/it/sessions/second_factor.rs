//! Sessions that wait for a second factor, and those that must enrol one first.

use super::opens;
use crate::forms::copied;
use crate::house::{House, PASSWORD};
use chrono::TimeDelta;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Office, POLICY};
use http::StatusCode;
use services::institution::authenticator::Authenticator;

/// Waiting for the second factor, nobody is signed in any more, here or elsewhere.
#[tokio::test]
async fn a_second_factor_that_is_waited_for_ends_what_was_before() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let first = house.sign_in("shou", "t100").await;
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let door = house.bed.store().door(tenant).await.unwrap();
        let account = door.account(actor.seat().account).await.unwrap();
        door.confirm_totp(&account, vec![0; 40], 0).await.unwrap();
        door.commit().await.unwrap();
        let form = format!("tenant=shou&login=t100&password={PASSWORD}");
        let answer = house
            .submit("/api/institution/sign-in", Some(&first), &form)
            .await;
        assert_eq!(answer.header("location"), "/shou/sign-in?step=code");
        assert_ne!(answer.cookie(), first);
        assert!(!opens(&house, "/shou/home", &first).await);
        assert!(!opens(&house, "/shou/home", &answer.cookie()).await);
    })
    .await;
}

/// Whoever knew the id of the session that waited is not signed in by the code of somebody else.
#[tokio::test]
async fn the_id_changes_with_the_second_factor() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let cookie = house.sign_in("shou", "t100").await;
        let elsewhere = house.sign_in("shou", "t100").await;
        let post = async |op: &str, cookie: Option<&str>, form: &str| {
            let (path, form) = (
                format!("/api/institution/{op}"),
                format!("tenant=shou&{form}"),
            );
            house.submit(&path, cookie, &form).await
        };
        post("totp-enrol", Some(&cookie), "").await;
        let page = house.get("/shou/account", Some(&cookie)).await.body;
        let app = Authenticator::typed(copied(&page).next().unwrap()).unwrap();
        let code = format!("code={}", house.code(&app));
        let own = post("totp-confirm", Some(&cookie), &code).await.cookie();
        // Who enrols goes on and reads the recovery codes; who waited with the same password is out.
        assert_ne!(own, cookie);
        let page = house.get("/shou/account", Some(&own)).await.body;
        assert!(page.contains("恢复码，只显示这一次"), "{page}");
        for ended in [&cookie, &elsewhere] {
            assert!(!opens(&house, "/shou/account", ended).await);
        }
        house.bed.advance(TimeDelta::seconds(60));
        let password = format!("login=t100&password={PASSWORD}");
        let waits = post("sign-in", None, &password).await.cookie();
        // A mistyped code is asked for again, and the password is not.
        let wrong = post("second-factor", Some(&waits), "code=WRONG-WRONG").await;
        let again = house.get(wrong.header("location"), Some(&waits)).await.body;
        assert!(again.contains("/api/institution/second-factor"), "{again}");
        assert!(again.contains("aria-invalid=\"true\""), "the field says it");
        assert!(!again.contains("name=\"password\""), "{again}");
        let code = format!("code={}", house.code(&app));
        let done = post("second-factor", Some(&waits), &code).await;
        assert_eq!(done.header("location"), "/shou/home");
        assert!(opens(&house, "/shou/home", &done.cookie()).await);
        assert!(!opens(&house, "/shou/home", &waits).await);
    })
    .await;
}

#[tokio::test]
async fn a_post_that_must_enrol_can_only_enrol() {
    const MAY: [&str; 7] = [
        "institution/sign-out",
        "institution/step-up",
        "institution/switch-post",
        "institution/change-password",
        "institution/totp-enrol",
        "institution/totp-confirm",
        "institution/end-session",
    ];
    House::on_each(|house| async move {
        // The default of the parameter: a second factor is required.
        let tenant = house.bed.tenant("shou").await;
        let seats = crate::entrances::seats(&house, tenant).await;
        let staff = seats.iter().filter(|actor| actor.office().is_staff());
        assert!(staff.clone().any(|actor| actor.office() == Office::College));
        for actor in staff {
            let office = (actor.office(), actor.seat().kind);
            for rule in POLICY.iter().filter(|r| {
                r.kind == Kind::Operation && r.who != Who::Anyone && !r.op.starts_with("operator/")
            }) {
                let cookie = house.cookie(actor).await;
                let form = crate::entrances::form(rule.op, "shou");
                let path = format!("/api/{}", rule.op);
                let answer = house.call(&path, Some(&cookie), &form).await;
                let place = format!("{office:?} {}: {} {}", rule.op, answer.status, answer.body);
                if MAY.contains(&rule.op) {
                    assert!(!answer.body.contains("enrol_first"), "{place}");
                } else {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
                    assert!(answer.body.contains("enrol_first"), "{place}");
                }
            }
            let cookie = house.cookie(actor).await;
            let page = house.get("/shou/home", Some(&cookie)).await;
            assert_eq!(page.header("location"), "/shou/account");
            let file = house
                .get("/shou/files/templates/units", Some(&cookie))
                .await;
            assert_eq!(file.header("location"), "/shou/account");
        }
        let unit = house.bed.officer(tenant, Office::TenantAdmin).await;
        let read = house.bed.store().read(&unit).await.unwrap();
        assert_eq!(read.parameter_values().await.unwrap(), []);
    })
    .await;
}

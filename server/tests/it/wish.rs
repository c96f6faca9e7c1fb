//! The page that somebody asked for who had to sign in first: why the sign-in is shown, and the way back.

use crate::entrances::ID;
use crate::forms::{encode, form, forms};
use crate::house::{House, PASSWORD};
use domain::institution::{Office, TenantId};
use http::StatusCode;
use services::institution::authenticator::Authenticator;

const FIRST: &str = "请先登录，登录后回到刚才的页面";
const ENDED: &str = "登录已结束，请重新登录";

/// A university with somebody of the Student Affairs Office who signs in as `t100`.
async fn affairs(house: &House) -> TenantId {
    let tenant = house.school("shou").await;
    house.staff(tenant, "t100", Office::StudentAffairs).await;
    tenant
}

/// Fills in the form of the sign-in at an address and posts it; where it leads.
async fn signed_in_at(house: &House, address: &str) -> String {
    let page = house.get(address, None).await;
    let typed = form(&page.body, "/api/institution/sign-in")
        .with("login", "t100")
        .with("password", PASSWORD);
    let answer = house.submit(&typed.action, None, &typed.body()).await;
    answer.header("location").to_owned()
}

#[tokio::test]
async fn whoever_must_sign_in_first_lands_on_the_page_that_was_asked_for() {
    House::on_each(|house| async move {
        affairs(&house).await;
        for asked in ["students?year=2026&standing=awaited", "exports", "account"] {
            let led = house.get(&format!("/shou/{asked}"), None).await;
            assert_eq!(led.status, StatusCode::SEE_OTHER, "{asked}");
            let address = led.header("location").to_owned();
            assert_eq!(address, format!("/shou/sign-in?to={}", encode(asked)));
            let page = house.get(&address, None).await;
            assert!(page.body.contains(FIRST), "{}", page.body);
            assert_eq!(
                signed_in_at(&house, &address).await,
                format!("/shou/{asked}")
            );
        }
        // A mistyped password does not cost the way.
        let wrong = format!(
            "tenant=shou&login=t100&password=nothing&to={}",
            encode("exports")
        );
        let path = "/api/institution/sign-in";
        let refused = house.submit(path, None, &wrong).await;
        let address = refused.header("location").to_owned();
        assert!(
            address.starts_with("/shou/sign-in?to=exports&refused=sign_in"),
            "{address}"
        );
        let page = house.get(&address, None).await;
        assert!(!page.body.contains(FIRST), "the refusal says why");
        assert_eq!(signed_in_at(&house, &address).await, "/shou/exports");
    })
    .await;
}

/// Who only comes in begins at the first page, and is told nothing.
#[tokio::test]
async fn who_wants_nothing_is_led_home() {
    House::on_each(|house| async move {
        affairs(&house).await;
        let led = house.get("/shou/home", None).await;
        assert_eq!(led.header("location"), "/shou/sign-in");
        let page = house.get("/shou/sign-in", None).await;
        assert!(!page.body.contains("请先登录") && !page.body.contains(ENDED));
        assert!(!page.body.contains("name=\"to\""));
        assert_eq!(signed_in_at(&house, "/shou/sign-in").await, "/shou/home");
        // Neither is a file a page to come back to.
        let file = format!("/shou/files/exports/{ID}");
        assert_eq!(
            house.get(&file, None).await.header("location"),
            "/shou/sign-in"
        );
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_ended_is_said_to_have() {
    House::on_each(|house| async move {
        let tenant = affairs(&house).await;
        let cookie = house.sign_in("shou", "t100").await;
        let actor = house.services.actor_by_login(tenant, "T100").await.unwrap();
        let control = house.bed.store().control();
        let account = actor.seat().account;
        control
            .end_sessions_of(tenant, account, None)
            .await
            .unwrap();
        let led = house.get("/shou/students?year=2026", Some(&cookie)).await;
        let address = led.header("location").to_owned();
        let to = encode("students?year=2026");
        assert_eq!(address, format!("/shou/sign-in?ended=1&to={to}"));
        let page = house.get(&address, None).await;
        assert!(page.body.contains(ENDED), "{}", page.body);
        assert_eq!(
            signed_in_at(&house, &address).await,
            "/shou/students?year=2026"
        );
        let home = house.get("/shou/home", Some(&cookie)).await;
        assert_eq!(home.header("location"), "/shou/sign-in?ended=1");
        // A form that was sent too late leads back to its page.
        let late = "tenant=shou&list=&columns[0]=name&reason=checked";
        let path = "/api/disclosure/export";
        let answer = house.submit(path, Some(&cookie), late).await;
        let told = "/shou/sign-in?to=students";
        assert!(
            answer.header("location").starts_with(told),
            "{}",
            answer.header("location")
        );
    })
    .await;
}

/// The second step of the sign-in keeps the way, also when a code is mistyped.
#[tokio::test]
async fn the_second_factor_keeps_the_way_back() {
    House::on_each(|house| async move {
        affairs(&house).await;
        let cookie = house.sign_in("shou", "t100").await;
        let enrol = "/api/institution/totp-enrol";
        house.submit(enrol, Some(&cookie), "tenant=shou").await;
        let page = house.get("/shou/account", Some(&cookie)).await.body;
        let app = Authenticator::typed(crate::forms::copied(&page).next().unwrap()).unwrap();
        let code = format!("tenant=shou&code={}", house.code(&app));
        let confirm = "/api/institution/totp-confirm";
        house.submit(confirm, Some(&cookie), &code).await;
        house.bed.advance(chrono::TimeDelta::seconds(60));
        let password = format!("tenant=shou&login=t100&password={PASSWORD}&to=exports");
        let waits = house
            .submit("/api/institution/sign-in", None, &password)
            .await;
        let mut address = waits.header("location").to_owned();
        assert_eq!(address, "/shou/sign-in?step=code&to=exports");
        let cookie = waits.cookie();
        for right in [false, true] {
            let code = if right {
                house.code(&app)
            } else {
                "WRONG-WRONG".to_owned()
            };
            let page = house.get(&address, Some(&cookie)).await;
            let typed = form(&page.body, "/api/institution/second-factor").with("code", &code);
            let answer = house
                .submit(&typed.action, Some(&cookie), &typed.body())
                .await;
            answer.header("location").clone_into(&mut address);
            let expected = if right {
                "/shou/exports"
            } else {
                "/shou/sign-in?step=code&to=exports&refused="
            };
            assert!(address.starts_with(expected), "{address}");
        }
    })
    .await;
}

/// Nothing but a page of the own university that this post may see.
#[tokio::test]
async fn the_way_back_leads_nowhere_else() {
    House::on_each(|house| async move {
        affairs(&house).await;
        house.school("jsut").await;
        for elsewhere in [
            "//evil.example",
            "/evil.example",
            "https://evil.example/",
            "https:evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/jsut/students",
            "jsut/students",
            "../jsut/students",
            "students/../../jsut/home",
            "/api/institution/sign-out",
            "api/institution/sign-out",
            "institution/sign-out",
            "files/templates/units",
            "students/",
            "sign-in?to=exports",
            "activate?t=x",
            "operator/tenants",
            "",
            // Pages of other offices.
            "parameters",
            "me",
            "exports\r\nset-cookie: a=b",
        ] {
            let form = format!(
                "tenant=shou&login=t100&password={PASSWORD}&to={}",
                encode(elsewhere)
            );
            let path = "/api/institution/sign-in";
            let answer = house.submit(path, None, &form).await;
            assert_eq!(answer.header("location"), "/shou/home", "{elsewhere:?}");
            let page = house
                .get(&format!("/shou/sign-in?to={}", encode(elsewhere)), None)
                .await;
            let sign_in = forms(&page.body);
            let sign_in = sign_in.iter().find(|f| f.action == path).unwrap();
            let to = sign_in.fields.iter().find(|(name, _)| name == "to");
            let own = matches!(elsewhere, "parameters" | "me" | "operator/tenants");
            assert_eq!(to.is_some(), own, "{elsewhere:?}: {to:?}");
        }
        // What an address told, and what was searched for in it, stays behind.
        let asked = "/shou/students?q=%E5%BC%A0%E4%B8%89&done=saved&refused=stale&year=2026";
        let led = house.get(asked, None).await;
        let to = encode("students?year=2026");
        assert_eq!(led.header("location"), format!("/shou/sign-in?to={to}"));
    })
    .await;
}

/// Whoever is signed in already is told so, and goes on from there.
#[tokio::test]
async fn the_sign_in_says_who_is_signed_in() {
    House::on_each(|house| async move {
        affairs(&house).await;
        let cookie = house.sign_in("shou", "t100").await;
        for (address, on) in [
            ("/shou/sign-in", "/shou/home"),
            ("/shou/sign-in?to=exports", "/shou/exports"),
            ("/shou/sign-in?to=parameters", "/shou/home"),
        ] {
            let page = house.get(address, Some(&cookie)).await.body;
            assert!(page.contains("已登录：王丙 · T100"), "{page}");
            assert!(page.contains(&format!("href=\"{on}\"")), "{address}: {on}");
            form(&page, "/api/institution/sign-in");
        }
        let page = house.get("/shou/sign-in", None).await.body;
        assert!(!page.contains("已登录"));
    })
    .await;
}

/// The login that was typed with a wrong password stands there again: once, in this browser alone, and in no address.
#[tokio::test]
async fn a_wrong_password_does_not_cost_the_login() {
    House::on_each(|house| async move {
        affairs(&house).await;
        for login in ["t100", "26080001"] {
            let form = format!("tenant=shou&login={login}&password=nothing-of-the-kind");
            let refused = house.submit("/api/institution/sign-in", None, &form).await;
            let address = refused.header("location").to_owned();
            assert!(address.contains("refused=sign_in") && !address.contains(login));
            let kept = format!("value=\"{login}\"");
            let elsewhere = house.get(&address, None).await;
            assert!(!elsewhere.body.contains(&kept));
            let cookie = refused.cookie();
            let page = house.get(&address, Some(&cookie)).await;
            assert!(page.body.contains(&kept), "{}", page.body);
            assert!(!page.body.contains("nothing-of-the-kind"));
            let later = house.get(&address, Some(&cookie)).await;
            assert!(!later.body.contains(&kept), "once");
            let kept = house.bed.everything_kept().await;
            let is_kept = |part: &[u8]| {
                let mut found = kept.iter().map(|(_, bytes)| bytes.windows(part.len()));
                found.any(|mut parts| parts.any(|other| other == part))
            };
            assert!(login == "t100" || !is_kept(login.as_bytes()), "sealed");
        }
    })
    .await;
}

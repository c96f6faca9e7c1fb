//! The platform's own page: universities are opened, suspended and resumed there, and nobody's data are seen.

use crate::forms::copied;
use crate::house::{House, PASSWORD};
use chrono::TimeDelta;
use domain::institution::policy::Kind;
use domain::institution::{Office, POLICY};
use http::StatusCode;

const NEW: &str = "slug=nanhu&school_code=10999&name=%E5%8D%97%E6%B9%96%E5%A4%A7%E5%AD%A6&province=31&admin_login=g001&admin_name=%E5%AD%99%E4%B9%99";
const CREATE: &str = "/api/operator/create-tenant";
const PAGE: &str = "/operator/tenants";

/// The values that the page shows once: login and password.
fn shown(page: &str) -> (&str, &str) {
    let mut values = copied(page);
    let mut next = || values.next().unwrap_or_else(|| panic!("{page}"));
    (next(), next())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_university_is_opened_with_its_first_administrator() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let made = house.submit(CREATE, Some(&cookie), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let page = house.get(PAGE, Some(&cookie)).await.body;
        let (login, password) = shown(&page);
        assert_eq!((login, password.len()), ("G001", 17), "{page}");
        let again = house.get(PAGE, Some(&cookie)).await.body;
        assert!(!again.contains(password), "it is shown once");
        let form = format!("tenant=nanhu&login=g001&password={password}");
        let admin = house.submit("/api/institution/sign-in", None, &form).await;
        assert_eq!(admin.header("location"), "/nanhu/home");
        let first = house.get("/nanhu/home", Some(&admin.cookie())).await;
        assert_eq!(first.header("location"), "/nanhu/account");
    })
    .await;
}

/// Whatever stands in the way, nothing of the university is there, and its address is free.
#[tokio::test(flavor = "multi_thread")]
async fn a_university_is_opened_whole_or_not_at_all() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let control = || house.bed.store().control();
        for (from, to, field) in [
            ("g001", "", "admin_login"),
            (
                "admin_name=%E5%AD%99%E4%B9%99",
                "admin_name=%20",
                "admin_name",
            ),
            ("province=31", "province=99", "province"),
        ] {
            let made = house
                .submit(CREATE, Some(&cookie), &NEW.replace(from, to))
                .await;
            let led = made.header("location");
            assert!(led.contains("refused="), "{field}: {led}");
            assert!(led.contains(&format!("&field={field}&")), "{led}");
            assert_eq!(control().tenants().await.unwrap().len(), 0, "{field}");
        }
        let made = house.submit(CREATE, Some(&cookie), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let twice = house.submit(CREATE, Some(&cookie), NEW).await;
        assert!(
            twice
                .header("location")
                .contains("refused=taken&field=slug")
        );
        assert_eq!(control().tenants().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_minutes_the_page_asks_for_the_password_and_goes_on() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        assert!(house.get(PAGE, Some(&cookie)).await.body.contains(CREATE));
        house.bed.advance(TimeDelta::minutes(6));
        let refused = house.submit(CREATE, Some(&cookie), NEW).await;
        let led = refused.header("location");
        assert!(
            led.starts_with("/operator/tenants?refused=step_up&"),
            "{led}"
        );
        let page = house.get(refused.header("location"), Some(&cookie)).await;
        assert!(page.body.contains("/api/operator/step-up"), "{}", page.body);
        assert!(!page.body.contains(CREATE), "{}", page.body);
        let step_up = "/api/operator/step-up";
        let wrong = house
            .submit(step_up, Some(&cookie), "password=something-else-altogether")
            .await;
        assert!(wrong.header("location").contains("refused=sign_in"));
        let right = house
            .submit(step_up, Some(&cookie), &format!("password={PASSWORD}"))
            .await;
        let fresh = right.cookie();
        assert_ne!(fresh, cookie);
        let old = house.get(PAGE, Some(&cookie)).await.body;
        assert!(old.contains("/api/operator/sign-in"), "{old}");
        let made = house.submit(CREATE, Some(&fresh), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let page = house.get(PAGE, Some(&fresh)).await.body;
        for told in ["登录被拒绝", "再次验证密码", "李丙"] {
            assert!(page.contains(told), "{told}: {page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_was_away_or_signed_out_is_out() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let signed_in = async |cookie: &str| {
            let page = house.get(PAGE, Some(cookie)).await.body;
            page.contains("/api/operator/sign-out")
        };
        house.bed.advance(TimeDelta::minutes(14));
        assert!(signed_in(&cookie).await);
        house.bed.advance(TimeDelta::minutes(14));
        assert!(signed_in(&cookie).await);
        house.bed.advance(TimeDelta::minutes(16));
        assert!(!signed_in(&cookie).await);
        let form = format!("login=op1&password={PASSWORD}");
        let answer = house.submit("/api/operator/sign-in", None, &form).await;
        let cookie = answer.cookie();
        assert!(signed_in(&cookie).await);
        let out = house
            .submit("/api/operator/sign-out", Some(&cookie), "")
            .await;
        assert_eq!(out.header("location"), "/operator/tenants?done=signed_out");
        assert!(!signed_in(&cookie).await);
        let told = house
            .bed
            .store()
            .control()
            .operator_events(9)
            .await
            .unwrap();
        let kinds: Vec<&str> = told.iter().map(|(e, _)| e.kind.as_str()).collect();
        assert_eq!(kinds, ["signed-out", "signed-in", "signed-in"]);
    })
    .await;
}

/// T-ISO-21: the operator opens nothing of a university, and nobody of a university anything of the operator's.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_21_the_operator_and_the_universities_are_apart() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let operator = house.operator().await;
        for rule in POLICY.iter().filter(|r| !r.op.starts_with("operator/")) {
            if rule.kind == Kind::Internal {
                continue;
            }
            let path = crate::entrances::address(rule.op, "shou");
            let (answer, open) = match rule.kind {
                Kind::Operation => {
                    let form = crate::entrances::form(rule.op, "shou");
                    let path = format!("/api/{}", rule.op);
                    (house.call(&path, Some(&operator), &form).await, false)
                }
                Kind::Page | Kind::File => {
                    let open = rule.who == domain::institution::policy::Who::Anyone;
                    (house.get(&path, Some(&operator)).await, open)
                }
                Kind::Internal => panic!("{}: no entrance leads there", rule.op),
            };
            let place = format!("{}: {} {}", rule.op, answer.status, answer.body);
            if open || rule.op == "institution/sign-out" {
                continue;
            }
            assert_ne!(answer.status, StatusCode::OK, "{place}");
            assert!(!answer.status.is_server_error(), "{place}");
        }
        for office in [None, Some(Office::TenantAdmin), Some(Office::ItCentre)] {
            let cookie = match office {
                Some(office) => {
                    let actor = house.bed.officer(tenant, office).await;
                    Some(house.cookie(&actor).await)
                }
                None => None,
            };
            for rule in POLICY.iter().filter(|r| {
                r.op.starts_with("operator/")
                    && r.kind == Kind::Operation
                    && r.op != "operator/sign-in"
            }) {
                let form = crate::entrances::form(rule.op, "shou");
                let path = format!("/api/{}", rule.op);
                let answer = house.call(&path, cookie.as_deref(), &form).await;
                assert_eq!(
                    answer.status,
                    StatusCode::UNAUTHORIZED,
                    "{office:?} {}",
                    rule.op
                );
            }
            let page = house.get(PAGE, cookie.as_deref()).await;
            assert!(page.body.contains("/api/operator/sign-in"), "{office:?}");
            assert!(!page.body.contains("create-tenant"), "{office:?}");
        }
    })
    .await;
}

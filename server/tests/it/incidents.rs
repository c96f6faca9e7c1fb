//! What the IT Centre and the operator are told: acts without the right, refused passwords, forms from other sites.

use crate::entrances::form;
use crate::house::{Answer, House, PASSWORD};
use axum::body::Body;
use domain::institution::{Actor, Incident, Office};
use http::{Request, StatusCode, header};
use services::institution::security::{SecurityQuery, SecurityView};
use std::collections::BTreeMap;

async fn view(house: &House, it: &Actor) -> SecurityView {
    let all = SecurityQuery::default();
    house.services.security_view(it, &all).await.unwrap()
}

/// How often each kind is there.
async fn kinds(house: &House, it: &Actor) -> BTreeMap<Incident, usize> {
    let mut kinds = BTreeMap::new();
    for event in view(house, it).await.events {
        *kinds.entry(event.incident).or_default() += 1;
    }
    kinds
}

/// A form as a browser posts it from a page of another site.
async fn across(house: &House, path: &str, cookie: Option<&str>, body: &str) -> Answer {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://elsewhere.example");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    house.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_without_the_right_is_told_to_the_it_centre() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let it = house.bed.officer(tenant, Office::ItCentre).await;
        let security = house.bed.officer(tenant, Office::Security).await;
        let cookie = house.cookie(&security).await;
        let page = house.get("/shou/parameters", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let file = house.get(
            "/shou/files/findings/01900000-0000-7000-8000-000000000000",
            Some(&cookie),
        );
        assert_eq!(file.await.status, StatusCode::FORBIDDEN);
        for op in ["institution/set-parameter", "admission/progress"] {
            let (path, form) = (format!("/api/{op}"), form(op, "shou"));
            let answer = house.call(&path, Some(&cookie), &form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{op}");
        }
        assert_eq!(
            kinds(&house, &it).await,
            BTreeMap::from([(Incident::Denied, 4)])
        );
        // What the post may do, and a password that is wanted again, are no incidents.
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let late = house.cookie_late(&admin).await;
        let form = form("institution/set-parameter", "shou");
        let path = "/api/institution/set-parameter";
        let asked = house.call(path, Some(&late), &form).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        house.get("/shou/home", Some(&cookie)).await;
        assert_eq!(
            kinds(&house, &it).await,
            BTreeMap::from([(Incident::Denied, 4)])
        );
        let shown = house
            .get("/shou/security", Some(&house.cookie(&it).await))
            .await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains("越权操作被拒绝"), "{}", shown.body);
        let events = view(&house, &it).await.events;
        assert!(
            events
                .iter()
                .all(|e| e.login.is_some() && e.detail.is_empty())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_of_somebody_signed_in_is_told_to_the_it_centre() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let it = house.bed.officer(tenant, Office::ItCentre).await;
        house.staff(tenant, "t100", Office::Admissions).await;
        let cookie = house.sign_in("shou", "t100").await;
        let form = "tenant=shou&password=nothing-of-the-kind&code=";
        house
            .submit("/api/institution/step-up", Some(&cookie), form)
            .await;
        let told = kinds(&house, &it).await;
        assert_eq!(told, BTreeMap::from([(Incident::StepUpRefused, 1)]));
        let shown = house
            .get("/shou/security", Some(&house.cookie(&it).await))
            .await;
        assert!(shown.body.contains("再次验证被拒绝"));
    })
    .await;
}

/// By the session where its cookie came along, by the address else; what belongs to no university is the operator's.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_is_told_to_whom_it_concerns() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let it = house.bed.officer(tenant, Office::ItCentre).await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let form = form("institution/set-branding", "shou");
        let op = "/api/institution/set-branding";
        let refused = across(&house, op, Some(&cookie), &form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let told = view(&house, &it).await.events;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].incident, Incident::CrossSite);
        assert!(told[0].login.is_some());
        across(&house, "/shou/files/logo", None, &form).await;
        let told = view(&house, &it).await.events;
        assert_eq!(told.len(), 2);
        assert!(told[0].login.is_none() || told[1].login.is_none());
        // Nobody's session, no university in the address.
        across(&house, op, None, &form).await;
        across(&house, "/api/operator/sign-in", None, "login=x&password=y").await;
        assert_eq!(view(&house, &it).await.events.len(), 2);
        let operator = house.operator().await;
        let page = house.get("/operator/tenants", Some(&operator)).await;
        assert!(page.body.contains("跨站请求被拒绝"), "{}", page.body);
        let since = house.bed.store().now() - chrono::TimeDelta::hours(1);
        let control = house.bed.store().control();
        let totals = control.operator_totals(since).await.unwrap();
        assert!(totals.contains(&("cross-site".to_owned(), 2)), "{totals:?}");
    })
    .await;
}

/// A failed sign-in of the operator belongs to no university: the operator's own page shows it.
#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_at_the_platform_are_shown_to_the_operator() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let cookie = house.operator().await;
        for (login, times) in [("op1", 5), ("nobody", 2)] {
            for _ in 0..times {
                let form = format!("login={login}&password=nothing-of-the-kind");
                house.submit("/api/operator/sign-in", None, &form).await;
            }
        }
        let page = house.get("/operator/tenants", Some(&cookie)).await.body;
        for told in ["登录被拒绝", "账号锁定", "未知账号", "李丙"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains("nobody"));
        let locked = format!("login=op1&password={PASSWORD}");
        let locked = house.submit("/api/operator/sign-in", None, &locked).await;
        assert!(locked.header("location").contains("refused=sign_in"));
        let it = house.bed.officer(tenant, Office::ItCentre).await;
        assert!(view(&house, &it).await.events.is_empty());
    })
    .await;
}

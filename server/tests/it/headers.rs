//! Headers of every answer, cross-site posts, and sessions that cannot be brought back.

use crate::house::House;
use axum::body::Body;
use domain::institution::Office;
use http::{Request, StatusCode, header};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let house = House::sqlite().await;
    house.school("shou").await;
    for path in [
        "/shou/sign-in",
        "/healthz",
        "/nowhere/at/all",
        "/pkg/none.js",
        "/api/none",
        "/shou/files/templates/units",
    ] {
        let answer = house.get(path, None).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer
                .header("strict-transport-security")
                .contains("includeSubDomains"),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{path}: {policy}"
        );
        if !path.starts_with("/pkg/") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn the_nonce_of_a_page_is_new_each_time() {
    let house = House::sqlite().await;
    house.school("shou").await;
    let first = house.get("/shou/sign-in", None).await;
    let second = house.get("/shou/sign-in", None).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_ne!(
        first.header("content-security-policy"),
        second.header("content-security-policy")
    );
}

#[tokio::test]
async fn a_post_from_another_site_does_nothing() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let cookie = house
        .cookie(&house.bed.officer(tenant, Office::TenantAdmin).await)
        .await;
    let form = "tenant=shou&key=admission.undo_days&value=20&basis=test&effective_from=2027-01-01";
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let request = Request::post("/api/institution/set-parameter")
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value)
            .body(Body::from(form))
            .unwrap();
        assert_eq!(
            house.send(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}: {value}"
        );
    }
    let own = house
        .call("/api/institution/set-parameter", Some(&cookie), form)
        .await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.body);
}

#[tokio::test]
async fn no_operation_answers_a_get() {
    let house = House::sqlite().await;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let answer = house.get(path, None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn a_session_that_was_ended_stays_ended() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let office = house.bed.officer(tenant, Office::Admissions).await;
    let cookie = house.cookie(&office).await;
    assert_eq!(
        house.get("/shou/home", Some(&cookie)).await.status,
        StatusCode::OK
    );
    house
        .submit("/api/institution/sign-out", Some(&cookie), "tenant=shou")
        .await;
    assert_eq!(
        house.get("/shou/home", Some(&cookie)).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_idle_session_ends() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let cookie = house
        .cookie(&house.bed.officer(tenant, Office::Admissions).await)
        .await;
    house.bed.advance(chrono::TimeDelta::minutes(14));
    assert_eq!(
        house.get("/shou/home", Some(&cookie)).await.status,
        StatusCode::OK
    );
    house.bed.advance(chrono::TimeDelta::minutes(16));
    assert_eq!(
        house.get("/shou/home", Some(&cookie)).await.status,
        StatusCode::SEE_OTHER
    );
}

//! Headers of every answer, and posts from another site.

use crate::entrances::{address, form, seats, upload};
use crate::house::House;
use crate::pages::client;
use axum::body::Body;
use domain::institution::policy::Kind;
use domain::institution::{Office, POLICY};
use http::{Request, StatusCode, header};
use store::testkit::Bed;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    House::on_each(|house| async move {
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
    })
    .await;
}

/// Pages, calls and files of somebody who is signed in carry them as well, and nobody on the way keeps them.
#[tokio::test]
async fn the_answers_to_somebody_signed_in_carry_them_too() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let office = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&office).await;
        let page = house.get("/shou/home", Some(&cookie)).await;
        let file = house
            .get("/shou/files/templates/units", Some(&cookie))
            .await;
        let call = house
            .call(
                "/api/institution/end-session",
                Some(&cookie),
                "tenant=shou&mark=00",
            )
            .await;
        assert_eq!(
            (page.status, file.status, call.status),
            (StatusCode::OK, StatusCode::OK, StatusCode::NOT_FOUND)
        );
        for answer in [&page, &file, &call] {
            for (name, value) in [
                ("cache-control", "no-store"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("referrer-policy", "same-origin"),
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
            ] {
                assert_eq!(answer.header(name), value, "{name}");
            }
            assert!(
                answer
                    .header("permissions-policy")
                    .contains("geolocation=()")
            );
        }
        let policy = page.header("content-security-policy");
        for part in [
            "script-src 'nonce-",
            "form-action 'self'",
            "connect-src 'self'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert!(
            file.header("content-security-policy")
                .contains("form-action 'none'")
        );
    })
    .await;
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

/// The preload links of leptos carry it in `crossorigin`, where it means nothing and Firefox may give the bundle up: pages
/// have a loader of their own.
#[tokio::test]
async fn the_nonce_of_a_page_stands_in_its_own_attribute_alone() {
    let house = House::built(Bed::sqlite().await, client());
    let tenant = house.school("shou").await;
    let office = house.bed.officer(tenant, Office::Admissions).await;
    let cookie = house.cookie(&office).await;
    for (path, cookie) in [
        ("/shou/sign-in", None),
        ("/shou/home", Some(cookie.as_str())),
        ("/shou/admission/imports", Some(&cookie)),
    ] {
        let page = house.get(path, cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let policy = page.header("content-security-policy");
        let (_, rest) = policy.split_once("'nonce-").unwrap();
        let (nonce, _) = rest.split_once('\'').unwrap();
        let own = format!(" nonce=\"{nonce}\"");
        let places = page.body.matches(nonce).count();
        assert!(places > 0, "{path}: {}", page.body);
        assert_eq!(
            places,
            page.body.matches(&own).count(),
            "{path}: {}",
            page.body
        );
    }
}

/// Every operation and every upload, from the post that may do it: a form on another site reaches none of them.
#[tokio::test]
async fn a_post_from_another_site_does_nothing() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let seats = seats(&house, tenant).await;
        let posted = POLICY
            .iter()
            .filter(|r| r.kind == Kind::Operation || r.kind == Kind::File && r.writes());
        for rule in posted {
            let actor = seats.iter().find(|actor| rule.allows(actor));
            let cookie = match actor {
                Some(actor) => Some(house.cookie(actor).await),
                None => None,
            };
            for (name, value) in [
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("origin", "https://elsewhere.example"),
                ("origin", "null"),
            ] {
                for kind in ["application/x-www-form-urlencoded", "text/plain"] {
                    let (path, mut request) = if rule.kind == Kind::File {
                        let path = address(rule.op, "shou");
                        let request = upload(&path, cookie.as_deref(), "shou");
                        (path, request)
                    } else {
                        let path = format!("/api/{}", rule.op);
                        let mut request = Request::post(&path).header(header::CONTENT_TYPE, kind);
                        if let Some(cookie) = &cookie {
                            request = request.header(header::COOKIE, cookie);
                        }
                        let request = request.body(Body::from(form(rule.op, "shou"))).unwrap();
                        (path, request)
                    };
                    let headers = request.headers_mut();
                    headers.insert(header::HOST, "127.0.0.1:3000".parse().unwrap());
                    headers.insert(name, value.parse().unwrap());
                    let answer = house.send(request).await;
                    assert_eq!(
                        answer.status,
                        StatusCode::FORBIDDEN,
                        "{path} {name}: {value}"
                    );
                    assert!(!answer.body.contains("wrong_office"), "{path}");
                    assert!(!answer.sets_session(), "{path}");
                }
            }
        }
        let cookie = house
            .cookie(&house.bed.officer(tenant, Office::TenantAdmin).await)
            .await;
        let form = form("institution/set-parameter", "shou");
        let own = house
            .call("/api/institution/set-parameter", Some(&cookie), &form)
            .await;
        assert_eq!(own.status, StatusCode::OK, "{}", own.body);
    })
    .await;
}

#[tokio::test]
async fn no_operation_answers_a_get() {
    let house = House::sqlite().await;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        let answer = house.get(path, None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

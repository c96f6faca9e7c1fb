//! Headers of every answer, and one line of log per request without values.

use super::router::COOKIE;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::time::Instant;

const FIXED: [(HeaderName, HeaderValue); 7] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000; includeSubDomains"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// The policy of answers that are no pages: nothing runs, nothing loads.
const CLOSED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
);

/// Adds the fixed headers; what is not a static file is never stored by anybody.
pub async fn secure(request: Request, next: Next) -> Response {
    let cache = match request.uri().path() {
        // Their names change with their content.
        path if path.starts_with("/pkg/") => "public, max-age=31536000, immutable",
        "/islands.js" | "/favicon.svg" | "/robots.txt" => "public, max-age=3600",
        path if path.starts_with("/fonts/") => "public, max-age=3600",
        _ => "no-store",
    };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    take_cookie_back(headers);
    for (name, value) in FIXED {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(CLOSED);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(cache));
    response
}

/// What a cookie needs whose name begins with `__Host-`, also when it is taken back: without it browsers do not listen,
/// and go on sending the cookie of a session that has ended.
const HOST_ONLY: &[u8] = b"; Secure; HttpOnly; SameSite=Lax";

fn take_cookie_back(headers: &mut HeaderMap) {
    let emptied = format!("{COOKIE}=;");
    let is_emptied = |cookie: &HeaderValue| cookie.as_bytes().starts_with(emptied.as_bytes());
    let all: Vec<HeaderValue> = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    if !all.iter().any(is_emptied) {
        return;
    }
    headers.remove(header::SET_COOKIE);
    for cookie in all {
        let whole = [cookie.as_bytes(), HOST_ONLY].concat();
        let whole = HeaderValue::from_bytes(&whole).ok();
        let kept = whole.filter(|_| is_emptied(&cookie)).unwrap_or(cookie);
        headers.append(header::SET_COOKIE, kept);
    }
}

/// Logs method, route pattern, status and time. Addresses and queries carry values and are never logged.
pub async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |p| p.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    super::metrics::request(&route, status, begun.elapsed());
    tracing::info!(%method, route, status, ms = begun.elapsed().as_millis(), "request");
    response
}

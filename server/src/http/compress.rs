//! Pages go out compressed to browsers that ask for it (ADR 0010): a phone on a campus network loads a fifth.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use std::io::Write;

/// Below this a page fits into the first packets anyway.
const SMALLEST: usize = 1_400;
/// Above this packing takes so long that it is done off the threads that answer.
const SHORT: usize = 32 * 1_024;
/// Level of gzip. A page of 16 KB becomes 3.8 KB in two thirds of the time of level 5, which would make it 3.5 KB.
const LEVEL: Compression = Compression::new(2);
const CODING: HeaderValue = HeaderValue::from_static("gzip");

/// Whether a browser takes gzip.
fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        let refused = matches!(weight, Some(Ok(weight)) if weight <= 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn packed(page: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut to = GzEncoder::new(Vec::new(), LEVEL);
    to.write_all(page)?;
    to.finish()
}

/// Compresses pages, and nothing else. A page that another site asked for goes out as it is: whoever measures how long
/// compressed pages are must be able to ask for them.
pub async fn pages(request: Request, next: Next) -> Response {
    let elsewhere = request
        .headers()
        .get(HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| site == "cross-site" || site == "same-site");
    let wanted = is_wanted(request.headers()) && !elsewhere;
    let mut response = next.run(request).await;
    if !is_page(&response) {
        return response;
    }
    let vary = HeaderValue::from_static("accept-encoding, sec-fetch-site");
    response.headers_mut().append(header::VARY, vary);
    whole(response, wanted).await
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let html = kind
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"));
    html && !response.headers().contains_key(header::CONTENT_ENCODING)
}

/// A page is complete before its first byte leaves, so it goes out in one piece with its length, packed where the browser
/// takes that.
async fn whole(response: Response, wanted: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(page) = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
    else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    if !wanted || page.len() < SMALLEST {
        return Response::from_parts(parts, Body::from(page));
    }
    let Some(packed) = pack(page.clone()).await else {
        return Response::from_parts(parts, Body::from(page));
    };
    parts.headers.insert(header::CONTENT_ENCODING, CODING);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

async fn pack(page: Bytes) -> Option<Vec<u8>> {
    if page.len() <= SHORT {
        return packed(&page).ok();
    }
    let packed = tokio::task::spawn_blocking(move || packed(&page));
    packed.await.ok()?.ok()
}

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
/// Quality of Brotli: above it the time grows faster than the page shrinks.
const QUALITY: u32 = 5;
const WINDOW: u32 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The better of what a browser takes.
    fn wanted(headers: &HeaderMap) -> Option<Self> {
        let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
        let takes = |coding: Self| {
            accepted.split(',').any(|part| {
                let (name, weight) = part.split_once(';').unwrap_or((part, ""));
                let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
                let refused = matches!(weight, Some(Ok(weight)) if weight <= 0.0);
                name.trim().eq_ignore_ascii_case(coding.name()) && !refused
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|c| takes(*c))
    }

    fn packed(self, page: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let mut to = brotli::CompressorWriter::new(Vec::new(), 4_096, QUALITY, WINDOW);
                to.write_all(page)?;
                to.flush()?;
                Ok(to.into_inner())
            }
            Self::Gzip => {
                let mut to = GzEncoder::new(Vec::new(), Compression::default());
                to.write_all(page)?;
                to.finish()
            }
        }
    }
}

/// Compresses pages, and nothing else. A page that another site asked for goes out as it is: whoever measures how long
/// compressed pages are must be able to ask for them.
pub async fn pages(request: Request, next: Next) -> Response {
    let elsewhere = request
        .headers()
        .get(HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| site == "cross-site" || site == "same-site");
    let coding = Coding::wanted(request.headers()).filter(|_| !elsewhere);
    let mut response = next.run(request).await;
    if !is_page(&response) {
        return response;
    }
    let vary = HeaderValue::from_static("accept-encoding, sec-fetch-site");
    response.headers_mut().append(header::VARY, vary);
    whole(response, coding).await
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let html = kind
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"));
    html && !response.headers().contains_key(header::CONTENT_ENCODING)
}

/// A page is complete before its first byte leaves, so it goes out in one piece with its length, packed off the threads
/// that answer where the browser takes that.
async fn whole(response: Response, coding: Option<Coding>) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(page) = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
    else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let Some(coding) = coding.filter(|_| page.len() >= SMALLEST) else {
        return Response::from_parts(parts, Body::from(page));
    };
    let plain = page.clone();
    let packed = tokio::task::spawn_blocking(move || coding.packed(&page)).await;
    match packed {
        Ok(Ok(packed)) => {
            let name = HeaderValue::from_static(coding.name());
            parts.headers.insert(header::CONTENT_ENCODING, name);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(Bytes::from(packed)))
        }
        Ok(Err(_)) | Err(_) => Response::from_parts(parts, Body::from(plain)),
    }
}

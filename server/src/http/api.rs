//! Operations: `POST /api/{area}/{op}`, each a registered server function. The pages' router registers them, and only for
//! POST: no operation can be reached by following a link.

use super::gate;
use super::router::{OPERATION_LIMIT, State};
use app::cx::Known;
use app::draft::{Posted, is_read};
use app::told::TOLD;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use http::{HeaderMap, StatusCode, Uri, header};
use http_body_util::LengthLimitError;
use std::sync::Arc;

/// What no server function answers.
pub fn router() -> Router<State> {
    Router::new().route("/api/{*operation}", any(async || StatusCode::NOT_FOUND))
}

/// Leads a form whose fields cannot be read back to where it stands: the framework leads nowhere, or to an address that
/// no page reads.
pub async fn read(request: Request, next: Next) -> Response {
    let operation = request.uri().path().starts_with("/api/");
    let back = if operation && gate::wants_html(&request) {
        came_from(request.headers())
    } else {
        None
    };
    let request = if operation && gate::wants_html(&request) {
        posted(request).await
    } else {
        Ok(request)
    };
    let response = match request {
        Ok(request) => next.run(request).await,
        Err(status) => status.into_response(),
    };
    match back {
        Some(back) if response.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            Redirect::to(&back).into_response()
        }
        _ => response,
    }
}

/// Reads the fields of a form beside the operation that reads them too: what was typed is kept when it is refused.
async fn posted(request: Request) -> Result<Request, StatusCode> {
    let (mut parts, body) = request.into_parts();
    let bytes = to_bytes(body, OPERATION_LIMIT)
        .await
        .map_err(|error| status_of(&error))?;
    let rule = parts.extensions.get::<Arc<Known>>().and_then(|cx| cx.rule);
    if rule.is_some_and(|rule| is_read(rule.op)) {
        let form = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        // What is no form is the operation's to refuse.
        if let Ok(Form(fields)) = Form::<Vec<(String, String)>>::from_request(form, &()).await {
            parts.extensions.insert(Posted(fields.into()));
        }
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// A body that is too large, or that did not come to its end.
fn status_of(error: &axum::Error) -> StatusCode {
    match std::error::Error::source(error) {
        Some(cause) if cause.is::<LengthLimitError>() => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The page that a form stands on, as a path of this service, with the word that its form could not be read.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let path = referer.path();
    // Two slashes would lead to another host.
    if !path.starts_with('/') || path.starts_with("//") || path == "/" {
        return None;
    }
    let told = |pair: &str| TOLD.contains(&pair.split('=').next().unwrap_or_default());
    let kept = referer.query().unwrap_or_default().split('&');
    let kept = kept.filter(|pair| !pair.is_empty() && !told(pair));
    let query: Vec<&str> = kept.chain(["refused=malformed"]).collect();
    Some(format!("{path}?{}", query.join("&")))
}

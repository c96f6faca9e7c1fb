//! Operations: `POST /api/{area}/{op}`, each a registered server function. The pages' router registers them, and only for
//! POST: no operation can be reached by following a link.

use super::gate;
use super::router::State;
use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use http::{HeaderMap, StatusCode, Uri, header};

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
    let response = next.run(request).await;
    match back {
        Some(back) if response.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            Redirect::to(&back).into_response()
        }
        _ => response,
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

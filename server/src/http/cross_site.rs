//! Forms that were sent from pages of other sites: refused before anything of them is read, and told to whom it concerns.

use super::gate;
use super::router::{COOKIE, State};
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use http::header;
use tower_http::csrf::ProtectionError;
use tower_sessions_core::session::Id;

/// Tells the IT Centre or the operator of a request that the layer inside refused.
pub async fn tell(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let from = gate::origin(&state, &request);
    let session = session(&request);
    let path = request.uri().path().trim_start_matches('/');
    let slug = path.split('/').next().unwrap_or_default().to_owned();
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        let noted = state.services.note_cross_site(session, &slug, from).await;
        if let Err(error) = noted {
            tracing::error!(error = &error as &dyn std::error::Error, "cross-site");
        }
    }
    response
}

/// What is kept of the id of the session whose cookie came along.
fn session(request: &Request) -> Option<[u8; 32]> {
    let cookies = request.headers().get_all(header::COOKIE);
    let mut pairs = cookies
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'));
    let id = pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    let id: Id = id.parse().ok()?;
    Some(super::sessions::hash(&id))
}

//! Forms that were sent from pages of other sites: refused before anything of them is read, and told to whom it concerns.

use super::gate;
use super::router::{COOKIE, State};
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::csrf::ProtectionError;
use tower_sessions_core::session::Id;

/// Tells the IT Centre or the operator of a request that the layer inside refused. It refuses nothing that only reads.
pub async fn tell(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let from = gate::origin(&state, &request);
    let session: Option<Id> = gate::cookie(&request, COOKIE).and_then(|id| id.parse().ok());
    let slug = gate::parts(request.uri().path()).0.to_owned();
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        let session = session.map(|id| super::sessions::hash(&id));
        let noted = state
            .services
            .run(|services| async move { services.note_cross_site(session, &slug, from).await });
        // To its end also when whoever sent it hangs up at once.
        if let Err(error) = noted.await {
            tracing::error!(error = &error as &dyn std::error::Error, "cross-site");
        }
    }
    response
}

//! Operations: `POST /api/{area}/{op}`, each a registered server function.

use super::router::State;
use axum::Router;
use axum::routing::post;
use leptos_axum::handle_server_fns_with_context;

/// The operations' router. Only POST: no operation can be reached by following a link.
pub fn router() -> Router<State> {
    Router::new().route(
        "/api/{*operation}",
        post(async |request| handle_server_fns_with_context(|| {}, request).await),
    )
}

//! Pages: rendered whole on the server.

use super::router::State;
use axum::Router;
use leptos_axum::{LeptosRoutes, generate_route_list};

/// Paths of all pages, as the policy table names them: below a university, `:name` for what varies.
pub fn paths() -> Vec<String> {
    generate_route_list(app::routes::App)
        .iter()
        .map(|route| {
            let path = route.path();
            path.strip_prefix("/{tenant}/")
                .unwrap_or_else(|| path.trim_start_matches('/'))
                .replace('{', ":")
                .replace('}', "")
        })
        .collect()
}

/// The pages' router.
pub fn router(state: &State) -> Router<State> {
    let routes = generate_route_list(app::routes::App);
    Router::new().leptos_routes_with_context(state, routes, || {}, app::shell::shell)
}

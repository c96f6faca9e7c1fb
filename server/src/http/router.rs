//! The router: layers once around everything, then pages, operations, files and health.

use super::accept::Limits;
use super::sessions::Sessions;
use super::{api, compress, cross_site, files, gate, headers, health, notice, pages};
use app::cx::Assets;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Path};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::institution::Action as _;
use domain::institution::policy::TenantsPage;
use http::StatusCode;
use leptos::config::LeptosOptions;
use services::Services;
use std::any::Any;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

/// Largest body of an operation, in bytes.
pub const OPERATION_LIMIT: usize = 256 * 1024;
/// Name of the session cookie.
pub const COOKIE: &str = "__Host-xj";
/// How long a browser keeps the cookie; the session behind it ends when its own time is over.
const COOKIE_HOURS: i64 = 12;

/// What the service is set up with.
pub struct Setup {
    /// Use cases.
    pub services: Services,
    /// Names of the client's files.
    pub assets: Arc<Assets>,
    /// Folder of the client's files.
    pub site: PathBuf,
    /// The address people use.
    pub public_url: Arc<str>,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Whether this is a demo.
    pub demo: bool,
    /// What leptos wants to know.
    pub leptos: LeptosOptions,
    /// How long clients may take.
    pub limits: Limits,
}

/// What every request can reach: one setup, shared, since each layer takes its own for each request.
#[derive(Clone)]
pub struct State(Arc<Setup>);

impl std::ops::Deref for State {
    type Target = Setup;
    fn deref(&self) -> &Setup {
        &self.0
    }
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<State> for Services {
    fn from_ref(state: &State) -> Self {
        state.services.clone()
    }
}

/// Names of the client's files, from the build's own list.
///
/// # Errors
/// When the client was not built there, or its list is not whole.
pub fn assets(site: &std::path::Path) -> Result<Assets, NoClient> {
    let path = site.join("assets.json");
    let none = |why: String| NoClient {
        path: path.clone(),
        why,
    };
    let text = std::fs::read_to_string(&path).map_err(|e| none(e.to_string()))?;
    let list: serde_json::Value = serde_json::from_str(&text).map_err(|e| none(e.to_string()))?;
    let name = |pointer: &str| {
        let name = list.pointer(pointer).and_then(|v| v.as_str());
        name.filter(|name| !name.is_empty())
            .map(ToOwned::to_owned)
            .ok_or_else(|| none(format!("it has no {pointer}")))
    };
    Ok(Assets {
        css: name("/css")?,
        print: String::new(),
        loader: "/islands.js".to_owned(),
        icon: "/favicon.svg".to_owned(),
        student: (name("/student/js")?, name("/student/wasm")?),
        staff: (name("/staff/js")?, name("/staff/wasm")?),
    })
}

/// There is no client in the folder of the site: pages would come without style and islands.
#[derive(Debug, thiserror::Error)]
#[error("XJ_SITE: {path}: {why}; `cargo xtask build` makes the client in dist/site")]
pub struct NoClient {
    path: PathBuf,
    why: String,
}

/// The address that people remember of their university leads on, and the operator's.
async fn school(Path(slug): Path<String>) -> Response {
    if slug == "operator" {
        Redirect::to(&format!("/{}", TenantsPage::rule().op)).into_response()
    } else if app::cx::is_slug(&slug) {
        Redirect::to(&format!("/{slug}/home")).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// The whole service.
pub fn router(setup: Setup) -> Router {
    let state = State(Arc::new(setup));
    let sessions = SessionManagerLayer::new(Sessions::new(state.services.store().clone()))
        .with_name(COOKIE)
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(COOKIE_HOURS)));
    let inside = Router::new()
        .merge(pages::router(&state))
        .merge(api::router())
        .layer(from_fn(api::read))
        .layer(RequestBodyDeadlineLayer::new(state.limits.operation))
        .merge(files::router(state.limits))
        .layer(DefaultBodyLimit::max(OPERATION_LIMIT))
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .layer(sessions);
    let public = |name: &str| {
        ServeFile::new(state.site.join(name))
            .precompressed_br()
            .precompressed_gzip()
    };
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/{tenant}", get(school))
        .route("/{tenant}/", get(school))
        .nest_service(
            "/pkg",
            ServeDir::new(state.site.join("pkg"))
                .precompressed_br()
                .precompressed_gzip(),
        )
        .route_service("/islands.js", public("islands.js"))
        .route_service("/favicon.svg", public("favicon.svg"))
        .route_service("/robots.txt", public("robots.txt"))
        .merge(inside)
        .layer(catch_panics())
        .layer(RequestBodyTimeoutLayer::new(Duration::from_mins(1)))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), cross_site::tell))
        .layer(from_fn_with_state(state.clone(), notice::explain))
        .layer(from_fn(compress::pages))
        .layer(from_fn(headers::secure))
        .layer(from_fn(headers::log))
        .with_state(state)
}

/// Answers for whatever panics; what it said may quote what was typed, so it is told to nobody.
pub fn catch_panics() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

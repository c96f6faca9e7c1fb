//! The gate: before a page is rendered it is decided which university, who, and whether (rule 10). Nothing below it asks
//! again who somebody is.

use crate::http::router::State;
use app::cx::{Known, TenantInfo};
use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{Origin, SessionMark};
use domain::codes::Province;
use domain::decision::Reason;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Incident, Office, POLICY, Rule, TenantId};
use domain::text::Lang;
use http::{HeaderValue, StatusCode, header};
use services::Provenance;
use services::institution::{Present, SignedIn};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tower_sessions::Session;

pub use app::session::{SEAT, SEEN};

/// Name of the cookie that keeps the language.
pub const LANG_COOKIE: &str = "xj-lang";

/// Where a path leads: university, and what follows.
fn parts(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// The rule of a page or file below the university; `:x` stands for one segment.
pub fn rule_of(path: &str, kinds: &[Kind]) -> Option<&'static Rule> {
    let path = path.trim_matches('/');
    POLICY
        .iter()
        .filter(|rule| kinds.contains(&rule.kind))
        .find(|rule| {
            let (mut pattern, mut actual) = (rule.op.split('/'), path.split('/'));
            loop {
                match (pattern.next(), actual.next()) {
                    (None, None) => return true,
                    (Some(p), Some(a)) if p == a || (p.starts_with(':') && !a.is_empty()) => {}
                    (Some(_) | None, Some(_)) | (Some(_), None) => return false,
                }
            }
        })
}

/// Decides and passes on.
pub async fn gate(Extract(state): Extract<State>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (slug, rest) = parts(&path);
    let Some(session) = request.extensions().get::<Session>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut cx = blank(&state, &request, session, rest);
    let language = wish(&request);
    let seat = cx.session.get::<SignedIn>(SEAT).await.unwrap_or(None);
    let verdict = if slug == "api" {
        api(&state, &mut cx, seat).await
    } else {
        page(&state, &mut cx, seat, slug, rest).await
    };
    if let Err(answer) = verdict {
        return answer;
    }
    let refused = cx.refused;
    request.extensions_mut().insert(cx);
    let mut response = next.run(request).await;
    if let Some(reason) = refused {
        *response.status_mut() = status_of(reason);
    }
    if let Some(lang) = language {
        remember(&mut response, lang);
    }
    response
}

/// The status of a page that is not shown: what does not exist and what may not be seen look the same.
pub fn status_of(reason: Reason) -> StatusCode {
    if reason == Reason::WrongOffice {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::NOT_FOUND
    }
}

fn blank(state: &State, request: &Request, session: Session, rest: &str) -> Known {
    let query: Vec<(String, String)> = request
        .uri()
        .query()
        .and_then(|q| {
            axum::extract::Query::<Vec<(String, String)>>::try_from_uri(request.uri())
                .ok()
                .map(|v| (q, v))
        })
        .map(|(_, axum::extract::Query(pairs))| pairs)
        .unwrap_or_default();
    let accepts = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let origin = origin(state, request);
    let provenance = Provenance {
        origin: Origin::of(origin),
        request: Some(state.services.store().id()),
        session: session.id().map(mark),
    };
    Known {
        services: state.services.asked(provenance),
        tenant: None,
        present: None,
        session,
        lang: wish(request).unwrap_or_else(|| cookie_lang(request)),
        refused: None,
        origin,
        wants_html: accepts.contains("text/html"),
        demo: state.demo,
        public_url: Arc::clone(&state.public_url),
        path: rest.to_owned(),
        query: query.into(),
        assets: Arc::clone(&state.assets),
    }
}

/// What the audit log keeps of a session's id: enough to join its acts, too little to use it.
fn mark(id: tower_sessions::session::Id) -> SessionMark {
    let hash = services::session_hash(&id.0.to_be_bytes());
    let mut mark = [0; 16];
    for (to, from) in mark.iter_mut().zip(hash) {
        *to = from;
    }
    SessionMark(mark)
}

async fn tenant(state: &State, slug: &str) -> Result<TenantInfo, Response> {
    let row = state.services.store().control().tenant_by_slug(slug).await;
    match row {
        Ok(Some(row)) if row.state == "active" => Ok(info(row)),
        Ok(_) => Err(StatusCode::NOT_FOUND.into_response()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "tenant");
            Err((
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::RETRY_AFTER, "5")],
            )
                .into_response())
        }
    }
}

fn info(row: store::rows::Tenant) -> TenantInfo {
    TenantInfo {
        id: TenantId(row.id),
        slug: row.slug,
        name: row.name,
        school_code: row.school_code,
        colour: row.colour,
        province: Province::from_code(&row.province)
            .map_or_else(String::new, |p| p.short_name.to_owned()),
        logo: row.logo_key,
    }
}

/// An operation: the session alone says which university; the form's `tenant` is compared by the operation.
async fn api(state: &State, cx: &mut Known, seat: Option<SignedIn>) -> Result<(), Response> {
    if let Some(seat) = seat {
        cx.present = present(state, cx, seat).await;
        if let Ok(Some(row)) = state.services.store().control().tenant(seat.tenant).await {
            cx.tenant = Some(info(row));
        }
    }
    Ok(())
}

async fn page(
    state: &State,
    cx: &mut Known,
    seat: Option<SignedIn>,
    slug: &str,
    rest: &str,
) -> Result<(), Response> {
    if slug.is_empty() || slug == "operator" {
        return Ok(());
    }
    let tenant = tenant(state, slug).await?;
    let Some(rule) = rule_of(rest, &[Kind::Page, Kind::File]) else {
        cx.tenant = Some(tenant);
        cx.refused = Some(Reason::NotVisible);
        return Ok(());
    };
    let own = seat.filter(|s| s.tenant == tenant.id);
    if seat.is_some() && own.is_none() && rule.who != Who::Anyone {
        // A session belongs to exactly one university; elsewhere nothing exists.
        if let Some(seat) = seat {
            probed(state, cx, seat).await;
        }
        return Err(StatusCode::NOT_FOUND.into_response());
    }
    cx.tenant = Some(tenant);
    if let Some(seat) = own {
        cx.present = present(state, cx, seat).await;
    }
    match (&rule.who, &cx.present) {
        (Who::Anyone, _) => Ok(()),
        (_, None) => Err(Redirect::to(&format!("/{slug}/sign-in")).into_response()),
        (_, Some(present)) => {
            if present.must_enrol && rest != "account" {
                return Err(Redirect::to(&format!("/{slug}/account")).into_response());
            }
            if !rule.allows(&present.actor) {
                cx.refused = Some(Reason::WrongOffice);
            }
            Ok(())
        }
    }
}

/// Tells the IT Centre of the session's own university that somebody of it looked for another one.
async fn probed(state: &State, cx: &Known, seat: SignedIn) {
    let services = &state.services;
    let noted = services
        .note_incident(
            seat.tenant,
            seat.account,
            cx.origin,
            Incident::OtherUniversity,
        )
        .await;
    if let Err(error) = noted {
        tracing::error!(error = &error as &dyn std::error::Error, "incident");
    }
}

/// Seats the person of a session, if the session's idle time is not over.
async fn present(state: &State, cx: &Known, seat: SignedIn) -> Option<Present> {
    let present = state.services.present(seat).await.ok()?;
    let now = state.services.store().now();
    let seen = cx.session.get::<DateTime<Utc>>(SEEN).await.ok()??;
    if now - seen > TimeDelta::minutes(present.idle_minutes) {
        if let Err(error) = cx.session.flush().await {
            tracing::warn!(%error, "an idle session could not be ended");
        }
        return None;
    }
    if now - seen > TimeDelta::minutes(1) && cx.session.insert(SEEN, now).await.is_err() {
        return None;
    }
    (present.actor.office() != Office::Operator && present.allowed_from(cx.origin))
        .then_some(present)
}

fn origin(state: &State, request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| {
            address.ip()
        });
    if !state.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    forwarded
        .rsplit(',')
        .filter_map(|part| part.trim().parse::<IpAddr>().ok())
        .find(|address| !state.trusted_proxies.contains(address))
        .unwrap_or(peer)
}

fn wish(request: &Request) -> Option<Lang> {
    let query = request.uri().query()?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .map(Lang::from_tag)
}

fn cookie_lang(request: &Request) -> Lang {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(LANG_COOKIE)?.strip_prefix('='))
        .map(Lang::from_tag)
        .unwrap_or_default()
}

fn remember(response: &mut Response, lang: Lang) {
    let cookie = format!(
        "{LANG_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure",
        lang.tag()
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

//! The gate: before a page is rendered it is decided which university, who, and whether (rule 10). Nothing below it asks
//! again who somebody is.

use crate::http::notice;
use crate::http::router::{COOKIE, State};
use app::cx::{Known, TenantInfo};
use app::session::{SEAT, is_awake};
use app::wish::Wish;
use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use domain::audit::{Origin, SessionMark};
use domain::codes::Province;
use domain::decision::Reason;
use domain::institution::device::Device;
use domain::institution::policy::{self, Kind, Who, rule_of};
use domain::institution::{Action as _, Incident, Office, Rule, TenantId};
use domain::text::Lang;
use http::{HeaderValue, StatusCode, header};
use services::institution::{Present, SignedIn};
use services::{Provenance, ServiceError};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;
use tower_sessions::Session;
use tower_sessions::session::Error as SessionError;
use tower_sessions::session_store::Error as Unreadable;

/// Name of the cookie that keeps the language.
pub const LANG_COOKIE: &str = "xj-lang";

/// Where a path leads: university, and what follows.
pub(super) fn parts(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// Decides and passes on.
pub async fn gate(Extract(state): Extract<State>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let Some(session) = request.extensions().get::<Session>().cloned() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let cx = blank(&state, &request, session, parts(&path).1);
    let language = wish(&request);
    let carried = cookie(&request, COOKIE).is_some();
    let deciding = decided(state, cx, path, carried);
    let cx = match AbortOnDropHandle::new(tokio::spawn(deciding)).await {
        Ok(Ok(cx)) => Arc::new(cx),
        Ok(Err(answer)) => return answer,
        Err(ended) => return broken(ended),
    };
    request.extensions_mut().insert(Arc::clone(&cx));
    let mut response = next.run(request).await;
    if let Some(reason) = cx.refused {
        *response.status_mut() = status_of(reason);
    }
    response.extensions_mut().insert(cx);
    if let Some(lang) = language {
        remember(&mut response, lang);
    }
    response
}

/// Who asks, and whether. In a task of its own, which ends when the client goes away: what the database answers then wakes
/// this alone, and not every layer around it as well.
async fn decided(
    state: State,
    mut cx: Known,
    path: String,
    carried: bool,
) -> Result<Known, Response> {
    let (slug, rest) = parts(&path);
    let seat = seat(&cx.session).await?;
    if slug == "api" {
        api(&state, &mut cx, seat).await?;
    } else {
        // A session that waits for its second factor has no seat yet, and has not ended either.
        let known = cx.session.id().is_some() && seat.is_none();
        let ended = carried && !known;
        page(&state, &mut cx, (seat, ended), (slug, rest)).await?;
    }
    Ok(cx)
}

/// What broke in the task goes on as it would have without one.
fn broken(ended: JoinError) -> Response {
    match ended.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(ended) => out_of_reach(&ended),
    }
}

/// Who a session belongs to. What cannot be understood belongs to nobody; a database that is away is no sign-out.
async fn seat(session: &Session) -> Result<Option<SignedIn>, Response> {
    match session.get::<SignedIn>(SEAT).await {
        Ok(seat) => Ok(seat),
        Err(error @ SessionError::Store(Unreadable::Backend(_))) => Err(out_of_reach(&error)),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a session without sense"
            );
            Ok(None)
        }
    }
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
        lang: language(request),
        rule: None,
        contacts: Arc::default(),
        refused: None,
        origin,
        wants_html: wants_html(request),
        device: device(request),
        demo: state.demo,
        public_url: Arc::clone(&state.public_url),
        path: rest.to_owned(),
        query: query.into(),
        assets: Arc::clone(&state.assets),
    }
}

/// Whether a browser asks for a page.
pub fn wants_html(request: &Request) -> bool {
    let accepts = request.headers().get(header::ACCEPT);
    accepts
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("text/html"))
}

/// What the browser says of itself.
fn device(request: &Request) -> Device {
    let browser = request.headers().get(header::USER_AGENT);
    let browser = browser.and_then(|v| v.to_str().ok());
    browser.map_or_else(Device::default, Device::of)
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
        Ok(Some(row)) if row.is_active() => Ok(info(row)),
        Ok(Some(_)) => Err(notice::suspended()),
        Ok(None) => Err(StatusCode::NOT_FOUND.into_response()),
        Err(error) => Err(out_of_reach(&error)),
    }
}

fn out_of_reach(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "out of reach");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "5")],
    )
        .into_response()
}

/// Whom to call; a page is shown without it rather than not at all.
async fn contacts(state: &State, tenant: &TenantInfo) -> Arc<BTreeMap<Office, String>> {
    let known = state.services.contacts(tenant.id).await;
    if let Err(error) = &known {
        tracing::warn!(error = error as &dyn std::error::Error, "telephones");
    }
    known.unwrap_or_default()
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
    cx.rule = rule_of(&cx.path, &[Kind::Operation]);
    let Some(seat) = seat else { return Ok(()) };
    let row = state.services.store().control().tenant(seat.tenant).await;
    let row = row.map_err(|error| out_of_reach(&error))?;
    let Some(row) = row.filter(store::rows::Tenant::is_active) else {
        return Ok(());
    };
    // Whoever only looks how far a job is keeps no session alive: an open page is not a person.
    let counts = cx.rule.is_none_or(Rule::writes);
    cx.tenant = Some(info(row));
    cx.present = present(state, cx, seat, counts).await?;
    if let Some(present) = &cx.present {
        cx.contacts = Arc::clone(&present.contacts);
    }
    Ok(())
}

async fn page(
    state: &State,
    cx: &mut Known,
    (seat, ended): (Option<SignedIn>, bool),
    (slug, rest): (&str, &str),
) -> Result<(), Response> {
    if slug == "operator" {
        return platform(cx, rest).await;
    }
    if slug.is_empty() {
        return Ok(());
    }
    let tenant = tenant(state, slug).await?;
    let Some(rule) = rule_of(rest, &[Kind::Page, Kind::File]) else {
        if rest.starts_with("files/") {
            return Err(StatusCode::NOT_FOUND.into_response());
        }
        cx.contacts = contacts(state, &tenant).await;
        cx.tenant = Some(tenant);
        cx.refused = Some(Reason::NotVisible);
        return Ok(());
    };
    cx.rule = Some(rule);
    let own = seat.filter(|s| s.tenant == tenant.id);
    if seat.is_some() && own.is_none() && rule.who != Who::Anyone {
        // A session belongs to exactly one university; elsewhere nothing exists.
        if let Some(seat) = seat {
            cx.note(seat.tenant, seat.account, Incident::OtherUniversity)
                .await;
        }
        return Err(StatusCode::NOT_FOUND.into_response());
    }
    if let Some(seat) = own {
        cx.present = present(state, cx, seat, true).await?;
    }
    cx.contacts = match &cx.present {
        Some(present) => Arc::clone(&present.contacts),
        None if rule.who == Who::Anyone => contacts(state, &tenant).await,
        None => Arc::default(),
    };
    cx.tenant = Some(tenant);
    match (&rule.who, &cx.present) {
        (Who::Anyone, _) => Ok(()),
        (_, None) => Err(sign_in_first(cx, slug, ended)),
        (_, Some(present)) => {
            if present.must_enrol && rest != "account" {
                return Err(Redirect::to(&format!("/{slug}/account")).into_response());
            }
            if !rule.allows(&present.actor) {
                cx.refused = Some(Reason::WrongOffice);
                let (own, account) = (present.actor.tenant(), present.actor.seat().account);
                cx.note(own, account, Incident::Denied).await;
            }
            Ok(())
        }
    }
}

/// Leads whoever is not signed in to the sign-in, which says why and leads back to the page.
fn sign_in_first(cx: &Known, slug: &str, ended: bool) -> Response {
    let wish = Wish::asked(&cx.path, &cx.query);
    let page = if ended {
        wish.sign_in_again()
    } else {
        wish.sign_in()
    };
    Redirect::to(&format!("/{slug}/{page}")).into_response()
}

/// A page of the platform's own. Whoever must still enrol a second factor is led there and nowhere else; nobody who is not
/// signed in has an account, and the first page has the form to sign in with. A page of a university is none of these.
async fn platform(cx: &mut Known, rest: &str) -> Result<(), Response> {
    let (first, own) = (
        policy::TenantsPage::rule(),
        policy::OperatorAccountPage::rule(),
    );
    let to = |page: &Rule| Redirect::to(&format!("/{}", page.op)).into_response();
    let Some(rule) = rule_of(&format!("operator/{rest}"), &[Kind::Page]) else {
        return Err(StatusCode::NOT_FOUND.into_response());
    };
    cx.rule = Some(rule);
    match app::session::operator(cx).await {
        Ok(operator) if operator.must_enrol() && !rule.before_enrolment() => Err(to(own)),
        Err(ServiceError::Refused(_)) if rule.op != first.op => Err(to(first)),
        // The page itself says what is out of reach.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Seats the person of a session, if the session's idle time is not over and the post may be used from here.
///
/// # Errors
/// The answer to give when that cannot be found out now: whoever asks stays signed in and asks again.
async fn present(
    state: &State,
    cx: &Known,
    seat: SignedIn,
    counts: bool,
) -> Result<Option<Present>, Response> {
    let present = match state.services.present(seat).await {
        Ok(present) => present,
        Err(ServiceError::NotFound | ServiceError::Refused(_)) => return Ok(None),
        Err(error) => return Err(out_of_reach(&error)),
    };
    if present.actor.office() == Office::Operator {
        return Ok(None);
    }
    if !present.allowed_from(cx.origin) {
        cx.note(seat.tenant, seat.account, Incident::ForeignNetwork)
            .await;
        if let Err(error) = cx.session.flush().await {
            tracing::warn!(%error, "a session could not be ended");
        }
        return Ok(None);
    }
    let idle = TimeDelta::minutes(present.idle_minutes);
    match is_awake(cx, idle, counts).await {
        Ok(awake) => Ok(awake.then_some(present)),
        Err(error) => Err(out_of_reach(&error)),
    }
}

/// Where a request came from; what a proxy says counts from the proxies that are trusted. Each proxy writes behind what
/// came to it, in the same line or in one of its own: read from the end, the first address that is no trusted proxy's is
/// the one a proxy saw, and everything before it is what the client wrote.
pub fn origin(state: &State, request: &Request) -> IpAddr {
    let trusted = |address: &IpAddr| state.trusted_proxies.contains(address);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let mut nearest = peer.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| {
        peer.ip().to_canonical()
    });
    let lines = request.headers().get_all("x-forwarded-for").iter();
    let mut seen = lines
        .rev()
        .flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while trusted(&nearest)
        && let Some(before) = seen.next().and_then(written_address)
    {
        nearest = before;
    }
    nearest
}

/// An address as proxies write it, some with the port.
fn written_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text
        .parse()
        .or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// The language that an address asks for.
fn wish(request: &Request) -> Option<Lang> {
    let query = request.uri().query()?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .map(Lang::from_tag)
}

/// The language of a request: what its address asks for, or what was chosen before.
pub fn language(request: &Request) -> Lang {
    wish(request).unwrap_or_else(|| cookie_lang(request))
}

fn cookie_lang(request: &Request) -> Lang {
    cookie(request, LANG_COOKIE)
        .map(Lang::from_tag)
        .unwrap_or_default()
}

/// The value of a cookie.
pub(super) fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
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

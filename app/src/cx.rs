//! What a request knows: the university, who is signed in, the language, the services. The only home of contexts.

use crate::draft::{Filled, Kept};
use axum::http::request::Parts;
use domain::decision::Reason;
use domain::institution::device::Device;
use domain::institution::{Actor, Incident, Office, Rule, TenantId};
use domain::text::{Lang, Text};
use leptos::prelude::{GetValue, SetValue, StoredValue, with_context};
use services::Services;
use services::institution::Present;
use services::institution::post::OwnCollege;
use services::institution::totp::{PENDING_VALID, TotpEnrolment};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

/// A university as its pages show it.
#[derive(Clone, Debug)]
pub struct TenantInfo {
    /// Its number.
    pub id: TenantId,
    /// First part of its addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// National school code.
    pub school_code: String,
    /// Primary colour.
    pub colour: String,
    /// What the province is called without its kind: 上海, 江苏.
    pub province: String,
    /// Names the logo, where there is one.
    pub logo: Option<String>,
}

/// Names of the files of the client build.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Style sheet.
    pub css: String,
    /// Style sheet that names further fonts for print; empty when there are none.
    pub print: String,
    /// Script that wakes the islands.
    pub loader: String,
    /// Icon of the browser's tab.
    pub icon: String,
    /// Script and WASM of the students' islands.
    pub student: (String, String),
    /// Script and WASM of the offices' islands.
    pub staff: (String, String),
}

/// The request's knowledge; put into the extensions by the gate, shared: extensions are copied on every way through a layer
/// or a context.
pub struct Known {
    /// Use cases.
    pub services: Services,
    /// The university of the address.
    pub tenant: Option<TenantInfo>,
    /// Who is signed in there.
    pub present: Option<Present>,
    /// The session.
    pub session: tower_sessions::Session,
    /// The language of the page.
    pub lang: Lang,
    /// The rule of the page, file or operation that is asked for.
    pub rule: Option<&'static Rule>,
    /// Telephones of the offices, where the university has entered them.
    pub contacts: Arc<BTreeMap<Office, String>>,
    /// Why the page is not shown.
    pub refused: Option<Reason>,
    /// Where the request came from.
    pub origin: IpAddr,
    /// Whether a browser asks for a page.
    pub wants_html: bool,
    /// Whether this is a demo.
    pub demo: bool,
    /// What the request came from.
    pub device: Device,
    /// The address people use.
    pub public_url: Arc<str>,
    /// Path of the request, without the university.
    pub path: String,
    /// Query of the request.
    pub query: Arc<[(String, String)]>,
    /// Client files.
    pub assets: Arc<Assets>,
}

impl Known {
    /// One of two texts in the page's language.
    pub const fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// First part of the address.
    pub fn slug(&self) -> String {
        self.tenant
            .as_ref()
            .map(|t| t.slug.clone())
            .unwrap_or_default()
    }

    /// An address below the university.
    pub fn href(&self, path: &str) -> String {
        format!("/{}/{path}", self.slug())
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Nobody is: the gate lets no page through then, so this is a defect.
    pub fn actor(&self) -> Result<Actor, services::ServiceError> {
        self.present
            .as_ref()
            .map(|p| p.actor.clone())
            .ok_or(services::ServiceError::SignIn)
    }

    /// Tells the IT Centre of a university what an account of it tried, also of whoever hangs up at once.
    pub async fn note(&self, tenant: TenantId, account: Uuid, incident: Incident) {
        let from = self.origin;
        let noted = self.services.run(|services| async move {
            let account = Some(account);
            services
                .note_incident(tenant, account, from, incident)
                .await
        });
        if let Err(error) = noted.await {
            tracing::error!(error = &error as &dyn std::error::Error, "incident");
        }
    }
}

/// The request's knowledge, if there is a request.
pub fn get() -> Option<Arc<Known>> {
    with_context(|parts: &Parts| parts.extensions.get().cloned())?
}

/// The request's knowledge as pages pass it on: a small copy that every closure of a view can take along.
#[derive(Clone, Copy)]
pub struct Cx {
    /// The language of the page.
    pub lang: Lang,
    known: StoredValue<Arc<Known>>,
    built_on: StoredValue<Option<String>>,
    kept: StoredValue<Kept>,
    college: StoredValue<Option<OwnCollege>>,
}

impl Cx {
    /// Keeps the request's knowledge for as long as the page is being made.
    pub fn new(known: Arc<Known>) -> Self {
        Self {
            lang: known.lang,
            known: StoredValue::new(known),
            built_on: StoredValue::new(None),
            kept: StoredValue::new(Kept::default()),
            college: StoredValue::new(None),
        }
    }

    /// Takes what an operation left in the session for this page.
    pub async fn arrive(self) {
        let lists = [crate::op::BUILT_ON, crate::op::STATUS_BEGUN].map(Some);
        if lists.contains(&self.query("refused").as_deref()) {
            let built = take_once(&self.known(), crate::op::BUILT_ON).await;
            self.built_on.set_value(built);
        }
        self.kept.set_value(Kept::of(self).await);
        if self.known().refused.is_some() || self.query("refused").is_some() {
            self.find_college().await;
        }
    }

    /// Finds the college of whoever is signed in, for a refusal that is about to be told. Without it the number of all
    /// colleges is told.
    pub(crate) async fn find_college(self) {
        let Ok(actor) = self.actor() else {
            return;
        };
        let found = self
            .services()
            .run(|services| async move { services.own_college(&actor).await })
            .await;
        match found {
            Ok(found) => self.college.set_value(found),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "own college");
            }
        }
    }

    /// The college of whoever is signed in, where [`Cx::find_college`] has found one.
    pub fn college(self) -> Option<OwnCollege> {
        self.college.get_value()
    }

    /// The only form of an operation on the page, as it was left.
    pub fn form(self, op: &'static str) -> Filled {
        Filled::of(self, &self.kept.get_value(), op, None)
    }

    /// The mark of the form that was refused, for a list to be opened at it.
    pub fn refused_form(self) -> Option<String> {
        let told = crate::told::Told::of_address(self).and_then(|told| told.form);
        told.or_else(|| self.kept.get_value().mark())
    }

    /// One of several forms of an operation on the page, as it was left; `mark` is made of letters, digits and `-`.
    pub fn form_of(self, op: &'static str, mark: impl Into<String>) -> Filled {
        Filled::of(self, &self.kept.get_value(), op, Some(mark.into()))
    }

    /// What stands on the thing that was not undone, or against what was not done, as the service wrote it.
    pub fn built_on(self) -> Option<String> {
        self.built_on.get_value()
    }

    /// The message beside a field that the operation before refused.
    pub fn error(self, field: &str) -> Option<String> {
        crate::told::Told::of_address(self)?.error(field, self.lang)
    }

    /// Everything.
    pub fn known(self) -> Arc<Known> {
        self.known.get_value()
    }

    /// Use cases.
    pub fn services(self) -> Services {
        self.known().services.clone()
    }

    /// A fixed text in the page's language.
    pub const fn text(self, text: Text) -> &'static str {
        text.in_lang(self.lang)
    }

    /// One of two texts in the page's language.
    pub const fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// One of two texts of the data.
    pub fn pick_text(self, zh: &str, en: &str) -> String {
        self.lang.pick(zh, en).to_owned()
    }

    /// A pair of texts in the page's language.
    pub const fn pair(self, pair: &(String, String)) -> &String {
        match self.lang {
            Lang::Zh => &pair.0,
            Lang::En => &pair.1,
        }
    }

    /// First part of the address.
    pub fn slug(self) -> String {
        self.known().slug()
    }

    /// Name of the university; empty outside of one.
    pub fn school(self) -> String {
        self.known()
            .tenant
            .as_ref()
            .map(|t| t.name.clone())
            .unwrap_or_default()
    }

    /// An address below the university.
    pub fn href(self, path: &str) -> String {
        self.known().href(path)
    }

    /// A value of the query.
    pub fn query(self, name: &str) -> Option<String> {
        self.known().query(name).map(ToOwned::to_owned)
    }

    /// Path of the request, without the university.
    pub fn path(self) -> String {
        self.known().path.clone()
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Nobody is: the gate lets no page through then, so this is a defect.
    pub fn actor(self) -> Result<Actor, services::ServiceError> {
        self.known().actor()
    }
}

/// Whether a text can stand in an address as a university.
pub fn is_slug(text: &str) -> bool {
    domain::institution::Slug::parse(text).is_ok()
}

/// Key in the session of values that are shown once.
const ONCE: &str = "once";
/// Most values that wait to be shown; the oldest goes first.
const WAITING: usize = 12;

/// What waits in the session: kind and sealed value.
type Waiting = Vec<(String, String)>;

/// What is kept of a session id, to tell the own session among others.
pub fn session_hash(id: &tower_sessions::session::Id) -> [u8; 32] {
    services::session_hash(&id.0.to_be_bytes())
}

/// Whose keys seal what waits in the session: those of its university, or the platform's own for its operator.
fn sealer(cx: &Known) -> TenantId {
    cx.tenant
        .as_ref()
        .map_or(TenantId::PLATFORM, |tenant| tenant.id)
}

async fn waiting(cx: &Known) -> Waiting {
    cx.session
        .get(ONCE)
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Keeps a value for the page after the redirect, sealed. `kind` says which page it is for: nobody else takes it.
///
/// # Errors
/// [`services::ServiceError::Internal`] when it cannot be sealed or kept.
pub async fn put_once(cx: &Known, kind: &str, value: &str) -> Result<(), services::ServiceError> {
    put_once_for(cx, sealer(cx), kind, value).await
}

/// Keeps a value for a page of a university that the session does not name yet: nobody has signed in.
///
/// # Errors
/// As [`put_once`].
pub async fn put_once_for(
    cx: &Known,
    school: TenantId,
    kind: &str,
    value: &str,
) -> Result<(), services::ServiceError> {
    let sealed = cx.services.seal_once(school, value)?;
    let mut waiting = waiting(cx).await;
    waiting.retain(|(known, _)| known != kind);
    let surplus = (waiting.len() + 1).saturating_sub(WAITING);
    waiting.drain(..surplus);
    waiting.push((kind.to_owned(), sealed));
    let kept = cx.session.insert(ONCE, waiting).await;
    kept.map_err(|_| services::ServiceError::Internal("session"))
}

/// Takes the value of this kind that is shown once; others go on waiting for their own page.
pub async fn take_once(cx: &Known, kind: &str) -> Option<String> {
    let mut waiting = waiting(cx).await;
    let at = waiting.iter().position(|(known, _)| known == kind)?;
    let (_, sealed) = waiting.remove(at);
    cx.session.insert(ONCE, waiting).await.ok()?;
    cx.services.open_once(sealer(cx), &sealed)
}

/// Reads a value of this kind without taking it: what was typed before a step that is asked for again.
pub async fn peek(cx: &Known, kind: &str) -> Option<String> {
    let waiting = waiting(cx).await;
    let (_, sealed) = waiting.iter().find(|(known, _)| known == kind)?;
    cx.services.open_once(sealer(cx), sealed)
}

/// Kind of one value of one student, shown in full once.
pub fn revealed(student: uuid::Uuid, field: domain::view::record::RevealField) -> String {
    format!("{student}/{}", field.key())
}

/// Key in the session of a second factor that is being set up.
const ENROLMENT: &str = "enrolment";

/// Keeps what is needed to set up a second factor, sealed, until it is confirmed or its time is over: a mistyped first
/// code must not cost a new enrolment.
///
/// # Errors
/// [`services::ServiceError::Internal`] when it cannot be sealed or kept.
pub async fn put_enrolment(
    cx: &Known,
    begun: &TotpEnrolment,
) -> Result<(), services::ServiceError> {
    let until = cx.services.now() + PENDING_VALID;
    let value = format!("{}\n{}", begun.secret, begun.url);
    let sealed = cx.services.seal_once(sealer(cx), &value)?;
    let kept = cx.session.insert(ENROLMENT, (until, sealed)).await;
    kept.map_err(|_| services::ServiceError::Internal("session"))
}

/// The second factor that is being set up, while its time lasts.
pub async fn enrolment(cx: &Known) -> Option<TotpEnrolment> {
    let (until, sealed): (chrono::DateTime<chrono::Utc>, String) =
        cx.session.get(ENROLMENT).await.ok()??;
    if cx.services.now() >= until {
        return None;
    }
    let value = cx.services.open_once(sealer(cx), &sealed)?;
    let (secret, url) = value.split_once('\n')?;
    Some(TotpEnrolment {
        secret: secret.to_owned(),
        url: url.to_owned(),
    })
}

/// Forgets the second factor that was being set up.
pub async fn end_enrolment(cx: &Known) {
    if let Err(error) = cx.session.remove_value(ENROLMENT).await {
        tracing::warn!(%error, "an enrolment could not be forgotten");
    }
}

//! Files: uploads (multipart forms of their own) and downloads. A download is always an attachment, never shown inline.

mod school;

use super::accept::Limits;
use super::gate;
use super::router::State;
use app::cx::Known;
use app::op::code_of;
use app::told::{Told, is_mark};
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, Multipart, Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, body::Body};
use domain::admission::path::AdmissionPath;
use domain::clause::Clause;
use domain::decision::{Reason, Refusal};
use domain::institution::organisation::OrganisationFile;
use domain::institution::policy::{
    UploadAdmission, UploadAssignment, UploadOrganisation, UploadPhotos,
};
use domain::institution::{Action, Actor, Office, Target};
use domain::text::Lang;
use formats::message::UserMessage as _;
use http::{HeaderValue, header};
use services::ServiceError;
use services::admission::{AdmissionUpload, Content, MAX_UPLOAD};
use services::template::TemplateFile;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;
use uuid::Uuid;

/// Files that are taken in at the same time; each is held in memory until it is sealed. Others wait before they are read.
const UPLOADS_AT_ONCE: usize = 4;

/// Most bytes of a form with a file that a person made by hand: a logo, rules, a list.
const SMALL_UPLOAD: usize = 32 << 20;

/// What uploads share.
#[derive(Clone)]
struct Uploads {
    limits: Limits,
    at_once: GlobalConcurrencyLimitLayer,
}

impl Uploads {
    fn of(limits: Limits) -> Self {
        Self {
            limits,
            at_once: GlobalConcurrencyLimitLayer::new(UPLOADS_AT_ONCE),
        }
    }

    fn take(&self, route: MethodRouter<State>, most_bytes: usize) -> MethodRouter<State> {
        route
            .layer::<_, Infallible>(DefaultBodyLimit::max(most_bytes))
            .layer::<_, Infallible>(self.at_once.clone())
            .layer(RequestBodyDeadlineLayer::new(self.limits.upload))
    }

    /// An archive of a whole intake.
    fn large(&self, route: MethodRouter<State>) -> MethodRouter<State> {
        self.take(route, MAX_UPLOAD + (1 << 20))
    }

    fn small(&self, route: MethodRouter<State>) -> MethodRouter<State> {
        self.take(route, SMALL_UPLOAD)
    }
}

/// One kind of file: its address below a university, and what answers there.
type FileRoute = (&'static str, fn(&Uploads) -> MethodRouter<State>);

/// Every file. The router and the list that is compared with the policy table are made from this one.
const FILES: [FileRoute; 14] = [
    ("files/admission", |u| u.large(post(upload_admission))),
    ("files/photos", |u| u.large(post(upload_photos))),
    ("files/assignment", |u| u.small(post(upload_assignment))),
    ("files/organisation", |u| u.small(post(upload_organisation))),
    ("files/rule", |u| u.small(post(school::upload_rule))),
    ("files/logo", |u| u.small(post(school::upload_logo))),
    ("files/templates/{name}", |_| get(template)),
    ("files/findings/{id}", |_| get(findings)),
    ("files/organisation/{id}", |_| get(organisation)),
    ("files/exports/{id}", |_| get(export)),
    ("files/photo/{id}", |_| get(photo)),
    ("files/rules/{id}", |_| get(school::rule)),
    ("files/brand/logo", |_| get(school::logo)),
    ("files/brand/style", |_| get(school::style)),
];

/// The files' router.
pub fn router(limits: Limits) -> Router<State> {
    let uploads = Uploads::of(limits);
    FILES.iter().fold(Router::new(), |router, (path, answer)| {
        router.route(&format!("/{{tenant}}/{path}"), answer(&uploads))
    })
}

/// The addresses of the files' router below a university, as the policy table names them.
pub fn paths() -> impl Iterator<Item = String> {
    FILES
        .iter()
        .map(|(path, _)| path.replace('{', ":").replace('}', ""))
}

/// A form with files: its fields by name, and the files with the names they were sent under.
struct Form {
    fields: BTreeMap<String, String>,
    files: Vec<(String, Vec<u8>)>,
}

impl Form {
    async fn read(request: Request) -> Result<Self, ServiceError> {
        let broken = |_| ServiceError::Invalid {
            field: "file",
            code: "file",
        };
        let mut multipart =
            Multipart::from_request(request, &())
                .await
                .map_err(|_| ServiceError::Invalid {
                    field: "file",
                    code: "file",
                })?;
        let mut form = Self {
            fields: BTreeMap::new(),
            files: Vec::new(),
        };
        while let Some(part) = multipart.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            if let Some(file) = part.file_name().map(ToOwned::to_owned) {
                let bytes = part.bytes().await.map_err(broken)?;
                // A browser sends a part without a name for a field that nobody filled in.
                if !file.is_empty() {
                    form.files.push((file, bytes.into()));
                }
            } else {
                let text = part.text().await.map_err(broken)?;
                form.fields.insert(name, text);
            }
        }
        Ok(form)
    }

    fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn year(&self) -> Result<i32, ServiceError> {
        self.text("year")
            .parse()
            .map_err(|_| ServiceError::Invalid {
                field: "year",
                code: "invalid",
            })
    }

    fn one_file(&mut self) -> Result<(String, Vec<u8>), ServiceError> {
        self.files.pop().ok_or(ServiceError::Invalid {
            field: "file",
            code: "incomplete",
        })
    }
}

/// Whoever may not upload anything is told so before a body of 200 MB is read.
fn allowed<A: Action>(cx: &Known) -> Result<Actor, ServiceError> {
    let actor = cx.actor()?;
    let target = Target::school(actor.tenant());
    actor.authorize::<A>(&target, cx.services.store().now())?;
    Ok(actor)
}

/// Reads a form and refuses one that names another university than the session's.
async fn form(cx: &Known, request: Request) -> Result<Form, ServiceError> {
    let form = Form::read(request).await?;
    if form.text("tenant") == cx.slug() {
        Ok(form)
    } else {
        let (clause, help) = (Clause::CONFIDENTIALITY, Office::ItCentre);
        let elsewhere = Refusal::new(Reason::NotVisible, clause, help);
        Err(ServiceError::Refused(elsewhere))
    }
}

fn answer(cx: &Known, back: &str, done: Result<String, ServiceError>) -> Response {
    match done {
        Ok(path) => Redirect::to(&cx.href(&path)).into_response(),
        Err(error) => failure(cx, back, &error),
    }
}

fn failure(cx: &Known, back: &str, error: &ServiceError) -> Response {
    let (status, ..) = code_of(error);
    if status.is_server_error() {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "file operation failed"
        );
    }
    // Another university does not exist; what is missing in the own one is said where it was asked for.
    let hidden =
        matches!(error, ServiceError::Refused(refusal) if refusal.reason == Reason::NotVisible);
    if cx.wants_html && !hidden && !back.is_empty() {
        let told = Told::of_error(cx, error).of_form(form_of(cx));
        return Redirect::to(&cx.href(&told.at(back))).into_response();
    }
    status.into_response()
}

/// The mark of the form that sends a file, where its page has several such forms. It stands in the address: what cannot be
/// read leads back to its form too.
fn form_of(cx: &Known) -> Option<String> {
    cx.query("form")
        .filter(|mark| is_mark(mark))
        .map(ToOwned::to_owned)
}

/// The gate's own refusal; nothing was read or written then.
fn refused(cx: &Known) -> Option<Response> {
    let reason = cx.refused?;
    Some(gate::status_of(reason).into_response())
}

async fn upload_admission(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = admission(&cx, request).await;
    answer(&cx, "admission/imports", done)
}

async fn admission(cx: &Known, request: Request) -> Result<String, ServiceError> {
    let (actor, mut form) = (allowed::<UploadAdmission>(cx)?, form(cx, request).await?);
    if let Ok(import) = form.text("repair").parse::<Uuid>() {
        let (name, bytes) = form.one_file()?;
        let repaired = cx
            .services
            .run(move |services| async move { services.repair(&actor, import, &name, bytes).await })
            .await;
        let back = format!("admission/imports/{import}");
        return match repaired {
            Ok(_) => Ok(format!("{back}?done=uploaded")),
            Err(ServiceError::NotFound) => Err(ServiceError::NotFound),
            Err(error) => Ok(refused_repair(cx, &back, &error).await),
        };
    }
    let year = form.year()?;
    let path = AdmissionPath::from_key(form.text("path")).unwrap_or(AdmissionPath::Ordinary);
    let (file_name, content) = if is_folder(&form.files) {
        let files = std::mem::take(&mut form.files);
        (folder_name(&files, year), Content::Folder(files))
    } else {
        let (name, bytes) = form.one_file()?;
        (name, Content::File(bytes))
    };
    let upload = AdmissionUpload {
        year,
        path,
        file_name,
        content,
        columns: None,
    };
    let outcome = cx
        .services
        .run(move |services| async move { services.upload_admission(&actor, upload).await })
        .await?;
    Ok(started(&outcome))
}

/// Several files, or one that was sent with its folder.
fn is_folder(files: &[(String, Vec<u8>)]) -> bool {
    files.len() > 1 || files.iter().any(|(name, _)| name.contains('/'))
}

/// The folder that all files lie in, as the browser names it; the year for files that were chosen one by one.
fn folder_name(files: &[(String, Vec<u8>)], year: i32) -> String {
    let first = |name: &str| name.split_once('/').map(|(folder, _)| folder.to_owned());
    let mut folders = files.iter().map(|(name, _)| first(name));
    let common = folders.next().flatten();
    common
        .filter(|common| folders.all(|other| other.as_ref() == Some(common)))
        .unwrap_or_else(|| year.to_string())
}

/// Leads back to the import with the code, and keeps the parser's sentence for its page.
async fn refused_repair(cx: &Known, back: &str, error: &ServiceError) -> String {
    let (status, ..) = code_of(error);
    if status.is_server_error() {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "file operation failed"
        );
    }
    if let ServiceError::File(file) = error {
        let sentence = match cx.lang {
            Lang::Zh => file.zh(),
            Lang::En => file.to_string(),
        };
        if let Err(lost) = app::cx::put_once(cx, "refused_file", &sentence).await {
            tracing::warn!(
                error = &lost as &dyn std::error::Error,
                "a sentence was lost"
            );
        }
    }
    Told::of_error(cx, error).at(back)
}

fn started(outcome: &domain::view::admission::UploadOutcome) -> String {
    use domain::view::admission::UploadOutcome as O;
    let done = match outcome {
        O::Started { .. } => "uploaded",
        O::Already { .. } => "already",
    };
    format!("admission/imports/{}?done={done}", outcome.import())
}

async fn upload_photos(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (allowed::<UploadPhotos>(&cx)?, form(&cx, request).await?);
        let (year, (name, bytes)) = (form.year()?, form.one_file()?);
        let outcome =
            cx.services
                .run(move |services| async move {
                    services.upload_photos(&actor, year, &name, bytes).await
                })
                .await?;
        Ok(started(&outcome))
    };
    let done = done.await;
    answer(&cx, "admission/imports", done)
}

async fn upload_assignment(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let mut back = "assign".to_owned();
    let done = async {
        let (actor, mut form) = (allowed::<UploadAssignment>(&cx)?, form(&cx, request).await?);
        let year = form.year()?;
        back = format!("assign?year={year}");
        let (name, bytes) = form.one_file()?;
        let sheet = cx
            .services
            .run(move |services| async move {
                services.upload_assignment(&actor, year, &name, bytes).await
            })
            .await?;
        Ok(format!("assign?year={year}&sheet={sheet}"))
    };
    let done = done.await;
    answer(&cx, &back, done)
}

async fn upload_organisation(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let mut page = "organisation";
    let done = async {
        let (actor, mut form) = (
            allowed::<UploadOrganisation>(&cx)?,
            form(&cx, request).await?,
        );
        let kind = OrganisationFile::from_key(form.text("kind")).ok_or(ServiceError::NotFound)?;
        if kind == OrganisationFile::Staff {
            page = "staff";
        }
        let (name, bytes) = form.one_file()?;
        let uploaded = cx
            .services
            .run(move |services| async move {
                services
                    .upload_organisation(&actor, kind, &name, bytes)
                    .await
            })
            .await?;
        let said = if uploaded.already {
            "&done=already"
        } else {
            ""
        };
        Ok(format!("{page}?import={}{said}", uploaded.import))
    };
    let done = done.await;
    answer(&cx, page, done)
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file as an attachment; the name is sent in both forms that browsers read (RFC 6266).
fn attachment(name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let value = format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
        app::frame::encode(name)
    );
    let mut response = Response::new(Body::from(bytes));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Ok(value) = HeaderValue::from_str(&value) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn template(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let made = cx
        .actor()
        .and_then(|actor| cx.services.template(&actor, &name, cx.lang));
    made_file(&cx, made)
}

/// A table that was made, by the end of its name.
fn made_file(cx: &Known, made: Result<TemplateFile, ServiceError>) -> Response {
    match made {
        Ok(file) => {
            let media = if std::path::Path::new(&file.name)
                .extension()
                .is_some_and(|end| end == "csv")
            {
                CSV
            } else {
                XLSX
            };
            attachment(&file.name, media, file.bytes)
        }
        Err(error) => failure(cx, "", &error),
    }
}

async fn organisation(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let lang = cx.lang;
    let made = match cx.actor() {
        Ok(actor) => cx
            .services
            .run(
                move |services| async move { services.organisation_result(&actor, id, lang).await },
            )
            .await,
        Err(error) => Err(error),
    };
    made_file(&cx, made)
}

async fn findings(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let lang = cx.lang;
    let made = match cx.actor() {
        Ok(actor) => {
            cx.services
                .run(move |services| async move {
                    let book = services.findings_workbook(&actor, id, lang).await?;
                    Ok((services.findings_name(&actor, id, lang).await?, book))
                })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((name, bytes)) => attachment(&name, XLSX, bytes),
        Err(error) => failure(&cx, &format!("admission/imports/{id}"), &error),
    }
}

async fn export(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let made = match cx.actor() {
        Ok(actor) => {
            cx.services
                .run(move |services| async move { services.download_export(&actor, id).await })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(file) => attachment(&file.name, XLSX, file.bytes),
        Err(error) => failure(&cx, "exports", &error),
    }
}

async fn photo(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let found = match cx.actor() {
        Ok(actor) => {
            cx.services
                .run(move |services| async move { services.photo(&actor, id).await })
                .await
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(photo) => (
            [
                (header::CONTENT_TYPE, photo.media),
                (header::CONTENT_DISPOSITION, "inline"),
            ],
            photo.bytes,
        )
            .into_response(),
        Err(error) => failure(&cx, "", &error),
    }
}

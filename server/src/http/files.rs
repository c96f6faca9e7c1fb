//! Files: uploads (multipart forms of their own) and downloads. A download is always an attachment, never shown inline.

mod school;

use super::gate;
use super::router::State;
use app::cx::Known;
use app::op::code_of;
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, Multipart, Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, body::Body};
use domain::admission::path::AdmissionPath;
use domain::institution::organisation::OrganisationFile;
use http::{HeaderValue, StatusCode, header};
use services::ServiceError;
use services::admission::{AdmissionUpload, Content, MAX_UPLOAD};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The files' router.
pub fn router() -> Router<State> {
    let uploads = Router::new()
        .route("/{tenant}/files/admission", post(upload_admission))
        .route("/{tenant}/files/photos", post(upload_photos))
        .route("/{tenant}/files/assignment", post(upload_assignment))
        .route("/{tenant}/files/organisation", post(upload_organisation))
        .route("/{tenant}/files/rule", post(school::upload_rule))
        .route("/{tenant}/files/logo", post(school::upload_logo))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD + (1 << 20)));
    Router::new()
        .route("/{tenant}/files/templates/{name}", get(template))
        .route("/{tenant}/files/findings/{id}", get(findings))
        .route("/{tenant}/files/organisation/{id}", get(organisation))
        .route("/{tenant}/files/exports/{id}", get(export))
        .route("/{tenant}/files/photo/{id}", get(photo))
        .route("/{tenant}/files/rules/{id}", get(school::rule))
        .route("/{tenant}/files/brand/logo", get(school::logo))
        .route("/{tenant}/files/brand/style", get(school::style))
        .merge(uploads)
}

/// The addresses of the files' router below a university, as the policy table names them.
pub const PATHS: [&str; 14] = [
    "files/admission",
    "files/photos",
    "files/assignment",
    "files/organisation",
    "files/templates/:name",
    "files/findings/:id",
    "files/organisation/:id",
    "files/exports/:id",
    "files/photo/:id",
    "files/rule",
    "files/logo",
    "files/rules/:id",
    "files/brand/logo",
    "files/brand/style",
];

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
                if !bytes.is_empty() {
                    form.files.push((file, bytes.to_vec()));
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

/// Reads a form and refuses one that names another university than the session's.
async fn form(cx: &Known, request: Request) -> Result<Form, ServiceError> {
    let form = Form::read(request).await?;
    if form.text("tenant") == cx.slug() {
        Ok(form)
    } else {
        Err(ServiceError::NotFound)
    }
}

fn answer(cx: &Known, back: &str, done: Result<String, ServiceError>) -> Response {
    if let Some(refused) = refused(cx) {
        return refused;
    }
    match done {
        Ok(path) => Redirect::to(&cx.href(&path)).into_response(),
        Err(error) => failure(cx, back, &error),
    }
}

fn failure(cx: &Known, back: &str, error: &ServiceError) -> Response {
    let (status, code, field) = code_of(error);
    if status.is_server_error() {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "file operation failed"
        );
    }
    if cx.wants_html && status != StatusCode::NOT_FOUND && !back.is_empty() {
        let field = field.map(|f| format!("&field={f}")).unwrap_or_default();
        return Redirect::to(&cx.href(&format!("{back}?refused={code}{field}"))).into_response();
    }
    status.into_response()
}

/// The gate's own refusal; nothing was read or written then.
fn refused(cx: &Known) -> Option<Response> {
    let reason = cx.refused?;
    Some(gate::status_of(reason).into_response())
}

async fn upload_admission(Extension(cx): Extension<Known>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = admission(&cx, request).await;
    answer(&cx, "admission/imports", done)
}

async fn admission(cx: &Known, request: Request) -> Result<String, ServiceError> {
    let (actor, mut form) = (cx.actor()?, form(cx, request).await?);
    if let Ok(import) = form.text("repair").parse::<Uuid>() {
        let (name, bytes) = form.one_file()?;
        cx.services
            .run(move |services| async move { services.repair(&actor, import, &name, bytes).await })
            .await?;
        return Ok(format!("admission/imports/{import}?done=uploaded"));
    }
    let year = form.year()?;
    let path = AdmissionPath::from_key(form.text("path")).unwrap_or(AdmissionPath::Ordinary);
    let (file_name, content) = if form.files.len() > 1 {
        (
            format!("{year}"),
            Content::Folder(std::mem::take(&mut form.files)),
        )
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

fn started(outcome: &domain::view::admission::UploadOutcome) -> String {
    use domain::view::admission::UploadOutcome as O;
    let done = match outcome {
        O::Started { .. } => "uploaded",
        O::Already { .. } => "already",
    };
    format!("admission/imports/{}?done={done}", outcome.import())
}

async fn upload_photos(Extension(cx): Extension<Known>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (cx.actor()?, form(&cx, request).await?);
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

async fn upload_assignment(Extension(cx): Extension<Known>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (cx.actor()?, form(&cx, request).await?);
        let (year, (name, bytes)) = (form.year()?, form.one_file()?);
        let sheet = cx
            .services
            .run(move |services| async move {
                services.upload_assignment(&actor, year, &name, bytes).await
            })
            .await?;
        Ok(format!("assign?year={year}&sheet={sheet}"))
    };
    let done = done.await;
    answer(&cx, "assign", done)
}

async fn upload_organisation(Extension(cx): Extension<Known>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (cx.actor()?, form(&cx, request).await?);
        let kind = OrganisationFile::from_key(form.text("kind")).ok_or(ServiceError::NotFound)?;
        let (name, bytes) = form.one_file()?;
        let page = if kind == OrganisationFile::Staff {
            "staff"
        } else {
            "organisation"
        };
        let import = cx
            .services
            .run(move |services| async move {
                services
                    .upload_organisation(&actor, kind, &name, bytes)
                    .await
            })
            .await?;
        Ok(format!("{page}?import={import}"))
    };
    let done = done.await;
    answer(&cx, "organisation", done)
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
    Extension(cx): Extension<Known>,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let made = cx
        .actor()
        .and_then(|actor| cx.services.template(&actor, &name, cx.lang));
    match made {
        Ok(file) => {
            let media = if file.name.ends_with(".csv") {
                CSV
            } else {
                XLSX
            };
            attachment(&file.name, media, file.bytes)
        }
        Err(error) => failure(&cx, "", &error),
    }
}

async fn organisation(
    Extension(cx): Extension<Known>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let made = match cx.actor() {
        Ok(actor) => {
            cx.services
                .run(move |services| async move { services.organisation_result(&actor, id).await })
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => attachment(cx.pick("检查结果.csv", "result.csv"), CSV, bytes),
        Err(error) => failure(&cx, "", &error),
    }
}

async fn findings(
    Extension(cx): Extension<Known>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let lang = cx.lang;
    let made = match cx.actor() {
        Ok(actor) => cx
            .services
            .run(move |services| async move { services.findings_workbook(&actor, id, lang).await })
            .await,
        Err(error) => Err(error),
    };
    match made {
        Ok(bytes) => attachment(cx.pick("检查结果.xlsx", "findings.xlsx"), XLSX, bytes),
        Err(error) => failure(&cx, "", &error),
    }
}

async fn export(Extension(cx): Extension<Known>, Path((_, id)): Path<(String, Uuid)>) -> Response {
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

async fn photo(Extension(cx): Extension<Known>, Path((_, id)): Path<(String, Uuid)>) -> Response {
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

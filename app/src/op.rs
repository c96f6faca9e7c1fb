//! Operations: one answer for every operation, with codes only.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why an operation did not do what was asked. Codes only: it may end up in an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}")]
pub struct OpError {
    /// The code; pages put it into words with clause and office.
    pub code: String,
    /// The form field it is about, if it is about one.
    pub field: Option<String>,
}

impl FromServerFnError for OpError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        server::unreadable();
        Self {
            code: "malformed".to_owned(),
            field: None,
        }
    }
}

#[cfg(feature = "ssr")]
pub use server::*;

#[cfg(feature = "ssr")]
mod server {
    use super::OpError;
    use crate::cx::{self, Known};
    use crate::draft::{self, Posted};
    use crate::told::Told;
    use crate::wish::Wish;
    use domain::clause::Clause;
    use domain::decision::{Reason, Refusal};
    use domain::institution::policy::ActivateByCode;
    use domain::institution::{Action as _, Actor, Incident, Office, Rule};
    use http::StatusCode;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use services::{ServiceError, Services};
    use std::sync::Arc;

    /// Where an operation leads when it is done, as a path below `/{slug}/`.
    pub type Done = Result<String, ServiceError>;

    /// Runs an operation of somebody signed in and answers it: a redirect for a form, a code for a call.
    ///
    /// `tenant` is what the form carried; where it differs from the session's university the answer is 404.
    ///
    /// # Errors
    /// [`OpError`] with the code; the status is set.
    pub async fn respond<F>(
        tenant: &str,
        back: &str,
        work: impl FnOnce(Services, Actor) -> F,
    ) -> Result<(), OpError>
    where
        F: Future<Output = Done> + Send + 'static,
    {
        let Some(cx) = cx::get() else {
            return Err(no_request());
        };
        let actor = match signed_in(&cx, tenant) {
            Ok(actor) => actor,
            Err(error) => {
                probed(&cx, tenant).await;
                return answer(&cx, tenant, back, Err(error)).await;
            }
        };
        let services = cx.services.clone();
        let work = work(services.clone(), actor);
        let done = services.run(|_| work).await;
        if let Err(error) = &done {
            denied(&cx, error).await;
        }
        answer(&cx, tenant, back, done).await
    }

    /// Runs an operation that anybody may use, inside the university the form names.
    ///
    /// # Errors
    /// [`OpError`] with the code; the status is set.
    pub async fn respond_public<F>(
        tenant: &str,
        back: &str,
        work: impl FnOnce(Arc<Known>) -> F,
    ) -> Result<(), OpError>
    where
        F: Future<Output = Done> + Send + 'static,
    {
        let Some(cx) = cx::get() else {
            return Err(no_request());
        };
        let work = work(Arc::clone(&cx));
        let done = cx.services.run(|_| work).await;
        answer(&cx, tenant, back, done).await
    }

    /// Answers a question of an island; nothing is written and nobody is led anywhere.
    ///
    /// # Errors
    /// [`OpError`] with the code; the status is set.
    pub async fn ask<T, F>(
        tenant: &str,
        work: impl FnOnce(Services, Actor) -> F,
    ) -> Result<T, OpError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ServiceError>> + Send + 'static,
    {
        let Some(cx) = cx::get() else {
            return Err(no_request());
        };
        let answered = match signed_in(&cx, tenant) {
            Ok(actor) => {
                let work = work(cx.services.clone(), actor);
                cx.services.run(|_| work).await
            }
            Err(error) => {
                probed(&cx, tenant).await;
                Err(error)
            }
        };
        if let Err(error) = &answered {
            denied(&cx, error).await;
        }
        answered.map_err(|error| {
            let (status, code, field) = code_of(&error);
            fail(status, code, field)
        })
    }

    /// Rows done and in all while a job works on an import; nothing once it has moved on.
    pub fn running(view: &domain::view::admission::ImportView) -> Option<(i32, i32)> {
        use domain::admission::import::ImportState as S;
        use domain::view::admission::JobState;
        let busy = matches!(view.line.state, S::Uploaded | S::Checking | S::Confirming);
        // Work that failed for good does not go on by itself: the page says so and offers to start it again.
        let failed = view.progress.as_ref().map(|p| p.state) == Some(JobState::Failed);
        (busy && !failed).then(|| view.progress.as_ref().map_or((0, 0), |p| (p.done, p.total)))
    }

    fn signed_in(cx: &Known, tenant: &str) -> Result<Actor, ServiceError> {
        let refuse = |reason| Refusal::new(reason, Clause::CONFIDENTIALITY, Office::ItCentre);
        let present = cx.present.as_ref();
        let present = present.ok_or_else(|| refuse(Reason::NotSignedIn))?;
        if !own(cx, tenant) {
            return Err(ServiceError::NotFound);
        }
        if present.must_enrol && !cx.rule.is_some_and(Rule::before_enrolment) {
            return Err(refuse(Reason::FactorNeeded).into());
        }
        Ok(present.actor.clone())
    }

    /// Whether a form names the university of the session.
    fn own(cx: &Known, tenant: &str) -> bool {
        cx.tenant.as_ref().is_some_and(|own| own.slug == tenant)
    }

    /// Tells the IT Centre of the own university when somebody of it asked for something of another one.
    async fn probed(cx: &Known, tenant: &str) {
        let (Some(present), Some(own)) = (&cx.present, &cx.tenant) else {
            return;
        };
        if own.slug != tenant {
            cx.note(
                own.id,
                present.actor.seat().account,
                Incident::OtherUniversity,
            )
            .await;
        }
    }

    /// Tells the IT Centre when somebody asked for what the post has no right to. A password that is wanted again is no
    /// such thing.
    async fn denied(cx: &Known, error: &ServiceError) {
        let ServiceError::Refused(refusal) = error else {
            return;
        };
        let beyond = matches!(refusal.reason, Reason::WrongOffice | Reason::SamePerson);
        if let (Some(present), Some(own), true) = (&cx.present, &cx.tenant, beyond) {
            cx.note(own.id, present.actor.seat().account, Incident::Denied)
                .await;
        }
    }

    /// Turns the outcome into a redirect (forms) or a status with a code (calls).
    async fn answer(cx: &Known, tenant: &str, back: &str, done: Done) -> Result<(), OpError> {
        let slug = if cx::is_slug(tenant) { tenant } else { "" };
        let error = match done {
            Ok(path) => {
                draft::forget(cx).await;
                lead(slug, &path);
                return Ok(());
            }
            Err(error) => error,
        };
        let (status, code, field) = code_of(&error);
        // That a university stands still is no fault of the service.
        if status.is_server_error() && !matches!(error, ServiceError::Suspended) {
            tracing::error!(error = &error as &dyn std::error::Error, "operation failed");
        }
        // Another university does not exist; what is missing in the own one is said where it was asked for.
        let hidden = status == StatusCode::NOT_FOUND && !own(cx, tenant);
        if !cx.wants_html || hidden || slug.is_empty() {
            return Err(fail(status, code, field));
        }
        if let Some(built) = listed(&error) {
            // Without the list the page still says that something stands on it.
            let kept = cx::put_once(cx, BUILT_ON, &built).await;
            tracing::debug!(kept = kept.is_ok(), "what stands on it");
        }
        // What is asked too often is not kept: nobody fills the table of sessions that way.
        if cx.present.is_none() && status != StatusCode::TOO_MANY_REQUESTS {
            draft::keep_before_sign_in(cx, slug, back).await;
        }
        let back = if begins_anew(cx, status) {
            Wish::of_page(back).sign_in()
        } else {
            back.to_owned()
        };
        lead(
            slug,
            &refused(cx, &error, &back, cx.present.is_some()).await,
        );
        Ok(())
    }

    /// Whether whoever is refused begins anew with the password. Whoever is signed in and mistypes it again stays where the
    /// form is; so does whoever activates with a one-time code, which is a way in of its own.
    fn begins_anew(cx: &Known, status: StatusCode) -> bool {
        let by_code = cx.rule.map(|rule| rule.op) == Some(ActivateByCode::rule().op);
        status == StatusCode::UNAUTHORIZED && cx.present.is_none() && !by_code
    }

    /// The address of the page below a university, or of the operator, that tells of a refusal. What somebody who is signed
    /// in typed waits there.
    async fn refused(cx: &Known, error: &ServiceError, back: &str, signed_in: bool) -> String {
        let posted = draft::posted();
        if signed_in {
            draft::keep(cx, back, posted.as_ref()).await;
        }
        let told = Told::of_error(cx, error).of_form(posted.as_ref().and_then(Posted::mark));
        told.at(back)
    }

    /// Leads to a page below a university; home where a path cannot stand in a header.
    fn lead(slug: &str, path: &str) {
        let path = format!("/{slug}/{path}");
        let fits = http::HeaderValue::from_str(&path).is_ok();
        let home = format!("/{slug}/home");
        leptos_axum::redirect(if fits { &path } else { &home });
    }

    /// A form whose fields cannot be read is the client's fault, not the server's.
    pub(super) fn unreadable() {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        }
    }

    /// Kind of the value shown once that lists what stands on something.
    pub const BUILT_ON: &str = "built_on";

    /// Code of a refusal that names the records whose student status stands against it.
    pub const STATUS_BEGUN: &str = "status_begun";

    /// What a refusal names beside its code: kinds with their counts, or candidates by their last characters.
    fn listed(error: &ServiceError) -> Option<String> {
        match error {
            ServiceError::BuiltOn(built) => Some(built.clone()),
            ServiceError::StatusBegun(tails) => {
                let named = tails.iter().map(|tail| format!("candidate {tail}"));
                Some(named.collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }

    fn fail(status: StatusCode, code: &str, field: Option<&str>) -> OpError {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.set_status(status);
        }
        OpError {
            code: code.to_owned(),
            field: field.map(ToOwned::to_owned),
        }
    }

    /// Status, code and field of a service error.
    pub fn code_of(error: &ServiceError) -> (StatusCode, &'static str, Option<&'static str>) {
        match error {
            ServiceError::Refused(refusal) => {
                let (status, code) = reason_code(refusal.reason);
                (status, code, None)
            }
            ServiceError::NotFound => (StatusCode::NOT_FOUND, "not_found", None),
            ServiceError::Suspended => (StatusCode::SERVICE_UNAVAILABLE, "suspended", None),
            ServiceError::Invalid { field, code } => {
                (StatusCode::UNPROCESSABLE_ENTITY, code, Some(field))
            }
            ServiceError::SignIn => (StatusCode::UNAUTHORIZED, "sign_in", None),
            ServiceError::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many", None),
            ServiceError::BuiltOn(_) => (StatusCode::CONFLICT, BUILT_ON, None),
            ServiceError::StatusBegun(_) => (StatusCode::CONFLICT, STATUS_BEGUN, None),
            ServiceError::Store(store) => store_code(store),
            ServiceError::Interrupted => (StatusCode::SERVICE_UNAVAILABLE, "interrupted", None),
            ServiceError::File(_) => (StatusCode::UNPROCESSABLE_ENTITY, "file", Some("file")),
            ServiceError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", None),
        }
    }

    fn store_code(
        error: &services::StoreError,
    ) -> (StatusCode, &'static str, Option<&'static str>) {
        use services::StoreError as S;
        match error {
            S::Stale | S::FenceLost => (StatusCode::CONFLICT, "stale", None),
            S::Taken => (StatusCode::CONFLICT, "taken", None),
            S::NotFound => (StatusCode::NOT_FOUND, "not_found", None),
            S::Unreachable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unreachable", None),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal", None),
        }
    }

    const fn reason_code(reason: Reason) -> (StatusCode, &'static str) {
        match reason {
            Reason::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in"),
            Reason::WrongOffice => (StatusCode::FORBIDDEN, "wrong_office"),
            Reason::NotVisible => (StatusCode::NOT_FOUND, "not_found"),
            Reason::StepUpNeeded => (StatusCode::FORBIDDEN, "step_up"),
            Reason::FactorNeeded => (StatusCode::FORBIDDEN, "enrol_first"),
            Reason::SamePerson => (StatusCode::FORBIDDEN, "same_person"),
            Reason::IllegalMove => (StatusCode::CONFLICT, "illegal_move"),
            Reason::Stale => (StatusCode::CONFLICT, "stale"),
            Reason::BuiltOn => (StatusCode::CONFLICT, "built_on"),
            Reason::TooLate => (StatusCode::CONFLICT, "too_late"),
            Reason::Incomplete => (StatusCode::UNPROCESSABLE_ENTITY, "incomplete"),
            Reason::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        }
    }

    /// Runs an operation of the platform's operator; it leads to a whole path, and back to a page of the operator's, as a
    /// path below `/operator/`, when it is refused.
    ///
    /// # Errors
    /// [`OpError`] with the code; the status is set.
    pub async fn respond_operator<F>(
        back: &str,
        work: impl FnOnce(Arc<Known>) -> F,
    ) -> Result<(), OpError>
    where
        F: Future<Output = Done> + Send + 'static,
    {
        let Some(cx) = cx::get() else {
            return Err(no_request());
        };
        let work = work(Arc::clone(&cx));
        match cx.services.run(|_| work).await {
            Ok(path) => {
                draft::forget(&cx).await;
                leptos_axum::redirect(&path);
                Ok(())
            }
            Err(error) => {
                let (status, code, field) = code_of(&error);
                if status.is_server_error() {
                    tracing::error!(error = &error as &dyn std::error::Error, "operation failed");
                }
                if cx.wants_html {
                    // Whoever is signed in no more has no other page.
                    let signed_in = code != "not_signed_in";
                    let back = if signed_in { back } else { "tenants" };
                    let told = refused(&cx, &error, back, signed_in).await;
                    leptos_axum::redirect(&format!("/operator/{told}"));
                    return Ok(());
                }
                Err(fail(status, code, field))
            }
        }
    }

    /// The answer where there is no request: a defect.
    pub fn no_request() -> OpError {
        fail(StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
    }

    /// Reads a row id of a form.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]: an id that is none names nothing.
    pub fn id(text: &str) -> Result<uuid::Uuid, ServiceError> {
        text.parse().map_err(|_| ServiceError::NotFound)
    }

    /// The page of a row below the page of its list; the list where the id of a form is none. What a form says goes into
    /// no address as it is.
    pub fn page_of(list: &str, id: &str) -> String {
        id.parse::<uuid::Uuid>()
            .map_or_else(|_| list.to_owned(), |id| format!("{list}/{id}"))
    }

    /// Reads a row id of a form that may be left empty.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn optional_id(text: &str) -> Result<Option<uuid::Uuid>, ServiceError> {
        if text.is_empty() {
            Ok(None)
        } else {
            id(text).map(Some)
        }
    }

    /// Reads a day of a form.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on the field (`invalid`).
    pub fn day(field: &'static str, text: &str) -> Result<chrono::NaiveDate, ServiceError> {
        let code = "invalid";
        text.trim()
            .parse()
            .map_err(|_| ServiceError::Invalid { field, code })
    }

    /// Reads a term of a form.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on the field that is wrong.
    pub fn term(
        year: &str,
        semester: &str,
        starts_on: &str,
        ends_on: &str,
        days: &crate::ops::institution::TypedDays,
    ) -> Result<domain::institution::term::Term, ServiceError> {
        let invalid = |field| ServiceError::Invalid {
            field,
            code: "invalid",
        };
        Ok(domain::institution::term::Term {
            year: year.trim().parse().map_err(|_| invalid("year"))?,
            semester: services::institution::school::semester_of(semester)
                .ok_or(invalid("semester"))?,
            starts_on: day("starts_on", starts_on)?,
            ends_on: day("ends_on", ends_on)?,
            arrival_on: optional_day("arrival_on", &days.arrival_on)?,
            student_days: domain::institution::term::StudentDays {
                verify_until: optional_day("verify_until", &days.verify_until)?,
                self_check_until: optional_day("self_check_until", &days.self_check_until)?,
                photo_until: optional_day("photo_until", &days.photo_until)?,
            },
        })
    }

    fn optional_day(
        field: &'static str,
        text: &str,
    ) -> Result<Option<chrono::NaiveDate>, ServiceError> {
        if text.trim().is_empty() {
            Ok(None)
        } else {
            day(field, text).map(Some)
        }
    }

    /// A page below the university that a form wants to lead back to, with its query; the account page where the text
    /// is none. The university is put before it, so it never leads elsewhere.
    pub fn page_back(text: &str) -> &str {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/?&=%".contains(&b);
        if !text.is_empty() && !text.starts_with('/') && text.bytes().all(fits) {
            text
        } else {
            "account"
        }
    }

    /// The page an organisation import belongs to.
    pub fn organisation_page(page: &str) -> &'static str {
        if page == "staff" {
            "staff"
        } else {
            "organisation"
        }
    }

    /// Reads what an export form asks for: the list, the columns on the screen, and those that are wanted.
    pub fn export_request(
        list: &str,
        columns: &[String],
    ) -> (
        domain::view::list::ListQuery,
        Vec<String>,
        Vec<domain::view::list::Column>,
    ) {
        let pairs = crate::frame::decode_query(list);
        let query = domain::view::list::ListQuery::from_pairs(
            pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())),
        );
        let shown = pairs
            .iter()
            .filter(|(key, _)| key == "col")
            .map(|(_, value)| value.clone())
            .collect();
        let columns = columns
            .iter()
            .filter_map(|c| domain::view::list::Column::from_key(c))
            .collect();
        (query, shown, columns)
    }

    /// The address of a list: filter, order and columns as they are, what is searched for sealed.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when it cannot be sealed.
    pub fn list_address(
        services: &Services,
        actor: &Actor,
        query: &domain::view::list::ListQuery,
        columns: &[String],
    ) -> Result<String, ServiceError> {
        let sealed = services.seal_search(actor, query.filter.search.as_deref())?;
        let mut pairs: Vec<String> = query
            .to_pairs()
            .into_iter()
            .filter(|(key, _)| *key != "q")
            .map(|(key, value)| format!("{key}={}", crate::frame::encode(&value)))
            .collect();
        pairs.extend(sealed.map(|sealed| format!("s={sealed}")));
        let columns = columns
            .iter()
            .map(|key| format!("col={}", crate::frame::encode(key)));
        pairs.extend(columns);
        Ok(format!("students?{}", pairs.join("&")))
    }
}

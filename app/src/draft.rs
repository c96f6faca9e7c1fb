//! What was typed into a form whose operation was refused: kept for the page of the form, sealed, until it is done. Before
//! anybody is signed in, of one form, and shown once.

use crate::cx::{Cx, Known};
use crate::frame::{decode_query, encode};
use crate::told::{Told, is_mark};
use axum::http::request::Parts;
use domain::institution::POLICY;
use domain::institution::policy::Who;
use leptos::prelude::with_context;
use services::ServiceError;
use std::sync::Arc;
use ui::prelude::Hidden;

/// The fields of a form as they were posted; the server puts them into the request before an operation reads them.
#[derive(Clone, Debug)]
pub struct Posted(pub Arc<[(String, String)]>);

impl Posted {
    /// The form's mark, where it has one: what tells it from other forms of its operation on the page.
    pub(crate) fn mark(&self) -> Option<String> {
        let mark = mark_of(&self.0).filter(|mark| is_mark(mark));
        mark.map(ToOwned::to_owned)
    }
}

fn mark_of(fields: &[(String, String)]) -> Option<&str> {
    let found = fields.iter().find(|(name, _)| name == FORM);
    found.map(|(_, mark)| mark.as_str())
}

/// Name of the field that holds a form's mark.
const FORM: &str = "form";
/// Kind of the one draft that a session holds.
const KIND: &str = "draft";
/// Longest draft in bytes; a longer form is not kept.
const LONGEST: usize = 16 << 10;
/// Operations whose forms hold a password, a code, a whole document number or what is searched for: none is kept.
const SECRET: [&str; 7] = [
    "institution/step-up",
    "institution/change-password",
    "institution/totp-confirm",
    "disclosure/find",
    "disclosure/search",
    "operator/step-up",
    "operator/totp-confirm",
];

/// Forms that are filled in before anybody is signed in, with the fields that are kept of them: who somebody is. The number
/// of a document, a code and a password are typed again.
const BEFORE_SIGN_IN: [(&str, &[&str]); 2] = [
    ("institution/sign-in", &["login"]),
    ("institution/activate-by-code", &["ksh", "name"]),
];

/// The fields that are kept of a form that is filled in before anybody is signed in.
fn kept_before_sign_in(op: &str) -> Option<&'static [&'static str]> {
    let mut all = BEFORE_SIGN_IN.into_iter();
    all.find_map(|(known, fields)| (known == op).then_some(fields))
}

/// Whether a form is read beside its operation, for something of it to be kept.
pub fn is_read(op: &str) -> bool {
    keeps(op) || kept_before_sign_in(op).is_some()
}

/// Whether what was typed into the form of an operation is kept when the operation is refused.
pub fn keeps(op: &str) -> bool {
    let mut rules = POLICY.iter().filter(|rule| rule.op == op);
    rules.any(|rule| rule.who != Who::Anyone) && !SECRET.contains(&op)
}

/// The form that the request posted, where what is typed into it is kept.
pub(crate) fn posted() -> Option<Posted> {
    with_context(|parts: &Parts| parts.extensions.get().cloned())?
}

/// A form as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    page: String,
    op: String,
    fields: Vec<(String, String)>,
}

impl Draft {
    fn to_text(&self) -> String {
        let pairs = self.fields.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let pairs = pairs.collect::<Vec<_>>().join("&");
        format!("{}\n{}\n{pairs}", self.page, self.op)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.splitn(3, '\n');
        Some(Self {
            page: lines.next()?.to_owned(),
            op: lines.next()?.to_owned(),
            fields: decode_query(lines.next()?),
        })
    }

    fn mark(&self) -> Option<&str> {
        mark_of(&self.fields)
    }
}

/// Keeps what somebody who is signed in typed for the page it is led back to. That it could not be kept is no failure of
/// its own.
pub(crate) async fn keep(cx: &Known, back: &str, posted: Option<&Posted>) {
    let Some(op) = cx.rule.map(|rule| rule.op).filter(|op| keeps(op)) else {
        return;
    };
    let Some(posted) = posted else {
        return;
    };
    if let Some(text) = drafted((op, back), posted, |name| name != "tenant") {
        or_lost(crate::cx::put_once(cx, KIND, &text).await);
    }
}

/// What is kept of a form of an operation for a page; nothing where that is too much.
fn drafted(
    (op, back): (&str, &str),
    posted: &Posted,
    is_kept: impl Fn(&str) -> bool,
) -> Option<String> {
    let fields = posted.0.iter().filter(|(name, _)| is_kept(name));
    let draft = Draft {
        page: back.split('?').next().unwrap_or_default().to_owned(),
        op: op.to_owned(),
        fields: fields.cloned().collect(),
    };
    Some(draft.to_text()).filter(|text| text.len() <= LONGEST)
}

fn or_lost(kept: Result<(), ServiceError>) {
    if let Err(error) = kept {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "what was typed is lost"
        );
    }
}

/// Keeps of a form that was refused before anybody is signed in what may be kept, for the page of the university that the
/// form names. It is shown once: others may use the same browser.
pub(crate) async fn keep_before_sign_in(cx: &Known, slug: &str, back: &str) {
    let rule = cx
        .rule
        .and_then(|rule| Some((rule.op, kept_before_sign_in(rule.op)?)));
    let (Some((op, names)), Some(posted)) = (rule, posted()) else {
        return;
    };
    let Ok(Some(school)) = cx.services.school_at(slug).await else {
        return;
    };
    if let Some(text) = drafted((op, back), &posted, |name| names.contains(&name)) {
        or_lost(crate::cx::put_once_for(cx, school, KIND, &text).await);
    }
}

/// Forgets what was typed for an operation that is done.
pub(crate) async fn forget(cx: &Known) {
    let Some(op) = cx.rule.map(|rule| rule.op).filter(|op| keeps(op)) else {
        return;
    };
    let waits = crate::cx::peek(cx, KIND).await;
    let waits = waits.as_deref().and_then(Draft::from_text);
    if waits.is_some_and(|draft| draft.op == op) {
        crate::cx::take_once(cx, KIND).await;
    }
}

/// What waits for a page: only one that tells of a refusal, or of a password that was given again, shows it.
async fn waiting(cx: Cx) -> Option<Draft> {
    let told = cx.query("refused").is_some() || cx.query("done").as_deref() == Some("stepped_up");
    if !told {
        return None;
    }
    let known = cx.known();
    let text = crate::cx::peek(&known, KIND).await?;
    let draft = Draft::from_text(&text).filter(|draft| draft.page == cx.path())?;
    if kept_before_sign_in(&draft.op).is_some() {
        crate::cx::take_once(&known, KIND).await;
    }
    Some(draft)
}

/// What a page has of the form that was refused.
#[derive(Clone, Debug, Default)]
pub struct Kept(Option<Arc<Draft>>);

impl Kept {
    /// Reads it from the session.
    pub async fn of(cx: Cx) -> Self {
        Self(waiting(cx).await.map(Arc::new))
    }

    /// The mark of the form.
    pub(crate) fn mark(&self) -> Option<String> {
        self.0.as_ref()?.mark().map(ToOwned::to_owned)
    }
}

/// A form of a page, with what was typed into it before it was refused and what was said about it.
#[derive(Clone, Debug)]
pub struct Filled {
    mark: Option<String>,
    told: Option<Told>,
    draft: Option<Arc<Draft>>,
    lang: domain::text::Lang,
}

impl Filled {
    /// The form of an operation; `mark` tells it from others of its operation on the page.
    pub(crate) fn of(cx: Cx, kept: &Kept, op: &'static str, mark: Option<String>) -> Self {
        let told = Told::of_address(cx).filter(|told| told.op == Some(op) && told.form == mark);
        let own = |draft: &&Arc<Draft>| draft.op == op && draft.mark() == mark.as_deref();
        Self {
            draft: kept.0.as_ref().filter(own).cloned(),
            told,
            lang: cx.lang,
            mark,
        }
    }

    /// The id of one of its fields: where a refusal leads to.
    pub fn id(&self, field: &str) -> String {
        ui::prelude::field_id(&Told::place(field, self.mark.as_deref()))
    }

    /// The fields that are posted unseen, with the form's own mark.
    pub fn hidden(&self, mut fields: Vec<Hidden>) -> Vec<Hidden> {
        fields.extend(self.mark.clone().map(|mark| Hidden::new(FORM, mark)));
        fields
    }

    /// What was typed into a field; `otherwise` where nothing was.
    pub fn value(&self, field: &str, otherwise: impl Into<String>) -> String {
        self.typed(field)
            .map_or_else(|| otherwise.into(), ToOwned::to_owned)
    }

    /// What was typed into a field.
    pub fn typed(&self, field: &str) -> Option<&str> {
        self.all(field)?.next()
    }

    /// Everything that was chosen of a field with several values; none where nothing was kept.
    pub fn all(&self, field: &str) -> Option<impl Iterator<Item = &str>> {
        let fields = self.draft.as_ref()?.fields.iter();
        Some(
            fields
                .filter(move |(name, _)| name == field)
                .map(|(_, value)| value.as_str()),
        )
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<String> {
        self.told.as_ref()?.error(field, self.lang)
    }

    /// Whether the fold it stands in is open: whoever comes back to it looks for it.
    pub fn open(&self) -> bool {
        self.told.is_some() || self.draft.is_some()
    }
}

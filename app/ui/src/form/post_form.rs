use leptos::prelude::*;

use crate::slot::Text;

/// A field that is posted and not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Name that is posted.
    pub name: String,
    /// What is posted.
    pub value: String,
}

impl Hidden {
    /// Posts `value` as `name`.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

pub(crate) fn hidden_fields(fields: Vec<Hidden>) -> AnyView {
    fields
        .into_iter()
        .map(|field| view! { <input type="hidden" name=field.name value=field.value/> })
        .collect_view()
        .into_any()
}

/// A form that posts; works without a script.
///
/// `<PostForm action="/…" tenant="shou" hidden=vec![Hidden::new("id", "…")]>…</PostForm>`
#[component]
pub fn PostForm(
    /// Where it posts.
    #[prop(into)]
    action: String,
    /// The school, posted as `tenant`; none on pages of no school.
    #[prop(optional, into)]
    tenant: Text,
    /// Sends files.
    #[prop(optional)]
    multipart: bool,
    /// The form's id, for fields outside it.
    #[prop(optional, into)]
    id: Text,
    /// Fields that are not seen.
    #[prop(optional)]
    hidden: Vec<Hidden>,
    /// Name of the form, for readers.
    #[prop(optional, into)]
    label: Text,
    /// Other than `xj-form`.
    #[prop(default = "xj-form".into(), into)]
    class: String,
    /// Posts without the browser's checks, so that the server's words are shown.
    #[prop(optional)]
    unchecked: bool,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let tenant = tenant.map(|tenant| Hidden::new("tenant", tenant));
    let fields = tenant.into_iter().chain(hidden).collect();
    view! {
        <form
            class=class
            method="post"
            action=action
            enctype=multipart.then_some("multipart/form-data")
            id=id.into_inner()
            novalidate=unchecked
            aria-label=label.into_inner()
        >
            {hidden_fields(fields)}
            {children()}
        </form>
    }
}

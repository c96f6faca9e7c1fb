use leptos::prelude::*;

use crate::slot::Text;

/// How much a button weighs. A page has one main button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The main one, filled.
    #[default]
    Primary,
    /// Beside it, outlined.
    Secondary,
    /// In the corner of an office page, words alone.
    Quiet,
    /// Cannot be taken back.
    Danger,
    /// Looks like a link.
    Link,
}

impl Weight {
    fn class(self, wide: bool) -> String {
        let kind = match self {
            Self::Primary => "xj-btn xj-btn-primary",
            Self::Secondary => "xj-btn xj-btn-secondary",
            Self::Quiet => "xj-btn xj-btn-quiet",
            Self::Danger => "xj-btn xj-btn-danger",
            Self::Link => "xj-btn-link",
        };
        if wide {
            format!("{kind} xj-btn-wide")
        } else {
            kind.to_owned()
        }
    }
}

/// Posts its form.
///
/// `<SubmitButton label="…" weight=Weight::Secondary formaction="/…"/>`
#[component]
pub fn SubmitButton(
    /// A verb.
    #[prop(into)]
    label: String,
    /// How much it weighs.
    #[prop(optional)]
    weight: Weight,
    /// As wide as its place; for the phone's sticky bar.
    #[prop(optional)]
    wide: bool,
    /// Name that is posted with `value`.
    #[prop(optional, into)]
    name: Text,
    /// What is posted.
    #[prop(optional, into)]
    value: Text,
    /// Posts to another address than the form's.
    #[prop(optional, into)]
    formaction: Text,
    /// The form's id, when the button stands outside it.
    #[prop(optional, into)]
    form: Text,
    /// Posts without the browser's checks; for saving a draft.
    #[prop(optional)]
    unchecked: bool,
    /// Cannot be pressed; say why beside it.
    #[prop(optional)]
    disabled: bool,
) -> impl IntoView {
    view! {
        <button
            class=weight.class(wide)
            type="submit"
            name=name.into_inner()
            value=value.into_inner()
            formaction=formaction.into_inner()
            form=form.into_inner()
            formnovalidate=unchecked
            disabled=disabled
        >
            {label}
        </button>
    }
}

/// A link that looks like a button.
///
/// `<LinkButton label="…" href="/…" weight=Weight::Quiet/>`
#[component]
pub fn LinkButton(
    /// A verb, or where it leads.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it weighs.
    #[prop(optional)]
    weight: Weight,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
    /// Leads to a file.
    #[prop(optional)]
    download: bool,
) -> impl IntoView {
    view! {
        <a class=weight.class(wide) href=href download=download.then_some("")>
            {label}
        </a>
    }
}

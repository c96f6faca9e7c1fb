use std::borrow::Cow;

use leptos::prelude::*;

use super::field::{Ties, labelled};
use crate::slot::Text;
#[cfg(feature = "ssr")]
use crate::tab_title::escaped;

/// Several lines of text.
///
/// The only place of the program that writes a `textarea`: leptos 0.8.23 does not escape its
/// dynamic content on the server, so the content is escaped here.
///
/// `<TextArea name="…" label="…" value=… rows=4 maxlength=500/>`
#[component]
pub fn TextArea(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: Text,
    /// Height in lines.
    #[prop(default = 4)]
    rows: u32,
    /// Longest value in UTF-16 units.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// A word after the label.
    #[prop(optional, into)]
    mark: Text,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses an empty field.
    #[prop(optional)]
    required: bool,
    /// Seen, posted, not changed.
    #[prop(optional)]
    readonly: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let content = content(&value.into_inner().unwrap_or_default()).into_owned();
    let input = view! {
        <textarea
            class="xj-input xj-textarea"
            id=ties.id()
            name=name
            rows=rows.to_string()
            maxlength=maxlength.map(|most| most.to_string())
            required=required
            readonly=readonly
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        >
            {content}
        </textarea>
    }
    .into_any();
    labelled(&ties, label, mark, input)
}

/// `text` as the source of a `textarea`: parsing it gives `text` back.
///
/// A parser drops one line feed after the opening tag, so a leading one is doubled.
#[cfg(feature = "ssr")]
fn content(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>']) && !text.starts_with(['\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let doubled = if text.starts_with(['\n', '\r']) {
        "\n"
    } else {
        ""
    };
    Cow::Owned(format!("{doubled}{}", escaped(text)))
}

/// In the browser the text becomes a text node, which needs no escape.
#[cfg(not(feature = "ssr"))]
fn content(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

//! The choice of language.

use leptos::prelude::*;

/// The way to the same page in the other language; the server remembers it.
///
/// `<LangSwitch label="EN" tag="en" href="?lang=en"/>`
#[component]
pub fn LangSwitch(
    /// The other language's name in itself, short.
    #[prop(into)]
    label: String,
    /// Its BCP 47 tag.
    #[prop(into)]
    tag: String,
    /// This page in it.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! { <a class="xj-lang" href=href hreflang=tag.clone() lang=tag>{label}</a> }
}

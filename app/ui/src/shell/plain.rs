use leptos::prelude::*;

use super::{Badge, skip_link};
use crate::slot::{Slot, Text};

/// How wide a plain page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// One column of fields: signing in, an error.
    #[default]
    Narrow,
    /// Text and small tables: the operator, a public page.
    Wide,
}

/// A page before or beside the offices: signing in, errors, the operator.
///
/// `<PlainShell brand="…" badge=Badge::initial("海") skip="…" title="…">…</PlainShell>`
#[component]
pub fn PlainShell(
    /// Product, or product and school.
    #[prop(into)]
    brand: String,
    /// The school's sign.
    #[prop(optional_no_strip, into)]
    badge: Option<Badge>,
    /// Where the brand leads.
    #[prop(default = "/".into(), into)]
    home: String,
    /// Words of the link that skips the head.
    #[prop(into)]
    skip: String,
    /// The page's title.
    #[prop(into)]
    title: String,
    /// One or two sentences under it.
    #[prop(optional, into)]
    lead: Text,
    /// Usually a [`LangSwitch`](crate::lang_switch::LangSwitch).
    #[prop(optional, into)]
    language: Slot,
    /// At the right of the title.
    #[prop(optional, into)]
    actions: Slot,
    /// How wide.
    #[prop(optional)]
    measure: Measure,
    /// The line at the end: who helps.
    #[prop(optional, into)]
    footer: Slot,
    /// The page.
    children: Children,
) -> impl IntoView {
    let class = match measure {
        Measure::Narrow => "xj-plain-page",
        Measure::Wide => "xj-plain-page xj-plain-wide",
    };
    view! {
        <div class=class>
            {skip_link(skip)}
            <header class="xj-plain-head">
                <a class="xj-plain-brand" href=home>
                    {badge.map(Badge::render)} <span>{brand}</span>
                </a>
                {language.into_inner()}
            </header>
            <main class="xj-plain-main" id="content" tabindex="-1">
                <div class="xj-title-row">
                    <div>
                        <h1 class="xj-h1">{title}</h1>
                        {lead.map(|lead| view! { <p class="xj-lead">{lead}</p> })}
                    </div>
                    {actions.map(|actions| view! { <div class="xj-actions">{actions}</div> })}
                </div>
                <div class="xj-content">{children()}</div>
            </main>
            {footer.map(|footer| view! { <footer class="xj-footer">{footer}</footer> })}
        </div>
    }
}

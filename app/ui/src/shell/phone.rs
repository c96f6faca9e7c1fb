use leptos::prelude::*;

use super::nav::Crumb;
use super::{Badge, skip_link};
use crate::icon::{Stroke, StrokeIcon};
use crate::slot::{Slot, Text};

/// The page of a student: masthead, one subject, one button that stays.
///
/// `<PhoneShell school="…" badge=Badge::initial("海") title="…" skip="…" heading="…" subline=vec!["…".into()]
///     bottom=view! { <LinkButton label="…" href="/…" wide=true/> }>…</PhoneShell>`
#[component]
pub fn PhoneShell(
    /// The school's name.
    #[prop(into)]
    school: String,
    /// The school's sign.
    badge: Badge,
    /// Where school and sign lead.
    #[prop(default = "/".into(), into)]
    home: String,
    /// The page's title, beside the school; the first heading when there is no `heading`.
    #[prop(into)]
    title: String,
    /// Words of the link that skips the masthead.
    #[prop(into)]
    skip: String,
    /// The greeting, or the question of the page, large.
    #[prop(optional, into)]
    heading: Text,
    /// The parts of the line under it.
    #[prop(optional)]
    subline: Vec<String>,
    /// The page before this one.
    #[prop(optional_no_strip, into)]
    back: Option<Crumb>,
    /// Usually a [`LangSwitch`](crate::lang_switch::LangSwitch).
    #[prop(optional, into)]
    language: Slot,
    /// The first box rises into the masthead.
    #[prop(optional)]
    raised: bool,
    /// Stays at the bottom: the one main button.
    #[prop(optional, into)]
    bottom: Slot,
    /// The line at the end: who helps.
    #[prop(optional, into)]
    footer: Slot,
    /// The page.
    children: Children,
) -> impl IntoView {
    let back = back.map(|back| {
        view! {
            <a class="xj-mast-back" href=back.href.into_inner()>
                <StrokeIcon stroke=Stroke::Back/>
                <span>{back.label}</span>
            </a>
        }
    });
    let subline = (!subline.is_empty()).then(|| {
        let parts = subline
            .into_iter()
            .map(|part| view! { <span>{part}</span> " " })
            .collect_view();
        view! { <p class="xj-mast-subline">{parts}</p> }
    });
    let (top, heading) = match heading.into_inner() {
        Some(heading) => (view! { <span>{title}</span> }.into_any(), heading),
        None => (().into_any(), title),
    };
    let class = if raised {
        "xj-phone xj-raised"
    } else {
        "xj-phone"
    };
    view! {
        <div class=class>
            {skip_link(skip)}
            <header class="xj-mast">
                <div class="xj-mast-row">
                    <a class="xj-mast-brand" href=home>
                        {badge.render()}
                        <span class="xj-mast-names"><span>{school}</span>{top}</span>
                    </a>
                    {language.into_inner()}
                </div>
                {back}
                <h1 class="xj-mast-heading">{heading}</h1>
                {subline}
            </header>
            <main class="xj-phone-main" id="content" tabindex="-1">
                <div class="xj-phone-content">{children()}</div>
                {footer.map(|footer| view! { <footer class="xj-footer">{footer}</footer> })}
                {bottom.map(|bottom| view! { <div class="xj-bottom">{bottom}</div> })}
            </main>
        </div>
    }
}

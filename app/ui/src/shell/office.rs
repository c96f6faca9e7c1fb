use leptos::prelude::*;

use super::nav::{Crumb, NavItem, nav_list};
use super::watermark::Watermark;
use super::{Badge, skip_link};
use crate::icon::{Stroke, StrokeIcon};
use crate::slot::{Slot, Text};

/// The page of an office: navigation at the left, buttons always in the same corner.
///
/// `<OfficeShell product="…" school="…" skip="…" nav_label="…" menu_label="…" nav=vec![NavItem::new("…", "/…")]
///     crumbs_label="…" crumbs=vec![Crumb::here("…")] title="…" deadline="…" actions=view! { … }>…</OfficeShell>`
#[component]
pub fn OfficeShell(
    /// The product's name.
    #[prop(into)]
    product: String,
    /// The school's name.
    #[prop(into)]
    school: String,
    /// Where the name leads.
    #[prop(default = "/".into(), into)]
    home: String,
    /// The school's logo, if it has one.
    #[prop(optional_no_strip, into)]
    badge: Option<Badge>,
    /// Words of the link that skips the navigation.
    #[prop(into)]
    skip: String,
    /// Usually an [`IdentitySwitch`](super::IdentitySwitch).
    #[prop(optional, into)]
    identity: Slot,
    /// Name of the navigation, for readers.
    #[prop(into)]
    nav_label: String,
    /// Word on the menu of a narrow page.
    #[prop(into)]
    menu_label: String,
    /// The navigation.
    nav: Vec<NavItem>,
    /// Under the navigation: language, account, leaving.
    #[prop(optional, into)]
    account: Slot,
    /// Name of the way, for readers.
    #[prop(optional, into)]
    crumbs_label: Text,
    /// The way from the top.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// The page's title.
    #[prop(into)]
    title: String,
    /// Beside the title: the deadline with its weekday and the time left.
    #[prop(optional, into)]
    deadline: Slot,
    /// Template, import, export, print, and the main button last.
    #[prop(optional, into)]
    actions: Slot,
    /// Who looks, and when; repeated faintly over pages with personal data.
    #[prop(optional, into)]
    watermark: Text,
    /// The line at the end: who helps.
    #[prop(optional, into)]
    footer: Slot,
    /// The page.
    children: Children,
) -> impl IntoView {
    let crumbs = (!crumbs.is_empty()).then(|| {
        let steps = crumbs.into_iter().map(Crumb::render).collect_view();
        view! {
            <nav aria-label=crumbs_label.into_inner()>
                <ol class="xj-crumbs">{steps}</ol>
            </nav>
        }
    });
    view! {
        <div class="xj-office">
            {skip_link(skip)}
            <header class="xj-side">
                <div class="xj-side-inner">
                    <a class="xj-side-brand" href=home>
                        {badge.map(Badge::render)}
                        <span>{product} <span aria-hidden="true">" · "</span> {school}</span>
                    </a>
                    <details class="xj-menu">
                        <summary>
                            <StrokeIcon stroke=Stroke::Menu/>
                            <span>{menu_label}</span>
                        </summary>
                    </details>
                    {identity.map(|identity| view! { <div class="xj-side-identity">{identity}</div> })}
                    <div class="xj-side-body">
                        <nav aria-label=nav_label>{nav_list(nav)}</nav>
                        {account.map(|account| view! { <div class="xj-side-account">{account}</div> })}
                    </div>
                </div>
            </header>
            <main class="xj-main" id="content" tabindex="-1">
                {crumbs}
                <div class="xj-title-row">
                    <div class="xj-title-text">
                        <h1 class="xj-h1">{title}</h1>
                        {deadline.map(|deadline| view! { <div class="xj-deadline">{deadline}</div> })}
                    </div>
                    {actions.map(|actions| view! { <div class="xj-actions">{actions}</div> })}
                </div>
                <div class="xj-content">{children()}</div>
                {footer.map(|footer| view! { <footer class="xj-footer">{footer}</footer> })}
            </main>
            {watermark.map(|text| view! { <Watermark text/> })}
        </div>
    }
}

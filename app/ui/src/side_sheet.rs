//! One record of a list, over the list.

use leptos::prelude::*;

use crate::icon::{Stroke, StrokeIcon};
use crate::shell::Crumb;
use crate::slot::Slot;

/// A record at the right of its list, with the way to its neighbours; the list stays in the URL.
///
/// The links to the neighbours carry the access keys `p` and `n`.
///
/// `<SideSheet title="…" close=Crumb::new("…", "?") previous=Crumb::new("…", "?open=1") next=Crumb::new("…", "?open=3")>…</SideSheet>`
#[component]
pub fn SideSheet(
    /// The record's name.
    #[prop(into)]
    title: String,
    /// Back to the list.
    close: Crumb,
    /// The record before.
    #[prop(optional_no_strip, into)]
    previous: Option<Crumb>,
    /// The record after.
    #[prop(optional_no_strip, into)]
    next: Option<Crumb>,
    /// Stays at the bottom: the buttons.
    #[prop(optional, into)]
    actions: Slot,
    /// The record.
    children: Children,
) -> impl IntoView {
    let step = |link: Option<Crumb>, stroke: Stroke, key: &'static str, rel: &'static str| {
        link.map(|link| {
            view! {
                <a
                    class="xj-btn xj-btn-quiet"
                    href=link.href.into_inner()
                    rel=rel
                    accesskey=key
                    aria-label=link.label
                >
                    <StrokeIcon stroke/>
                </a>
            }
        })
    };
    let name = title.clone();
    let way = close.label.clone();
    view! {
        <section class="xj-side-sheet" aria-label=name>
            <header class="xj-side-sheet-head">
                <h2 class="xj-h2">{title}</h2>
                <nav class="xj-side-sheet-nav" aria-label=way>
                    {step(previous, Stroke::Back, "p", "prev")}
                    {step(next, Stroke::Forward, "n", "next")}
                    <a class="xj-btn xj-btn-quiet" href=close.href.into_inner()>{close.label}</a>
                </nav>
            </header>
            <div class="xj-side-sheet-body">{children()}</div>
            {actions.map(|actions| view! { <div class="xj-side-sheet-actions">{actions}</div> })}
        </section>
    }
}

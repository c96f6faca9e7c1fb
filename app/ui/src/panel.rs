//! A white box with a heading.

use leptos::prelude::*;

use crate::slot::{Slot, Text};

/// A box that holds one subject.
///
/// `<Panel title="…" actions=view! { … }>…</Panel>`
#[component]
pub fn Panel(
    /// The element's id, for a link that leads here.
    #[prop(optional, into)]
    id: Text,
    /// Heading, second level.
    #[prop(optional, into)]
    title: Text,
    /// A line beside the heading.
    #[prop(optional, into)]
    note: Slot,
    /// At the right of the heading.
    #[prop(optional, into)]
    actions: Slot,
    /// Without inner margin, for a table that fills the box.
    #[prop(optional)]
    flush: bool,
    /// The subject.
    children: Children,
) -> impl IntoView {
    let note = note.map(|note| view! { <div class="xj-panel-note">{note}</div> });
    let actions = actions.map(|actions| view! { <div class="xj-panel-actions">{actions}</div> });
    let head = title.map(|title| {
        view! {
            <div class="xj-panel-head">
                <h2 class="xj-h2">{title}</h2>
                {note}
                {actions}
            </div>
        }
    });
    view! {
        <section id=id.into_inner() class=if flush { "xj-panel xj-panel-flush" } else { "xj-panel" }>
            {head}
            <div class="xj-panel-body">{children()}</div>
        </section>
    }
}

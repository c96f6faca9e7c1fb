//! Nothing to show, and what that means.

use leptos::prelude::*;

use crate::slot::Slot;

/// Says that there is nothing, why, and what to do.
///
/// `<EmptyState title="…" text="…" action=view! { <a href="…">"…"</a> }/>`
#[component]
pub fn EmptyState(
    /// What is empty.
    #[prop(into)]
    title: String,
    /// Why, and when that changes.
    #[prop(optional, into)]
    text: Slot,
    /// What to do.
    #[prop(optional, into)]
    action: Slot,
) -> impl IntoView {
    view! {
        <div class="xj-empty">
            <p class="xj-empty-title">{title}</p>
            {text.map(|text| view! { <div class="xj-empty-text">{text}</div> })}
            {action.map(|action| view! { <div class="xj-empty-action">{action}</div> })}
        </div>
    }
}

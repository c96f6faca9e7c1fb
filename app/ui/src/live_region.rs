//! Progress of long work, spoken as it changes.

use leptos::prelude::*;

use crate::slot::{Slot, Text};

/// A bar and its words; the region is announced politely when an island or a reload changes it.
///
/// `<LiveProgress label="…" value=137 max=5000 text="…"/>`
#[component]
pub fn LiveProgress(
    /// The element's id, for an island to find it.
    #[prop(optional, into)]
    id: Text,
    /// What is being done.
    #[prop(into)]
    label: String,
    /// How far; absent while the amount is unknown.
    #[prop(optional_no_strip)]
    value: Option<u64>,
    /// The whole.
    #[prop(default = 100)]
    max: u64,
    /// The same in words, with the time left.
    #[prop(into)]
    text: String,
    /// What can be done meanwhile.
    #[prop(optional, into)]
    action: Slot,
) -> impl IntoView {
    view! {
        <div id=id.into_inner() role="status" aria-live="polite">
            <div class="xj-live-head">
                <span class="xj-live-label">{label.clone()}</span>
                <span class="xj-live-text xj-num">{text}</span>
            </div>
            <progress
                class="xj-live-bar"
                aria-label=label
                max=max.to_string()
                value=value.map(|value| value.to_string())
            ></progress>
            {action.map(|action| view! { <div class="xj-live-action">{action}</div> })}
        </div>
    }
}

/// A place whose changing text is announced, without a bar.
///
/// `<LiveRegion>"…"</LiveRegion>`
#[component]
pub fn LiveRegion(
    /// The element's id, for an island to find it.
    #[prop(optional, into)]
    id: Text,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! { <div id=id.into_inner() role="status" aria-live="polite">{children()}</div> }
}

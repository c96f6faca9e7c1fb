//! Progress of long work, spoken as it changes.

use leptos::prelude::*;

use crate::slot::Slot;

/// A bar and its words; the region is announced politely when an island or a reload changes it.
///
/// `<LiveProgress label="…" value=Some(137) max=5000 text="…"/>`
#[component]
pub fn LiveProgress(
    /// What is being done.
    #[prop(into)]
    label: String,
    /// How far; absent while the amount is unknown.
    #[prop(into)]
    value: Signal<Option<u64>>,
    /// The whole.
    #[prop(into)]
    max: Signal<u64>,
    /// The same in words.
    #[prop(into)]
    text: Signal<String>,
    /// What can be done meanwhile.
    #[prop(optional, into)]
    action: Slot,
) -> impl IntoView {
    view! {
        <div role="status" aria-live="polite">
            <div class="xj-live-head">
                <span class="xj-live-label">{label.clone()}</span>
                <span class="xj-live-text xj-num">{move || text.get()}</span>
            </div>
            <progress class="xj-live-bar" aria-label=label max=move || max.get() value=move || value.get()></progress>
            {action.map(|action| view! { <div class="xj-live-action">{action}</div> })}
        </div>
    }
}

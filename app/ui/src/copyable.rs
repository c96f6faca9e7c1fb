//! A value that people copy.

use leptos::prelude::*;

/// A value that one click selects whole, in figures of equal width.
///
/// `<Copyable label="…" value="…"/>`
#[component]
pub fn Copyable(
    /// What the value is.
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! {
        <div class="xj-copy-line">
            <span class="xj-muted">{label}</span>
            <code class="xj-copy">{value}</code>
        </div>
    }
}

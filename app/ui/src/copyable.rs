//! A value that people copy.

use leptos::prelude::*;

/// A value that one click selects whole, in figures of equal width.
///
/// `<Copyable label="…" value="…"/>`
#[component]
pub fn Copyable(
    /// What the value is, for readers.
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! {
        <span>
            <span class="xj-sr">{label}</span>
            <code class="xj-copy">{value}</code>
        </span>
    }
}

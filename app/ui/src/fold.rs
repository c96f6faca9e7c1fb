//! A part of the page that opens.

use leptos::prelude::*;

use crate::icon::{Stroke, StrokeIcon};
use crate::slot::Slot;

/// A heading that opens what belongs to it; works without a script.
///
/// `<Fold summary="…">…</Fold>`
#[component]
pub fn Fold(
    /// The line that is always seen.
    #[prop(into)]
    summary: Slot,
    /// Open from the start.
    #[prop(optional)]
    open: bool,
    /// What opens.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="xj-fold" open=open>
            <summary class="xj-fold-summary">
                <StrokeIcon stroke=Stroke::Forward/>
                <span>{summary.into_inner()}</span>
            </summary>
            <div class="xj-fold-body">{children()}</div>
        </details>
    }
}

//! The chip of a state: word, colour and shape.

use leptos::prelude::*;

use crate::icon::ToneIcon;
use crate::tone::Tone;

/// A state in one word.
///
/// `<StatusChip tone=Tone::Success label="…"/>`
#[component]
pub fn StatusChip(
    /// What the colour and the shape say.
    #[prop(optional)]
    tone: Tone,
    /// The word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span class=format!("xj-chip {}", tone.class())>
            <ToneIcon tone/>
            <span>{label}</span>
        </span>
    }
}

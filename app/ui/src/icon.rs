//! The few shapes that accompany words. All are decorative for readers: the word says it.

use leptos::prelude::*;

use crate::tone::Tone;

/// The shape of a tone: ring, disc with tick, triangle, octagon, square. Told apart without colour.
#[component]
pub fn ToneIcon(tone: Tone) -> impl IntoView {
    let (outline, mark) = match tone {
        Tone::Neutral => ("M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z", ""),
        Tone::Success => (
            "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z",
            "M4.8 8.3l2.2 2.2 4.2-4.8",
        ),
        Tone::Warning => ("M8 1.2L15.4 14.4H.6z", "M8 6v3M8 12.2v.01"),
        Tone::Error => (
            "M5 1h6l4 4v6l-4 4H5l-4-4V5z",
            "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
        ),
        Tone::Info => ("M2 2h12v12H2z", "M8 8.2v3.4M8 4.6v.01"),
    };
    let class = if mark.is_empty() {
        "xj-icon xj-icon-open"
    } else {
        "xj-icon"
    };
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path class="xj-icon-body" d=outline></path>
            {(!mark.is_empty()).then(|| view! { <path class="xj-icon-mark" d=mark></path> })}
        </svg>
    }
}

/// A plain stroke: the direction of a sort order, of a page, of a fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
    /// To the previous.
    Back,
    /// To the next.
    Forward,
    /// Opens downwards.
    Down,
    /// Three bars: a menu.
    Menu,
}

/// Draws a [`Stroke`].
#[component]
pub fn StrokeIcon(stroke: Stroke) -> impl IntoView {
    let path = match stroke {
        Stroke::Ascending => "M8 13V3M4 7l4-4 4 4",
        Stroke::Descending => "M8 3v10M4 9l4 4 4-4",
        Stroke::Back => "M10 3L5 8l5 5",
        Stroke::Forward => "M6 3l5 5-5 5",
        Stroke::Down => "M3 6l5 5 5-5",
        Stroke::Menu => "M2 4h12M2 8h12M2 12h12",
    };
    view! {
        <svg class="xj-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
}

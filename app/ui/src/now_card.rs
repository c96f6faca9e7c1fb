//! The one thing to do now.

use leptos::prelude::*;

use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// What to do, how long there is, until when.
///
/// `<NowCard eyebrow="…" title="…" text="…" deadline_label="…" deadline="…" deadline_iso="…"/>`
#[component]
pub fn NowCard(
    /// Amber by default: it is due.
    #[prop(default = Tone::Warning)]
    tone: Tone,
    /// The line above: that it is due, and the time left.
    #[prop(into)]
    eyebrow: String,
    /// The task.
    #[prop(into)]
    title: String,
    /// One or two sentences.
    #[prop(optional, into)]
    text: Slot,
    /// The word before the deadline.
    #[prop(optional, into)]
    deadline_label: Text,
    /// Date with weekday and time; or, without `deadline_iso`, that there is none.
    #[prop(optional, into)]
    deadline: Text,
    /// The same for machines, RFC 3339.
    #[prop(optional, into)]
    deadline_iso: Text,
    /// The button, where the page has no sticky one.
    #[prop(optional, into)]
    action: Slot,
) -> impl IntoView {
    let label = deadline_label.into_inner();
    let iso = deadline_iso.into_inner();
    view! {
        <section class=format!("xj-now {}", tone.class())>
            <p class="xj-now-eyebrow">{eyebrow}</p>
            <h2 class="xj-now-title">{title}</h2>
            {text.map(|text| view! { <div class="xj-now-text">{text}</div> })}
            {deadline
                .map(|deadline| {
                    view! {
                        <p class="xj-now-deadline">
                            {label} " "
                            {match iso {
                                Some(iso) => view! { <time datetime=iso>{deadline}</time> }.into_any(),
                                None => view! { <span>{deadline}</span> }.into_any(),
                            }}
                        </p>
                    }
                })}
            {action.map(|action| view! { <div class="xj-now-action">{action}</div> })}
        </section>
    }
}

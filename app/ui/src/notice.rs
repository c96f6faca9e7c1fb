//! Boxes that say something, and the refusal.

use leptos::prelude::*;

use crate::icon::ToneIcon;
use crate::slot::{Line, Slot, Text};
use crate::tone::Tone;

/// A box with a message.
///
/// `<Notice tone=Tone::Warning title="…">"…"</Notice>`
#[component]
pub fn Notice(
    /// What kind of message.
    #[prop(optional)]
    tone: Tone,
    /// The message in one line.
    #[prop(into)]
    title: String,
    /// Announced at once when the page arrives with it; for answers to what the reader just did.
    #[prop(optional)]
    announce: bool,
    /// What to do about it.
    #[prop(optional, into)]
    actions: Slot,
    /// More words.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = announce.then_some(if tone == Tone::Error {
        "alert"
    } else {
        "status"
    });
    view! {
        <div class=format!("xj-notice {}", tone.class()) role=role>
            <ToneIcon tone/>
            <div class="xj-notice-body">
                <p class="xj-notice-title">{title}</p>
                {children.map(|children| view! { <div>{children()}</div> })}
                {actions.map(|actions| view! { <div class="xj-notice-actions">{actions}</div> })}
            </div>
        </div>
    }
}

/// Why something cannot be done: what happened, why, who helps, until when, what to do now.
///
/// `<Refusal what="…" why=Line::new("…", "…") clause="…" who=Line::new("…", view! { … })
///     now=Line::new("…", "…")/>`
#[component]
pub fn Refusal(
    /// Red by default; amber when it only has to wait.
    #[prop(default = Tone::Error)]
    tone: Tone,
    /// What happened.
    #[prop(into)]
    what: String,
    /// The reason.
    why: Line,
    /// The clause that demands it.
    #[prop(optional, into)]
    clause: Text,
    /// The field of the form it is about, with a link to it.
    #[prop(optional_no_strip, into)]
    field: Option<Line>,
    /// The office that helps, with its telephone number; none where there is no office.
    #[prop(optional_no_strip, into)]
    who: Option<Line>,
    /// The offices that explain the rule, with their telephone numbers.
    #[prop(optional_no_strip, into)]
    explained: Option<Line>,
    /// Until when, if there is a date.
    #[prop(optional_no_strip, into)]
    until: Option<Line>,
    /// The next step.
    now: Line,
    /// Buttons.
    #[prop(optional, into)]
    actions: Slot,
    /// The number to quote when calling.
    #[prop(optional_no_strip, into)]
    reference: Option<Line>,
) -> impl IntoView {
    let clause = clause.map(|clause| view! { <span class="xj-clause">{clause}</span> });
    let row = |line: Line| {
        view! {
            <dt>{line.label}</dt>
            <dd>{line.text.into_inner()}</dd>
        }
    };
    view! {
        <section class=format!("xj-refusal {}", tone.class())>
            <div class="xj-refusal-head">
                <ToneIcon tone/>
                <h2 class="xj-refusal-title">{what}</h2>
            </div>
            <dl class="xj-refusal-lines">
                <dt>{why.label}</dt>
                <dd>{why.text.into_inner()} {clause}</dd>
                {field.map(row)}
                {who.map(row)}
                {explained.map(row)}
                {until.map(row)}
                {row(now)}
                {reference.map(row)}
            </dl>
            {actions.map(|actions| view! { <div class="xj-refusal-actions">{actions}</div> })}
        </section>
    }
}

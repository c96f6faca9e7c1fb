//! What happened, newest first or oldest first as given.

use leptos::prelude::*;

use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// One event.
pub struct TimelineEntry {
    when: String,
    iso: Text,
    title: String,
    text: Slot,
    who: Text,
    source: Slot,
    tone: Tone,
}

impl TimelineEntry {
    /// Something called `title` happened on `when`.
    pub fn new(when: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            when: when.into(),
            iso: Text::default(),
            title: title.into(),
            text: Slot::empty(),
            who: Text::default(),
            source: Slot::empty(),
            tone: Tone::Neutral,
        }
    }

    /// The date for machines, RFC 3339.
    #[must_use]
    pub fn iso(mut self, iso: impl Into<Text>) -> Self {
        self.iso = iso.into();
        self
    }

    /// More words.
    #[must_use]
    pub fn text(mut self, text: impl Into<Slot>) -> Self {
        self.text = text.into();
        self
    }

    /// Who did it.
    #[must_use]
    pub fn who(mut self, who: impl Into<Text>) -> Self {
        self.who = who.into();
        self
    }

    /// The document it rests on.
    #[must_use]
    pub fn source(mut self, source: impl Into<Slot>) -> Self {
        self.source = source.into();
        self
    }

    /// The colour of its mark.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    fn render(self) -> AnyView {
        view! {
            <li class=format!("xj-event {}", self.tone.class())>
                <div class="xj-event-when">
                    <time class="xj-num" datetime=self.iso.into_inner()>{self.when}</time>
                    {self.who.map(|who| view! { <span>{who}</span> })}
                </div>
                <p class="xj-event-title">{self.title}</p>
                {self.text.map(|text| view! { <div class="xj-event-text">{text}</div> })}
                {self.source.map(|source| view! { <div class="xj-event-source">{source}</div> })}
            </li>
        }
        .into_any()
    }
}

/// Events along a line.
///
/// `<Timeline label="…" events=vec![TimelineEntry::new("…", "…").source(view! { … })]/>`
#[component]
pub fn Timeline(
    /// Name of the list, for readers.
    #[prop(into)]
    label: String,
    /// The events in the order shown.
    events: Vec<TimelineEntry>,
) -> impl IntoView {
    view! {
        <ol class="xj-timeline" aria-label=label>
            {events.into_iter().map(TimelineEntry::render).collect_view()}
        </ol>
    }
}

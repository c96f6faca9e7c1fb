//! Totals that lead to their lists.

use leptos::prelude::*;

use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// One total.
pub struct Figure {
    label: String,
    value: String,
    href: Text,
    tone: Tone,
    selected: bool,
    note: Text,
}

impl Figure {
    /// `value` is written as it shall be read, with separators.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            href: Text::default(),
            tone: Tone::Neutral,
            selected: false,
            note: Text::default(),
        }
    }

    /// The list that makes up the total.
    #[must_use]
    pub fn href(mut self, href: impl Into<Text>) -> Self {
        self.href = href.into();
        self
    }

    /// Colour of the number.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Whether the list below shows this total now.
    #[must_use]
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// A short remark under the number.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = note.into();
        self
    }

    fn render(self) -> AnyView {
        let class = format!("xj-figure {}", self.tone.class());
        let inner = view! {
            <span class="xj-figure-label">{self.label}</span>
            <span class="xj-figure-value">{self.value}</span>
            {self.note.map(|note| view! { <span class="xj-figure-note">{note}</span> })}
        };
        let current = self.selected.then_some("true");
        match self.href.into_inner() {
            Some(href) => {
                view! { <li><a class=class href=href aria-current=current>{inner}</a></li> }
                    .into_any()
            }
            None => {
                view! { <li><span class=class aria-current=current>{inner}</span></li> }.into_any()
            }
        }
    }
}

/// A row of totals, with room for a completion bar at its end.
///
/// `<Figures label="…" items=vec![Figure::new("…", "1,204").href("?state=all").selected(true)]/>`
#[component]
pub fn Figures(
    /// What the totals are about, for readers.
    #[prop(into)]
    label: String,
    /// Whether the label is seen too, where two rows of totals stand side by side.
    #[prop(optional)]
    named: bool,
    /// The totals; without one nothing is drawn.
    items: Vec<Figure>,
    /// At the right end, usually a completion bar.
    #[prop(optional, into)]
    aside: Slot,
) -> impl IntoView {
    if items.is_empty() {
        return ().into_any();
    }
    let name = named.then(|| {
        let name = label.clone();
        view! { <p class="xj-figures-name" aria-hidden="true">{name}</p> }
    });
    view! {
        <section class="xj-figures" aria-label=label>
            {name}
            <ul class="xj-figures-list">{items.into_iter().map(Figure::render).collect_view()}</ul>
            {aside.map(|aside| view! { <div class="xj-figures-aside">{aside}</div> })}
        </section>
    }
    .into_any()
}

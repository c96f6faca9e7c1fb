use leptos::prelude::*;

use super::line;
use crate::slot::Text;
use crate::tone::Tone;

/// One of several small charts of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiple {
    title: String,
    value: String,
    counts: Vec<u64>,
    total: u64,
    href: Text,
    tone: Tone,
}

impl Multiple {
    /// The course of `counts` towards `total`; `value` is the latest in words, such as "86.3%".
    pub fn new(
        title: impl Into<String>,
        value: impl Into<String>,
        counts: Vec<u64>,
        total: u64,
    ) -> Self {
        Self {
            title: title.into(),
            value: value.into(),
            counts,
            total,
            href: Text::default(),
            tone: Tone::Neutral,
        }
    }

    /// Where it leads.
    #[must_use]
    pub fn href(mut self, href: impl Into<Text>) -> Self {
        self.href = href.into();
        self
    }

    /// Colour of the value.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    fn render(self, steps: usize) -> AnyView {
        let points = line(&self.counts, 0, steps, self.total, (200, 48));
        let inner = view! {
            <span>{self.title}</span>
            <span class="xj-multiple-value xj-num">{self.value}</span>
            <svg class="xj-multiple-svg" viewBox="0 -2 200 52" preserveAspectRatio="none" aria-hidden="true">
                <line class="xj-trend-grid" x1="0" x2="200" y1="0" y2="0"></line>
                <line class="xj-trend-grid" x1="0" x2="200" y1="48" y2="48"></line>
                <polyline class="xj-trend-line" points=points></polyline>
            </svg>
        };
        let class = format!("xj-multiple {}", self.tone.class());
        match self.href.into_inner() {
            Some(href) => view! { <li><a class=class href=href>{inner}</a></li> }.into_any(),
            None => view! { <li><div class=class>{inner}</div></li> }.into_any(),
        }
    }
}

/// Small charts on the same scale of time, one for each unit.
///
/// `<Multiples label="…" items=vec![Multiple::new("…", "86.3%", vec![120, 640, 1039], 1204).href("?college=1")]/>`
#[component]
pub fn Multiples(
    /// What they show, for readers.
    #[prop(into)]
    label: String,
    /// The charts.
    items: Vec<Multiple>,
    /// Steps of the whole period; as many as the longest course without it.
    #[prop(optional)]
    steps: Option<usize>,
) -> impl IntoView {
    let longest = items
        .iter()
        .map(|item| item.counts.len())
        .max()
        .unwrap_or(0);
    let steps = steps.unwrap_or(longest);
    let items = items
        .into_iter()
        .map(|item| item.render(steps))
        .collect_view();
    view! { <ul class="xj-multiples" aria-label=label>{items}</ul> }
}

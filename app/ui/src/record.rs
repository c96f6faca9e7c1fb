//! A record: facts at the left, what happened at the right; folded by section on a phone.

use leptos::prelude::*;

use crate::icon::{Stroke, StrokeIcon};
use crate::slot::Slot;

/// One fact.
pub struct Fact {
    label: String,
    value: Slot,
    action: Slot,
    source: Slot,
}

impl Fact {
    /// `label`: `value`.
    pub fn new(label: impl Into<String>, value: impl Into<Slot>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            action: Slot::empty(),
            source: Slot::empty(),
        }
    }

    /// Beside the value, for instance the button that reveals it.
    #[must_use]
    pub fn action(mut self, action: impl Into<Slot>) -> Self {
        self.action = action.into();
        self
    }

    /// Where the value comes from.
    #[must_use]
    pub fn source(mut self, source: impl Into<Slot>) -> Self {
        self.source = source.into();
        self
    }

    fn render(self) -> AnyView {
        view! {
            <div class="xj-fact">
                <dt>{self.label}</dt>
                <dd>
                    <div>{self.value.into_inner()}</div>
                    {self.source.map(|source| view! { <div class="xj-fact-source">{source}</div> })}
                    {self.action.map(|action| view! { <div class="xj-fact-action">{action}</div> })}
                </dd>
            </div>
        }
        .into_any()
    }
}

/// Facts without a heading.
///
/// `<Facts facts=vec![Fact::new("…", "…")]/>`
#[component]
pub fn Facts(
    /// The facts.
    facts: Vec<Fact>,
    /// One column however wide the page is.
    #[prop(optional)]
    narrow: bool,
) -> impl IntoView {
    let class = if narrow {
        "xj-facts xj-facts-narrow"
    } else {
        "xj-facts"
    };
    view! { <dl class=class>{facts.into_iter().map(Fact::render).collect_view()}</dl> }
}

/// A section of a record; on a phone it opens at its title.
///
/// `<RecordSection title="…" facts=vec![Fact::new("…", "…")]/>`
#[component]
pub fn RecordSection(
    /// The section's name.
    #[prop(into)]
    title: String,
    /// Open on a phone from the start.
    #[prop(optional)]
    open: bool,
    /// A chip or a word beside the title.
    #[prop(optional, into)]
    aside: Slot,
    /// The facts.
    #[prop(optional)]
    facts: Vec<Fact>,
    /// What follows the facts.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let facts = (!facts.is_empty()).then(|| view! { <Facts facts/> });
    view! {
        <section class="xj-section">
            <div class="xj-section-head">
                <h2 class="xj-h2 xj-wide-only">{title.clone()}</h2>
                {aside.map(|aside| view! { <div class="xj-section-aside">{aside}</div> })}
            </div>
            <details class="xj-section-fold" open=open>
                <summary>
                    <StrokeIcon stroke=Stroke::Forward/>
                    <span>{title}</span>
                </summary>
            </details>
            <div class="xj-section-body">{facts} {children.map(|children| children())}</div>
        </section>
    }
}

/// Sections left, timeline right.
///
/// `<Record side=view! { <Timeline …/> }><RecordSection …/></Record>`
#[component]
pub fn Record(
    /// At the right on a wide page, below on a phone.
    #[prop(optional, into)]
    side: Slot,
    /// The sections.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="xj-record">
            <div class="xj-record-main">{children()}</div>
            {side.map(|side| view! { <aside class="xj-record-side">{side}</aside> })}
        </div>
    }
}

//! The vertical progress of one person through the stages.

use leptos::prelude::*;

use crate::slot::{Slot, Text};

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// The reader's turn, or being worked on.
    Current,
    /// Not begun.
    Waiting,
    /// Stopped; somebody has to act.
    Failed,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "xj-step xj-step-done",
            Self::Current => "xj-step xj-step-current",
            Self::Waiting => "xj-step",
            Self::Failed => "xj-step xj-step-failed",
        }
    }

    fn mark(self) -> Option<&'static str> {
        match self {
            Self::Done => Some("M6 10.4l2.8 2.8 5.4-6.2"),
            Self::Failed => Some("M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4"),
            Self::Current | Self::Waiting => None,
        }
    }
}

/// One stage.
pub struct Step {
    id: Text,
    state: StepState,
    word: String,
    title: String,
    aside: Text,
    text: Slot,
    day: Text,
    contact: Slot,
}

impl Step {
    /// A stage called `title`; `word` says its state to those who do not see the mark.
    pub fn new(state: StepState, word: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: Text::default(),
            state,
            word: word.into(),
            title: title.into(),
            aside: Text::default(),
            text: Slot::empty(),
            day: Text::default(),
            contact: Slot::empty(),
        }
    }

    /// What a link on the page leads to: the whole stage, with its title.
    #[must_use]
    pub fn id(mut self, id: impl Into<Text>) -> Self {
        self.id = id.into();
        self
    }

    /// The date, or the state's word, at the right; without it the state's word stands there.
    #[must_use]
    pub fn aside(mut self, aside: impl Into<Text>) -> Self {
        self.aside = aside.into();
        self
    }

    /// What happened, or what will.
    #[must_use]
    pub fn text(mut self, text: impl Into<Slot>) -> Self {
        self.text = text.into();
        self
    }

    /// The day on which it takes place, or the last one for it.
    #[must_use]
    pub fn day(mut self, day: impl Into<Text>) -> Self {
        self.day = day.into();
        self
    }

    /// Who is in charge, and how to reach them; usually a [`Contact`](crate::contact::Contact).
    #[must_use]
    pub fn contact(mut self, contact: impl Into<Slot>) -> Self {
        self.contact = contact.into();
        self
    }

    fn render(self) -> AnyView {
        let reached = (!self.id.is_empty()).then_some("-1");
        let id = self.id.into_inner();
        let current = (self.state == StepState::Current).then_some("step");
        let shown = self.aside.is_empty();
        let aside = self.aside.into_inner();
        view! {
            <li id=id tabindex=reached class=self.state.class() aria-current=current>
                <svg class="xj-step-mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                    <circle cx="10" cy="10" r="9"></circle>
                    {self.state.mark().map(|mark| view! { <path d=mark></path> })}
                </svg>
                <div class="xj-step-body">
                    <div class="xj-step-head">
                        <h3 class="xj-step-title">{self.title}</h3>
                        <span class=if shown { "xj-step-aside" } else { "xj-sr" }>{self.word}</span>
                        {aside.map(|aside| view! { <span class="xj-step-aside">{aside}</span> })}
                    </div>
                    {self.text.map(|text| view! { <div class="xj-step-text">{text}</div> })}
                    {self.day.map(|day| view! { <div class="xj-step-day">{day}</div> })}
                    {self.contact.map(|line| view! { <div class="xj-step-contact">{line}</div> })}
                </div>
            </li>
        }
        .into_any()
    }
}

/// The stages from top to bottom.
///
/// `<ProgressSteps title="…" steps=vec![Step::new(StepState::Done, "…", "…").aside("…")]/>`
#[component]
pub fn ProgressSteps(
    /// Heading above the list.
    #[prop(into)]
    title: String,
    /// The stages in order.
    steps: Vec<Step>,
) -> impl IntoView {
    view! {
        <section>
            <h2 class="xj-h2">{title}</h2>
            <ol class="xj-steps">{steps.into_iter().map(Step::render).collect_view()}</ol>
        </section>
    }
}

//! Slips to cut, eight on a sheet of A4.

use leptos::prelude::*;

use crate::record::{Fact, Facts};
use crate::slot::{Slot, Text};

/// One slip.
pub struct Slip {
    head: String,
    title: String,
    facts: Vec<Fact>,
    code: Slot,
    below: Slot,
    note: Text,
}

impl Slip {
    /// A slip of `head` (who hands it out) for `title` (who receives it).
    pub fn new(head: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            head: head.into(),
            title: title.into(),
            facts: Vec::new(),
            code: Slot::empty(),
            below: Slot::empty(),
            note: Text::default(),
        }
    }

    /// What it says.
    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    /// The code to scan.
    #[must_use]
    pub fn code(mut self, code: impl Into<Slot>) -> Self {
        self.code = code.into();
        self
    }

    /// Below the code, for whoever cannot scan it.
    #[must_use]
    pub fn below(mut self, below: impl Into<Slot>) -> Self {
        self.below = below.into();
        self
    }

    /// How to use it, until when.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = note.into();
        self
    }

    fn render(self) -> AnyView {
        let below = self
            .below
            .map(|below| view! { <p class="xj-slip-below">{below}</p> });
        view! {
            <li class="xj-slip">
                <div class="xj-slip-text">
                    <p class="xj-slip-head">{self.head}</p>
                    <p class="xj-slip-title">{self.title}</p>
                    <Facts facts=self.facts narrow=true/>
                    {self.note.map(|note| view! { <p class="xj-slip-note">{note}</p> })}
                </div>
                {self.code.map(|code| view! { <div class="xj-slip-code">{code} {below}</div> })}
            </li>
        }
        .into_any()
    }
}

/// Slips with cut lines; none is broken over two sheets.
///
/// `<SlipSheet label="…" slips=vec![Slip::new("…", "…").code(view! { <QrCode …/> })]/>`
#[component]
pub fn SlipSheet(
    /// Name of the list, for readers.
    #[prop(into)]
    label: String,
    /// The slips in order.
    slips: Vec<Slip>,
) -> impl IntoView {
    view! {
        <ul class="xj-slips" aria-label=label>{slips.into_iter().map(Slip::render).collect_view()}</ul>
    }
}

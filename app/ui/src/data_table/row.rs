use leptos::prelude::*;

use super::Column;
use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// One row.
#[derive(Default)]
pub struct Row {
    cells: Vec<Slot>,
    tone: Option<Tone>,
}

impl Row {
    /// A row without cells.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next cell; a phone leaves one out that is a view that may be absent, and is.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<Slot>) -> Self {
        self.cells.push(cell.into());
        self
    }

    /// The next cell, a text that may be absent; a phone leaves an absent one out.
    #[must_use]
    pub fn text(self, text: impl Into<Text>) -> Self {
        self.cell(text.into().into_inner())
    }

    /// A mark at the row's edge; the cells must say the same in words.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    pub(super) fn render(self, columns: &[Column]) -> AnyView {
        let class = self
            .tone
            .map(|tone| format!("xj-row-marked {}", tone.class()));
        let cells = self
            .cells
            .into_iter()
            .zip(columns)
            .map(|(cell, column)| {
                let cell = cell.map(|cell| view! { <div>{cell}</div> });
                let label = column.label().to_owned();
                // Without a class no empty attribute is written: a page has thousands of cells.
                match column.class() {
                    Some(class) => {
                        view! { <td class=class data-label=label>{cell}</td> }.into_any()
                    }
                    None => view! { <td data-label=label>{cell}</td> }.into_any(),
                }
            })
            .collect_view();
        view! { <tr class=class>{cells}</tr> }.into_any()
    }
}

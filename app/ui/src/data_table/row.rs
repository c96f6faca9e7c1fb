use leptos::prelude::*;

use super::{Column, RowSelect};
use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// One row.
#[derive(Default)]
pub struct Row {
    cells: Vec<Slot>,
    value: Option<(String, String)>,
    checked: bool,
    fixed: bool,
    tone: Option<Tone>,
}

impl Row {
    /// A row without cells.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next cell.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<Slot>) -> Self {
        self.cells.push(cell.into());
        self
    }

    /// The next cell, a text that may be absent; a phone leaves an absent one out.
    #[must_use]
    pub fn text(self, text: impl Into<Text>) -> Self {
        let slot = match text.into().into_inner() {
            Some(text) => text.into(),
            None => Slot::empty(),
        };
        self.cell(slot)
    }

    /// Its box posts `value`; `label` names the row for readers.
    #[must_use]
    pub fn selectable(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.value = Some((value.into(), label.into()));
        self
    }

    /// Whether the box is ticked.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// Whether the box is seen but cannot be changed.
    #[must_use]
    pub fn fixed(mut self, fixed: bool) -> Self {
        self.fixed = fixed;
        self
    }

    /// A mark at the row's edge; the cells must say the same in words.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    pub(super) fn render(self, columns: &[Column], select: Option<&RowSelect>) -> AnyView {
        let class = self
            .tone
            .map(|tone| format!("xj-row-marked {}", tone.class()));
        let checked = self.checked;
        let fixed = self.fixed;
        let value = self.value;
        let tick = select.map(|select| {
            let input = value.map(|(value, label)| {
                view! {
                    <label class="xj-check">
                        <input
                            type="checkbox"
                            form=select.form.clone()
                            name=select.name.clone()
                            value=value
                            checked=checked
                            disabled=fixed
                        />
                        <span class="xj-sr">{label}</span>
                    </label>
                }
            });
            view! { <td class="xj-select-cell">{input}</td> }
        });
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
        view! { <tr class=class>{tick} {cells}</tr> }.into_any()
    }
}

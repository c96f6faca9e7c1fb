//! The dense table of an office; cards on a phone.

mod column;
mod row;

use leptos::prelude::*;

pub use column::{Column, Sort, Width};
pub use row::Row;

use crate::slot::Slot;

/// The boxes before the rows.
#[derive(Clone, Debug)]
pub struct RowSelect {
    form: String,
    name: String,
    head: String,
    all: Option<(String, String)>,
}

impl RowSelect {
    /// Boxes named `name` that belong to the form with the id `form`; `head` names the column for
    /// readers.
    pub fn new(form: impl Into<String>, name: impl Into<String>, head: impl Into<String>) -> Self {
        Self {
            form: form.into(),
            name: name.into(),
            head: head.into(),
            all: None,
        }
    }

    /// A box in the header, posted as `name=1`, that means every row of the filter; `label` says so.
    #[must_use]
    pub fn all(mut self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.all = Some((name.into(), label.into()));
        self
    }

    fn head(&self) -> AnyView {
        match self.all.clone() {
            Some((name, label)) => view! {
                <th scope="col" class="xj-select-cell xj-th-act">
                    <label class="xj-check">
                        <input type="checkbox" form=self.form.clone() name=name value="1"/>
                        <span class="xj-sr">{label}</span>
                    </label>
                </th>
            }
            .into_any(),
            None => view! {
                <th scope="col" class="xj-select-cell">
                    <span class="xj-sr">{self.head.clone()}</span>
                </th>
            }
            .into_any(),
        }
    }
}

/// How many of the first columns stay in place when the table is wider than the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frozen {
    /// None.
    #[default]
    None,
    /// The first, with the boxes.
    One,
    /// The first two, with the boxes.
    Two,
}

/// A table: header always, numbers aligned, first columns frozen, rows selectable.
///
/// `<DataTable caption="…" columns=vec![Column::new("…")] rows=vec![Row::new().cell("…")]/>`
#[component]
pub fn DataTable(
    /// What the table shows, for readers; written above it in print.
    #[prop(into)]
    caption: String,
    /// The columns.
    columns: Vec<Column>,
    /// The rows of this page.
    rows: Vec<Row>,
    /// Boxes to select rows.
    #[prop(optional_no_strip, into)]
    select: Option<RowSelect>,
    /// Columns that stay in place.
    #[prop(optional)]
    frozen: Frozen,
    /// Shown when there is no row.
    #[prop(optional, into)]
    empty: Slot,
    /// Under the rows, usually the pagination.
    #[prop(optional, into)]
    footer: Slot,
    /// Stays a table on a phone too, for sheets of paper.
    #[prop(optional)]
    always_table: bool,
) -> impl IntoView {
    let mut class = String::from("xj-table");
    if !always_table {
        class.push_str(" xj-cards");
    }
    if select.is_some() {
        class.push_str(" xj-has-select");
    }
    match frozen {
        Frozen::None => {}
        Frozen::One => class.push_str(" xj-frozen-1"),
        Frozen::Two => class.push_str(" xj-frozen-2"),
    }
    let head = view! {
        <tr>
            {select.as_ref().map(RowSelect::head)}
            {columns.iter().map(Column::head).collect_view()}
        </tr>
    };
    let nothing = rows.is_empty().then(|| {
        let width = columns.len() + usize::from(select.is_some());
        view! {
            <tr class="xj-row-empty">
                <td colspan=width.to_string()>{empty.into_inner()}</td>
            </tr>
        }
    });
    let body = rows
        .into_iter()
        .map(|row| row.render(&columns, select.as_ref()))
        .collect_view();
    let name = caption.clone();
    view! {
        <div class="xj-table-box">
            <section class="xj-table-scroll" aria-label=name tabindex="0">
                <table class=class>
                    <caption class="xj-print-only">{caption}</caption>
                    <thead>{head}</thead>
                    <tbody>{nothing} {body}</tbody>
                </table>
            </section>
            {footer.map(|footer| view! { <div class="xj-table-footer">{footer}</div> })}
        </div>
    }
}

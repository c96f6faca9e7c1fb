//! The dense table of an office; cards on a phone.

mod column;
mod row;

use leptos::prelude::*;

pub use column::{Column, Sort, Width};
pub use row::Row;

use crate::slot::Slot;

/// How many of the first columns stay in place when the table is wider than the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frozen {
    /// None.
    #[default]
    None,
    /// The first two.
    Two,
}

/// A table: header always, numbers aligned, first columns frozen.
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
    match frozen {
        Frozen::None => {}
        Frozen::Two => class.push_str(" xj-frozen-2"),
    }
    let head = view! {
        <tr>
            {columns.iter().map(Column::head).collect_view()}
        </tr>
    };
    let nothing = rows.is_empty().then(|| {
        let width = columns.len();
        view! {
            <tr class="xj-row-empty">
                <td colspan=width.to_string()>{empty.into_inner()}</td>
            </tr>
        }
    });
    let body = rows
        .into_iter()
        .map(|row| row.render(&columns))
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

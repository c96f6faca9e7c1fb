//! The same fields from different sources, side by side.

use leptos::prelude::*;

use crate::slot::Slot;

struct Value {
    text: Slot,
    differs: bool,
}

/// One field with its values.
pub struct Difference {
    field: String,
    values: Vec<Value>,
}

impl Difference {
    /// The field called `field`; values follow in the order of the heads.
    pub fn new(field: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            values: Vec::new(),
        }
    }

    /// The next value, as everywhere.
    #[must_use]
    pub fn same(mut self, text: impl Into<Slot>) -> Self {
        self.values.push(Value {
            text: text.into(),
            differs: false,
        });
        self
    }

    /// The next value, unlike the others.
    #[must_use]
    pub fn differs(mut self, text: impl Into<Slot>) -> Self {
        self.values.push(Value {
            text: text.into(),
            differs: true,
        });
        self
    }

    fn render(self, heads: &[String], word: &str) -> AnyView {
        let cells = self
            .values
            .into_iter()
            .zip(heads)
            .map(|(value, head)| {
                let mark = value.differs.then(|| {
                    let word = word.to_owned();
                    view! {
                        <span class="xj-diff-mark" aria-hidden="true">"≠"</span>
                        <span class="xj-sr">{word}</span>
                    }
                });
                let class = value.differs.then_some("xj-diff-cell");
                view! { <td class=class data-label=head.clone()><div>{mark} {value.text.into_inner()}</div></td> }
            })
            .collect_view();
        view! {
            <tr>
                <th scope="row">{self.field}</th>
                {cells}
            </tr>
        }
        .into_any()
    }
}

/// Field, values by source, remarks; a difference carries a sign and a word, not a colour alone.
///
/// `<DifferenceTable caption="…" word="…" heads=vec!["…".into(); 4]
///     rows=vec![Difference::new("…").same("…").differs("…").same("…")]/>`
#[component]
pub fn DifferenceTable(
    /// What is compared.
    #[prop(into)]
    caption: String,
    /// Word for a value that differs, for readers.
    #[prop(into)]
    word: String,
    /// Heads: the field first, then one for each value, such as before, after, source.
    heads: Vec<String>,
    /// The fields.
    rows: Vec<Difference>,
) -> impl IntoView {
    let value_heads: Vec<String> = heads.iter().skip(1).cloned().collect();
    let rows = rows
        .into_iter()
        .map(|row| row.render(&value_heads, &word))
        .collect_view();
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col">{head}</th> })
        .collect_view();
    let name = caption.clone();
    view! {
        <div class="xj-table-box">
            <section class="xj-table-scroll" aria-label=name tabindex="0">
                <table class="xj-table xj-cards">
                    <caption class="xj-sr">{caption}</caption>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        </div>
    }
}

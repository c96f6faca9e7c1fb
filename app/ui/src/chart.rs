//! Charts drawn by the server: a funnel that balances.

mod funnel;

pub use funnel::*;

use leptos::prelude::*;

/// `count` with a comma between groups of three digits: `1,204`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value` of `whole` on a length of `length` units, rounded, never longer than `length`.
#[must_use]
pub fn scaled(value: u64, whole: u64, length: u64) -> u64 {
    let whole = u128::from(whole.max(1));
    let value = u128::from(value).min(whole);
    let units = (value * u128::from(length) + whole / 2) / whole;
    u64::try_from(units).unwrap_or(length)
}

/// Names and counts as a table for readers and for print.
pub(crate) fn numbers(
    caption: String,
    heads: (String, String),
    rows: impl IntoIterator<Item = (String, u64)>,
) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|(label, count)| {
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td class="xj-num">{grouped(count)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="xj-print-only">
            <table class="xj-plain">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{heads.0}</th>
                        <th scope="col" class="xj-num">{heads.1}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

//! How much is done, as a stacked bar with its numbers.

use leptos::prelude::*;

use crate::chart::{grouped, numbers, scaled};
use crate::slot::Text;
use crate::tone::Tone;

/// One part of the whole.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Its colour.
    pub tone: Tone,
}

impl Part {
    /// A part of `count` units.
    pub fn new(label: impl Into<String>, count: u64, tone: Tone) -> Self {
        Self {
            label: label.into(),
            count,
            tone,
        }
    }
}

/// Width of the drawing in its own units.
const WIDTH: u64 = 1000;

/// Left edge and width of each part, in thousandths of `total`.
///
/// Rounds edges, not widths, so that the parts always meet; a part that exceeds the total is cut.
#[must_use]
pub fn spans(counts: &[u64], total: u64) -> Vec<(u64, u64)> {
    let mut before: u64 = 0;
    counts
        .iter()
        .map(|count| {
            let left = scaled(before, total, WIDTH);
            before = before.saturating_add(*count);
            (left, scaled(before, total, WIDTH) - left)
        })
        .collect()
}

/// The bar. Its numbers stand in a table for readers and for print.
///
/// `<CompletionBar caption="…" part_head="…" count_head="…" total=1204
///     parts=vec![Part::new("…", 1021, Tone::Success)]/>`
#[component]
pub fn CompletionBar(
    /// Says the result in words.
    #[prop(into)]
    caption: String,
    /// The parts from left to right.
    parts: Vec<Part>,
    /// The whole; what no part covers stays empty.
    total: u64,
    /// Column head of the part names in the numbers' table.
    #[prop(into)]
    part_head: String,
    /// Column head of the counts.
    #[prop(into)]
    count_head: String,
    /// A line under the bar.
    #[prop(optional, into)]
    note: Text,
    /// One line high, without visible caption: for a table cell.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let counts: Vec<u64> = parts.iter().map(|part| part.count).collect();
    let bars = parts
        .iter()
        .zip(spans(&counts, total))
        .map(|(part, (left, width))| {
            view! {
                <rect
                    class=part.tone.class()
                    x=left.to_string()
                    y="0"
                    width=width.to_string()
                    height="12"
                ></rect>
            }
        })
        .collect_view();
    let spoken = parts
        .iter()
        .map(|part| format!("{} {}", part.label, grouped(part.count)))
        .collect::<Vec<_>>()
        .join(" · ");
    let description = format!("{caption} · {spoken}");
    let table = (!compact).then(|| {
        let rows = parts.into_iter().map(|part| (part.label, part.count));
        numbers(caption.clone(), (part_head, count_head), rows)
    });
    let caption = (!compact).then(|| view! { <p class="xj-bar-caption">{caption}</p> });
    view! {
        <div class=if compact { "xj-bar xj-bar-compact" } else { "xj-bar" }>
            {caption}
            <svg
                class="xj-bar-svg"
                viewBox=format!("0 0 {WIDTH} 12")
                preserveAspectRatio="none"
                role="img"
                aria-label=description
            >
                <rect class="xj-bar-ground" x="0" y="0" width=WIDTH.to_string() height="12"></rect>
                {bars}
            </svg>
            {note.map(|note| view! { <p class="xj-bar-note">{note}</p> })}
            {table}
        </div>
    }
}

use std::fmt::Write as _;

use leptos::prelude::*;

use super::{Reading, grouped, numbers, scaled};
use crate::slot::Text;

/// Width of the plot in its own units.
const WIDTH: u64 = 600;
/// Height of the plot in its own units.
const HEIGHT: u64 = 160;
/// Room above the plot, in pixels, for the deadline's words.
const TOP: u64 = 26;

/// The points of a line through `counts` at equal steps, the first of them `from` steps from the
/// left, on `steps` steps in all; `whole` is the upper edge.
#[must_use]
pub fn line(counts: &[u64], from: usize, steps: usize, whole: u64, size: (u64, u64)) -> String {
    let last = steps.saturating_sub(1).max(1) as u64;
    let mut points = String::new();
    for (index, count) in counts.iter().enumerate() {
        let x = scaled((from + index) as u64, last, size.0);
        let y = size.1 - scaled(*count, whole, size.1);
        // Writing to a String cannot fail.
        let _ = write!(points, "{}{x},{y}", if index == 0 { "" } else { " " });
    }
    points
}

/// A line of completions against the deadline.
///
/// `<Trend caption="…" day_head="…" count_head="…" total=1204 readings=vec![Reading::new("10月1日", 120)]
///     forecast=vec![1100, 1168] deadline=16 deadline_label="…"/>`
#[component]
pub fn Trend(
    /// Says the result in words; stands above the chart.
    #[prop(into)]
    caption: String,
    /// What was counted so far, at equal steps.
    readings: Vec<Reading>,
    /// The whole: the upper edge.
    total: u64,
    /// What is expected at the steps after the last reading; drawn broken.
    #[prop(optional)]
    forecast: Vec<u64>,
    /// The step of the deadline, counted from the first reading at 0.
    #[prop(optional)]
    deadline: Option<usize>,
    /// The deadline in words, at its line.
    #[prop(optional, into)]
    deadline_label: Text,
    /// Column head of the days in the numbers' table.
    #[prop(into)]
    day_head: String,
    /// Column head of the counts.
    #[prop(into)]
    count_head: String,
) -> impl IntoView {
    let counts: Vec<u64> = readings.iter().map(|reading| reading.count).collect();
    let steps = (counts.len() + forecast.len()).max(deadline.map_or(0, |step| step + 1));
    let from = counts.len().saturating_sub(1);
    let solid = line(&counts, 0, steps, total, (WIDTH, HEIGHT));
    let expected: Vec<u64> = counts.last().copied().into_iter().chain(forecast).collect();
    let broken = (expected.len() > 1).then(|| line(&expected, from, steps, total, (WIDTH, HEIGHT)));
    let broken = broken.map(|points| {
        view! { <polyline class="xj-trend-line xj-trend-forecast" points=points></polyline> }
    });
    let deadline = deadline.map(|step| due(step, steps, deadline_label.into_inner()));
    let first = readings
        .first()
        .map(|reading| day(0, steps, reading.label.clone()));
    let latest = (from > 0)
        .then(|| {
            readings
                .last()
                .map(|reading| day(from, steps, reading.label.clone()))
        })
        .flatten();
    let rows = readings
        .into_iter()
        .map(|reading| (reading.label, reading.count));
    let table = numbers(caption.clone(), (day_head, count_head), rows);
    view! {
        <figure class="xj-trend">
            <figcaption class="xj-bar-caption">{caption.clone()}</figcaption>
            <svg class="xj-trend-svg" role="img" aria-label=caption width="100%" height="210">
                {grid(total)}
                {deadline}
                <svg
                    x="0"
                    y=TOP.to_string()
                    width="100%"
                    height=HEIGHT.to_string()
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    preserveAspectRatio="none"
                    overflow="visible"
                >
                    {broken}
                    <polyline class="xj-trend-line" points=solid></polyline>
                </svg>
                {first}
                {latest}
            </svg>
            {table}
        </figure>
    }
}

/// Place of a step on the whole width, and how a text there is anchored so that it stays inside.
fn place(step: usize, steps: usize) -> (String, &'static str) {
    let last = steps.saturating_sub(1).max(1) as u64;
    let percent = scaled(step as u64, last, 100);
    let anchor = match percent {
        0..=15 => "start",
        16..=84 => "middle",
        85.. => "end",
    };
    (format!("{percent}%"), anchor)
}

fn due(step: usize, steps: usize, label: Option<String>) -> AnyView {
    let (x, anchor) = place(step, steps);
    let foot = (TOP + HEIGHT).to_string();
    view! {
        <line class="xj-trend-deadline" x1=x.clone() x2=x.clone() y1="20" y2=foot></line>
        <text class="xj-trend-text xj-trend-due" x=x y="14" text-anchor=anchor>{label}</text>
    }
    .into_any()
}

fn day(step: usize, steps: usize, label: String) -> AnyView {
    let (x, anchor) = place(step, steps);
    let y = (TOP + HEIGHT + 18).to_string();
    view! { <text class="xj-trend-text" x=x y=y text-anchor=anchor>{label}</text> }.into_any()
}

fn grid(total: u64) -> AnyView {
    [0, total / 2, total]
        .into_iter()
        .map(|count| {
            let y = TOP + HEIGHT - scaled(count, total, HEIGHT);
            let label = (count > 0).then(|| grouped(count));
            view! {
                <line class="xj-trend-grid" x1="0" x2="100%" y1=y.to_string() y2=y.to_string()></line>
                <text class="xj-trend-text" x="0" y=(y + 16).to_string()>{label}</text>
            }
        })
        .collect_view()
        .into_any()
}

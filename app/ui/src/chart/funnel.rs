use leptos::prelude::*;

use super::{grouped, scaled};
use crate::chip::StatusChip;
use crate::slot::Text;
use crate::tone::Tone;

/// Those who left between one stage and the next, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leaving {
    label: String,
    count: u64,
    href: Text,
}

/// One stage of a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    label: String,
    count: u64,
    href: Text,
    leaving: Vec<Leaving>,
}

impl Stage {
    /// `count` reached the stage called `label`.
    pub fn new(label: impl Into<String>, count: u64) -> Self {
        Self {
            label: label.into(),
            count,
            href: Text::default(),
            leaving: Vec::new(),
        }
    }

    /// The list that makes up the stage.
    #[must_use]
    pub fn href(mut self, href: impl Into<Text>) -> Self {
        self.href = href.into();
        self
    }

    /// `count` did not go on to the next stage; `label` says why, `href` leads to their list.
    #[must_use]
    pub fn leaving(mut self, label: impl Into<String>, count: u64, href: impl Into<Text>) -> Self {
        self.leaving.push(Leaving {
            label: label.into(),
            count,
            href: href.into(),
        });
        self
    }
}

/// For each stage, how far its count differs from those who went on and those who left with a
/// reason; zero throughout when the funnel balances. The last stage has no next and counts as balanced
/// unless reasons are given.
#[must_use]
pub fn imbalance(stages: &[Stage]) -> Vec<i128> {
    let next = stages
        .iter()
        .skip(1)
        .map(|stage| Some(stage.count))
        .chain([None]);
    stages
        .iter()
        .zip(next)
        .map(|(stage, next)| {
            let left: i128 = stage
                .leaving
                .iter()
                .map(|leaving| i128::from(leaving.count))
                .sum();
            match next {
                Some(next) => i128::from(stage.count) - i128::from(next) - left,
                None => 0,
            }
        })
        .collect()
}

/// How many reach each stage and why the others do not. What no reason accounts for is shown.
///
/// `<Funnel caption="…" stage_head="…" count_head="…" leaving_head="…" unexplained="…"
///     stages=vec![Stage::new("…", 1221).leaving("…", 17, "?"), Stage::new("…", 1204)]/>`
#[component]
pub fn Funnel(
    /// What flows through it.
    #[prop(into)]
    caption: String,
    /// Column head of the stages.
    #[prop(into)]
    stage_head: String,
    /// Column head of the counts.
    #[prop(into)]
    count_head: String,
    /// Column head of those who left.
    #[prop(into)]
    leaving_head: String,
    /// Word for a difference that no reason accounts for.
    #[prop(into)]
    unexplained: String,
    /// The stages from first to last.
    stages: Vec<Stage>,
) -> impl IntoView {
    let whole = stages.iter().map(|stage| stage.count).max().unwrap_or(0);
    let rest = imbalance(&stages);
    let rows = stages
        .into_iter()
        .zip(rest)
        .map(|(stage, rest)| row(stage, rest, whole, &unexplained))
        .collect_view();
    view! {
        <div class="xj-table-box">
            <table class="xj-table xj-funnel">
                <caption class="xj-sr">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{stage_head}</th>
                        <th scope="col" class="xj-num">{count_head}</th>
                        <th scope="col" class="xj-funnel-leaving">{leaving_head}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(stage: Stage, rest: i128, whole: u64, unexplained: &str) -> AnyView {
    let leaving = stage
        .leaving
        .into_iter()
        .map(|leaving| {
            let text = format!("{} {}", leaving.label, grouped(leaving.count));
            view! { <li>{linked(text, leaving.href)}</li> }
        })
        .collect_view();
    let gap = (rest != 0).then(|| {
        let label = format!("{unexplained} {rest}");
        view! { <li><StatusChip tone=Tone::Error label=label/></li> }
    });
    view! {
        <tr>
            <th scope="row">
                {linked(stage.label, stage.href)}
                <svg class="xj-funnel-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=scaled(stage.count, whole, 1000).to_string() height="8"></rect>
                </svg>
            </th>
            <td class="xj-num">{grouped(stage.count)}</td>
            <td class="xj-funnel-leaving"><ul>{leaving} {gap}</ul></td>
        </tr>
    }
    .into_any()
}

fn linked(text: String, href: Text) -> AnyView {
    match href.into_inner() {
        Some(href) => view! { <a class="xj-link" href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    }
}

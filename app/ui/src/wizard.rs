//! The steps of a wizard, and the count of a phone task.

use leptos::prelude::*;

use crate::slot::Slot;

/// The steps in a row with the current one marked.
///
/// `<WizardSteps label="…" done="…" steps=vec!["…".into(), "…".into()] current=1/>`
#[component]
pub fn WizardSteps(
    /// Name of the row, for readers.
    #[prop(into)]
    label: String,
    /// Word for a finished step, for readers.
    #[prop(into)]
    done: String,
    /// The steps' names in order.
    steps: Vec<String>,
    /// Index of the current step; as many as there are steps when all are done.
    current: usize,
) -> impl IntoView {
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let class = match index.cmp(&current) {
                std::cmp::Ordering::Less => "xj-wizard-step xj-wizard-done",
                std::cmp::Ordering::Equal => "xj-wizard-step xj-wizard-current",
                std::cmp::Ordering::Greater => "xj-wizard-step",
            };
            let finished = index < current;
            let here = (index == current).then_some("step");
            let done = done.clone();
            view! {
                <li class=class aria-current=here>
                    <span class="xj-wizard-mark xj-num" aria-hidden="true">
                        {if finished { tick() } else { (index + 1).into_any() }}
                    </span>
                    <span>{step}</span>
                    {finished.then(|| view! { <span class="xj-sr">{done}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="xj-wizard" aria-label=label>{steps}</ol> }
}

fn tick() -> AnyView {
    view! {
        <svg class="xj-icon" viewBox="0 0 16 16" focusable="false">
            <path d="M3.5 8.5l3 3 6-7"></path>
        </svg>
    }
    .into_any()
}

/// How far a task on the phone is, for instance "3/8".
///
/// `<StepMeter label="…" current=3 total=8/>`
#[component]
pub fn StepMeter(
    /// What is counted, for readers and beside the number.
    #[prop(into)]
    label: Slot,
    /// The step shown, from 1.
    current: u32,
    /// How many steps there are.
    total: u32,
) -> impl IntoView {
    view! {
        <div class="xj-meter">
            <span class="xj-meter-label">{label.into_inner()}</span>
            <span class="xj-meter-count xj-num">{format!("{current}/{total}")}</span>
            <progress class="xj-meter-bar" aria-hidden="true" max=total.to_string() value=current.to_string()></progress>
        </div>
    }
}

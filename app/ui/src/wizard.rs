//! The steps of a wizard.

use leptos::prelude::*;

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

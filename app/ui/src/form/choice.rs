use leptos::prelude::*;

use super::field::{Ties, labelled};
use crate::slot::Text;

/// One value among several.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
    /// One more line, where there is room for it.
    pub hint: Text,
    /// Whether it is chosen.
    pub checked: bool,
    /// Whether it cannot be chosen.
    pub disabled: bool,
}

impl Choice {
    /// Posts `value`, reads `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// Whether it is chosen.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// Whether it cannot be chosen.
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// One more line; shown by boxes and radio buttons, not by a selection.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// The `option` elements of `choices`.
pub(crate) fn options(choices: Vec<Choice>) -> AnyView {
    choices
        .into_iter()
        .map(|choice| {
            view! {
                <option value=choice.value selected=choice.checked disabled=choice.disabled>
                    {choice.label}
                </option>
            }
        })
        .collect_view()
        .into_any()
}

/// One of several, folded.
///
/// `<SelectInput name="…" label="…" choices=vec![Choice::new("1", "…").checked(true)]/>`
#[component]
pub fn SelectInput(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// The values.
    choices: Vec<Choice>,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// A word after the label.
    #[prop(optional, into)]
    mark: Text,
    /// How to choose.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses the empty value.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let input = view! {
        <select
            class="xj-input xj-select"
            id=ties.id()
            name=name
            required=required
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        >
            {options(choices)}
        </select>
    }
    .into_any();
    labelled(&ties, label, mark, input)
}

/// A box to tick.
///
/// `<Checkbox name="…" value="1" label="…"/>`
#[component]
pub fn Checkbox(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// What is posted when ticked.
    #[prop(default = "1".into(), into)]
    value: String,
    /// What ticking it says.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    #[prop(optional)]
    checked: bool,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// One more line.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses to post without it.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    view! {
        <div class="xj-field xj-field-check">
            <label class="xj-check">
                <input
                    type="checkbox"
                    id=ties.id()
                    name=name
                    value=value
                    checked=checked
                    required=required
                    aria-describedby=ties.described_by()
                    aria-invalid=ties.invalid()
                />
                <span>{label}</span>
            </label>
            {ties.hint()}
            {ties.error()}
        </div>
    }
}

/// Whether one or several of the choices can be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Take {
    /// Exactly one: radio buttons.
    #[default]
    One,
    /// Any number: boxes.
    Many,
}

/// One of several, or several of them, all in sight.
///
/// `<RadioGroup name="…" label="…" choices=vec![Choice::new("1", "…").hint("…")]/>`
#[component]
pub fn RadioGroup(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// The answers.
    choices: Vec<Choice>,
    /// One, or several.
    #[prop(optional)]
    take: Take,
    /// Side by side, for short answers.
    #[prop(optional)]
    inline: bool,
    /// A word after the question.
    #[prop(optional, into)]
    mark: Text,
    /// How to choose.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses to post without an answer.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let ties = Ties::new(Text::default(), &name, hint, error);
    let kind = match take {
        Take::One => "radio",
        Take::Many => "checkbox",
    };
    let required = required && take == Take::One;
    let answers = choices
        .into_iter()
        .map(|choice| {
            view! {
                <label class="xj-check xj-choice">
                    <input
                        type=kind
                        name=name.clone()
                        value=choice.value
                        checked=choice.checked
                        disabled=choice.disabled
                        required=required
                    />
                    <span>
                        {choice.label}
                        {choice.hint.map(|hint| view! { <span class="xj-hint">{hint}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="xj-field" id=ties.id() aria-describedby=ties.described_by()>
            <legend class="xj-label">
                {label} {mark.map(|mark| view! { <span class="xj-mark">{mark}</span> })}
            </legend>
            {ties.hint()}
            <div class=if inline { "xj-choices xj-choices-inline" } else { "xj-choices" }>{answers}</div>
            {ties.error()}
        </fieldset>
    }
}

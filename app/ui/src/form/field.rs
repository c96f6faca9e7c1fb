use leptos::prelude::*;

use crate::icon::ToneIcon;
use crate::slot::{Slot, Text};
use crate::tone::Tone;

/// The id of the field called `name`, for links from an error summary.
#[must_use]
pub fn field_id(name: &str) -> String {
    format!("f-{name}")
}

/// Ids and texts that belong to one input.
pub(super) struct Ties {
    id: String,
    hint: Option<String>,
    error: Option<String>,
}

impl Ties {
    pub(super) fn new(id: Text, name: &str, hint: Text, error: Text) -> Self {
        Self {
            id: id.into_inner().unwrap_or_else(|| field_id(name)),
            hint: hint.into_inner(),
            error: error.into_inner(),
        }
    }

    pub(super) fn id(&self) -> String {
        self.id.clone()
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    /// The value of `aria-describedby`: hint first, then error.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn hint(&self) -> Option<AnyView> {
        let id = format!("{}-hint", self.id);
        self.hint
            .clone()
            .map(|hint| view! { <p class="xj-hint" id=id>{hint}</p> }.into_any())
    }

    pub(super) fn error(&self) -> Option<AnyView> {
        let id = format!("{}-error", self.id);
        self.error.clone().map(|error| {
            view! {
                <p class="xj-field-error xj-error" id=id>
                    <ToneIcon tone=Tone::Error/>
                    <span>{error}</span>
                </p>
            }
            .into_any()
        })
    }
}

/// Label above, hint, input, error.
pub(super) fn labelled(ties: &Ties, label: String, mark: Text, input: AnyView) -> AnyView {
    view! {
        <div class="xj-field">
            <label class="xj-label" for=ties.id()>
                {label} {mark.map(|mark| view! { <span class="xj-mark">{mark}</span> })}
            </label>
            {ties.hint()}
            {input}
            {ties.error()}
        </div>
    }
    .into_any()
}

/// Label, hint and error around an input of one's own, for instance an island.
///
/// The input inside must carry the id [`field_id`] gives for `name`, and
/// `aria-describedby="{id}-hint {id}-error"` for those of the two that are present.
///
/// `<Field name="…" label="…"><input id=field_id("…") …/></Field>`
#[component]
pub fn Field(
    /// The field's name.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// A word after the label: required, optional.
    #[prop(optional, into)]
    mark: Text,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The input.
    children: Children,
) -> impl IntoView {
    let ties = Ties::new(Text::default(), &name, hint, error);
    labelled(&ties, label, mark, children())
}

/// Fields side by side on a wide page.
///
/// `<FieldRow><TextInput …/><TextInput …/></FieldRow>`
#[component]
pub fn FieldRow(
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! { <div class="xj-field-row">{children()}</div> }
}

/// The buttons at the end of a form.
///
/// `<FormActions><SubmitButton label="…"/></FormActions>`
#[component]
pub fn FormActions(
    /// The buttons, main one first.
    children: Children,
    /// A line beside them.
    #[prop(optional, into)]
    note: Slot,
) -> impl IntoView {
    view! {
        <div class="xj-form-actions">
            {children()} {note.map(|note| view! { <div class="xj-form-note">{note}</div> })}
        </div>
    }
}

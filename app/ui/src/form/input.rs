use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

use super::field::{Ties, labelled};
use crate::slot::Text;

/// What is typed; sets the keyboard of a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typed {
    /// Words.
    #[default]
    Words,
    /// Digits of a code: numeric keyboard, no spinner, leading zeros kept.
    Digits,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
}

impl Typed {
    fn kind(self) -> &'static str {
        match self {
            Self::Words | Self::Digits => "text",
            Self::Phone => "tel",
            Self::Email => "email",
        }
    }

    fn mode(self) -> Option<&'static str> {
        match self {
            Self::Digits => Some("numeric"),
            Self::Words | Self::Phone | Self::Email => None,
        }
    }
}

/// A line of text.
///
/// `<TextInput name="…" label="…" value=… hint="…" error=errors.get("…")/>`
#[component]
pub fn TextInput(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// What stands in it.
    #[prop(optional, into)]
    value: Text,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// A word after the label: required, optional.
    #[prop(optional, into)]
    mark: Text,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses an empty field.
    #[prop(optional)]
    required: bool,
    /// Seen, posted, not changed.
    #[prop(optional)]
    readonly: bool,
    /// What is typed.
    #[prop(optional)]
    typed: Typed,
    /// HTML autofill token.
    #[prop(optional, into)]
    autocomplete: Text,
    /// Longest value in UTF-16 units.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The form's id, when the field stands outside it.
    #[prop(optional, into)]
    form: Text,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let input = view! {
        <input
            class="xj-input"
            type=typed.kind()
            inputmode=typed.mode()
            id=ties.id()
            name=name
            value=value.into_inner()
            required=required
            readonly=readonly
            autocomplete=autocomplete.into_inner()
            maxlength=maxlength.map(|most| most.to_string())
            form=form.into_inner()
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        />
    }
    .into_any();
    labelled(&ties, label, mark, input)
}

/// A password; never filled from the server.
///
/// `<PasswordInput name="…" label="…" autocomplete="current-password"/>`
#[component]
pub fn PasswordInput(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// `current-password`, `new-password` or `one-time-code`.
    #[prop(default = "current-password".into(), into)]
    autocomplete: String,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let input = view! {
        <input
            class="xj-input"
            type="password"
            id=ties.id()
            name=name
            required=true
            autocomplete=autocomplete
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        />
    }
    .into_any();
    labelled(&ties, label, Text::default(), input)
}

/// A date, with the browser's own calendar.
///
/// `<DateInput name="…" label="…" value="2026-10-16"/>`
#[component]
pub fn DateInput(
    /// Name that is posted; the value is ISO 8601.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// ISO 8601 date.
    #[prop(optional, into)]
    value: Text,
    /// With a time of day; values are then `2026-10-16T18:00`.
    #[prop(optional)]
    with_time: bool,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// A word after the label.
    #[prop(optional, into)]
    mark: Text,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses an empty field.
    #[prop(optional)]
    required: bool,
    /// First possible date.
    #[prop(optional, into)]
    min: Text,
    /// Last possible date.
    #[prop(optional, into)]
    max: Text,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let input = view! {
        <input
            class="xj-input xj-input-date"
            type=if with_time { "datetime-local" } else { "date" }
            id=ties.id()
            name=name
            value=value.into_inner()
            required=required
            min=min.into_inner()
            max=max.into_inner()
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        />
    }
    .into_any();
    labelled(&ties, label, mark, input)
}

/// A file to send; its form must be multipart.
///
/// `<FileInput name="…" label="…" accept=".xlsx,.csv"/>`
#[component]
pub fn FileInput(
    /// Name that is posted.
    #[prop(into)]
    name: String,
    /// Its label.
    #[prop(into)]
    label: String,
    /// Name endings or media types, separated by commas.
    #[prop(optional, into)]
    accept: Text,
    /// Several files at once.
    #[prop(optional)]
    multiple: bool,
    /// A folder with everything in it; browsers that cannot do this offer files.
    #[prop(optional)]
    directory: bool,
    /// Other than `f-{name}`.
    #[prop(optional, into)]
    id: Text,
    /// A word after the label.
    #[prop(optional, into)]
    mark: Text,
    /// What the file must be.
    #[prop(optional, into)]
    hint: Text,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Text,
    /// The browser refuses to post without a file.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let ties = Ties::new(id, &name, hint, error);
    let input = view! {
        <input
            class="xj-file"
            type="file"
            id=ties.id()
            name=name
            accept=accept.into_inner()
            multiple=multiple
            required=required
            aria-describedby=ties.described_by()
            aria-invalid=ties.invalid()
        />
    }
    .add_any_attr(custom_attribute("webkitdirectory", directory.then_some("")))
    .into_any();
    labelled(&ties, label, mark, input)
}

//! The filter above a list. Asked with GET it lives in the URL; posted to a school, what is searched for does not
//! stand there, and the answer leads to the list.

use leptos::prelude::*;

use crate::form::{Choice, Hidden, hidden_fields, options};
use crate::icon::{Stroke, StrokeIcon};
use crate::slot::{Slot, Text};

/// The search field.
#[derive(Clone, Debug)]
pub struct Search {
    /// Query parameter.
    pub name: String,
    /// Shown in the empty field and read as its name.
    pub label: String,
    /// What is searched for now.
    pub value: String,
}

impl Search {
    /// A search in the parameter `name`.
    pub fn new(
        name: impl Into<String>,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            value: value.into(),
        }
    }
}

/// One selection among few.
#[derive(Clone, Debug)]
pub struct FilterSelect {
    /// Query parameter.
    pub name: String,
    /// Its name, for readers.
    pub label: String,
    /// The values; the first is usually "all" with an empty value.
    pub choices: Vec<Choice>,
}

impl FilterSelect {
    /// A selection in the parameter `name`.
    pub fn new(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            choices,
        }
    }
}

/// The choice of columns, folded.
#[derive(Clone, Debug)]
pub struct ColumnChooser {
    /// Query parameter, repeated for each column.
    pub name: String,
    /// The word on the fold.
    pub label: String,
    /// The columns.
    pub choices: Vec<Choice>,
}

impl ColumnChooser {
    /// A choice of columns in the parameter `name`.
    pub fn new(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            choices,
        }
    }

    fn render(self) -> AnyView {
        let name = self.name;
        let boxes = self
            .choices
            .into_iter()
            .map(|choice| {
                view! {
                    <li>
                        <label class="xj-check">
                            <input
                                type="checkbox"
                                name=name.clone()
                                value=choice.value
                                checked=choice.checked
                                disabled=choice.disabled
                            />
                            <span>{choice.label}</span>
                        </label>
                    </li>
                }
            })
            .collect_view();
        view! {
            <details class="xj-drop">
                <summary class="xj-btn xj-btn-quiet">
                    {self.label} <StrokeIcon stroke=Stroke::Down/>
                </summary>
                <ul class="xj-drop-body">{boxes}</ul>
            </details>
        }
        .into_any()
    }
}

/// Search, selections and columns in one line.
///
/// `<FilterBar label="…" submit="…" search=Search::new("q", "…", "") selects=vec![…]/>`
#[component]
pub fn FilterBar(
    /// Name of the form, for readers.
    #[prop(into)]
    label: String,
    /// Where to ask; the same page without it.
    #[prop(optional, into)]
    action: Text,
    /// The school it is posted to; asked with GET without it.
    #[prop(optional, into)]
    tenant: Text,
    /// Word on the button.
    #[prop(into)]
    submit: String,
    /// The search field.
    #[prop(optional_no_strip, into)]
    search: Option<Search>,
    /// The selections.
    #[prop(optional)]
    selects: Vec<FilterSelect>,
    /// The choice of columns.
    #[prop(optional_no_strip, into)]
    columns: Option<ColumnChooser>,
    /// What else has to stay in the URL, for instance the sort order.
    #[prop(optional)]
    hidden: Vec<Hidden>,
    /// At the right end: link that clears the filter, saved filters.
    #[prop(optional, into)]
    aside: Slot,
) -> impl IntoView {
    let search = search.map(|search| {
        view! {
            <input
                class="xj-input xj-filter-search"
                type="search"
                name=search.name
                value=search.value
                placeholder=search.label.clone()
                aria-label=search.label
                autocomplete="off"
            />
        }
    });
    let selects = selects
        .into_iter()
        .map(|select| {
            view! {
                <select class="xj-input xj-select" name=select.name aria-label=select.label>
                    {options(select.choices)}
                </select>
            }
        })
        .collect_view();
    let method = if tenant.is_empty() { "get" } else { "post" };
    let hidden = tenant
        .map(|tenant| Hidden::new("tenant", tenant))
        .into_iter()
        .chain(hidden)
        .collect();
    view! {
        <form class="xj-filter" method=method action=action.into_inner() role="search" aria-label=label>
            {hidden_fields(hidden)}
            {search}
            {selects}
            {columns.map(ColumnChooser::render)}
            <button class="xj-btn xj-btn-secondary" type="submit">{submit}</button>
            {aside.map(|aside| view! { <div class="xj-filter-aside">{aside}</div> })}
        </form>
    }
}

//! What can be done with the selected rows.

use leptos::prelude::*;

use crate::form::{Hidden, HiddenFields, PostForm};
use crate::slot::Text;

/// Sticks to the bottom while rows are selected.
///
/// Stands after its table inside the element of class `xj-selectable` (see
/// [`SelectableList`]); the number is counted by the style sheet, without a script. Where rows of
/// other pages are selected too, the server says the number in `count`.
///
/// `<SelectionBar before="…" after="…"><SubmitButton …/></SelectionBar>`
#[component]
pub fn SelectionBar(
    /// Words before the number.
    #[prop(into)]
    before: String,
    /// Words after the number.
    #[prop(into)]
    after: String,
    /// Shown instead when the box of the header, all rows of the filter, is ticked.
    #[prop(optional, into)]
    all: Text,
    /// The number, if the server knows it.
    #[prop(optional, into)]
    count: Text,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    let always = !count.is_empty();
    let number = match count.into_inner() {
        Some(count) => view! { <b class="xj-num">{count}</b> }.into_any(),
        None => view! { <b class="xj-num xj-selection-count"></b> }.into_any(),
    };
    view! {
        <div class=if always { "xj-selection xj-selection-always" } else { "xj-selection" }>
            <p>
                <span class="xj-selection-some">{before} " " {number} " " {after}</span>
                {all.map(|all| view! { <span class="xj-selection-all">{all}</span> })}
            </p>
            <div class="xj-selection-actions">{children()}</div>
        </div>
    }
}

/// Holds a table with selectable rows and its selection bar; counts the ticked rows.
///
/// Writes the form that the boxes and the buttons belong to by its id.
///
/// `<SelectableList form="picked" action="/…" tenant="shou"><DataTable select=RowSelect::new("picked", "id", "…") …/>
///     <SelectionBar before="…" after="…"><SubmitButton form="picked" label="…"/></SelectionBar></SelectableList>`
#[component]
pub fn SelectableList(
    /// The form's id.
    #[prop(into)]
    form: String,
    /// Where the form posts, unless a button says another address.
    #[prop(into)]
    action: String,
    /// The school, posted as `tenant`.
    #[prop(optional, into)]
    tenant: Text,
    /// Fields that are not seen: the filter, for "all rows".
    #[prop(optional)]
    hidden: Vec<Hidden>,
    /// Table, then bar.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="xj-selectable">
            <PostForm id=form action=action tenant=tenant class="xj-sr">
                <HiddenFields fields=hidden/>
            </PostForm>
            {children()}
        </div>
    }
}

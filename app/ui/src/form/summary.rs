use leptos::prelude::*;

use super::field::field_id;
use crate::notice::Notice;
use crate::tone::Tone;

/// What is wrong with a posted form, with links to the fields. Nothing when nothing is wrong.
///
/// `<ErrorSummary title="…" errors=vec![("name".into(), "…".into())]/>`
#[component]
pub fn ErrorSummary(
    /// How many things are wrong, in words.
    #[prop(into)]
    title: String,
    /// Field name and message.
    errors: Vec<(String, String)>,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let items = errors
            .into_iter()
            .map(|(name, message)| {
                view! {
                    <li>
                        <a class="xj-link" href=format!("#{}", field_id(&name))>{message}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Notice tone=Tone::Error title=title announce=true>
                <ul class="xj-list">{items}</ul>
            </Notice>
        }
    })
}

//! Who helps, and the telephone number.

use leptos::prelude::*;

use crate::slot::Text;

/// An office with its telephone number.
///
/// `<Contact office="…" phone="021-6190 0000" hours="…"/>`
#[component]
pub fn Contact(
    /// The office, or the person.
    #[prop(into)]
    office: String,
    /// As it shall be read; the link keeps digits and `+` only.
    #[prop(optional, into)]
    phone: Text,
    /// When somebody answers.
    #[prop(optional, into)]
    hours: Text,
    /// Where to find them.
    #[prop(optional, into)]
    place: Text,
) -> impl IntoView {
    let phone = phone.map(|phone| {
        let dialled: String = phone
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        view! { <a class="xj-link xj-nowrap" href=format!("tel:{dialled}")>{phone}</a> }
    });
    view! {
        <address class="xj-contact">
            <span>{office}</span>
            {phone}
            {hours.map(|hours| view! { <span>{hours}</span> })}
            {place.map(|place| view! { <span>{place}</span> })}
        </address>
    }
}

//! The name of a browser's tab.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// The `title` of a document. Browsers show its content letter by letter, markup too, and a `view!` ends a dynamic child
/// with a comment: it is written here, escaped, and nowhere else.
pub fn tab_title(text: &str) -> impl IntoView + use<> {
    InertElement::new(format!("<title>{}</title>", escaped(text)))
}

/// Text as the source of an element whose content is text and nothing else.
pub(crate) fn escaped(text: &str) -> String {
    let mut source = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => source.push_str("&amp;"),
            '<' => source.push_str("&lt;"),
            '>' => source.push_str("&gt;"),
            other => source.push(other),
        }
    }
    source
}

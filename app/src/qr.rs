//! A QR code on a page: the drawing as a picture of its own, so that no markup of it reaches the document.

use crate::frame::encode;
use leptos::prelude::*;

/// The code as a picture with a text for readers.
pub fn image(svg: &str, alt: &'static str) -> AnyView {
    let source = format!("data:image/svg+xml,{}", encode(svg));
    view! { <img class="xj-qr" src=source alt=alt width="160" height="160"/> }.into_any()
}

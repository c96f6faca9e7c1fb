use leptos::prelude::*;

/// `text` repeated faintly over the page, so that a photograph of the screen tells who took it.
///
/// Drawn, not styled: a background picture would have to be an inline style or a data address.
///
/// `<Watermark text="…"/>`
#[component]
pub fn Watermark(
    /// Who looks, and when.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <svg class="xj-watermark" aria-hidden="true" focusable="false" width="100%" height="100%">
            <defs>
                <pattern
                    id="xj-watermark"
                    width="320"
                    height="170"
                    patternUnits="userSpaceOnUse"
                    patternTransform="rotate(-22)"
                >
                    <text x="0" y="50">{text.clone()}</text>
                    <text x="160" y="135">{text}</text>
                </pattern>
            </defs>
            <rect width="100%" height="100%" fill="url(#xj-watermark)"></rect>
        </svg>
    }
}

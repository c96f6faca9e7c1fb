//! Islands of the students.

use leptos::prelude::*;

/// Copies a short text to the clipboard and says so. Without a script the text can be selected with one click.
#[island]
pub fn CopyPhone(
    /// What is copied.
    phone: String,
    /// The button's words.
    label: String,
    /// The words once it is done.
    done: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let text = move || {
        if copied.get() {
            done.clone()
        } else {
            label.clone()
        }
    };
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        {
            let promise = window().navigator().clipboard().write_text(&phone);
            leptos::task::spawn_local(async move {
                // Where the browser forbids it, nothing is said: the number stays selectable.
                let kept = wasm_bindgen_futures::JsFuture::from(promise).await;
                copied.set(kept.is_ok());
            });
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &phone;
    };
    view! {
        <button type="button" class="xj-btn xj-btn-quiet xj-needs-script" on:click=copy aria-live="polite">{text}</button>
    }
}

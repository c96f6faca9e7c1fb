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
            // The promise only fails where the browser forbids it; the number stays selectable then.
            let _promise = window().navigator().clipboard().write_text(&phone);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &phone;
        copied.set(true);
    };
    view! {
        <button type="button" class="xj-btn xj-btn-quiet xj-needs-script" on:click=copy aria-live="polite">{text}</button>
    }
}

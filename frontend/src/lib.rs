//! The WASM entry: the browser loads one of the two bundles (`student`, `staff`) and calls [`hydrate`].

use wasm_bindgen::prelude::wasm_bindgen;

/// Wakes the islands of the page that the server has rendered.
#[wasm_bindgen]
pub fn hydrate() {
    use app as _; // the islands register themselves when they are linked
    leptos::mount::hydrate_islands();
}

//! A square code of dark and light modules.

use std::fmt::Write as _;

use leptos::prelude::*;

/// The dark modules of a square code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    size: usize,
    path: String,
}

impl Modules {
    /// A code of `size` by `size` modules; `dark(row, column)` says which are dark.
    pub fn new(size: usize, dark: impl Fn(usize, usize) -> bool) -> Self {
        let mut path = String::new();
        for row in 0..size {
            let mut column = 0;
            while column < size {
                let run = (column..size).take_while(|at| dark(row, *at)).count();
                if run > 0 {
                    // Writing to a String cannot fail.
                    let _ = write!(path, "M{column} {row}h{run}v1h-{run}z");
                }
                column += run.max(1);
            }
        }
        Self { size, path }
    }
}

/// The code as a drawing with its quiet zone, black on white in both themes.
///
/// `<QrCode label="…" modules=Modules::new(code.size, |row, column| …)/>`
#[component]
pub fn QrCode(
    /// What the code leads to, for readers.
    #[prop(into)]
    label: String,
    /// Its modules.
    modules: Modules,
) -> impl IntoView {
    let side = modules.size + 8;
    view! {
        <svg class="xj-qr" viewBox=format!("-4 -4 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
            <rect x="-4" y="-4" width=side.to_string() height=side.to_string() fill="#fff"></rect>
            <path d=modules.path fill="#000"></path>
        </svg>
    }
}

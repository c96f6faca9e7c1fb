//! The frames around pages.

mod nav;
mod office;
mod phone;
mod plain;
mod print;
mod watermark;

pub use nav::*;
pub use office::*;
pub use phone::*;
pub use plain::*;
pub use print::*;
pub use watermark::*;

use leptos::prelude::*;

use crate::slot::Text;

/// The school's sign: its logo, or the first character of its name.
#[derive(Clone, Debug, Default)]
pub struct Badge {
    /// One character, shown without a logo.
    pub initial: String,
    /// Address of a square picture.
    pub logo: Text,
}

impl Badge {
    /// A sign made of one character.
    pub fn initial(initial: impl Into<String>) -> Self {
        Self {
            initial: initial.into(),
            logo: Text::default(),
        }
    }

    /// A sign made of a picture.
    pub fn logo(source: impl Into<Text>) -> Self {
        Self {
            initial: String::new(),
            logo: source.into(),
        }
    }

    fn render(self) -> AnyView {
        match self.logo.into_inner() {
            Some(source) => {
                view! { <img class="xj-badge" src=source alt="" width="24" height="24"/> }
                    .into_any()
            }
            None => {
                view! { <span class="xj-badge" aria-hidden="true">{self.initial}</span> }.into_any()
            }
        }
    }
}

fn skip_link(words: String) -> AnyView {
    view! { <a class="xj-skip" href="#content">{words}</a> }.into_any()
}

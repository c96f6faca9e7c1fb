//! Forms: every field has a label, and ties its hint and its error to the input.

mod button;
mod choice;
mod field;
mod input;
mod post_form;
mod text_area;

pub use button::*;
pub use choice::*;
pub use field::*;
pub use input::*;
pub use post_form::*;
pub use text_area::*;

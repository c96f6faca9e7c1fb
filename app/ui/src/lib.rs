//! The design system: shells, fields, tables, steps, chips and charts as plain server components.
//!
//! Nothing here knows the business: every word arrives as a property. Nothing here writes an
//! inline style or a script, so that a page passes `style-src 'self'`; lengths that depend on data
//! are SVG geometry. The classes live in `frontend/style/components`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]

pub mod chart;
pub mod chip;
pub mod completion_bar;
pub mod contact;
pub mod copyable;
pub mod data_table;
pub mod empty_state;
pub mod figures;
pub mod filter_bar;
pub mod fold;
pub mod form;
pub mod icon;
pub mod lang_switch;
pub mod live_progress;
pub mod notice;
pub mod now_card;
pub mod pagination;
pub mod panel;
pub mod progress_steps;
pub mod qr_code;
pub mod record;
pub mod shell;
pub mod slip_sheet;
pub mod slot;
pub mod tab_title;
pub mod timeline;
pub mod todo_list;
pub mod tone;
pub mod wizard;

/// Everything a page needs, for one `use ui::prelude::*`.
pub mod prelude {
    pub use crate::chart::*;
    pub use crate::chip::*;
    pub use crate::completion_bar::*;
    pub use crate::contact::*;
    pub use crate::copyable::*;
    pub use crate::data_table::*;
    pub use crate::empty_state::*;
    pub use crate::figures::*;
    pub use crate::filter_bar::*;
    pub use crate::fold::*;
    pub use crate::form::*;
    pub use crate::lang_switch::*;
    pub use crate::live_progress::*;
    pub use crate::notice::*;
    pub use crate::now_card::*;
    pub use crate::pagination::*;
    pub use crate::panel::*;
    pub use crate::progress_steps::*;
    pub use crate::qr_code::*;
    pub use crate::record::*;
    pub use crate::shell::*;
    pub use crate::slip_sheet::*;
    pub use crate::slot::*;
    pub use crate::tab_title::tab_title;
    pub use crate::timeline::*;
    pub use crate::todo_list::*;
    pub use crate::tone::*;
    pub use crate::wizard::*;
}

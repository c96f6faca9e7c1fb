//! Room `admission`: from the provinces' data to the candidate who may enrol (办法 一；二（一）1–3）.
//!
//! [`source`] is what the files say, [`check`] judges it for a [`path`] of admission, [`finding`] is what is said about
//! it; [`repair`] puts corrected rows back; [`import`] is the life of one upload, [`online`] what is still missing,
//! [`handover`] the way to Student Affairs and the colleges, [`qualification`] the right to enrol. [`majors`] leads from
//! the admitted major to the school's, [`roster`] is what both sides of a hand-over sign, [`assign`] gives class and
//! number, [`funnel`] adds everything up.

pub mod assign;
pub mod check;
pub mod finding;
pub mod funnel;
pub mod handover;
pub mod import;
pub mod majors;
pub mod online;
pub mod path;
pub mod qualification;
pub mod repair;
pub mod roster;
pub mod source;
mod years;

pub use years::years;

//! The regulation as pure Rust: rules, states and the types every floor shares. No I/O, no clock, no database.
//!
//! Modules are the rooms of the house (the stages of the regulation) plus what all rooms share:
//! [`person`], [`codes`], [`calendar`], [`decision`], [`clause`], [`text`] and [`view`].

// A new state, event or kind must be answered everywhere it is asked about: the compiler names each place.
#![deny(clippy::wildcard_enum_match_arm, missing_docs)]

pub mod admission;
pub mod audit;
pub mod calendar;
pub mod clause;
pub mod codes;
pub mod decision;
pub mod institution;
pub mod person;
pub mod photo;
pub mod registration;
pub mod status;
pub mod text;
pub mod view;

//! Pages, cut by the rooms of the regulation.

pub mod account;
pub mod activation;
pub mod admin;
pub mod assign;
pub mod exports;
pub mod factor;
pub mod handovers;
pub mod home;
pub mod imports;
pub mod me;
pub mod operator;
pub mod organisation;
mod paged;
pub mod say;
#[cfg(feature = "ssr")]
pub mod school;
pub mod sign_in;
pub mod students;
pub mod words;

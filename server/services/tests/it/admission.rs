//! Room `admission`: uploads, checks, confirmation, repair, undo, photos, on both databases.

pub mod ground;

mod command;
mod findings;
mod imports;
mod paths;
mod photos;
mod repairs;
mod sample;
mod unreadable;
mod undo;

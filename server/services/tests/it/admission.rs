//! Room `admission`: uploads, checks, confirmation, repair, undo, photos, on both databases.

pub mod ground;

mod columns;
mod command;
mod findings;
mod handover;
mod imports;
mod kept;
mod majors;
mod overtaken;
mod paths;
pub mod photos;
mod repairs;
mod returners;
mod sample;
mod undo;
mod unreadable;

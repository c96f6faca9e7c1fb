//! Records, hand-over, class and number, disclosure, oversight, home.

mod assign;
pub mod campus;
mod disclosure;
mod exports;
mod handover;
mod handover_parts;
mod handover_people;
mod home;
mod lists;
mod majors;
mod masks;
mod oversight;
mod own;
mod record;
mod steps;

//! Operations, cut by the rooms of the regulation. Each is at most ten lines: read the form, call the use case, lead on.

pub mod admission;
pub mod disclosure;
pub mod institution;
pub mod operator;

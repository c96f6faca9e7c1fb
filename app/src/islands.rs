//! Islands: the only code that runs in the browser. Two bundles, so that staff code never reaches a student's phone.

#[cfg(feature = "staff")]
pub mod staff;
#[cfg(feature = "student")]
pub mod student;

//! Code tables of the standards: sex, ethnic group, political status, province, level, form of study and, on the host
//! (feature `tables`), divisions, majors and schools. Sources and licences: `codes/SOURCES.md`.
//!
//! Kinds of identity document are [`crate::person::id_number::IdType`].

mod ethnic;
mod level;
mod political;
mod province;
mod sex;
pub(crate) mod table;

#[cfg(feature = "tables")]
mod division;
#[cfg(feature = "tables")]
mod major;
#[cfg(feature = "tables")]
mod school;

pub use ethnic::EthnicGroup;
pub use level::{Level, StudyForm};
pub use political::PoliticalStatus;
pub use province::Province;
pub use sex::Sex;

#[cfg(feature = "tables")]
pub use division::Division;
#[cfg(feature = "tables")]
pub use major::{Major, is_major_code};
#[cfg(feature = "tables")]
pub use school::School;

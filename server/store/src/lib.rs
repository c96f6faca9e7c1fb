//! The only crate that names the database: the unit of work, row-level isolation, sealed values, the audit chain, jobs.
//!
//! There is one way to write (architecture, rule 3): [`Store::begin`] with an [`Actor`](domain::institution::Actor),
//! `authorize` → [`Granted`](domain::institution::Granted), `decide` → [`Decision`](domain::decision::Decision),
//! [`UnitOfWork::apply`], [`UnitOfWork::commit`].

pub mod blind;
pub mod chain;
pub mod error;
#[cfg(feature = "floors")]
#[path = "../benches/floors.rs"]
pub mod floors;
pub mod keys;
pub mod rows;
pub mod seal;
pub mod source;
#[cfg(feature = "testkit")]
pub mod testkit;

mod accounts;
mod admission;
mod control;
mod dialect;
mod door;
mod entity;
mod files;
mod fixed;
mod handover;
mod institution;
mod jobs;
mod machine;
mod organisation;
mod oversight;
mod pool;
mod security;
mod slips;
mod students;
mod unit;
mod upkeep;

pub use accounts::BuiltOnUnits;
pub use admission::{FindingFilter, FindingTotal, Foundation, PlacedCandidate, RowGroup, RowLine};
pub use control::{Control, DemoMark, NewTenant, SessionRow};
pub use door::{Door, Look};
pub use error::{Result, StoreError};
pub use files::Files;
pub use institution::SeatRows;
pub use jobs::{Claimed, JobRun, NewJob};
pub use machine::Stateful;
pub use oversight::{Detail, LEAF_AFTER, Subject};
pub use pool::{Holding, PoolSettings, schema_digest};
pub use security::{EventFilter, MOST_OF_KIND, MOST_OF_NETWORK};
pub use slips::SlipCounts;
pub use source::Source;
pub use students::{
    AdmittedMajor, AssignmentBatch, EarlierRecord, ExportedStudent, SealedSnapshot, StudentFilter,
    StudentPage, StudentSort, StudentTotals, TAIL,
};
pub use unit::{Provenance, ReadUnit, Scope, Store, UnitOfWork};

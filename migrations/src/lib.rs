//! The schema in small steps, for SQLite and PostgreSQL; row-level security on every tenant table.
//!
//! Two kinds of tables: control tables (no personal data, no row-level security, at most eight, listed in
//! [`CONTROL_TABLES`]) and tenant tables, whose keys all begin with `tenant_id`.

use sea_orm_migration::prelude::*;

mod m0001_control;
mod m0002_institution;
mod m0003_admission;
mod m0004_oversight;
mod shape;

/// Tables without a tenant policy. Touched by `store::control` alone.
pub const CONTROL_TABLES: [&str; 8] = [
    "tenant",
    "session",
    "job_ticket",
    "tenant_stat",
    "operator",
    "operator_event",
    "attempt",
    "demo",
];

/// The role the service runs as: owns nothing, bypasses nothing.
pub const APP_ROLE: &str = "xj_app";
/// The role that reads for backups.
pub const BACKUP_ROLE: &str = "xj_backup";

/// What the steps are made of. Before the first release they are rewritten in place: whoever can make a database anew, as
/// a demonstration can, compares these with those it was made from.
pub const SOURCES: [&str; 6] = [
    include_str!("lib.rs"),
    include_str!("shape.rs"),
    include_str!("m0001_control.rs"),
    include_str!("m0002_institution.rs"),
    include_str!("m0003_admission.rs"),
    include_str!("m0004_oversight.rs"),
];

/// All steps, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_control::Step),
            Box::new(m0002_institution::Step),
            Box::new(m0003_admission::Step),
            Box::new(m0004_oversight::Step),
        ]
    }
}

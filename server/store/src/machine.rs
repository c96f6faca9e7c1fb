//! Which table and column keeps the state of which machine.

use crate::error::Result;
use domain::admission::handover::Receipt;
use domain::admission::import::ImportState;
use domain::admission::qualification::Qualification;
use domain::decision::Machine;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};

/// A machine whose state is kept in a table with a `version`.
pub trait Stateful: Machine {
    /// The table.
    const TABLE: &'static str;
    /// The column of the state.
    const COLUMN: &'static str;
    /// The column of the day it changed, if the table has one.
    const DAY: Option<&'static str>;
}

macro_rules! stateful {
    ($($machine:ty => $table:literal, $column:literal, $day:expr;)*) => {
        $(impl Stateful for $machine {
            const TABLE: &'static str = $table;
            const COLUMN: &'static str = $column;
            const DAY: Option<&'static str> = $day;
        })*
    };
}

stateful! {
    ImportState => "import_batch", "state", None;
    Receipt => "handover_receipt", "state", None;
    Qualification => "student", "qualification", Some("qualification_on");
    StudentStatus => "student", "status", Some("status_on");
    PlatformAnswer => "student", "registration", Some("registration_on");
    PhotoState => "student", "photo", Some("photo_on");
}

/// The compare-and-swap of one decision: it changes one row, or none when somebody was faster.
pub fn swap<M: Stateful>(
    tenant: i32,
    decision: &domain::decision::Decision<M>,
    today: chrono::NaiveDate,
) -> Result<UpdateStatement> {
    let read = decision.read();
    let mut update = Query::update();
    update
        .table(Alias::new(M::TABLE))
        .value(Alias::new(M::COLUMN), decision.to().key())
        .value(Alias::new("version"), read.version + 1)
        .and_where(Expr::col(Alias::new("tenant_id")).eq(tenant))
        .and_where(Expr::col(Alias::new("id")).eq(read.id))
        .and_where(Expr::col(Alias::new("version")).eq(read.version))
        .and_where(Expr::col(Alias::new(M::COLUMN)).eq(read.state.key()));
    if let Some(day) = M::DAY {
        update.value(Alias::new(day), today);
    }
    Ok(update.take())
}

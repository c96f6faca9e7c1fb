//! Which table and column keeps the state of which machine.

use crate::error::{Result, StoreError};
use crate::oversight::{Detail, Subject};
use crate::unit::UnitOfWork;
use domain::admission::handover::Receipt;
use domain::admission::import::ImportState;
use domain::admission::qualification::Qualification;
use domain::decision::{Decision, Machine};
use domain::institution::{Granted, Moves};
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A machine whose state is kept in a table with a `version`.
pub trait Stateful: Machine {
    /// The table.
    const TABLE: &'static str;
    /// The column of the state.
    const COLUMN: &'static str;
    /// The columns of the day on which it came to a state, where the table has some.
    fn days(to: Self) -> &'static [&'static str];
}

macro_rules! stateful {
    ($($machine:ty => $table:literal, $column:literal, $days:expr;)*) => {
        $(impl Stateful for $machine {
            const TABLE: &'static str = $table;
            const COLUMN: &'static str = $column;
            fn days(to: Self) -> &'static [&'static str] {
                let days: fn(Self) -> &'static [&'static str] = $days;
                days(to)
            }
        })*
    };
}

stateful! {
    ImportState => "import_batch", "state", |_| &[];
    Receipt => "handover_receipt", "state", |_| &[];
    Qualification => "student", "qualification", |_| &["qualification_on"];
    StudentStatus => "student", "status", |_| &["status_on"];
    PlatformAnswer => "student", "registration", answered_on;
    PhotoState => "student", "photo", |_| &["photo_on"];
}

/// The day of the answer; whoever is taken into a list also keeps the day of the list when later answers come.
const fn answered_on(to: PlatformAnswer) -> &'static [&'static str] {
    match to {
        PlatformAnswer::Queued => &["registration_on", "listed_on"],
        PlatformAnswer::NotDue
        | PlatformAnswer::Requested
        | PlatformAnswer::Accepted
        | PlatformAnswer::Returned => &["registration_on"],
    }
}

/// The compare-and-swap of one decision: it changes one row, or none when somebody was faster.
pub fn swap<M: Stateful, A: Moves<M>>(
    tenant: i32,
    decision: &Decision<M, A>,
    today: chrono::NaiveDate,
) -> UpdateStatement {
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
    for day in M::days(decision.to()) {
        update.value(Alias::new(*day), today);
    }
    update.take()
}

/// Records in one statement.
const CHUNK: usize = 5_000;

impl UnitOfWork {
    /// Applies a decision as a part of a larger act, which is noted once: compare-and-swap as in [`UnitOfWork::apply`], and
    /// a leaf in `detail`, which whoever acts notes at the end.
    ///
    /// # Errors
    /// As [`UnitOfWork::apply`].
    pub async fn apply_within<A: Moves<M>, M: Stateful>(
        &mut self,
        granted: &Granted<A>,
        decision: Decision<M, A>,
        detail: Detail,
    ) -> Result<Detail> {
        self.ensure_own_right(granted)?;
        let update = swap(self.tenant().0, &decision, self.today());
        let done = self.tx.execute(&update).await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        self.wrote();
        Ok(detail.over_move(&decision))
    }

    /// Applies one event to many records, with one audit link over all of them: compare-and-swap on each record's state
    /// and version. `subject` is what the bulk act is about.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody was faster on one of them: the unit can then not be committed any more.
    /// [`StoreError::Form`] for decisions of more than one event, or under the right of another actor.
    pub async fn apply_many<A: Moves<M>, M: Stateful>(
        &mut self,
        granted: &Granted<A>,
        subject: Subject,
        decisions: &[Decision<M, A>],
        detail: Detail,
    ) -> Result<()> {
        let Some(first) = decisions.first() else {
            return Ok(());
        };
        if decisions.iter().any(|d| d.event() != first.event()) {
            return Err(StoreError::Form("a bulk act of several events"));
        }
        self.ensure_own_right(granted)?;
        self.wrote();
        let mut alike: BTreeMap<(i32, &str, &str), (M, Vec<Uuid>)> = BTreeMap::new();
        for decision in decisions {
            let (read, to) = (decision.read(), decision.to());
            let key = (read.version, read.state.key(), to.key());
            alike.entry(key).or_insert((to, Vec::new())).1.push(read.id);
        }
        for ((version, from, to), (reached, ids)) in alike {
            for ids in ids.chunks(CHUNK) {
                let mut update = Query::update();
                update
                    .table(Alias::new(M::TABLE))
                    .value(Alias::new(M::COLUMN), to)
                    .value(Alias::new("version"), version + 1)
                    .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
                    .and_where(Expr::col(Alias::new("id")).is_in(ids.iter().copied()))
                    .and_where(Expr::col(Alias::new("version")).eq(version))
                    .and_where(Expr::col(Alias::new(M::COLUMN)).eq(from));
                for day in M::days(reached) {
                    update.value(Alias::new(*day), self.today());
                }
                let done = self.tx.execute(&update.take()).await?.rows_affected();
                if usize::try_from(done).ok() != Some(ids.len()) {
                    self.spoil();
                    return Err(StoreError::Stale);
                }
            }
        }
        let detail = detail
            .moved(first.event(), first.clause(), None)
            .over_moves(decisions);
        self.note(granted, subject, detail);
        Ok(())
    }
}

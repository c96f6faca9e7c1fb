//! Job tickets: who has which job, since when and for how long. A ticket knows a university and nothing of what its job
//! is about.

use super::Control;
use crate::dialect;
use crate::entity::job_ticket;
use crate::error::{Result, StoreError};
use crate::jobs::{Claimed, LEASE};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::TenantId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement, Value};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Statement, TryInsertResult,
};
use uuid::Uuid;

/// A ticket of a job that is enqueued.
pub struct New {
    pub id: Uuid,
    pub tenant: TenantId,
    pub kind: &'static str,
    pub due: DateTime<Utc>,
    pub key: String,
}

/// Writes a ticket; `false` when there is one with this key. No error of the database: on PostgreSQL that would end the
/// caller's transaction.
pub async fn insert(tx: &DatabaseTransaction, new: New) -> Result<bool> {
    let ticket = job_ticket::Model {
        id: new.id,
        tenant_id: new.tenant.0,
        kind: new.kind.to_owned(),
        state: "waiting".to_owned(),
        run_after: new.due,
        lease_until: None,
        fence: 0,
        attempt: 0,
        turn: 0,
        worker: None,
        idem_key: new.key,
    };
    let inserted = job_ticket::Entity::insert(ticket.into_active_model().reset_all())
        .on_conflict_do_nothing_on([
            job_ticket::Column::TenantId,
            job_ticket::Column::Kind,
            job_ticket::Column::IdemKey,
        ])
        .exec_without_returning(tx)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Renews the lease in the transaction of a chunk, so that a successor's claim and this commit cannot both succeed;
/// `false` when another worker has the job.
pub async fn hold(
    tx: &DatabaseTransaction,
    claimed: &Claimed,
    now: DateTime<Utc>,
    fenced: bool,
) -> Result<bool> {
    let mut update = ticket(claimed.id);
    update.value(Alias::new("lease_until"), now + LEASE);
    if fenced {
        update
            .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence))
            .and_where(Expr::col(Alias::new("state")).eq("running"));
    }
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}

/// Ends a ticket; `false` when another worker has the job.
pub async fn end(
    tx: &DatabaseTransaction,
    claimed: &Claimed,
    to: &'static str,
    fenced: bool,
) -> Result<bool> {
    let mut update = ticket(claimed.id);
    update
        .value(Alias::new("state"), to)
        .value(Alias::new("lease_until"), Option::<DateTime<Utc>>::None);
    if fenced {
        update
            .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence))
            .and_where(Expr::col(Alias::new("state")).eq("running"));
    }
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}

fn ticket(id: Uuid) -> UpdateStatement {
    Query::update()
        .table(Alias::new("job_ticket"))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .take()
}

impl Control<'_> {
    /// Takes the next due job, or one whose lease is over: of the university that has waited longest for its turn the
    /// oldest, so that ten thousand jobs of one do not hold up the only one of another.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn claim_job(&self, worker: &str) -> Result<Option<Claimed>> {
        let now = self.source_now();
        let backend = self.db().get_database_backend();
        let values = [
            Value::from(now + LEASE),
            Value::from(worker),
            Value::from(now),
        ];
        self.claim(dialect::claim_ticket(backend), values).await
    }

    /// Takes one named job if nobody has it: the command line works on what it enqueued itself.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn claim_named(&self, job: Uuid, worker: &str) -> Result<Option<Claimed>> {
        let now = self.source_now();
        let values = [
            Value::from(now + LEASE),
            Value::from(worker),
            Value::from(now),
            Value::from(job),
        ];
        self.claim(dialect::CLAIM_NAMED, values).await
    }

    async fn claim(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<Claimed>> {
        let backend = self.db().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let Some(row) = self.db().query_one_raw(statement).await? else {
            return Ok(None);
        };
        let ticket = job_ticket::Model::from_query_result(&row, "")?;
        Ok(Some(Claimed {
            id: ticket.id,
            tenant: TenantId(ticket.tenant_id),
            kind: ticket.kind,
            fence: ticket.fence,
            attempt: ticket.attempt,
        }))
    }

    /// A sign of life: keeps the lease.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`] when another worker has the job.
    pub async fn renew_lease(&self, claimed: &Claimed) -> Result<()> {
        let until = self.source_now() + LEASE;
        self.swap_ticket(claimed, |update| {
            update.value(Alias::new("lease_until"), until);
        })
        .await
    }

    /// Gives a ticket back for a later attempt. After the last one ticket and job end together instead, with
    /// [`Door::give_up`](crate::door::Door::give_up): a ticket that ended alone would leave its job running for ever.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn retry_ticket(&self, claimed: &Claimed) -> Result<()> {
        let after = self.source_now()
            + TimeDelta::seconds(2_i64.pow(claimed.attempt.clamp(0, 8).unsigned_abs()));
        self.swap_ticket(claimed, |update| {
            update
                .value(Alias::new("state"), "waiting")
                .value(Alias::new("run_after"), after);
        })
        .await
    }

    /// Gives a ticket back at once, as if it had not been claimed: the worker stops, the job is not to blame.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn release_ticket(&self, claimed: &Claimed) -> Result<()> {
        let now = self.source_now();
        self.swap_ticket(claimed, |update| {
            update
                .value(Alias::new("state"), "waiting")
                .value(Alias::new("run_after"), now)
                .value(Alias::new("attempt"), claimed.attempt - 1);
        })
        .await
    }

    async fn swap_ticket(
        &self,
        claimed: &Claimed,
        set: impl FnOnce(&mut UpdateStatement),
    ) -> Result<()> {
        let mut update = Query::update();
        update.table(Alias::new("job_ticket"));
        set(&mut update);
        update
            .and_where(Expr::col(Alias::new("state")).eq("running"))
            .and_where(Expr::col(Alias::new("id")).eq(claimed.id))
            .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence));
        if self.db().execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::FenceLost)
        }
    }

    /// Tickets in a state, for the health page.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tickets(&self, state: &str) -> Result<u64> {
        use sea_orm::PaginatorTrait;
        Ok(job_ticket::Entity::find()
            .select_only()
            .column(job_ticket::Column::Id)
            .filter(job_ticket::Column::State.eq(state))
            .count(self.db())
            .await?)
    }
}

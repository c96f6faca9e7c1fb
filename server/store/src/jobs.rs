//! Long work: a ticket in the control table, the job in the tenant's table, a lease, a fence and checkpoints.
//!
//! A job is enqueued in the caller's transaction. A worker claims a ticket, and every transaction it writes for the job
//! ends with [`UnitOfWork::checkpoint`], which compares the fence: a worker that lost its lease cannot write any more.

use crate::control::Control;
use crate::dialect;
use crate::door::Door;
use crate::entity::{job, job_ticket};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::TenantId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement, Value};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement, TryInsertResult,
};
use uuid::Uuid;

/// How long a lease lasts without a sign of life.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
/// After so many attempts a job is put aside.
pub const MAX_ATTEMPTS: i32 = 5;

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which worker function.
    pub kind: &'static str,
    /// Its input, without personal data.
    pub payload: String,
    /// One job per key: a second enqueue with the same key changes nothing.
    pub idem_key: String,
}

/// A claimed job of one worker: the fence is proof of the lease.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The job.
    pub id: Uuid,
    /// Its university.
    pub tenant: TenantId,
    /// Its kind.
    pub kind: String,
    /// The fence of this claim.
    pub fence: i64,
    /// Which attempt this is.
    pub attempt: i32,
}

impl Claimed {
    /// Whether the job must not be tried once more: so many workers failed, or died, over it. The worker then ends it
    /// with [`Door::give_up`] instead of running it.
    pub const fn exhausted(&self) -> bool {
        self.attempt > MAX_ATTEMPTS
    }

    /// Whether a failure of this attempt is the last one.
    pub const fn is_last(&self) -> bool {
        self.attempt >= MAX_ATTEMPTS
    }
}

/// What a running job tells at a checkpoint.
#[derive(Clone, Debug, Default)]
pub struct JobRun {
    /// Where to go on after a crash.
    pub checkpoint: String,
    /// Done so far.
    pub done: i32,
    /// Of how many.
    pub total: i32,
}

impl Control<'_> {
    /// Takes the next due job, or one whose lease is over.
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

    /// Gives a ticket back for a later attempt, or puts it aside after too many and answers `false`; the job itself is
    /// ended with [`Door::give_up`].
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn retry_ticket(&self, claimed: &Claimed) -> Result<bool> {
        let dead = claimed.is_last();
        let after = self.source_now()
            + TimeDelta::seconds(2_i64.pow(claimed.attempt.clamp(0, 8).unsigned_abs()));
        self.swap_ticket(claimed, |update| {
            update
                .value(Alias::new("state"), if dead { "dead" } else { "waiting" })
                .value(Alias::new("run_after"), after);
        })
        .await?;
        Ok(!dead)
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
            .and_where(Expr::col(Alias::new("id")).eq(claimed.id))
            .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence))
            .and_where(Expr::col(Alias::new("state")).eq("running"));
        if self.db().execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::FenceLost)
        }
    }
}

impl Scope {
    /// A job with its progress.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: Uuid) -> Result<rows::Job> {
        job::Entity::find_by_id((self.tenant.0, id))
            .one(&self.tx)
            .await?
            .ok_or(StoreError::NotFound)
    }

    /// Jobs of a kind that an account asked for, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn jobs_of(&self, kind: &str, account: Uuid, limit: u64) -> Result<Vec<rows::Job>> {
        Ok(job::Entity::find()
            .filter(job::Column::TenantId.eq(self.tenant.0))
            .filter(job::Column::Kind.eq(kind))
            .filter(job::Column::AccountId.eq(account))
            .order_by_desc(job::Column::CreatedAt)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Enqueues a job in this transaction; it exists if and only if the transaction commits.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a job with this key exists; the unit goes on as if it had not been asked.
    pub async fn enqueue(&mut self, new: NewJob) -> Result<Uuid> {
        let id = self.id();
        let seat = self.actor().seat().clone();
        let now = self.now();
        let tenant = self.tenant().0;
        let ticket = job_ticket::Model {
            id,
            tenant_id: tenant,
            kind: new.kind.to_owned(),
            state: "waiting".to_owned(),
            run_after: now,
            lease_until: None,
            fence: 0,
            attempt: 0,
            worker: None,
            idem_key: new.idem_key,
        };
        // No error of the database: on PostgreSQL that would end the caller's transaction.
        let inserted = job_ticket::Entity::insert(ticket.into_active_model().reset_all())
            .on_conflict_do_nothing_on([
                job_ticket::Column::TenantId,
                job_ticket::Column::Kind,
                job_ticket::Column::IdemKey,
            ])
            .exec_without_returning(&self.tx)
            .await?;
        if !matches!(inserted, TryInsertResult::Inserted(1)) {
            return Err(StoreError::Taken);
        }
        self.insert::<job::Entity>(vec![job::Model {
            tenant_id: tenant,
            id,
            kind: new.kind.to_owned(),
            payload: new.payload,
            account_id: seat.account,
            post_id: seat.post,
            state: "waiting".to_owned(),
            checkpoint: String::new(),
            done: 0,
            total: 0,
            result: None,
            error: None,
            fence: 0,
            created_at: now,
            finished_at: None,
        }])
        .await?;
        Ok(id)
    }

    /// Ends a transaction's part of a job: the checkpoint is kept only while this worker still holds the lease. The
    /// ticket row is written too, so that a successor's claim and this commit cannot both succeed.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`]; the transaction must then be dropped.
    pub async fn checkpoint(&mut self, claimed: &Claimed, run: &JobRun) -> Result<()> {
        self.hold_fence(claimed).await?;
        let mut update = job_update(self, claimed);
        update
            .value(Alias::new("state"), "running")
            .value(Alias::new("checkpoint"), run.checkpoint.clone())
            .value(Alias::new("done"), run.done)
            .value(Alias::new("total"), run.total);
        one_row(self, update).await
    }

    /// Ends a job and its ticket with a result, in the last transaction of the job: what the job did and that it is done
    /// are one commit, so that no worker does it again.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn finish_job(
        &mut self,
        claimed: &Claimed,
        result: std::result::Result<String, String>,
    ) -> Result<()> {
        end_ticket(self, claimed, "done", &["running"]).await?;
        let end = match result {
            Ok(text) => End {
                state: "done",
                column: "result",
                text,
            },
            Err(text) => End {
                state: "failed",
                column: "error",
                text,
            },
        };
        end_job(self, claimed, end).await
    }

    async fn hold_fence(&self, claimed: &Claimed) -> Result<()> {
        let mut update = Query::update();
        update
            .table(Alias::new("job_ticket"))
            .value(Alias::new("lease_until"), self.now() + LEASE)
            .and_where(Expr::col(Alias::new("id")).eq(claimed.id));
        if self.store.fenced() {
            update
                .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence))
                .and_where(Expr::col(Alias::new("state")).eq("running"));
        }
        one_row(self, update).await
    }
}

impl Door {
    /// Ends a job that nobody will finish: it failed or killed its worker too often, or the person it belongs to is
    /// gone. Job and ticket in one transaction; commit the door afterwards.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn give_up(&self, claimed: &Claimed, error: &str) -> Result<()> {
        end_ticket(self, claimed, "dead", &["running", "dead"]).await?;
        let end = End {
            state: "failed",
            column: "error",
            text: error.to_owned(),
        };
        end_job(self, claimed, end).await
    }
}

struct End {
    state: &'static str,
    column: &'static str,
    text: String,
}

fn job_update(scope: &Scope, claimed: &Claimed) -> UpdateStatement {
    let mut update = Query::update();
    update
        .table(Alias::new("job"))
        .value(Alias::new("fence"), claimed.fence)
        .and_where(Expr::col(Alias::new("tenant_id")).eq(scope.tenant().0))
        .and_where(Expr::col(Alias::new("id")).eq(claimed.id));
    if scope.store.fenced() {
        update.and_where(Expr::col(Alias::new("fence")).lte(claimed.fence));
    }
    update
}

async fn end_job(scope: &Scope, claimed: &Claimed, end: End) -> Result<()> {
    let mut update = job_update(scope, claimed);
    update
        .value(Alias::new("state"), end.state)
        .value(Alias::new(end.column), end.text)
        .value(Alias::new("finished_at"), scope.now());
    one_row(scope, update).await
}

async fn end_ticket(
    scope: &Scope,
    claimed: &Claimed,
    to: &'static str,
    from: &[&'static str],
) -> Result<()> {
    let mut update = Query::update();
    update
        .table(Alias::new("job_ticket"))
        .value(Alias::new("state"), to)
        .value(Alias::new("lease_until"), Option::<DateTime<Utc>>::None)
        .and_where(Expr::col(Alias::new("id")).eq(claimed.id));
    if scope.store.fenced() {
        update
            .and_where(Expr::col(Alias::new("fence")).eq(claimed.fence))
            .and_where(Expr::col(Alias::new("state")).is_in(from.iter().copied()));
    }
    one_row(scope, update).await
}

async fn one_row(scope: &Scope, update: UpdateStatement) -> Result<()> {
    if scope.tx.execute(&update).await?.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::FenceLost)
    }
}

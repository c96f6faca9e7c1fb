//! Long work: a ticket in the control table, the job in the tenant's table, a lease, a fence and checkpoints.
//!
//! A job is enqueued in the caller's transaction. A worker claims a ticket, and every transaction it writes for the job
//! ends with [`UnitOfWork::checkpoint`], which compares the fence: a worker that lost its lease cannot write any more.

use crate::control::tickets;
use crate::door::Door;
use crate::entity::job;
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::TimeDelta;
use domain::institution::TenantId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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

impl Scope {
    /// A job with its progress.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn job(&self, id: Uuid) -> Result<rows::Job> {
        self.keyed::<job::Entity>(id).await
    }

    /// The jobs that have not come to their end.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_jobs(&self) -> Result<Vec<Uuid>> {
        Ok(job::Entity::find()
            .select_only()
            .column(job::Column::Id)
            .filter(job::Column::TenantId.eq(self.tenant.0))
            .filter(job::Column::FinishedAt.is_null())
            .into_tuple()
            .all(&self.tx)
            .await?)
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
        let ticket = tickets::New {
            id,
            tenant: self.tenant(),
            kind: new.kind,
            due: now,
            key: new.idem_key,
        };
        if !tickets::insert(&self.tx, ticket).await? {
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
        end_ticket(self, claimed, "done").await?;
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
        let held = tickets::hold(&self.tx, claimed, self.now(), self.store.fenced()).await?;
        held.then_some(()).ok_or(StoreError::FenceLost)
    }
}

impl Door {
    /// Ends a job that nobody will finish: it failed or killed its worker too often, or the person it belongs to is
    /// gone. Job and ticket in one transaction; commit the door afterwards.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`].
    pub async fn give_up(&self, claimed: &Claimed, error: &str) -> Result<()> {
        end_ticket(self, claimed, "dead").await?;
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

async fn end_ticket(scope: &Scope, claimed: &Claimed, to: &'static str) -> Result<()> {
    let ended = tickets::end(&scope.tx, claimed, to, scope.store.fenced()).await?;
    ended.then_some(()).ok_or(StoreError::FenceLost)
}

async fn one_row(scope: &Scope, update: UpdateStatement) -> Result<()> {
    if scope.tx.execute(&update).await?.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::FenceLost)
    }
}

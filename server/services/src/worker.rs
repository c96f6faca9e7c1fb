//! The worker: claims jobs, runs them, keeps their leases alive, and ends them one way or the other.

use crate::admission::{CHECK_JOB, CONFIRM_JOB, PHOTOS_JOB};
use crate::disclosure::export::EXPORT_JOB;
use crate::{Result, ServiceError, Services};
use std::time::Duration;
use store::{Claimed, StoreError};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// Between two looks for work.
const IDLE: Duration = Duration::from_millis(500);
/// After the store could not be asked.
const TROUBLE: Duration = Duration::from_secs(5);
/// Between two signs of life; a lease lasts three of them.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long a running job may go on after the worker was told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Runs jobs one after the other. Several workers, in one server or in many, share the work.
#[derive(Clone, Debug)]
pub struct Worker {
    services: Services,
    name: String,
}

/// What became of a job that a worker took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Its last transaction is written.
    Done,
    /// Something was in the way; it is tried again later.
    Retried,
    /// It failed for good, and says so.
    Failed,
    /// Another worker has it.
    Lost,
    /// The worker stops, or the university is suspended: it goes on later from its last checkpoint.
    Released,
}

impl Worker {
    /// A worker; the name is shown beside the tickets it holds.
    pub fn new(services: Services, name: impl Into<String>) -> Self {
        Self {
            services,
            name: name.into(),
        }
    }

    /// Works until it is told to stop. A running job gets a short while to finish and is given back otherwise: it goes
    /// on elsewhere from its last checkpoint.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.next(Some(stop.clone())).await {
                Ok(Some(_)) => continue,
                Ok(None) => IDLE,
                Err(error) => {
                    tracing::error!(%error, "no job could be claimed");
                    TROUBLE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                told = stop.wait_for(|stop| *stop) => {
                    // Whoever could tell is gone: that is an end too.
                    drop(told);
                    return;
                }
            }
        }
    }

    /// Takes one due job and runs it to its end.
    ///
    /// # Errors
    /// Those of the control tables; an error of the job itself is in [`Ran`] and in the job.
    pub async fn run_one(&self) -> Result<Option<Ran>> {
        self.next(None).await
    }

    async fn next(&self, stop: Option<watch::Receiver<bool>>) -> Result<Option<Ran>> {
        match self.services.store.control().claim_job(&self.name).await? {
            Some(claimed) => self.run_claimed(&claimed, stop).await.map(Some),
            None => Ok(None),
        }
    }

    /// Runs a job that was claimed by name.
    ///
    /// # Errors
    /// As [`Worker::run_one`].
    pub(crate) async fn run_named(&self, claimed: &Claimed) -> Result<Ran> {
        self.run_claimed(claimed, None).await
    }

    async fn run_claimed(
        &self,
        claimed: &Claimed,
        stop: Option<watch::Receiver<bool>>,
    ) -> Result<Ran> {
        if claimed.exhausted() {
            return self.fail(claimed, "attempts").await;
        }
        // A task of its own: a panic ends it, and not the worker.
        let mut working = JoinSet::new();
        working.spawn(work(self.services.clone(), claimed.clone()));
        let outcome = tokio::select! {
            biased;
            ended = working.join_next() => Some(outcome(claimed, ended)),
            lost = self.heartbeat(claimed) => Some(Err(lost.into())),
            () = told_to_stop(stop) => None,
        };
        // Whoever has the job next must not find this attempt still at work.
        working.shutdown().await;
        match outcome {
            Some(Ok(())) => Ok(Ran::Done),
            Some(Err(error)) if !matches!(error, ServiceError::Suspended) => {
                self.settle(claimed, error).await
            }
            Some(Err(_)) | None => {
                self.services
                    .store
                    .control()
                    .release_ticket(claimed)
                    .await?;
                Ok(Ran::Released)
            }
        }
    }

    /// Keeps the lease; comes back only when it is lost.
    async fn heartbeat(&self, claimed: &Claimed) -> StoreError {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            // A sign of life that did not get through is no harm: two more fit into the lease.
            let renewed = self.services.store.control().renew_lease(claimed).await;
            if let Err(StoreError::FenceLost) = renewed {
                return StoreError::FenceLost;
            }
        }
    }

    async fn settle(&self, claimed: &Claimed, error: ServiceError) -> Result<Ran> {
        match error {
            ServiceError::Store(StoreError::FenceLost) => Ok(Ran::Lost),
            ServiceError::Refused(_) | ServiceError::NotFound | ServiceError::Invalid { .. } => {
                self.fail(claimed, &error.to_string()).await
            }
            other => self.retry(claimed, &other).await,
        }
    }

    async fn retry(&self, claimed: &Claimed, error: &ServiceError) -> Result<Ran> {
        tracing::warn!(job = %claimed.id, kind = claimed.kind, attempt = claimed.attempt, %error, "a job failed");
        if claimed.is_last() {
            return self.fail(claimed, &error.to_string()).await;
        }
        match self.services.store.control().retry_ticket(claimed).await {
            Ok(()) => Ok(Ran::Retried),
            Err(StoreError::FenceLost) => Ok(Ran::Lost),
            Err(other) => Err(other.into()),
        }
    }

    /// Ends job and ticket in one transaction. Where that does not come to its end the lease runs out, and whoever claims
    /// the job next finds its attempts used up and ends it.
    async fn fail(&self, claimed: &Claimed, why: &str) -> Result<Ran> {
        tracing::error!(job = %claimed.id, kind = claimed.kind, why, "a job was given up");
        let door = self.services.store.door(claimed.tenant).await?;
        match door.give_up(claimed, why).await {
            Ok(()) => {
                // Before the commit, while nobody else can have the job.
                if claimed.kind == EXPORT_JOB {
                    self.services.discard_export(claimed).await?;
                }
                door.commit().await?;
                Ok(Ran::Failed)
            }
            Err(StoreError::FenceLost) => Ok(Ran::Lost),
            Err(other) => Err(other.into()),
        }
    }
}

async fn work(services: Services, claimed: Claimed) -> Result<()> {
    match claimed.kind.as_str() {
        CHECK_JOB => services.run_admission_check(&claimed).await,
        CONFIRM_JOB => services.run_admission_confirm(&claimed).await,
        PHOTOS_JOB => services.run_admission_photos(&claimed).await,
        EXPORT_JOB => services.run_export(&claimed).await,
        _ => Err(ServiceError::Internal("a job that no worker knows")),
    }
}

/// What an attempt came to. One that panicked has failed like any other, and is tried again as often.
fn outcome(
    claimed: &Claimed,
    ended: Option<std::result::Result<Result<()>, JoinError>>,
) -> Result<()> {
    match ended {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) if error.is_panic() => {
            tracing::error!(job = %claimed.id, kind = claimed.kind, "a job panicked");
            Err(ServiceError::Internal("a job panicked"))
        }
        Some(Err(_)) | None => Err(ServiceError::Interrupted),
    }
}

/// Comes back when the grace after the word to stop is over; without anybody to say it, never.
async fn told_to_stop(stop: Option<watch::Receiver<bool>>) {
    let Some(mut stop) = stop else {
        return std::future::pending().await;
    };
    let told = stop.wait_for(|stop| *stop).await.is_ok();
    drop(stop);
    if told {
        tokio::time::sleep(GRACE).await;
    } else {
        std::future::pending::<()>().await;
    }
}

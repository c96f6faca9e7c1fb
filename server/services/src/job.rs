//! A job as its worker function sees it: whose it is, what it was told, and units that are authorised anew.

use crate::institution::{actor_of, parameters};
use crate::{Result, ServiceError, Services};
use domain::institution::{Action, Actor, Granted, Target, TenantId};
use serde::de::DeserializeOwned;
use store::{Claimed, UnitOfWork, rows};

/// A claimed job with its row and the person it belongs to.
pub(crate) struct Running<'s> {
    services: &'s Services,
    claimed: &'s Claimed,
    actor: Actor,
    job: rows::Job,
}

impl Services {
    /// Seats the owner of a job: the account and post that asked for it, as they are now.
    pub(crate) async fn running<'s>(&'s self, claimed: &'s Claimed) -> Result<Running<'s>> {
        let look = self.store.look(claimed.tenant).await?;
        let job = look.job(claimed.id).await?;
        let rows = look.seat(job.account_id, job.post_id).await?;
        let actor = actor_of(claimed.tenant, &rows, None, &parameters(&look).await?)?;
        Ok(Running {
            services: self,
            claimed,
            actor,
            job,
        })
    }
}

impl Services {
    /// Stops a job before its next chunk when its university was suspended; it waits until it is resumed.
    pub(crate) async fn ensure_active(&self, tenant: TenantId) -> Result<()> {
        if self.tenant_row(tenant).await?.is_active() {
            Ok(())
        } else {
            Err(ServiceError::Suspended)
        }
    }
}

impl Running<'_> {
    /// The lease.
    pub(crate) const fn claimed(&self) -> &Claimed {
        self.claimed
    }

    /// Who asked for it.
    pub(crate) const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Its input.
    pub(crate) fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.job.payload).map_err(|_| ServiceError::Internal("job payload"))
    }

    /// Where an earlier attempt came to; `None` at the first.
    pub(crate) fn checkpoint<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        if self.job.checkpoint.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&self.job.checkpoint)
            .map(Some)
            .map_err(|_| ServiceError::Internal("job checkpoint"))
    }

    /// A unit of work in which the owner's right is checked anew: a post that ended stops the job before its next
    /// chunk.
    pub(crate) async fn begin<A: Action>(&self) -> Result<(UnitOfWork, Granted<A>)> {
        self.services.ensure_active(self.actor.tenant()).await?;
        let unit = self.services.store.begin(&self.actor).await?;
        let rows = unit.seat(self.job.account_id, self.job.post_id).await?;
        let parameters = parameters(&unit).await?;
        let actor = actor_of(unit.tenant(), &rows, None, &parameters)?;
        let granted = actor.authorize::<A>(&Target::school(unit.tenant()), unit.now())?;
        Ok((unit, granted))
    }
}

//! What the service does by itself, each minute: sessions that are over, files whose time is over or that no row names,
//! counts without persons for the operator, checkpoints of the audit chains.

use crate::{Result, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::TenantId;

/// How long the files are left alone: their sweep reads the whole list of them.
const BETWEEN_SWEEPS: TimeDelta = TimeDelta::hours(1);

/// The upkeep of a service that runs.
#[derive(Debug)]
pub struct Upkeep {
    services: Services,
    /// When the files were swept last; at the start nobody knows, and a sweep too many does no harm.
    swept: Option<DateTime<Utc>>,
}

impl Upkeep {
    /// Of these use cases, before its first round.
    pub const fn new(services: Services) -> Self {
        Self {
            services,
            swept: None,
        }
    }

    /// One round over all universities. Each step is a task of its own: one that fails, or panics, stops neither those after
    /// it nor the other universities, nor the next round.
    ///
    /// # Errors
    /// When the control tables cannot be read.
    pub async fn round(&mut self) -> Result<()> {
        let services = &self.services;
        let swept = services.run(async |own| Ok(own.store().control().sweep().await?));
        if let Err(error) = swept.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "sweep of the control tables"
            );
        }
        let schools = services.run(async |own| Ok(own.store().control().tenants().await?));
        let schools = schools.await?;
        let now = services.store().now();
        let files = is_due(self.swept, now);
        for (school, _) in schools {
            services.upkeep_of(TenantId(school.id), files).await;
        }
        if files {
            self.swept = Some(now);
        }
        Ok(())
    }
}

impl Services {
    async fn upkeep_of(&self, tenant: TenantId, files: bool) {
        let counted = self.run(async move |own| own.statistics(tenant).await);
        told(tenant, "statistics", counted.await);
        let removed = self.run(async move |own| own.remove_expired_exports(tenant).await);
        told(tenant, "exports", removed.await);
        if files {
            let removed = self.run(async move |own| own.remove_litter(tenant).await);
            told(tenant, "files", removed.await);
        }
        let signed = self.run(async move |own| own.checkpoint_when_due(tenant).await);
        told(tenant, "checkpoint", signed.await);
    }
}

/// Whether the files are to be swept again. By the time that has passed: a round may come in any minute.
fn is_due(swept: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    swept.is_none_or(|swept| now - swept >= BETWEEN_SWEEPS)
}

fn told<T>(tenant: TenantId, step: &'static str, done: Result<T>) {
    if let Err(error) = done {
        tracing::warn!(%tenant, step, error = &error as &dyn std::error::Error, "upkeep of a university");
    }
}

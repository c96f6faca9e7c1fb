//! What the service does by itself, each minute: sessions that are over, files whose time is over or that no row names,
//! counts without persons for the operator, checkpoints of the audit chains.

use crate::{Result, Services};
use chrono::{DateTime, Timelike as _, Utc};
use domain::institution::TenantId;

impl Services {
    /// One round of upkeep over all universities. Each step is a task of its own: one that fails, or panics, stops neither
    /// those after it nor the other universities.
    ///
    /// # Errors
    /// When the control tables cannot be read.
    pub async fn upkeep(&self) -> Result<()> {
        let swept = self.run(async |own| Ok(own.store().control().sweep().await?));
        if let Err(error) = swept.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "sweep of the control tables"
            );
        }
        for (school, _) in self.store().control().tenants().await? {
            self.upkeep_of(TenantId(school.id)).await;
        }
        Ok(())
    }

    async fn upkeep_of(&self, tenant: TenantId) {
        let counted = self.run(async move |own| own.statistics(tenant).await);
        told(tenant, "statistics", counted.await);
        let removed = self.run(async move |own| own.remove_expired_exports(tenant).await);
        told(tenant, "exports", removed.await);
        if is_full_hour(self.store().now()) {
            let removed = self.run(async move |own| own.remove_litter(tenant).await);
            told(tenant, "files", removed.await);
        }
        let signed = self.run(async move |own| own.checkpoint_when_due(tenant).await);
        told(tenant, "checkpoint", signed.await);
    }
}

/// Once an hour is often enough for what reads the whole list of files. A round that comes a minute late leaves it to the
/// next hour.
fn is_full_hour(now: DateTime<Utc>) -> bool {
    now.minute() == 0
}

fn told<T>(tenant: TenantId, step: &'static str, done: Result<T>) {
    if let Err(error) = done {
        tracing::warn!(%tenant, step, error = &error as &dyn std::error::Error, "upkeep of a university");
    }
}

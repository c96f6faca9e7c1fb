//! What the service does by itself, each minute: sessions that are over, files whose time is over, counts without
//! persons for the operator, checkpoints of the audit chains.

use crate::{Result, Services};
use domain::institution::TenantId;

impl Services {
    /// One round of upkeep over all universities. A university that fails does not stop the others.
    ///
    /// # Errors
    /// When the control tables cannot be read.
    pub async fn upkeep(&self) -> Result<()> {
        self.store().control().sweep().await?;
        for (school, _) in self.store().control().tenants().await? {
            let tenant = TenantId(school.id);
            if let Err(error) = self.upkeep_of(tenant).await {
                tracing::warn!(%tenant, error = &error as &dyn std::error::Error, "upkeep of a university");
            }
        }
        Ok(())
    }

    async fn upkeep_of(&self, tenant: TenantId) -> Result<()> {
        self.statistics(tenant).await?;
        self.remove_expired_exports(tenant).await?;
        self.checkpoint(tenant).await.map(drop)
    }
}

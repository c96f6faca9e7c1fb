//! Signed checkpoints of a chain: the program's own work, without an actor.

use crate::chain::Head;
use crate::entity::{audit_checkpoint, audit_head};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, Store};
use domain::audit::Sha256;
use domain::institution::TenantId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

impl Scope {
    /// The end of the chain as it is now; `None` before the first act.
    ///
    /// # Errors
    /// [`StoreError::Form`] or [`StoreError::Chain`] when what is stored contradicts itself.
    pub async fn chain_head(&self) -> Result<Option<Head>> {
        let row = audit_head::Entity::find()
            .filter(audit_head::Column::TenantId.eq(self.tenant.0))
            .one(&self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let hash = row
            .hash
            .try_into()
            .map_err(|_| StoreError::Form("audit head"))?;
        let head = Head::stored(self.tenant, Sha256(hash), &row.tree)?;
        Ok(Some(head).filter(|head| head.size() > 0))
    }

    /// Signed checkpoints, shortest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn checkpoints(&self) -> Result<Vec<rows::AuditCheckpoint>> {
        Ok(audit_checkpoint::Entity::find()
            .filter(audit_checkpoint::Column::TenantId.eq(self.tenant.0))
            .order_by_asc(audit_checkpoint::Column::Size)
            .all(&self.tx)
            .await?)
    }
}

impl Store {
    /// Signs a checkpoint of a university's chain when it has grown since the last one; answers the signed note.
    ///
    /// # Errors
    /// [`StoreError::Form`] for a service name that is no host name; [`StoreError::Key`].
    pub async fn checkpoint(&self, tenant: TenantId, service: &str) -> Result<Option<String>> {
        let unit = self.door(tenant).await?;
        let Some(head) = unit.chain_head().await? else {
            return Ok(None);
        };
        let size = i64::try_from(head.size()).map_err(|_| StoreError::Form("audit size"))?;
        let last = unit.last_checkpoint().await?;
        if last.is_some_and(|last| last.size >= size) {
            return Ok(None);
        }
        let note = head
            .checkpoint(service)
            .map_err(|_| StoreError::Form("name of the service"))?
            .sign(self.keys().signer())?;
        let row = audit_checkpoint::Model {
            tenant_id: tenant.0,
            id: unit.id(),
            size,
            note: note.clone(),
            at: unit.now(),
        };
        match unit.insert_all::<audit_checkpoint::Entity>(vec![row]).await {
            Ok(()) => unit.commit().await.map(|()| Some(note)),
            // Another server signed the same length meanwhile.
            Err(StoreError::Taken) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

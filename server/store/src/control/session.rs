//! Sessions: kept by the hash of their id, ended once and for all.

use super::Control;
use crate::entity::session;
use crate::error::{Result, StoreError};
use crate::fixed;
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the session id.
    pub id_hash: [u8; 32],
    /// The university, once signed in.
    pub tenant: Option<TenantId>,
    /// The account (or operator), once signed in.
    pub account: Option<Uuid>,
    /// Small JSON of the session.
    pub data: String,
    /// First request.
    pub created_at: DateTime<Utc>,
    /// Last request that counts.
    pub seen_at: DateTime<Utc>,
    /// End, whatever happens: nothing moves it.
    pub expires_at: DateTime<Utc>,
}

impl SessionRow {
    fn from_row(row: session::Model) -> Result<Self> {
        Ok(Self {
            id_hash: row
                .id_hash
                .try_into()
                .map_err(|_| StoreError::Form("session id"))?,
            tenant: row.tenant_id.map(TenantId),
            account: row.account_id,
            data: row.data,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        })
    }

    fn into_row(self) -> session::Model {
        session::Model {
            id_hash: self.id_hash.to_vec(),
            tenant_id: self.tenant.map(|t| t.0),
            account_id: self.account,
            data: self.data,
            created_at: self.created_at,
            seen_at: self.seen_at,
            expires_at: self.expires_at,
        }
    }
}

impl Control<'_> {
    /// Keeps a new session; `false` when the id is in use.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn create_session(&self, row: SessionRow) -> Result<bool> {
        match row
            .into_row()
            .into_active_model()
            .reset_all()
            .insert(self.db())
            .await
            .map_err(StoreError::from)
        {
            Ok(_) => Ok(true),
            Err(StoreError::Taken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Saves what a session holds, if it still exists. A session that was ended stays ended: this never inserts, and the
    /// end that was set when somebody signed in is never moved.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn save_session(&self, row: SessionRow) -> Result<bool> {
        let row = row.into_row();
        let mut update = session_update(row.id_hash);
        update
            .value(Alias::new("tenant_id"), row.tenant_id)
            .value(Alias::new("account_id"), row.account_id)
            .value(Alias::new("data"), row.data)
            .value(Alias::new("seen_at"), row.seen_at);
        Ok(self.db().execute(&update).await?.rows_affected() == 1)
    }

    /// Notes that a session was used, if it still exists. What it holds stays as it is: requests at the same time do
    /// not write over each other.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn touch_session(&self, id_hash: [u8; 32]) -> Result<bool> {
        let mut update = session_update(id_hash.to_vec());
        update.value(Alias::new("seen_at"), self.source_now());
        Ok(self.db().execute(&update).await?.rows_affected() == 1)
    }

    /// A session that has not ended.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn session(&self, id_hash: [u8; 32]) -> Result<Option<SessionRow>> {
        let make = || session::Entity::find_by_id(Vec::new());
        let found = fixed::rows::<session::Model, _>(self.db(), make, [id_hash.to_vec().into()]);
        let row = found.one(self.db()).await?;
        row.filter(|r| r.expires_at > self.source_now())
            .map(SessionRow::from_row)
            .transpose()
    }

    /// The sessions of an account, newest first.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn sessions_of(&self, tenant: TenantId, account: Uuid) -> Result<Vec<SessionRow>> {
        let rows = session::Entity::find()
            .filter(session::Column::TenantId.eq(tenant.0))
            .filter(session::Column::AccountId.eq(account))
            .filter(session::Column::ExpiresAt.gt(self.source_now()))
            .order_by_desc(session::Column::SeenAt)
            .all(self.db())
            .await?;
        rows.into_iter().map(SessionRow::from_row).collect()
    }

    /// Ends a session; it takes effect with the next request. `false` when it had ended already.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn end_session(&self, id_hash: [u8; 32]) -> Result<bool> {
        let ended = session::Entity::delete_by_id(id_hash.to_vec())
            .exec(self.db())
            .await?;
        Ok(ended.rows_affected == 1)
    }

    /// Ends every session of a tenant.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn end_sessions_at(&self, tenant: TenantId) -> Result<u64> {
        let ended = session::Entity::delete_many()
            .filter(session::Column::TenantId.eq(tenant.0))
            .exec(self.db())
            .await?;
        Ok(ended.rows_affected)
    }

    /// Ends every session of an account, but one.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn end_sessions_of(
        &self,
        tenant: TenantId,
        account: Uuid,
        but: Option<[u8; 32]>,
    ) -> Result<u64> {
        let mut delete = session::Entity::delete_many()
            .filter(session::Column::TenantId.eq(tenant.0))
            .filter(session::Column::AccountId.eq(account));
        if let Some(keep) = but {
            delete = delete.filter(session::Column::IdHash.ne(keep.to_vec()));
        }
        Ok(delete.exec(self.db()).await?.rows_affected)
    }
}

fn session_update(id_hash: Vec<u8>) -> UpdateStatement {
    Query::update()
        .table(Alias::new("session"))
        .and_where(Expr::col(Alias::new("id_hash")).eq(id_hash))
        .take()
}

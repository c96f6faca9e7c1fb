//! Security events as the IT Centre reads them: filtered, by page, and counted.

use crate::entity::security_event as event;
use crate::error::Result;
use crate::rows;
use crate::unit::Scope;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

/// Which events, and which part of them.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Only this kind.
    pub kind: Option<String>,
    /// Only this network.
    pub origin: Option<String>,
    /// Events to pass over.
    pub offset: u64,
    /// Events at most.
    pub limit: u64,
}

impl EventFilter {
    fn select(&self, scope: &Scope) -> sea_orm::Select<event::Entity> {
        let mut query = event::Entity::find().filter(event::Column::TenantId.eq(scope.tenant.0));
        if let Some(kind) = &self.kind {
            query = query.filter(event::Column::Kind.eq(kind));
        }
        if let Some(origin) = &self.origin {
            query = query.filter(event::Column::Origin.eq(origin));
        }
        query
    }
}

impl Scope {
    /// Events for the IT Centre, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn security_events(&self, filter: &EventFilter) -> Result<Vec<rows::SecurityEvent>> {
        Ok(filter
            .select(self)
            .order_by_desc(event::Column::At)
            .order_by_desc(event::Column::Id)
            .offset(filter.offset)
            .limit(filter.limit)
            .all(&self.tx)
            .await?)
    }

    /// How many events a filter finds in all.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_security_events(&self, filter: &EventFilter) -> Result<u64> {
        Ok(filter.select(self).count(&self.tx).await?)
    }

    /// Events since a moment by kind and network, the most frequent first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn security_totals(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<(String, String, i64)>> {
        let mut totals: Vec<(String, String, i64)> = event::Entity::find()
            .select_only()
            .column(event::Column::Kind)
            .column(event::Column::Origin)
            .column_as(event::Column::Id.count(), "n")
            .filter(event::Column::TenantId.eq(self.tenant.0))
            .filter(event::Column::At.gte(since))
            .group_by(event::Column::Kind)
            .group_by(event::Column::Origin)
            .into_tuple()
            .all(&self.tx)
            .await?;
        totals.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
        Ok(totals)
    }
}

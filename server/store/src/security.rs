//! Security events: noted within bounds, and as the IT Centre reads them: filtered, by page, and counted.

use crate::door::Door;
use crate::entity::security_event as event;
use crate::error::Result;
use crate::rows;
use crate::unit::Scope;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Events of one kind from one network that are noted within an hour.
pub const MOST_OF_NETWORK: u64 = 120;
/// Events of one kind that are noted within an hour, from wherever they come.
pub const MOST_OF_KIND: u64 = 1_000;
const BOUNDED: TimeDelta = TimeDelta::hours(1);

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

impl Door {
    /// Notes something the IT Centre should see: a refused sign-in, a lock, an attack. Never a login or a name.
    ///
    /// Anybody on the net can bring such events about, and their table only grows: of one kind, within an hour, so many
    /// from one network and so many in all are noted, and the last of them says so.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn security_event(
        &self,
        kind: &'static str,
        account: Option<Uuid>,
        origin: &str,
        detail: &str,
    ) -> Result<()> {
        let recent = || {
            event::Entity::find()
                .filter(event::Column::TenantId.eq(self.tenant.0))
                .filter(event::Column::Kind.eq(kind))
                .filter(event::Column::At.gt(self.now() - BOUNDED))
        };
        let of_network = recent().filter(event::Column::Origin.eq(origin));
        let of_network = of_network.count(&self.tx).await? + 1;
        let of_kind = recent().count(&self.tx).await? + 1;
        if of_network > MOST_OF_NETWORK || of_kind > MOST_OF_KIND {
            return Ok(());
        }
        let full = if of_network == MOST_OF_NETWORK {
            Some(of_network)
        } else {
            (of_kind == MOST_OF_KIND).then_some(of_kind)
        };
        let full = full.map(|count| format!("≥ {count} / h"));
        let said = [Some(detail.to_owned()).filter(|d| !d.is_empty()), full];
        let row = event::Model {
            tenant_id: self.tenant.0,
            id: self.id(),
            at: self.now(),
            kind: kind.to_owned(),
            account_id: account,
            origin: origin.to_owned(),
            detail: said.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        };
        self.insert_all::<event::Entity>(vec![row]).await
    }
}

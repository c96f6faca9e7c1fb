//! The control tables: what is known before a tenant is. No personal data of students or staff.

mod operator;
mod session;
pub(crate) mod tickets;

pub use session::SessionRow;

use crate::dialect;
use crate::entity::{attempt, demo, session as session_row, tenant, tenant_stat};
use crate::error::{Result, StoreError};
use crate::fixed;
use crate::keys::KeyError;
use crate::rows;
use crate::unit::{Store, UnitOfWork};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::{SchoolCode, Slug, TenantId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QueryTrait as _,
};
use uuid::Uuid;

/// Access to the control tables.
pub struct Control<'s> {
    db: &'s DatabaseConnection,
    store: &'s Store,
}

/// Attempts are counted per minute.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// State of a tenant whose people may work.
const ACTIVE: &str = "active";
/// State of a tenant that stands still: nobody is let in, no job goes on, nothing is lost.
const SUSPENDED: &str = "suspended";

impl rows::Tenant {
    /// Whether its people may work.
    pub fn is_active(&self) -> bool {
        self.state == ACTIVE
    }
}

/// What a new tenant needs.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// First part of its addresses.
    pub slug: Slug,
    /// National school code.
    pub school_code: SchoolCode,
    /// Name of the university.
    pub name: String,
    /// Province code (two digits).
    pub province: String,
    /// Primary colour of its pages, `#rrggbb`.
    pub colour: String,
}

/// The mark of a database whose universities are made up: their passwords are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoMark {
    /// All of it was made.
    pub ready: bool,
    /// What it was made from.
    pub seed: u64,
    /// Students that were asked for.
    pub students: u32,
    /// The cohort that is about to arrive.
    pub year: i32,
}

impl<'s> Control<'s> {
    pub(crate) const fn new(db: &'s DatabaseConnection, store: &'s Store) -> Self {
        Self { db, store }
    }

    /// A tenant with the next number (never reused) and its keys; its row is not kept yet. Whoever sets the tenant up
    /// keeps it in the transaction of everything else ([`UnitOfWork::insert_tenant`]): a university is whole or not
    /// there.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the slug exists: it costs no number.
    pub async fn prepare_tenant(&self, new: &NewTenant) -> Result<rows::Tenant> {
        if self.tenant_by_slug(new.slug.as_str()).await?.is_some() {
            return Err(StoreError::Taken);
        }
        let id = self.number_tenant().await?;
        Ok(tenant::Model {
            id: id.0,
            slug: new.slug.as_str().to_owned(),
            school_code: new.school_code.as_str().to_owned(),
            name: new.name.clone(),
            province: new.province.clone(),
            colour: new.colour.clone(),
            logo_key: None,
            key_ring: self.store.keys().marker().as_str().to_owned(),
            state: ACTIVE.to_owned(),
            created_at: self.store.now(),
        })
    }

    /// Creates a tenant with nothing in it, as tests begin.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the slug exists.
    #[cfg(feature = "testkit")]
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantId> {
        let row = self.prepare_tenant(new).await?;
        let id = TenantId(row.id);
        tenant::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(self.db)
            .await?;
        Ok(id)
    }

    /// Takes the next number by making its keys. A number that ever had keys is passed over: neither two creations at
    /// once, nor a crash before the row, nor a database restored from an earlier day gives a number out twice.
    async fn number_tenant(&self) -> Result<TenantId> {
        let last = tenant::Entity::find()
            .order_by_desc(tenant::Column::Id)
            .one(self.db)
            .await?;
        let mut id = TenantId(last.map_or(1, |t| t.id + 1));
        loop {
            match self.store.keys().create_tenant(id) {
                Ok(_) => return Ok(id),
                Err(KeyError::Exists(_) | KeyError::Shredded(_)) => id = TenantId(id.0 + 1),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The mark of a demonstration, where the database is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn demo(&self) -> Result<Option<DemoMark>> {
        let row = demo::Entity::find().one(self.db).await?;
        row.map(|row| {
            Ok(DemoMark {
                ready: row.ready,
                seed: row.seed.parse().map_err(|_| StoreError::Form("demo"))?,
                students: row
                    .students
                    .try_into()
                    .map_err(|_| StoreError::Form("demo"))?,
                year: row.year,
            })
        })
        .transpose()
    }

    /// Marks the database as a demonstration.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_demo(&self, mark: &DemoMark) -> Result<()> {
        let row = demo::Model {
            id: 1,
            ready: mark.ready,
            seed: mark.seed.to_string(),
            students: mark.students.into(),
            year: mark.year,
        };
        demo::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(demo::Column::Id)
                    .update_columns([
                        demo::Column::Ready,
                        demo::Column::Seed,
                        demo::Column::Students,
                        demo::Column::Year,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(self.db)
            .await?;
        Ok(())
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<rows::Tenant>> {
        let make = || tenant::Entity::find().filter(tenant::Column::Slug.eq(""));
        let found = fixed::rows(self.db, make, [slug.into()]);
        Ok(found.one(self.db).await?)
    }

    /// The tenant with this number.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tenant(&self, id: TenantId) -> Result<Option<rows::Tenant>> {
        Ok(tenant::Entity::find_by_id(id.0).one(self.db).await?)
    }

    /// Every tenant with its statistics, in order of creation.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tenants(&self) -> Result<Vec<(rows::Tenant, Option<rows::TenantStat>)>> {
        let tenants = tenant::Entity::find()
            .order_by_asc(tenant::Column::Id)
            .all(self.db)
            .await?;
        let mut stats = tenant_stat::Entity::find().all(self.db).await?;
        Ok(tenants
            .into_iter()
            .map(|t| {
                let place = stats.iter().position(|s| s.tenant_id == t.id);
                let stat = place.map(|p| stats.swap_remove(p));
                (t, stat)
            })
            .collect())
    }

    /// Sets the statistics of a tenant: counts and sizes, no persons.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn set_statistics(&self, stat: rows::TenantStat) -> Result<()> {
        tenant_stat::Entity::insert(stat.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(tenant_stat::Column::TenantId)
                    .update_columns([
                        tenant_stat::Column::Candidates,
                        tenant_stat::Column::Students,
                        tenant_stat::Column::Accounts,
                        tenant_stat::Column::FileBytes,
                        tenant_stat::Column::UpdatedAt,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(self.db)
            .await?;
        Ok(())
    }

    /// Removes sessions and attempts whose time is over.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn sweep(&self) -> Result<()> {
        let now = self.store.now();
        session_row::Entity::delete_many()
            .filter(session_row::Column::ExpiresAt.lte(now))
            .exec(self.db)
            .await?;
        attempt::Entity::delete_many()
            .filter(attempt::Column::KeptUntil.lte(now))
            .exec(self.db)
            .await?;
        Ok(())
    }

    /// Counts one failed attempt under a mark and says how many there were within the minute, this one included. One
    /// statement counts, so that attempts at the same time are all counted.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn count_attempt(&self, mark: [u8; 32]) -> Result<u32> {
        self.count_within(mark, WINDOW).await
    }

    /// The same over another span.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn count_within(&self, mark: [u8; 32], span: TimeDelta) -> Result<u32> {
        let now = self.store.now();
        let fresh = || {
            let start = (attempt::Entity, attempt::Column::WindowStart);
            Expr::col(start).gt(now - span)
        };
        let kept = |column| Expr::col((attempt::Entity, column));
        let row = attempt::Model {
            mark: mark.to_vec(),
            window_start: now,
            count: 1,
            kept_until: now + span.max(TimeDelta::hours(1)),
        };
        let counted = Expr::case(fresh(), kept(attempt::Column::Count).add(1)).finally(1);
        let start = Expr::case(fresh(), kept(attempt::Column::WindowStart)).finally(now);
        let mut insert = attempt::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(attempt::Column::Mark)
                    .value(attempt::Column::Count, counted)
                    .value(attempt::Column::WindowStart, start)
                    .update_column(attempt::Column::KeptUntil)
                    .to_owned(),
            )
            .into_query();
        // Its own count and no later one: whoever counts at the same time must not hide which of them came first.
        insert.returning_col(attempt::Column::Count);
        let row = self.db.query_one(&insert).await?;
        let row = row.ok_or(StoreError::Form("a count of attempts"))?;
        Ok(row.try_get_by_index::<i32>(0)?.unsigned_abs())
    }

    /// Failed attempts under a mark within the minute.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn attempts(&self, mark: [u8; 32]) -> Result<u32> {
        self.attempts_within(mark, WINDOW).await
    }

    /// The same over another span, in which [`Control::count_within`] counted them.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn attempts_within(&self, mark: [u8; 32], span: TimeDelta) -> Result<u32> {
        let since = self.store.now() - span;
        Ok(self
            .marked(mark)
            .await?
            .filter(|r| r.window_start > since)
            .map_or(0, |r| r.count.unsigned_abs()))
    }

    /// Remembers a mark for a while; what is remembered for longer than half of that already is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn remember(&self, mark: [u8; 32], span: TimeDelta) -> Result<()> {
        let now = self.store.now();
        let known = self.marked(mark).await?;
        if known.is_some_and(|r| r.kept_until > now + span / 2) {
            return Ok(());
        }
        let row = attempt::Model {
            mark: mark.to_vec(),
            window_start: now,
            count: 0,
            kept_until: now + span,
        };
        attempt::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(attempt::Column::Mark)
                    .update_column(attempt::Column::KeptUntil)
                    .to_owned(),
            )
            .exec_without_returning(self.db)
            .await?;
        Ok(())
    }

    /// Whether a mark is remembered.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn remembers(&self, mark: [u8; 32]) -> Result<bool> {
        let now = self.store.now();
        let row = self.marked(mark).await?;
        Ok(row.is_some_and(|r| r.kept_until > now))
    }

    async fn marked(&self, mark: [u8; 32]) -> Result<Option<attempt::Model>> {
        Ok(attempt::Entity::find_by_id(mark.to_vec())
            .one(self.db)
            .await?)
    }

    fn source_id(&self) -> Uuid {
        self.store.id()
    }

    pub(crate) fn source_now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    pub(crate) const fn db(&self) -> &'s DatabaseConnection {
        self.db
    }
}

impl UnitOfWork {
    /// Keeps the row of a tenant that [`Control::prepare_tenant`] numbered, first in the transaction that sets it up.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody was faster with the slug.
    pub async fn insert_tenant(&mut self, row: rows::Tenant) -> Result<()> {
        if row.id != self.tenant.0 {
            return Err(StoreError::Form("another tenant"));
        }
        self.insert::<tenant::Entity>(vec![row]).await
    }

    /// Suspends the tenant or lets it work again; `false` when it is in that state already.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_tenant_active(&mut self, active: bool) -> Result<bool> {
        let state = if active { ACTIVE } else { SUSPENDED };
        let update = Query::update()
            .table(Alias::new("tenant"))
            .value(Alias::new("state"), state)
            .and_where(Expr::col(Alias::new("id")).eq(self.tenant.0))
            .and_where(Expr::col(Alias::new("state")).ne(state))
            .take();
        self.wrote();
        Ok(self.tx.execute(&update).await?.rows_affected() == 1)
    }

    /// The own row of the tenant, held against every other change of it until this unit ends.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn own_tenant(&mut self) -> Result<rows::Tenant> {
        let row = dialect::for_update(tenant::Entity::find_by_id(self.tenant.0));
        row.one(&self.tx).await?.ok_or(StoreError::NotFound)
    }

    /// Sets name and national code of the tenant, as its pages show them from now on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_name(&mut self, name: &str, code: &SchoolCode) -> Result<()> {
        let values = [("name", name), ("school_code", code.as_str())];
        self.set_own(&values).await
    }

    /// Sets colour and province of the tenant.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_branding(&mut self, colour: &str, province: &str) -> Result<()> {
        let values = [("colour", colour), ("province", province)];
        self.set_own(&values).await
    }

    /// Sets the logo of the tenant: the id of its file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_logo(&mut self, file: Uuid) -> Result<()> {
        self.set_own(&[("logo_key", &file.to_string())]).await
    }

    async fn set_own(&mut self, values: &[(&'static str, &str)]) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("tenant"))
            .and_where(Expr::col(Alias::new("id")).eq(self.tenant.0));
        for (column, value) in values {
            update.value(Alias::new(*column), *value);
        }
        self.tx.execute(&update).await?;
        Ok(())
    }
}

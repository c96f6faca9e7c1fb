//! The control tables: what is known before a tenant is. No personal data of students or staff.

use crate::entity::{attempt, demo, job_ticket, operator, session, tenant, tenant_stat};
use crate::error::{Result, StoreError};
use crate::keys::KeyError;
use crate::rows;
use crate::unit::Store;
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::{SchoolCode, Slug, TenantId};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, UpdateStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Access to the control tables.
pub struct Control<'s> {
    db: &'s DatabaseConnection,
    store: &'s Store,
}

/// Attempts are counted per minute.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

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
    /// End, whatever happens.
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

impl<'s> Control<'s> {
    pub(crate) const fn new(db: &'s DatabaseConnection, store: &'s Store) -> Self {
        Self { db, store }
    }

    /// Creates a tenant with the next number (never reused) and its keys.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the slug exists.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantId> {
        if self.tenant_by_slug(new.slug.as_str()).await?.is_some() {
            return Err(StoreError::Taken);
        }
        let id = self.number_tenant().await?;
        let row = tenant::Model {
            id: id.0,
            slug: new.slug.as_str().to_owned(),
            school_code: new.school_code.as_str().to_owned(),
            name: new.name.clone(),
            province: new.province.clone(),
            colour: new.colour.clone(),
            logo_key: None,
            key_ring: self.store.keys().marker().as_str().to_owned(),
            state: "active".to_owned(),
            created_at: self.store.now(),
        };
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
        Ok(tenant::Entity::find()
            .filter(tenant::Column::Slug.eq(slug))
            .one(self.db)
            .await?)
    }

    /// The tenant with this number.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tenant(&self, id: TenantId) -> Result<Option<rows::Tenant>> {
        Ok(tenant::Entity::find_by_id(id.0).one(self.db).await?)
    }

    /// Sets name and national code of a tenant, as its pages show them from now on.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn set_name(&self, id: TenantId, name: &str, code: &SchoolCode) -> Result<()> {
        let mut update = tenant_update(id);
        update
            .value(Alias::new("name"), name)
            .value(Alias::new("school_code"), code.as_str());
        self.db.execute(&update).await?;
        Ok(())
    }

    /// Sets colour and province of a tenant.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn set_branding(&self, id: TenantId, colour: &str, province: &str) -> Result<()> {
        let mut update = tenant_update(id);
        update
            .value(Alias::new("colour"), colour)
            .value(Alias::new("province"), province);
        self.db.execute(&update).await?;
        Ok(())
    }

    /// Sets the logo of a tenant: the id of its file.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn set_logo(&self, id: TenantId, file: Uuid) -> Result<()> {
        let mut update = tenant_update(id);
        update.value(Alias::new("logo_key"), file.to_string());
        self.db.execute(&update).await?;
        Ok(())
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

    /// Sets the statistics of a tenant: counts, no persons.
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
                        tenant_stat::Column::UpdatedAt,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(self.db)
            .await?;
        Ok(())
    }

    /// Keeps a new session; `false` when the id is in use.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn create_session(&self, row: SessionRow) -> Result<bool> {
        match row
            .into_row()
            .into_active_model()
            .reset_all()
            .insert(self.db)
            .await
            .map_err(StoreError::from)
        {
            Ok(_) => Ok(true),
            Err(StoreError::Taken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Saves a session that still exists. A session that was ended stays ended: this never inserts.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn save_session(&self, row: SessionRow) -> Result<bool> {
        let row = row.into_row();
        let mut update = Query::update();
        update
            .table(Alias::new("session"))
            .value(Alias::new("tenant_id"), row.tenant_id)
            .value(Alias::new("account_id"), row.account_id)
            .value(Alias::new("data"), row.data)
            .value(Alias::new("seen_at"), row.seen_at)
            .value(Alias::new("expires_at"), row.expires_at)
            .and_where(Expr::col(Alias::new("id_hash")).eq(row.id_hash));
        Ok(self.db.execute(&update.take()).await?.rows_affected() == 1)
    }

    /// A session that has not ended.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn session(&self, id_hash: [u8; 32]) -> Result<Option<SessionRow>> {
        let row = session::Entity::find_by_id(id_hash.to_vec())
            .one(self.db)
            .await?;
        row.filter(|r| r.expires_at > self.store.now())
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
            .filter(session::Column::ExpiresAt.gt(self.store.now()))
            .order_by_desc(session::Column::SeenAt)
            .all(self.db)
            .await?;
        rows.into_iter().map(SessionRow::from_row).collect()
    }

    /// Ends a session; it takes effect with the next request.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn end_session(&self, id_hash: [u8; 32]) -> Result<()> {
        session::Entity::delete_by_id(id_hash.to_vec())
            .exec(self.db)
            .await?;
        Ok(())
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
        Ok(delete.exec(self.db).await?.rows_affected)
    }

    /// Removes sessions and attempts whose time is over.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn sweep(&self) -> Result<()> {
        let now = self.store.now();
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now))
            .exec(self.db)
            .await?;
        attempt::Entity::delete_many()
            .filter(attempt::Column::WindowStart.lt(now - TimeDelta::hours(1)))
            .exec(self.db)
            .await?;
        Ok(())
    }

    /// Counts one failed attempt from an origin and says how many there were within the minute, this one included. One
    /// statement counts, so that attempts at the same time are all counted.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn count_attempt(&self, origin_hash: [u8; 32]) -> Result<u32> {
        let now = self.store.now();
        let fresh = || {
            let start = (attempt::Entity, attempt::Column::WindowStart);
            Expr::col(start).gt(now - WINDOW)
        };
        let kept = |column| Expr::col((attempt::Entity, column));
        let row = attempt::Model {
            origin_hash: origin_hash.to_vec(),
            window_start: now,
            count: 1,
        };
        let counted = Expr::case(fresh(), kept(attempt::Column::Count).add(1)).finally(1);
        let start = Expr::case(fresh(), kept(attempt::Column::WindowStart)).finally(now);
        attempt::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(attempt::Column::OriginHash)
                    .value(attempt::Column::Count, counted)
                    .value(attempt::Column::WindowStart, start)
                    .to_owned(),
            )
            .exec_without_returning(self.db)
            .await?;
        self.attempts(origin_hash).await
    }

    /// Failed attempts from an origin within the minute.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn attempts(&self, origin_hash: [u8; 32]) -> Result<u32> {
        let row = attempt::Entity::find_by_id(origin_hash.to_vec())
            .one(self.db)
            .await?;
        let since = self.store.now() - WINDOW;
        Ok(row
            .filter(|r| r.window_start > since)
            .map_or(0, |r| r.count.unsigned_abs()))
    }

    /// The operator with this login.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator(&self, login: &str) -> Result<Option<rows::Operator>> {
        Ok(operator::Entity::find()
            .filter(operator::Column::Login.eq(login))
            .one(self.db)
            .await?)
    }

    /// The operator with this id.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator_by_id(&self, id: Uuid) -> Result<Option<rows::Operator>> {
        Ok(operator::Entity::find_by_id(id).one(self.db).await?)
    }

    /// Keeps a new operator.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the login exists.
    pub async fn insert_operator(&self, row: rows::Operator) -> Result<()> {
        operator::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(self.db)
            .await?;
        Ok(())
    }

    /// Counts a failure of an operator who is not locked and says how many there were since the last success; `None`
    /// while locked. A lock that ended before `forgotten` is forgotten with its failures.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn count_operator_failure(
        &self,
        id: Uuid,
        forgotten: DateTime<Utc>,
    ) -> Result<Option<i32>> {
        let mut forget = operator_update(id);
        forget
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .and_where(Expr::col(Alias::new("locked_until")).lt(forgotten));
        self.db.execute(&forget).await?;
        let mut count = operator_update(id);
        count
            .value(Alias::new("fails"), Expr::col(Alias::new("fails")).add(1))
            .cond_where(self.unlocked());
        if self.db.execute(&count).await?.rows_affected() == 0 {
            return Ok(None);
        }
        Ok(self.operator_by_id(id).await?.map(|o| o.fails))
    }

    /// Locks an operator; survives a restart.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn lock_operator(&self, id: Uuid, until: DateTime<Utc>) -> Result<()> {
        let mut update = operator_update(id);
        update.value(Alias::new("locked_until"), until);
        self.db.execute(&update).await?;
        Ok(())
    }

    /// Forgets the failures of an operator whose password was right; `false` while locked.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn clear_operator_failures(&self, id: Uuid) -> Result<bool> {
        let mut update = operator_update(id);
        update
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .cond_where(self.unlocked());
        Ok(self.db.execute(&update).await?.rows_affected() == 1)
    }

    fn unlocked(&self) -> Condition {
        let until = || Expr::col(Alias::new("locked_until"));
        Condition::any()
            .add(until().is_null())
            .add(until().lte(self.store.now()))
    }

    /// Tickets in a state, for the health page.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn tickets(&self, state: &str) -> Result<u64> {
        use sea_orm::PaginatorTrait;
        Ok(job_ticket::Entity::find()
            .select_only()
            .column(job_ticket::Column::Id)
            .filter(job_ticket::Column::State.eq(state))
            .count(self.db)
            .await?)
    }

    pub(crate) fn source_now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    pub(crate) const fn db(&self) -> &'s DatabaseConnection {
        self.db
    }
}

fn tenant_update(id: TenantId) -> UpdateStatement {
    Query::update()
        .table(Alias::new("tenant"))
        .and_where(Expr::col(Alias::new("id")).eq(id.0))
        .take()
}

fn operator_update(id: Uuid) -> UpdateStatement {
    Query::update()
        .table(Alias::new("operator"))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .take()
}

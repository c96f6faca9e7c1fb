//! The store and its units: one way to read, one way to write.

mod bar;
mod provenance;
pub(crate) mod whole;

use crate::control::Control;
use crate::dialect::{self, Access};
use crate::door::{Door, Look};
use crate::error::{Result, StoreError};
use crate::files::Files;
use crate::keys::{KeyRing, TenantKeys};
use crate::machine::{Stateful, swap};
use crate::oversight::Moved;
use crate::oversight::{Detail, Pending, Subject};
use crate::pool::{self, Holding, PoolSettings};
use crate::source::Source;
use chrono::{DateTime, NaiveDate, Utc};
use domain::decision::Decision;
use domain::institution::{Action, Actor, Granted, Moves, TenantId};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    IdenStatic as _, IntoActiveModel, Iterable, TransactionOptions, TransactionTrait, Value,
};
use std::sync::Arc;
use uuid::Uuid;

use bar::{Bar, FOREIGN_RIGHT};
pub use provenance::Provenance;
use whole::Whole;

/// The database, the keys, the files, and the source of time and ids. Cheap to clone.
///
/// Rows are read and written through units, which set the university before anything else:
///
/// ```
/// async fn accounts(store: &store::Store, actor: &domain::institution::Actor) -> store::Result<u64> {
///     store.read(actor).await?.count_accounts().await
/// }
/// ```
///
/// A second transaction beside them, without a university, is not to be had: neither the pool nor the transaction of a
/// unit leaves this crate.
///
/// ```compile_fail,E0624
/// async fn beside(store: &store::Store) {
///     let _pool = store.database();
/// }
/// ```
///
/// ```compile_fail,E0616
/// async fn beneath(unit: &store::UnitOfWork) {
///     let _transaction = &unit.tx;
/// }
/// ```
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    source: Arc<dyn Source>,
    asked: Provenance,
}

struct Inner {
    db: DatabaseConnection,
    keys: KeyRing,
    files: Files,
    #[cfg(feature = "testkit")]
    hooks: crate::testkit::Hooks,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the database as the service's own role and refuses one it must not run on.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Unfit`], or a key error.
    pub async fn connect(
        settings: &PoolSettings,
        keys: KeyRing,
        files: Files,
        source: Arc<dyn Source>,
    ) -> Result<Self> {
        let db = pool::open(settings).await?;
        Self::over(db, keys, files, source).await
    }

    pub(crate) async fn over(
        db: DatabaseConnection,
        keys: KeyRing,
        files: Files,
        source: Arc<dyn Source>,
    ) -> Result<Self> {
        if let Err(unfit) = pool::ensure_fit(&db).await {
            db.close().await?;
            return Err(unfit);
        }
        Ok(Self {
            source,
            asked: Provenance::LOCAL,
            inner: Arc::new(Inner {
                db,
                keys,
                files,
                #[cfg(feature = "testkit")]
                hooks: crate::testkit::Hooks::default(),
            }),
        })
    }

    #[cfg(feature = "testkit")]
    pub(crate) async fn over_with(
        db: DatabaseConnection,
        keys: KeyRing,
        files: Files,
        source: Arc<dyn Source>,
        hooks: crate::testkit::Hooks,
    ) -> Result<Self> {
        pool::ensure_fit(&db).await?;
        Ok(Self {
            source,
            asked: Provenance::LOCAL,
            inner: Arc::new(Inner {
                db,
                keys,
                files,
                hooks,
            }),
        })
    }

    /// Whether the fence of a job is compared; a test may do without, to see that it is needed.
    #[cfg(feature = "testkit")]
    pub(crate) fn fenced(&self) -> bool {
        self.inner.hooks.fenced
    }

    #[cfg(not(feature = "testkit"))]
    pub(crate) const fn fenced(&self) -> bool {
        let _ = &self.inner;
        true
    }

    #[cfg(feature = "testkit")]
    fn tell(&self, step: &str) {
        if let Some(each) = &self.inner.hooks.statement {
            each(step);
        }
    }

    #[cfg(not(feature = "testkit"))]
    const fn tell(&self, _step: &str) {
        let _ = &self.inner;
    }

    /// Brings the schema up to date, as the owner of the tables.
    ///
    /// # Errors
    /// [`StoreError::Database`] when a step fails; nothing of that step stays then.
    pub async fn migrate(owner: &PoolSettings) -> Result<()> {
        let settings = PoolSettings {
            max_connections: 1,
            ..owner.clone()
        };
        let db = pool::open(&settings).await?;
        let done = pool::migrate(&db).await;
        db.close().await?;
        done
    }

    /// What a database holds before anybody touches it, asked with the settings of its owner.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Database`].
    pub async fn holding(owner: &PoolSettings) -> Result<Holding> {
        let settings = PoolSettings {
            max_connections: 1,
            ..owner.clone()
        };
        let db = pool::open(&settings).await?;
        let found = pool::holding(&db).await;
        db.close().await?;
        found
    }

    /// Whether the schema is the one this program knows.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn migrated(&self) -> Result<bool> {
        pool::migrated(&self.inner.db).await
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn ping(&self) -> Result<()> {
        self.inner.db.ping().await.map_err(StoreError::Unreachable)
    }

    /// Closes the pool.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close(&self) -> Result<()> {
        self.inner.db.close_by_ref().await.map_err(StoreError::from)
    }

    pub(crate) fn database(&self) -> &DatabaseConnection {
        &self.inner.db
    }

    /// The key ring.
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// The file store.
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// The same store with another source of time and ids: a demonstration has a past.
    #[must_use]
    pub fn with_source(&self, source: Arc<dyn Source>) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            source,
            asked: self.asked,
        }
    }

    /// The same store for one request: what is written through it says where it came from.
    #[must_use]
    pub fn asked(&self, by: Provenance) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            source: Arc::clone(&self.source),
            asked: by,
        }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.source.now()
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.source.id()
    }

    /// The control tables: tenants, sessions, job tickets; no personal data.
    pub fn control(&self) -> Control<'_> {
        Control::new(&self.inner.db, self)
    }

    /// The unit of work of an actor: sets the tenant before anything else.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or a key error.
    pub async fn begin(&self, actor: &Actor) -> Result<UnitOfWork> {
        let scope = self.scope(actor.tenant(), Access::Write).await?;
        Ok(UnitOfWork {
            scope,
            actor: actor.clone(),
            pending: Vec::new(),
            wrote: false,
            noted: false,
            barred: None,
        })
    }

    /// A read-only unit of an actor.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or a key error.
    pub async fn read(&self, actor: &Actor) -> Result<ReadUnit> {
        Ok(ReadUnit {
            scope: self.scope(actor.tenant(), Access::Read).await?,
            actor: actor.clone(),
        })
    }

    /// The door of a university: what sign-in and activation need before there is an actor.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or a key error.
    pub async fn door(&self, tenant: TenantId) -> Result<Door> {
        Ok(Door::new(self.scope(tenant, Access::Write).await?))
    }

    /// The door, to look through only: takes no write lock, so every request may begin with it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or a key error.
    pub async fn look(&self, tenant: TenantId) -> Result<Look> {
        Ok(Look::new(self.scope(tenant, Access::Read).await?))
    }

    /// As [`Store::look`], and all of its reads see the university at one moment: for whoever compares what one statement
    /// answers with what another does.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or a key error.
    pub async fn snapshot(&self, tenant: TenantId) -> Result<Look> {
        Ok(Look::new(self.scope(tenant, Access::Snapshot).await?))
    }

    async fn scope(&self, tenant: TenantId, access: Access) -> Result<Scope> {
        let keys = self.inner.keys.tenant(tenant)?;
        let store = self.clone();
        let backend = store.inner.db.get_database_backend();
        // A request that goes away must not cancel `BEGIN` halfway.
        let tx = Whole::of(async move {
            let options = TransactionOptions {
                isolation_level: dialect::isolation(backend, access),
                access_mode: dialect::access_mode(backend, access),
                sqlite_transaction_mode: Some(dialect::sqlite_mode(access)),
            };
            let tx = store
                .inner
                .db
                .begin_with_options(options)
                .await
                .map_err(StoreError::Unreachable)?;
            dialect::set_tenant(&tx, tenant).await?;
            dialect::keep_from_writing(&tx, access).await?;
            Ok::<_, StoreError>(tx)
        })
        .await?;
        Ok(Scope {
            tx,
            tenant,
            keys,
            at: self.now(),
            store: self.clone(),
        })
    }
}

/// A transaction inside one university: everything that can be read.
pub struct Scope {
    pub(crate) tx: DatabaseTransaction,
    pub(crate) tenant: TenantId,
    pub(crate) keys: TenantKeys,
    at: DateTime<Utc>,
    pub(crate) store: Store,
}

impl Scope {
    /// The university.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Its keys.
    pub const fn keys(&self) -> &TenantKeys {
        &self.keys
    }

    /// The time of this unit: everything in it happens at once, when its transaction had begun.
    pub const fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// Today in China (UTC+8), the day every deadline counts by.
    pub fn today(&self) -> NaiveDate {
        domain::calendar::local_date(self.now())
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.store.id()
    }

    /// Refuses rows of another university before the database sees them: SQLite would take them.
    pub(crate) fn ensure_own<E>(&self, rows: &[E::ActiveModel]) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        let Some(column) = E::Column::iter().find(|c| c.as_str() == "tenant_id") else {
            return Ok(());
        };
        let own = Value::from(self.tenant.0);
        if rows
            .iter()
            .all(|row| row.get(column).into_value() == Some(own.clone()))
        {
            Ok(())
        } else {
            Err(StoreError::Form("tenant of a row"))
        }
    }

    pub(crate) async fn insert_all<E>(&self, models: Vec<E::Model>) -> Result<()>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        let step = dialect::rows_per_statement(E::Column::iter().count());
        let mut rest = models.into_iter();
        loop {
            let chunk: Vec<E::ActiveModel> = rest
                .by_ref()
                .take(step)
                .map(|m| m.into_active_model().reset_all())
                .collect();
            if chunk.is_empty() {
                return Ok(());
            }
            self.ensure_own::<E>(&chunk)?;
            E::insert_many(chunk)
                .exec_without_returning(&self.tx)
                .await?;
        }
    }
}

/// A read-only unit. It has no method that writes.
pub struct ReadUnit {
    scope: Scope,
    actor: Actor,
}

impl ReadUnit {
    /// Who reads.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl std::ops::Deref for ReadUnit {
    type Target = Scope;
    fn deref(&self) -> &Scope {
        &self.scope
    }
}

/// A unit of work: reads, applies decisions, and commits with its audit entries or not at all.
pub struct UnitOfWork {
    scope: Scope,
    actor: Actor,
    pending: Vec<Pending>,
    wrote: bool,
    noted: bool,
    barred: Option<Bar>,
}

impl std::ops::Deref for UnitOfWork {
    type Target = Scope;
    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl UnitOfWork {
    /// The unit of work of an actor, in a transaction that wrote before it had one.
    pub(crate) fn continued(scope: Scope, actor: &Actor) -> Self {
        Self {
            scope,
            actor: actor.clone(),
            pending: Vec::new(),
            wrote: true,
            noted: false,
            barred: None,
        }
    }

    /// Who acts.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Applies one decision: compare-and-swap on state and version, and an audit entry in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody was faster; [`StoreError::Form`] under the right of another actor.
    pub async fn apply<A: Moves<M>, M: Stateful>(
        &mut self,
        granted: &Granted<A>,
        decision: Decision<M, A>,
        detail: Detail,
    ) -> Result<()> {
        self.ensure_own_right(granted)?;
        let update = swap(self.tenant.0, &decision, self.today());
        let done = self.scope.tx.execute(&update).await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        self.wrote = true;
        let subject = Subject::new(M::TABLE, decision.read().id);
        let moved = Moved::of(&decision);
        let detail = detail.moved(decision.event(), decision.clause(), Some(moved));
        self.pending.push(Pending::new(granted, subject, detail));
        Ok(())
    }

    /// Notes an act that is no move of a machine: rows were inserted, a value was set, something was shown. Under the
    /// right of another actor the unit cannot be committed any more.
    pub fn note<A: Action>(&mut self, granted: &Granted<A>, subject: Subject, detail: Detail) {
        if !granted.is_of(&self.actor) {
            self.barred = Some(Bar::Foreign);
        }
        self.pending.push(Pending::new(granted, subject, detail));
    }

    /// A right is worth something in the hands of the actor who has it: the unit must be the same actor's.
    pub(crate) fn ensure_own_right<A: Action>(&mut self, granted: &Granted<A>) -> Result<()> {
        if !granted.is_of(&self.actor) {
            self.barred = Some(Bar::Foreign);
        }
        match self.barred {
            Some(Bar::Foreign) => Err(FOREIGN_RIGHT),
            Some(Bar::Cut) | None => Ok(()),
        }
    }

    fn allowed(&self) -> Result<()> {
        self.barred.map_or(Ok(()), |bar| Err(bar.into()))
    }

    /// Marks that rows were written; commit refuses without a note.
    pub(crate) const fn wrote(&mut self) {
        self.wrote = true;
    }

    /// Notes that a part of one act was written and the rest was not: this unit must not be committed.
    pub(crate) fn spoil(&mut self) {
        self.barred.get_or_insert(Bar::Cut);
    }

    pub(crate) async fn insert<E>(&mut self, models: Vec<E::Model>) -> Result<()>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        self.wrote = true;
        self.scope.insert_all::<E>(models).await
    }

    /// Writes the audit entries of what was noted so far; [`UnitOfWork::commit`] would do it last. For a unit that waits for
    /// something before its end: nobody else can write an entry until then.
    ///
    /// # Errors
    /// As [`UnitOfWork::commit`].
    pub async fn write_notes(&mut self) -> Result<()> {
        self.allowed()?;
        let pending = std::mem::take(&mut self.pending);
        self.noted |= !pending.is_empty();
        self.append(pending).await
    }

    /// Writes the audit entries and commits.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when an act over many records was cut short; [`StoreError::Database`] when a statement of
    /// this unit failed before. Nothing of it is kept then.
    /// [`StoreError::Unaudited`] when rows were written and nothing was noted; [`StoreError::Form`] when something was
    /// noted under the right of another actor.
    pub async fn commit(mut self) -> Result<()> {
        self.allowed()?;
        if self.wrote && !self.noted && self.pending.is_empty() {
            return Err(StoreError::Unaudited);
        }
        if self.pending.is_empty() {
            dialect::ensure_sound(&self.scope.tx).await?;
        } else {
            self.write_notes().await?;
        }
        let Scope { tx, store, .. } = self.scope;
        store.tell("COMMIT");
        // A commit is finished even when the request that asked for it goes away.
        Whole::of(tx.commit()).await?;
        store.tell("COMMITTED");
        Ok(())
    }

    /// What asked for this unit.
    pub(crate) const fn asked(&self) -> Provenance {
        self.scope.store.asked
    }
}

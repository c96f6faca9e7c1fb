//! A store of its own for each test, in a folder or a PostgreSQL database that goes away with it.
//!
//! PostgreSQL takes part when `XJ_TEST_PG_OWNER` and `XJ_TEST_PG_APP` name a cluster with the roles of the product
//! (`cargo xtask test` starts one); with `XJ_REQUIRE_PG=1` its absence is a failure.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_tenant_sees_its_own_people() {
//!     on_both(|bed| async move {
//!         let tenant = bed.tenant("jiangnan").await;
//!         let officer = bed.person_in(tenant, Office::Admissions, PostKind::Officer, PersonalScope::School).await;
//!         let unit = bed.store().read(&officer).await.unwrap();
//!         assert_eq!(unit.count_accounts().await.unwrap(), 1);
//!     })
//!     .await;
//! }
//! ```
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that has no store cannot go on"
)]

pub mod auditor;
mod database;
mod hooks;
mod kept;
mod source;

pub use crate::dialect::set_tenant;
pub use crate::pool::keeps_its_log;
pub use crate::unit::whole::Whole;
pub use hooks::{Hooks, OnStatement};
pub use source::TestSource;

use crate::entity::{account, person, post};
use crate::keys::KeyRing;
use crate::{Files, NewTenant, PoolSettings, ReadUnit, Source, Store, pool};
use auditor::Auditor;
use chrono::TimeDelta;
use database::Place;
use domain::institution::{
    Actor, Office, PersonalScope, PostKind, SchoolCode, Seat, Slug, TenantId,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// A store with its own database, keys and files. Everything goes away with it.
///
/// Every statement of its stores is read along: a test whose statement could reach another university fails in the end,
/// whatever it tested.
#[derive(Debug)]
pub struct Bed {
    store: Store,
    source: Arc<TestSource>,
    auditor: Arc<Auditor>,
    people: AtomicU32,
    schools: AtomicU32,
    place: Place,
    folder: TempDir,
}

impl Drop for Bed {
    fn drop(&mut self) {
        let faults = self.auditor.faults();
        if !std::thread::panicking() {
            assert!(
                faults.is_empty(),
                "statements without a tenant: {faults:#?}"
            );
        }
    }
}

impl ReadUnit {
    /// Tries a statement in the transaction of a unit that only reads; a test must see it refused.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError) of the database.
    pub async fn attempt(&self, sql: &str) -> crate::Result<u64> {
        Ok(self.tx.execute_unprepared(sql).await?.rows_affected())
    }
}

impl Bed {
    /// A store on SQLite, migrated and empty.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let place = Place::file(folder.path()).await;
        Self::on(place, folder).await
    }

    /// A store on PostgreSQL, migrated by the owner and opened as the service; `None` when no cluster is named.
    pub async fn postgres() -> Option<Self> {
        let place = Place::postgres().await?;
        let folder = tempfile::tempdir().expect("a folder for the test");
        Some(Self::on(place, folder).await)
    }

    async fn on(place: Place, folder: TempDir) -> Self {
        KeyRing::create(&folder.path().join("keys")).expect("keys for the test");
        std::fs::create_dir(folder.path().join("files")).expect("a folder for files");
        let source = Arc::new(TestSource::new());
        let auditor = Arc::new(Auditor::default());
        let store = open(&place, &folder, source.clone(), auditor.clone()).await;
        Self {
            store,
            source,
            auditor,
            people: AtomicU32::new(0),
            schools: AtomicU32::new(0),
            place,
            folder,
        }
    }

    /// The store.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The clock and the ids; time moves only when a test moves it.
    pub const fn source(&self) -> &Arc<TestSource> {
        &self.source
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.source.advance(by);
    }

    /// Another store on the same database, keys, files and clock: a second server.
    pub async fn second(&self) -> Store {
        self.second_with(self.source.clone()).await
    }

    /// A second server with a clock and ids of its own.
    pub async fn second_with(&self, source: Arc<dyn Source>) -> Store {
        open(&self.place, &self.folder, source, self.auditor.clone()).await
    }

    /// A pool as the store opens it, with the same care for connections that come back.
    pub async fn pool(&self) -> DatabaseConnection {
        pool::open(&self.settings()).await.expect("a pool")
    }

    /// Changes rows of a university behind the program's back, as whoever owns the tables can; says how many.
    pub async fn tamper(&self, tenant: TenantId, table: &str, set: &str) -> u64 {
        let db = pool::open(&self.owner())
            .await
            .expect("a pool of the owner");
        let tx = db.begin().await.expect("a transaction of the owner");
        let let_in = if self.backend() == DbBackend::Postgres {
            format!("SELECT set_config('app.tenant', '{tenant}', true)")
        } else {
            format!("DROP TRIGGER IF EXISTS {table}_no_update")
        };
        tx.execute_unprepared(&let_in).await.expect("the way in");
        let update = format!("UPDATE {table} SET {set} WHERE tenant_id = {tenant}");
        let changed = tx.execute_unprepared(&update).await.expect("a change");
        tx.commit().await.expect("a commit");
        db.close().await.expect("the end of a pool");
        changed.rows_affected()
    }

    /// Gives a table another name, as whoever owns it can: a test takes it out of the program's reach, and brings it back.
    pub async fn rename_table(&self, from: &str, to: &str) {
        let db = pool::open(&self.owner())
            .await
            .expect("a pool of the owner");
        let rename = format!("ALTER TABLE {from} RENAME TO {to}");
        db.execute_unprepared(&rename).await.expect("another name");
        db.close().await.expect("the end of a pool");
    }

    /// Has a statement read along that went past the bed's stores.
    pub fn note(&self, sql: &str) {
        self.auditor.note(sql);
    }

    /// The statements of the bed's stores so far, each once, in no order.
    pub fn statements(&self) -> Vec<String> {
        self.auditor.statements()
    }

    /// Which database it is.
    pub const fn backend(&self) -> DbBackend {
        self.place.backend()
    }

    /// How the service reaches the database.
    pub fn settings(&self) -> PoolSettings {
        settings(self.place.app())
    }

    /// How the owner of the tables reaches it; the same as [`Bed::settings`] on SQLite.
    pub fn owner(&self) -> PoolSettings {
        settings(self.place.owner())
    }

    /// How the backup reaches it, when `XJ_TEST_PG_BACKUP` is set; the same as [`Bed::settings`] on SQLite.
    pub fn backup(&self) -> Option<PoolSettings> {
        self.place.backup().map(settings)
    }

    /// The folder with `keys`, `files` and, on SQLite, the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A new university with its keys and a school code of its own.
    pub async fn tenant(&self, slug: &str) -> TenantId {
        let code = 50_001 + self.schools.fetch_add(1, Ordering::Relaxed);
        let new = NewTenant {
            slug: Slug::parse(slug).expect("a slug"),
            school_code: SchoolCode::parse(&code.to_string()).expect("a school code"),
            name: format!("{slug} 大学"),
            province: "31".to_owned(),
            colour: "#0b5394".to_owned(),
        };
        self.store
            .control()
            .create_tenant(&new)
            .await
            .expect("a tenant")
    }

    /// A person with an account and one post, who gave the password just now. The login is the office and a number.
    /// Nothing of it is in the audit chain: this is the school as it was before the first act.
    pub async fn person_in(
        &self,
        tenant: TenantId,
        office: Office,
        kind: PostKind,
        scope: PersonalScope,
    ) -> Actor {
        let number = self.people.fetch_add(1, Ordering::Relaxed) + 1;
        let seat = Seat {
            tenant,
            person: self.store.id(),
            account: self.store.id(),
            post: self.store.id(),
            office,
            kind,
            scope,
            stepped_up: Some(self.store.now()),
            duties: BTreeMap::new(),
        };
        self.seat(&seat, number).await;
        seated(seat)
    }

    /// An officer of an office whose reach is the whole school.
    pub async fn officer(&self, tenant: TenantId, office: Office) -> Actor {
        self.person_in(tenant, office, PostKind::Officer, PersonalScope::School)
            .await
    }

    async fn seat(&self, seat: &Seat, number: u32) {
        let now = self.store.now();
        let person = person::Model {
            tenant_id: seat.tenant.0,
            id: seat.person,
            name: format!("{} {number}", seat.office.key()),
            contact: None,
            created_at: now,
        };
        let account = account::Model {
            tenant_id: seat.tenant.0,
            id: seat.account,
            person_id: seat.person,
            kind: if seat.office.is_staff() {
                "staff"
            } else {
                "student"
            }
            .to_owned(),
            login: format!("{}-{number}", seat.office.key()),
            password_hash: None,
            totp: None,
            totp_confirmed: false,
            totp_step: 0,
            state: "active".to_owned(),
            fails: 0,
            locked_until: None,
            import_id: None,
            created_at: now,
            version: 1,
        };
        let post = post::Model {
            tenant_id: seat.tenant.0,
            id: seat.post,
            person_id: seat.person,
            office: seat.office.key().to_owned(),
            kind: seat.kind.key().to_owned(),
            scope: serde_json::to_string(&seat.scope).expect("the scope as text"),
            valid_from: domain::calendar::local_date(now),
            valid_to: None,
            import_id: None,
        };
        let door = self.store.door(seat.tenant).await.expect("a unit");
        let inserted = async {
            door.insert_all::<person::Entity>(vec![person]).await?;
            door.insert_all::<account::Entity>(vec![account]).await?;
            door.insert_all::<post::Entity>(vec![post]).await?;
            door.commit().await
        };
        inserted.await.expect("person, account and post");
    }
}

/// The actor of a seat, for a test that needs one whose rows it did not store.
#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
pub const fn seated(seat: Seat) -> Actor {
    Actor::seated(seat)
}

/// Runs a test on SQLite, then on PostgreSQL when there is one.
pub async fn on_both<F, T>(body: F)
where
    F: Fn(Bed) -> T,
    T: Future<Output = ()>,
{
    // A test is large, and what holds it should not be.
    Box::pin(body(Bed::sqlite().await)).await;
    on_postgres(body).await;
}

/// Whether a cluster is named; with `XJ_REQUIRE_PG=1` its absence is a failure.
pub fn postgres_takes_part() -> bool {
    let named = ["XJ_TEST_PG_OWNER", "XJ_TEST_PG_APP"]
        .into_iter()
        .all(|name| database::setting(name).is_some());
    if !named {
        postgres_lacks(NO_CLUSTER);
    }
    named
}

/// What is missing where no cluster is named.
const NO_CLUSTER: &str = "cluster: XJ_TEST_PG_OWNER and XJ_TEST_PG_APP are not set";

/// Runs a test on PostgreSQL when there is one.
pub async fn on_postgres<F, T>(body: F)
where
    F: Fn(Bed) -> T,
    T: Future<Output = ()>,
{
    match Bed::postgres().await {
        Some(bed) => Box::pin(body(bed)).await,
        None => postgres_lacks(NO_CLUSTER),
    }
}

/// Says that a test does without something of PostgreSQL. With `XJ_REQUIRE_PG=1` no test may.
///
/// # Panics
/// With `XJ_REQUIRE_PG=1`.
pub fn postgres_lacks(what: &str) {
    assert!(
        database::setting("XJ_REQUIRE_PG").as_deref() != Some("1"),
        "XJ_REQUIRE_PG is set, and there is no {what}"
    );
    println!("no {what}");
    println!("postgres: absent");
}

/// Whether long runs were asked for (`XJ_LONG=1`).
pub fn long() -> bool {
    database::setting("XJ_LONG").as_deref() == Some("1")
}

fn settings(url: &str) -> PoolSettings {
    PoolSettings {
        acquire: Duration::from_secs(30),
        ..PoolSettings::new(url)
    }
}

async fn open(
    place: &Place,
    folder: &TempDir,
    source: Arc<dyn Source>,
    auditor: Arc<Auditor>,
) -> Store {
    let keys = KeyRing::open(&folder.path().join("keys")).expect("the keys of the test");
    let files = Files::folder(&folder.path().join("files")).expect("the files of the test");
    let mut db = pool::open(&settings(place.app())).await.expect("a pool");
    db.set_metric_callback(move |info| auditor.note(&info.statement.sql));
    Store::over(db, keys, files, source)
        .await
        .expect("the store of the test")
}

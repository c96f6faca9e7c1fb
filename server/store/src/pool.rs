//! Connection pools and what must be true of a database before the service runs on it.

use crate::dialect;
use crate::error::{Result, StoreError};
use aws_lc_rs::digest::{Context, SHA256};
use domain::audit::hex;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};
use sqlx::Executor;
use std::time::Duration;

/// Which database, and how it is reached.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// `sqlite:…` or `postgres://…`.
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// How long a request waits for a connection before it is told to come back.
    pub acquire: Duration,
}

impl PoolSettings {
    /// Settings with the defaults of the service.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 12,
            acquire: Duration::from_secs(5),
        }
    }
}

/// Opens a pool. A connection that comes back is rolled back and reset first: a cancelled `BEGIN` would otherwise hand
/// an open transaction, and with it one tenant, to the next request.
pub async fn open(settings: &PoolSettings) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire)
        .sqlx_logging(false)
        .map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute(sqlx::AssertSqlSafe(dialect::RESET_POSTGRES))
                        .await?;
                    Ok(true)
                })
            })
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    let _nothing_open = connection.execute(dialect::RESET_SQLITE).await;
                    Ok(true)
                })
            })
        })
        .map_sqlx_sqlite_opts(|sqlite| {
            use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .busy_timeout(Duration::from_secs(20))
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .pragma("mmap_size", "0")
                .pragma("secure_delete", "on")
                .create_if_missing(true)
        });
    Database::connect(options)
        .await
        .map_err(StoreError::Unreachable)
}

async fn text(db: &DatabaseConnection, sql: &str) -> Result<String> {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?
        .ok_or(StoreError::Form("a system query"))?;
    row.try_get_by_index::<String>(0).map_err(StoreError::from)
}

/// Refuses a database the service must not run on: a SQLite with the WAL-reset defect, or a PostgreSQL role that owns
/// tables or passes row-level security.
pub async fn ensure_fit(db: &DatabaseConnection) -> Result<()> {
    match db.get_database_backend() {
        DbBackend::Sqlite => {
            let version = text(db, dialect::SQLITE_VERSION).await?;
            if keeps_its_log(&version) {
                Ok(())
            } else {
                Err(StoreError::Unfit(format!(
                    "SQLite {version} can corrupt its write-ahead log; 3.51.3 or later is needed"
                )))
            }
        }
        _ => ensure_role(db).await,
    }
}

/// Whether a version of SQLite is without the WAL-reset defect.
pub fn keeps_its_log(version: &str) -> bool {
    let number: Vec<u32> = version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect();
    number >= vec![3, 51, 3]
}

async fn ensure_role(db: &DatabaseConnection) -> Result<()> {
    let verdict = text(db, dialect::ROLE_VERDICT).await?;
    if verdict.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Unfit(format!(
            "DATABASE_URL names a role that {verdict}; the service runs as xj_app, which owns nothing and bypasses nothing"
        )))
    }
}

/// What a database holds before anybody touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// No university and no demonstration: nothing, or the schema alone.
    Nothing,
    /// A demonstration; whether all of it was made.
    Demo {
        /// All of it was made.
        ready: bool,
    },
    /// Universities of its own, an operator, or tables of somebody else.
    Other,
}

/// Looks at what a database holds; writes nothing.
pub async fn holding(db: &DatabaseConnection) -> Result<Holding> {
    let engine = db.get_database_backend();
    let ask = async |sql: &str| {
        db.query_all_raw(Statement::from_string(engine, sql.to_owned()))
            .await
    };
    let mut names = Vec::new();
    for row in ask(dialect::tables(engine)).await? {
        names.push(row.try_get_by_index::<String>(0)?);
    }
    let has = |name: &str| names.iter().any(|own| own == name);
    // The list of steps alone is what a first start leaves that was cut off before its first step.
    if names.iter().all(|name| name == STEPS) {
        return Ok(Holding::Nothing);
    }
    if !["demo", "tenant", "operator"].into_iter().all(has) {
        return Ok(Holding::Other);
    }
    if let Some(row) = ask(dialect::DEMO_READY).await?.first() {
        let ready = row.try_get_by_index(0)?;
        return Ok(Holding::Demo { ready });
    }
    let others = ask(dialect::ANYBODY).await?;
    Ok(if others.is_empty() {
        Holding::Nothing
    } else {
        Holding::Other
    })
}

/// The migrations' own list of the steps that were applied.
const STEPS: &str = "seaql_migrations";

/// SHA-256 of what this program's schema is made from, in hex: it changes with every change of a step.
pub fn schema_digest() -> String {
    let mut context = Context::new(&SHA256);
    for source in migrations::SOURCES {
        context.update(source.as_bytes());
    }
    hex::encode(context.finish().as_ref())
}

/// Brings the schema up to date, as the owner of the tables.
pub async fn migrate(owner: &DatabaseConnection) -> Result<()> {
    use sea_orm_migration::MigratorTrait;
    let around = dialect::migration(owner.get_database_backend());
    if let Some(around) = &around {
        owner.execute_unprepared(around.lock).await?;
    }
    let done = migrations::Migrator::up(owner, None).await;
    if let Some(around) = &around {
        owner.execute_unprepared(around.unlock).await?;
    }
    // What went wrong in a step is the news, not what could not be granted after it.
    done?;
    if let Some(around) = &around {
        owner.execute_unprepared(around.grant).await?;
    }
    Ok(())
}

/// Whether every step of this program's schema has been applied.
pub async fn migrated(db: &DatabaseConnection) -> Result<bool> {
    use sea_orm_migration::MigratorTrait;
    let known = migrations::Migrator::migrations().len();
    let row = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT count(*) FROM seaql_migrations",
        ))
        .await;
    match row {
        Ok(Some(row)) => {
            Ok(usize::try_from(row.try_get_by_index::<i64>(0)?).is_ok_and(|n| n == known))
        }
        Ok(None) | Err(_) => Ok(false),
    }
}

//! Floors of the bench: what the database itself takes for a piece of work, in prepared statements of their own.
//!
//! They run on PostgreSQL as the service's own role, with the session and tenant statements that the service cannot do
//! without, and nothing else. (Who looks at the own record leaves no line in the access log, so the floor of that page has
//! none.) The bench of the server times them beside the real thing.

#[path = "floors/copy.rs"]
mod copy;
#[path = "floors/ground.rs"]
mod ground;
#[path = "floors/page.rs"]
mod page;

pub use copy::{Copied, TABLES_OF_AN_IMPORT};
pub use page::Visit;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{Executor, Postgres, Transaction};

/// Why a floor was not measured.
pub type Error = sqlx::Error;
/// Result of a floor.
pub type Result<T> = std::result::Result<T, Error>;

/// Connections, as many as the service has.
const CONNECTIONS: u32 = 12;

/// Sets the university of a transaction.
const INSIDE: &str = "SELECT set_config('app.tenant', $1, true)";

/// A pool of the service's own role, without the service.
#[derive(Clone, Debug)]
pub struct Floors {
    pool: PgPool,
}

impl Floors {
    /// Opens a pool. Connections are reset when they come back, as the service must do to keep tenants apart.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute(sqlx::AssertSqlSafe("BEGIN; ROLLBACK; RESET ALL"))
                        .await?;
                    Ok(true)
                })
            })
            .connect(url)
            .await?;
        Ok(Self { pool })
    }

    /// Closes the pool.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction inside one university.
    async fn inside(&self, tenant: i32, read_only: bool) -> Result<Transaction<'static, Postgres>> {
        let mut tx = self.pool.begin().await?;
        if read_only {
            tx.execute("SET TRANSACTION READ ONLY").await?;
        }
        sqlx::query(INSIDE)
            .bind(tenant.to_string())
            .execute(&mut *tx)
            .await?;
        Ok(tx)
    }
}

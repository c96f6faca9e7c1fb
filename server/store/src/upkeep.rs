//! Copies and checks of the database as a whole.

use crate::dialect;
use crate::error::{Result, StoreError};
use crate::keys::RingMarker;
use crate::pool::{self, PoolSettings};
use crate::unit::Store;
use sea_orm::{ConnectionTrait, Statement};
use std::path::Path;

impl Store {
    /// Refuses a database the service must not run on, before there is anything in it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Unfit`].
    pub async fn judge(service: &PoolSettings) -> Result<()> {
        let settings = PoolSettings {
            max_connections: 1,
            ..service.clone()
        };
        let db = pool::open(&settings).await?;
        let verdict = pool::ensure_fit(&db).await;
        db.close().await?;
        verdict
    }

    /// Writes a consistent copy of a SQLite database in one step beside running writers. (The stepwise backup never ends
    /// beside a writer, and copying the file can tear it.)
    ///
    /// # Errors
    /// [`StoreError::Unfit`] on PostgreSQL, which has its own tools; [`StoreError::Database`].
    pub async fn copy_into(&self, path: &Path) -> Result<()> {
        let db = self.database();
        let backend = db.get_database_backend();
        let copy = dialect::copy_into(backend).ok_or_else(|| {
            StoreError::Unfit("copies are made with pg_dump on PostgreSQL".to_owned())
        })?;
        let path = path.to_str().ok_or(StoreError::Form("path of a copy"))?;
        db.execute_raw(Statement::from_sql_and_values(backend, copy, [path.into()]))
            .await?;
        Ok(())
    }

    /// Checks that the database is sound: SQLite's own integrity check, or that PostgreSQL answers a count.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] with the database's first complaint.
    pub async fn check_integrity(&self) -> Result<()> {
        let db = self.database();
        let backend = db.get_database_backend();
        let row = db
            .query_one_raw(Statement::from_string(backend, dialect::integrity(backend)))
            .await?;
        let said: String = row
            .ok_or(StoreError::Form("integrity check"))?
            .try_get_by_index(0)?;
        if said == "ok" {
            Ok(())
        } else {
            Err(StoreError::Unfit(said))
        }
    }

    /// Whether the key folder still opens.
    pub fn keys_ready(&self) -> bool {
        self.keys().check().is_ok()
    }

    /// Refuses a key folder that is not the one the universities' data were sealed with: what is written under other
    /// keys could never be read beside them.
    ///
    /// # Errors
    /// [`StoreError::Key`] with `WrongRing`; [`StoreError::Database`].
    pub async fn ensure_ring(&self) -> Result<()> {
        for (tenant, _) in self.control().tenants().await? {
            self.keys()
                .ensure_ring_of(&RingMarker::stored(tenant.key_ring))?;
        }
        Ok(())
    }
}

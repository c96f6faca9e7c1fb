//! The statements that differ between SQLite and PostgreSQL, or that no query builder knows.

use crate::error::Result;
use domain::institution::TenantId;
use sea_orm::sea_query::Value;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, QuerySelect, Statement,
};

/// How a unit opens its transaction. SQLite knows no read-only transactions; a unit that reads has no method that
/// writes.
pub fn access_mode(backend: DbBackend, write: bool) -> Option<AccessMode> {
    (backend == DbBackend::Postgres && !write).then_some(AccessMode::ReadOnly)
}

/// Makes the next writer of the selected rows wait for this one. On SQLite the clause is left out: a unit of work holds
/// the write lock from its beginning there.
pub fn for_update<Q: QuerySelect>(rows: Q) -> Q {
    rows.lock_exclusive()
}

/// Sets the tenant of this transaction; nothing else may come before it.
pub async fn set_tenant(tx: &DatabaseTransaction, tenant: TenantId) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT set_config('app.tenant', $1, true)",
            [Value::from(tenant.0.to_string())],
        ))
        .await?;
    }
    Ok(())
}

/// Refuses to commit after a statement failed: PostgreSQL would roll back and call it a commit.
pub async fn ensure_sound(tx: &DatabaseTransaction) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SELECT 1").await?;
    }
    Ok(())
}

/// Rows per statement so that the number of bound values stays below the limit of both databases.
pub const fn rows_per_statement(columns: usize) -> usize {
    30_000 / if columns == 0 { 1 } else { columns }
}

/// Takes the next due ticket for a worker: one statement, so that two workers never take the same one.
pub fn claim_ticket(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1
             WHERE id = (SELECT id FROM job_ticket
                         WHERE (state = 'waiting' AND run_after <= $3) OR (state = 'running' AND lease_until < $3)
                         ORDER BY run_after LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING *"
        }
        _ => {
            "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1
             WHERE id = (SELECT id FROM job_ticket
                         WHERE (state = 'waiting' AND run_after <= $3) OR (state = 'running' AND lease_until < $3)
                         ORDER BY run_after LIMIT 1)
             RETURNING *"
        }
    }
}

/// Takes one ticket if it waits or its lease is over, whatever its turn.
pub const CLAIM_NAMED: &str = "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1
     WHERE id = $4 AND (state = 'waiting' OR (state = 'running' AND lease_until < $3))
     RETURNING *";

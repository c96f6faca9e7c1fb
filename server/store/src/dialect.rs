//! The statements that differ between SQLite and PostgreSQL, or that no query builder knows.

use crate::error::Result;
use domain::institution::TenantId;
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoColumnRef, Value};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, QuerySelect,
    SqliteTransactionMode, Statement,
};
use uuid::Uuid;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads, each statement what is committed by then.
    Read,
    /// Reads that must agree with each other.
    Snapshot,
    /// Writes.
    Write,
}

/// How a unit opens its transaction. SQLite knows no read-only transactions: there it is the connection that is
/// kept from writing ([`keep_from_writing`]).
pub fn access_mode(backend: DbBackend, access: Access) -> Option<AccessMode> {
    (backend == DbBackend::Postgres && access != Access::Write).then_some(AccessMode::ReadOnly)
}

/// When a unit takes SQLite's write lock: at once, or never.
pub const fn sqlite_mode(access: Access) -> SqliteTransactionMode {
    match access {
        Access::Read | Access::Snapshot => SqliteTransactionMode::Deferred,
        Access::Write => SqliteTransactionMode::Immediate,
    }
}

/// How a unit is kept from seeing what is committed while it reads. SQLite does so by itself; PostgreSQL shows each
/// statement what was committed before it.
pub fn isolation(backend: DbBackend, access: Access) -> Option<IsolationLevel> {
    (backend == DbBackend::Postgres && access == Access::Snapshot)
        .then_some(IsolationLevel::RepeatableRead)
}

/// Makes the next writer of the selected rows wait for this one. On SQLite the clause is left out: a unit of work holds
/// the write lock from its beginning there.
pub fn for_update<Q: QuerySelect>(rows: Q) -> Q {
    rows.lock_exclusive()
}

/// Makes whoever else asks for the cohort of a year of a university wait until this transaction ends. On SQLite a unit of
/// work holds the write lock from its beginning.
pub async fn hold_cohort(tx: &DatabaseTransaction, tenant: TenantId, year: i32) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1, $2)",
            [Value::from(tenant.0), Value::from(year)],
        ))
        .await?;
    }
    Ok(())
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

/// Has the connection of a unit that reads refuse to write, where the transaction itself does not. A connection that comes
/// back writes again ([`RESET_SQLITE`]).
pub async fn keep_from_writing(tx: &DatabaseTransaction, access: Access) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Sqlite && access != Access::Write {
        tx.execute_unprepared("PRAGMA query_only = ON").await?;
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

/// The leaves of one bulk act: tenant, sequence, and in three lists the ids, the records and the leaves. The text is the
/// same for any number, so that the database plans it once.
pub const LEAVES_POSTGRES: &str = "INSERT INTO audit_leaf (tenant_id, id, seq, ordinal, subject_id, leaf)
     SELECT $1, one.id, $2, (one.place - 1)::int, one.record, one.leaf
     FROM unnest($3::uuid[], $4::uuid[], $5::bytea[]) WITH ORDINALITY AS one (id, record, leaf, place)";

/// Rows whose id is among many. On PostgreSQL the ids are one value, so that the statement is the same for any number.
pub fn among(backend: DbBackend, column: impl IntoColumnRef, ids: &[Uuid]) -> Expr {
    let column = Expr::col(column);
    if backend == DbBackend::Postgres {
        column.eq(PgFunc::any(Expr::val(ids.to_vec())))
    } else {
        column.is_in(ids.iter().copied())
    }
}

/// Takes the next due ticket for a worker: one statement, so that two workers never take the same one. The jobs of a
/// suspended university wait.
pub fn claim_ticket(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1,
                    turn = (SELECT coalesce(max(turn), 0) + 1 FROM job_ticket)
             WHERE id = (SELECT due.id FROM job_ticket due
                         JOIN (SELECT tenant.id, (SELECT coalesce(max(had.turn), 0) FROM job_ticket had
                                                  WHERE had.tenant_id = tenant.id) AS turn FROM tenant
                               WHERE tenant.state = 'active') school
                         ON school.id = due.tenant_id
                         WHERE (due.state = 'waiting' AND due.run_after <= $3)
                            OR (due.state = 'running' AND due.lease_until < $3)
                         ORDER BY school.turn, due.run_after, due.id LIMIT 1 FOR UPDATE OF due SKIP LOCKED)
             RETURNING *"
        }
        _ => {
            "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1,
                    turn = (SELECT coalesce(max(turn), 0) + 1 FROM job_ticket)
             WHERE id = (SELECT due.id FROM job_ticket due
                         JOIN (SELECT tenant.id, (SELECT coalesce(max(had.turn), 0) FROM job_ticket had
                                                  WHERE had.tenant_id = tenant.id) AS turn FROM tenant
                               WHERE tenant.state = 'active') school
                         ON school.id = due.tenant_id
                         WHERE (due.state = 'waiting' AND due.run_after <= $3)
                            OR (due.state = 'running' AND due.lease_until < $3)
                         ORDER BY school.turn, due.run_after, due.id LIMIT 1)
             RETURNING *"
        }
    }
}

/// Takes one ticket if it waits or its lease is over, whatever its turn.
pub const CLAIM_NAMED: &str = "UPDATE job_ticket SET state = 'running', lease_until = $1, worker = $2, fence = fence + 1, attempt = attempt + 1,
            turn = (SELECT coalesce(max(turn), 0) + 1 FROM job_ticket)
     WHERE id = $4 AND (state = 'waiting' OR (state = 'running' AND lease_until < $3))
       AND tenant_id IN (SELECT id FROM tenant WHERE state = 'active')
     RETURNING *";

/// Leaves nothing of a transaction or a setting on a connection that goes back to the pool. `BEGIN` is for the ordinary case,
/// in which none is open: ending none would be a warning in the log with every request. In a transaction that failed it is
/// an error, and the pool closes the connection.
pub const RESET_POSTGRES: &str = "BEGIN; ROLLBACK; RESET ALL";
/// The same on SQLite, whose one setting of a session that this service changes is that of [`keep_from_writing`]. The
/// rollback comes last: there is nothing to roll back in the ordinary case, and SQLite calls that an error.
pub const RESET_SQLITE: &str = "PRAGMA query_only = OFF; ROLLBACK";

/// Which SQLite this is.
pub const SQLITE_VERSION: &str = "SELECT sqlite_version()";

/// What speaks against the role of this connection as the service's own; empty when nothing does.
pub const ROLE_VERDICT: &str = "SELECT CASE
       WHEN rolsuper THEN 'is a superuser'
       WHEN rolbypassrls THEN 'passes row-level security (BYPASSRLS)'
       WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user)
         THEN 'owns tables'
       WHEN EXISTS (SELECT 1 FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid)
         THEN 'owns the database'
       WHEN EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) THEN 'is a member of another role'
       ELSE '' END
     FROM pg_roles r WHERE rolname = current_user";

/// Statements around the steps of the schema.
pub struct Migration {
    /// Before: two that migrate at once do it one after the other.
    pub lock: &'static str,
    /// After, whatever came of it.
    pub unlock: &'static str,
    /// After all steps: who must be able to read which of them were applied.
    pub grant: &'static str,
}

/// What a migration needs beside its steps; nothing on SQLite, where one writer has the file.
pub fn migration(backend: DbBackend) -> Option<Migration> {
    (backend == DbBackend::Postgres).then_some(Migration {
        lock: "SELECT pg_advisory_lock(7310264)",
        unlock: "SELECT pg_advisory_unlock(7310264)",
        grant: "GRANT SELECT ON seaql_migrations TO xj_app, xj_backup",
    })
}

/// Writes a consistent copy of the whole database into a file; `None` on PostgreSQL, which has its own tools.
pub fn copy_into(backend: DbBackend) -> Option<&'static str> {
    (backend == DbBackend::Sqlite).then_some("VACUUM INTO ?")
}

/// Answers `ok` when the database is sound.
pub fn integrity(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "PRAGMA integrity_check",
        _ => "SELECT 'ok' FROM (SELECT count(*) FROM tenant) AS counted",
    }
}

/// The names of all tables.
pub const fn tables(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema()"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    }
}

/// The mark of a demonstration, before there is a store that may be asked for it.
pub const DEMO_READY: &str = "SELECT ready FROM demo";
/// A row for each university and each operator, before there is a store.
pub const ANYBODY: &str = "SELECT 1 FROM tenant UNION ALL SELECT 1 FROM operator";

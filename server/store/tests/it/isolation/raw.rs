//! The second wall, without the first: statements of the service's role that name no tenant at all.

use super::{catalogue, leaks};
use crate::school::{School, plant};
use crate::work::{connect, number, owner, service, tenant_tables, texts};
use domain::institution::TenantId;
use sea_orm::sea_query::Value;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    TransactionTrait,
};
use std::sync::Arc;
use store::keys::KeyRing;
use store::testkit::{Bed, TestSource, on_postgres, postgres_lacks, set_tenant};
use store::{Files, PoolSettings, Store, StoreError};

/// Begins a transaction of a university, or of none, past the store.
async fn enter(db: &DatabaseConnection, tenant: Option<TenantId>) {
    db.execute_unprepared("BEGIN").await.unwrap();
    if let Some(tenant) = tenant {
        let set = format!("SELECT set_config('app.tenant', '{tenant}', true)");
        db.execute_unprepared(&set).await.unwrap();
    }
}

async fn leave(db: &DatabaseConnection) {
    db.execute_unprepared("ROLLBACK").await.unwrap();
}

/// Tables in which a university, or none, sees rows of others.
async fn raw_leaks(
    db: &DatabaseConnection,
    tables: &[String],
    own: Option<&School>,
) -> Vec<String> {
    let mut leaks = Vec::new();
    let not_own = own.map_or(0, |school| school.tenant.0);
    for table in tables {
        enter(db, own.map(|s| s.tenant)).await;
        let sql = format!("SELECT count(*) FROM {table} WHERE tenant_id <> {not_own}");
        let seen = number(db, &sql).await;
        leave(db).await;
        if seen > 0 {
            leaks.push(format!("{seen} rows of {table}"));
        }
    }
    leaks
}

/// One row of a table, as its university sees it.
async fn sample(db: &DatabaseConnection, table: &str, tenant: TenantId) -> String {
    enter(db, Some(tenant)).await;
    let sql = format!("SELECT row_to_json(t)::text FROM {table} t LIMIT 1");
    let rows = texts(db, &sql).await;
    leave(db).await;
    rows.into_iter()
        .next()
        .unwrap_or_else(|| panic!("the planted school has no row in {table}"))
}

/// Inserts a row of a table from its JSON form.
async fn insert(db: &DatabaseConnection, table: &str, row: &str) -> Result<u64, DbErr> {
    let sql =
        format!("INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, $1::json)");
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [Value::from(row)]);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

fn is_refused(result: Result<u64, DbErr>) -> bool {
    let Err(error) = result else { return false };
    let text = error.to_string();
    text.contains("row-level security") || text.contains("permission denied")
}

#[tokio::test]
async fn t_iso_11_without_a_tenant_there_are_no_rows_and_no_inserts() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let db = service(&bed).await;
        for table in tenant_tables(&bed).await {
            let row = sample(&db, &table, a.tenant).await;
            assert_eq!(
                number(&db, &format!("SELECT count(*) FROM {table}")).await,
                0,
                "{table}"
            );
            let inserted = insert(&db, &table, &row).await;
            assert!(is_refused(inserted), "{table} took a row without a tenant");
        }
    })
    .await;
}

/// Tables of which a transaction shows rows.
async fn shown(tx: &DatabaseTransaction, tables: &[String]) -> Vec<String> {
    let mut shown = Vec::new();
    for table in tables {
        if number(tx, &format!("SELECT count(*) FROM {table}")).await > 0 {
            shown.push(table.clone());
        }
    }
    shown
}

/// A second transaction of a request is no part of the first: beside it, and after it on the very connection, it sees
/// nothing until it has a tenant of its own. Nobody but the store can begin one: no other crate names the database.
#[tokio::test]
async fn t_iso_14_a_second_transaction_has_no_tenant_of_the_first() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let tables = tenant_tables(&bed).await;
        let none = Vec::<String>::new();
        let pool = bed.pool().await;
        let first = pool.begin().await.unwrap();
        set_tenant(&first, a.tenant).await.unwrap();
        assert_eq!(shown(&first, &tables).await, tables);
        let beside = pool.begin().await.unwrap();
        assert_eq!(shown(&beside, &tables).await, none);
        first.commit().await.unwrap();
        assert_eq!(shown(&beside, &tables).await, none);
        // One connection, and nobody who tidies it up between the two.
        let one = service(&bed).await;
        let first = one.begin().await.unwrap();
        set_tenant(&first, a.tenant).await.unwrap();
        assert_eq!(shown(&first, &tables).await, tables);
        first.commit().await.unwrap();
        let second = one.begin().await.unwrap();
        assert_eq!(shown(&second, &tables).await, none);
    })
    .await;
}

#[tokio::test]
async fn t_iso_12_rows_of_another_tenant_are_neither_seen_nor_written() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        let db = service(&bed).await;
        let tables = tenant_tables(&bed).await;
        assert_eq!(
            raw_leaks(&db, &tables, Some(&a)).await,
            Vec::<String>::new()
        );
        for table in &tables {
            let row = sample(&db, table, b.tenant).await;
            enter(&db, Some(a.tenant)).await;
            let inserted = insert(&db, table, &row).await;
            leave(&db).await;
            assert!(is_refused(inserted), "{table} took a row of B from A");
            enter(&db, Some(a.tenant)).await;
            let sql = format!("UPDATE {table} SET tenant_id = {}", b.tenant);
            let moved = db.execute_unprepared(&sql).await.map(|r| r.rows_affected());
            leave(&db).await;
            assert!(is_refused(moved), "{table} gave a row of A to B");
        }
    })
    .await;
}

#[tokio::test]
async fn each_wall_holds_without_the_other() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let b = plant(&bed, "school-b").await;
        let owner = owner(&bed).await;
        let tables = tenant_tables(&bed).await;
        for table in &tables {
            let off = format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY");
            owner.execute_unprepared(&off).await.unwrap();
        }
        let db = service(&bed).await;
        assert!(!raw_leaks(&db, &tables, Some(&a)).await.is_empty());
        assert_eq!(leaks(&bed, &a, &b).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_dropped_policy_is_seen_by_the_isolation_tests() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        plant(&bed, "school-b").await;
        let tables = tenant_tables(&bed).await;
        let (owner, db) = (owner(&bed).await, service(&bed).await);
        assert_eq!(
            raw_leaks(&db, &tables, Some(&a)).await,
            Vec::<String>::new()
        );
        assert_eq!(raw_leaks(&db, &tables, None).await, Vec::<String>::new());
        assert_eq!(catalogue::faults(&owner).await, Vec::<String>::new());
        owner
            .execute_unprepared(
                "DROP POLICY tenant ON student; ALTER TABLE student DISABLE ROW LEVEL SECURITY",
            )
            .await
            .unwrap();
        assert_eq!(raw_leaks(&db, &tables, Some(&a)).await.len(), 1);
        assert_eq!(raw_leaks(&db, &tables, None).await.len(), 1);
        assert!(!catalogue::faults(&owner).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn t_iso_10_the_role_of_the_service_can_change_nothing_about_the_walls() {
    on_postgres(|bed| async move {
        let a = plant(&bed, "school-a").await;
        let db = service(&bed).await;
        let attempts = [
            "SET ROLE xj_owner",
            "SET ROLE xj_backup",
            "SET SESSION AUTHORIZATION xj_owner",
            "ALTER TABLE student DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE student NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY tenant ON student",
            "CREATE POLICY second ON student USING (true)",
            "ALTER POLICY tenant ON student USING (true)",
            "ALTER TABLE student ADD COLUMN seen int",
            "ALTER TABLE student OWNER TO xj_app",
            "DROP TABLE student",
            "TRUNCATE student",
            "CREATE TABLE notes (id int)",
            "CREATE VIEW everybody AS SELECT * FROM student",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            "CREATE SCHEMA own",
            "CREATE ROLE friend",
            "ALTER ROLE xj_app BYPASSRLS",
            "ALTER ROLE xj_app SUPERUSER",
            "GRANT xj_backup TO xj_app",
            "COPY student TO PROGRAM 'cat'",
            "UPDATE audit_entry SET body = ''",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_leaf",
            "DELETE FROM ledger",
            "UPDATE candidate SET name = ''",
            "UPDATE access_log SET reason = ''",
            "DELETE FROM seaql_migrations",
        ];
        for attempt in attempts {
            enter(&db, Some(a.tenant)).await;
            assert!(db.execute_unprepared(attempt).await.is_err(), "{attempt}");
            leave(&db).await;
        }
        // Without the right to, this is a warning only.
        db.execute_unprepared("GRANT SELECT ON student TO PUBLIC")
            .await
            .unwrap();
        assert_eq!(
            catalogue::faults(&owner(&bed).await).await,
            Vec::<String>::new()
        );
        db.execute_unprepared("SET row_security = off")
            .await
            .unwrap();
        let seen = db.execute_unprepared("SELECT * FROM student").await;
        assert!(seen.is_err(), "row-level security was switched off");
        let memberships =
            "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole";
        assert_eq!(number(&db, memberships).await, 0);
    })
    .await;
}

/// A store of the bed's folder on another address.
async fn store_on(bed: &Bed, url: &str) -> store::Result<Store> {
    Store::connect(
        &PoolSettings::new(url),
        KeyRing::open(&bed.folder().join("keys")).unwrap(),
        Files::folder(&bed.folder().join("files")).unwrap(),
        Arc::new(TestSource::new()),
    )
    .await
}

fn as_role(url: &str, role: &str) -> String {
    let (_, server) = url.split_once('@').unwrap();
    format!("postgres://{role}@{server}")
}

#[tokio::test]
async fn a_role_that_passes_the_walls_is_refused_at_the_start() {
    on_postgres(|bed| async move {
        let app = bed.settings().url;
        store_on(&bed, &app).await.unwrap();
        let mut refused = vec![bed.owner().url];
        refused.extend(bed.backup().map(|settings| settings.url));
        for url in refused {
            let answer = store_on(&bed, &url).await;
            assert!(matches!(answer, Err(StoreError::Unfit(_))), "{url}");
        }
        let superuser = as_role(&app, "postgres");
        match store_on(&bed, &superuser).await {
            Err(StoreError::Unfit(why)) => assert!(why.contains("superuser")),
            Err(StoreError::Unreachable(_)) => postgres_lacks("superuser to try"),
            other => panic!("a superuser was taken: {other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn the_owner_is_refused_before_it_owns_a_table() {
    on_postgres(|bed| async move {
        let owner = owner(&bed).await;
        let drop_all = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
        owner.execute_unprepared(drop_all).await.unwrap();
        let answer = store_on(&bed, &bed.owner().url).await;
        assert!(matches!(answer, Err(StoreError::Unfit(_))));
    })
    .await;
}

#[tokio::test]
async fn the_backup_reads_everything_and_writes_nothing() {
    on_postgres(|bed| async move {
        plant(&bed, "school-a").await;
        plant(&bed, "school-b").await;
        let Some(settings) = bed.backup() else {
            return postgres_lacks("role of the backup: XJ_TEST_PG_BACKUP is not set");
        };
        let db = connect(&settings.url).await;
        assert_eq!(number(&db, "SELECT count(*) FROM student").await, 8);
        db.execute_unprepared("SET default_transaction_read_only = off")
            .await
            .unwrap();
        for attempt in ["DELETE FROM student", "UPDATE student SET name = ''"] {
            assert!(db.execute_unprepared(attempt).await.is_err(), "{attempt}");
        }
    })
    .await;
}

//! Everything that a bed keeps, as bytes: for a test that looks for what must not be there.

use super::Bed;
use crate::{dialect, pool};
use domain::audit::hex;
use domain::institution::TenantId;
use migrations::CONTROL_TABLES;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement, TransactionTrait};
use std::collections::BTreeMap;
use std::path::Path;

/// Where the migrations keep which of them ran.
const MIGRATIONS: &str = "seaql_migrations";

impl Bed {
    /// How many rows a university has in each of its tables, as whoever owns the tables counts them.
    pub async fn rows_of(&self, tenant: TenantId) -> BTreeMap<String, i64> {
        let db = pool::open(&self.owner())
            .await
            .expect("a pool of the owner");
        let tx = db.begin().await.expect("a transaction of the owner");
        let ask = async |sql: String| {
            let rows = tx.query_all_raw(Statement::from_string(self.backend(), sql));
            rows.await.expect("an answer to the owner")
        };
        if self.backend() == DbBackend::Postgres {
            ask(format!("SELECT set_config('app.tenant', '{tenant}', true)")).await;
        }
        let mut counts = BTreeMap::new();
        for row in ask(dialect::tables(self.backend()).to_owned()).await {
            let table: String = row.try_get_by_index(0).expect("the name of a table");
            let of_nobody = CONTROL_TABLES.contains(&table.as_str()) || table == MIGRATIONS;
            if of_nobody || table.starts_with("sqlite_") {
                continue;
            }
            let count = format!("SELECT count(*) FROM {table} WHERE tenant_id = {tenant}");
            let count = ask(count).await;
            let count = count.first().expect("a count").try_get_by_index(0);
            counts.insert(table, count.expect("a number"));
        }
        drop(tx);
        db.close().await.expect("the end of a pool");
        counts
    }

    /// Every file below the bed's folder but the keys, and on PostgreSQL every row of every table as the backup reads it,
    /// binary values as themselves.
    pub async fn everything_kept(&self) -> Vec<(String, Vec<u8>)> {
        let mut kept = Vec::new();
        files(self.folder(), &mut kept);
        if self.backend() == DbBackend::Postgres {
            kept.extend(self.tables().await);
        }
        kept
    }

    /// Every row of the control tables, as text by the name of its table: what stands outside the wall of row-level
    /// security. Binary values are in hexadecimal digits.
    pub async fn control_rows(&self) -> BTreeMap<&'static str, Vec<String>> {
        let db = pool::open(&self.owner())
            .await
            .expect("a pool of the owner");
        let texts = async |sql: String| -> Vec<String> {
            let rows = db.query_all_raw(Statement::from_string(self.backend(), sql));
            let rows = rows.await.expect("a look into a control table");
            let text = rows.iter().map(|row| row.try_get_by_index(0));
            text.map(|text| text.expect("a text")).collect()
        };
        let mut all = BTreeMap::new();
        for table in CONTROL_TABLES {
            let row = if self.backend() == DbBackend::Postgres {
                "row_to_json(t)::text".to_owned()
            } else {
                let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                let columns = texts(columns).await.into_iter();
                let columns: Vec<String> = columns.map(|name| format!("quote({name})")).collect();
                columns.join(" || ' ' || ")
            };
            let rows = texts(format!("SELECT {row} FROM {table} t")).await;
            all.insert(table, rows);
        }
        db.close().await.expect("the end of a pool");
        all
    }

    async fn tables(&self) -> Vec<(String, Vec<u8>)> {
        let settings = self
            .backup()
            .expect("XJ_TEST_PG_BACKUP names who reads everything");
        let db = Database::connect(settings.url.as_str())
            .await
            .expect("the backup's connection");
        let texts = async |sql: &str| -> Vec<String> {
            let rows = db
                .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
                .await
                .expect("a look into the catalogue or a table");
            rows.iter()
                .map(|row| row.try_get_by_index(0).expect("a text"))
                .collect()
        };
        let mut kept = Vec::new();
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
        for table in texts(tables).await {
            let rows = texts(&format!("SELECT row_to_json(t)::text FROM {table} t")).await;
            let text = rows.join("\n");
            let mut bytes = binary(&text);
            bytes.extend(text.into_bytes());
            kept.push((table, bytes));
        }
        db.close().await.expect("the backup's connection to close");
        kept
    }
}

/// The binary values of rows written as JSON: `"\\x0a1b…"`.
fn binary(rows: &str) -> Vec<u8> {
    let values = rows.split("\\\\x").skip(1);
    let digits = values.map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_hexdigit());
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    });
    digits
        .flat_map(|digits| hex::decode(digits).unwrap_or_default())
        .collect()
}

fn files(folder: &Path, kept: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the bed") {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() && !path.ends_with("keys") {
            files(&path, kept);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file of the bed");
            kept.push((path.display().to_string(), bytes));
        }
    }
}

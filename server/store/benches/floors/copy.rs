//! The rows of an import once more: read beforehand, inserted bare while the clock runs.

use super::{Floors, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::{PgRow, Postgres};
use sqlx::query_builder::Separated;
use sqlx::{Column as _, Row as _, TypeInfo as _};
use uuid::Uuid;

/// What an import writes, parents before children.
pub const TABLES_OF_AN_IMPORT: [&str; 4] = ["import_row", "finding", "candidate", "student"];
/// What must be there before.
const BEFORE: [&str; 2] = ["stored_file", "import_batch"];
/// Most values of one statement.
const VALUES: usize = 30_000;

/// A value that any of the tables has.
#[derive(Clone, Debug)]
enum Value {
    Int(Option<i32>),
    Big(Option<i64>),
    Flag(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    Day(Option<NaiveDate>),
    Time(Option<DateTime<Utc>>),
}

/// The rows of one table.
#[derive(Clone, Debug)]
struct TableRows {
    name: String,
    insert: String,
    columns: usize,
    rows: Vec<Vec<Value>>,
}

/// The rows of an import, ready to be inserted.
#[derive(Clone, Debug)]
pub struct Copied {
    before: Vec<TableRows>,
    tables: Vec<TableRows>,
}

impl Copied {
    /// How many rows of a table are inserted while the clock runs.
    pub fn rows_in(&self, table: &str) -> usize {
        let tables = self.tables.iter().filter(|rows| rows.name == table);
        tables.map(|rows| rows.rows.len()).sum()
    }
}

impl Floors {
    /// Reads everything that a university's import wrote.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn copied(&self, tenant: i32) -> Result<Copied> {
        let mut copied = Copied {
            before: Vec::new(),
            tables: Vec::new(),
        };
        for table in BEFORE {
            copied.before.push(self.rows_of(tenant, table).await?);
        }
        for table in TABLES_OF_AN_IMPORT {
            copied.tables.push(self.rows_of(tenant, table).await?);
        }
        Ok(copied)
    }

    async fn rows_of(&self, tenant: i32, table: &str) -> Result<TableRows> {
        let mut tx = self.inside(tenant, true).await?;
        let select = format!("SELECT * FROM {table} WHERE tenant_id = $1");
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(tenant)
            .fetch_all(&mut *tx)
            .await?;
        let names: Vec<String> = rows.first().map_or_else(Vec::new, |row| {
            let quoted = |column: &sqlx::postgres::PgColumn| format!("\"{}\"", column.name());
            row.columns().iter().map(quoted).collect()
        });
        let rows = rows.iter().map(values).collect::<Result<Vec<_>>>()?;
        tx.rollback().await?;
        Ok(TableRows {
            name: table.to_owned(),
            insert: format!("INSERT INTO {table} ({}) ", names.join(", ")),
            columns: names.len(),
            rows,
        })
    }

    /// Inserts what stands before the rows of an import, into another university.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prepare_insert(&self, tenant: i32, copied: &Copied) -> Result<()> {
        self.insert(tenant, &copied.before).await
    }

    /// Inserts the rows of an import into another university: one transaction, many rows a statement.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn bare_insert(&self, tenant: i32, copied: &Copied) -> Result<()> {
        self.insert(tenant, &copied.tables).await
    }

    async fn insert(&self, tenant: i32, tables: &[TableRows]) -> Result<()> {
        let mut tx = self.inside(tenant, false).await?;
        for table in tables {
            let step = VALUES / table.columns.max(1);
            for rows in table.rows.chunks(step) {
                let mut insert = sqlx::QueryBuilder::new(table.insert.as_str());
                insert.push_values(rows, |mut row, values| {
                    // The first column is the university's number.
                    row.push_bind(tenant);
                    for value in values.iter().skip(1) {
                        bind(&mut row, value);
                    }
                });
                insert.build().execute(&mut *tx).await?;
            }
        }
        tx.commit().await
    }
}

fn bind(row: &mut Separated<'_, Postgres, &'static str>, value: &Value) {
    match value {
        Value::Int(value) => row.push_bind(*value),
        Value::Big(value) => row.push_bind(*value),
        Value::Flag(value) => row.push_bind(*value),
        Value::Text(value) => row.push_bind(value.clone()),
        Value::Bytes(value) => row.push_bind(value.clone()),
        Value::Uuid(value) => row.push_bind(*value),
        Value::Day(value) => row.push_bind(*value),
        Value::Time(value) => row.push_bind(*value),
    };
}

fn values(row: &PgRow) -> Result<Vec<Value>> {
    let value = |at: usize, kind: &str| -> Result<Value> {
        Ok(match kind {
            "INT4" => Value::Int(row.try_get(at)?),
            "INT8" => Value::Big(row.try_get(at)?),
            "BOOL" => Value::Flag(row.try_get(at)?),
            "BYTEA" => Value::Bytes(row.try_get(at)?),
            "UUID" => Value::Uuid(row.try_get(at)?),
            "DATE" => Value::Day(row.try_get(at)?),
            "TIMESTAMPTZ" => Value::Time(row.try_get(at)?),
            _ => Value::Text(row.try_get(at)?),
        })
    };
    row.columns()
        .iter()
        .enumerate()
        .map(|(at, column)| value(at, column.type_info().name()))
        .collect()
}

//! The rows of an import once more: read beforehand, inserted bare while the clock runs.

use super::{Floors, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::{Column as _, Row as _, TypeInfo as _};
use std::fmt::Write as _;
use std::sync::Arc;
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
    statements: Vec<Statement>,
}

/// One statement with its text, written before the clock starts, and the rows that it inserts.
#[derive(Clone, Debug)]
struct Statement {
    insert: Arc<str>,
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
        let statements = tables.flat_map(|rows| &rows.statements);
        statements.map(|statement| statement.rows.len()).sum()
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
            statements: statements(table, &names, rows),
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
            for statement in &table.statements {
                let text = Arc::clone(&statement.insert);
                let mut insert = sqlx::query(sqlx::AssertSqlSafe(text));
                for row in &statement.rows {
                    // The first column is the university's number.
                    insert = insert.bind(tenant);
                    insert = row.iter().skip(1).fold(insert, bind);
                }
                insert.execute(&mut *tx).await?;
            }
        }
        tx.commit().await
    }
}

/// The statements that insert rows: all of the same size, the last one of what is left.
fn statements(table: &str, names: &[String], mut rows: Vec<Vec<Value>>) -> Vec<Statement> {
    let step = VALUES / names.len().max(1);
    let whole = insert_text(table, names, step.min(rows.len()));
    let mut statements = Vec::new();
    while !rows.is_empty() {
        let later = rows.split_off(step.min(rows.len()));
        let insert = if rows.len() == step {
            Arc::clone(&whole)
        } else {
            insert_text(table, names, rows.len())
        };
        statements.push(Statement { insert, rows });
        rows = later;
    }
    statements
}

fn insert_text(table: &str, names: &[String], rows: usize) -> Arc<str> {
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", names.join(", "));
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=names.len() {
            let comma = if column == 1 { "" } else { ", " };
            let written = write!(text, "{comma}${}", row * names.len() + column);
            debug_assert!(written.is_ok(), "a text takes everything");
        }
        text.push(')');
    }
    text.into()
}

/// Binds a value as it lies there: texts and bytes are borrowed.
fn bind<'q>(
    insert: Query<'q, Postgres, PgArguments>,
    value: &'q Value,
) -> Query<'q, Postgres, PgArguments> {
    match value {
        Value::Int(value) => insert.bind(*value),
        Value::Big(value) => insert.bind(*value),
        Value::Flag(value) => insert.bind(*value),
        Value::Text(value) => insert.bind(value.as_deref()),
        Value::Bytes(value) => insert.bind(value.as_deref()),
        Value::Uuid(value) => insert.bind(*value),
        Value::Day(value) => insert.bind(*value),
        Value::Time(value) => insert.bind(*value),
    }
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

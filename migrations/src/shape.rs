//! A short way to write tables: columns, keys that begin with the tenant, row-level security and grants.

use crate::{APP_ROLE, BACKUP_ROLE};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// A step is applied as a whole or not at all, on SQLite too: left to itself the library opens a transaction on PostgreSQL
/// only, and a first start that was cut off would leave half a schema that no later one gets past.
pub const WHOLE: Option<bool> = Some(true);

/// A column's type on both databases.
#[derive(Clone, Copy)]
pub enum T {
    Uuid,
    Text,
    Int,
    Big,
    Bytes,
    Time,
    Date,
    Bool,
}

/// A column.
#[derive(Clone, Copy)]
pub struct Col {
    name: &'static str,
    kind: T,
    null: bool,
}

/// A column that must have a value.
pub const fn c(name: &'static str, kind: T) -> Col {
    Col {
        name,
        kind,
        null: false,
    }
}

/// A column that may be empty.
pub const fn n(name: &'static str, kind: T) -> Col {
    Col {
        name,
        kind,
        null: true,
    }
}

/// What the service may do with the rows of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Everything.
    All,
    /// Insert and read: logs and chains.
    Append,
    /// Insert, read and delete, never change: frozen records.
    Frozen,
    /// As frozen, but for the one column that says what has become of the record.
    FrozenBut(&'static str),
}

/// A table of a tenant: key `(tenant_id, id)`, unique keys and references inside the tenant. A reference to a table whose
/// rows may be deleted needs an index of its own: both databases look for what refers to each deleted row.
pub struct TenantTable {
    pub name: &'static str,
    pub columns: &'static [Col],
    pub unique: &'static [&'static [&'static str]],
    pub index: &'static [&'static [&'static str]],
    pub refs: &'static [(&'static str, &'static str)],
    pub rights: Rights,
}

fn column(col: Col, database: DbBackend) -> ColumnDef {
    let mut def = ColumnDef::new(Alias::new(col.name));
    match col.kind {
        T::Uuid => def.uuid(),
        // In order of characters, as on SQLite: the order of a list must not hang on the language that a cluster was made
        // for, and comparing is several times quicker (ADR 0095).
        T::Text if database == DbBackend::Postgres => def.custom(Alias::new(r#"text COLLATE "C""#)),
        T::Text => def.text(),
        T::Int => def.integer(),
        T::Big => def.big_integer(),
        T::Bytes => def.binary(),
        T::Time => def.timestamp_with_time_zone(),
        T::Date => def.date(),
        T::Bool => def.boolean(),
    };
    if col.null {
        def.null()
    } else {
        def.not_null()
    };
    def
}

impl TenantTable {
    /// Creates the table, its keys, its policy and its grants.
    pub async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let database = manager.get_database_backend();
        let mut table = Table::create();
        table
            .table(Alias::new(self.name))
            .col(column(c("tenant_id", T::Int), database))
            .col(column(c("id", T::Uuid), database));
        for col in self.columns {
            table.col(column(*col, database));
        }
        table.primary_key(
            Index::create()
                .col(Alias::new("tenant_id"))
                .col(Alias::new("id")),
        );
        // Logs grow by ten thousands of rows in one act, a tenant is never deleted, and row-level security compares the
        // number with each row: looking it up again for each would be a third of the time.
        if self.rights != Rights::Append {
            table.foreign_key(
                ForeignKey::create()
                    .from(Alias::new(self.name), Alias::new("tenant_id"))
                    .to(Alias::new("tenant"), Alias::new("id")),
            );
        }
        for (from, to) in self.refs {
            table.foreign_key(
                ForeignKey::create()
                    .from(
                        Alias::new(self.name),
                        (Alias::new("tenant_id"), Alias::new(*from)),
                    )
                    .to(Alias::new(*to), (Alias::new("tenant_id"), Alias::new("id"))),
            );
        }
        manager.create_table(table.take()).await?;
        for columns in self.unique {
            manager.create_index(self.key(columns, true)).await?;
        }
        for columns in self.index {
            manager.create_index(self.key(columns, false)).await?;
        }
        protect(manager, self).await
    }

    /// Every column but one.
    fn but(&self, column: &str) -> String {
        let own = self.columns.iter().map(|col| col.name);
        let all = ["tenant_id", "id"].into_iter().chain(own);
        all.filter(|name| *name != column)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn key(&self, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
        let mut index = Index::create();
        let kind = if unique { "uq" } else { "ix" };
        index
            .name(format!("{kind}_{}_{}", self.name, columns.join("_")))
            .table(Alias::new(self.name))
            .col(Alias::new("tenant_id"));
        for column in columns {
            index.col(Alias::new(*column));
        }
        if unique {
            index.unique();
        }
        index.take()
    }
}

/// A control table: plain keys, no policy.
pub async fn control_table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    key: ColumnDef,
    columns: &[Col],
    unique: &[&[&'static str]],
    index: &[&[&'static str]],
) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(Alias::new(name)).col(key);
    for col in columns {
        table.col(column(*col, manager.get_database_backend()));
    }
    manager.create_table(table.take()).await?;
    for (kind, keys) in [("uq", unique), ("ix", index)] {
        for columns in keys {
            let mut key = Index::create();
            key.name(format!("{kind}_{name}_{}", columns.join("_")))
                .table(Alias::new(name));
            if kind == "uq" {
                key.unique();
            }
            for column in *columns {
                key.col(Alias::new(*column));
            }
            manager.create_index(key.take()).await?;
        }
    }
    grant(manager, name, Rights::All).await
}

async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager
        .get_connection()
        .execute_unprepared(sql)
        .await
        .map(|_| ())
}

/// Row-level security (PostgreSQL) or triggers (SQLite), and grants.
async fn protect(manager: &SchemaManager<'_>, table: &TenantTable) -> Result<(), DbErr> {
    let (name, rights) = (table.name, table.rights);
    match manager.get_database_backend() {
        DbBackend::Postgres => {
            let tenant =
                "tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::int)";
            execute(
                manager,
                &format!(
                    "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
                     ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
                     CREATE POLICY tenant ON {name} USING ({tenant}) WITH CHECK ({tenant});"
                ),
            )
            .await?;
        }
        _ => refuse_on_sqlite(manager, table).await?,
    }
    grant(manager, name, rights).await
}

async fn refuse_on_sqlite(manager: &SchemaManager<'_>, table: &TenantTable) -> Result<(), DbErr> {
    let name = table.name;
    let (update, delete) = (
        ("update", "UPDATE".to_owned()),
        ("delete", "DELETE".to_owned()),
    );
    let refused = match table.rights {
        Rights::All => vec![],
        Rights::Append => vec![update, delete],
        Rights::Frozen => vec![update],
        Rights::FrozenBut(column) => {
            vec![("update", format!("UPDATE OF {}", table.but(column)))]
        }
    };
    for (act, when) in refused {
        let trigger = format!(
            "CREATE TRIGGER {name}_no_{act} BEFORE {when} ON {name} BEGIN SELECT RAISE(ABORT, '{name} is never changed'); END;"
        );
        execute(manager, &trigger).await?;
    }
    Ok(())
}

async fn grant(manager: &SchemaManager<'_>, name: &str, rights: Rights) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let may = match rights {
        Rights::All => "SELECT, INSERT, UPDATE, DELETE".to_owned(),
        Rights::Append => "SELECT, INSERT".to_owned(),
        Rights::Frozen => "SELECT, INSERT, DELETE".to_owned(),
        Rights::FrozenBut(column) => format!("SELECT, INSERT, DELETE, UPDATE ({column})"),
    };
    execute(
        manager,
        &format!("GRANT {may} ON {name} TO {APP_ROLE}; GRANT SELECT ON {name} TO {BACKUP_ROLE};"),
    )
    .await
}

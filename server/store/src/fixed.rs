//! Statements whose text never varies: it is made once for each database, and not for every request. Making it takes about
//! as long as PostgreSQL takes for a row by its key.

use crate::error::{Result, StoreError};
use crate::unit::Scope;
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, PrimaryKeyTrait, QueryTrait,
    SelectorRaw, Statement, Value,
};
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use uuid::Uuid;

/// Which statement, and whether for PostgreSQL.
type Key = (TypeId, bool);

/// A text, and how many values it binds.
type Text = (Arc<str>, usize);

static TEXTS: LazyLock<RwLock<HashMap<Key, Text>>> = LazyLock::new(RwLock::default);

/// The text of the statement that `make` makes with any values: those of each time are bound in the order of the text.
fn text<Q: QueryTrait, Make: Fn() -> Q + 'static>(backend: DbBackend, make: Make) -> Text {
    // What it held might be in the text, and the next one's would be missing.
    const { assert!(size_of::<Make>() == 0) };
    let key = (TypeId::of::<Make>(), backend == DbBackend::Postgres);
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = known.get(&key) {
        return text.clone();
    }
    drop(known);
    let built = make().build(backend);
    let text = (built.sql.into(), built.values.map_or(0, |v| v.0.len()));
    let mut known = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(key).or_insert(text).clone()
}

/// The rows that a statement of always the same text finds. `make` may hold nothing: each place in the source that calls
/// this is one statement.
pub(crate) fn rows<Row: FromQueryResult, Q: QueryTrait>(
    db: &impl ConnectionTrait,
    make: impl Fn() -> Q + 'static,
    values: impl IntoIterator<Item = Value>,
) -> SelectorRaw<sea_orm::SelectModel<Row>> {
    let backend = db.get_database_backend();
    let (text, bound) = text(backend, make);
    let statement = Statement::from_sql_and_values(backend, &*text, values);
    // SQLite would take what is missing for NULL.
    debug_assert_eq!(statement.values.as_ref().map_or(0, |v| v.0.len()), bound);
    Row::find_by_statement(statement)
}

impl Scope {
    /// The row of this university with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn keyed<E>(&self, id: Uuid) -> Result<E::Model>
    where
        E: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = (i32, Uuid)>>,
    {
        let make = || E::find_by_id((0, Uuid::nil()));
        rows::<E::Model, _>(&self.tx, make, [self.tenant.0.into(), id.into()])
            .one(&self.tx)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

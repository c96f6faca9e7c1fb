//! Rows of an import while it is checked and confirmed in chunks.

use crate::entity::{finding, import_batch, import_row};
use crate::error::Result;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use domain::admission::import::ImportState;
use domain::decision::Machine as _;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use std::collections::HashMap;
use uuid::Uuid;

impl Scope {
    /// The last ordinals in use by rows and by findings of an import; 0 where there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn last_ordinals(&self, import: Uuid) -> Result<(i32, i32)> {
        let row: Option<Option<i32>> = import_row::Entity::find()
            .select_only()
            .column_as(import_row::Column::Ordinal.max(), "last")
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .into_tuple()
            .one(&self.tx)
            .await?;
        let found: Option<Option<i32>> = finding::Entity::find()
            .select_only()
            .column_as(finding::Column::Ordinal.max(), "last")
            .filter(finding::Column::TenantId.eq(self.tenant.0))
            .filter(finding::Column::ImportId.eq(import))
            .into_tuple()
            .one(&self.tx)
            .await?;
        // Below zero lie acceptances of an earlier check.
        let last = |value: Option<Option<i32>>| Ord::max(value.flatten().unwrap_or_default(), 0);
        Ok((last(row), last(found)))
    }

    /// Rows that confirming brings in, after an ordinal, in order: good ones, and those whose warnings are all accepted.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn confirmable_rows(
        &self,
        import: Uuid,
        after: i32,
        limit: u64,
    ) -> Result<Vec<rows::ImportRow>> {
        Ok(self
            .confirmable()
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::Ordinal.gt(after))
            .order_by_asc(import_row::Column::Ordinal)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// How many rows confirming would bring in.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_confirmable(&self, import: Uuid) -> Result<u64> {
        Ok(self
            .confirmable()
            .filter(import_row::Column::ImportId.eq(import))
            .count(&self.tx)
            .await?)
    }

    /// How many rows confirming would bring in of each of these imports, where there are any.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn confirmable_by_import(&self, imports: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
        let rows: Vec<(Uuid, i64)> = self
            .confirmable()
            .select_only()
            .column(import_row::Column::ImportId)
            .column_as(import_row::Column::Id.count(), "total")
            .filter(import_row::Column::ImportId.is_in(imports.iter().copied()))
            .group_by(import_row::Column::ImportId)
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(rows.into_iter().collect())
    }

    fn confirmable(&self) -> Select<import_row::Entity> {
        let open = Query::select()
            .expr(Expr::value(1))
            .from(finding::Entity)
            .and_where(Expr::col((finding::Entity, finding::Column::TenantId)).eq(self.tenant.0))
            .and_where(
                Expr::col((finding::Entity, finding::Column::RowId))
                    .equals((import_row::Entity, import_row::Column::Id)),
            )
            .and_where(Expr::col((finding::Entity, finding::Column::AcceptedReason)).is_null())
            .to_owned();
        let accepted = Condition::all()
            .add(import_row::Column::State.eq("warned"))
            .add(Expr::exists(open).not());
        import_row::Entity::find()
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(
                Condition::any()
                    .add(import_row::Column::State.eq("good"))
                    .add(accepted),
            )
    }

    /// How far all other imports of a purpose have come, of a year and of those before it, as one number: it is another
    /// one whenever one of them began or ended to bring rows in, or was taken back. `None` while one is bringing rows in.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn others_at(&self, purpose: &str, year: i32, but: Uuid) -> Result<Option<i64>> {
        let others: Vec<(String, i32)> = import_batch::Entity::find()
            .select_only()
            .column(import_batch::Column::State)
            .column(import_batch::Column::Version)
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.eq(purpose))
            .filter(import_batch::Column::Year.lte(year))
            .filter(import_batch::Column::Id.ne(but))
            .into_tuple()
            .all(&self.tx)
            .await?;
        // A version only ever grows, and no import is ever removed.
        let confirming = ImportState::Confirming.key();
        let writes = others.iter().any(|(state, _)| state == confirming);
        let sum = others
            .into_iter()
            .map(|(_, version)| i64::from(version))
            .sum();
        Ok((!writes).then_some(sum))
    }

    /// Table, record and state of every row of an import.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn import_row_places(&self, import: Uuid) -> Result<Vec<(String, i32, String)>> {
        Ok(import_row::Entity::find()
            .select_only()
            .columns([
                import_row::Column::File,
                import_row::Column::Row,
                import_row::Column::State,
            ])
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// Candidate numbers of all rows of an import.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn import_row_numbers(&self, import: Uuid) -> Result<Vec<String>> {
        Ok(import_row::Entity::find()
            .select_only()
            .column(import_row::Column::Ksh)
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// The records, by year and number, that findings about these rows name.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn records_told(&self, rows: &[Uuid]) -> Result<HashMap<Uuid, Vec<(i32, String)>>> {
        let mut told: HashMap<Uuid, Vec<(i32, String)>> = HashMap::new();
        for chunk in rows.chunks(5_000) {
            let found: Vec<(Uuid, i32, String)> = finding::Entity::find()
                .select_only()
                .columns([
                    finding::Column::RowId,
                    finding::Column::AboutYear,
                    finding::Column::AboutKsh,
                ])
                .filter(finding::Column::TenantId.eq(self.tenant.0))
                .filter(finding::Column::RowId.is_in(chunk.iter().copied()))
                .filter(finding::Column::AboutYear.is_not_null())
                .into_tuple()
                .all(&self.tx)
                .await?;
            for (row, year, ksh) in found {
                told.entry(row).or_default().push((year, ksh));
            }
        }
        Ok(told)
    }

    /// Findings of the check before the last one that somebody had accepted.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn accepted_before(&self, import: Uuid) -> Result<Vec<rows::Finding>> {
        Ok(finding::Entity::find()
            .filter(finding::Column::TenantId.eq(self.tenant.0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.lt(0))
            .all(&self.tx)
            .await?)
    }

    /// Findings about rows that are not in.
    pub(super) fn loose(&self, import: Uuid) -> Condition {
        Condition::any()
            .add(finding::Column::RowId.is_null())
            .add(finding::Column::RowId.not_in_subquery(self.confirmed_rows(import)))
    }

    /// A query for rows of an import that are in: their findings stay what they were when they went in.
    pub(super) fn confirmed_rows(&self, import: Uuid) -> SelectStatement {
        Query::select()
            .column(import_row::Column::Id)
            .from(import_row::Entity)
            .and_where(import_row::Column::TenantId.eq(self.tenant.0))
            .and_where(import_row::Column::ImportId.eq(import))
            .and_where(import_row::Column::State.eq("confirmed"))
            .to_owned()
    }
}

impl UnitOfWork {
    /// Sets the accepted findings about rows that are not in aside: below the ordinals that are shown, so that the
    /// reasons survive a new check, and a crash in the middle of it.
    pub(super) async fn set_accepted_aside(&mut self, import: Uuid) -> Result<()> {
        // Those of a check that was interrupted are copies of what lies there already.
        if !self.accepted_before(import).await?.is_empty() {
            return Ok(());
        }
        let below = Expr::val(-1).sub(Expr::col(finding::Column::Ordinal));
        finding::Entity::update_many()
            .col_expr(finding::Column::Ordinal, below)
            .col_expr(finding::Column::RowId, Expr::val(Option::<Uuid>::None))
            .filter(finding::Column::TenantId.eq(self.tenant().0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.gte(0))
            .filter(finding::Column::AcceptedReason.is_not_null())
            .filter(self.loose(import))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Forgets the acceptances of the check before: the new one has taken over what it found again.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn forget_accepted_before(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        finding::Entity::delete_many()
            .filter(finding::Column::TenantId.eq(self.tenant().0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.lt(0))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Adds findings to an import.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn insert_findings(&mut self, findings: Vec<rows::Finding>) -> Result<()> {
        self.insert::<finding::Entity>(findings).await
    }

    /// Keeps how an import is read: way of admission, columns, repaired rows; JSON without personal data.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn set_import_mapping(&mut self, import: Uuid, mapping: &str) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("import_batch"))
            .value(Alias::new("mapping"), mapping)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(import));
        self.tx.execute(&update.take()).await?;
        Ok(())
    }
}

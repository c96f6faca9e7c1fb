//! What lists of imports and of their rows show.

use crate::entity::{import_batch, import_row};
use crate::error::Result;
use crate::rows;
use crate::unit::Scope;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Rows of an import that share folder, major and state.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RowGroup {
    /// Folder (province).
    pub folder: String,
    /// The admitted major.
    pub major: String,
    /// State of the rows.
    pub state: String,
    /// How many.
    pub total: i64,
}

/// A row of an import as a list shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RowLine {
    /// Folder (province).
    pub folder: String,
    /// Table in the upload.
    pub file: String,
    /// Physical record.
    pub row: i32,
    /// Candidate number.
    pub ksh: String,
    /// Name.
    pub name: String,
    /// The admitted major.
    pub major: String,
}

impl Scope {
    /// One page of the imports of some purposes, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn imports_page(
        &self,
        purposes: &[&'static str],
        offset: u64,
        limit: u64,
    ) -> Result<Vec<rows::ImportBatch>> {
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.is_in(purposes.iter().copied()))
            .order_by_desc(import_batch::Column::CreatedAt)
            .order_by_desc(import_batch::Column::Id)
            .offset(offset)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// How many imports of some purposes there are.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_imports(&self, purposes: &[&'static str]) -> Result<u64> {
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.is_in(purposes.iter().copied()))
            .count(&self.tx)
            .await?)
    }

    /// Rows of an import by folder, major and state.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn import_row_groups(&self, import: Uuid) -> Result<Vec<RowGroup>> {
        Ok(import_row::Entity::find()
            .select_only()
            .column(import_row::Column::Folder)
            .column(import_row::Column::Major)
            .column(import_row::Column::State)
            .column_as(import_row::Column::Id.count(), "total")
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .group_by(import_row::Column::Folder)
            .group_by(import_row::Column::Major)
            .group_by(import_row::Column::State)
            .order_by_asc(import_row::Column::Folder)
            .order_by_asc(import_row::Column::Major)
            .into_model::<RowGroup>()
            .all(&self.tx)
            .await?)
    }

    /// Rows of an import in one state, one page of them, in order, without what is sealed.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn import_rows_in(
        &self,
        import: Uuid,
        state: &str,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<RowLine>> {
        Ok(import_row::Entity::find()
            .select_only()
            .columns([
                import_row::Column::Folder,
                import_row::Column::File,
                import_row::Column::Row,
                import_row::Column::Ksh,
                import_row::Column::Name,
                import_row::Column::Major,
            ])
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::State.eq(state))
            .order_by_asc(import_row::Column::Ordinal)
            .offset(offset)
            .limit(limit)
            .into_model::<RowLine>()
            .all(&self.tx)
            .await?)
    }

    /// The row that a candidate came from.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound).
    pub async fn import_row(&self, id: Uuid) -> Result<rows::ImportRow> {
        self.keyed::<import_row::Entity>(id).await
    }
}

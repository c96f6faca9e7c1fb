//! Imports, their rows and findings, the frozen candidates, photos and the mapping of majors.

use crate::entity::{candidate, finding, import_batch, import_row, major_map, student};
use crate::error::{Result, StoreError};
use crate::unit::{Scope, UnitOfWork};
use crate::{dialect, rows};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

mod listing;
mod photo;
mod progress;
mod undo;

pub use listing::{RowGroup, RowLine};
pub use undo::Foundation;

/// Which findings of an import.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    /// Of one kind.
    pub kind: Option<String>,
    /// Of one severity.
    pub severity: Option<String>,
    /// Skip so many.
    pub offset: u64,
    /// At most so many.
    pub limit: u64,
}

/// How many findings of a kind there are.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FindingTotal {
    /// The kind.
    pub kind: String,
    /// Its severity.
    pub severity: String,
    /// How many.
    pub total: i64,
    /// How many of them were accepted with a reason.
    pub accepted: i64,
}

/// A candidate that is in, with what a second import compares.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PlacedCandidate {
    /// The candidate.
    pub id: Uuid,
    /// Candidate number.
    pub ksh: String,
    /// Hash of the values.
    pub digest: Vec<u8>,
    /// The import it came with.
    pub import_id: Uuid,
}

impl Scope {
    /// Imports of a purpose, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn imports(&self, purpose: &str, limit: u64) -> Result<Vec<rows::ImportBatch>> {
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.eq(purpose))
            .order_by_desc(import_batch::Column::CreatedAt)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// Imports of a purpose that were confirmed at a time or later and stand.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn imports_confirmed_since(
        &self,
        purpose: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<rows::ImportBatch>> {
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.eq(purpose))
            .filter(import_batch::Column::State.eq("confirmed"))
            .filter(import_batch::Column::ConfirmedAt.gte(since))
            .all(&self.tx)
            .await?)
    }

    /// One import.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn import(&self, id: Uuid) -> Result<rows::ImportBatch> {
        self.keyed::<import_batch::Entity>(id).await
    }

    /// Imports of the same file (by hash) for the same purpose and year that were not undone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn imports_of_file(
        &self,
        purpose: &str,
        year: i32,
        sha256: &[u8],
    ) -> Result<Vec<rows::ImportBatch>> {
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.eq(purpose))
            .filter(import_batch::Column::Year.eq(year))
            .filter(import_batch::Column::Sha256.eq(sha256))
            .filter(import_batch::Column::State.ne("undone"))
            .all(&self.tx)
            .await?)
    }

    /// Rows of an import after an ordinal, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn import_rows(
        &self,
        import: Uuid,
        after: i32,
        limit: u64,
    ) -> Result<Vec<rows::ImportRow>> {
        Ok(import_row::Entity::find()
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::Ordinal.gt(after))
            .order_by_asc(import_row::Column::Ordinal)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// Number of rows of an import by state.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn import_row_states(&self, import: Uuid) -> Result<HashMap<String, i64>> {
        let rows: Vec<(String, i64)> = import_row::Entity::find()
            .select_only()
            .column(import_row::Column::State)
            .column_as(import_row::Column::Id.count(), "total")
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .group_by(import_row::Column::State)
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// Findings of an import, in order of the file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn findings(
        &self,
        import: Uuid,
        filter: &FindingFilter,
    ) -> Result<Vec<rows::Finding>> {
        let mut query = finding::Entity::find()
            .filter(finding::Column::TenantId.eq(self.tenant.0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.gte(0));
        if let Some(kind) = &filter.kind {
            query = query.filter(finding::Column::Kind.eq(kind.as_str()));
        }
        if let Some(severity) = &filter.severity {
            query = query.filter(finding::Column::Severity.eq(severity.as_str()));
        }
        Ok(query
            .order_by_asc(finding::Column::Ordinal)
            .offset(filter.offset)
            .limit(filter.limit)
            .all(&self.tx)
            .await?)
    }

    /// Totals of findings by kind.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finding_totals(&self, import: Uuid) -> Result<Vec<FindingTotal>> {
        Ok(finding::Entity::find()
            .select_only()
            .column(finding::Column::Kind)
            .column(finding::Column::Severity)
            .column_as(finding::Column::Id.count(), "total")
            .column_as(finding::Column::AcceptedReason.count(), "accepted")
            .filter(finding::Column::TenantId.eq(self.tenant.0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.gte(0))
            .group_by(finding::Column::Kind)
            .group_by(finding::Column::Severity)
            .order_by_asc(finding::Column::Severity)
            .order_by_asc(finding::Column::Kind)
            .into_model::<FindingTotal>()
            .all(&self.tx)
            .await?)
    }

    /// The frozen admission snapshot of a candidate.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn candidate(&self, id: Uuid) -> Result<rows::Candidate> {
        self.keyed::<candidate::Entity>(id).await
    }

    /// Candidates of a year with these numbers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn placed_candidates(
        &self,
        year: i32,
        numbers: &[String],
    ) -> Result<HashMap<String, PlacedCandidate>> {
        let mut placed = HashMap::with_capacity(numbers.len());
        for chunk in numbers.chunks(5_000) {
            let rows = candidate::Entity::find()
                .select_only()
                .columns([
                    candidate::Column::Id,
                    candidate::Column::Ksh,
                    candidate::Column::Digest,
                    candidate::Column::ImportId,
                ])
                .filter(candidate::Column::TenantId.eq(self.tenant.0))
                .filter(candidate::Column::Year.eq(year))
                .filter(candidate::Column::Ksh.is_in(chunk.iter().map(String::as_str)))
                .into_model::<PlacedCandidate>()
                .all(&self.tx)
                .await?;
            placed.extend(rows.into_iter().map(|c| (c.ksh.clone(), c)));
        }
        Ok(placed)
    }

    /// Candidates among these blind indexes that are in already, with number and year: one document, several candidates.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn candidates_by_index(
        &self,
        indexes: &[Vec<u8>],
    ) -> Result<HashMap<Vec<u8>, Vec<(String, i32)>>> {
        let mut found: HashMap<Vec<u8>, Vec<(String, i32)>> = HashMap::new();
        for chunk in indexes.chunks(5_000) {
            let rows: Vec<(Vec<u8>, String, i32)> = candidate::Entity::find()
                .select_only()
                .columns([
                    candidate::Column::IdIndex,
                    candidate::Column::Ksh,
                    candidate::Column::Year,
                ])
                .filter(candidate::Column::TenantId.eq(self.tenant.0))
                .filter(candidate::Column::IdIndex.is_in(chunk.iter().cloned()))
                .into_tuple()
                .all(&self.tx)
                .await?;
            for (index, ksh, year) in rows {
                found.entry(index).or_default().push((ksh, year));
            }
        }
        Ok(found)
    }

    /// Number of candidates of the university.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_candidates(&self) -> Result<u64> {
        Ok(candidate::Entity::find()
            .filter(candidate::Column::TenantId.eq(self.tenant.0))
            .count(&self.tx)
            .await?)
    }

    /// Mapping of majors of a year.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn major_maps(&self, year: i32) -> Result<Vec<rows::MajorMap>> {
        Ok(major_map::Entity::find()
            .filter(major_map::Column::TenantId.eq(self.tenant.0))
            .filter(major_map::Column::Year.eq(year))
            .order_by_asc(major_map::Column::Folder)
            .order_by_asc(major_map::Column::AdmittedCode)
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Holds the cohort of a year until this unit ends. Whoever brings candidates in or takes them back, places them or
    /// hands them over does this before looking: of two at the same time the second waits, and sees what the first did.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_cohort(&mut self, year: i32) -> Result<()> {
        dialect::hold_cohort(&self.tx, self.tenant(), year).await
    }

    /// Adds checked rows and their findings to an import.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_checked(
        &mut self,
        checked: Vec<rows::ImportRow>,
        findings: Vec<rows::Finding>,
    ) -> Result<()> {
        self.insert::<import_row::Entity>(checked).await?;
        self.insert::<finding::Entity>(findings).await
    }

    /// Removes rows and findings of an import that no candidate came from, before it is checked again. Findings that
    /// somebody accepted are set aside until the new check is there: [`Scope::accepted_before`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn clear_checked(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        let tenant = self.tenant().0;
        self.set_accepted_aside(import).await?;
        finding::Entity::delete_many()
            .filter(finding::Column::TenantId.eq(tenant))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Ordinal.gte(0))
            .filter(self.loose(import))
            .exec(&self.tx)
            .await?;
        import_row::Entity::delete_many()
            .filter(import_row::Column::TenantId.eq(tenant))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::State.ne("confirmed"))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Sets the result of a check on its import.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_import_result(
        &mut self,
        import: Uuid,
        counts: &str,
        notices: &str,
        error: Option<&str>,
    ) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("import_batch"))
            .value(Alias::new("counts"), counts)
            .value(Alias::new("notices"), notices)
            .value(Alias::new("error"), error)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(import));
        self.tx.execute(&update.take()).await?;
        Ok(())
    }

    /// Names the job that works on an import.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_import_job(&mut self, import: Uuid, job: Uuid) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("import_batch"))
            .value(Alias::new("job_id"), job)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(import));
        self.tx.execute(&update.take()).await?;
        Ok(())
    }

    /// Notes who confirmed an import last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_import_confirmed(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        let person = self.actor().person();
        let mut update = Query::update();
        update
            .table(Alias::new("import_batch"))
            .value(Alias::new("confirmed_by"), person)
            .value(Alias::new("confirmed_at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(import));
        self.tx.execute(&update.take()).await?;
        Ok(())
    }

    /// Accepts the open warnings of one kind with a reason; says which.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn accept_findings(
        &mut self,
        import: Uuid,
        kind: &str,
        reason: &str,
    ) -> Result<Vec<Uuid>> {
        self.wrote();
        let open = finding::Entity::find()
            .select_only()
            .column(finding::Column::Id)
            .filter(finding::Column::TenantId.eq(self.tenant().0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Kind.eq(kind))
            .filter(finding::Column::Severity.eq("warning"))
            .filter(finding::Column::AcceptedReason.is_null())
            .order_by_asc(finding::Column::Id)
            .into_tuple()
            .all(&self.tx)
            .await?;
        let person = self.actor().person();
        let mut update = Query::update();
        update
            .table(Alias::new("finding"))
            .value(Alias::new("accepted_reason"), reason)
            .value(Alias::new("accepted_by"), person)
            .value(Alias::new("accepted_at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("import_id")).eq(import))
            .and_where(Expr::col(Alias::new("kind")).eq(kind))
            .and_where(Expr::col(Alias::new("severity")).eq("warning"))
            .and_where(Expr::col(Alias::new("accepted_reason")).is_null());
        let accepted = self.tx.execute(&update.take()).await?.rows_affected();
        if usize::try_from(accepted).ok() != Some(open.len()) {
            // Somebody accepted some of them meanwhile: what is bound and what was done would differ.
            self.spoil();
            return Err(StoreError::Stale);
        }
        Ok(open)
    }

    /// Sets the state of import rows.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_row_states(&mut self, ids: &[Uuid], state: &'static str) -> Result<()> {
        self.wrote();
        for chunk in ids.chunks(5_000) {
            let mut update = Query::update();
            update
                .table(Alias::new("import_row"))
                .value(Alias::new("state"), state)
                .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
                .and_where(Expr::col(Alias::new("id")).is_in(chunk.iter().copied()));
            self.tx.execute(&update.take()).await?;
        }
        Ok(())
    }

    /// Adds frozen candidates with their student records.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a candidate number of the year is in already.
    pub async fn insert_candidates(
        &mut self,
        candidates: Vec<rows::Candidate>,
        students: Vec<rows::Student>,
    ) -> Result<()> {
        self.insert::<candidate::Entity>(candidates).await?;
        self.insert::<student::Entity>(students).await
    }

    /// Adds lines to the mapping of majors that are not there yet.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_major_maps(&mut self, rows: Vec<rows::MajorMap>) -> Result<()> {
        self.insert::<major_map::Entity>(rows).await
    }

    /// Maps an admitted major to a college and a major of it; a broad intake may have the college alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_major(
        &mut self,
        map: Uuid,
        college: Uuid,
        major: Option<Uuid>,
        broad: bool,
    ) -> Result<()> {
        self.wrote();
        let person = self.actor().person();
        let mut update = Query::update();
        update
            .table(Alias::new("major_map"))
            .value(Alias::new("college_id"), college)
            .value(Alias::new("major_id"), major)
            .value(Alias::new("broad"), broad)
            .value(Alias::new("set_by"), person)
            .value(Alias::new("set_at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(map));
        if self.tx.execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
}

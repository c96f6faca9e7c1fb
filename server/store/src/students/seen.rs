//! Single records and counts under the same condition as the lists.

use super::StudentFilter;
use crate::dialect;
use crate::entity::{candidate, student};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::Scope;
use domain::institution::Visible;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait as _, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

impl Scope {
    /// One record under the condition of the lists: what a list does not show is not found here either.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn student_seen(&self, seen: &Visible, id: Uuid) -> Result<rows::Student> {
        self.student_query(seen, &StudentFilter::default())
            .filter(student::Column::Id.eq(id))
            .one(&self.tx)
            .await?
            .ok_or(StoreError::NotFound)
    }

    /// Those of these records that a post may see.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_seen(&self, seen: &Visible, ids: &[Uuid]) -> Result<Vec<rows::Student>> {
        let mut all = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(5_000) {
            all.extend(
                self.student_query(seen, &StudentFilter::default())
                    .filter(dialect::among(
                        self.tx.get_database_backend(),
                        (student::Entity, student::Column::Id),
                        chunk,
                    ))
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }

    /// Cohorts with visible records, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_years(&self, seen: &Visible) -> Result<Vec<i32>> {
        Ok(self
            .student_query(seen, &StudentFilter::default())
            .select_only()
            .column(student::Column::Year)
            .distinct()
            .order_by_desc(student::Column::Year)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// How many records of a filter each cohort has that has any, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_by_year(
        &self,
        seen: &Visible,
        filter: &StudentFilter,
    ) -> Result<Vec<(i32, i64)>> {
        Ok(self
            .student_query(seen, filter)
            .select_only()
            .column(student::Column::Year)
            .column_as(student::Column::Id.count(), "total")
            .group_by(student::Column::Year)
            .order_by_desc(student::Column::Year)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// Visible records whose document number has this blind index, newest cohort first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_by_document(
        &self,
        seen: &Visible,
        index: &[u8],
    ) -> Result<Vec<rows::Student>> {
        let candidates = Query::select()
            .column(candidate::Column::Id)
            .from(candidate::Entity)
            .and_where(candidate::Column::TenantId.eq(self.tenant.0))
            .and_where(candidate::Column::IdIndex.eq(index.to_vec()))
            .to_owned();
        Ok(self
            .student_query(seen, &StudentFilter::default())
            .filter(student::Column::CandidateId.in_subquery(candidates))
            .order_by_desc(student::Column::Year)
            .all(&self.tx)
            .await?)
    }
}

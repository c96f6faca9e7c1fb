//! Admission photos and the candidates of a year that they belong to.

use crate::entity::{admission_photo, candidate};
use crate::error::Result;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

impl Scope {
    /// The admission photo of a candidate.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn admission_photo(&self, candidate: Uuid) -> Result<Option<rows::AdmissionPhoto>> {
        Ok(admission_photo::Entity::find()
            .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
            .filter(admission_photo::Column::CandidateId.eq(candidate))
            .one(&self.tx)
            .await?)
    }

    /// Photos of these candidates, by candidate.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn photos_by_candidate(
        &self,
        candidates: &[Uuid],
    ) -> Result<HashMap<Uuid, rows::AdmissionPhoto>> {
        let mut found = HashMap::with_capacity(candidates.len());
        for chunk in candidates.chunks(5_000) {
            let rows = admission_photo::Entity::find()
                .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
                .filter(admission_photo::Column::CandidateId.is_in(chunk.iter().copied()))
                .all(&self.tx)
                .await?;
            found.extend(rows.into_iter().map(|photo| (photo.candidate_id, photo)));
        }
        Ok(found)
    }

    /// How many photos of an import are there.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_photos_of(&self, import: Uuid) -> Result<u64> {
        Ok(admission_photo::Entity::find()
            .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
            .filter(admission_photo::Column::ImportId.eq(import))
            .count(&self.tx)
            .await?)
    }

    /// To which candidates pictures with these hashes belong already: of somebody who came back, to several.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn photo_owners(&self, hashes: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, Vec<Uuid>>> {
        let mut found: HashMap<Vec<u8>, Vec<Uuid>> = HashMap::new();
        for chunk in hashes.chunks(5_000) {
            let rows: Vec<(Vec<u8>, Uuid)> = admission_photo::Entity::find()
                .select_only()
                .columns([
                    admission_photo::Column::Sha256,
                    admission_photo::Column::CandidateId,
                ])
                .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
                .filter(admission_photo::Column::Sha256.is_in(chunk.iter().cloned()))
                .into_tuple()
                .all(&self.tx)
                .await?;
            for (hash, candidate) in rows {
                found.entry(hash).or_default().push(candidate);
            }
        }
        Ok(found)
    }

    /// Candidate numbers of a year that have no photo, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn candidates_without_photo(&self, year: i32) -> Result<Vec<String>> {
        let with = Query::select()
            .column(admission_photo::Column::CandidateId)
            .from(admission_photo::Entity)
            .and_where(admission_photo::Column::TenantId.eq(self.tenant.0))
            .to_owned();
        Ok(candidate::Entity::find()
            .select_only()
            .column(candidate::Column::Ksh)
            .filter(candidate::Column::TenantId.eq(self.tenant.0))
            .filter(candidate::Column::Year.eq(year))
            .filter(candidate::Column::Id.not_in_subquery(with))
            .order_by_asc(candidate::Column::Ksh)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Adds admission photos; contents are in the file store, sealed.
    ///
    /// # Errors
    /// [`StoreError::Taken`](crate::StoreError::Taken) when a candidate has one, or the same picture belongs to another
    /// candidate of the year.
    pub async fn insert_photos(&mut self, rows: Vec<rows::AdmissionPhoto>) -> Result<()> {
        self.insert::<admission_photo::Entity>(rows).await
    }
}

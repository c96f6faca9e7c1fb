//! From the admitted major to college and major of the record.

use crate::entity::{candidate, major_map, student};
use crate::error::{Result, StoreError};
use crate::handover::held;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What a province calls a major: two offers are one line of the mapping only when all of it is the same, because
/// folders of different provinces may have one name and codes are each province's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdmittedMajor {
    /// Folder of the source.
    pub folder: String,
    /// 专业代号
    pub code: String,
    /// 专业国标代码
    pub national_code: String,
    /// 专业名称
    pub national_name: String,
}

impl From<&rows::MajorMap> for AdmittedMajor {
    fn from(map: &rows::MajorMap) -> Self {
        Self {
            folder: map.folder.clone(),
            code: map.admitted_code.clone(),
            national_code: map.national_code.clone(),
            national_name: map.national_name.clone(),
        }
    }
}

impl From<&rows::Candidate> for AdmittedMajor {
    fn from(candidate: &rows::Candidate) -> Self {
        Self {
            folder: candidate.folder.clone(),
            code: candidate.admitted_code.clone(),
            national_code: candidate.national_code.clone(),
            national_name: candidate.national_name.clone(),
        }
    }
}

impl Scope {
    /// Candidates of a year by admitted major.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn admitted_majors(&self, year: i32) -> Result<HashMap<AdmittedMajor, i64>> {
        let rows: Vec<(String, String, String, String, i64)> = candidate::Entity::find()
            .select_only()
            .column(candidate::Column::Folder)
            .column(candidate::Column::AdmittedCode)
            .column(candidate::Column::NationalCode)
            .column(candidate::Column::NationalName)
            .column_as(candidate::Column::Id.count(), "total")
            .filter(candidate::Column::TenantId.eq(self.tenant.0))
            .filter(candidate::Column::Year.eq(year))
            .group_by(candidate::Column::Folder)
            .group_by(candidate::Column::AdmittedCode)
            .group_by(candidate::Column::NationalCode)
            .group_by(candidate::Column::NationalName)
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(folder, code, national_code, national_name, total)| {
                let major = AdmittedMajor {
                    folder,
                    code,
                    national_code,
                    national_name,
                };
                (major, total)
            })
            .collect())
    }

    /// One line of the mapping of majors.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn major_map(&self, id: Uuid) -> Result<rows::MajorMap> {
        self.keyed::<major_map::Entity>(id).await
    }

    /// Records of an admitted major that its mapping may place: not placed yet (a broad intake has a college alone), or
    /// placed by the mapping before, and neither handed over nor in a class.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_to_place(&self, map: &rows::MajorMap) -> Result<Vec<Uuid>> {
        let mut open = Condition::any().add(student::Column::MajorId.is_null());
        if let Some(before) = map.major_id {
            open = open.add(student::Column::MajorId.eq(before));
        }
        Ok(student::Entity::find()
            .select_only()
            .column(student::Column::Id)
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::Year.eq(map.year))
            .filter(student::Column::CandidateId.in_subquery(self.candidates_of_major(map)))
            .filter(open)
            .filter(student::Column::ClassId.is_null())
            .filter(student::Column::HandedOverOn.is_null())
            .filter(student::Column::Id.not_in_subquery(held(self.tenant.0)))
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    fn candidates_of_major(&self, map: &rows::MajorMap) -> SelectStatement {
        Query::select()
            .column(candidate::Column::Id)
            .from(candidate::Entity)
            .and_where(candidate::Column::TenantId.eq(self.tenant.0))
            .and_where(candidate::Column::Year.eq(map.year))
            .and_where(candidate::Column::Folder.eq(map.folder.as_str()))
            .and_where(candidate::Column::AdmittedCode.eq(map.admitted_code.as_str()))
            .and_where(candidate::Column::NationalCode.eq(map.national_code.as_str()))
            .and_where(candidate::Column::NationalName.eq(map.national_name.as_str()))
            .to_owned()
    }
}

impl UnitOfWork {
    /// Places records in a college and major; of a broad intake in the college alone. `before` is the major they had:
    /// compare-and-swap.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when one of them was placed otherwise meanwhile.
    pub async fn place_by_major(
        &mut self,
        students: &[Uuid],
        before: Option<Uuid>,
        college: Uuid,
        major: Option<Uuid>,
    ) -> Result<()> {
        self.wrote();
        let mut open = Condition::any().add(Expr::col(Alias::new("major_id")).is_null());
        if let Some(before) = before {
            open = open.add(Expr::col(Alias::new("major_id")).eq(before));
        }
        for chunk in students.chunks(5_000) {
            let mut update = Query::update();
            update
                .table(Alias::new("student"))
                .value(Alias::new("college_id"), college)
                .value(Alias::new("major_id"), major)
                .value(
                    Alias::new("version"),
                    Expr::col(Alias::new("version")).add(1),
                )
                .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
                .and_where(Expr::col(Alias::new("id")).is_in(chunk.iter().copied()))
                .and_where(Expr::col(Alias::new("class_id")).is_null())
                .cond_where(open.clone());
            let done = self.tx.execute(&update.take()).await?.rows_affected();
            if usize::try_from(done).ok() != Some(chunk.len()) {
                return Err(StoreError::Stale);
            }
        }
        Ok(())
    }
}

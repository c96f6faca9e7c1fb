//! What an export takes of many records at once.

use super::StudentFilter;
use crate::dialect;
use crate::entity::{candidate, student};
use crate::error::StoreError;
use crate::unit::Scope;
use chrono::NaiveDate;
use domain::institution::Visible;
use futures_util::TryStreamExt as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, JoinType, QueryFilter as _, QueryResult,
    QuerySelect, QueryTrait as _, StreamTrait as _,
};
use uuid::Uuid;

/// What an export takes of a record: neither what is only searched for nor the days of its states.
#[derive(Clone, Debug)]
pub struct ExportedStudent {
    /// Id.
    pub id: Uuid,
    /// 学号
    pub student_no: Option<String>,
    /// 姓名
    pub name: String,
    /// Code of 性别.
    pub sex: String,
    /// 考生号
    pub ksh: String,
    /// Cohort.
    pub year: i32,
    /// College, if it has one.
    pub college: Option<Uuid>,
    /// Major, if it has one.
    pub major: Option<Uuid>,
    /// Class, if it has one.
    pub class: Option<Uuid>,
    /// State of the admission qualification.
    pub qualification: String,
    /// State of the status.
    pub status: String,
    /// State of the platform's answer.
    pub registration: String,
    /// State of the photo.
    pub photo: String,
    /// When it was handed over.
    pub handed_over_on: Option<NaiveDate>,
    /// The frozen snapshot, when it was asked for.
    pub snapshot: Option<SealedSnapshot>,
}

/// What an export takes of a candidate: neither the address nor what is only counted.
#[derive(Clone, Debug)]
pub struct SealedSnapshot {
    /// The candidate.
    pub id: Uuid,
    /// Code of the kind of document.
    pub id_type: String,
    /// Who it is, sealed.
    pub identity: Vec<u8>,
    /// The other values, sealed.
    pub details: Vec<u8>,
}

/// In the order in which [`ExportedStudent::read`] takes them.
const COLUMNS: [student::Column; 14] = [
    student::Column::Id,
    student::Column::StudentNo,
    student::Column::Name,
    student::Column::Sex,
    student::Column::Ksh,
    student::Column::Year,
    student::Column::CollegeId,
    student::Column::MajorId,
    student::Column::ClassId,
    student::Column::Qualification,
    student::Column::Status,
    student::Column::Registration,
    student::Column::Photo,
    student::Column::HandedOverOn,
];

/// In the order in which [`SealedSnapshot::read`] takes them, after those of the record.
const SNAPSHOT: [candidate::Column; 4] = [
    candidate::Column::Id,
    candidate::Column::IdType,
    candidate::Column::Identity,
    candidate::Column::Details,
];

impl ExportedStudent {
    /// Reads the columns by their places: looking for thirty names in each of tens of thousands of rows takes longer than
    /// to read them.
    fn read(row: &QueryResult, snapshot: bool) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.try_get_by_index(0)?,
            student_no: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            sex: row.try_get_by_index(3)?,
            ksh: row.try_get_by_index(4)?,
            year: row.try_get_by_index(5)?,
            college: row.try_get_by_index(6)?,
            major: row.try_get_by_index(7)?,
            class: row.try_get_by_index(8)?,
            qualification: row.try_get_by_index(9)?,
            status: row.try_get_by_index(10)?,
            registration: row.try_get_by_index(11)?,
            photo: row.try_get_by_index(12)?,
            handed_over_on: row.try_get_by_index(13)?,
            snapshot: snapshot.then(|| SealedSnapshot::read(row)).transpose()?,
        })
    }
}

impl SealedSnapshot {
    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        let first = COLUMNS.len();
        Ok(Self {
            id: row.try_get_by_index(first)?,
            id_type: row.try_get_by_index(first + 1)?,
            identity: row.try_get_by_index(first + 2)?,
            details: row.try_get_by_index(first + 3)?,
        })
    }
}

impl Scope {
    /// Hands over, one after the other and in no order, those of these records that a post may see, with their snapshots if
    /// need be; at most 5,000 at a time. None is kept while the next is read.
    ///
    /// # Errors
    /// [`StoreError::Database`], and what `each` answers.
    pub async fn each_student_exported<E: From<StoreError>>(
        &self,
        seen: &Visible,
        ids: &[Uuid],
        snapshot: bool,
        mut each: impl FnMut(ExportedStudent) -> Result<(), E>,
    ) -> Result<(), E> {
        let query = self.exported(seen, ids, snapshot);
        let broken = |error| E::from(StoreError::from(error));
        let rows = self.tx.stream(&query).await.map_err(broken)?;
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = rows.try_next().await.map_err(broken)? {
            each(ExportedStudent::read(&row, snapshot)?)?;
        }
        Ok(())
    }

    fn exported(&self, seen: &Visible, ids: &[Uuid], snapshot: bool) -> SelectStatement {
        let backend = ConnectionTrait::get_database_backend(&self.tx);
        let id = (student::Entity, student::Column::Id);
        let mut query = self
            .student_query(seen, &StudentFilter::default())
            .filter(dialect::among(backend, id, ids))
            .select_only()
            .columns(COLUMNS);
        if snapshot {
            let own = Expr::col((candidate::Entity, candidate::Column::Id))
                .equals((student::Entity, student::Column::CandidateId))
                .and(candidate::Column::TenantId.eq(self.tenant.0));
            let own = Condition::all().add(own);
            QuerySelect::query(&mut query).join(JoinType::InnerJoin, candidate::Entity, own);
            query = query.columns(SNAPSHOT);
        }
        query.into_query()
    }
}

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
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, JoinType, QueryFilter as _, QueryResult,
    QuerySelect, QueryTrait as _, RuntimeErr, StreamTrait as _,
};
use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

/// What an export takes of a record: neither what is only searched for nor the days of its states. Texts lie in the row
/// that was read: hundreds of thousands of them are written on at once and kept by nobody.
#[derive(Clone, Debug)]
pub struct ExportedStudent<'r> {
    /// Id.
    pub id: Uuid,
    /// 学号
    pub student_no: Option<&'r str>,
    /// 姓名
    pub name: &'r str,
    /// Code of 性别.
    pub sex: &'r str,
    /// 考生号
    pub ksh: &'r str,
    /// Cohort.
    pub year: i32,
    /// College, if it has one.
    pub college: Option<Uuid>,
    /// Major, if it has one.
    pub major: Option<Uuid>,
    /// Class, if it has one.
    pub class: Option<Uuid>,
    /// State of the admission qualification.
    pub qualification: &'r str,
    /// State of the status.
    pub status: &'r str,
    /// State of the platform's answer.
    pub registration: &'r str,
    /// State of the photo.
    pub photo: &'r str,
    /// When it was handed over.
    pub handed_over_on: Option<NaiveDate>,
    /// The frozen snapshot, when it was asked for.
    pub snapshot: Option<SealedSnapshot<'r>>,
}

/// What an export takes of a candidate: neither the address nor what is only counted.
#[derive(Clone, Debug)]
pub struct SealedSnapshot<'r> {
    /// The candidate.
    pub id: Uuid,
    /// Code of the kind of document.
    pub id_type: &'r str,
    /// Who it is, sealed.
    pub identity: &'r [u8],
    /// The other values, sealed.
    pub details: &'r [u8],
}

/// In the order in which they are taken.
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

/// In the order in which they are taken after those of the record.
const SNAPSHOT: [candidate::Column; 4] = [
    candidate::Column::Id,
    candidate::Column::IdType,
    candidate::Column::Identity,
    candidate::Column::Details,
];

impl<'r> ExportedStudent<'r> {
    fn read(row: &'r QueryResult, snapshot: bool) -> Result<Self, StoreError> {
        let read = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
            (Some(row), _) => Self::lying_in(row, snapshot),
            (_, Some(row)) => Self::lying_in(row, snapshot),
            (None, None) => return Err(StoreError::Form("a row of another database")),
        };
        read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())).into())
    }

    /// Reads the columns by their places: looking for thirty names in each of tens of thousands of rows takes longer than
    /// to read them.
    fn lying_in<R: Row>(row: &'r R, snapshot: bool) -> sqlx::Result<Self>
    where
        usize: ColumnIndex<R>,
        i32: Value<'r, R>,
        Uuid: Value<'r, R>,
        NaiveDate: Value<'r, R>,
        &'r str: Value<'r, R>,
        &'r [u8]: Value<'r, R>,
    {
        let first = COLUMNS.len();
        let sealed = || {
            Ok::<_, sqlx::Error>(SealedSnapshot {
                id: row.try_get(first)?,
                id_type: row.try_get(first + 1)?,
                identity: row.try_get(first + 2)?,
                details: row.try_get(first + 3)?,
            })
        };
        Ok(Self {
            id: row.try_get(0)?,
            student_no: row.try_get(1)?,
            name: row.try_get(2)?,
            sex: row.try_get(3)?,
            ksh: row.try_get(4)?,
            year: row.try_get(5)?,
            college: row.try_get(6)?,
            major: row.try_get(7)?,
            class: row.try_get(8)?,
            qualification: row.try_get(9)?,
            status: row.try_get(10)?,
            registration: row.try_get(11)?,
            photo: row.try_get(12)?,
            handed_over_on: row.try_get(13)?,
            snapshot: snapshot.then(sealed).transpose()?,
        })
    }
}

/// What can be read from a row of either database.
trait Value<'r, R: Row>: Decode<'r, R::Database> + Type<R::Database> {}

impl<'r, R: Row, T: Decode<'r, R::Database> + Type<R::Database>> Value<'r, R> for T {}

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
        mut each: impl FnMut(ExportedStudent<'_>) -> Result<(), E>,
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

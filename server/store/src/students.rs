//! Student records: lists under the same policy as single records, totals, class and number.

mod assignment;
mod exported;
mod placing;

pub use placing::AdmittedMajor;
mod returning;
mod search;
pub use search::TAIL;
mod seen;

pub use assignment::AssignmentBatch;
pub use exported::{ExportedStudent, SealedSnapshot};
pub use returning::EarlierRecord;

use crate::entity::{candidate, student, unit};
use crate::error::{Result, StoreError};
use crate::handover::at_stage;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use domain::admission::handover::HandoverStage;
use domain::admission::qualification::Qualification;
use domain::decision::Machine as _;
use domain::institution::Visible;
use domain::status::StudentStatus;
use domain::view::home::Level;
use futures_util::TryStreamExt as _;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, NullOrdering, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudentFilter {
    /// Cohort.
    pub year: Option<i32>,
    /// One college.
    pub college: Option<Uuid>,
    /// One major.
    pub major: Option<Uuid>,
    /// One class.
    pub class: Option<Uuid>,
    /// State of the admission qualification.
    pub qualification: Option<String>,
    /// State of the platform's answer.
    pub registration: Option<String>,
    /// States of qualification and of the platform's answer, either of them as good as the others.
    pub states: Option<Vec<(String, String)>>,
    /// Name, pinyin, initials, student number, candidate number, or their last digits.
    pub search: Option<String>,
    /// Candidates found by a blind index.
    pub candidates: Option<Vec<Uuid>>,
    /// How far the hand-over has come.
    pub handed_over: Option<HandoverStage>,
    /// Handed over, expected and not off the roll, and without class or student number.
    pub unassigned: bool,
    /// With class and student number.
    pub assigned: bool,
    /// Without a place of this level.
    pub without: Option<Level>,
}

/// Order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StudentSort {
    /// By student number, then candidate number.
    #[default]
    Number,
    /// By name in pinyin.
    Name,
    /// By candidate number.
    CandidateNumber,
    /// By class.
    Class,
}

/// A page of a list.
#[derive(Clone, Copy, Debug)]
pub struct StudentPage {
    /// Order.
    pub sort: StudentSort,
    /// Largest first.
    pub descending: bool,
    /// Skip so many.
    pub offset: u64,
    /// At most so many (500).
    pub limit: u64,
}

/// How many records there are in a state.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StudentTotals {
    /// State of the admission qualification.
    pub qualification: String,
    /// State of the platform's answer.
    pub registration: String,
    /// How many.
    pub total: i64,
}

/// Limits a condition to what the policy lets a post see. Posts inside a college see a student once the cohort was
/// handed over (办法 二（一）3（1）).
pub(crate) fn visible(all: Condition, visible: &Visible) -> Condition {
    let received = |own: Expr| {
        let all = all.clone().add(own);
        all.add(student::Column::HandedOverOn.is_not_null())
    };
    match visible {
        Visible::School => all,
        Visible::College(college) => received(student::Column::CollegeId.eq(*college)),
        Visible::Majors(majors) => received(student::Column::MajorId.is_in(majors.iter().copied())),
        Visible::Classes(classes) => {
            received(student::Column::ClassId.is_in(classes.iter().copied()))
        }
        Visible::Own(own) => all.add(student::Column::Id.eq(*own)),
        Visible::Nothing => all.add(Expr::value(false)),
    }
}

/// One of these pairs of states; none of them when there are none.
fn in_one_of(states: &[(String, String)]) -> Condition {
    let any = Condition::any().add(Expr::value(false));
    states
        .iter()
        .fold(any, |any, (qualification, registration)| {
            let both = Condition::all()
                .add(student::Column::Qualification.eq(qualification))
                .add(student::Column::Registration.eq(registration));
            any.add(both)
        })
}

/// The order of a list: no two records are equal in it, and what is empty comes last on both databases.
fn ordered(
    query: Select<student::Entity>,
    sort: StudentSort,
    descending: bool,
) -> Select<student::Entity> {
    let order = if descending { Order::Desc } else { Order::Asc };
    let last = NullOrdering::Last;
    let query = match sort {
        StudentSort::Number => {
            query.order_by_with_nulls(student::Column::StudentNo, order.clone(), last)
        }
        StudentSort::Name => query.order_by(student::Column::Pinyin, order.clone()),
        StudentSort::CandidateNumber => query,
        StudentSort::Class => query
            .order_by_with_nulls(class_code(), order.clone(), last)
            .order_by_with_nulls(student::Column::StudentNo, order.clone(), last),
    };
    query
        .order_by(student::Column::Ksh, order.clone())
        .order_by(student::Column::Id, order)
}

/// The code of a record's class.
fn class_code() -> sea_orm::sea_query::SimpleExpr {
    let code = Query::select()
        .column(unit::Column::Code)
        .from(unit::Entity)
        .and_where(
            Expr::col((unit::Entity, unit::Column::TenantId))
                .equals((student::Entity, student::Column::TenantId)),
        )
        .and_where(
            Expr::col((unit::Entity, unit::Column::Id))
                .equals((student::Entity, student::Column::ClassId)),
        )
        .to_owned();
    sea_orm::sea_query::SimpleExpr::SubQuery(
        None,
        Box::new(sea_orm::sea_query::SubQueryStatement::SelectStatement(code)),
    )
}

impl Scope {
    fn student_query(&self, seen: &Visible, filter: &StudentFilter) -> Select<student::Entity> {
        let mut all = Condition::all().add(student::Column::TenantId.eq(self.tenant.0));
        all = visible(all, seen);
        let equal = [
            filter.college.map(|c| student::Column::CollegeId.eq(c)),
            filter.major.map(|m| student::Column::MajorId.eq(m)),
            filter.class.map(|c| student::Column::ClassId.eq(c)),
            filter.year.map(|y| student::Column::Year.eq(y)),
            filter
                .qualification
                .as_deref()
                .map(|q| student::Column::Qualification.eq(q)),
            filter
                .registration
                .as_deref()
                .map(|r| student::Column::Registration.eq(r)),
            filter
                .candidates
                .as_ref()
                .map(|ids| student::Column::CandidateId.is_in(ids.iter().copied())),
        ];
        for condition in equal.into_iter().flatten() {
            all = all.add(condition);
        }
        if let Some(states) = &filter.states {
            all = all.add(in_one_of(states));
        }
        if let Some(stage) = filter.handed_over {
            all = all.add(at_stage(self.tenant.0, stage));
        }
        if let Some(level) = filter.without {
            let place = match level {
                Level::College => student::Column::CollegeId,
                Level::Major => student::Column::MajorId,
                Level::Class => student::Column::ClassId,
            };
            all = all.add(place.is_null());
        }
        if filter.assigned {
            all = all
                .add(student::Column::ClassId.is_not_null())
                .add(student::Column::StudentNo.is_not_null());
        }
        if filter.unassigned {
            let away = Qualification::STAYING_AWAY.map(Qualification::key);
            let ended = StudentStatus::STATES.iter().filter(|own| own.has_ended());
            let ended = ended.map(|own| own.key());
            all = all
                .add(student::Column::HandedOverOn.is_not_null())
                .add(student::Column::Qualification.is_not_in(away))
                .add(student::Column::Status.is_not_in(ended))
                .add(student::Column::ContinuedBy.is_null())
                .add(
                    student::Column::ClassId
                        .is_null()
                        .or(student::Column::StudentNo.is_null()),
                );
        }
        if let Some(text) = filter
            .search
            .as_deref()
            .map(str::trim)
            .filter(|t| !t.is_empty())
        {
            all = all.add(search::condition(text));
        }
        student::Entity::find().filter(all)
    }

    /// One page of the records a post may see.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students(
        &self,
        seen: &Visible,
        filter: &StudentFilter,
        page: StudentPage,
    ) -> Result<Vec<rows::Student>> {
        let query = self.student_query(seen, filter);
        Ok(ordered(query, page.sort, page.descending)
            .offset(page.offset)
            .limit(Ord::min(page.limit, 5_000))
            .all(&self.tx)
            .await?)
    }

    /// The ids of all records of a list, in its order: what an export freezes before it writes.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_ids(
        &self,
        seen: &Visible,
        filter: &StudentFilter,
        sort: StudentSort,
        descending: bool,
    ) -> Result<Vec<Uuid>> {
        let query = self.student_query(seen, filter);
        let ids = ordered(query, sort, descending)
            .select_only()
            .column(student::Column::Id)
            .into_tuple::<Uuid>();
        // One row after the other: what a database library keeps of each is twenty times its id.
        Ok(ids.stream(&self.tx).await?.try_collect().await?)
    }

    /// How many records a filter has.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_students(&self, seen: &Visible, filter: &StudentFilter) -> Result<u64> {
        Ok(self.student_query(seen, filter).count(&self.tx).await?)
    }

    /// Totals by state of a filter; they add up to [`Scope::count_students`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_totals(
        &self,
        seen: &Visible,
        filter: &StudentFilter,
    ) -> Result<Vec<StudentTotals>> {
        Ok(self
            .student_query(seen, filter)
            .select_only()
            .column(student::Column::Qualification)
            .column(student::Column::Registration)
            .column_as(student::Column::Id.count(), "total")
            .group_by(student::Column::Qualification)
            .group_by(student::Column::Registration)
            .into_model::<StudentTotals>()
            .all(&self.tx)
            .await?)
    }

    /// How many records there are per college, major and class.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_places(
        &self,
        seen: &Visible,
        filter: &StudentFilter,
    ) -> Result<Vec<(Option<Uuid>, Option<Uuid>, Option<Uuid>, i64)>> {
        Ok(self
            .student_query(seen, filter)
            .select_only()
            .column(student::Column::CollegeId)
            .column(student::Column::MajorId)
            .column(student::Column::ClassId)
            .column_as(student::Column::Id.count(), "total")
            .group_by(student::Column::CollegeId)
            .group_by(student::Column::MajorId)
            .group_by(student::Column::ClassId)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// One record; the caller authorises against its place.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn student(&self, id: Uuid) -> Result<rows::Student> {
        self.keyed::<student::Entity>(id).await
    }

    /// The record of a person: of somebody who came back after a deferred admission the later one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_of_person(&self, person: Uuid) -> Result<Option<rows::Student>> {
        Ok(student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::PersonId.eq(person))
            .order_by_desc(student::Column::Year)
            .one(&self.tx)
            .await?)
    }

    /// The record with this candidate number (of any year) or student number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn student_by_number(&self, number: &str) -> Result<Option<rows::Student>> {
        Ok(student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(
                student::Column::Ksh
                    .eq(number)
                    .or(student::Column::StudentNo.eq(number)),
            )
            .order_by_desc(student::Column::Year)
            .one(&self.tx)
            .await?)
    }

    /// Those among these numbers that are the 学号 or the 考生号 of a student.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn numbers_among(&self, numbers: &[String]) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for chunk in numbers.chunks(5_000) {
            for column in [student::Column::Ksh, student::Column::StudentNo] {
                let own: Vec<Option<String>> = student::Entity::find()
                    .select_only()
                    .column(column)
                    .filter(student::Column::TenantId.eq(self.tenant.0))
                    .filter(column.is_in(chunk.iter().map(String::as_str)))
                    .into_tuple()
                    .all(&self.tx)
                    .await?;
                found.extend(own.into_iter().flatten());
            }
        }
        Ok(found)
    }

    /// Ids of the records of a year with these candidate numbers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn records_by_number(&self, year: i32, numbers: &[String]) -> Result<Vec<Uuid>> {
        let numbers: BTreeSet<&str> = numbers.iter().map(String::as_str).collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let mut found = Vec::new();
        for chunk in numbers.chunks(5_000) {
            let ids: Vec<Uuid> = student::Entity::find()
                .select_only()
                .column(student::Column::Id)
                .filter(student::Column::TenantId.eq(self.tenant.0))
                .filter(student::Column::Year.eq(year))
                .filter(student::Column::Ksh.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(&self.tx)
                .await?;
            found.extend(ids);
        }
        Ok(found)
    }

    /// Records with these ids.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_by_id(&self, ids: &[Uuid]) -> Result<Vec<rows::Student>> {
        let mut all = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(5_000) {
            all.extend(
                student::Entity::find()
                    .filter(student::Column::TenantId.eq(self.tenant.0))
                    .filter(student::Column::Id.is_in(chunk.iter().copied()))
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }

    /// The frozen snapshots of many students, by candidate.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn candidates_by_id(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, rows::Candidate>> {
        let mut all = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(5_000) {
            let rows = candidate::Entity::find()
                .filter(candidate::Column::TenantId.eq(self.tenant.0))
                .filter(candidate::Column::Id.is_in(chunk.iter().copied()))
                .all(&self.tx)
                .await?;
            all.extend(rows.into_iter().map(|c| (c.id, c)));
        }
        Ok(all)
    }
}

impl UnitOfWork {
    /// Ties a record to the person whose account may see it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it has one already.
    pub async fn set_student_person(&mut self, student: Uuid, person: Uuid) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("student"))
            .value(Alias::new("person_id"), person)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(student))
            .and_where(Expr::col(Alias::new("person_id")).is_null());
        if self.tx.execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }
}

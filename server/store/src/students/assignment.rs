//! Assignments of class and student number: what each changed, for its undo.

use super::StudentFilter;
use crate::entity::{activation, assignment, student};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::{DateTime, Utc};
use domain::institution::Visible;
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Query, SimpleExpr, UpdateStatement, Value,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExecResult, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait as _,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Records placed by one statement: it compares each record with each of them.
const PLACED: usize = 200;

/// One statement for many records of one version and one student status.
fn placing(
    tenant: i32,
    (version, status): (i32, &str),
    placed: &[&rows::Student],
) -> UpdateStatement {
    let by_record = |of: fn(&rows::Student) -> Value| -> SimpleExpr {
        let arms = placed.iter().fold(CaseStatement::new(), |case, student| {
            case.case(
                Expr::col(Alias::new("id")).eq(student.id),
                Expr::value(of(student)),
            )
        });
        arms.into()
    };
    Query::update()
        .table(Alias::new("student"))
        .value(Alias::new("college_id"), by_record(|s| s.college_id.into()))
        .value(Alias::new("major_id"), by_record(|s| s.major_id.into()))
        .value(Alias::new("class_id"), by_record(|s| s.class_id.into()))
        .value(
            Alias::new("student_no"),
            by_record(|s| s.student_no.clone().into()),
        )
        .value(
            Alias::new("no_tail"),
            by_record(|s| s.no_tail.clone().into()),
        )
        .value(Alias::new("version"), version + 1)
        .and_where(Expr::col(Alias::new("tenant_id")).eq(tenant))
        .and_where(Expr::col(Alias::new("version")).eq(version))
        .and_where(Expr::col(Alias::new("status")).eq(status))
        .and_where(Expr::col(Alias::new("id")).is_in(placed.iter().map(|student| student.id)))
        .take()
}

/// An assignment as a whole.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AssignmentBatch {
    /// The assignment.
    pub batch_id: Uuid,
    /// The list it came from; `None` for the rule.
    pub import_id: Option<Uuid>,
    /// Students.
    pub total: i64,
    /// Students within the reach of the post that asks.
    pub within: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Taken back.
    pub undone: bool,
}

impl Scope {
    /// The changes of one assignment of class and number.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn assignments(&self, batch: Uuid) -> Result<Vec<rows::Assignment>> {
        Ok(assignment::Entity::find()
            .filter(assignment::Column::TenantId.eq(self.tenant.0))
            .filter(assignment::Column::BatchId.eq(batch))
            .order_by_asc(assignment::Column::StudentId)
            .all(&self.tx)
            .await?)
    }

    /// The assignments a student was part of, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn assignments_of_student(&self, student: Uuid) -> Result<Vec<rows::Assignment>> {
        Ok(assignment::Entity::find()
            .filter(assignment::Column::TenantId.eq(self.tenant.0))
            .filter(assignment::Column::StudentId.eq(student))
            .order_by_asc(assignment::Column::At)
            .all(&self.tx)
            .await?)
    }

    /// Recent assignments with a student that a post may see, newest first. `within` counts those students alone.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn assignment_batches(
        &self,
        seen: &Visible,
        limit: u64,
    ) -> Result<Vec<AssignmentBatch>> {
        let visible = self
            .student_query(seen, &StudentFilter::default())
            .select_only()
            .column(student::Column::Id)
            .into_query();
        let within = assignment::Column::StudentId.in_subquery(visible.clone());
        let batches = Query::select()
            .column(assignment::Column::BatchId)
            .from(assignment::Entity)
            .and_where(assignment::Column::TenantId.eq(self.tenant.0))
            .and_where(assignment::Column::StudentId.in_subquery(visible))
            .to_owned();
        let counted: sea_orm::sea_query::SimpleExpr =
            CaseStatement::new().case(within, 1).finally(0).into();
        Ok(assignment::Entity::find()
            .select_only()
            .column(assignment::Column::BatchId)
            .column(assignment::Column::ImportId)
            .column_as(assignment::Column::Id.count(), "total")
            .column_as(counted.sum().cast_as("bigint"), "within")
            .column(assignment::Column::At)
            .column(assignment::Column::Undone)
            .filter(assignment::Column::TenantId.eq(self.tenant.0))
            .filter(assignment::Column::BatchId.in_subquery(batches))
            .group_by(assignment::Column::BatchId)
            .group_by(assignment::Column::ImportId)
            .group_by(assignment::Column::At)
            .group_by(assignment::Column::Undone)
            .order_by_desc(assignment::Column::At)
            .order_by_desc(assignment::Column::BatchId)
            .limit(limit)
            .into_model::<AssignmentBatch>()
            .all(&self.tx)
            .await?)
    }

    /// Every student number in use at the school, with the record that has it.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn numbers_in_use(&self) -> Result<BTreeMap<String, Uuid>> {
        let rows: Vec<(Option<String>, Uuid)> = student::Entity::find()
            .select_only()
            .column(student::Column::StudentNo)
            .column(student::Column::Id)
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::StudentNo.is_not_null())
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(number, id)| Some((number?, id)))
            .collect())
    }

    /// Activations of these accounts that were issued or used at or after a time.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn activations_since(
        &self,
        accounts: &[Uuid],
        since: DateTime<Utc>,
    ) -> Result<Vec<rows::Activation>> {
        let mut all = Vec::new();
        for chunk in accounts.chunks(5_000) {
            all.extend(
                activation::Entity::find()
                    .filter(activation::Column::TenantId.eq(self.tenant.0))
                    .filter(activation::Column::AccountId.is_in(chunk.iter().copied()))
                    .filter(
                        activation::Column::IssuedAt
                            .gte(since)
                            .or(activation::Column::UsedAt.gte(since)),
                    )
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }
}

impl UnitOfWork {
    /// Keeps what an assignment changed, for its undo.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn insert_assignments(&mut self, rows: Vec<rows::Assignment>) -> Result<()> {
        self.insert::<assignment::Entity>(rows).await
    }

    /// Sets college, major, class and student number of many records, each against the version and the student status that
    /// were read, some hundred of them in one statement.
    ///
    /// # Errors
    /// [`StoreError::StatusMoved`] with the records whose status is another one than was read, [`StoreError::Stale`] when one
    /// of them was changed otherwise meanwhile, [`StoreError::Taken`] when a number exists: the unit can then not be
    /// committed any more.
    pub async fn place_students(
        &mut self,
        placed: &[(&rows::Student, rows::Student)],
    ) -> Result<()> {
        self.wrote();
        let mut alike: BTreeMap<(i32, &str), Vec<&rows::Student>> = BTreeMap::new();
        for (read, placed) in placed {
            let seen = (read.version, read.status.as_str());
            alike.entry(seen).or_default().push(placed);
        }
        for (seen, placed) in alike {
            for chunk in placed.chunks(PLACED) {
                let update = placing(self.tenant().0, seen, chunk);
                let done = self.tx.execute(&update).await.map_err(StoreError::from);
                let whole = |done: &ExecResult| {
                    usize::try_from(done.rows_affected()).ok() == Some(chunk.len())
                };
                let failed = match done {
                    Ok(done) if whole(&done) => continue,
                    Ok(_) => self.why_not_placed(seen.1, chunk).await,
                    Err(failed) => failed,
                };
                self.spoil();
                return Err(failed);
            }
        }
        Ok(())
    }

    /// What kept records from being placed, seen from what they are now.
    async fn why_not_placed(&self, status: &str, placed: &[&rows::Student]) -> StoreError {
        let moved = student::Entity::find()
            .select_only()
            .column(student::Column::Id)
            .filter(student::Column::TenantId.eq(self.tenant().0))
            .filter(student::Column::Id.is_in(placed.iter().map(|student| student.id)))
            .filter(student::Column::Status.ne(status))
            .order_by_asc(student::Column::Id)
            .into_tuple::<Uuid>()
            .all(&self.tx)
            .await;
        match moved {
            Ok(moved) if moved.is_empty() => StoreError::Stale,
            Ok(moved) => StoreError::StatusMoved(moved),
            Err(error) => error.into(),
        }
    }

    /// Marks an assignment as undone.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn set_assignments_undone(&mut self, batch: Uuid) -> Result<()> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("assignment"))
            .value(Alias::new("undone"), true)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("batch_id")).eq(batch));
        self.tx.execute(&update.take()).await?;
        Ok(())
    }
}

//! The access log of reads: one line for a record, a value or an export, seen by the student.

use crate::entity::{access_log, audit_leaf, ledger};
use crate::error::Result;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

impl Scope {
    /// How often a person read in one way since a time.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_accesses(
        &self,
        person: Uuid,
        kind: &str,
        since: DateTime<Utc>,
    ) -> Result<u64> {
        Ok(access_log::Entity::find()
            .filter(access_log::Column::TenantId.eq(self.tenant.0))
            .filter(access_log::Column::PersonId.eq(person))
            .filter(access_log::Column::Kind.eq(kind))
            .filter(access_log::Column::At.gt(since))
            .count(&self.tx)
            .await?)
    }

    /// What was done to several records of one kind, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn ledger_about(&self, subjects: &[(&str, Uuid)]) -> Result<Vec<rows::Ledger>> {
        let mut about = Condition::any();
        for (kind, id) in subjects {
            about = about.add(
                Condition::all()
                    .add(ledger::Column::SubjectKind.eq(*kind))
                    .add(ledger::Column::SubjectId.eq(*id)),
            );
        }
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        Ok(ledger::Entity::find()
            .filter(ledger::Column::TenantId.eq(self.tenant.0))
            .filter(about)
            .order_by_desc(ledger::Column::Seq)
            .all(&self.tx)
            .await?)
    }

    /// The bulk acts about a subject, and how many records each had.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn bulk_acts(&self, kind: &str, subject: Uuid) -> Result<Vec<(i64, i64)>> {
        let mut acts = Query::select();
        acts.column(ledger::Column::Seq)
            .from(ledger::Entity)
            .and_where(Expr::col(ledger::Column::TenantId).eq(self.tenant.0))
            .and_where(Expr::col(ledger::Column::SubjectKind).eq(kind))
            .and_where(Expr::col(ledger::Column::SubjectId).eq(subject));
        Ok(audit_leaf::Entity::find()
            .select_only()
            .column(audit_leaf::Column::Seq)
            .column_as(audit_leaf::Column::Id.count(), "records")
            .filter(audit_leaf::Column::TenantId.eq(self.tenant.0))
            .filter(audit_leaf::Column::Seq.in_subquery(acts.take()))
            .group_by(audit_leaf::Column::Seq)
            .order_by_asc(audit_leaf::Column::Seq)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Logs one act that read the data of many students: a line for each, so that each of them sees it.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn log_accesses(
        &mut self,
        students: &[Uuid],
        kind: &'static str,
        fields: &str,
        reason: &str,
    ) -> Result<()> {
        let line =
            |student: &Uuid| self.access_line(Some(*student), kind, fields, reason, students.len());
        let lines = students.iter().map(line).collect();
        self.insert_all::<access_log::Entity>(lines).await
    }

    /// Logs that the data of the records of bulk acts were read again: a line for each act, which each of its records sees.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn log_accesses_of(
        &mut self,
        acts: &[(i64, i64)],
        kind: &'static str,
        fields: &str,
        reason: &str,
    ) -> Result<()> {
        let line = |(act, records): &(i64, i64)| {
            let count = usize::try_from(*records).unwrap_or_default();
            access_log::Model {
                act: Some(*act),
                ..self.access_line(None, kind, fields, reason, count)
            }
        };
        let lines = acts.iter().map(line).collect();
        self.insert_all::<access_log::Entity>(lines).await
    }

    pub(super) fn access_line(
        &self,
        student: Option<Uuid>,
        kind: &'static str,
        fields: &str,
        reason: &str,
        count: usize,
    ) -> access_log::Model {
        access_log::Model {
            tenant_id: self.tenant().0,
            id: self.id(),
            at: self.now(),
            person_id: self.actor().person(),
            office: self.actor().office().key().to_owned(),
            student_id: student,
            kind: kind.to_owned(),
            fields: fields.to_owned(),
            reason: reason.to_owned(),
            count: i32::try_from(count).unwrap_or(i32::MAX),
            act: None,
        }
    }
}

//! Taking back what an import brought in, and what stands against it.

use crate::entity::{
    admission_photo, assignment, candidate, finding, handover, handover_member, import_batch,
    import_row, student,
};
use crate::error::Result;
use crate::handover::standing;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use domain::admission::import::ImportState;
use domain::admission::qualification::Qualification;
use domain::decision::Machine as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// States of rows that say something about a candidate who is in.
const PLACED: [&str; 2] = ["unchanged", "changed"];

/// What was built on the students of an import.
#[derive(Clone, Debug, Default)]
pub struct Foundation {
    /// Hand-overs that hold some of them, oldest first. One that was returned holds nobody.
    pub handovers: Vec<rows::Handover>,
    /// How many of them have an account.
    pub accounts: u64,
    /// How many of them have a class or a student number.
    pub assignments: u64,
    /// How many of them came back after a deferred admission, and their earlier record has moved on since.
    pub returned: u64,
    /// How many of their records a record of a later year continues.
    pub continued: u64,
}

impl Scope {
    fn students_of(&self, import: Uuid) -> SelectStatement {
        Query::select()
            .column(student::Column::Id)
            .from(student::Entity)
            .and_where(student::Column::TenantId.eq(self.tenant.0))
            .and_where(student::Column::CandidateId.in_subquery(self.candidates_of(import)))
            .to_owned()
    }

    fn candidates_of(&self, import: Uuid) -> SelectStatement {
        Query::select()
            .column(candidate::Column::Id)
            .from(candidate::Entity)
            .and_where(candidate::Column::TenantId.eq(self.tenant.0))
            .and_where(candidate::Column::ImportId.eq(import))
            .to_owned()
    }

    /// What was built on the students of an import: as long as there is any of it, the import cannot be undone.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn built_on(&self, import: Uuid) -> Result<Foundation> {
        let holding = Query::select()
            .column(handover_member::Column::HandoverId)
            .from(handover_member::Entity)
            .and_where(handover_member::Column::StudentId.in_subquery(self.students_of(import)))
            .cond_where(standing(self.tenant.0))
            .to_owned();
        let handovers = handover::Entity::find()
            .filter(handover::Column::TenantId.eq(self.tenant.0))
            .filter(handover::Column::Id.in_subquery(holding))
            .order_by_asc(handover::Column::OfferedAt)
            .all(&self.tx)
            .await?;
        let own = || {
            student::Entity::find()
                .filter(student::Column::TenantId.eq(self.tenant.0))
                .filter(student::Column::CandidateId.in_subquery(self.candidates_of(import)))
        };
        // Somebody who came back brought the account along.
        let brought = Query::select()
            .column(student::Column::ContinuedBy)
            .from(student::Entity)
            .and_where(student::Column::TenantId.eq(self.tenant.0))
            .and_where(student::Column::ContinuedBy.is_not_null())
            .and_where(student::Column::PersonId.is_not_null())
            .to_owned();
        let accounts = own()
            .filter(student::Column::PersonId.is_not_null())
            .filter(student::Column::Id.not_in_subquery(brought))
            .count(&self.tx)
            .await?;
        let assignments = own()
            .filter(
                student::Column::ClassId
                    .is_not_null()
                    .or(student::Column::StudentNo.is_not_null()),
            )
            .count(&self.tx)
            .await?;
        let earlier = self.continued_in(import).await?;
        let moved = |student: &&rows::Student| {
            let returned = Qualification::InitialCheck.key();
            student.deferred_on.is_some() && student.qualification != returned
        };
        Ok(Foundation {
            handovers,
            accounts,
            assignments,
            returned: earlier.iter().filter(moved).count() as u64,
            continued: own()
                .filter(student::Column::ContinuedBy.is_not_null())
                .count(&self.tx)
                .await?,
        })
    }

    /// Ids of the candidates of an import.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn candidate_ids_of(&self, import: Uuid) -> Result<Vec<Uuid>> {
        Ok(candidate::Entity::find()
            .select_only()
            .column(candidate::Column::Id)
            .filter(candidate::Column::TenantId.eq(self.tenant.0))
            .filter(candidate::Column::ImportId.eq(import))
            .order_by_asc(candidate::Column::Id)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// Imports whose rows were compared with what an import brought in: rows of its year that were found to be in
    /// already, or to differ from what is in; and rows of any year against which a record of it stands.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn compared_with(
        &self,
        import: Uuid,
        purpose: &str,
        year: i32,
    ) -> Result<Vec<rows::ImportBatch>> {
        let numbers = Query::select()
            .column(candidate::Column::Ksh)
            .from(candidate::Entity)
            .and_where(candidate::Column::TenantId.eq(self.tenant.0))
            .and_where(candidate::Column::ImportId.eq(import))
            .to_owned();
        let rows = Query::select()
            .column(import_row::Column::ImportId)
            .from(import_row::Entity)
            .and_where(import_row::Column::TenantId.eq(self.tenant.0))
            .and_where(import_row::Column::State.is_in(PLACED))
            .and_where(import_row::Column::Ksh.in_subquery(numbers.clone()))
            .to_owned();
        let records = Query::select()
            .column(finding::Column::ImportId)
            .from(finding::Entity)
            .and_where(finding::Column::TenantId.eq(self.tenant.0))
            .and_where(finding::Column::Severity.eq("error"))
            .and_where(finding::Column::AboutYear.eq(year))
            .and_where(finding::Column::AboutKsh.in_subquery(numbers))
            .to_owned();
        let settled = [ImportState::Checked.key(), ImportState::Confirmed.key()];
        let of_year = Condition::all()
            .add(import_batch::Column::Year.eq(year))
            .add(import_batch::Column::Id.in_subquery(rows));
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.eq(purpose))
            .filter(import_batch::Column::Id.ne(import))
            .filter(import_batch::Column::State.is_in(settled))
            .filter(
                Condition::any()
                    .add(of_year)
                    .add(import_batch::Column::Id.in_subquery(records)),
            )
            .order_by_asc(import_batch::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// How many rows of an import were found to be in already, or to differ from what is in, and nothing is in.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_misplaced(&self, import: Uuid, year: i32) -> Result<u64> {
        let numbers = Query::select()
            .column(candidate::Column::Ksh)
            .from(candidate::Entity)
            .and_where(candidate::Column::TenantId.eq(self.tenant.0))
            .and_where(candidate::Column::Year.eq(year))
            .to_owned();
        Ok(import_row::Entity::find()
            .filter(import_row::Column::TenantId.eq(self.tenant.0))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::State.is_in(PLACED))
            .filter(import_row::Column::Ksh.not_in_subquery(numbers))
            .count(&self.tx)
            .await?)
    }

    /// How many errors of an import are about a record that is not in any more.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_lost_records(&self, import: Uuid) -> Result<u64> {
        let about = |column| Expr::col((finding::Entity, column));
        let record = Query::select()
            .expr(Expr::value(1))
            .from(candidate::Entity)
            .and_where(
                Expr::col((candidate::Entity, candidate::Column::TenantId)).eq(self.tenant.0),
            )
            .and_where(
                about(finding::Column::AboutYear)
                    .equals((candidate::Entity, candidate::Column::Year)),
            )
            .and_where(
                about(finding::Column::AboutKsh)
                    .equals((candidate::Entity, candidate::Column::Ksh)),
            )
            .to_owned();
        Ok(finding::Entity::find()
            .filter(finding::Column::TenantId.eq(self.tenant.0))
            .filter(finding::Column::ImportId.eq(import))
            .filter(finding::Column::Severity.eq("error"))
            .filter(finding::Column::AboutYear.is_not_null())
            .filter(Expr::exists(record).not())
            .count(&self.tx)
            .await?)
    }

    /// Photos that go when an import is undone: those of its candidates, or those that it brought itself.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn photos_of_import(&self, import: Uuid) -> Result<Vec<rows::AdmissionPhoto>> {
        Ok(admission_photo::Entity::find()
            .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
            .filter(
                admission_photo::Column::ImportId
                    .eq(import)
                    .or(admission_photo::Column::CandidateId
                        .in_subquery(self.candidates_of(import))),
            )
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Holds the records of an import until the end of this unit, and answers how many there are: what is found to be built on them stays all there is.
    /// What somebody is just building on one is waited for; what comes later finds the records as this unit leaves them.
    /// On SQLite one unit writes at a time anyway.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn hold_students_of(&mut self, import: Uuid) -> Result<usize> {
        let held = student::Entity::find()
            .select_only()
            .column(student::Column::Id)
            .filter(student::Column::TenantId.eq(self.tenant().0))
            .filter(student::Column::CandidateId.in_subquery(self.candidates_of(import)))
            .order_by_asc(student::Column::Id)
            .lock_exclusive()
            .into_tuple::<Uuid>()
            .all(&self.tx)
            .await?;
        Ok(held.len())
    }

    /// Takes back the candidates and student records of an import.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database) when something was built on them.
    pub async fn delete_candidates_of(&mut self, import: Uuid) -> Result<u64> {
        self.wrote();
        let tenant = self.tenant().0;
        let of_import = || self.candidates_of(import);
        admission_photo::Entity::delete_many()
            .filter(admission_photo::Column::TenantId.eq(tenant))
            .filter(admission_photo::Column::CandidateId.in_subquery(of_import()))
            .exec(&self.tx)
            .await?;
        student::Entity::delete_many()
            .filter(student::Column::TenantId.eq(tenant))
            .filter(student::Column::CandidateId.in_subquery(of_import()))
            .exec(&self.tx)
            .await?;
        let gone = candidate::Entity::delete_many()
            .filter(candidate::Column::TenantId.eq(tenant))
            .filter(candidate::Column::ImportId.eq(import))
            .exec(&self.tx)
            .await?;
        Ok(gone.rows_affected)
    }

    /// Removes the photos that an import brought; contents in the file store are removed after the commit.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn delete_photos_of(&mut self, import: Uuid) -> Result<u64> {
        self.wrote();
        let gone = admission_photo::Entity::delete_many()
            .filter(admission_photo::Column::TenantId.eq(self.tenant().0))
            .filter(admission_photo::Column::ImportId.eq(import))
            .exec(&self.tx)
            .await?;
        Ok(gone.rows_affected)
    }

    /// Sets rows that were in back to waiting, after their candidates were taken back.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn release_rows(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        import_row::Entity::update_many()
            .col_expr(import_row::Column::State, Expr::value("waiting"))
            .filter(import_row::Column::TenantId.eq(self.tenant().0))
            .filter(import_row::Column::ImportId.eq(import))
            .filter(import_row::Column::State.eq("confirmed"))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Removes the records of assignments that were undone, of students that an undone import takes back.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn forget_undone_assignments(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        assignment::Entity::delete_many()
            .filter(assignment::Column::TenantId.eq(self.tenant().0))
            .filter(assignment::Column::StudentId.in_subquery(self.students_of(import)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

//! Hand-overs with their members and receipts.

use crate::entity::{candidate, handover, handover_member, handover_receipt, student};
use crate::error::{Result, StoreError};
use crate::unit::{Scope, UnitOfWork};
use crate::{dialect, rows};
use domain::admission::handover::{HandoverStage, Receipt};
use domain::decision::Machine;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

impl Scope {
    /// Hand-overs, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn handovers(&self, limit: u64) -> Result<Vec<rows::Handover>> {
        Ok(handover::Entity::find()
            .filter(handover::Column::TenantId.eq(self.tenant.0))
            .order_by_desc(handover::Column::OfferedAt)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// One hand-over.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn handover(&self, id: Uuid) -> Result<rows::Handover> {
        self.keyed::<handover::Entity>(id).await
    }

    /// Receipts of hand-overs.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn receipts(&self, handovers: &[Uuid]) -> Result<Vec<rows::HandoverReceipt>> {
        Ok(handover_receipt::Entity::find()
            .filter(handover_receipt::Column::TenantId.eq(self.tenant.0))
            .filter(handover_receipt::Column::HandoverId.is_in(handovers.iter().copied()))
            .order_by_asc(handover_receipt::Column::Office)
            .order_by_asc(handover_receipt::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// One receipt.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn receipt(&self, id: Uuid) -> Result<rows::HandoverReceipt> {
        self.keyed::<handover_receipt::Entity>(id).await
    }

    /// Receipts that wait for an answer: that of one college, or those for the whole school.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_receipts(&self, college: Option<Uuid>) -> Result<Vec<rows::HandoverReceipt>> {
        let own = match college {
            Some(college) => handover_receipt::Column::CollegeId.eq(college),
            None => handover_receipt::Column::CollegeId.is_null(),
        };
        Ok(handover_receipt::Entity::find()
            .filter(handover_receipt::Column::TenantId.eq(self.tenant.0))
            .filter(handover_receipt::Column::State.eq(Receipt::Offered.key()))
            .filter(own)
            .all(&self.tx)
            .await?)
    }

    /// Students of a year that no hand-over holds, by candidate number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn students_to_hand_over(&self, year: i32) -> Result<Vec<rows::Student>> {
        Ok(student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::Year.eq(year))
            .filter(student::Column::Id.not_in_subquery(held(self.tenant.0)))
            .order_by_asc(student::Column::Ksh)
            .all(&self.tx)
            .await?)
    }

    /// Cohorts with students whom no hand-over holds, newest first, each with how many they are.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cohorts_to_hand_over(&self) -> Result<Vec<(i32, i64)>> {
        Ok(student::Entity::find()
            .select_only()
            .column(student::Column::Year)
            .column_as(student::Column::Id.count(), "total")
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::Id.not_in_subquery(held(self.tenant.0)))
            .group_by(student::Column::Year)
            .order_by_desc(student::Column::Year)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// Hand-overs of a year, in order of their numbers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn handovers_of_year(&self, year: i32) -> Result<Vec<rows::Handover>> {
        Ok(handover::Entity::find()
            .filter(handover::Column::TenantId.eq(self.tenant.0))
            .filter(handover::Column::Year.eq(year))
            .order_by_asc(handover::Column::Number)
            .all(&self.tx)
            .await?)
    }

    /// Lines of hand-overs that name a student, with the college at that time.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn memberships(&self, student: Uuid) -> Result<Vec<rows::HandoverMember>> {
        Ok(handover_member::Entity::find()
            .filter(handover_member::Column::TenantId.eq(self.tenant.0))
            .filter(handover_member::Column::StudentId.eq(student))
            .all(&self.tx)
            .await?)
    }

    /// Receipts of a year in a state.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn receipts_in(
        &self,
        year: i32,
        state: Receipt,
    ) -> Result<Vec<rows::HandoverReceipt>> {
        let of_year = Query::select()
            .column(handover::Column::Id)
            .from(handover::Entity)
            .and_where(handover::Column::TenantId.eq(self.tenant.0))
            .and_where(handover::Column::Year.eq(year))
            .to_owned();
        Ok(handover_receipt::Entity::find()
            .filter(handover_receipt::Column::TenantId.eq(self.tenant.0))
            .filter(handover_receipt::Column::HandoverId.in_subquery(of_year))
            .filter(handover_receipt::Column::State.eq(state.key()))
            .order_by_asc(handover_receipt::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// The list of a hand-over as it was offered, of one college or all.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn handover_members(
        &self,
        handover: Uuid,
        college: Option<Uuid>,
    ) -> Result<Vec<rows::HandoverMember>> {
        let mut query = handover_member::Entity::find()
            .filter(handover_member::Column::TenantId.eq(self.tenant.0))
            .filter(handover_member::Column::HandoverId.eq(handover));
        if let Some(college) = college {
            query = query.filter(handover_member::Column::CollegeId.eq(college));
        }
        Ok(query
            .order_by_asc(handover_member::Column::Ksh)
            .all(&self.tx)
            .await?)
    }

    /// SHA-256 of the frozen values of candidates.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn digests_of(&self, candidates: &[Uuid]) -> Result<HashMap<Uuid, Vec<u8>>> {
        let mut digests = HashMap::with_capacity(candidates.len());
        for chunk in candidates.chunks(5_000) {
            let found: Vec<(Uuid, Vec<u8>)> = candidate::Entity::find()
                .select_only()
                .column(candidate::Column::Id)
                .column(candidate::Column::Digest)
                .filter(candidate::Column::TenantId.eq(self.tenant.0))
                .filter(candidate::Column::Id.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(&self.tx)
                .await?;
            digests.extend(found);
        }
        Ok(digests)
    }

    /// How many students of a hand-over there are per college, major and class, as the records are now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn handover_places(
        &self,
        handover: Uuid,
        college: Option<Uuid>,
    ) -> Result<Vec<(Option<Uuid>, Option<Uuid>, Option<Uuid>, i64)>> {
        Ok(student::Entity::find()
            .select_only()
            .column(student::Column::CollegeId)
            .column(student::Column::MajorId)
            .column(student::Column::ClassId)
            .column_as(student::Column::Id.count(), "total")
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::Id.in_subquery(self.members(handover, college)))
            .group_by(student::Column::CollegeId)
            .group_by(student::Column::MajorId)
            .group_by(student::Column::ClassId)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// One page of the students whom a hand-over offered to these colleges, by candidate number.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn handover_students(
        &self,
        handover: Uuid,
        colleges: &[Uuid],
        offset: u64,
        limit: u64,
    ) -> Result<Vec<rows::Student>> {
        let mut members = self.members(handover, None);
        members.and_where(
            Expr::col(handover_member::Column::CollegeId).is_in(colleges.iter().copied()),
        );
        Ok(student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::Id.in_subquery(members))
            .order_by_asc(student::Column::Ksh)
            .order_by_asc(student::Column::Id)
            .offset(offset)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    fn members(&self, handover: Uuid, college: Option<Uuid>) -> SelectStatement {
        let mut members = Query::select();
        members
            .column(handover_member::Column::StudentId)
            .from(handover_member::Entity)
            .and_where(handover_member::Column::TenantId.eq(self.tenant.0))
            .and_where(handover_member::Column::HandoverId.eq(handover));
        if let Some(college) = college {
            members.and_where(handover_member::Column::CollegeId.eq(college));
        }
        members.take()
    }
}

/// Members of hand-overs that stand: their college's receipt and the school-wide one are both open or accepted. When one
/// of the two was returned, its students can be offered again.
pub(crate) fn standing(tenant: i32) -> Condition {
    let receipt = |school_wide: bool| {
        let holding = Receipt::STATES.iter().filter(|state| state.holds());
        let holding = holding.map(|state| state.key());
        let mut receipts = Query::select();
        receipts
            .expr(Expr::value(1))
            .from(handover_receipt::Entity)
            .and_where(handover_receipt::Column::TenantId.eq(tenant))
            .and_where(
                Expr::col((
                    handover_receipt::Entity,
                    handover_receipt::Column::HandoverId,
                ))
                .equals((handover_member::Entity, handover_member::Column::HandoverId)),
            )
            .and_where(handover_receipt::Column::State.is_in(holding));
        if school_wide {
            receipts.and_where(handover_receipt::Column::CollegeId.is_null());
        } else {
            receipts.and_where(
                Expr::col((
                    handover_receipt::Entity,
                    handover_receipt::Column::CollegeId,
                ))
                .equals((handover_member::Entity, handover_member::Column::CollegeId)),
            );
        }
        Expr::exists(receipts.take())
    };
    Condition::all()
        .add(handover_member::Column::TenantId.eq(tenant))
        .add(receipt(true))
        .add(receipt(false))
}

/// Students that a hand-over holds.
pub(crate) fn held(tenant: i32) -> SelectStatement {
    Query::select()
        .column(handover_member::Column::StudentId)
        .from(handover_member::Entity)
        .cond_where(standing(tenant))
        .to_owned()
}

/// Students whose hand-over has come so far: each student is at exactly one stage.
pub(crate) fn at_stage(tenant: i32, stage: HandoverStage) -> Condition {
    let waiting = Condition::all().add(student::Column::HandedOverOn.is_null());
    match stage {
        HandoverStage::Open => waiting.add(student::Column::Id.not_in_subquery(held(tenant))),
        HandoverStage::Offered => waiting.add(student::Column::Id.in_subquery(held(tenant))),
        HandoverStage::Received => {
            Condition::all().add(student::Column::HandedOverOn.is_not_null())
        }
    }
}

impl UnitOfWork {
    /// Keeps a hand-over with members and receipts.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when its number of the year was given at the same time.
    pub async fn insert_handover(
        &mut self,
        row: rows::Handover,
        members: Vec<rows::HandoverMember>,
        receipts: Vec<rows::HandoverReceipt>,
    ) -> Result<()> {
        self.insert::<handover::Entity>(vec![row]).await?;
        self.insert::<handover_member::Entity>(members).await?;
        self.insert::<handover_receipt::Entity>(receipts).await
    }

    /// The receipts of a hand-over, held until this unit ends: of two receivers who answer at the same time the second
    /// one waits here and sees the answer of the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn hold_receipts(&mut self, handover: Uuid) -> Result<Vec<rows::HandoverReceipt>> {
        let receipts = handover_receipt::Entity::find()
            .filter(handover_receipt::Column::TenantId.eq(self.tenant().0))
            .filter(handover_receipt::Column::HandoverId.eq(handover))
            .order_by_asc(handover_receipt::Column::Id);
        Ok(dialect::for_update(receipts).all(&self.tx).await?)
    }

    /// Notes who answered a receipt, in which office, and why it was returned.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn sign_receipt(&mut self, receipt: Uuid, reason: Option<&str>) -> Result<()> {
        self.wrote();
        let (person, office) = (self.actor().person(), self.actor().office());
        let mut update = Query::update();
        update
            .table(Alias::new("handover_receipt"))
            .value(Alias::new("office"), office.key())
            .value(Alias::new("person_id"), person)
            .value(Alias::new("reason"), reason)
            .value(Alias::new("at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(receipt));
        if self.tx.execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// Marks students as received: their data are with Student Affairs and the college from this day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_handed_over(&mut self, students: &[Uuid]) -> Result<()> {
        self.wrote();
        for chunk in students.chunks(5_000) {
            let mut update = Query::update();
            update
                .table(Alias::new("student"))
                .value(Alias::new("handed_over_on"), self.today())
                .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
                .and_where(Expr::col(Alias::new("id")).is_in(chunk.iter().copied()))
                .and_where(Expr::col(Alias::new("handed_over_on")).is_null());
            self.tx.execute(&update.take()).await?;
        }
        Ok(())
    }
}

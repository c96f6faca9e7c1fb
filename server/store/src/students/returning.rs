//! People who come back after 保留入学资格 under the number of their first year: one person with two records. The earlier
//! record keeps what happened to it and names the later one, in which the person enrols (domain.md §4.1).

use crate::entity::{post, student};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::NaiveDate;
use domain::institution::PersonalScope;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// A record of an earlier year, and the blind index of the document it was admitted with.
#[derive(Clone, Debug)]
pub struct EarlierRecord {
    /// The record.
    pub student: rows::Student,
    /// Blind index; empty where the admission data had no document.
    pub id_index: Vec<u8>,
}

impl Scope {
    /// The newest record of an earlier year for each of these candidate numbers, as long as no later one continues it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn earlier_records(
        &self,
        year: i32,
        numbers: &[String],
    ) -> Result<HashMap<String, EarlierRecord>> {
        let mut found = HashMap::new();
        for chunk in numbers.chunks(5_000) {
            let rows = student::Entity::find()
                .filter(student::Column::TenantId.eq(self.tenant.0))
                .filter(student::Column::Ksh.is_in(chunk.iter().map(String::as_str)))
                .filter(student::Column::Year.lt(year))
                .filter(student::Column::ContinuedBy.is_null())
                .order_by_asc(student::Column::Year)
                .all(&self.tx)
                .await?;
            let ids: Vec<Uuid> = rows.iter().map(|student| student.candidate_id).collect();
            let mut candidates = self.candidates_by_id(&ids).await?;
            for student in rows {
                let id_index = candidates
                    .remove(&student.candidate_id)
                    .map(|candidate| candidate.id_index)
                    .unwrap_or_default();
                found.insert(student.ksh.clone(), EarlierRecord { student, id_index });
            }
        }
        Ok(found)
    }

    /// The earlier records that students of an import continue. Asked from the few that anything continues: right after an
    /// import the database does not know yet how many students it has, and may compare each with each.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn continued_in(&self, import: Uuid) -> Result<Vec<rows::Student>> {
        let mut continued = student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::ContinuedBy.is_not_null())
            .order_by_asc(student::Column::Id)
            .all(&self.tx)
            .await?;
        let later: Vec<Uuid> = continued
            .iter()
            .filter_map(|own| own.continued_by)
            .collect();
        let later = self.students_by_id(&later).await?;
        let candidates: Vec<Uuid> = later.iter().map(|own| own.candidate_id).collect();
        let candidates = self.candidates_by_id(&candidates).await?;
        let of_import: HashSet<Uuid> = later
            .into_iter()
            .filter(|own| {
                let candidate = candidates.get(&own.candidate_id);
                candidate.is_some_and(|candidate| candidate.import_id == import)
            })
            .map(|own| own.id)
            .collect();
        continued.retain(|own| own.continued_by.is_some_and(|by| of_import.contains(&by)));
        Ok(continued)
    }

    /// The record that another one continues.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_before(&self, student: Uuid) -> Result<Option<rows::Student>> {
        Ok(student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::ContinuedBy.eq(student))
            .one(&self.tx)
            .await?)
    }
}

impl Scope {
    /// The candidates of all records that continue one another with that of a candidate, its own among them: one person.
    /// None where there is no such candidate.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn candidates_of_one(&self, candidate: Uuid) -> Result<BTreeSet<Uuid>> {
        let own = student::Entity::find()
            .filter(student::Column::TenantId.eq(self.tenant.0))
            .filter(student::Column::CandidateId.eq(candidate))
            .one(&self.tx)
            .await?;
        let Some(own) = own else {
            return Ok(BTreeSet::new());
        };
        let mut found = BTreeSet::from([candidate]);
        let mut at = own.id;
        while let Some(before) = self.record_before(at).await? {
            found.insert(before.candidate_id);
            at = before.id;
        }
        let mut next = own.continued_by;
        while let Some(id) = next {
            let later = self.student(id).await?;
            found.insert(later.candidate_id);
            next = later.continued_by;
        }
        Ok(found)
    }
}

impl UnitOfWork {
    /// Lets a later record continue an earlier one, and the student's own post show the later one; `deferred_on` is since
    /// when the admission was deferred, where it was. Answers the version that the earlier one has now.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was changed meanwhile.
    pub async fn continue_record(
        &mut self,
        earlier: &rows::Student,
        by: Uuid,
        deferred_on: Option<NaiveDate>,
    ) -> Result<i32> {
        self.wrote();
        let mut update = Query::update();
        update
            .table(Alias::new("student"))
            .value(Alias::new("continued_by"), by)
            .value(Alias::new("deferred_on"), deferred_on)
            .value(Alias::new("version"), earlier.version + 1)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(earlier.id))
            .and_where(Expr::col(Alias::new("version")).eq(earlier.version))
            .and_where(Expr::col(Alias::new("continued_by")).is_null());
        if self.tx.execute(&update.take()).await?.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        self.move_own_post(earlier, earlier.id, by).await?;
        Ok(earlier.version + 1)
    }

    /// Takes [`UnitOfWork::continue_record`] back: the earlier record stands alone again, with the day since when its
    /// admission was deferred.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn take_back_continuation(&mut self, earlier: &rows::Student) -> Result<()> {
        self.wrote();
        let Some(by) = earlier.continued_by else {
            return Ok(());
        };
        let mut update = Query::update();
        update
            .table(Alias::new("student"))
            .value(Alias::new("continued_by"), None::<Uuid>)
            .value(Alias::new("deferred_on"), None::<NaiveDate>)
            .value(
                Alias::new("version"),
                Expr::col(Alias::new("version")).add(1),
            )
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(earlier.id))
            .and_where(Expr::col(Alias::new("continued_by")).eq(by));
        if let Some(since) = earlier.deferred_on {
            update.value(Alias::new("qualification_on"), since);
        }
        self.tx.execute(&update.take()).await?;
        self.move_own_post(earlier, by, earlier.id).await
    }

    /// The student's own post shows another record of the same person.
    async fn move_own_post(&mut self, of: &rows::Student, from: Uuid, to: Uuid) -> Result<()> {
        let Some(person) = of.person_id else {
            return Ok(());
        };
        let text = |student| {
            serde_json::to_string(&PersonalScope::Own(student))
                .map_err(|_| StoreError::Form("the scope of a post"))
        };
        post::Entity::update_many()
            .col_expr(post::Column::Scope, Expr::value(text(to)?))
            .filter(post::Column::TenantId.eq(self.tenant().0))
            .filter(post::Column::PersonId.eq(person))
            .filter(post::Column::Scope.eq(text(from)?))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

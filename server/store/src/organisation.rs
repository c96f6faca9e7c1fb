//! Changes of units and people over time: what was there before is kept, so that a change can be shown and taken back.

use crate::entity::{organisation_change, person, post, school_name, unit, unit_short_name};
use crate::error::Result;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

impl Scope {
    /// The reach of these posts.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn post_scopes(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
        Ok(post::Entity::find()
            .select_only()
            .columns([post::Column::Id, post::Column::Scope])
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(post::Column::Id)
            .into_tuple()
            .all(&self.tx)
            .await?)
    }

    /// Units that are not over, also those that begin later, by kind and code.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn units_not_over(&self) -> Result<Vec<rows::Unit>> {
        let today = self.today();
        Ok(unit::Entity::find()
            .filter(unit::Column::TenantId.eq(self.tenant.0))
            .filter(
                unit::Column::ValidTo
                    .is_null()
                    .or(unit::Column::ValidTo.gte(today)),
            )
            .order_by_asc(unit::Column::Kind)
            .order_by_asc(unit::Column::Code)
            .all(&self.tx)
            .await?)
    }

    /// What an import changed, as it was before, in order of the changes.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn organisation_changes_of(
        &self,
        import: Uuid,
    ) -> Result<Vec<rows::OrganisationChange>> {
        Ok(organisation_change::Entity::find()
            .filter(organisation_change::Column::TenantId.eq(self.tenant.0))
            .filter(organisation_change::Column::ImportId.eq(import))
            .order_by_asc(organisation_change::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// What units were called and said before, in order of the changes.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn unit_changes(&self) -> Result<Vec<rows::OrganisationChange>> {
        Ok(organisation_change::Entity::find()
            .filter(organisation_change::Column::TenantId.eq(self.tenant.0))
            .filter(organisation_change::Column::Subject.eq("unit"))
            .order_by_asc(organisation_change::Column::ChangedOn)
            .order_by_asc(organisation_change::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// Changes that other imports made to these subjects after a change.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_changes_after(&self, subjects: &[Uuid], change: Uuid) -> Result<u64> {
        Ok(organisation_change::Entity::find()
            .filter(organisation_change::Column::TenantId.eq(self.tenant.0))
            .filter(organisation_change::Column::SubjectId.is_in(subjects.iter().copied()))
            .filter(organisation_change::Column::Id.gt(change))
            .count(&self.tx)
            .await?)
    }

    /// Posts by their ids, also past ones.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn posts_by_id(&self, ids: &[Uuid]) -> Result<Vec<rows::Post>> {
        Ok(post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .all(&self.tx)
            .await?)
    }

    /// People by their ids.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn people_by_id(&self, ids: &[Uuid]) -> Result<Vec<rows::Person>> {
        Ok(person::Entity::find()
            .filter(person::Column::TenantId.eq(self.tenant.0))
            .filter(person::Column::Id.is_in(ids.iter().copied()))
            .all(&self.tx)
            .await?)
    }

    /// Posts that an import made.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn posts_of_import(&self, import: Uuid) -> Result<Vec<rows::Post>> {
        Ok(post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::ImportId.eq(import))
            .order_by_asc(post::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// One post, also a past one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](crate::StoreError::NotFound).
    pub async fn post(&self, id: Uuid) -> Result<rows::Post> {
        self.keyed::<post::Entity>(id).await
    }
}

impl UnitOfWork {
    /// Writes a unit as it is from now on.
    ///
    /// # Errors
    /// [`StoreError::Form`](crate::StoreError::Form) for a unit of another school;
    /// [`StoreError::Database`](crate::StoreError::Database), also when it is gone.
    pub async fn update_unit(&mut self, row: rows::Unit) -> Result<()> {
        let row = row.into_active_model().reset_all();
        self.ensure_own::<unit::Entity>(std::slice::from_ref(&row))?;
        self.wrote();
        row.update(&self.tx).await?;
        Ok(())
    }

    /// Puts these short names in the place of all that a unit has.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn set_short_names(
        &mut self,
        unit: Uuid,
        names: Vec<rows::UnitShortName>,
    ) -> Result<()> {
        self.wrote();
        unit_short_name::Entity::delete_many()
            .filter(unit_short_name::Column::TenantId.eq(self.tenant().0))
            .filter(unit_short_name::Column::UnitId.eq(unit))
            .exec(&self.tx)
            .await?;
        self.insert::<unit_short_name::Entity>(names).await
    }

    /// Sets name and sealed contact of a person.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn set_person(
        &mut self,
        id: Uuid,
        name: &str,
        contact: Option<Vec<u8>>,
    ) -> Result<()> {
        self.wrote();
        person::Entity::update_many()
            .col_expr(person::Column::Name, Expr::value(name))
            .col_expr(person::Column::Contact, Expr::value(contact))
            .filter(person::Column::TenantId.eq(self.tenant().0))
            .filter(person::Column::Id.eq(id))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Sets the last day of posts; nothing: they go on.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn end_posts(
        &mut self,
        ids: &[Uuid],
        on: impl Into<Option<NaiveDate>>,
    ) -> Result<()> {
        let on: Option<NaiveDate> = on.into();
        self.wrote();
        post::Entity::update_many()
            .col_expr(post::Column::ValidTo, Expr::value(on))
            .filter(post::Column::TenantId.eq(self.tenant().0))
            .filter(post::Column::Id.is_in(ids.iter().copied()))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Gives a post another reach: compare-and-swap on the one that was read.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::StoreError::Stale) when it was changed meanwhile.
    pub async fn set_post_scope(&mut self, id: Uuid, before: &str, after: &str) -> Result<()> {
        self.wrote();
        let done = post::Entity::update_many()
            .col_expr(post::Column::Scope, Expr::value(after))
            .filter(post::Column::TenantId.eq(self.tenant().0))
            .filter(post::Column::Id.eq(id))
            .filter(post::Column::Scope.eq(before))
            .exec(&self.tx)
            .await?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(crate::StoreError::Stale)
        }
    }

    /// Ends a name of the school on a day.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn end_school_name(&mut self, id: Uuid, on: Option<NaiveDate>) -> Result<()> {
        self.change_school_name(id, &[(school_name::Column::ValidTo, Expr::value(on))])
            .await
    }

    /// Puts a name of the school right that began on the day of the change: nobody was called otherwise.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn amend_school_name(&mut self, id: Uuid, code: &str, name: &str) -> Result<()> {
        let values = [
            (school_name::Column::Code, Expr::value(code)),
            (school_name::Column::Name, Expr::value(name)),
        ];
        self.change_school_name(id, &values).await
    }

    async fn change_school_name(
        &mut self,
        id: Uuid,
        values: &[(school_name::Column, Expr)],
    ) -> Result<()> {
        self.wrote();
        let mut update = school_name::Entity::update_many()
            .filter(school_name::Column::TenantId.eq(self.tenant().0))
            .filter(school_name::Column::Id.eq(id));
        for (column, value) in values {
            update = update.col_expr(*column, value.clone());
        }
        update.exec(&self.tx).await?;
        Ok(())
    }

    /// Keeps what was there before a change.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn insert_organisation_changes(
        &mut self,
        rows: Vec<rows::OrganisationChange>,
    ) -> Result<()> {
        self.insert::<organisation_change::Entity>(rows).await
    }

    /// Forgets the changes of an import that was taken back.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn delete_organisation_changes(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        organisation_change::Entity::delete_many()
            .filter(organisation_change::Column::TenantId.eq(self.tenant().0))
            .filter(organisation_change::Column::ImportId.eq(import))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

//! Organisation, people, accounts, posts, parameters, files: reads for everybody inside, writes under a granted right.

use crate::dialect;
use crate::door::Door;
use crate::entity::{
    academic_term, account, admission_photo, import_batch, parameter_value, person, post,
    rule_document, school_name, stored_file, unit, unit_short_name,
};
use crate::error::{Result, StoreError};
use crate::fixed;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The rows an actor is made from.
#[derive(Clone, Debug)]
pub struct SeatRows {
    /// The account.
    pub account: rows::Account,
    /// The person.
    pub person: rows::Person,
    /// The post in use.
    pub post: rows::Post,
}

impl Scope {
    /// Account, person and one of the person's posts, all valid now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when one of them is gone, disabled or over.
    pub async fn seat(&self, account_id: Uuid, post_id: Uuid) -> Result<SeatRows> {
        let account = self.account(account_id).await?;
        if account.state != "active" {
            return Err(StoreError::NotFound);
        }
        let today = self.today();
        let post = self.post(post_id).await?;
        let over = post.valid_from > today || post.valid_to.is_some_and(|end| end < today);
        if over || post.person_id != account.person_id {
            return Err(StoreError::NotFound);
        }
        let person = self.person(account.person_id).await?;
        Ok(SeatRows {
            account,
            person,
            post,
        })
    }

    /// Units that are valid today, by kind and code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn units(&self) -> Result<Vec<rows::Unit>> {
        let today = self.today();
        Ok(unit::Entity::find()
            .filter(unit::Column::TenantId.eq(self.tenant.0))
            .filter(unit::Column::ValidFrom.lte(today))
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

    /// Units that are valid today and past ones, for the names of places in records.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn units_ever(&self) -> Result<Vec<rows::Unit>> {
        Ok(unit::Entity::find()
            .filter(unit::Column::TenantId.eq(self.tenant.0))
            .order_by_asc(unit::Column::Kind)
            .order_by_asc(unit::Column::Code)
            .order_by_asc(unit::Column::ValidFrom)
            .all(&self.tx)
            .await?)
    }

    /// Some units, also past ones, in no order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn units_by_id(&self, ids: &[Uuid]) -> Result<Vec<rows::Unit>> {
        Ok(unit::Entity::find()
            .filter(unit::Column::TenantId.eq(self.tenant.0))
            .filter(unit::Column::Id.is_in(ids.iter().copied()))
            .all(&self.tx)
            .await?)
    }

    /// One unit, also a past one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn unit(&self, id: Uuid) -> Result<rows::Unit> {
        self.keyed::<unit::Entity>(id).await
    }

    /// Approved short names of units per layout.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unit_short_names(&self) -> Result<Vec<rows::UnitShortName>> {
        Ok(unit_short_name::Entity::find()
            .filter(unit_short_name::Column::TenantId.eq(self.tenant.0))
            .all(&self.tx)
            .await?)
    }

    /// Names of the school over time.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn school_names(&self) -> Result<Vec<rows::SchoolName>> {
        Ok(school_name::Entity::find()
            .filter(school_name::Column::TenantId.eq(self.tenant.0))
            .order_by_asc(school_name::Column::ValidFrom)
            .all(&self.tx)
            .await?)
    }

    /// Terms of the academic calendar in every version, the newest of a term last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn term_versions(&self) -> Result<Vec<rows::AcademicTerm>> {
        let make = || {
            academic_term::Entity::find()
                .filter(academic_term::Column::TenantId.eq(0))
                .order_by_asc(academic_term::Column::Version)
        };
        let rows = fixed::rows(&self.tx, make, [self.tenant.0.into()]);
        Ok(rows.all(&self.tx).await?)
    }

    /// Terms of the academic calendar as they stand, in order of their first day.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn terms(&self) -> Result<Vec<rows::AcademicTerm>> {
        let versions = self.term_versions().await?.into_iter();
        let newest: std::collections::BTreeMap<(i32, String), rows::AcademicTerm> = versions
            .map(|t| ((t.year, t.semester.clone()), t))
            .collect();
        let mut terms: Vec<rows::AcademicTerm> = newest.into_values().collect();
        terms.sort_by_key(|t| t.starts_on);
        Ok(terms)
    }

    /// The school's own rules (实施细则), every version.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rule_documents(&self) -> Result<Vec<rows::RuleDocument>> {
        Ok(rule_document::Entity::find()
            .filter(rule_document::Column::TenantId.eq(self.tenant.0))
            .order_by_asc(rule_document::Column::Title)
            .order_by_desc(rule_document::Column::Version)
            .all(&self.tx)
            .await?)
    }

    /// Names of persons by id, for timelines and receipts.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn person_names(
        &self,
        ids: &[Uuid],
    ) -> Result<std::collections::HashMap<Uuid, String>> {
        let rows: Vec<(Uuid, String)> = person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .column(person::Column::Name)
            .filter(person::Column::TenantId.eq(self.tenant.0))
            .filter(person::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(rows.into_iter().collect())
    }

    /// Staff with their accounts and posts, by login.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn staff(&self) -> Result<Vec<(rows::Account, rows::Person, Vec<rows::Post>)>> {
        let accounts = account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::Kind.eq("staff"))
            .order_by_asc(account::Column::Login)
            .all(&self.tx)
            .await?;
        let mut staff = Vec::with_capacity(accounts.len());
        let people = person::Entity::find()
            .filter(person::Column::TenantId.eq(self.tenant.0))
            .filter(person::Column::Id.is_in(accounts.iter().map(|a| a.person_id)))
            .all(&self.tx)
            .await?;
        let posts = post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::PersonId.is_in(accounts.iter().map(|a| a.person_id)))
            .all(&self.tx)
            .await?;
        for account in accounts {
            let Some(person) = people.iter().find(|p| p.id == account.person_id).cloned() else {
                continue;
            };
            let own = posts
                .iter()
                .filter(|p| p.person_id == account.person_id)
                .cloned()
                .collect();
            staff.push((account, person, own));
        }
        Ok(staff)
    }

    /// A file's record.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn stored_file(&self, id: Uuid) -> Result<rows::StoredFile> {
        self.keyed::<stored_file::Entity>(id).await
    }

    /// Files of a purpose that were made before a time.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn stored_files_before(
        &self,
        purpose: &str,
        time: chrono::DateTime<chrono::Utc>,
    ) -> Result<Vec<rows::StoredFile>> {
        Ok(stored_file::Entity::find()
            .filter(stored_file::Column::TenantId.eq(self.tenant.0))
            .filter(stored_file::Column::Purpose.eq(purpose))
            .filter(stored_file::Column::CreatedAt.lt(time))
            .all(&self.tx)
            .await?)
    }

    /// The keys in the file store that are named by a row, of whichever table.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn object_keys(&self) -> Result<BTreeSet<String>> {
        let files: Vec<String> = stored_file::Entity::find()
            .select_only()
            .column(stored_file::Column::ObjectKey)
            .filter(stored_file::Column::TenantId.eq(self.tenant.0))
            .into_tuple()
            .all(&self.tx)
            .await?;
        let photos: Vec<String> = admission_photo::Entity::find()
            .select_only()
            .column(admission_photo::Column::ObjectKey)
            .filter(admission_photo::Column::TenantId.eq(self.tenant.0))
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(files.into_iter().chain(photos).collect())
    }

    /// Bytes of the files that rows name, of whichever table, before they were sealed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn bytes_of_files(&self) -> Result<i64> {
        use admission_photo::Column as Photo;
        use stored_file::Column as File;
        let files = self
            .sum::<stored_file::Entity>(File::TenantId, File::Size)
            .await?;
        let photos = self
            .sum::<admission_photo::Entity>(Photo::TenantId, Photo::Size)
            .await?;
        Ok(files + photos)
    }

    /// The sum of a column over the rows of the tenant; nothing sums up to zero.
    async fn sum<E: EntityTrait>(&self, tenant: E::Column, of: E::Column) -> Result<i64> {
        let sum: Option<Option<i64>> = E::find()
            .select_only()
            .column_as(of.sum().cast_as("bigint"), "sum")
            .filter(tenant.eq(self.tenant.0))
            .into_tuple()
            .one(&self.tx)
            .await?;
        Ok(sum.flatten().unwrap_or_default())
    }

    /// Number of accounts, for the operator's statistics.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_accounts(&self) -> Result<u64> {
        Ok(account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .count(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Sets a parameter as its next version.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another version was set at the same time.
    pub async fn insert_parameter(&mut self, row: rows::ParameterValue) -> Result<()> {
        self.insert::<parameter_value::Entity>(vec![row]).await
    }

    /// Adds names, terms and rule documents of the school.
    ///
    /// # Errors
    /// [`StoreError::Taken`].
    pub async fn insert_calendar(
        &mut self,
        names: Vec<rows::SchoolName>,
        terms: Vec<rows::AcademicTerm>,
    ) -> Result<()> {
        self.insert::<school_name::Entity>(names).await?;
        self.insert::<academic_term::Entity>(terms).await
    }

    /// Adds a version of the school's own rules.
    ///
    /// # Errors
    /// [`StoreError::Taken`].
    pub async fn insert_rule_document(&mut self, row: rows::RuleDocument) -> Result<()> {
        self.insert::<rule_document::Entity>(vec![row]).await
    }

    /// Adds units; parents come before children.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when kind, code and first day exist.
    pub async fn insert_units(
        &mut self,
        units: Vec<rows::Unit>,
        short_names: Vec<rows::UnitShortName>,
    ) -> Result<()> {
        self.insert::<unit::Entity>(units).await?;
        self.insert::<unit_short_name::Entity>(short_names).await
    }

    /// Adds people with their accounts and posts.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a login exists.
    pub async fn insert_people(
        &mut self,
        people: Vec<rows::Person>,
        accounts: Vec<rows::Account>,
        posts: Vec<rows::Post>,
    ) -> Result<()> {
        self.insert::<person::Entity>(people).await?;
        self.insert::<account::Entity>(accounts).await?;
        self.insert::<post::Entity>(posts).await
    }

    /// Takes back units, or people with accounts and posts, of an organisation import that nothing was built on.
    ///
    /// # Errors
    /// [`StoreError::Database`] when something refers to them.
    pub async fn delete_organisation_of(&mut self, import: Uuid) -> Result<()> {
        self.wrote();
        let tenant = self.tenant().0;
        let persons: Vec<Uuid> = account::Entity::find()
            .select_only()
            .column(account::Column::PersonId)
            .filter(account::Column::TenantId.eq(tenant))
            .filter(account::Column::ImportId.eq(import))
            .into_tuple()
            .all(&self.tx)
            .await?;
        post::Entity::delete_many()
            .filter(post::Column::TenantId.eq(tenant))
            .filter(post::Column::ImportId.eq(import))
            .exec(&self.tx)
            .await?;
        account::Entity::delete_many()
            .filter(account::Column::TenantId.eq(tenant))
            .filter(account::Column::ImportId.eq(import))
            .exec(&self.tx)
            .await?;
        person::Entity::delete_many()
            .filter(person::Column::TenantId.eq(tenant))
            .filter(person::Column::Id.is_in(persons))
            .exec(&self.tx)
            .await?;
        let units: Vec<Uuid> = unit::Entity::find()
            .select_only()
            .column(unit::Column::Id)
            .filter(unit::Column::TenantId.eq(tenant))
            .filter(unit::Column::ImportId.eq(import))
            .into_tuple()
            .all(&self.tx)
            .await?;
        unit_short_name::Entity::delete_many()
            .filter(unit_short_name::Column::TenantId.eq(tenant))
            .filter(unit_short_name::Column::UnitId.is_in(units.iter().copied()))
            .exec(&self.tx)
            .await?;
        for kind in ["class", "major", "college", "office"] {
            unit::Entity::delete_many()
                .filter(unit::Column::TenantId.eq(tenant))
                .filter(unit::Column::ImportId.eq(import))
                .filter(unit::Column::Kind.eq(kind))
                .exec(&self.tx)
                .await?;
        }
        Ok(())
    }

    /// Keeps a file's record; the contents are in the file store already.
    ///
    /// # Errors
    /// [`StoreError::Taken`].
    pub async fn insert_file(&mut self, row: rows::StoredFile) -> Result<()> {
        self.insert::<stored_file::Entity>(vec![row]).await
    }

    /// Keeps a new import.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn insert_import(&mut self, row: rows::ImportBatch) -> Result<()> {
        self.insert::<import_batch::Entity>(vec![row]).await
    }
}

impl Door {
    /// Forgets files whose contents were removed because their time was over: the program's own work. What was done with
    /// them stays in the chain and in the access log.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when something refers to one of them.
    pub async fn forget_files(&self, ids: &[Uuid]) -> Result<()> {
        stored_file::Entity::delete_many()
            .filter(stored_file::Column::TenantId.eq(self.tenant().0))
            .filter(dialect::among(
                self.tx.get_database_backend(),
                stored_file::Column::Id,
                ids,
            ))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

impl Scope {
    /// The parameter values that have been set, every version, newest last.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn parameter_values(&self) -> Result<Vec<rows::ParameterValue>> {
        use parameter_value as p;
        let make = || {
            p::Entity::find()
                .filter(p::Column::TenantId.eq(0))
                .order_by_asc(p::Column::EffectiveFrom)
                .order_by_asc(p::Column::Version)
        };
        let rows = fixed::rows(&self.tx, make, [self.tenant.0.into()]);
        Ok(rows.all(&self.tx).await?)
    }
}

//! Accounts and their activations, and what stands on units and staff.

use crate::entity::{
    account, activation, handover_receipt, import_batch, major_map, post, recovery_code, student,
    unit,
};
use crate::error::{Result, StoreError};
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect as _,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What stands on units: how many records of each kind name them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BuiltOnUnits {
    /// Student records.
    pub students: u64,
    /// Units below them that are not among them.
    pub units: u64,
    /// Mapped majors.
    pub majors: u64,
    /// Receipts of hand-overs.
    pub receipts: u64,
}

impl Scope {
    /// Accounts of these persons.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn accounts_of_persons(&self, persons: &[Uuid]) -> Result<Vec<rows::Account>> {
        let mut all = Vec::new();
        for chunk in persons.chunks(5_000) {
            all.extend(
                account::Entity::find()
                    .filter(account::Column::TenantId.eq(self.tenant.0))
                    .filter(account::Column::PersonId.is_in(chunk.iter().copied()))
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }

    /// Accounts with these logins.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn accounts_by_login(&self, logins: &[String]) -> Result<Vec<rows::Account>> {
        let mut all = Vec::new();
        for chunk in logins.chunks(5_000) {
            all.extend(
                account::Entity::find()
                    .filter(account::Column::TenantId.eq(self.tenant.0))
                    .filter(account::Column::Login.is_in(chunk.iter().map(String::as_str)))
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }

    /// 工号 of the staff.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn staff_logins(&self) -> Result<BTreeSet<String>> {
        let logins: Vec<String> = account::Entity::find()
            .select_only()
            .column(account::Column::Login)
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::Kind.eq("staff"))
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(logins.into_iter().collect())
    }

    /// Accounts with these ids.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn accounts_by_id(&self, ids: &[Uuid]) -> Result<Vec<rows::Account>> {
        Ok(account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::Id.is_in(ids.iter().copied()))
            .all(&self.tx)
            .await?)
    }

    /// Accounts that are locked now, the longest lock first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn locked_accounts(&self) -> Result<Vec<rows::Account>> {
        Ok(account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::LockedUntil.gt(self.now()))
            .order_by_desc(account::Column::LockedUntil)
            .all(&self.tx)
            .await?)
    }

    /// Activation slips of these accounts that are neither used nor over.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn open_slips(&self, accounts: &[Uuid]) -> Result<Vec<rows::Activation>> {
        let mut slips = self.open_activations(accounts).await?;
        slips.retain(|activation| activation.kind == "slip");
        Ok(slips)
    }

    /// Slips and one-time codes of these accounts that are neither used nor over.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn open_activations(&self, accounts: &[Uuid]) -> Result<Vec<rows::Activation>> {
        let mut all = Vec::new();
        for chunk in accounts.chunks(5_000) {
            all.extend(
                activation::Entity::find()
                    .filter(activation::Column::TenantId.eq(self.tenant.0))
                    .filter(activation::Column::AccountId.is_in(chunk.iter().copied()))
                    .filter(activation::Column::UsedAt.is_null())
                    .filter(activation::Column::ExpiresAt.gt(self.now()))
                    .all(&self.tx)
                    .await?,
            );
        }
        Ok(all)
    }

    /// Activations that were issued to an account, used or not, in the order of their issue.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn activations_of(&self, account: Uuid) -> Result<Vec<rows::Activation>> {
        Ok(activation::Entity::find()
            .filter(activation::Column::TenantId.eq(self.tenant.0))
            .filter(activation::Column::AccountId.eq(account))
            .order_by_asc(activation::Column::IssuedAt)
            .order_by_asc(activation::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// Activations that were issued to these accounts, used or not.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_activations(&self, accounts: &[Uuid]) -> Result<u64> {
        Ok(activation::Entity::find()
            .filter(activation::Column::TenantId.eq(self.tenant.0))
            .filter(activation::Column::AccountId.is_in(accounts.iter().copied()))
            .count(&self.tx)
            .await?)
    }

    /// Activations that were issued for a reason, in order of their time.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn activations_because(&self, reason: &str) -> Result<Vec<rows::Activation>> {
        Ok(activation::Entity::find()
            .filter(activation::Column::TenantId.eq(self.tenant.0))
            .filter(activation::Column::Reason.eq(reason))
            .order_by_asc(activation::Column::IssuedAt)
            .all(&self.tx)
            .await?)
    }

    /// Accounts that an import of staff made.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn accounts_of_import(&self, import: Uuid) -> Result<Vec<rows::Account>> {
        Ok(account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::ImportId.eq(import))
            .all(&self.tx)
            .await?)
    }

    /// Posts of these persons that another import, or none, made.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn count_posts_beside(&self, persons: &[Uuid], import: Uuid) -> Result<u64> {
        let other = Condition::any()
            .add(post::Column::ImportId.is_null())
            .add(post::Column::ImportId.ne(import));
        Ok(post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::PersonId.is_in(persons.iter().copied()))
            .filter(other)
            .count(&self.tx)
            .await?)
    }

    /// Units that an import made.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn units_of_import(&self, import: Uuid) -> Result<Vec<rows::Unit>> {
        Ok(unit::Entity::find()
            .filter(unit::Column::TenantId.eq(self.tenant.0))
            .filter(unit::Column::ImportId.eq(import))
            .all(&self.tx)
            .await?)
    }

    /// Every post that is not over, of everybody: what it reaches stands in its scope.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn posts(&self) -> Result<Vec<rows::Post>> {
        let today = self.today();
        Ok(post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::Office.ne("student"))
            .filter(
                post::Column::ValidTo
                    .is_null()
                    .or(post::Column::ValidTo.gte(today)),
            )
            .all(&self.tx)
            .await?)
    }

    /// What stands on units.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn built_on_units(&self, ids: &[Uuid]) -> Result<BuiltOnUnits> {
        let mut built = BuiltOnUnits::default();
        let tenant = self.tenant.0;
        for chunk in ids.chunks(5_000) {
            let among = || chunk.iter().copied();
            let named = Condition::any()
                .add(student::Column::CollegeId.is_in(among()))
                .add(student::Column::MajorId.is_in(among()))
                .add(student::Column::ClassId.is_in(among()));
            built.students += student::Entity::find()
                .filter(student::Column::TenantId.eq(tenant))
                .filter(named)
                .count(&self.tx)
                .await?;
            built.majors += major_map::Entity::find()
                .filter(major_map::Column::TenantId.eq(tenant))
                .filter(major_map::Column::MajorId.is_in(among()))
                .count(&self.tx)
                .await?;
            built.receipts += handover_receipt::Entity::find()
                .filter(handover_receipt::Column::TenantId.eq(tenant))
                .filter(handover_receipt::Column::CollegeId.is_in(among()))
                .count(&self.tx)
                .await?;
            let children = unit::Entity::find()
                .filter(unit::Column::TenantId.eq(tenant))
                .filter(unit::Column::ParentId.is_in(among()))
                .all(&self.tx)
                .await?;
            let outside = children.iter().filter(|child| !ids.contains(&child.id));
            built.units += u64::try_from(outside.count()).unwrap_or(u64::MAX);
        }
        Ok(built)
    }

    /// Imports of several purposes, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn imports_of(&self, purposes: &[&str]) -> Result<Vec<rows::ImportBatch>> {
        use sea_orm::QuerySelect;
        Ok(import_batch::Entity::find()
            .filter(import_batch::Column::TenantId.eq(self.tenant.0))
            .filter(import_batch::Column::Purpose.is_in(purposes.iter().copied()))
            .order_by_desc(import_batch::Column::CreatedAt)
            .limit(50)
            .all(&self.tx)
            .await?)
    }
}

impl UnitOfWork {
    /// Disables an account, or lets it be used again: `new` while it has no password.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::StoreError::Stale) when it changed meanwhile.
    pub async fn set_account_state(&mut self, account: &rows::Account, state: &str) -> Result<()> {
        self.wrote();
        let version = account.version;
        let done = account::Entity::update_many()
            .col_expr(account::Column::State, Expr::value(state))
            .col_expr(account::Column::Version, Expr::value(version + 1))
            .filter(account::Column::TenantId.eq(self.tenant().0))
            .filter(account::Column::Id.eq(account.id))
            .filter(account::Column::Version.eq(version))
            .exec(&self.tx)
            .await?;
        one(done.rows_affected)
    }

    /// Takes the second factor of an account away, with its recovery codes.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::StoreError::Stale) when it changed meanwhile.
    pub async fn reset_totp(&mut self, account: &rows::Account) -> Result<()> {
        self.wrote();
        let version = account.version;
        let done = account::Entity::update_many()
            .col_expr(account::Column::Totp, Expr::value(None::<Vec<u8>>))
            .col_expr(account::Column::TotpConfirmed, Expr::value(false))
            .col_expr(account::Column::TotpStep, Expr::value(0_i64))
            .col_expr(account::Column::Version, Expr::value(version + 1))
            .filter(account::Column::TenantId.eq(self.tenant().0))
            .filter(account::Column::Id.eq(account.id))
            .filter(account::Column::Version.eq(version))
            .exec(&self.tx)
            .await?;
        one(done.rows_affected)?;
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::TenantId.eq(self.tenant().0))
            .filter(recovery_code::Column::AccountId.eq(account.id))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Keeps issued activations.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn insert_activations(&mut self, rows: Vec<rows::Activation>) -> Result<()> {
        self.insert::<activation::Entity>(rows).await
    }

    /// Ends activations of these accounts that are still open, before new ones are issued.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn close_activations(&mut self, accounts: &[Uuid]) -> Result<()> {
        self.wrote();
        let now = self.now();
        for chunk in accounts.chunks(5_000) {
            activation::Entity::update_many()
                .col_expr(activation::Column::ExpiresAt, Expr::value(now))
                .filter(activation::Column::TenantId.eq(self.tenant().0))
                .filter(activation::Column::AccountId.is_in(chunk.iter().copied()))
                .filter(activation::Column::UsedAt.is_null())
                .filter(activation::Column::ExpiresAt.gt(now))
                .exec(&self.tx)
                .await?;
        }
        Ok(())
    }
}

const fn one(rows: u64) -> Result<()> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

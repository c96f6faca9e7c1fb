//! The door: what sign-in and activation need before there is an actor. It reads accounts and posts, counts failures and
//! sets passwords; with [`Door::enter`] it becomes the unit of work of whoever came in.

use crate::entity::{account, activation, person, post, recovery_code};
use crate::error::{Result, StoreError};
use crate::unit::whole::Whole;
use crate::unit::{Scope, UnitOfWork};
use crate::{dialect, rows};
use chrono::{DateTime, Utc};
use domain::institution::Actor;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// A unit without an actor, inside one university.
pub struct Door {
    scope: Scope,
}

impl std::ops::Deref for Door {
    type Target = Scope;
    fn deref(&self) -> &Scope {
        &self.scope
    }
}

/// The door, to look through only: it has no method that writes.
pub struct Look {
    scope: Scope,
}

impl std::ops::Deref for Look {
    type Target = Scope;
    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl Look {
    pub(crate) const fn new(scope: Scope) -> Self {
        Self { scope }
    }
}

impl Scope {
    /// The account with this login.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn account_by_login(&self, login: &str) -> Result<Option<rows::Account>> {
        Ok(account::Entity::find()
            .filter(account::Column::TenantId.eq(self.tenant.0))
            .filter(account::Column::Login.eq(login))
            .one(&self.tx)
            .await?)
    }

    /// The account with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn account(&self, id: Uuid) -> Result<rows::Account> {
        self.keyed::<account::Entity>(id).await
    }

    /// The person behind an account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn person(&self, id: Uuid) -> Result<rows::Person> {
        self.keyed::<person::Entity>(id).await
    }

    /// The posts of a person that are valid today, in order of their beginning.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn posts_of(&self, person: Uuid) -> Result<Vec<rows::Post>> {
        let today = self.today();
        Ok(post::Entity::find()
            .filter(post::Column::TenantId.eq(self.tenant.0))
            .filter(post::Column::PersonId.eq(person))
            .filter(post::Column::ValidFrom.lte(today))
            .filter(
                post::Column::ValidTo
                    .is_null()
                    .or(post::Column::ValidTo.gte(today)),
            )
            .order_by_asc(post::Column::ValidFrom)
            .order_by_asc(post::Column::Id)
            .all(&self.tx)
            .await?)
    }

    /// An activation that was issued.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn activation(&self, id: Uuid) -> Result<rows::Activation> {
        self.keyed::<activation::Entity>(id).await
    }

    /// The newest one-time code of an account that is neither used nor over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn open_code_of(&self, account: Uuid) -> Result<Option<rows::Activation>> {
        Ok(activation::Entity::find()
            .filter(activation::Column::TenantId.eq(self.tenant.0))
            .filter(activation::Column::AccountId.eq(account))
            .filter(activation::Column::Kind.eq("code"))
            .filter(activation::Column::UsedAt.is_null())
            .filter(activation::Column::ExpiresAt.gt(self.now()))
            .order_by_desc(activation::Column::IssuedAt)
            .one(&self.tx)
            .await?)
    }
}

impl Door {
    pub(crate) const fn new(scope: Scope) -> Self {
        Self { scope }
    }

    /// Becomes the unit of work of an actor, in the same transaction: from here on nothing is committed without a note.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the actor belongs to another university.
    pub fn enter(self, actor: &Actor) -> Result<UnitOfWork> {
        if actor.tenant() == self.tenant {
            Ok(UnitOfWork::continued(self.scope, actor))
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// Counts a failure of an account and says how many there were since the last success; `None` while it is locked,
    /// when failures do not count. A lock that ended before `forgotten` is forgotten with its failures.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_failure(&self, id: Uuid, forgotten: DateTime<Utc>) -> Result<Option<i32>> {
        let mut forget = self.account_update(id);
        forget
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .and_where(Expr::col(Alias::new("locked_until")).lt(forgotten));
        self.tx.execute(&forget).await?;
        let mut count = self.account_update(id);
        count
            .value(Alias::new("fails"), Expr::col(Alias::new("fails")).add(1))
            .cond_where(self.unlocked());
        if self.tx.execute(&count).await?.rows_affected() == 0 {
            return Ok(None);
        }
        Ok(Some(self.account(id).await?.fails))
    }

    /// Locks an account; survives a restart.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lock(&self, id: Uuid, until: DateTime<Utc>) -> Result<()> {
        let mut update = self.account_update(id);
        update.value(Alias::new("locked_until"), until);
        self.one_row(update).await
    }

    /// Ends the lock of an account before its time, for whoever may pass it; the failures stay.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the account changed since it was read.
    pub async fn open_lock(&self, read: &rows::Account) -> Result<()> {
        let mut update = self.account_update(read.id);
        update
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .and_where(Expr::col(Alias::new("version")).eq(read.version))
            .and_where(Expr::col(Alias::new("state")).eq("active"));
        self.one_row(update).await
    }

    /// Forgets the failures of an account whose password was right; `false` when it was locked, disabled or changed
    /// since it was read.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn clear_failures(&self, read: &rows::Account) -> Result<bool> {
        let mut update = self.account_update(read.id);
        update
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .and_where(Expr::col(Alias::new("version")).eq(read.version))
            .and_where(Expr::col(Alias::new("state")).eq("active"))
            .cond_where(self.unlocked());
        Ok(self.tx.execute(&update).await?.rows_affected() == 1)
    }

    fn account_update(&self, id: Uuid) -> UpdateStatement {
        Query::update()
            .table(Alias::new("account"))
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant.0))
            .and_where(Expr::col(Alias::new("id")).eq(id))
            .take()
    }

    fn unlocked(&self) -> Condition {
        let until = || Expr::col(Alias::new("locked_until"));
        Condition::any()
            .add(until().is_null())
            .add(until().lte(self.now()))
    }

    /// Keeps the same password of an account under a hash of today's cost: nothing that was proved with it ends.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the account changed meanwhile.
    pub async fn renew_hash(&self, account: &rows::Account, hash: &str) -> Result<()> {
        let mut update = self.account_update(account.id);
        update
            .value(Alias::new("password_hash"), hash)
            .and_where(Expr::col(Alias::new("version")).eq(account.version));
        self.one_row(update).await
    }

    /// Sets another password of an account, makes it active and gives its version from then on.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the account changed meanwhile.
    pub async fn set_password(&self, account: &rows::Account, hash: &str) -> Result<i32> {
        let version = account.version + 1;
        let mut update = Query::update();
        update
            .table(Alias::new("account"))
            .value(Alias::new("password_hash"), hash)
            .value(Alias::new("state"), "active")
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .value(Alias::new("version"), version)
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant.0))
            .and_where(Expr::col(Alias::new("id")).eq(account.id))
            .and_where(Expr::col(Alias::new("state")).ne("disabled"))
            .and_where(Expr::col(Alias::new("version")).eq(account.version));
        self.one_row(update.take()).await?;
        Ok(version)
    }

    /// Keeps the seeds of a second factor, sealed. Whether one is confirmed, and which step was used last, stays.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when there is no such account.
    pub async fn keep_totp(&self, account: Uuid, sealed: Vec<u8>) -> Result<()> {
        let mut update = self.account_update(account);
        update.value(Alias::new("totp"), sealed);
        self.one_row(update).await
    }

    /// Puts a new second factor in force, with the step that proved it, and gives the account's version from then on.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the account changed meanwhile.
    pub async fn confirm_totp(
        &self,
        account: &rows::Account,
        sealed: Vec<u8>,
        step: i64,
    ) -> Result<i32> {
        let version = account.version + 1;
        let mut update = self.account_update(account.id);
        update
            .value(Alias::new("totp"), sealed)
            .value(Alias::new("totp_confirmed"), true)
            .value(Alias::new("totp_step"), step)
            .value(Alias::new("version"), version)
            .and_where(Expr::col(Alias::new("version")).eq(account.version));
        self.one_row(update).await?;
        Ok(version)
    }

    /// Uses up a time step of the second factor: a code counts once.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when this step or a later one was used before.
    pub async fn use_totp_step(&self, account: Uuid, step: i64) -> Result<()> {
        let mut update = self.account_update(account);
        update
            .value(Alias::new("totp_step"), step)
            .and_where(Expr::col(Alias::new("totp_step")).lt(step));
        self.one_row(update).await
    }

    /// Keeps recovery codes, hashed; earlier ones are gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_recovery_codes(&self, account: Uuid, hashes: Vec<[u8; 32]>) -> Result<()> {
        recovery_code::Entity::delete_many()
            .filter(recovery_code::Column::TenantId.eq(self.tenant.0))
            .filter(recovery_code::Column::AccountId.eq(account))
            .exec(&self.tx)
            .await?;
        let rows = hashes
            .into_iter()
            .map(|hash| recovery_code::Model {
                tenant_id: self.tenant.0,
                id: self.id(),
                account_id: account,
                hash: hash.to_vec(),
                used_at: None,
            })
            .collect();
        self.insert_all::<recovery_code::Entity>(rows).await
    }

    /// Uses up a recovery code; `false` when there is no unused one with this hash.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn use_recovery_code(&self, account: Uuid, hash: [u8; 32]) -> Result<bool> {
        let mut update = Query::update();
        update
            .table(Alias::new("recovery_code"))
            .value(Alias::new("used_at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant.0))
            .and_where(Expr::col(Alias::new("account_id")).eq(account))
            .and_where(Expr::col(Alias::new("hash")).eq(hash.to_vec()))
            .and_where(Expr::col(Alias::new("used_at")).is_null());
        Ok(self.tx.execute(&update.take()).await?.rows_affected() == 1)
    }

    /// Uses up an activation: one use only, before it expires.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it was used or is over.
    pub async fn use_activation(&self, id: Uuid) -> Result<()> {
        let mut update = Query::update();
        update
            .table(Alias::new("activation"))
            .value(Alias::new("used_at"), self.now())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant.0))
            .and_where(Expr::col(Alias::new("id")).eq(id))
            .and_where(Expr::col(Alias::new("used_at")).is_null())
            .and_where(Expr::col(Alias::new("expires_at")).gt(self.now()));
        self.one_row(update.take()).await
    }

    /// Counts a wrong one-time code; after `most` the code is dead.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn count_code_try(&self, code: Uuid, most: i32) -> Result<()> {
        let own = || {
            Query::update()
                .table(Alias::new("activation"))
                .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant.0))
                .and_where(Expr::col(Alias::new("id")).eq(code))
                .take()
        };
        let mut count = own();
        count.value(Alias::new("tries"), Expr::col(Alias::new("tries")).add(1));
        self.one_row(count).await?;
        let mut end = own();
        end.value(Alias::new("expires_at"), self.now())
            .and_where(Expr::col(Alias::new("tries")).gte(most));
        self.tx.execute(&end).await?;
        Ok(())
    }

    async fn one_row(&self, update: sea_orm::sea_query::UpdateStatement) -> Result<()> {
        if self.tx.execute(&update).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }

    /// Commits what the door wrote.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when a statement of this door failed before: nothing of it is kept then.
    pub async fn commit(self) -> Result<()> {
        dialect::ensure_sound(&self.scope.tx).await?;
        Ok(Whole::of(self.scope.tx.commit()).await?)
    }
}

//! Operators of the platform, and their comings and goings.

use super::Control;
use crate::entity::{operator, operator_event};
use crate::error::{Result, StoreError};
use crate::rows;
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Origin;
use domain::institution::OperatorAct;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Bytes of a recovery code's hash.
const HASH: usize = 32;

/// Events of one kind that strangers can bring about and that are noted within an hour: the table is not theirs to fill.
pub const MOST_PROVOKED: u64 = 300;

impl Control<'_> {
    /// The operator with this login.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator(&self, login: &str) -> Result<Option<rows::Operator>> {
        Ok(operator::Entity::find()
            .filter(operator::Column::Login.eq(login))
            .one(self.db())
            .await?)
    }

    /// The operator with this id.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator_by_id(&self, id: Uuid) -> Result<Option<rows::Operator>> {
        Ok(operator::Entity::find_by_id(id).one(self.db()).await?)
    }

    /// Keeps a new operator.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the login exists.
    pub async fn insert_operator(&self, row: rows::Operator) -> Result<()> {
        operator::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }

    /// Counts a failure of an operator who is not locked and says how many there were since the last success; `None`
    /// while locked. A lock that ended before `forgotten` is forgotten with its failures.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn count_operator_failure(
        &self,
        id: Uuid,
        forgotten: DateTime<Utc>,
    ) -> Result<Option<i32>> {
        let mut forget = operator_update(id);
        forget
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .and_where(Expr::col(Alias::new("locked_until")).lt(forgotten));
        self.db().execute(&forget).await?;
        let mut count = operator_update(id);
        count
            .value(Alias::new("fails"), Expr::col(Alias::new("fails")).add(1))
            .cond_where(self.unlocked());
        if self.db().execute(&count).await?.rows_affected() == 0 {
            return Ok(None);
        }
        Ok(self.operator_by_id(id).await?.map(|o| o.fails))
    }

    /// Locks an operator; survives a restart.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn lock_operator(&self, id: Uuid, until: DateTime<Utc>) -> Result<()> {
        let mut update = operator_update(id);
        update.value(Alias::new("locked_until"), until);
        self.db().execute(&update).await?;
        Ok(())
    }

    /// Forgets the failures of an operator who proved everything that is asked for; `false` while locked, and when the
    /// second factor changed since the row was read.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn clear_operator_failures(&self, read: &rows::Operator) -> Result<bool> {
        self.changes_one(&self.proven(read)).await
    }

    /// Uses up a time step of the second factor and forgets the failures, in one statement: a code counts once, and not
    /// while its operator is locked. `false` when this step or a later one was used before, as well.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn use_operator_step(&self, read: &rows::Operator, step: i64) -> Result<bool> {
        let mut update = self.proven(read);
        update
            .value(Alias::new("totp_step"), step)
            .and_where(Expr::col(Alias::new("totp_step")).lt(step));
        self.changes_one(&update).await
    }

    /// Uses up a recovery code and forgets the failures, in one statement. `false` when there is no such code any more,
    /// while its operator is locked, and when the second factor changed since the row was read.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn use_operator_recovery(
        &self,
        read: &rows::Operator,
        hash: [u8; HASH],
    ) -> Result<bool> {
        let mut kept = read.recovery.clone();
        // Whoever uses another code at the same moment changes what is compared with: each of the ten does so once.
        loop {
            let Some(left) = without(&kept, hash) else {
                return Ok(false);
            };
            let mut update = self.proven(read);
            update
                .value(Alias::new("recovery"), left)
                .and_where(Expr::col(Alias::new("recovery")).eq(kept.clone()));
            if self.changes_one(&update).await? {
                return Ok(true);
            }
            match self.operator_by_id(read.id).await? {
                Some(now) if now.recovery != kept => kept = now.recovery,
                Some(_) | None => return Ok(false),
            }
        }
    }

    /// Keeps the seeds of a second factor, sealed. Whether one is confirmed, and which step was used last, stays.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the second factor changed since the row was read.
    pub async fn keep_operator_totp(&self, read: &rows::Operator, sealed: Vec<u8>) -> Result<()> {
        let mut update = unchanged(read);
        update.value(Alias::new("totp"), sealed);
        self.change_one(&update).await
    }

    /// Puts a new second factor in force, with the step that proved it and recovery codes, hashed; earlier ones are gone.
    /// What was begun with the factor before, sessions too, counts no more.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the second factor changed since the row was read.
    pub async fn confirm_operator_totp(
        &self,
        read: &rows::Operator,
        sealed: Vec<u8>,
        step: i64,
        recovery: &[[u8; HASH]],
    ) -> Result<()> {
        let mut update = unchanged(read);
        update
            .value(Alias::new("totp"), sealed)
            .value(Alias::new("totp_confirmed"), true)
            .value(Alias::new("totp_step"), step)
            .value(Alias::new("recovery"), recovery.concat())
            .value(Alias::new("version"), read.version + 1);
        self.change_one(&update).await
    }

    /// Takes the second factor of an operator away, with its recovery codes. What was begun with it, sessions too, counts
    /// no more.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the second factor changed since the row was read.
    pub async fn reset_operator_totp(&self, read: &rows::Operator) -> Result<()> {
        let mut update = unchanged(read);
        update
            .value(Alias::new("totp"), None::<Vec<u8>>)
            .value(Alias::new("totp_confirmed"), false)
            .value(Alias::new("totp_step"), 0_i64)
            .value(Alias::new("recovery"), Vec::<u8>::new())
            .value(Alias::new("version"), read.version + 1);
        self.change_one(&update).await
    }

    /// Sets another password of an operator, whose lock is open then. What was begun with the old one, sessions too, counts
    /// no more.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when password or second factor changed since the row was read.
    pub async fn set_operator_password(&self, read: &rows::Operator, hash: String) -> Result<()> {
        let mut update = unchanged(read);
        update
            .value(Alias::new("password_hash"), hash)
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .value(Alias::new("version"), read.version + 1);
        self.change_one(&update).await
    }

    /// Forgets the failures of an operator who is as it was read and not locked.
    fn proven(&self, read: &rows::Operator) -> UpdateStatement {
        let mut update = unchanged(read);
        update
            .value(Alias::new("fails"), 0)
            .value(Alias::new("locked_until"), None::<DateTime<Utc>>)
            .cond_where(self.unlocked());
        update
    }

    async fn changes_one(&self, update: &UpdateStatement) -> Result<bool> {
        Ok(self.db().execute(update).await?.rows_affected() == 1)
    }

    async fn change_one(&self, update: &UpdateStatement) -> Result<()> {
        if self.changes_one(update).await? {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }

    fn unlocked(&self) -> Condition {
        let until = || Expr::col(Alias::new("locked_until"));
        Condition::any()
            .add(until().is_null())
            .add(until().lte(self.source_now()))
    }

    /// Notes a coming or going at the platform's own door, with the network it came from; `operator` is empty for a
    /// login that nobody has. Of a kind that strangers can bring about, so many are noted within an hour.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator_event(
        &self,
        act: OperatorAct,
        operator: Option<Uuid>,
        origin: Origin,
    ) -> Result<()> {
        if act.is_provoked() {
            let since = self.source_now() - TimeDelta::hours(1);
            let recent = operator_event::Entity::find()
                .filter(operator_event::Column::Kind.eq(act.key()))
                .filter(operator_event::Column::At.gt(since));
            if recent.count(self.db()).await? >= MOST_PROVOKED {
                return Ok(());
            }
        }
        let row = operator_event::Model {
            id: self.source_id(),
            at: self.source_now(),
            kind: act.key().to_owned(),
            operator_id: operator,
            origin: origin.to_string(),
        };
        operator_event::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }

    /// How often each kind happened since a moment.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator_totals(&self, since: DateTime<Utc>) -> Result<Vec<(String, i64)>> {
        Ok(operator_event::Entity::find()
            .select_only()
            .column(operator_event::Column::Kind)
            .column_as(operator_event::Column::Id.count(), "n")
            .filter(operator_event::Column::At.gte(since))
            .group_by(operator_event::Column::Kind)
            .into_tuple()
            .all(self.db())
            .await?)
    }

    /// When something of this kind happened last.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn last_operator_event(&self, act: OperatorAct) -> Result<Option<DateTime<Utc>>> {
        let newest = operator_event::Entity::find()
            .filter(operator_event::Column::Kind.eq(act.key()))
            .order_by_desc(operator_event::Column::At)
            .one(self.db())
            .await?;
        Ok(newest.map(|event| event.at))
    }

    /// The newest comings and goings, and who came.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`].
    pub async fn operator_events(
        &self,
        most: u64,
    ) -> Result<Vec<(rows::OperatorEvent, Option<rows::Operator>)>> {
        let events = operator_event::Entity::find()
            .order_by_desc(operator_event::Column::At)
            .order_by_desc(operator_event::Column::Id)
            .limit(most)
            .all(self.db())
            .await?;
        let operators = operator::Entity::find().all(self.db()).await?;
        let who = |id: Option<Uuid>| operators.iter().find(|o| Some(o.id) == id).cloned();
        Ok(events
            .into_iter()
            .map(|event| {
                let operator = who(event.operator_id);
                (event, operator)
            })
            .collect())
    }
}

/// The operator whose second factor is as it was read.
fn unchanged(read: &rows::Operator) -> UpdateStatement {
    let mut update = operator_update(read.id);
    update.and_where(Expr::col(Alias::new("version")).eq(read.version));
    update
}

/// The hashes without one of them; `None` when it is not among them.
fn without(hashes: &[u8], hash: [u8; HASH]) -> Option<Vec<u8>> {
    let (hashes, _) = hashes.as_chunks::<HASH>();
    let others = hashes.iter().filter(|kept| **kept != hash);
    hashes
        .contains(&hash)
        .then(|| others.flatten().copied().collect())
}

fn operator_update(id: Uuid) -> UpdateStatement {
    Query::update()
        .table(Alias::new("operator"))
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .take()
}

//! Accounts of the staff as the school's administrator keeps them: disabled, used again, without a lost second factor.

use crate::{Result, ServiceError, Services};
use domain::institution::{Action, Actor, Granted, Target, policy};
use store::{Detail, Subject, UnitOfWork, rows};
use uuid::Uuid;

const DISABLED: &str = "disabled";
/// Longest reason that is kept with an act.
const LONGEST_REASON: usize = 200;

/// A reason somebody gave, trimmed.
fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    let invalid = |code| ServiceError::Invalid {
        field: "reason",
        code,
    };
    match text.chars().count() {
        0 => Err(invalid("missing")),
        1..=LONGEST_REASON => Ok(text.to_owned()),
        _ => Err(invalid("too_long")),
    }
}

/// An account of the staff that is not the own: nobody shuts the own door, or opens it.
async fn other(unit: &UnitOfWork, actor: &Actor, id: Uuid) -> Result<rows::Account> {
    let account = unit.account(id).await?;
    if account.kind != "staff" {
        return Err(ServiceError::NotFound);
    }
    if account.person_id == actor.person() {
        return Err(ServiceError::Invalid {
            field: "account",
            code: "own_account",
        });
    }
    Ok(account)
}

fn granted<A: Action>(actor: &Actor, unit: &UnitOfWork) -> Result<Granted<A>> {
    Ok(actor.authorize::<A>(&Target::school(actor.tenant()), unit.now())?)
}

impl Services {
    /// Disables an account of the staff: it signs in no more, its sessions and open slips end at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Invalid`] on `reason` or for the own account (`own_account`),
    /// [`ServiceError::Refused`] without a fresh step-up.
    pub async fn disable_account(&self, actor: &Actor, id: Uuid, why: &str) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = granted::<policy::DisableAccount>(actor, &unit)?;
        let why = reason(why)?;
        // One after the other with lists of staff, which count the administrators that are left.
        unit.own_tenant().await?;
        let account = other(&unit, actor, id).await?;
        unit.set_account_state(&account, DISABLED).await?;
        unit.close_activations(&[id]).await?;
        unit.note(&granted, Subject::new("account", id), Detail::text(why));
        unit.commit().await?;
        self.end_all_sessions(actor, id).await
    }

    /// Lets a disabled account be used again, with the password it had.
    ///
    /// # Errors
    /// As [`Services::disable_account`]; [`ServiceError::NotFound`] for one that is not disabled.
    pub async fn enable_account(&self, actor: &Actor, id: Uuid, why: &str) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = granted::<policy::EnableAccount>(actor, &unit)?;
        let why = reason(why)?;
        let account = other(&unit, actor, id).await?;
        if account.state != DISABLED {
            return Err(ServiceError::NotFound);
        }
        let state = if account.password_hash.is_some() {
            "active"
        } else {
            "new"
        };
        unit.set_account_state(&account, state).await?;
        unit.note(&granted, Subject::new("account", id), Detail::text(why));
        Ok(unit.commit().await?)
    }

    /// Takes a lost second factor away with its recovery codes; sessions end, and the next sign-in enrols a new one.
    ///
    /// # Errors
    /// As [`Services::disable_account`].
    pub async fn reset_totp(&self, actor: &Actor, id: Uuid, why: &str) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = granted::<policy::ResetTotp>(actor, &unit)?;
        let why = reason(why)?;
        let account = other(&unit, actor, id).await?;
        unit.reset_totp(&account).await?;
        unit.note(&granted, Subject::new("account", id), Detail::text(why));
        unit.commit().await?;
        self.end_all_sessions(actor, id).await
    }

    async fn end_all_sessions(&self, actor: &Actor, account: Uuid) -> Result<()> {
        let control = self.store.control();
        control
            .end_sessions_of(actor.tenant(), account, None)
            .await?;
        Ok(())
    }
}

//! Setting the first password with a slip, or with a one-time code and three things the student knows.

use super::super::account::{about, context, ensure_strong};
use super::super::attempt::{first_post, student_account};
use super::super::second_factor::PendingFactor;
use super::super::sign_in::{SignInOutcome, let_in};
use super::code::{MOST_TRIES, code_hash};
use super::{SLIP, holder_of, token};
use crate::{Result, Services};
use domain::institution::{Action, Incident, TenantId, policy};
use domain::person::mask::Masked;
use domain::person::{id_number, name};
use std::net::IpAddr;
use store::blind::{BlindIndex, Column};
use store::{Scope, StoreError, rows};
use uuid::Uuid;

use super::super::secret;

/// Whose slip it is, masked: the page shows it before the password is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipHolder {
    /// Name.
    pub name: Masked,
    /// Login.
    pub number: Masked,
}

/// What a student gives with a one-time code; all four must be right.
#[derive(Clone)]
pub struct CodeClaim {
    /// 考生号.
    pub candidate_number: String,
    /// Name.
    pub name: String,
    /// Number of the document of identity.
    pub id_number: String,
    /// The one-time code.
    pub code: String,
}

impl std::fmt::Debug for CodeClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeClaim")
    }
}

/// An activation that may be used now, and its account.
struct Open {
    activation: rows::Activation,
    account: rows::Account,
}

/// What somebody who claims a code has.
enum Claimed {
    /// Everything is right.
    Right(Box<Open>),
    /// Name and document of the student, but not this open code.
    WrongCode(Uuid),
    /// No open code, or somebody who knows no more than the number.
    Nothing,
}

impl Services {
    /// Whose slip a token is of.
    ///
    /// # Errors
    /// [`crate::ServiceError::SignIn`] for every token that does not count, whatever the reason.
    pub async fn peek_slip(
        &self,
        tenant: TenantId,
        token: &str,
        from: IpAddr,
    ) -> Result<SlipHolder> {
        let look = self.store.look(tenant).await?;
        if let Some(open) = self.open_slip(&look, token).await? {
            let person = look.person(open.account.person_id).await?;
            return Ok(holder_of(&person.name, &open.account.login));
        }
        drop(look);
        self.refuse_slip(tenant, from).await
    }

    /// A slip that counts is signed and cannot be guessed, so nobody else's failures hold it up; one that does not count
    /// is counted.
    async fn refuse_slip<T>(&self, tenant: TenantId, from: IpAddr) -> Result<T> {
        let tried = self.attempt(tenant, SLIP, from);
        self.ensure_calm(&tried).await?;
        let at = (&tried, from);
        self.refuse(tenant, None, at, Incident::ActivationRefused)
            .await
    }

    /// Sets the first password with a slip and signs in; a second factor that is enrolled is still asked for.
    ///
    /// # Errors
    /// [`crate::ServiceError::SignIn`] for every slip that does not count, [`crate::ServiceError::Invalid`] on
    /// `password`.
    pub async fn redeem_slip(
        &self,
        tenant: TenantId,
        token: &str,
        password: String,
        from: IpAddr,
    ) -> Result<SignInOutcome> {
        let school = self.tenant_row(tenant).await?;
        let look = self.store.look(tenant).await?;
        let Some(open) = self.open_slip(&look, token).await? else {
            drop(look);
            return self.refuse_slip(tenant, from).await;
        };
        let words = context(&look, &school, &open.account).await?;
        drop(look);
        ensure_strong("password", &password, &words)?;
        self.activate::<policy::Activate>(tenant, open, password, from)
            .await
    }

    /// Sets the first password with candidate number, name, document number and one-time code, and signs in.
    ///
    /// # Errors
    /// [`crate::ServiceError::SignIn`] whichever of the four was wrong; the fifth wrong try ends the code.
    /// [`crate::ServiceError::Invalid`] on `password`, once the four are right; it uses nothing up.
    pub async fn redeem_code(
        &self,
        tenant: TenantId,
        claim: CodeClaim,
        password: String,
        from: IpAddr,
    ) -> Result<SignInOutcome> {
        let number = id_number::normalise(&claim.candidate_number);
        let tried = self.attempt(tenant, &number, from);
        self.ensure_calm(&tried).await?;
        let school = self.tenant_row(tenant).await?;
        let mut words = about(&school, &claim.name);
        words.push(claim.candidate_number.clone());
        words.push(claim.id_number.clone());
        let look = self.store.look(tenant).await?;
        let claimed = self.open_code(&look, &claim).await?;
        drop(look);
        match claimed {
            Claimed::Right(open) => {
                // Only the holder is told of the password: what is kept of the form then is the holder's own.
                ensure_strong("password", &password, &words)?;
                return self
                    .activate::<policy::ActivateByCode>(tenant, *open, password, from)
                    .await;
            }
            Claimed::WrongCode(code) => {
                let door = self.store.door(tenant).await?;
                door.count_code_try(code, MOST_TRIES).await?;
                door.commit().await?;
            }
            Claimed::Nothing => {}
        }
        let at = (&tried, from);
        self.refuse(tenant, None, at, Incident::ActivationRefused)
            .await
    }

    async fn open_slip(&self, scope: &Scope, token: &str) -> Result<Option<Open>> {
        let key = self.store.keys().activation();
        let Some(id) = token::read(key, scope.tenant(), token, scope.now()) else {
            return Ok(None);
        };
        let activation = match scope.activation(id).await {
            Ok(row) => row,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let counts = activation.kind == SLIP
            && activation.used_at.is_none()
            && activation.expires_at > scope.now();
        if !counts {
            return Ok(None);
        }
        let account = scope.account(activation.account_id).await?;
        Ok((account.state != "disabled").then_some(Open {
            activation,
            account,
        }))
    }

    /// What a claim comes to at the open code of the student with this candidate number.
    async fn open_code(&self, scope: &Scope, claim: &CodeClaim) -> Result<Claimed> {
        let number = id_number::normalise(&claim.candidate_number);
        if number.is_empty() || number.chars().any(char::is_control) {
            return Ok(Claimed::Nothing);
        }
        let student = scope.student_by_number(&number).await?;
        let Some(student) = student.filter(|s| s.ksh == number) else {
            return Ok(Claimed::Nothing);
        };
        let Some(person) = student.person_id else {
            return Ok(Claimed::Nothing);
        };
        let account = student_account(scope, person).await?;
        let Some(account) = account.filter(|a| a.state != "disabled") else {
            return Ok(Claimed::Nothing);
        };
        let Some(activation) = scope.open_code_of(account.id).await? else {
            return Ok(Claimed::Nothing);
        };
        let candidate = scope.candidate(student.candidate_id).await?;
        let index = BlindIndex::of(scope.keys(), Column::DocumentNumber, &claim.id_number)
            .map_err(StoreError::from)?;
        let known_id = index.is_some_and(|i| secret::same(i.as_bytes(), &candidate.id_index));
        let known_name = name::name_key(&claim.name) == candidate.name_key;
        let known_code = secret::read_code(&claim.code).is_some_and(|code| {
            let hash = code_hash(self.store.keys().activation(), &activation, &code);
            let stored = activation.secret_hash.as_deref();
            stored.is_some_and(|stored| secret::same(&hash, stored))
        });
        Ok(match (known_id & known_name, known_code) {
            (true, true) => Claimed::Right(Box::new(Open {
                activation,
                account,
            })),
            (true, false) => Claimed::WrongCode(activation.id),
            (false, _) => Claimed::Nothing,
        })
    }

    async fn activate<A: Action>(
        &self,
        tenant: TenantId,
        open: Open,
        password: String,
        from: IpAddr,
    ) -> Result<SignInOutcome> {
        let hash = self.passwords.hash(password).await?;
        let door = self.store.door(tenant).await?;
        let post = match first_post(&door, open.account.person_id, from).await? {
            Ok(post) => post,
            Err(incident) => {
                drop(door);
                let tried = self.attempt(tenant, SLIP, from);
                return self
                    .refuse(tenant, Some(open.account.id), (&tried, from), incident)
                    .await;
            }
        };
        let used = async {
            door.use_activation(open.activation.id).await?;
            door.set_password(&open.account, &hash).await.map(drop)
        };
        match used.await {
            Ok(()) => {}
            Err(StoreError::Stale) => {
                drop(door);
                return self.refuse_slip(tenant, from).await;
            }
            Err(error) => return Err(error.into()),
        }
        let account = door.account(open.account.id).await?;
        let signed_in = let_in::<A>(door, &account, post.id).await?;
        self.know_network(tenant, account.id, from).await?;
        self.store
            .control()
            .end_sessions_of(tenant, account.id, None)
            .await?;
        if account.totp_confirmed {
            let now = self.store.now();
            let pending = PendingFactor::new(tenant, &account, post.id, now);
            return Ok(SignInOutcome::SecondFactor(pending));
        }
        Ok(SignInOutcome::Done(signed_in))
    }
}

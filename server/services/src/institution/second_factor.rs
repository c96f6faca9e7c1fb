//! The second factor: six digits that change every thirty seconds (RFC 6238), or a recovery code.

use super::sign_in::let_in;
use super::{SignedIn, attempt, secret};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::{Actor, Incident, Target, TenantId, policy};
use formats::qr::QrCode;
use std::net::IpAddr;
use store::keys::Purpose;
use store::seal::{self, Place, Sealed};
use store::{Detail, Door, Scope, StoreError, Subject, rows};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long the second factor is waited for.
pub const PENDING_VALID: TimeDelta = TimeDelta::minutes(5);
/// Codes that may be tried before the password is asked for again.
const MOST_TRIES: u8 = 5;
/// Bytes of a seed, as RFC 4226 recommends.
const SEED: usize = 20;
/// Recovery codes given with a second factor.
pub const RECOVERY_CODES: usize = 10;

/// A sign-in whose password was right; the server keeps it in the session. It opens nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PendingFactor {
    /// The university.
    pub tenant: TenantId,
    account: Uuid,
    version: i32,
    post: Uuid,
    expires_at: DateTime<Utc>,
    tries: u8,
}

impl PendingFactor {
    pub(super) fn new(
        tenant: TenantId,
        account: &rows::Account,
        post: Uuid,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            tenant,
            account: account.id,
            version: account.version,
            post,
            expires_at: now + PENDING_VALID,
            tries: 0,
        }
    }

    /// Whether another code may be tried.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && self.tries < MOST_TRIES
    }

    fn after_try(self) -> Self {
        Self {
            tries: self.tries.saturating_add(1),
            ..self
        }
    }
}

/// How the second step of a sign-in went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorOutcome {
    /// Signed in: the server makes a new session.
    Done(SignedIn),
    /// Wrong; the server keeps this instead and asks again.
    Again(PendingFactor),
}

/// A second factor that is being set up.
#[derive(Clone, Debug)]
pub struct TotpEnrolment {
    /// The seed in base 32, for typing.
    pub secret: String,
    /// The same for an authenticator app.
    pub url: String,
}

/// The address of an enrolment as a QR code.
///
/// # Errors
/// [`ServiceError::Internal`] for an address that no code holds.
pub fn qr(url: &str) -> Result<QrCode> {
    QrCode::new(url).map_err(|_| ServiceError::Internal("QR code"))
}

fn generator(seed: [u8; SEED]) -> Result<Totp> {
    Builder::new()
        .with_secret(Secret::new_stack(seed))
        .build()
        .map_err(|_| ServiceError::Internal("second factor"))
}

/// The time step for which a code is right, this one or a neighbour; `None` for a wrong code.
fn step_of(seed: [u8; SEED], code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = generator(seed)?.check(&code, seconds);
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

/// The seeds of an account: the one in force, and one that waits for its first code.
struct Seeds {
    in_force: Option<[u8; SEED]>,
    proposed: Option<[u8; SEED]>,
}

fn place(account: Uuid) -> Place {
    Place::new("account", "totp", account)
}

impl Seeds {
    fn open(scope: &Scope, account: &rows::Account) -> Result<Self> {
        let none = Self {
            in_force: None,
            proposed: None,
        };
        let Some(sealed) = account.totp.clone() else {
            return Ok(none);
        };
        let sealed = Sealed::stored(sealed);
        let plain = seal::open(scope.keys(), Purpose::Secret, &place(account.id), &sealed)
            .map_err(StoreError::from)?;
        let mut seeds = plain.as_chunks::<SEED>().0.iter().copied();
        Ok(if account.totp_confirmed {
            Self {
                in_force: seeds.next(),
                proposed: seeds.next(),
            }
        } else {
            Self {
                proposed: seeds.next(),
                ..none
            }
        })
    }

    fn sealed(&self, scope: &Scope, account: Uuid) -> Result<Vec<u8>> {
        let seeds = self.in_force.iter().chain(&self.proposed);
        let plain = Zeroizing::new(seeds.flatten().copied().collect::<Vec<u8>>());
        let sealed = seal::seal(scope.keys(), Purpose::Secret, &place(account), &plain)
            .map_err(StoreError::from)?;
        Ok(sealed.into_bytes())
    }
}

fn recovery_hash(scope: &Scope, services: &Services, account: Uuid, code: &str) -> [u8; 32] {
    let tenant = scope.tenant().0.to_be_bytes();
    secret::keyed_hash(
        services.store.keys().activation(),
        &[b"recovery", &tenant, account.as_bytes(), code.as_bytes()],
    )
}

impl Services {
    /// Second step of a sign-in: a code of the app, or a recovery code.
    ///
    /// # Errors
    /// [`ServiceError::SignIn`] when no try is left or the time is over, [`ServiceError::TooMany`].
    pub async fn second_factor(
        &self,
        pending: PendingFactor,
        code: &str,
        from: IpAddr,
    ) -> Result<FactorOutcome> {
        let tried = self.attempt(pending.tenant, &pending.account.to_string(), from);
        self.ensure_calm(&tried).await?;
        if !pending.is_open(self.store.now()) {
            return Err(ServiceError::SignIn);
        }
        let door = self.store.door(pending.tenant).await?;
        let account = door.account(pending.account).await?;
        let unchanged = account.version == pending.version;
        if unchanged
            && self.takes_factor(&door, &account, code).await?
            && door.clear_failures(&account).await?
        {
            let signed_in = let_in::<policy::SecondFactor>(door, &account, pending.post).await?;
            self.know_network(pending.tenant, account.id, from).await?;
            return Ok(FactorOutcome::Done(signed_in));
        }
        drop(door);
        let incident = Incident::FactorRefused;
        self.count_failure(pending.tenant, Some(account.id), (&tried, from), incident)
            .await?;
        let pending = pending.after_try();
        if unchanged && pending.is_open(self.store.now()) {
            Ok(FactorOutcome::Again(pending))
        } else {
            Err(ServiceError::SignIn)
        }
    }

    /// Uses up a code: each time step and each recovery code counts once. A locked account takes none.
    pub(super) async fn takes_factor(
        &self,
        door: &Door,
        account: &rows::Account,
        code: &str,
    ) -> Result<bool> {
        if !attempt::usable(account, door.now()) {
            return Ok(false);
        }
        let Some(seed) = Seeds::open(door, account)?.in_force else {
            return Ok(false);
        };
        if let Some(step) = step_of(seed, code, door.now())? {
            return match door.use_totp_step(account.id, step).await {
                Ok(()) => Ok(true),
                Err(StoreError::Stale) => Ok(false),
                Err(error) => Err(error.into()),
            };
        }
        match secret::read_code(code) {
            Some(code) => {
                let hash = recovery_hash(door, self, account.id, &code);
                Ok(door.use_recovery_code(account.id, hash).await?)
            }
            None => Ok(false),
        }
    }

    /// Begins a second factor. One that is in force stays so until the new one is confirmed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up.
    pub async fn enrol_totp(&self, actor: &Actor) -> Result<TotpEnrolment> {
        let tenant = self.tenant_row(actor.tenant()).await?;
        let door = self.store.door(actor.tenant()).await?;
        let granted =
            actor.authorize::<policy::EnrolTotp>(&Target::school(actor.tenant()), door.now())?;
        let account = door.account(actor.seat().account).await?;
        let seed = secret::random::<SEED>()?;
        let mut seeds = Seeds::open(&door, &account)?;
        seeds.proposed = Some(seed);
        let sealed = seeds.sealed(&door, account.id)?;
        door.keep_totp(account.id, sealed).await?;
        let mut unit = door.enter(actor)?;
        unit.note(
            &granted,
            Subject::new("account", account.id),
            Detail::none(),
        );
        unit.commit().await?;
        let secret = secret::base32(&seed, secret::SEED_ALPHABET);
        let url = otpauth(&tenant.name, &account.login, &secret);
        Ok(TotpEnrolment { secret, url })
    }

    /// Confirms a second factor with its first code and gives the recovery codes, shown this once.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `code`: `wrong`, or `not_begun` when none was begun.
    pub async fn confirm_totp(&self, actor: &Actor, code: &str) -> Result<Vec<String>> {
        let door = self.store.door(actor.tenant()).await?;
        let granted =
            actor.authorize::<policy::ConfirmTotp>(&Target::school(actor.tenant()), door.now())?;
        let account = door.account(actor.seat().account).await?;
        let invalid = |code| ServiceError::Invalid {
            field: "code",
            code,
        };
        let seed = Seeds::open(&door, &account)?
            .proposed
            .ok_or(invalid("not_begun"))?;
        let step = step_of(seed, code, door.now())?.ok_or(invalid("wrong"))?;
        let seeds = Seeds {
            in_force: Some(seed),
            proposed: None,
        };
        let sealed = seeds.sealed(&door, account.id)?;
        door.confirm_totp(account.id, sealed, step).await?;
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            codes.push(secret::code()?);
        }
        let hashes = codes
            .iter()
            .map(|code| recovery_hash(&door, self, account.id, code))
            .collect();
        door.set_recovery_codes(account.id, hashes).await?;
        let mut unit = door.enter(actor)?;
        unit.note(
            &granted,
            Subject::new("account", account.id),
            Detail::none(),
        );
        unit.commit().await?;
        Ok(codes.iter().map(|code| secret::spaced(code)).collect())
    }
}

/// The address that authenticator apps read: SHA-1, six digits, thirty seconds.
fn otpauth(school: &str, login: &str, secret: &str) -> String {
    let (school, login) = (percent(school), percent(login));
    format!(
        "otpauth://totp/{school}:{login}?secret={secret}&issuer={school}&algorithm=SHA1&digits=6&period=30"
    )
}

fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text never fails.
            let _written = write!(out, "%{byte:02X}");
        }
        out
    })
}

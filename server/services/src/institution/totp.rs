//! What every second factor has in common, of the staff and of operators: six digits that change every thirty seconds
//! (RFC 6238), ten recovery codes, and how long they are waited for.

use super::secret;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::TenantId;
use formats::qr::QrCode;
use store::StoreError;
use store::keys::{Purpose, TenantKeys};
use store::seal::{self, Place, Sealed};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long the second factor is waited for.
pub const PENDING_VALID: TimeDelta = TimeDelta::minutes(5);
/// Codes that may be tried before the password is asked for again.
const MOST_TRIES: u8 = 5;
/// Bytes of a seed, as RFC 4226 recommends.
pub(super) const SEED: usize = 20;
/// Recovery codes given with a second factor.
pub const RECOVERY_CODES: usize = 10;

/// A second factor that is being set up.
#[derive(Clone, Debug)]
pub struct TotpEnrolment {
    /// The seed in base 32, for typing.
    pub secret: String,
    /// The same for an authenticator app.
    pub url: String,
}

impl TotpEnrolment {
    /// A seed as an authenticator app takes it, under the names it shows.
    pub(super) fn of(seed: &[u8; SEED], issuer: &str, login: &str) -> Self {
        let secret = secret::base32(seed, secret::SEED_ALPHABET);
        let url = otpauth(issuer, login, &secret);
        Self { secret, url }
    }
}

/// The address of an enrolment as a QR code.
///
/// # Errors
/// [`ServiceError::Internal`] for an address that no code holds.
pub fn qr(url: &str) -> Result<QrCode> {
    QrCode::new(url).map_err(|_| ServiceError::Internal("QR code"))
}

/// How long and how often the second factor of a sign-in may still be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Tries {
    until: DateTime<Utc>,
    made: u8,
}

impl Tries {
    /// After the right password.
    pub fn begin(now: DateTime<Utc>) -> Self {
        Self {
            until: now + PENDING_VALID,
            made: 0,
        }
    }

    /// Whether another code may be tried.
    pub fn is_open(self, now: DateTime<Utc>) -> bool {
        now < self.until && self.made < MOST_TRIES
    }

    /// After a wrong one.
    pub const fn after_one(self) -> Self {
        Self {
            made: self.made.saturating_add(1),
            ..self
        }
    }
}

/// The seeds of somebody: the one in force, and one that waits for its first code.
pub(super) struct Seeds {
    pub in_force: Option<[u8; SEED]>,
    pub proposed: Option<[u8; SEED]>,
}

impl Seeds {
    /// One that was proven; none waits.
    pub const fn only(seed: [u8; SEED]) -> Self {
        Self {
            in_force: Some(seed),
            proposed: None,
        }
    }
}

/// Where somebody's seeds lie: under whose keys, and in which row.
pub(super) struct Safe<'k> {
    keys: &'k TenantKeys,
    place: Place,
}

impl<'k> Safe<'k> {
    /// The column `totp` of a row.
    pub const fn new(keys: &'k TenantKeys, table: &'static str, row: Uuid) -> Self {
        Self {
            keys,
            place: Place::new(table, "totp", row),
        }
    }

    /// The seeds as they were sealed; whether one of them is confirmed stands beside them.
    pub fn open(&self, sealed: Option<&[u8]>, confirmed: bool) -> Result<Seeds> {
        let mut seeds = Seeds {
            in_force: None,
            proposed: None,
        };
        let Some(sealed) = sealed else {
            return Ok(seeds);
        };
        let sealed = Sealed::stored(sealed.to_vec());
        let plain = seal::open(self.keys, Purpose::Secret, &self.place, &sealed)
            .map_err(StoreError::from)?;
        let mut kept = plain.as_chunks::<SEED>().0.iter().copied();
        if confirmed {
            seeds.in_force = kept.next();
        }
        seeds.proposed = kept.next();
        Ok(seeds)
    }

    /// Seals seeds for their place.
    pub fn seal(&self, seeds: &Seeds) -> Result<Vec<u8>> {
        let seeds = seeds.in_force.iter().chain(&seeds.proposed);
        let plain = Zeroizing::new(seeds.flatten().copied().collect::<Vec<u8>>());
        let sealed = seal::seal(self.keys, Purpose::Secret, &self.place, &plain)
            .map_err(StoreError::from)?;
        Ok(sealed.into_bytes())
    }
}

/// What a right text uses up: each counts once.
pub(super) enum Claim {
    /// A time step.
    Step(i64),
    /// The recovery code with this hash, if there is one.
    Recovery([u8; 32]),
}

/// What somebody typed: a code of the app that is right now, or what may be a recovery code. `None` for anything else.
pub(super) fn claim(
    seed: [u8; SEED],
    typed: &str,
    now: DateTime<Utc>,
    hash: impl FnOnce(&str) -> [u8; 32],
) -> Result<Option<Claim>> {
    if let Some(step) = step_of(seed, typed, now)? {
        return Ok(Some(Claim::Step(step)));
    }
    Ok(secret::read_code(typed).map(|code| Claim::Recovery(hash(&code))))
}

/// The time step that proves the seed which waits for its first code.
///
/// # Errors
/// [`ServiceError::Invalid`] on `code`: `wrong`, or `not_begun` when none waits.
pub(super) fn first_step(
    seeds: &Seeds,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<([u8; SEED], i64)> {
    let invalid = |code| ServiceError::Invalid {
        field: "code",
        code,
    };
    let seed = seeds.proposed.ok_or(invalid("not_begun"))?;
    let step = step_of(seed, typed, now)?.ok_or(invalid("wrong"))?;
    Ok((seed, step))
}

/// Recovery codes: as they are shown this once, and as they are kept.
pub(super) struct RecoveryCodes {
    pub shown: Vec<String>,
    pub kept: Vec<[u8; 32]>,
}

impl RecoveryCodes {
    /// New ones.
    pub fn make(hash: impl Fn(&str) -> [u8; 32]) -> Result<Self> {
        let mut codes = Self {
            shown: Vec::with_capacity(RECOVERY_CODES),
            kept: Vec::with_capacity(RECOVERY_CODES),
        };
        for _ in 0..RECOVERY_CODES {
            let code = secret::code()?;
            codes.kept.push(hash(&code));
            codes.shown.push(secret::spaced(&code));
        }
        Ok(codes)
    }
}

impl Services {
    /// What is kept of a recovery code of an account, or of an operator of the platform.
    pub(super) fn recovery_hash(&self, tenant: TenantId, of: Uuid, code: &str) -> [u8; 32] {
        let tenant = tenant.0.to_be_bytes();
        secret::keyed_hash(
            self.store.keys().activation(),
            &[b"recovery", &tenant, of.as_bytes(), code.as_bytes()],
        )
    }
}

pub(super) fn generator(seed: [u8; SEED]) -> Result<Totp> {
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

/// The address that authenticator apps read: SHA-1, six digits, thirty seconds.
fn otpauth(issuer: &str, login: &str, secret: &str) -> String {
    let (issuer, login) = (percent(issuer), percent(login));
    format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
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

//! Sealed values: personal data as they stand in the database.
//!
//! A sealed value is `version | suite | key number | nonce | ciphertext | tag`. It is bound to its university, table,
//! column and row, and to the purpose of its key: moved anywhere else, or changed in one bit, it does not open. Every
//! failure to open looks the same.

pub(crate) mod envelope;

pub use envelope::Suite;

use crate::keys::{Purpose, TenantKeys};
use aws_lc_rs::hmac;
use domain::audit::Mark;
use domain::institution::TenantId;
use envelope::Envelope;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Why a value was not sealed or not opened. Says nothing about the value or the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The cryptographic provider refused to seal.
    #[error("the value could not be sealed")]
    NotSealed,
    /// Changed, moved from another place, or sealed under keys that are not here.
    #[error("the sealed value cannot be read")]
    Unreadable,
}

/// Where a value lives. Names of the schema only, never data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
}

impl Place {
    /// A place in the database.
    pub const fn new(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row }
    }

    /// Every part with its length before it, so that no two places have the same bytes.
    fn bytes(&self, tenant: TenantId, usage: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        self.add_to(&mut bytes, tenant, usage);
        bytes
    }

    fn add_to(&self, bytes: &mut Vec<u8>, tenant: TenantId, usage: &str) {
        for part in [usage, self.table, self.column] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&tenant.0.to_be_bytes());
        bytes.extend_from_slice(self.row.as_bytes());
    }
}

/// A sealed value.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// A value as it was read from the database.
    pub const fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Number of the key that sealed it; `None` for bytes that are no sealed value. Values below
    /// [`TenantKeys::newest`] wait for being sealed anew.
    pub fn key_id(&self) -> Option<u32> {
        Envelope::split(&self.0).map(|e| e.key_id())
    }
}

impl AsRef<[u8]> for Sealed {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

impl From<Sealed> for Mark {
    fn from(value: Sealed) -> Self {
        Self::Sealed(value.0)
    }
}

/// Seals a value for its place with the newest key of its purpose.
///
/// Nonces are random: renew a university's key before it has sealed 2^30 values of one purpose.
///
/// # Errors
/// [`SealError::NotSealed`].
pub fn seal(
    keys: &TenantKeys,
    purpose: Purpose,
    place: &Place,
    plain: &[u8],
) -> Result<Sealed, SealError> {
    let bound_to = place.bytes(keys.tenant(), "seal");
    keys.data_key(keys.newest(), purpose)
        .and_then(|key| Envelope::seal(key, keys.newest(), &bound_to, plain))
        .map(Sealed)
        .ok_or(SealError::NotSealed)
}

/// Opens a value that was sealed for this place and purpose, under any key of the university.
///
/// # Errors
/// [`SealError::Unreadable`].
pub fn open(
    keys: &TenantKeys,
    purpose: Purpose,
    place: &Place,
    sealed: impl AsRef<[u8]>,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut opener = Opener::new(keys);
    opener.open(purpose, place, sealed)?;
    Ok(opener.plain)
}

/// Opens many values one after the other, each in the place of the one before; what is left of them is wiped with the
/// opener.
#[derive(Debug)]
pub struct Opener<'k> {
    keys: &'k TenantKeys,
    bound_to: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
}

impl<'k> Opener<'k> {
    /// Under the keys of a university.
    pub fn new(keys: &'k TenantKeys) -> Self {
        Self {
            keys,
            bound_to: Vec::new(),
            plain: Zeroizing::default(),
        }
    }

    /// Opens a value that was sealed for this place and purpose.
    ///
    /// # Errors
    /// [`SealError::Unreadable`].
    pub fn open(
        &mut self,
        purpose: Purpose,
        place: &Place,
        sealed: impl AsRef<[u8]>,
    ) -> Result<&[u8], SealError> {
        let Self {
            keys,
            bound_to,
            plain,
        } = self;
        bound_to.clear();
        Envelope::split(sealed.as_ref())
            .and_then(|envelope| {
                bound_to.extend_from_slice(envelope.header());
                place.add_to(bound_to, keys.tenant(), "seal");
                let key = keys.data_key(envelope.key_id(), purpose)?;
                envelope.open_into(key, bound_to, plain)
            })
            .ok_or(SealError::Unreadable)?;
        Ok(&self.plain)
    }
}

/// Opens a value that is text.
///
/// # Errors
/// [`SealError::Unreadable`], also for bytes that are not UTF-8.
pub fn open_text(
    keys: &TenantKeys,
    purpose: Purpose,
    place: &Place,
    sealed: &Sealed,
) -> Result<Zeroizing<String>, SealError> {
    let plain = open(keys, purpose, place, sealed)?;
    let text = std::str::from_utf8(&plain).map_err(|_| SealError::Unreadable)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Commits to a value at a place: the audit log can prove the value later to who has the university's keys, and nobody
/// else can guess it. Equal values at different places have different commitments.
///
/// # Errors
/// [`SealError::NotSealed`].
pub fn commit(keys: &TenantKeys, place: &Place, value: &[u8]) -> Result<Mark, SealError> {
    let mut context = hmac::Context::with_key(keys.commitment());
    context.update(&place.bytes(keys.tenant(), "commit"));
    context.update(value);
    context
        .sign()
        .as_ref()
        .try_into()
        .map(Mark::Commitment)
        .map_err(|_| SealError::NotSealed)
}

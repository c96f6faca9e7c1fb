//! The keys of one university, and those of the platform itself.

use super::file::KeyFile;
use super::folder::{Folder, of_tenant};
use super::root::RootKeys;
use super::{KeyError, Secret};
use crate::blind::Column;
use crate::seal::envelope::SealingKey;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use domain::institution::TenantId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use zeroize::Zeroizing;

const SEAL: &str = "seal";
const INDEX: &str = "index";
/// Separates the keys derived here from those of any other use of the same secret.
const SALT: &[u8] = b"xueji.keys/1";

/// What a sealed value is. Each purpose has its own key, so that a value of one cannot be opened as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Numbers of identity documents.
    Identity,
    /// Telephone, mail, postal address.
    Contact,
    /// Family members.
    Family,
    /// Photos and scans.
    Photo,
    /// Files as they came in, and the rows read from them.
    Source,
    /// Values before and after, in the audit log.
    Audit,
    /// Secrets of the accounts, such as seeds of one-time passwords.
    Secret,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Contact,
        Self::Family,
        Self::Photo,
        Self::Source,
        Self::Audit,
        Self::Secret,
    ];

    /// Stable name; part of the derivation of the key, so never changed.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::Family => "family",
            Self::Photo => "photo",
            Self::Source => "source",
            Self::Audit => "audit",
            Self::Secret => "secret",
        }
    }
}

/// The keys of one university. Cheap to clone; the keys are wiped with the last clone.
#[derive(Clone)]
pub struct TenantKeys(Arc<Inner>);

type DataKeys = BTreeMap<(u32, Purpose), SealingKey>;

struct Inner {
    tenant: TenantId,
    newest: u32,
    data: DataKeys,
    marking: MarkingKeys,
}

/// Keys under which values are marked without being kept. Derived once: tens of thousands of values are marked in a row.
struct MarkingKeys {
    commitment: hmac::Key,
    digest: hmac::Key,
    columns: BTreeMap<Column, hmac::Key>,
}

impl MarkingKeys {
    /// From the secret of the university that stays when its sealing keys are renewed, or nothing would be found again.
    fn of(secret: &Secret, tenant: TenantId) -> Result<Self, KeyError> {
        let key = |usage: &str| {
            let derived = derive(secret, usage)?;
            Ok(hmac::Key::new(hmac::HMAC_SHA256, derived.as_slice()))
        };
        let column = |column: Column| {
            let usage = format!("index|{tenant}|{}", column.key());
            Ok((column, key(&usage)?))
        };
        Ok(Self {
            commitment: key(&format!("commit|{tenant}"))?,
            digest: key(&format!("digest|{tenant}"))?,
            columns: Column::ALL
                .into_iter()
                .map(column)
                .collect::<Result<_, KeyError>>()?,
        })
    }
}

impl std::fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "TenantKeys(tenant {}, newest key {})",
            self.0.tenant, self.0.newest
        )
    }
}

impl TenantKeys {
    /// The university.
    pub fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// Number of the key that seals now; values with a lower number may be sealed anew.
    pub fn newest(&self) -> u32 {
        self.0.newest
    }

    /// The key with this number for this purpose.
    pub(crate) fn data_key(&self, id: u32, purpose: Purpose) -> Option<&SealingKey> {
        self.0.data.get(&(id, purpose))
    }

    /// The key of commitments.
    pub(crate) fn commitment(&self) -> &hmac::Key {
        &self.0.marking.commitment
    }

    /// The key of digests.
    pub(crate) fn digest(&self) -> &hmac::Key {
        &self.0.marking.digest
    }

    /// The key of the blind index of a column.
    pub(crate) fn column(&self, column: Column) -> Option<&hmac::Key> {
        self.0.marking.columns.get(&column)
    }

    /// The keys of what belongs to no university, derived from a secret of the service: they need no file of their own,
    /// and no university's keys open what they sealed.
    pub(super) fn of_platform(secret: &Secret) -> Result<Self, KeyError> {
        let (tenant, newest) = (TenantId::PLATFORM, 1);
        let mut data = DataKeys::new();
        data_keys(tenant, newest, secret, &mut data)?;
        let index = Secret(derive(secret, &format!("index|{tenant}"))?);
        Ok(Self(Arc::new(Inner {
            tenant,
            newest,
            data,
            marking: MarkingKeys::of(&index, tenant)?,
        })))
    }

    pub(super) fn read(
        folder: &Folder,
        root: &RootKeys,
        tenant: TenantId,
    ) -> Result<Self, KeyError> {
        let place = folder.file(&path(tenant));
        let damaged = || KeyError::Damaged(place.clone());
        let file = folder.read(&path(tenant))?;
        let (mut index, mut newest, mut data) = (None, 0, DataKeys::new());
        if file.header() != header(tenant) {
            return Err(damaged());
        }
        for entry in file.entries() {
            let plain = root.unwrap(&file, entry).map_err(|f| f.at(place.clone()))?;
            let secret = Secret::of(&plain).ok_or_else(damaged)?;
            match entry.word.as_str() {
                INDEX if index.is_none() => index = Some(secret),
                SEAL if entry.id > newest => {
                    newest = entry.id;
                    data_keys(tenant, entry.id, &secret, &mut data)?;
                }
                _ => return Err(damaged()),
            }
        }
        match index {
            Some(index) if newest > 0 => Ok(Self(Arc::new(Inner {
                tenant,
                newest,
                data,
                marking: MarkingKeys::of(&index, tenant)?,
            }))),
            _ => Err(damaged()),
        }
    }
}

/// Where the keys of a university lie.
pub(super) fn path(tenant: TenantId) -> PathBuf {
    of_tenant(&format!("{tenant}.key"))
}

/// What says that its keys were destroyed.
pub(super) fn tombstone(tenant: TenantId) -> PathBuf {
    of_tenant(&format!("{tenant}.shredded"))
}

/// What its file calls itself.
pub(super) fn header(tenant: TenantId) -> String {
    format!("tenant {tenant}")
}

/// A file with fresh keys.
pub(super) fn fresh(root: &RootKeys, tenant: TenantId) -> Result<KeyFile, KeyError> {
    let mut file = KeyFile::new(&header(tenant));
    root.wrap_into(&mut file, INDEX, 1, Secret::random()?.expose())?;
    root.wrap_into(&mut file, SEAL, 1, Secret::random()?.expose())?;
    Ok(file)
}

/// Adds a fresh sealing key.
pub(super) fn add_key(file: &mut KeyFile, root: &RootKeys) -> Result<(), KeyError> {
    let newest = file
        .entries()
        .iter()
        .filter(|e| e.word == SEAL)
        .map(|e| e.id)
        .max()
        .unwrap_or(0);
    let next = newest
        .checked_add(1)
        .ok_or(KeyError::Provider("number another key"))?;
    root.wrap_into(file, SEAL, next, Secret::random()?.expose())
}

fn data_keys(
    tenant: TenantId,
    id: u32,
    secret: &Secret,
    data: &mut DataKeys,
) -> Result<(), KeyError> {
    for purpose in Purpose::ALL {
        let derived = derive(secret, &format!("seal|{tenant}|{}|{id}", purpose.key()))?;
        let key = SealingKey::new(&derived).ok_or(KeyError::Provider("prepare a key"))?;
        data.insert((id, purpose), key);
    }
    Ok(())
}

/// HKDF-SHA256 (RFC 5869) of a secret for one use.
fn derive(secret: &Secret, usage: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let refused = |_| KeyError::Provider("derive a key");
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, SALT)
        .extract(secret.expose())
        .expand(&[usage.as_bytes()], HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .map_err(refused)?;
    Ok(key)
}

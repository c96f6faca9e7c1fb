//! The key folder: everything that makes sealed values readable, kept apart from the data and its backups.
//!
//! ```text
//! keys/                     0700, outside the data folder
//!   root.key                the root keys, in clear: the one file that must be kept by other means
//!   marker.key              wrapped: tells this key folder from every other one
//!   signing.key             wrapped: Ed25519 key of the audit checkpoints (PKCS #8)
//!   activation.key          wrapped: HMAC secret of activation slips
//!   session.key             wrapped: HMAC secret of session marks; the platform's own keys are derived from it
//!   lock                    held while the folder is changed
//!   tenants/                0700
//!     7.key                 wrapped: the keys of one university
//!     7.shredded            these keys were destroyed and are never made again
//! ```
//! Files are 0400 or 0600. `tenants/7.key` holds random keys wrapped by the root key: destroying the file makes every
//! sealed value of that university unreadable, in the database and in every backup of it. A backup of this folder must
//! never lie beside a backup of the data, or restoring both brings destroyed keys back (security: T-CRY-12).
//!
//! Nothing here keeps the root key in memory: it is read when a wrapped key is opened and wiped afterwards.

mod file;
mod folder;
mod root;
mod signer;
mod tenant;

pub use signer::Signer;
pub use tenant::{Purpose, TenantKeys};

use aws_lc_rs::{constant_time, hmac, rand};
use domain::audit::hex;
use domain::institution::TenantId;
use file::KeyFile;
use folder::{Folder, Stamp};
use root::RootKeys;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Why the keys are not available. Paths and numbers only, never a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key folder, or it was not finished.
    #[error("{0}: no key folder here; make one with the command that creates keys")]
    Missing(PathBuf),
    /// Keys were being made here, and that was cut off before any was used.
    #[error(
        "{0}: the making of keys was cut off here, there is no root.key yet and no university; remove this folder and begin \
         again"
    )]
    Unfinished(PathBuf),
    /// A new key folder must begin empty.
    #[error("{0}: there are keys here already; they are never overwritten")]
    Exists(PathBuf),
    /// Others than the owner may read or write.
    #[error("{path}: mode {mode:03o} is too open; a key folder is 0700, a key file 0400 or 0600")]
    TooOpen {
        /// Folder or file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Neither a plain file nor a plain folder, for example a symbolic link.
    #[error("{0}: not a plain file or folder")]
    NotPlain(PathBuf),
    /// Keys and data in one place end up in one backup.
    #[error("the key folder {keys} and the data folder {data} must not lie inside each other")]
    InsideData {
        /// The key folder.
        keys: PathBuf,
        /// The data folder.
        data: PathBuf,
    },
    /// Not in the form of a key file of this version.
    #[error("{0}: not a key file of this version, or damaged")]
    Damaged(PathBuf),
    /// The root key does not open the file: another root key, or a changed file.
    #[error("{0}: not made with this root key; nothing was changed")]
    WrongRoot(PathBuf),
    /// The data belong to another key folder.
    #[error("the data were written with another key folder; nothing was changed")]
    WrongRing,
    /// The university has no keys.
    #[error("tenant {0} has no keys")]
    NoTenant(TenantId),
    /// The university's keys were destroyed.
    #[error("the keys of tenant {0} were destroyed; what they sealed cannot be read again")]
    Shredded(TenantId),
    /// The machine's random source or cryptography refused.
    #[error("the cryptographic provider refused to {0}")]
    Provider(&'static str),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A secret of 32 bytes; wiped when dropped, never shown.
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// The bytes, for the one call that needs them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| KeyError::Provider("make a key"))?;
        Ok(Self(bytes))
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let mut secret = Zeroizing::new([0; 32]);
        if bytes.len() != secret.len() {
            return None;
        }
        secret.copy_from_slice(bytes);
        Some(Self(secret))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Tells one key folder from every other; stored with the data, so that a wrong folder is noticed at start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingMarker(String);

impl RingMarker {
    /// The marker as it was stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The marker as text: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was destroyed, for the operator's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shredded {
    /// The university.
    pub tenant: TenantId,
    /// Bytes of wrapped keys that were overwritten and removed; 0 when only an interrupted shredding was finished.
    pub overwritten: u64,
}

const MARKER: &str = "marker";
const SIGNING: &str = "signing";
const ACTIVATION: &str = "activation";
const SESSION: &str = "session";

/// An opened key folder.
pub struct KeyRing {
    folder: Folder,
    marker: RingMarker,
    signer: Signer,
    activation: Secret,
    session: Secret,
    platform: TenantKeys,
    tenants: Mutex<BTreeMap<TenantId, (Stamp, TenantKeys)>>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing({})", self.folder.path().display())
    }
}

impl KeyRing {
    /// Makes a new key folder with fresh keys and opens it.
    ///
    /// The root key is written last: a folder without it was not finished and is refused by [`KeyRing::open`].
    ///
    /// # Errors
    /// [`KeyError::Exists`] when the folder holds anything, [`KeyError::Unfinished`] when an earlier call was cut off;
    /// otherwise as the system says.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let folder = Folder::create(path)?;
        let root = RootKeys::first()?;
        for name in [MARKER, ACTIVATION, SESSION] {
            let secret = Secret::random()?;
            folder.write_new(&named(name), &wrapped(&root, name, secret.expose())?)?;
        }
        let pkcs8 = Signer::generate()?;
        folder.write_new(&named(SIGNING), &wrapped(&root, SIGNING, &pkcs8)?)?;
        root.write(&folder)?;
        Self::open(path)
    }

    /// Opens a key folder and proves that its root key opens every key of the service. Writes nothing.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::TooOpen`], [`KeyError::NotPlain`], [`KeyError::Damaged`] or
    /// [`KeyError::WrongRoot`]: the caller must not start.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let folder = Folder::open(path)?;
        let root = RootKeys::read(&folder)?;
        let marker = secret(&folder, &root, MARKER)?;
        let session = secret(&folder, &root, SESSION)?;
        Ok(Self {
            marker: marker_of(&marker),
            signer: Signer::read(&unwrapped(&folder, &root, SIGNING)?)
                .ok_or_else(|| KeyError::Damaged(folder.file(&named(SIGNING))))?,
            activation: secret(&folder, &root, ACTIVATION)?,
            platform: TenantKeys::of_platform(&session)?,
            session,
            tenants: Mutex::new(BTreeMap::new()),
            folder,
        })
    }

    /// Proves anew that the folder is there and its root key readable; for readiness checks.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub fn check(&self) -> Result<(), KeyError> {
        RootKeys::read(&Folder::open(self.folder.path())?).map(|_| ())
    }

    /// Refuses a key folder inside the data folder, and the reverse: one backup must never hold both.
    ///
    /// # Errors
    /// [`KeyError::InsideData`].
    pub fn ensure_outside(&self, data: &Path) -> Result<(), KeyError> {
        folder::ensure_outside(self.folder.path(), data)
    }

    /// As [`KeyRing::ensure_outside`], before there are keys.
    ///
    /// # Errors
    /// [`KeyError::InsideData`].
    pub fn ensure_apart(keys: &Path, data: &Path) -> Result<(), KeyError> {
        folder::ensure_outside(keys, data)
    }

    /// The marker to store with the data.
    pub const fn marker(&self) -> &RingMarker {
        &self.marker
    }

    /// Refuses data that were written with another key folder.
    ///
    /// # Errors
    /// [`KeyError::WrongRing`].
    pub fn ensure_ring_of(&self, stored: &RingMarker) -> Result<(), KeyError> {
        constant_time::verify_slices_are_equal(self.marker.0.as_bytes(), stored.0.as_bytes())
            .map_err(|_| KeyError::WrongRing)
    }

    /// Signs audit checkpoints.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Secret of the tokens on activation slips (HS256).
    pub const fn activation(&self) -> &Secret {
        &self.activation
    }

    /// Secret of session marks.
    pub const fn session(&self) -> &Secret {
        &self.session
    }

    /// The keys of what belongs to no university: the operators' second factors.
    pub const fn platform(&self) -> &TenantKeys {
        &self.platform
    }

    /// The keys of one university. Reads the file again when it changed, so that keys destroyed or renewed by another
    /// process are noticed at the next call.
    ///
    /// # Errors
    /// [`KeyError::NoTenant`], [`KeyError::Shredded`], and what reading a key file may bring.
    pub fn tenant(&self, tenant: TenantId) -> Result<TenantKeys, KeyError> {
        let mut cache = self.cache();
        let stamp = match self.present(tenant) {
            Ok(stamp) => stamp,
            Err(error) => {
                cache.remove(&tenant);
                return Err(error);
            }
        };
        if let Some((seen, keys)) = cache.get(&tenant)
            && *seen == stamp
        {
            return Ok(keys.clone());
        }
        cache.remove(&tenant);
        let keys = match self.load(tenant) {
            // The root key may have been replaced between reading it and reading the file.
            Err(KeyError::WrongRoot(_)) => self.load(tenant)?,
            other => other?,
        };
        cache.insert(tenant, (stamp, keys.clone()));
        Ok(keys)
    }

    /// Makes the keys of a new university.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when it has keys, [`KeyError::Shredded`] when it had some.
    pub fn create_tenant(&self, tenant: TenantId) -> Result<TenantKeys, KeyError> {
        {
            let _lock = self.folder.lock()?;
            if self.folder.stamp(&tenant::tombstone(tenant))?.is_some() {
                return Err(KeyError::Shredded(tenant));
            }
            let root = self.root()?;
            self.folder
                .write_new(&tenant::path(tenant), &tenant::fresh(&root, tenant)?)?;
        }
        self.tenant(tenant)
    }

    /// Adds a new sealing key: it seals from now on, the older ones still open what they sealed. Audit events are
    /// never sealed anew, so no key of a living university is ever taken out.
    ///
    /// # Errors
    /// As [`KeyRing::tenant`].
    pub fn rotate_tenant(&self, tenant: TenantId) -> Result<TenantKeys, KeyError> {
        {
            let _lock = self.folder.lock()?;
            self.present(tenant)?;
            let root = self.root()?;
            let mut file = self.folder.read(&tenant::path(tenant))?;
            tenant::add_key(&mut file, &root)
                .and_then(|()| self.folder.replace(&tenant::path(tenant), &file))?;
        }
        self.tenant(tenant)
    }

    /// Replaces the root key and wraps every key anew. Cut off anywhere, it leaves every key readable; called again, it
    /// finishes.
    ///
    /// # Errors
    /// As the system says, and [`KeyError::WrongRoot`] for a file that the present root keys do not open.
    pub fn rotate_root(&self) -> Result<(), KeyError> {
        let _lock = self.folder.lock()?;
        let mut root = self.root()?;
        if root.is_single() {
            root.add()?;
            root.write(&self.folder)?;
        }
        let mut files: Vec<PathBuf> = [MARKER, SIGNING, ACTIVATION, SESSION].map(named).to_vec();
        files.extend(self.folder.tenant_files()?);
        for path in files {
            let old = self.folder.read(&path)?;
            let renewed = root
                .rewrap(&old)
                .map_err(|f| f.at(self.folder.file(&path)))?;
            self.folder.replace(&path, &renewed)?;
        }
        root.keep_newest();
        root.write(&self.folder)
    }

    /// Destroys the keys of one university for ever: what they sealed cannot be read again, here or from a backup.
    ///
    /// The keys are marked as destroyed first, so that a shredding cut off in the middle is final and can be finished.
    /// On drives that remap blocks, overwriting is not proof: keep the key folder on an encrypted volume.
    ///
    /// # Errors
    /// [`KeyError::NoTenant`] when the university never had keys.
    pub fn shred_tenant(&self, tenant: TenantId) -> Result<Shredded, KeyError> {
        let _lock = self.folder.lock()?;
        let tombstone = tenant::tombstone(tenant);
        let began = self.folder.stamp(&tombstone)?.is_some();
        let present = self.folder.stamp(&tenant::path(tenant))?.is_some();
        if !began && !present {
            return Err(KeyError::NoTenant(tenant));
        }
        if !began {
            self.folder
                .write_new(&tombstone, &KeyFile::new(&tenant::header(tenant)))?;
        }
        let mut overwritten = 0;
        for path in [
            tenant::path(tenant),
            folder::unfinished(&tenant::path(tenant)),
        ] {
            if self.folder.stamp(&path)?.is_some() {
                overwritten += self.folder.shred(&path)?;
            }
        }
        self.cache().remove(&tenant);
        Ok(Shredded {
            tenant,
            overwritten,
        })
    }

    fn load(&self, tenant: TenantId) -> Result<TenantKeys, KeyError> {
        TenantKeys::read(&self.folder, &self.root()?, tenant)
    }

    /// The root keys, proven to be those that this folder was opened with: nothing is ever wrapped by others.
    fn root(&self) -> Result<RootKeys, KeyError> {
        let root = RootKeys::read(&self.folder)?;
        let marker = marker_of(&secret(&self.folder, &root, MARKER)?);
        self.ensure_ring_of(&marker).map(|()| root)
    }

    fn present(&self, tenant: TenantId) -> Result<Stamp, KeyError> {
        if self.folder.stamp(&tenant::tombstone(tenant))?.is_some() {
            return Err(KeyError::Shredded(tenant));
        }
        self.folder
            .stamp(&tenant::path(tenant))?
            .ok_or(KeyError::NoTenant(tenant))
    }

    fn cache(&self) -> MutexGuard<'_, BTreeMap<TenantId, (Stamp, TenantKeys)>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn named(name: &str) -> PathBuf {
    PathBuf::from(format!("{name}.key"))
}

fn wrapped(root: &RootKeys, name: &str, plain: &[u8]) -> Result<KeyFile, KeyError> {
    let mut file = KeyFile::new(name);
    root.wrap_into(&mut file, "wrapped", 1, plain)?;
    Ok(file)
}

fn unwrapped(folder: &Folder, root: &RootKeys, name: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let path = named(name);
    let file = folder.read(&path)?;
    let damaged = || KeyError::Damaged(folder.file(&path));
    let [entry] = file.entries() else {
        return Err(damaged());
    };
    if file.header() != name || entry.word != "wrapped" {
        return Err(damaged());
    }
    root.unwrap(&file, entry)
        .map_err(|f| f.at(folder.file(&path)))
}

fn secret(folder: &Folder, root: &RootKeys, name: &str) -> Result<Secret, KeyError> {
    let bytes = unwrapped(folder, root, name)?;
    Secret::of(&bytes).ok_or_else(|| KeyError::Damaged(folder.file(&named(name))))
}

fn marker_of(secret: &Secret) -> RingMarker {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
    let tag = hmac::sign(&key, b"xueji.keys/1 marker");
    RingMarker(hex::encode(
        tag.as_ref().first_chunk::<16>().unwrap_or(&[0; 16]),
    ))
}

//! Checkpoints: how long a chain was and the root of its tree, signed (C2SP signed-note and tlog-checkpoint).
//!
//! ```text
//! xueji.example.edu.cn/tenant/7
//! 1200
//! <root, base64>
//!
//! — xueji.example.edu.cn/tenant/7 <4 bytes of key hash and 64 of Ed25519 signature, base64>
//! ```
//! Signature lines of other keys, such as those of witnesses, are left alone.

use super::base64;
use super::sha256;
use crate::keys::{KeyError, Signer};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use domain::audit::{Sha256, hex};
use domain::institution::TenantId;

/// Signature type of Ed25519 in signed notes.
const ED25519_TYPE: u8 = 0x01;
const SIGNATURE_MARK: &str = "\u{2014} ";
/// Greatest length of a checkpoint with the signatures of its witnesses, in bytes.
pub const MAX_NOTE: usize = 16 << 10;

/// Why a checkpoint or a public key is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The service name has other characters than a–z, 0–9, dot and hyphen.
    #[error("a log is named by a host name: a–z, 0–9, dots and hyphens")]
    Name,
    /// Not `name+hash+key`.
    #[error("not a public key of the form name+hash+key")]
    PublicKey,
    /// Not a checkpoint.
    #[error("not a checkpoint")]
    Form,
    /// The checkpoint is about another log than the public key.
    #[error("the checkpoint belongs to another log than the public key")]
    OtherLog,
    /// No signature of this key.
    #[error("the checkpoint carries no signature of this key")]
    NotSigned,
    /// A signature of this key that is wrong.
    #[error("the signature of the checkpoint is wrong")]
    WrongSignature,
}

/// Name of the chain of one university: `host/tenant/number`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogName {
    service: String,
    tenant: TenantId,
}

impl LogName {
    /// The chain of a university at a service.
    ///
    /// # Errors
    /// [`NoteError::Name`] unless the service is 1–100 characters of a–z, 0–9, dots and hyphens.
    pub fn new(service: &str, tenant: TenantId) -> Result<Self, NoteError> {
        let ok = (1..=100).contains(&service.len())
            && service
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
        if ok {
            Ok(Self {
                service: service.to_owned(),
                tenant,
            })
        } else {
            Err(NoteError::Name)
        }
    }

    /// The university.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Reads a name.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (service, tenant) = text.split_once("/tenant/").ok_or(NoteError::Name)?;
        let name = Self::new(
            service,
            TenantId(tenant.parse().map_err(|_| NoteError::Name)?),
        )?;
        if name.to_string() == text {
            Ok(name)
        } else {
            Err(NoteError::Name)
        }
    }
}

impl std::fmt::Display for LogName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/tenant/{}", self.service, self.tenant)
    }
}

/// The public key of one chain as text: `name+hash+key`. Schools keep it with their checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    log: LogName,
    key: [u8; 32],
}

impl VerifierKey {
    /// The public key that checks what a signer signs for a chain.
    pub fn of(signer: &Signer, log: LogName) -> Self {
        Self {
            log,
            key: signer.public_key(),
        }
    }

    /// The chain.
    pub const fn log(&self) -> &LogName {
        &self.log
    }

    /// Reads `name+hash+key`.
    ///
    /// # Errors
    /// [`NoteError::PublicKey`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let text = text.trim_end_matches(['\n', '\r']);
        let read = || {
            let (name, rest) = text.split_once('+')?;
            let (_, key) = rest.split_once('+')?;
            let key = base64::decode(key)?;
            let (kind, key) = key.split_first()?;
            let key = key.try_into().ok().filter(|_| *kind == ED25519_TYPE)?;
            Some(Self {
                log: LogName::parse(name).ok()?,
                key,
            })
        };
        read()
            .filter(|k| k.to_string() == text)
            .ok_or(NoteError::PublicKey)
    }

    fn hash(&self) -> [u8; 4] {
        let name = self.log.to_string();
        let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[ED25519_TYPE], &self.key]);
        [a, b, c, d]
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519_TYPE];
        key.extend_from_slice(&self.key);
        write!(
            f,
            "{}+{}+{}",
            self.log,
            hex::encode(&self.hash()),
            base64::encode(&key)
        )
    }
}

/// How long a chain was and the root of its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The chain.
    pub log: LogName,
    /// Number of links.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Sha256,
}

impl Checkpoint {
    /// The checkpoint as a signed note.
    ///
    /// # Errors
    /// [`KeyError::Provider`].
    pub fn sign(&self, signer: &Signer) -> Result<String, KeyError> {
        let body = self.body();
        let mut signature = VerifierKey::of(signer, self.log.clone()).hash().to_vec();
        signature.extend_from_slice(&signer.sign(body.as_bytes())?);
        Ok(format!(
            "{body}\n{SIGNATURE_MARK}{} {}\n",
            self.log,
            base64::encode(&signature)
        ))
    }

    /// Reads a signed note and checks its signature.
    ///
    /// # Errors
    /// Any [`NoteError`] but [`NoteError::Name`] and [`NoteError::PublicKey`].
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::Form);
        }
        let (text, signatures) = note.split_once("\n\n").ok_or(NoteError::Form)?;
        let body = format!("{text}\n");
        let checkpoint = Self::parse(&body).ok_or(NoteError::Form)?;
        if checkpoint.log != key.log {
            return Err(NoteError::OtherLog);
        }
        let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Form)?;
        let mut signed = Err(NoteError::NotSigned);
        for line in signatures.split('\n') {
            let (name, signature) = signature_line(line).ok_or(NoteError::Form)?;
            let signature = signature
                .strip_prefix(&key.hash())
                .filter(|_| name == key.log.to_string());
            if let Some(signature) = signature {
                if signed.is_ok() {
                    return Err(NoteError::Form);
                }
                UnparsedPublicKey::new(&ED25519, key.key)
                    .verify(body.as_bytes(), signature)
                    .map_err(|_| NoteError::WrongSignature)?;
                signed = Ok(());
            }
        }
        signed.map(|()| checkpoint)
    }

    fn body(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.log,
            self.size,
            base64::encode(&self.root.0)
        )
    }

    fn parse(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        let checkpoint = Self {
            log: LogName::parse(lines.next()?).ok()?,
            size: lines.next()?.parse().ok()?,
            root: Sha256(base64::decode(lines.next()?)?.try_into().ok()?),
        };
        (checkpoint.body() == body).then_some(checkpoint)
    }
}

fn signature_line(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, signature) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    Some((
        name,
        base64::decode(signature).filter(|s| s.len() > 4 && !name.is_empty())?,
    ))
}

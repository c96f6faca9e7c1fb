//! The audit chain of one university: links, tree, checkpoints, export and offline verification.
//!
//! A link is `SHA-256(0x00 | hash of the link before | canonical event)`, from 32 zero bytes at the beginning. That is
//! also the leaf hash of RFC 6962 for the entry `hash before | canonical event`, so the links themselves are the leaves
//! of the tree that checkpoints sign: one hash serves both.
//!
//! Checkpoints are signed notes (C2SP tlog-checkpoint). A school that keeps one of them, with the public key, can prove
//! with an export alone that nothing before it was changed, removed, inserted or exchanged. Without a checkpoint outside
//! the database a chain proves nothing: who can write the table can compute it anew.

pub mod base64;
pub mod checkpoint;
pub mod export;
pub mod merkle;
pub mod verify;

pub use checkpoint::{Checkpoint, LogName, NoteError, VerifierKey};
pub use export::{ExportError, ExportMeta, Exporter, key_file, write_key};
pub use merkle::Frontier;
pub use verify::{VerifyError, VerifyReport, verify};

use aws_lc_rs::digest::{Context, SHA256};
use domain::audit::{Act, AuditError, AuditEvent, Seq, Sha256};
use domain::institution::TenantId;

/// What stands before the first link.
pub const GENESIS: [u8; 32] = [0; 32];

/// Why a link cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The event has no canonical form, or the chain is full.
    #[error(transparent)]
    Event(#[from] AuditError),
    /// The stored head contradicts itself.
    #[error("the stored head of the chain is damaged")]
    Head,
}

/// The hash of an event and of everything before it.
pub fn link(prev: &[u8; 32], canonical: &[u8]) -> [u8; 32] {
    sha256(&[&[0x00], prev, canonical])
}

pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

/// A link to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its place.
    pub seq: Seq,
    /// Hash of the link before.
    pub prev: Sha256,
    /// Its own hash.
    pub hash: Sha256,
    /// The bytes that were hashed, with the event in them.
    pub canonical: Vec<u8>,
}

/// The end of a chain: what has to be known to add a link and to make a checkpoint. One row of the database, locked
/// while an act is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    tenant: TenantId,
    hash: Sha256,
    tree: Frontier,
}

impl Head {
    /// The head of an empty chain.
    pub const fn genesis(tenant: TenantId) -> Self {
        Self {
            tenant,
            hash: Sha256(GENESIS),
            tree: Frontier::new(),
        }
    }

    /// A head as it was stored: the hash of the last link and [`Head::tree_bytes`].
    ///
    /// # Errors
    /// [`ChainError::Head`] when the parts do not fit together.
    pub fn stored(tenant: TenantId, hash: Sha256, tree: &[u8]) -> Result<Self, ChainError> {
        let tree = Frontier::from_bytes(tree).ok_or(ChainError::Head)?;
        let fits = (tree.size() == 0) == (hash.0 == GENESIS);
        if fits {
            Ok(Self { tenant, hash, tree })
        } else {
            Err(ChainError::Head)
        }
    }

    /// Adds an act to the chain; answers the link to store, while the head moves on to it.
    ///
    /// # Errors
    /// [`ChainError::Event`] when the event would be too long; the head stays as it was.
    pub fn append(&mut self, act: Act) -> Result<Link, ChainError> {
        let seq = Seq::new(self.tree.size() + 1)?;
        let canonical = AuditEvent::new(self.tenant, seq, act).canonical()?;
        let (prev, hash) = (self.hash, Sha256(link(&self.hash.0, &canonical)));
        self.tree.push(hash.0);
        self.hash = hash;
        Ok(Link {
            seq,
            prev,
            hash,
            canonical,
        })
    }

    /// The university.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Number of links.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Hash of the last link, [`GENESIS`] before the first.
    pub const fn hash(&self) -> Sha256 {
        self.hash
    }

    /// The tree over all links, to be stored with the hash: 8 bytes and at most 53 hashes.
    pub fn tree_bytes(&self) -> Vec<u8> {
        self.tree.to_bytes()
    }

    /// What a checkpoint taken now says, for a service named by its host.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn checkpoint(&self, service: &str) -> Result<Checkpoint, NoteError> {
        Ok(Checkpoint {
            log: LogName::new(service, self.tenant)?,
            size: self.size(),
            root: Sha256(self.tree.root()),
        })
    }
}

//! The audit log: what was done, by whom, on what basis, as one link of a school's chain.
//!
//! An [`AuditEvent`] is an [`Act`] at its place in the chain of one university. Its canonical form (RFC 8785, beginning
//! with the schema name) is what the chain hashes. A released schema is never changed: a new one gets a new number.
//!
//! No personal data stands here in clear: persons are ids, free text does not exist, values are sealed or committed
//! to ([`Mark`]), addresses are cut to their network ([`Origin`]). Destroying a school's keys therefore leaves its
//! chain intact and its contents unreadable (办法 三（三）; 四 1: 谁牵头谁落实，谁经办谁负责).

pub mod doer;
pub mod hex;
pub mod mark;
pub mod term;

pub use doer::{Doer, Origin, Outcome, SessionMark};
pub use mark::{BulkLeaf, Leaves, Mark, Sha256};
pub use term::{DocumentNumber, EventTime, Seq, Term};

use crate::decision::Responsibility;
use crate::institution::TenantId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Greatest length of the canonical form of one event or one bulk leaf, in bytes.
pub const MAX_CANONICAL: usize = 1 << 20;

/// Why something cannot stand in the audit log. Never holds the refused text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// Not a term of the program's own vocabulary.
    #[error("not a term: 1 to 64 characters of a–z, 0–9 and / _ . : - that begin with a letter")]
    Term,
    /// Not a document number, or something that looks like a personal number.
    #[error(
        "not a document number: 1 to 64 printable characters without a personal number in them"
    )]
    DocumentNumber,
    /// Not a sequence number.
    #[error("a sequence number lies between 1 and 2^53 - 1")]
    Seq,
    /// Not a time in the form of the log.
    #[error("not a time of the form 2026-11-23T04:05:06.789Z")]
    Time,
    /// Not a hash, a mark or a session mark.
    #[error("not a value of the form name:hexadecimal")]
    Mark,
    /// Not an origin, or an address that was not cut to its network.
    #[error("not an origin: an address cut to its network, or the program itself")]
    Origin,
    /// Another schema than this version writes.
    #[error("the event has another schema")]
    Schema,
    /// The canonical form cannot be made, or is longer than [`MAX_CANONICAL`].
    #[error("the event has no canonical form of at most 1 MiB")]
    Canonical,
}

/// Name and version of the form of an event; always the first member of its canonical form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventSchema {
    /// The form described by [`AuditEvent`] of this version.
    #[default]
    #[serde(rename = "xueji.audit/1")]
    V1,
}

/// What an act is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its id.
    pub id: Uuid,
    /// Kind of record, for example `student` or `batch`.
    pub kind: Term,
}

/// Something done, refused or failed, before it has a place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// When.
    pub at: EventTime,
    /// Who did it.
    pub doer: Doer,
    /// The operation: `area/op` of the policy table, or a name of the program's own work.
    pub op: Term,
    /// On what.
    pub subject: Subject,
    /// Who leads, who handled, who checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsibility: Option<Responsibility>,
    /// The event of the state machine, where a state moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Term>,
    /// The document it rests on (依据文号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<DocumentNumber>,
    /// Why, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Term>,
    /// The values before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Mark>,
    /// The values after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Mark>,
    /// The rows of a bulk act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves: Option<Leaves>,
    /// The request that asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
    /// The session it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionMark>,
    /// From where.
    pub origin: Origin,
    /// How it ended.
    pub outcome: Outcome,
}

/// One link of the chain of one university.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    #[serde(rename = "$schema")]
    schema: EventSchema,
    tenant: TenantId,
    seq: Seq,
    act: Act,
}

impl AuditEvent {
    /// Puts an act at its place in the chain of a university.
    pub const fn new(tenant: TenantId, seq: Seq, act: Act) -> Self {
        Self {
            schema: EventSchema::V1,
            tenant,
            seq,
            act,
        }
    }

    /// The form it is written in.
    pub const fn schema(&self) -> EventSchema {
        self.schema
    }

    /// The university.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The place in the chain: 1, 2, 3, … without a gap.
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// What was done.
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// The bytes that are hashed: JSON after RFC 8785, `$schema` first.
    ///
    /// # Errors
    /// [`AuditError::Canonical`] when they would be longer than [`MAX_CANONICAL`].
    pub fn canonical(&self) -> Result<Vec<u8>, AuditError> {
        canonical(self)
    }

    /// Reads an event back from its canonical form, and only from that.
    ///
    /// # Errors
    /// [`AuditError::Schema`] for bytes that are no event of this schema, [`AuditError::Canonical`] for an event in
    /// another than the canonical form.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, AuditError> {
        let event: Self = serde_json::from_slice(bytes).map_err(|_| AuditError::Schema)?;
        if event.canonical()? == bytes {
            Ok(event)
        } else {
            Err(AuditError::Canonical)
        }
    }
}

fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, AuditError> {
    bounded(serde_jcs::to_vec(value).map_err(|_| AuditError::Canonical)?)
}

fn bounded(bytes: Vec<u8>) -> Result<Vec<u8>, AuditError> {
    if bytes.len() > MAX_CANONICAL {
        Err(AuditError::Canonical)
    } else {
        Ok(bytes)
    }
}

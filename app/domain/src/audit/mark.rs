//! What stands in the log instead of a value: a hash, a commitment, or the sealed value.

use super::{AuditError, Subject, bounded, hex};
use serde::{Deserialize, Serialize};

/// A SHA-256 value; 64 lower-case hexadecimal digits in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`AuditError::Mark`] for anything else.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        hex::decode_array(text).map(Self).ok_or(AuditError::Mark)
    }
}

impl std::fmt::Display for Sha256 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl std::fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl TryFrom<String> for Sha256 {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<Sha256> for String {
    fn from(value: Sha256) -> Self {
        value.to_string()
    }
}

const COMMITMENT: &str = "hmac-sha256:";
const SEALED: &str = "sealed:";

/// A value that the log refers to without showing it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Mark {
    /// Keyed with a key of the university and bound to the place of the value: it proves a value to who has the key,
    /// and cannot be guessed by who has not.
    Commitment([u8; 32]),
    /// The value itself, sealed under the audit key of the university.
    Sealed(Vec<u8>),
}

impl Mark {
    /// Reads `hmac-sha256:` or `sealed:` with lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`AuditError::Mark`] for anything else.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let read = if let Some(digits) = text.strip_prefix(COMMITMENT) {
            hex::decode_array(digits).map(Self::Commitment)
        } else {
            text.strip_prefix(SEALED)
                .filter(|digits| !digits.is_empty())
                .and_then(hex::decode)
                .map(Self::Sealed)
        };
        read.ok_or(AuditError::Mark)
    }
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Commitment(_) => f.write_str("Commitment"),
            Self::Sealed(bytes) => write!(f, "Sealed({} bytes)", bytes.len()),
        }
    }
}

impl TryFrom<String> for Mark {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<Mark> for String {
    fn from(value: Mark) -> Self {
        let (name, bytes) = match &value {
            Mark::Commitment(bytes) => (COMMITMENT, bytes.as_slice()),
            Mark::Sealed(bytes) => (SEALED, bytes.as_slice()),
        };
        let mut text = Self::with_capacity(name.len() + bytes.len() * 2);
        text.push_str(name);
        hex::push(bytes, &mut text);
        text
    }
}

/// The rows of a bulk act: how many, and the root of the RFC 6962 tree over their [`BulkLeaf`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaves {
    /// Number of rows.
    pub count: u32,
    /// Root of the tree.
    pub root: Sha256,
}

/// Name and version of the form of a bulk leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LeafSchema {
    /// The form described by [`BulkLeaf`] of this version.
    #[default]
    #[serde(rename = "xueji.audit-leaf/1")]
    V1,
}

/// One row of a bulk act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkLeaf {
    #[serde(rename = "$schema")]
    schema: LeafSchema,
    /// The values after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Mark>,
    /// The values before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Mark>,
    /// The record.
    pub subject: Subject,
}

impl BulkLeaf {
    /// One row with its values before and after.
    pub const fn new(subject: Subject, before: Option<Mark>, after: Option<Mark>) -> Self {
        Self {
            schema: LeafSchema::V1,
            after,
            before,
            subject,
        }
    }

    /// The form it is written in.
    pub const fn schema(&self) -> LeafSchema {
        self.schema
    }

    /// The bytes that are hashed: JSON after RFC 8785, `$schema` first. The fields stand in that order, and no value has
    /// a character that is written in more than one way; so it is written in one pass, tens of thousands at a time.
    ///
    /// # Errors
    /// [`AuditError::Canonical`] when they would be longer than [`super::MAX_CANONICAL`].
    pub fn canonical(&self) -> Result<Vec<u8>, AuditError> {
        let bytes = serde_json::to_vec(self).map_err(|_| AuditError::Canonical)?;
        bounded(bytes)
    }
}

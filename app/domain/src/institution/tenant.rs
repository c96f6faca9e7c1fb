//! A tenant is one university: its number, its address and its national school code.

use serde::{Deserialize, Serialize};

/// The tenant's number, never reused. It is part of every key of every tenant table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(pub i32);

impl TenantId {
    /// The number of no university: what belongs to the platform itself.
    pub const PLATFORM: Self = Self(0);
}

impl std::fmt::Display for TenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Why a slug or a school code is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenantNameError {
    /// The slug is not 2–20 characters of a–z, 0–9 and inner hyphens.
    #[error("a slug has 2 to 20 characters: a–z, 0–9 and inner hyphens, beginning with a letter")]
    Slug,
    /// The slug is a word that the addresses of the service use themselves.
    #[error("this slug is reserved for the service itself")]
    Reserved,
    /// Not five digits.
    #[error("a school code has five digits (学校国标代码)")]
    SchoolCode,
}

/// First part of every address of a tenant: `/{slug}/…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

const RESERVED: [&str; 10] = [
    "api", "assets", "files", "fonts", "healthz", "metrics", "operator", "pkg", "readyz", "static",
];

impl Slug {
    /// Accepts 2–20 characters of a–z, 0–9 and inner hyphens that begin with a letter.
    ///
    /// # Errors
    /// [`TenantNameError::Slug`] or [`TenantNameError::Reserved`].
    pub fn parse(text: &str) -> Result<Self, TenantNameError> {
        let ok = (2..=20).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-');
        if !ok {
            return Err(TenantNameError::Slug);
        }
        if RESERVED.contains(&text) {
            return Err(TenantNameError::Reserved);
        }
        Ok(Self(text.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = TenantNameError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<Slug> for String {
    fn from(value: Slug) -> Self {
        value.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Five-digit national school code (学校国标代码); it stays when the school's name changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SchoolCode(String);

impl SchoolCode {
    /// Accepts exactly five digits.
    ///
    /// # Errors
    /// [`TenantNameError::SchoolCode`].
    pub fn parse(text: &str) -> Result<Self, TenantNameError> {
        if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TenantNameError::SchoolCode)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SchoolCode {
    type Error = TenantNameError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<SchoolCode> for String {
    fn from(value: SchoolCode) -> Self {
        value.0
    }
}

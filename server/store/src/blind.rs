//! Blind indexes: finding a sealed value without opening any.
//!
//! An index is `HMAC-SHA256(key of the university and the column, normalised value)`, cut to 128 bits. It shows that two
//! values of one university are equal, and nothing else. Without the key the numbers of a whole city can be tried in
//! under an hour, so the key never lies in the database or its backups.

use crate::keys::{KeyError, TenantKeys};
use aws_lc_rs::hmac;
use domain::person::id_number;

/// What is indexed. The name is part of the derivation of the key, so it is never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Number of an identity document of any kind; 15 digits are found under 18.
    DocumentNumber,
    /// Telephone number.
    Phone,
    /// Mail address.
    Mail,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 3] = [Self::DocumentNumber, Self::Phone, Self::Mail];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::DocumentNumber => "document-number",
            Self::Phone => "phone",
            Self::Mail => "mail",
        }
    }
}

/// A blind index of 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindIndex([u8; 16]);

impl BlindIndex {
    /// The index of a value at one university; `None` when nothing is left of the value after normalising.
    ///
    /// # Errors
    /// [`KeyError::Provider`].
    pub fn of(keys: &TenantKeys, column: Column, value: &str) -> Result<Option<Self>, KeyError> {
        let value = normalise(column, value);
        if value.is_empty() {
            return Ok(None);
        }
        let key = keys
            .column(column)
            .ok_or(KeyError::Provider("find a key"))?;
        let tag = hmac::sign(key, value.as_bytes());
        Ok(tag.as_ref().first_chunk::<16>().copied().map(Self))
    }

    /// The bytes to store and to compare with.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlindIndex")
    }
}

/// A hash of values under a key of the university: equal for equal values, and useless to whoever holds the database
/// without the keys. A plain hash of a few known values and an identity number gives the number away within hours.
pub fn digest(keys: &TenantKeys, bytes: &[u8]) -> Vec<u8> {
    hmac::sign(keys.digest(), bytes).as_ref().to_vec()
}

/// One form for all ways of writing a value: half-width characters, no spaces, upper case (mail: lower case), an
/// identity number of 15 digits as one of 18, a telephone number without hyphens, brackets and +86.
fn normalise(column: Column, value: &str) -> String {
    let plain: String = id_number::normalise(value)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match column {
        Column::DocumentNumber => id_number::expand_15(&plain).unwrap_or(plain),
        Column::Phone => {
            let digits: String = plain
                .chars()
                .filter(|c| !matches!(c, '-' | '(' | ')'))
                .collect();
            digits
                .strip_prefix("+86")
                .map_or_else(|| digits.clone(), str::to_owned)
        }
        Column::Mail => plain.to_lowercase(),
    }
}

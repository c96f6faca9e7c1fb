//! An authenticator app, for tests.

use super::secret::SEED_ALPHABET;
use super::totp::{SEED, generator};
use crate::Result;
use chrono::{DateTime, Utc};

/// An app that knows one seed.
#[derive(Clone, Copy, Debug)]
pub struct Authenticator([u8; SEED]);

impl Authenticator {
    /// Takes a seed as a page shows it; `None` for too short a text.
    pub fn typed(secret: &str) -> Option<Self> {
        let digits = secret
            .bytes()
            .filter_map(|c| SEED_ALPHABET.iter().position(|letter| *letter == c));
        let mut bits = digits.flat_map(|digit| (0..5).rev().map(move |at| digit >> at & 1 == 1));
        let mut seed = [0; SEED];
        for byte in &mut seed {
            for _ in 0..u8::BITS {
                *byte = *byte << 1 | u8::from(bits.next()?);
            }
        }
        Some(Self(seed))
    }

    /// The bytes of its seed.
    pub const fn seed(&self) -> &[u8] {
        &self.0
    }

    /// The code it shows at a moment.
    ///
    /// # Errors
    /// [`crate::ServiceError::Internal`] for a seed that no app takes.
    pub fn code(&self, at: DateTime<Utc>) -> Result<String> {
        let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
        Ok(generator(self.0)?.generate(seconds).to_string())
    }
}

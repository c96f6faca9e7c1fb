//! Passwords: argon2id, two at a time, off the async threads.

mod strength;

pub use strength::weakness;

use crate::{Result, ServiceError, Services};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most characters; longer ones are refused before they are hashed.
pub const MAX_CHARS: usize = 128;

/// Hashes and checks passwords; at most two at a time, so that a wave of sign-ins cannot take the memory.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    runs: AtomicU64,
    now: AtomicU64,
    most: AtomicU64,
}

/// A turn that is taken until it is dropped.
struct Turn {
    counts: Arc<Counts>,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    fn new(counts: Arc<Counts>, permit: OwnedSemaphorePermit) -> Self {
        counts.runs.fetch_add(1, Ordering::Relaxed);
        let now = counts.now.fetch_add(1, Ordering::Relaxed) + 1;
        counts.most.fetch_max(now, Ordering::Relaxed);
        Self {
            counts,
            _permit: permit,
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Fields are dropped after this: the next turn begins with a count that this one has left.
        self.counts.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Memory in KiB, passes and lanes of a new hash (OWASP's first recommendation for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);

fn hasher() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|_| ServiceError::Internal("argon2"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl Passwords {
    /// Two turns.
    pub fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(2)),
            counts: Arc::default(),
        }
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// [`ServiceError::Interrupted`] when the program ends meanwhile.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.blocking(move || {
            let hash = hasher()?
                .hash_password(password.as_bytes())
                .map_err(|_| ServiceError::Internal("argon2"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Checks a password. Without a stored hash the same work is done, so that nobody can tell an unknown user by time.
    ///
    /// # Errors
    /// [`ServiceError::Interrupted`] when the program ends meanwhile.
    pub async fn matches(&self, password: String, stored: Option<String>) -> Result<bool> {
        self.blocking(move || {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| NOBODY.to_owned());
            let hash =
                PasswordHash::new(&stored).map_err(|_| ServiceError::Internal("password hash"))?;
            Ok(hasher()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
                && known)
        })
        .await
    }

    /// How many times argon2 ran since the start.
    pub fn runs(&self) -> u64 {
        self.counts.runs.load(Ordering::Relaxed)
    }

    /// How many ran at the same time, at most, since the start.
    pub fn most_at_once(&self) -> u64 {
        self.counts.most.load(Ordering::Relaxed)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| ServiceError::Interrupted)?;
        let turn = Turn::new(Arc::clone(&self.counts), permit);
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(|_| ServiceError::Interrupted)?
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// A hash with the usual cost that no password was ever set for.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGZvciBubw$0000000000000000000000000000000000000000000";

/// Whether a stored hash was made with other costs than those of today; it is then made anew at the next sign-in.
pub fn is_outdated(stored: &str) -> bool {
    let (memory, passes, lanes) = COST;
    let current = format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$");
    !stored.starts_with(&current)
}

impl Services {
    /// The one place where passwords are hashed and checked.
    pub const fn passwords(&self) -> &Passwords {
        &self.passwords
    }
}

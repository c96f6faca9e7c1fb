//! Use cases: authorise → load → decide → apply → notify; and the jobs.
//!
//! Every use case takes an [`Actor`](domain::institution::Actor) first. Reads open a read-only unit; writes open a unit of
//! work and leave exactly one audit entry. Time, ids and passwords' randomness come from here and nowhere else.

pub mod admission;
pub mod assign;
pub mod clock;
pub mod demo;
pub mod disclosure;
pub mod error;
mod flash;
pub mod handover;
mod home;
pub mod institution;
mod job;
mod lookup;
pub mod oversight;
pub mod parser;
pub mod plain;
mod platform;
mod sealed_file;
pub mod students;
pub mod template;
mod upkeep;
pub mod worker;

pub use error::{Result, ServiceError};
pub use formats::qr::QrCode;
pub use platform::{Entrance, Health};
pub use store::{FindingFilter, Provenance, StoreError};
pub use upkeep::Upkeep;

use parser::Parser;
use plain::PlainFolder;
use std::sync::Arc;
use store::Store;
use tokio::sync::Semaphore;

/// All use cases over one store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    store: Store,
    passwords: institution::password::Passwords,
    parser: Arc<dyn Parser>,
    /// Photos that are decoded for pages at one time: each may take the memory of sixteen million pixels.
    showing: Arc<Semaphore>,
    plain: PlainFolder,
}

/// As many as the machine that the figures are named for has processors.
const SHOWN_AT_ONCE: usize = 2;

impl Services {
    /// Use cases over a store; files of users go to the parser.
    pub fn new(store: Store, parser: Arc<dyn Parser>) -> Self {
        Self {
            store,
            passwords: institution::password::Passwords::new(),
            parser,
            showing: Arc::new(Semaphore::new(SHOWN_AT_ONCE)),
            plain: PlainFolder::default(),
        }
    }

    /// The same use cases with another folder for the files that the parser reads in clear.
    #[must_use]
    pub fn with_plain(self, plain: PlainFolder) -> Self {
        Self { plain, ..self }
    }

    /// The store beneath, for the program's own commands and layers (health, migration, sessions). The pages have no use
    /// for it: a guard keeps them from it.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The same use cases for one request: what they write says where it came from.
    #[must_use]
    pub fn asked(&self, by: Provenance) -> Self {
        Self {
            store: self.store.asked(by),
            passwords: self.passwords.clone(),
            parser: Arc::clone(&self.parser),
            showing: Arc::clone(&self.showing),
            plain: self.plain.clone(),
        }
    }

    /// Runs a use case to its end in a task of its own: a client that hangs up cannot cancel it halfway.
    ///
    /// # Errors
    /// The use case's own error, or [`ServiceError::Interrupted`] when the task was ended.
    pub async fn run<T, F>(&self, work: impl FnOnce(Self) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let work = work(self.clone());
        tokio::spawn(work)
            .await
            .map_err(|_| ServiceError::Interrupted)?
    }
}

/// What is kept of a session id, so that the id itself is nowhere in the database.
pub fn session_hash(id: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, id);
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}

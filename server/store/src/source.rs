//! Where time and ids come from: passed in, so that tests decide both.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The one source of time and ids of a program.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
    /// A new row id, in order of time (UUIDv7).
    fn id(&self) -> Uuid;
}

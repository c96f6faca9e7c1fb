//! A clock that stands still until it is moved, and ids that are the same in every run.

use crate::Source;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

/// 20 August 2026, 09:00 in China, in milliseconds since 1970.
const START: i64 = 1_787_187_600_000;

/// Time and ids of a test. Ids have the form of UUIDv7: the clock, then a counter.
#[derive(Debug)]
pub struct TestSource {
    millis: AtomicI64,
    next: AtomicU64,
    seed: u16,
}

impl TestSource {
    /// A source that begins on 20 August 2026, 09:00 in China, with the first id.
    pub const fn new() -> Self {
        Self::seeded(0)
    }

    /// As [`TestSource::new`], with ids of its own: sources with different seeds (below 4,096) never give the same id.
    pub const fn seeded(seed: u16) -> Self {
        Self {
            millis: AtomicI64::new(START),
            next: AtomicU64::new(1),
            seed,
        }
    }

    /// Sets the clock.
    pub fn set(&self, to: DateTime<Utc>) {
        self.millis.store(to.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.millis
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Default for TestSource {
    fn default() -> Self {
        Self::new()
    }
}

impl Source for TestSource {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::SeqCst)).unwrap_or_default()
    }

    fn id(&self) -> Uuid {
        let millis = u128::from(self.millis.load(Ordering::SeqCst).unsigned_abs());
        let count = u128::from(self.next.fetch_add(1, Ordering::SeqCst));
        let version = 7_u128 << 76;
        let seed = u128::from(self.seed & 0xfff) << 64;
        let variant = 0b10_u128 << 62;
        Uuid::from_u128((millis << 80) | version | seed | variant | (count & ((1 << 62) - 1)))
    }
}

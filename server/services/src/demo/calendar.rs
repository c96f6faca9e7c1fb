//! The calendar of a demonstration: it goes from one day of the past to the next, and never back.

use chrono::{DateTime, NaiveDate, Utc};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::Source;
use uuid::Uuid;

/// Offices open at nine in China: hour in UTC.
const OPENS: u32 = 1;

/// Time and ids of one university's past. Ids have the form of UUIDv7: the calendar, then the university, then a counter.
#[derive(Debug)]
pub(super) struct Calendar {
    millis: AtomicI64,
    next: AtomicU64,
    university: u16,
}

impl Calendar {
    /// A calendar that has no day yet.
    pub(super) const fn new(university: u16) -> Self {
        Self {
            millis: AtomicI64::new(0),
            next: AtomicU64::new(1),
            university,
        }
    }

    /// Goes on to the morning of a day, unless it is over.
    pub(super) fn go_to(&self, day: NaiveDate) {
        if let Some(morning) = day.and_hms_opt(OPENS, 0, 0) {
            let millis = morning.and_utc().timestamp_millis();
            self.millis.fetch_max(millis, Ordering::SeqCst);
        }
    }

    /// Goes on by some minutes.
    pub(super) fn pass_minutes(&self, minutes: i64) {
        self.millis.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Source for Calendar {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::SeqCst)).unwrap_or_default()
    }

    fn id(&self) -> Uuid {
        let millis = u128::from(self.millis.load(Ordering::SeqCst).unsigned_abs());
        let count = u128::from(self.next.fetch_add(1, Ordering::SeqCst));
        let version = 7_u128 << 76;
        let university = u128::from(self.university & 0xfff) << 64;
        let variant = 0b10_u128 << 62;
        Uuid::from_u128((millis << 80) | version | university | variant | (count & ((1 << 62) - 1)))
    }
}

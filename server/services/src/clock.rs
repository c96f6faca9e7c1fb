//! The one home of the clock and of new ids.

use chrono::{DateTime, Utc};
use store::Source;
use uuid::Uuid;

/// The system's clock and UUIDv7.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Source for System {
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one home of new ids")]
    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

//! Working days, academic calendar, deadlines, and how dates are written.

mod academic;
mod deadline;
mod working_days;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::{format_date_en, format_date_zh, local_date, local_time};
use proptest::prelude::*;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Days of the published years.
pub fn published_day() -> impl Strategy<Value = NaiveDate> {
    (0..4_700_u64).prop_map(|n| day("2014-01-01") + Days::new(n))
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn dates_are_written_in_both_languages() {
    assert_eq!(format_date_zh(day("2026-10-16")), "2026年10月16日 星期五");
    assert_eq!(format_date_en(day("2026-10-16")), "Friday, 16 October 2026");
    assert_eq!(format_date_zh(day("2026-02-01")), "2026年2月1日 星期日");
}

#[test]
fn the_day_changes_at_midnight_in_china() {
    assert_eq!(
        local_date(instant("2026-10-16T15:59:59Z")),
        day("2026-10-16")
    );
    assert_eq!(
        local_date(instant("2026-10-16T16:00:00Z")),
        day("2026-10-17")
    );
    assert_eq!(
        local_time(instant("2026-10-16T16:00:00Z")).to_string(),
        "2026-10-17 00:00:00"
    );
    assert_eq!(
        local_date(DateTime::<Utc>::MAX_UTC),
        DateTime::<Utc>::MAX_UTC.date_naive()
    );
}

//! Days: working days of the State Council, academic years and semesters, deadlines, and how dates are written.
//!
//! All legal days are days in China (UTC+8, no summer time since 1991). The clock is never read here.

pub mod academic;
pub mod deadline;
pub mod format;
pub mod working_days;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

pub use academic::{
    AcademicCalendar, AcademicCalendarError, AcademicYear, Semester, Term, TermDates,
};
pub use deadline::{Choice, DeadlineKey, DeadlineParams, Span, due, remaining_days};
pub use format::{format_date_en, format_date_zh, plain_date_en, plain_date_zh, weekday};
pub use working_days::{Deadline, WorkingDays, WorkingDaysError};

const UTC_OFFSET: TimeDelta = TimeDelta::hours(8);

/// Date and time in China at an instant.
pub fn local_time(at: DateTime<Utc>) -> NaiveDateTime {
    let utc = at.naive_utc();
    utc.checked_add_signed(UTC_OFFSET).unwrap_or(utc)
}

/// The day in China at an instant.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    local_time(at).date()
}

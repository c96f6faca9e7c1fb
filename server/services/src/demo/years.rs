//! The days of a demonstration, counted from the day on which it is made: whenever that is, one cohort is about to
//! arrive, and three have been here for one to three years.

use crate::{Result, ServiceError};
use chrono::{Datelike as _, Days, NaiveDate};
use domain::institution::term::StudentDays;

/// Cohorts before the one that arrives.
const EARLIER: i32 = 3;
/// Days from the making of the demonstration to the arrival of the new cohort, and on to the first day of teaching.
const ARRIVAL: u64 = 16;
const TEACHING: u64 = ARRIVAL + 2;
/// Fewest days of the semester in which they arrive.
const SEMESTER: u64 = 28;
/// Days from arrival to the last one to check the data and sign.
const CHECK: u64 = 14;
/// Days of teaching until everybody has looked themselves up.
const SELF_CHECK: u64 = 100;
/// Days that whoever is late still has.
const REMINDED: u64 = 9;
/// Days before the making in which only the new cohort moves.
const QUIET: u64 = 25;

/// The years and days of a demonstration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Years {
    /// The cohort that is about to arrive.
    pub(super) this: i32,
    today: NaiveDate,
}

/// The days of a cohort's admission.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intake {
    pub(super) classes: NaiveDate,
    pub(super) data: NaiveDate,
    pub(super) offer: NaiveDate,
    pub(super) answer: NaiveDate,
    pub(super) numbers: NaiveDate,
}

/// A semester that is not one of the calendar year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Semester {
    pub(super) starts: NaiveDate,
    pub(super) ends: NaiveDate,
}

pub(super) fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
        .ok_or(ServiceError::Internal("a day of the demonstration"))
}

impl Years {
    /// The years of a demonstration that is made on a day.
    pub(super) fn of(today: NaiveDate) -> Self {
        Self {
            this: today.year(),
            today,
        }
    }

    /// The oldest cohort.
    pub(super) const fn first(self) -> i32 {
        self.this - EARLIER
    }

    /// So many days before the demonstration is made.
    pub(super) fn before(self, days: u64) -> NaiveDate {
        self.today - Days::new(days)
    }

    /// A day of the past that all have in common; never one of the last weeks, in which the new cohort comes in.
    pub(super) fn past(self, year: i32, month: u32, date: u32) -> Result<NaiveDate> {
        Ok(day(year, month, date)?.min(self.before(QUIET)))
    }

    /// The day on which the new cohort reports.
    pub(super) fn arrival(self) -> NaiveDate {
        self.today + Days::new(ARRIVAL)
    }

    /// The year whose spring is the last that is over.
    pub(super) fn last_spring(self) -> Result<i32> {
        let over = day(self.this, 6, 30)? <= self.before(QUIET);
        Ok(if over { self.this } else { self.this - 1 })
    }

    /// The days on which a cohort is admitted: in the summer of its year, the new one in the last weeks.
    pub(super) fn intake(self, year: i32) -> Result<Intake> {
        if year == self.this {
            return Ok(Intake {
                classes: self.before(20),
                data: self.before(12),
                offer: self.before(9),
                answer: self.before(7),
                numbers: self.before(5),
            });
        }
        Ok(Intake {
            classes: day(year, 7, 20)?,
            data: day(year, 8, 3)?,
            offer: day(year, 8, 6)?,
            answer: day(year, 8, 8)?,
            numbers: day(year, 8, 10)?,
        })
    }

    /// The autumn semester of a year, and the day on which its freshmen report.
    pub(super) fn autumn(self, year: i32) -> Result<(Semester, NaiveDate)> {
        let mut natural = Semester {
            starts: day(year, 9, 1)?,
            ends: day(year + 1, 1, 20)?,
        };
        if year < self.this {
            // In the first days of a year the new cohort would begin before the semester of the last one is over.
            natural.ends = natural.ends.min(self.arrival() - Days::new(1));
        }
        if year != self.this {
            return Ok((natural, day(year, 8, 30)?));
        }
        let starts = self.today + Days::new(TEACHING);
        let ends = natural.ends.max(starts + Days::new(SEMESTER));
        Ok((Semester { starts, ends }, self.arrival()))
    }

    /// The last days of a cohort: two weeks after arrival to check and sign, the autumn to look oneself up, its third
    /// summer for the photo. Whoever came last year and has not looked yet still has some days.
    pub(super) fn student_days(self, year: i32) -> Result<StudentDays> {
        let (autumn, arrival) = self.autumn(year)?;
        let looked = autumn.starts + Days::new(SELF_CHECK);
        let looked = if year + 1 == self.this {
            looked.max(self.today + Days::new(REMINDED))
        } else {
            looked
        };
        let photo = day(year + EARLIER, 6, 30)?;
        let photo = if year == self.first() {
            photo.max(self.today + Days::new(REMINDED))
        } else {
            photo
        };
        Ok(StudentDays {
            verify_until: Some(arrival + Days::new(CHECK)),
            self_check_until: Some(looked),
            photo_until: Some(photo),
        })
    }

    /// The spring semester that follows the autumn of a year; none where the new cohort's semester leaves no room.
    pub(super) fn spring(self, year: i32) -> Result<Option<Semester>> {
        let mut spring = Semester {
            starts: day(year + 1, 2, 24)?,
            ends: day(year + 1, 7, 10)?,
        };
        let (autumn, arrival) = self.autumn(self.this)?;
        if year < self.this {
            spring.ends = spring.ends.min(arrival - Days::new(1));
        } else if year == self.this {
            spring.starts = spring.starts.max(autumn.ends + Days::new(14));
        }
        Ok((spring.starts < spring.ends).then_some(spring))
    }
}

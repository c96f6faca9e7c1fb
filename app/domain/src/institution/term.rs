//! Terms of a school's academic calendar: what is checked before deadlines are counted from them.

use crate::calendar::Semester;
use chrono::{Datelike as _, Months, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The longest that somebody studies: no day set for a cohort lies later.
const LONGEST_STUDY: Months = Months::new(8 * 12);

/// Last days that a school sets for what the students of a cohort do themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentDays {
    /// 信息核对并签名
    pub verify_until: Option<NaiveDate>,
    /// 学信网自查
    pub self_check_until: Option<NaiveDate>,
    /// 图像采集、照片校对、本人核验
    pub photo_until: Option<NaiveDate>,
}

impl StudentDays {
    /// Every day by the name of its field.
    pub const fn fields(self) -> [(&'static str, Option<NaiveDate>); 3] {
        [
            ("verify_until", self.verify_until),
            ("self_check_until", self.self_check_until),
            ("photo_until", self.photo_until),
        ]
    }
}

/// One semester as the school sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Year in which the academic year begins.
    pub year: i32,
    /// Which half.
    pub semester: Semester,
    /// First day of teaching.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Day on which freshmen report; in autumn only.
    pub arrival_on: Option<NaiveDate>,
    /// Last days of the cohort that begins; in autumn only.
    pub student_days: StudentDays,
}

/// Why a term is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// The first day is not in the half-year of the semester.
    #[error("the first day does not lie in this semester of this academic year")]
    Year,
    /// The last day is not eight to thirty weeks after the first.
    #[error("a semester lasts eight to thirty weeks")]
    Length,
    /// It overlaps another term.
    #[error("the term overlaps another one")]
    Overlap,
    /// Freshmen report in autumn, at most eight weeks before and four weeks after teaching begins.
    #[error("freshmen report around the beginning of the autumn semester")]
    Arrival,
    /// A cohort begins in autumn: a spring term has no days for it.
    #[error("{0} belongs to an autumn semester")]
    DaySpring(&'static str),
    /// Before the freshmen are there nobody can do it.
    #[error("{0} lies before the freshmen report")]
    DayEarly(&'static str),
    /// The cohort has left by then.
    #[error("{0} lies more than eight years after the first day")]
    DayLate(&'static str),
}

impl Term {
    /// Checks a term against the others of the calendar; its own earlier version does not count.
    ///
    /// # Errors
    /// [`TermError`].
    pub fn check(&self, others: &[Self]) -> Result<(), TermError> {
        let (year, months) = match self.semester {
            Semester::Autumn => (self.year, 7..=11),
            Semester::Spring => (self.year.saturating_add(1), 1..=5),
        };
        if self.starts_on.year() != year || !months.contains(&self.starts_on.month()) {
            return Err(TermError::Year);
        }
        let weeks = (self.ends_on - self.starts_on).num_weeks();
        if !(8..=30).contains(&weeks) {
            return Err(TermError::Length);
        }
        let overlaps = |other: &&Self| {
            (other.year, other.semester) != (self.year, self.semester)
                && other.starts_on <= self.ends_on
                && self.starts_on <= other.ends_on
        };
        if others.iter().any(|other| overlaps(&other)) {
            return Err(TermError::Overlap);
        }
        let around = |day: NaiveDate| {
            let window =
                self.starts_on - TimeDelta::weeks(8)..=self.starts_on + TimeDelta::weeks(4);
            self.semester == Semester::Autumn && window.contains(&day)
        };
        if self.arrival_on.is_some_and(|day| !around(day)) {
            return Err(TermError::Arrival);
        }
        self.check_student_days()
    }

    fn check_student_days(&self) -> Result<(), TermError> {
        let first = self.arrival_on.unwrap_or(self.starts_on);
        let last = self.starts_on.checked_add_months(LONGEST_STUDY);
        for (field, day) in self.student_days.fields() {
            let Some(day) = day else { continue };
            if self.semester != Semester::Autumn {
                return Err(TermError::DaySpring(field));
            }
            if day < first {
                return Err(TermError::DayEarly(field));
            }
            if last.is_none_or(|last| day > last) {
                return Err(TermError::DayLate(field));
            }
        }
        Ok(())
    }
}

/// Vacations: the days between the terms of a calendar, in order.
pub fn vacations(terms: &[Term]) -> Vec<RangeInclusive<NaiveDate>> {
    let mut terms: Vec<&Term> = terms.iter().collect();
    terms.sort_by_key(|term| term.starts_on);
    terms
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after] => {
                let first = before.ends_on.succ_opt()?;
                let last = after.starts_on.pred_opt()?;
                (first <= last).then_some(first..=last)
            }
            _ => None,
        })
        .collect()
}

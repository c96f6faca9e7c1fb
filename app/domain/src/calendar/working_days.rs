//! Working days: Monday to Friday and make-up working days, without public holidays, as the State Council's yearly
//! notice sets them. The next year is published in November; a span that reaches it is provisional.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

static EMBEDDED: LazyLock<WorkingDays> = LazyLock::new(|| {
    WorkingDays::parse(include_str!("../../codes/workdays.csv")).unwrap_or_default()
});

/// A day on which something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day.
    pub date: NaiveDate,
    /// Counted over days whose calendar is not published yet: may still move.
    pub provisional: bool,
}

impl Deadline {
    /// A day that no calendar can move.
    pub const fn fixed(date: NaiveDate) -> Self {
        Self {
            date,
            provisional: false,
        }
    }
}

/// What makes a day differ from its day of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    Holiday(String),
    MakeUp,
}

/// The table of exceptional days. `Default` is empty: weekends only, nothing published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    version: String,
    published: Option<(i32, i32)>,
    exceptions: BTreeMap<NaiveDate, Exception>,
    vacations: Vec<RangeInclusive<NaiveDate>>,
}

/// Why a table is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkingDaysError {
    /// The first line is not `version,TEXT`.
    #[error("line 1 must be version,TEXT")]
    Version,
    /// The second line is not `years,FIRST,LAST`.
    #[error("line 2 must be years,FIRST,LAST")]
    Years,
    /// A line is not `DATE,holiday,NAME` or `DATE,workday,NAME`.
    #[error("line {line} must be DATE,holiday|workday,NAME")]
    Line {
        /// Line, from 1.
        line: usize,
    },
    /// A date stands twice or lies outside the years.
    #[error("line {line}: date repeated or outside the years")]
    Date {
        /// Line, from 1.
        line: usize,
    },
}

impl WorkingDays {
    /// The table this program was built with (2014 to 2026).
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// Reads a table: `version,TEXT`, `years,FIRST,LAST`, then one line for each exceptional day.
    ///
    /// # Errors
    /// See [`WorkingDaysError`].
    pub fn parse(text: &str) -> Result<Self, WorkingDaysError> {
        let mut lines = text.lines().map(str::trim_end);
        let version = lines
            .next()
            .and_then(|line| line.strip_prefix("version,"))
            .filter(|v| !v.is_empty());
        let version = version.ok_or(WorkingDaysError::Version)?.to_owned();
        let (first, last) = lines
            .next()
            .and_then(years)
            .ok_or(WorkingDaysError::Years)?;
        let mut exceptions = BTreeMap::new();
        for (line, text) in (3..).zip(lines) {
            let (date, exception) = exception(text).ok_or(WorkingDaysError::Line { line })?;
            let inside = (first..=last).contains(&date.year());
            if !inside || exceptions.insert(date, exception).is_some() {
                return Err(WorkingDaysError::Date { line });
            }
        }
        Ok(Self {
            version,
            published: Some((first, last)),
            exceptions,
            vacations: Vec::new(),
        })
    }

    /// The same table without the days of campus vacations, for a school that does not count them.
    #[must_use]
    pub fn without_vacations(&self, vacations: Vec<RangeInclusive<NaiveDate>>) -> Self {
        Self {
            vacations,
            ..self.clone()
        }
    }

    /// Name of this edition of the table; stored with what was computed from it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the State Council's notice for the year of this day is in the table.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.published
            .is_some_and(|(first, last)| (first..=last).contains(&date.year()))
    }

    /// The name of the public holiday on this day.
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        match self.exceptions.get(&date)? {
            Exception::Holiday(name) => Some(name),
            Exception::MakeUp => None,
        }
    }

    /// Whether offices work on this day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        let statutory = match self.exceptions.get(&date) {
            Some(Exception::Holiday(_)) => false,
            Some(Exception::MakeUp) => true,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        };
        statutory
            && !self
                .vacations
                .iter()
                .any(|vacation| vacation.contains(&date))
    }

    /// The n-th working day after a day. The day itself is not counted; for `n` = 0 it is the answer.
    pub fn add_working_days(&self, from: NaiveDate, n: u16) -> Deadline {
        let mut date = from;
        let mut left = n;
        let mut provisional = false;
        for day in from.iter_days().skip(1) {
            if left == 0 {
                break;
            }
            date = day;
            provisional |= !self.covers(day);
            left -= u16::from(self.is_working_day(day));
        }
        Deadline { date, provisional }
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    /// The inverse of [`Self::add_working_days`].
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        days.map(|day| i32::from(self.is_working_day(day))).sum()
    }
}

fn years(line: &str) -> Option<(i32, i32)> {
    let (first, last) = line.strip_prefix("years,")?.split_once(',')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last))
}

fn exception(line: &str) -> Option<(NaiveDate, Exception)> {
    let mut cells = line.splitn(3, ',');
    let date = cells.next()?.parse().ok()?;
    let exception = match (cells.next()?, cells.next()?) {
        ("holiday", name) => Exception::Holiday(name.to_owned()),
        ("workday", _) => Exception::MakeUp,
        _ => return None,
    };
    Some((date, exception))
}

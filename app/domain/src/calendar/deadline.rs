//! The deadline engine: when something is due, from the registry of deadlines, a school's own values and the calendar.
//!
//! "日" are calendar days and "工作日" working days; both count from the day after the event. A last day that falls on
//! a holiday is not moved: the regulation does not say so.

mod key;
mod rule;
mod start;

use super::working_days::{Deadline, WorkingDays};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use key::DeadlineKey;
pub use rule::{Basis, Choice, DeadlineRule};
pub use start::StartEvent;

/// A length of time, or a day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Minutes: due the same day, watched by the hour.
    Minutes(u16),
    /// Calendar days.
    Days(u16),
    /// Working days.
    WorkingDays(u16),
    /// Weeks of seven days.
    Weeks(u16),
    /// Months: the same day of the month, or its last day.
    Months(u16),
    /// Years.
    Years(u16),
    /// Calendar days before the event.
    DaysBefore(u16),
    /// The next such day of a year, the day of the event included.
    YearDay {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
}

impl Span {
    /// The number, for spans that have one.
    pub const fn count(self) -> Option<u16> {
        match self {
            Self::Minutes(n)
            | Self::Days(n)
            | Self::WorkingDays(n)
            | Self::Weeks(n)
            | Self::Months(n)
            | Self::Years(n)
            | Self::DaysBefore(n) => Some(n),
            Self::YearDay { .. } => None,
        }
    }

    fn same_unit(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Whether the day exists in every year.
    fn is_real(self) -> bool {
        match self {
            Self::YearDay { month, day } => {
                NaiveDate::from_ymd_opt(2001, month.into(), day.into()).is_some()
            }
            Self::Minutes(_)
            | Self::Days(_)
            | Self::WorkingDays(_)
            | Self::Weeks(_)
            | Self::Months(_)
            | Self::Years(_)
            | Self::DaysBefore(_) => true,
        }
    }

    /// The last day. Past the end of the calendar the event's own day stands.
    fn end(self, start: NaiveDate, calendar: &WorkingDays) -> Deadline {
        let date = match self {
            Self::WorkingDays(n) => return calendar.add_working_days(start, n),
            Self::Minutes(_) => Some(start),
            Self::Days(n) => start.checked_add_days(Days::new(n.into())),
            Self::Weeks(n) => start.checked_add_days(Days::new(u64::from(n) * 7)),
            Self::Months(n) => start.checked_add_months(Months::new(n.into())),
            Self::Years(n) => start.checked_add_months(Months::new(u32::from(n) * 12)),
            Self::DaysBefore(n) => start.checked_sub_days(Days::new(n.into())),
            Self::YearDay { month, day } => year_day(start, month, day),
        };
        Deadline::fixed(date.unwrap_or(start))
    }
}

fn year_day(start: NaiveDate, month: u8, day: u8) -> Option<NaiveDate> {
    let of_year = |year| NaiveDate::from_ymd_opt(year, month.into(), day.into());
    of_year(start.year())
        .filter(|date| *date >= start)
        .or_else(|| of_year(start.year() + 1))
}

/// A school's own values; what is not set has the default of the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<DeadlineKey, Span>",
    into = "BTreeMap<DeadlineKey, Span>"
)]
pub struct DeadlineParams(BTreeMap<DeadlineKey, Span>);

/// Why a school's value is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineParamError {
    /// The law or the regulation leaves no choice.
    #[error("{} may not be changed", .0.code())]
    Fixed(DeadlineKey),
    /// Another unit than the rule's.
    #[error("{} has another unit", .0.code())]
    Unit(DeadlineKey),
    /// Outside what the rule allows.
    #[error("{} is outside the allowed range", .0.code())]
    Range(DeadlineKey),
}

impl DeadlineParams {
    /// Sets a school's own value.
    ///
    /// # Errors
    /// See [`DeadlineParamError`].
    pub fn set(&mut self, key: DeadlineKey, span: Span) -> Result<(), DeadlineParamError> {
        check(key, span)?;
        self.0.insert(key, span);
        Ok(())
    }

    /// Goes back to the default.
    pub fn reset(&mut self, key: DeadlineKey) {
        self.0.remove(&key);
    }

    /// The value in force.
    pub fn span(&self, key: DeadlineKey) -> Span {
        self.0.get(&key).copied().unwrap_or(key.rule().default)
    }
}

fn check(key: DeadlineKey, span: Span) -> Result<(), DeadlineParamError> {
    let rule = key.rule();
    let in_range = |min: u16, max: u16| {
        if !span.same_unit(rule.default) {
            Err(DeadlineParamError::Unit(key))
        } else if span.count().is_some_and(|n| (min..=max).contains(&n)) {
            Ok(())
        } else {
            Err(DeadlineParamError::Range(key))
        }
    };
    let Some((min, max)) = rule.choice.bounds() else {
        return Err(DeadlineParamError::Fixed(key));
    };
    match rule.choice {
        Choice::Free if span.is_real() => Ok(()),
        Choice::Free => Err(DeadlineParamError::Range(key)),
        Choice::Fixed | Choice::AtMost(_) | Choice::AtLeast(_) | Choice::Between(..) => {
            in_range(min, max)
        }
    }
}

impl TryFrom<BTreeMap<DeadlineKey, Span>> for DeadlineParams {
    type Error = DeadlineParamError;

    fn try_from(values: BTreeMap<DeadlineKey, Span>) -> Result<Self, Self::Error> {
        for (key, span) in &values {
            check(*key, *span)?;
        }
        Ok(Self(values))
    }
}

impl From<DeadlineParams> for BTreeMap<DeadlineKey, Span> {
    fn from(params: DeadlineParams) -> Self {
        params.0
    }
}

/// When something is due that began on `start` (the day of [`DeadlineRule::starts`], not counted).
pub fn due(
    key: DeadlineKey,
    params: &DeadlineParams,
    start: NaiveDate,
    calendar: &WorkingDays,
) -> Deadline {
    params.span(key).end(start, calendar)
}

/// When it is due after the one extension that the rule allows; `None` where it allows none.
pub fn due_extended(
    key: DeadlineKey,
    params: &DeadlineParams,
    start: NaiveDate,
    calendar: &WorkingDays,
) -> Option<Deadline> {
    let extension = key.rule().extension?;
    let first = due(key, params, start, calendar);
    let second = extension.end(first.date, calendar);
    Some(Deadline {
        provisional: first.provisional || second.provisional,
        ..second
    })
}

/// Calendar days until a day: 0 on the last day, negative afterwards.
pub fn remaining_days(due: NaiveDate, today: NaiveDate) -> i64 {
    (due - today).num_days()
}

//! Academic years (学年), semesters (学期) and a school's calendar of them (校历).

use crate::text::{Label, Text};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// An academic year, named after the calendar year in which it begins: `AcademicYear(2026)` is 2026–2027学年.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AcademicYear(pub u16);

impl AcademicYear {
    /// The academic year of a day by the general rule: it begins on 1 September. A school's own dates, where they are
    /// set, come from [`AcademicCalendar::term_on`].
    pub fn containing(date: NaiveDate) -> Self {
        let year = date.year() - i32::from(date.month() < 9);
        Self(u16::try_from(year).unwrap_or_default())
    }

    /// The year after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// `2026–2027学年`.
    pub fn label_zh(self) -> String {
        format!("{self}学年")
    }

    /// `Academic year 2026–2027`.
    pub fn label_en(self) -> String {
        format!("Academic year {self}")
    }
}

impl std::fmt::Display for AcademicYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}–{}", self.0, self.next().0)
    }
}

/// A semester. The academic year has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Semester {
    /// 第一学期, from September.
    Autumn,
    /// 第二学期, from February or March.
    Spring,
}

impl Label for Semester {
    fn label(&self) -> Text {
        match self {
            Self::Autumn => Text::new("第一学期（秋季）", "First semester (autumn)"),
            Self::Spring => Text::new("第二学期（春季）", "Second semester (spring)"),
        }
    }
}

/// One semester of one academic year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Term {
    /// Academic year.
    pub year: AcademicYear,
    /// Semester.
    pub semester: Semester,
}

impl Term {
    /// The following semester.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.semester {
            Semester::Autumn => Self {
                year: self.year,
                semester: Semester::Spring,
            },
            Semester::Spring => Self {
                year: self.year.next(),
                semester: Semester::Autumn,
            },
        }
    }
}

/// First and last day of a semester at one school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermDates {
    /// Which semester.
    pub term: Term,
    /// First day of teaching week 1.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// A school's semesters, in order and without overlap. The time between them is vacation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<TermDates>", into = "Vec<TermDates>")]
pub struct AcademicCalendar(Vec<TermDates>);

/// Why a calendar is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcademicCalendarError {
    /// A semester ends before it begins.
    #[error("the semester {0:?} ends before it begins")]
    EndBeforeStart(Term),
    /// A semester stands twice, or begins before the earlier one has ended.
    #[error("the semester {0:?} is repeated or overlaps the one before")]
    Overlap(Term),
}

impl AcademicCalendar {
    /// Sorts and checks the semesters.
    ///
    /// # Errors
    /// See [`AcademicCalendarError`].
    pub fn new(mut terms: Vec<TermDates>) -> Result<Self, AcademicCalendarError> {
        terms.sort_by_key(|dates| dates.term);
        if let Some(wrong) = terms.iter().find(|dates| dates.end < dates.start) {
            return Err(AcademicCalendarError::EndBeforeStart(wrong.term));
        }
        let pairs = terms.iter().zip(terms.iter().skip(1));
        for (earlier, later) in pairs {
            if earlier.term == later.term || later.start <= earlier.end {
                return Err(AcademicCalendarError::Overlap(later.term));
            }
        }
        Ok(Self(terms))
    }

    /// Every semester, in order.
    pub fn terms(&self) -> &[TermDates] {
        &self.0
    }

    /// First and last day of a semester, where they are set.
    pub fn dates(&self, term: Term) -> Option<TermDates> {
        self.0.iter().copied().find(|dates| dates.term == term)
    }

    /// The semester of a day; `None` in vacations and outside the calendar.
    pub fn term_on(&self, date: NaiveDate) -> Option<TermDates> {
        self.0
            .iter()
            .copied()
            .find(|dates| (dates.start..=dates.end).contains(&date))
    }

    /// The semester of a day, or in a vacation the one that comes next.
    pub fn current_or_next(&self, date: NaiveDate) -> Option<TermDates> {
        self.0.iter().copied().find(|dates| date <= dates.end)
    }

    /// Teaching week of a day, from 1; `None` outside a semester.
    pub fn week(&self, date: NaiveDate) -> Option<u8> {
        let dates = self.term_on(date)?;
        u8::try_from((date - dates.start).num_days() / 7 + 1).ok()
    }
}

impl TryFrom<Vec<TermDates>> for AcademicCalendar {
    type Error = AcademicCalendarError;

    fn try_from(terms: Vec<TermDates>) -> Result<Self, Self::Error> {
        Self::new(terms)
    }
}

impl From<AcademicCalendar> for Vec<TermDates> {
    fn from(calendar: AcademicCalendar) -> Self {
        calendar.0
    }
}

//! Cells: the forms of values, and a row while it is read.

use super::super::OrganisationRow;
use super::super::finding::{Issue, OrganisationFinding};
use super::super::heading::UNIT_HEADINGS;
use chrono::NaiveDate;

/// Longest name of a unit.
const LONGEST_NAME: usize = 60;

pub const KIND: usize = 0;
pub const CODE: usize = 1;
pub const NAME: usize = 2;
pub const PARENT: usize = 3;
pub const NATIONAL: usize = 4;
pub const CATALOGUE: usize = 5;
pub const DURATION: usize = 6;
pub const GRADE: usize = 7;
pub const PHONE: usize = 8;
pub const SHORT: usize = 9;
pub const FROM: usize = 10;
pub const UNTIL: usize = 11;
pub const PROVINCE_SHORT: usize = 12;

/// Heading of a column.
pub fn heading(column: usize) -> &'static str {
    UNIT_HEADINGS.get(column).map_or("", |h| h.name)
}

/// One row while it is read.
pub struct Reading<'r> {
    pub row: &'r OrganisationRow,
    pub findings: &'r mut Vec<OrganisationFinding>,
    pub failed: bool,
}

impl<'r> Reading<'r> {
    pub fn say(&mut self, column: usize, issue: Issue) {
        self.failed |= issue.severity() == crate::admission::finding::Severity::Error;
        self.findings.push(OrganisationFinding::new(
            self.row.row,
            heading(column),
            issue,
        ));
    }

    pub fn cell(&self, column: usize) -> &'r str {
        self.row.cell(column)
    }

    /// A cell that must be filled when `needed`, and must pass `form` when filled.
    pub fn read<T>(
        &mut self,
        column: usize,
        needed: bool,
        form: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            if needed {
                self.say(column, Issue::Empty);
            }
            return None;
        }
        let value = form(text);
        if value.is_none() {
            self.say(column, fault(column, text));
        }
        value
    }
}

/// What is wrong with a value that a column does not take: a number has the form and misses the range.
fn fault(column: usize, text: &str) -> Issue {
    let number = match column {
        DURATION => text.parse::<f32>().is_ok(),
        CATALOGUE | GRADE => text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    if number {
        Issue::OutOfRange
    } else {
        Issue::Form
    }
}

/// A code or login: letters, digits, hyphens and underscores.
pub fn plain_code(text: &str, longest: usize) -> Option<String> {
    let ok = (1..=longest).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ok.then(|| text.to_owned())
}

pub fn code_form(text: &str) -> Option<String> {
    plain_code(text, 20)
}

pub fn name_form(text: &str) -> Option<String> {
    let ok = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    ok.then(|| text.to_owned())
}

pub fn year_form(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| text.len() == 4);
    year.filter(|y| (1949..=2099).contains(y))
}

/// Two to eight years, halves allowed.
pub fn duration_form(text: &str) -> Option<String> {
    let (years, rest) = text.split_once('.').unwrap_or((text, ""));
    let ok = years.len() == 1
        && years.parse().is_ok_and(|y: u8| (2..=8).contains(&y))
        && matches!(rest, "" | "0" | "5");
    ok.then(|| text.trim_end_matches(".0").to_owned())
}

pub fn phone_form(text: &str) -> Option<String> {
    let ok = text.chars().count() <= 40
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || " -+,、转()（）".contains(c));
    ok.then(|| text.to_owned())
}

/// `2026-09-01`, `2026/9/1`, `2026年9月1日`, or the same with a time after it, as worksheets give dates.
pub fn date_form(text: &str) -> Option<NaiveDate> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月'])
        .collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}

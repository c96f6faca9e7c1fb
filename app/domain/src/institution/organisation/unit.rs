//! Units: colleges, majors, classes and offices.

use super::OrganisationRow;
use super::finding::{Issue, OrganisationFinding};
use super::heading::UNIT_HEADINGS;
use crate::person::name::gb18030_len;
use crate::text::{Label, Text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Bytes in GB18030 that the platform's fields FY, XSH and BH hold.
const PLATFORM_BYTES: usize = 24;
/// Longest name of a unit.
const LONGEST_NAME: usize = 60;

/// Kind of a unit, parents before children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 部门
    Office,
    /// 学院
    College,
    /// 专业
    Major,
    /// 班级
    Class,
}

impl UnitKind {
    /// Every kind, parents before children.
    pub const ALL: [Self; 4] = [Self::Office, Self::College, Self::Major, Self::Class];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::College => "college",
            Self::Major => "major",
            Self::Class => "class",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// The kinds a parent may be of, the usual one first; none for what stands at the top.
    const fn parents(self) -> &'static [Self] {
        match self {
            Self::Office | Self::College => &[],
            Self::Major => &[Self::College],
            // Classes of a broad intake (大类) stand under the college.
            Self::Class => &[Self::Major, Self::College],
        }
    }
}

impl Label for UnitKind {
    fn label(&self) -> Text {
        match self {
            Self::Office => Text::new("部门", "Office"),
            Self::College => Text::new("学院", "College"),
            Self::Major => Text::new("专业", "Major"),
            Self::Class => Text::new("班级", "Class"),
        }
    }
}

/// A unit that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUnit {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: UnitKind,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit above.
    pub parent: Option<Uuid>,
}

/// The unit above a planned one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Stands at the top.
    None,
    /// There already.
    Known(Uuid),
    /// In the same file: its place in the plan, which is before the child's.
    Planned(usize),
}

/// A unit to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedUnit {
    /// Row of the file.
    pub row: u32,
    /// Kind.
    pub kind: UnitKind,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit above.
    pub parent: Parent,
    /// National code of a major.
    pub national_code: Option<String>,
    /// Year of the catalogue that the national code is of.
    pub catalogue_year: Option<i32>,
    /// Years of study, as text: `4`, `2.5`.
    pub duration: Option<String>,
    /// Intake of a class.
    pub grade: Option<i32>,
    /// Telephone.
    pub phone: Option<String>,
    /// Short name on the platform.
    pub short_name: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
}

/// What the national catalogue of majors says about a code. The catalogue is on the host only, so it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueAnswer {
    /// No code of a major.
    NoCode,
    /// In the catalogue of that year.
    Listed,
    /// Not in it.
    NotListed,
    /// No catalogue of that year is known.
    NoCatalogue,
}

/// What a file of units comes to: good rows as a plan, parents before children; and everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitPlan {
    /// Units to be made.
    pub units: Vec<PlannedUnit>,
    /// Findings, in order of the rows.
    pub findings: Vec<OrganisationFinding>,
}

const KIND: usize = 0;
const CODE: usize = 1;
const NAME: usize = 2;
const PARENT: usize = 3;
const NATIONAL: usize = 4;
const CATALOGUE: usize = 5;
const DURATION: usize = 6;
const GRADE: usize = 7;
const PHONE: usize = 8;
const SHORT: usize = 9;
const FROM: usize = 10;

/// What one row comes to.
enum RowReading {
    /// It has an error.
    Wrong,
    /// The unit is there already.
    Unchanged,
    /// The unit is to be made, once its parent is found.
    Planned(Box<PlannedUnit>),
}

/// One row while it is read.
struct Reading<'r> {
    row: &'r OrganisationRow,
    findings: &'r mut Vec<OrganisationFinding>,
    failed: bool,
}

impl<'r> Reading<'r> {
    fn say(&mut self, column: usize, issue: Issue) {
        let field = UNIT_HEADINGS.get(column).map_or("", |h| h.name);
        self.failed |= issue.severity() == crate::admission::finding::Severity::Error;
        self.findings
            .push(OrganisationFinding::new(self.row.row, field, issue));
    }

    fn cell(&self, column: usize) -> &'r str {
        self.row.cell(column)
    }

    /// A cell that must be filled when `needed`, and must pass `form` when filled.
    fn read<T>(
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
            self.say(column, Issue::Form);
        }
        value
    }
}

/// Checks a file of units. `catalogue` answers for a year and a code.
pub fn check_units(
    rows: &[OrganisationRow],
    known: &[KnownUnit],
    catalogue: impl Fn(i32, &str) -> CatalogueAnswer,
    today: NaiveDate,
) -> UnitPlan {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut read: Vec<(PlannedUnit, String)> = Vec::new();
    let mut failed: BTreeSet<(UnitKind, String)> = BTreeSet::new();
    for row in rows {
        let mut reading = Reading {
            row,
            findings: &mut findings,
            failed: false,
        };
        match read_unit(&mut reading, known, &mut seen, &catalogue, today) {
            RowReading::Planned(unit) => read.push((*unit, row.cell(PARENT).to_owned())),
            RowReading::Unchanged => {}
            RowReading::Wrong => {
                let code = row.cell(CODE).to_owned();
                failed.extend(kind_of(row.cell(KIND)).map(|kind| (kind, code)));
            }
        }
    }
    let units = place_under_parents(read, known, &failed, &mut findings);
    findings.sort_by_key(|f| f.row);
    UnitPlan { units, findings }
}

fn kind_of(text: &str) -> Option<UnitKind> {
    UnitKind::ALL.into_iter().find(|k| k.label().zh == text)
}

/// Reads one row.
fn read_unit(
    reading: &mut Reading<'_>,
    known: &[KnownUnit],
    seen: &mut BTreeSet<(UnitKind, String)>,
    catalogue: &impl Fn(i32, &str) -> CatalogueAnswer,
    today: NaiveDate,
) -> RowReading {
    let kind = kind_of(reading.cell(KIND));
    if kind.is_none() {
        let empty = reading.cell(KIND).is_empty();
        reading.say(
            KIND,
            if empty {
                Issue::Empty
            } else {
                Issue::UnknownChoice
            },
        );
    }
    let code = reading.read(CODE, true, code_form);
    let name = reading.read(NAME, true, name_form);
    let major = kind == Some(UnitKind::Major);
    let catalogue_year = reading.read(CATALOGUE, major, year_form);
    let answer = |code: &str| catalogue(catalogue_year.unwrap_or_default(), code);
    let national_code = reading.read(NATIONAL, major, |text| {
        (answer(text) != CatalogueAnswer::NoCode).then(|| text.to_owned())
    });
    let duration = reading.read(DURATION, major, duration_form);
    let grade = reading.read(GRADE, kind == Some(UnitKind::Class), year_form);
    let phone = reading.read(PHONE, false, phone_form);
    let short_name = reading.read(SHORT, false, name_form);
    let valid_from = reading.read(FROM, false, date_form).unwrap_or(today);
    if national_code.as_deref().map(answer) == Some(CatalogueAnswer::NotListed) {
        reading.say(NATIONAL, Issue::NotInCatalogue);
    }
    check_width(reading, kind, name.as_deref(), short_name.as_deref());
    let (Some(kind), Some(code), Some(name)) = (kind, code, name) else {
        return RowReading::Wrong;
    };
    if !seen.insert((kind, code.clone())) {
        reading.say(CODE, Issue::Repeated);
    }
    let there = known.iter().find(|k| k.kind == kind && k.code == code);
    match there {
        Some(unit) if unit.name == name => {
            reading.say(CODE, Issue::Unchanged);
            return if reading.failed {
                RowReading::Wrong
            } else {
                RowReading::Unchanged
            };
        }
        Some(_) => reading.say(CODE, Issue::OtherName),
        None => {}
    }
    if !kind.parents().is_empty() && reading.cell(PARENT).is_empty() {
        reading.say(PARENT, Issue::Empty);
    }
    if reading.failed {
        return RowReading::Wrong;
    }
    RowReading::Planned(Box::new(PlannedUnit {
        row: reading.row.row,
        kind,
        code,
        name,
        parent: Parent::None,
        national_code,
        catalogue_year,
        duration,
        grade,
        phone,
        short_name,
        valid_from,
    }))
}

/// Names of colleges and classes go into fields of 24 bytes.
fn check_width(
    reading: &mut Reading<'_>,
    kind: Option<UnitKind>,
    name: Option<&str>,
    short: Option<&str>,
) {
    if short.is_some_and(|s| gb18030_len(s) > PLATFORM_BYTES) {
        reading.say(SHORT, Issue::ShortNameTooLong);
    }
    let on_platform = matches!(kind, Some(UnitKind::College | UnitKind::Class));
    if on_platform && short.is_none() && name.is_some_and(|n| gb18030_len(n) > PLATFORM_BYTES) {
        reading.say(SHORT, Issue::ShortNameMissing);
    }
}

/// Puts every unit under its parent, kind by kind, so that parents come before children.
fn place_under_parents(
    mut read: Vec<(PlannedUnit, String)>,
    known: &[KnownUnit],
    failed: &BTreeSet<(UnitKind, String)>,
    findings: &mut Vec<OrganisationFinding>,
) -> Vec<PlannedUnit> {
    read.sort_by_key(|(unit, _)| unit.kind);
    let mut out = failed.clone();
    let mut planned: Vec<PlannedUnit> = Vec::with_capacity(read.len());
    let mut places: BTreeMap<(UnitKind, String), usize> = BTreeMap::new();
    for (mut unit, above) in read {
        let kinds = unit.kind.parents();
        let found = kinds.iter().find_map(|kind| {
            let in_file = places.get(&(*kind, above.clone()));
            let there = known.iter().find(|k| k.kind == *kind && k.code == above);
            in_file
                .map(|at| Parent::Planned(*at))
                .or_else(|| there.map(|k| Parent::Known(k.id)))
        });
        let key = (unit.kind, unit.code.clone());
        match found {
            None if !kinds.is_empty() => {
                let wrong = kinds.iter().any(|k| out.contains(&(*k, above.clone())));
                let issue = if wrong {
                    Issue::ParentOut
                } else {
                    Issue::NoParent
                };
                let field = UNIT_HEADINGS.get(PARENT).map_or("", |h| h.name);
                findings.push(OrganisationFinding::new(unit.row, field, issue));
                out.insert(key);
            }
            parent => {
                unit.parent = parent.unwrap_or(Parent::None);
                places.insert(key, planned.len());
                planned.push(unit);
            }
        }
    }
    planned
}

/// A code or login: letters, digits, hyphens and underscores.
pub(super) fn plain_code(text: &str, longest: usize) -> Option<String> {
    let ok = (1..=longest).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ok.then(|| text.to_owned())
}

fn code_form(text: &str) -> Option<String> {
    plain_code(text, 20)
}

fn name_form(text: &str) -> Option<String> {
    let ok = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    ok.then(|| text.to_owned())
}

fn year_form(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| text.len() == 4);
    year.filter(|y| (1949..=2099).contains(y))
}

/// Two to eight years, halves allowed.
fn duration_form(text: &str) -> Option<String> {
    let (years, rest) = text.split_once('.').unwrap_or((text, ""));
    let ok = years.len() == 1
        && years.parse().is_ok_and(|y: u8| (2..=8).contains(&y))
        && matches!(rest, "" | "0" | "5");
    ok.then(|| text.trim_end_matches(".0").to_owned())
}

pub(super) fn phone_form(text: &str) -> Option<String> {
    let ok = text.len() <= 40
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || " -+,、转()（）".contains(c));
    ok.then(|| text.to_owned())
}

/// `2026-09-01`, `2026/9/1`, `2026年9月1日`, or the same with a time after it, as worksheets give dates.
fn date_form(text: &str) -> Option<NaiveDate> {
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

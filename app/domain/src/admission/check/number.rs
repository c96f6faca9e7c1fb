//! Rules on candidate numbers, schools and the source as a whole (rules V1, V2, V5).

use super::CheckContext;
use super::folder::FolderCheck;
use super::reading::Reading;
use super::row::Findings;
use crate::admission::finding::{FindingKind as Kind, Severity};
use crate::admission::path::NumberOrigin;
use crate::admission::source::{Notice, SourceField as Field};
use crate::codes::Province;
use crate::institution::SchoolCode;
use crate::person::candidate_number::CandidateNumber;

const REPLACEMENT: char = '\u{fffd}';
const ORDINARY: usize = 14;
/// Years for which admission may have been deferred (military service).
const DEFERRED_YEARS: u16 = 2;
/// Years for which a returner may have been away: five years of service and two around them.
const LONGEST_DEFERRAL: u16 = 7;

/// Every cell was understood. Damage where nothing is read from costs nobody anything: it is a warning (ADR 0097).
pub(super) fn cells_decode(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    for row in reading.entry.rows() {
        let damaged = || {
            let cells = row.columns.table.fields.iter().zip(&row.row.values);
            cells
                .filter(|(_, value)| value.contains(REPLACEMENT))
                .map(|(field, _)| field.name.as_str())
        };
        let kept = damaged().find(|column| row.columns.is_kept(column));
        let (severity, column) = match (kept, damaged().next()) {
            (Some(column), _) => (Severity::Error, column),
            (None, Some(column)) => (Severity::Warning, column),
            (None, None) if row.row.undecodable => (Severity::Error, ""),
            (None, None) => continue,
        };
        out.weigh_in(Kind::Undecodable, severity, row, column, column);
    }
}

/// 14 digits, or the longer form of special admissions. A school's own number in an ordinary source is of another path.
pub(super) fn ksh_form(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    if reading.ksh.is_empty() {
        out.add(Kind::MissingField, Field::Ksh, Field::Ksh.column());
        return;
    }
    if is_ordinary(&reading.ksh) {
        return;
    }
    let special = CandidateNumber::parse_special(&reading.ksh).is_ok();
    let unlike_ordinary =
        reading.ksh.len() > ORDINARY || reading.ksh.bytes().any(|byte| byte.is_ascii_uppercase());
    let severity = match context.path.number_origin() {
        NumberOrigin::School if special => return,
        // Who comes back keeps the number, also one that the school had made. A short one may be a slip.
        NumberOrigin::EarlierYear if special && unlike_ordinary => return,
        NumberOrigin::EarlierYear if special => Severity::Warning,
        NumberOrigin::Province if special && unlike_ordinary => {
            out.add(Kind::OtherPath, Field::Ksh, &reading.ksh);
            return;
        }
        NumberOrigin::School | NumberOrigin::Province | NumberOrigin::EarlierYear => {
            Severity::Error
        }
    };
    out.weigh(Kind::BadKsh, severity, Field::Ksh, &reading.ksh);
}

/// The first two digits are the admission year.
pub(super) fn ksh_year(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let Some(year) = digits(&reading.ksh, 0) else {
        return;
    };
    let origin = context.path.number_origin();
    // A number without a province was made by the school: its first digits are no year.
    if origin == NumberOrigin::EarlierYear && province(&reading.ksh).is_none() {
        return;
    }
    let expected = context.year % 100;
    let age = (expected + 100 - year) % 100;
    let severity = match origin {
        NumberOrigin::School => return,
        NumberOrigin::EarlierYear if age <= LONGEST_DEFERRAL => return,
        NumberOrigin::Province if age == 0 => return,
        NumberOrigin::Province if age <= DEFERRED_YEARS => Severity::Warning,
        NumberOrigin::Province | NumberOrigin::EarlierYear => Severity::Error,
    };
    out.weigh(
        Kind::WrongYear,
        severity,
        Field::Ksh,
        &format!("{year:02} ≠ {expected:02}"),
    );
}

/// Digits 3 and 4 are a province.
pub(super) fn ksh_province(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let severity = match context.path.number_origin() {
        NumberOrigin::School => return,
        // Of a number that the school had made nothing can be read.
        NumberOrigin::EarlierYear => Severity::Warning,
        NumberOrigin::Province => Severity::Error,
    };
    if digits(&reading.ksh, 2).is_some() && province(&reading.ksh).is_none() {
        let code = reading.ksh.get(2..4).unwrap_or_default();
        out.weigh(Kind::UnknownProvince, severity, Field::Ksh, code);
    }
}

/// The province that an ordinary number names.
fn province(ksh: &str) -> Option<&'static Province> {
    ksh.get(2..4).and_then(Province::from_code)
}

/// 院校代码, where the source has the national one, is one of ours.
pub(super) fn school_is_ours(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let stated = reading.entry.value(Field::Yxdm);
    let national = stated.len() == 5 && stated.bytes().all(|byte| byte.is_ascii_digit());
    let ours = &context.school_codes;
    if national && !ours.is_empty() && ours.iter().all(|code| code.as_str() != stated) {
        let expected = named(ours);
        out.add(
            Kind::WrongSchool,
            Field::Yxdm,
            &format!("{stated} ≠ {expected}"),
        );
    }
}

fn named(codes: &[SchoolCode]) -> String {
    let codes: Vec<&str> = codes.iter().map(SchoolCode::as_str).collect();
    codes.join(" / ")
}

fn is_ordinary(ksh: &str) -> bool {
    ksh.len() == ORDINARY && ksh.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two digits of an ordinary number.
fn digits(ksh: &str, from: usize) -> Option<u16> {
    is_ordinary(ksh)
        .then(|| ksh.get(from..from + 2))
        .flatten()?
        .parse()
        .ok()
}

/// A source of another year or another school, said once. There, an old number is no deferred student.
pub(super) fn whole_source(folders: &mut [FolderCheck], context: &CheckContext) -> Vec<Notice> {
    let all = |folders: &[FolderCheck], kind| {
        let mut rows = folders
            .iter()
            .flat_map(|folder| &folder.candidates)
            .peekable();
        rows.peek().is_some()
            && rows.all(|judged| judged.findings.iter().any(|finding| finding.kind == kind))
    };
    let rows = folders
        .iter()
        .map(|folder| folder.candidates.len() as u64)
        .sum();
    let mut notices = Vec::new();
    if all(folders, Kind::WrongYear) {
        notices.push(Notice::ForeignYear {
            expected: context.year,
            rows,
        });
        let findings = folders
            .iter_mut()
            .flat_map(|folder| &mut folder.candidates)
            .flat_map(|judged| &mut judged.findings);
        for finding in findings.filter(|finding| finding.kind == Kind::WrongYear) {
            finding.severity = Severity::Error;
        }
    }
    if all(folders, Kind::WrongSchool) {
        notices.push(Notice::ForeignSchool {
            expected: named(&context.school_codes),
            rows,
        });
    }
    notices
}

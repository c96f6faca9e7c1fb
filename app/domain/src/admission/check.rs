//! The check of an admission source (import rules V1–V9, 办法 二（一）3（1）（4）): every candidate with the values as they
//! would be stored, every finding with its row, its field, its rule and what to do.
//!
//! A rule is one function. Nothing is repaired beyond what [`crate::person`] defines as the stored form of a value.

mod candidate;
mod coded;
mod difference;
mod division;
mod duplicate;
mod folder;
mod identity;
mod naming;
mod number;
mod reading;
mod row;

pub use candidate::{
    CandidateFacts, CandidateStatus, CheckedCandidate, Contact, Provenance, StatedMajor,
};
pub use difference::{BETWEEN, Difference, Replaced, differences, replaced};
pub use division::Division;

use super::finding::{Finding, FindingKind, Place, Severity};
use super::path::AdmissionPath;
use super::source::{AdmissionPackage, Notice};
use crate::institution::SchoolCode;
use crate::text::Lang;
use chrono::NaiveDate;
use folder::FolderCheck;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a source is checked against.
#[derive(Clone, Debug)]
pub struct CheckContext {
    /// Admission year, four digits.
    pub year: u16,
    /// The codes of the importing school on that day, which may be several; none leaves 院校代码 unchecked.
    pub school_codes: Vec<SchoolCode>,
    /// Day of the check, for ages.
    pub today: NaiveDate,
    /// The way of admission the source is for.
    pub path: AdmissionPath,
}

/// The outcome of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Number of findings per kind, with `rows` (physical records of persons), `deleted` and `withdrawn` always there.
    pub counts: BTreeMap<String, u64>,
    /// How the records of persons divide.
    pub division: Division,
    /// What is said once about the source.
    pub notices: Vec<Notice>,
    /// Findings by folder, file and row.
    pub findings: Vec<Finding>,
    /// Every admitted candidate once, bad ones included.
    pub candidates: Vec<CheckedCandidate>,
}

/// What `xj admission check --json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Printable<'a> {
    /// Totals per kind.
    pub counts: &'a BTreeMap<String, u64>,
    /// Notices as lines of text.
    pub notices: Vec<String>,
    /// Findings.
    pub findings: &'a [Finding],
}

impl CheckReport {
    /// Whether no finding weighs as an error.
    pub fn is_clean(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity == Severity::Warning)
    }

    /// The object for the command line, notices in one language.
    pub fn printable(&self, lang: Lang) -> Printable<'_> {
        Printable {
            counts: &self.counts,
            notices: self
                .notices
                .iter()
                .map(|notice| notice.text(lang))
                .collect(),
            findings: &self.findings,
        }
    }
}

/// Checks a package.
pub fn check(package: &AdmissionPackage, context: &CheckContext) -> CheckReport {
    let mut folders: Vec<FolderCheck> = package
        .folders
        .iter()
        .map(|folder| FolderCheck::new(folder, context))
        .collect();
    duplicate::across_folders(&mut folders);
    let mut notices = package.notices.clone();
    notices.extend(number::whole_source(&mut folders, context));
    notices.extend(
        folders
            .iter()
            .flat_map(|folder| folder.notices.iter().cloned()),
    );
    let rows = folders.iter().map(|folder| folder.rows).sum();
    let mut division = Division::default();
    for folder in &folders {
        division += folder.division;
    }
    let mut report = CheckReport {
        division,
        notices,
        findings: unread(&package.notices),
        ..CheckReport::default()
    };
    for folder in folders {
        folder.finish(&mut report);
    }
    report.counts = totals(rows, &report.findings);
    report
}

/// One error for each folder that was not read: what is absent must not pass for what is right.
fn unread(notices: &[Notice]) -> Vec<Finding> {
    let finding = |notice: &Notice| {
        let Notice::FolderUnread { folder, file, .. } = notice else {
            return None;
        };
        let place = Place {
            ksh: "",
            file,
            row: 0,
            field: "*",
        };
        Some(Finding::new(FindingKind::UnreadFolder, place, folder))
    };
    notices.iter().filter_map(finding).collect()
}

fn totals(rows: u64, findings: &[Finding]) -> BTreeMap<String, u64> {
    let always = [FindingKind::Deleted.key(), FindingKind::Withdrawn.key()];
    let mut counts: BTreeMap<String, u64> =
        always.into_iter().map(|key| (key.to_owned(), 0)).collect();
    counts.insert("rows".to_owned(), rows);
    for finding in findings {
        *counts.entry(finding.kind.key().to_owned()).or_default() += 1;
    }
    counts
}

//! A source after the rules and the comparison with what is in: rows with their states, findings with their rows.

use super::majors::Offer;
use super::row::{self, Records};
use super::{CHUNK, count};
use crate::{Result, ServiceError};
use chrono::{DateTime, Utc};
use domain::admission::check::{CandidateStatus, CheckContext, CheckReport, Division, check};
use domain::admission::finding::{Finding, FindingKind, Place, RecordKey, Severity};
use domain::admission::source::{AdmissionPackage, Notice, SourceField};
use domain::view::admission::RowState;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;
use store::blind::{BlindIndex, Column};
use store::keys::TenantKeys;
use store::{StoreError, rows};
use uuid::Uuid;

/// A source after the rules, before the database is asked.
pub(crate) struct Judged {
    pub(crate) package: AdmissionPackage,
    pub(crate) report: CheckReport,
    /// Per candidate: the hash of its values.
    pub(crate) digests: Vec<Vec<u8>>,
    /// Per candidate: the blind index of its document number; empty without one.
    pub(crate) indexes: Vec<Vec<u8>>,
}

impl Judged {
    pub(crate) fn of(
        package: AdmissionPackage,
        context: &CheckContext,
        keys: &TenantKeys,
    ) -> Result<Self> {
        let report = check(&package, context);
        let candidates = || report.candidates.iter().map(|candidate| &candidate.facts);
        let digests = candidates()
            .map(|facts| row::digest(keys, facts))
            .collect::<Result<_>>()?;
        let indexes = candidates()
            .map(|facts| document_index(keys, facts.id_number.as_deref()))
            .collect::<Result<_>>()?;
        Ok(Self {
            package,
            report,
            digests,
            indexes,
        })
    }
}

/// The blind index of a document number; empty for none.
pub(crate) fn document_index(keys: &TenantKeys, number: Option<&str>) -> Result<Vec<u8>> {
    let Some(number) = number else {
        return Ok(Vec::new());
    };
    let index = BlindIndex::of(keys, Column::DocumentNumber, number).map_err(StoreError::from)?;
    Ok(index.map_or_else(Vec::new, |index| index.as_bytes().to_vec()))
}

/// How a candidate stands to those that are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placing {
    /// Not in.
    New,
    /// This import brought it in, with these values: nothing is said about it again.
    Own,
    /// In with the same values.
    Same,
    /// In with other values; the differences, masked.
    Differs(String),
    /// Not in, but the same person has a record of an earlier year under this number.
    Returns {
        /// That record.
        record: RecordKey,
        /// Whether its admission is deferred, so that it moves on.
        deferred: bool,
    },
    /// Not in, but the same person has a record of an earlier year under this number, and this is not the way of those
    /// who come back.
    Elsewhere {
        /// That record.
        record: RecordKey,
    },
    /// Not in, but its document is, under another number.
    DocumentIn {
        /// Whether in the same year: then one of the two is wrong.
        same_year: bool,
        /// The record under that number.
        record: RecordKey,
    },
}

impl Placing {
    /// The same document stands under another number.
    pub(super) fn document_in(record: RecordKey, year: i32) -> Self {
        Self::DocumentIn {
            same_year: record.year == year,
            record,
        }
    }

    /// The state of a row whose candidate stands so, where the rules alone gave it another.
    pub(crate) fn state(&self, by_check: RowState) -> RowState {
        match self {
            Self::New | Self::Own => by_check,
            Self::Same => RowState::Unchanged,
            Self::Differs(_) => RowState::Changed,
            Self::Returns { .. }
            | Self::DocumentIn {
                same_year: false, ..
            } => by_check.max(RowState::Warned),
            Self::Elsewhere { .. }
            | Self::DocumentIn {
                same_year: true, ..
            } => RowState::Bad,
        }
    }

    /// What is said about a candidate who stands so, at a record of a source; nothing about who is new or as before.
    pub(crate) fn finding(&self, ksh: &str, (file, row): (&str, u32)) -> Option<Finding> {
        let said = |kind, field: SourceField, severity, particulars: &str| {
            let field = field.column();
            let place = Place {
                ksh,
                file,
                row,
                field,
            };
            Finding::with_severity(kind, severity, place, particulars)
        };
        let of_number = |kind: FindingKind, particulars: &str| {
            said(kind, SourceField::Ksh, kind.severity(), particulars)
        };
        Some(match self {
            Self::New | Self::Own | Self::Same => return None,
            Self::Differs(fields) => of_number(FindingKind::Changed, fields),
            Self::Returns { record, deferred } => {
                let kind = if *deferred {
                    FindingKind::EarlierRecord
                } else {
                    FindingKind::EarlierNotDeferred
                };
                let named = format!("{} {}", record.year, record.ksh);
                of_number(kind, &named).about(record.clone())
            }
            Self::Elsewhere { record } => {
                let earlier = record.year.to_string();
                of_number(FindingKind::ReturnsElsewhere, &earlier).about(record.clone())
            }
            Self::DocumentIn { same_year, record } => {
                let severity = if *same_year {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                let kind = FindingKind::EarlierDocument;
                said(kind, SourceField::Zjhm, severity, &record.ksh).about(record.clone())
            }
        })
    }
}

/// What goes into the database.
pub(crate) struct Plan {
    judged: Judged,
    /// Candidates that become rows, with their states.
    rows: Vec<(usize, RowState)>,
    /// Findings with the candidate they are about, those of rows before loose ones.
    findings: Vec<(Finding, Option<usize>)>,
}

impl Plan {
    pub(crate) fn new(mut judged: Judged, placings: &[Placing]) -> Self {
        let homes: Vec<Option<usize>> = {
            let homes = Homes::of(&judged.report);
            let findings = judged.report.findings.iter();
            findings.map(|finding| homes.home(finding)).collect()
        };
        let mut added = Vec::new();
        let mut rows = Vec::new();
        for (at, (candidate, placing)) in judged.report.candidates.iter().zip(placings).enumerate()
        {
            let by_check = match candidate.status {
                CandidateStatus::Good => RowState::Good,
                CandidateStatus::Warned => RowState::Warned,
                CandidateStatus::Bad => RowState::Bad,
            };
            if *placing == Placing::Own {
                continue;
            }
            let from = (candidate.provenance.file.as_str(), candidate.provenance.row);
            let finding = placing.finding(&candidate.facts.ksh, from);
            added.extend(finding.map(|finding| (finding, Some(at))));
            let state = placing.state(by_check);
            rows.push((at, state));
        }
        for (finding, _) in &added {
            let key = finding.kind.key().to_owned();
            *judged.report.counts.entry(key).or_default() += 1;
        }
        let known = |at: Option<usize>| {
            at.and_then(|at| placings.get(at))
                .is_some_and(|placing| matches!(placing, Placing::Own | Placing::Same))
        };
        let mut findings: Vec<(Finding, Option<usize>)> =
            std::mem::take(&mut judged.report.findings)
                .into_iter()
                .zip(homes)
                .filter(|(_, home)| !known(*home))
                .chain(added)
                .collect();
        findings.sort_by_key(|(_, home)| home.unwrap_or(usize::MAX));
        Self {
            judged,
            rows,
            findings,
        }
    }

    /// Totals of the source.
    pub(crate) const fn counts(&self) -> &BTreeMap<String, u64> {
        &self.judged.report.counts
    }

    /// How its records divide.
    pub(crate) const fn division(&self) -> Division {
        self.judged.report.division
    }

    /// What is said once about the source.
    pub(crate) fn notices(&self) -> &[Notice] {
        &self.judged.report.notices
    }

    /// Rows that will be written.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Chunks to be written one after the other: rows with their findings, then what is about no row.
    pub(crate) fn chunks(&self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let mut from = 0;
        for rows in (0..self.rows.len()).step_by(CHUNK) {
            let rows = rows..(rows + CHUNK).min(self.rows.len());
            let last = self.rows.get(rows.end.saturating_sub(1)).map(|(at, _)| *at);
            let until = self
                .findings
                .partition_point(|(_, home)| home.is_some() && *home <= last);
            chunks.push(Chunk {
                rows,
                findings: from..until.max(from),
            });
            from = until.max(from);
        }
        while from < self.findings.len() {
            let until = (from + CHUNK).min(self.findings.len());
            chunks.push(Chunk {
                rows: 0..0,
                findings: from..until,
            });
            from = until;
        }
        chunks
    }

    /// The rows and findings of one chunk, sealed.
    pub(crate) fn build(&self, chunk: &Chunk, to: &Destination) -> Result<Built> {
        let records = Records::of(&self.judged.package);
        let lost = || ServiceError::Internal("a row of a source");
        let mut checked = Vec::with_capacity(chunk.rows.len());
        let mut ids = HashMap::with_capacity(chunk.rows.len());
        for place in chunk.rows.clone() {
            let (at, state) = self.rows.get(place).ok_or_else(lost)?;
            let candidate = self.judged.report.candidates.get(*at).ok_or_else(lost)?;
            let id = to.new_id();
            ids.insert(*at, id);
            checked.push(rows::ImportRow {
                tenant_id: to.keys.tenant().0,
                id,
                import_id: to.import,
                ordinal: to.first_row + count(place),
                folder: candidate.provenance.folder.clone(),
                file: candidate.provenance.file.clone(),
                row: signed(candidate.provenance.row),
                ksh: candidate.facts.ksh.clone(),
                name: candidate.facts.name.clone(),
                major: Offer::of(&candidate.provenance.folder, &candidate.facts.major).title(),
                state: state.key().to_owned(),
                digest: self.judged.digests.get(*at).ok_or_else(lost)?.clone(),
                sealed: row::seal(&to.keys, id, candidate, &records)?,
            });
        }
        let mut findings = Vec::with_capacity(chunk.findings.len());
        for place in chunk.findings.clone() {
            let (finding, home) = self.findings.get(place).ok_or_else(lost)?;
            let row_id = home.and_then(|at| ids.get(&at).copied());
            findings.push(to.finding(finding, row_id, to.first_finding + count(place)));
        }
        Ok(Built { checked, findings })
    }
}

/// One transaction's part of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    rows: Range<usize>,
    findings: Range<usize>,
}

impl Chunk {
    /// Rows that are written when this chunk is.
    pub(crate) fn rows_done(&self, total: usize) -> usize {
        if self.rows.is_empty() {
            total
        } else {
            self.rows.end
        }
    }
}

/// One transaction's rows.
pub(crate) struct Built {
    pub(crate) checked: Vec<rows::ImportRow>,
    pub(crate) findings: Vec<rows::Finding>,
}

/// Where rows and findings go.
#[derive(Clone)]
pub(crate) struct Destination {
    pub(crate) store: store::Store,
    pub(crate) keys: TenantKeys,
    pub(crate) import: Uuid,
    /// Ordinal of the first row.
    pub(crate) first_row: i32,
    /// Ordinal of the first finding.
    pub(crate) first_finding: i32,
    /// What somebody accepted at the check before.
    pub(crate) accepted: Arc<Accepted>,
}

/// Acceptances by what they are about: candidate, kind, field and the words of the finding. A finding that comes again
/// in other words is another one.
#[derive(Default)]
pub(crate) struct Accepted(HashMap<[String; 4], Acceptance>);

#[derive(Clone)]
struct Acceptance {
    reason: Option<String>,
    by: Option<Uuid>,
    at: Option<DateTime<Utc>>,
}

impl Accepted {
    pub(crate) fn of(findings: Vec<rows::Finding>) -> Self {
        let accepted = findings.into_iter().map(|finding| {
            let acceptance = Acceptance {
                reason: finding.accepted_reason,
                by: finding.accepted_by,
                at: finding.accepted_at,
            };
            let about = [finding.ksh, finding.kind, finding.field, finding.message];
            (about, acceptance)
        });
        Self(accepted.collect())
    }

    fn about(&self, finding: &Finding) -> Option<&Acceptance> {
        if self.0.is_empty() || finding.severity == Severity::Error {
            return None;
        }
        self.0.get(&[
            finding.ksh.clone(),
            finding.kind.key().to_owned(),
            finding.field.clone(),
            finding.message.clone(),
        ])
    }
}

impl Destination {
    fn new_id(&self) -> Uuid {
        self.store.id()
    }

    /// A finding as it is kept.
    pub(crate) fn finding(
        &self,
        finding: &Finding,
        row_id: Option<Uuid>,
        ordinal: i32,
    ) -> rows::Finding {
        let accepted = self.accepted.about(finding).cloned();
        rows::Finding {
            tenant_id: self.keys.tenant().0,
            id: self.new_id(),
            import_id: self.import,
            row_id,
            ordinal,
            ksh: finding.ksh.clone(),
            file: finding.file.clone(),
            row: signed(finding.row),
            kind: finding.kind.key().to_owned(),
            rule: finding.rule.clone(),
            field: finding.field.clone(),
            severity: finding.severity.key().to_owned(),
            message: finding.message.clone(),
            suggestion: finding.suggestion.clone(),
            about_year: finding.record.as_ref().map(|record| record.year),
            about_ksh: finding.record.as_ref().map(|record| record.ksh.clone()),
            accepted_by: accepted.as_ref().and_then(|accepted| accepted.by),
            accepted_at: accepted.as_ref().and_then(|accepted| accepted.at),
            accepted_reason: accepted.and_then(|accepted| accepted.reason),
        }
    }
}

fn signed(row: u32) -> i32 {
    i32::try_from(row).unwrap_or(i32::MAX)
}

/// Which candidate a finding is about: by its record, else by the number in one of its tables.
struct Homes<'r> {
    by_record: HashMap<(&'r str, u32), usize>,
    by_number: HashMap<(&'r str, &'r str), usize>,
}

impl<'r> Homes<'r> {
    fn of(report: &'r CheckReport) -> Self {
        let mut homes = Self {
            by_record: HashMap::with_capacity(2 * report.candidates.len()),
            by_number: HashMap::with_capacity(2 * report.candidates.len()),
        };
        for (at, candidate) in report.candidates.iter().enumerate() {
            let from = &candidate.provenance;
            let offer = from.offer_file.as_deref().zip(from.offer_row);
            for (file, row) in std::iter::once((from.file.as_str(), from.row)).chain(offer) {
                let number = (file, candidate.facts.ksh.as_str());
                homes.by_number.entry(number).or_insert(at);
                homes.by_record.insert((file, row), at);
            }
        }
        homes
    }

    fn home(&self, finding: &Finding) -> Option<usize> {
        // A record that is no candidate may carry the number of one that is.
        if matches!(
            finding.kind,
            FindingKind::Deleted
                | FindingKind::Withdrawn
                | FindingKind::OrphanBmk
                | FindingKind::OrphanTdd
        ) {
            return None;
        }
        let file = finding.file.as_str();
        let by_record = self.by_record.get(&(file, finding.row));
        let by_number = || self.by_number.get(&(file, finding.ksh.as_str()));
        by_record.or_else(by_number).copied()
    }
}

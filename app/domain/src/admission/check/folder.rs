//! One folder: its rows joined to candidates, each judged by every rule.

use super::candidate::{CandidateFacts, CandidateStatus, CheckedCandidate, Contact, Provenance};
use super::reading::{Reading, document_kind};
use super::row::{Columns, Entry, Findings, RowRef};
use super::{CheckContext, CheckReport, Division, coded, identity, naming, number};
use crate::admission::finding::{Finding, FindingKind as Kind, Place, Severity};
use crate::admission::source::{Notice, ProvinceFolder, SourceField as Field, SourceRow};
use crate::person::id_number::{IdType, normalise};
use crate::person::name::store_name;
use std::collections::{BTreeMap, BTreeSet};

type Rule = fn(&Reading<'_, '_>, &CheckContext, &mut Findings<'_, '_>);

/// Every rule on a single candidate.
const RULES: &[Rule] = &[
    number::cells_decode,
    number::ksh_form,
    number::ksh_year,
    number::ksh_province,
    number::school_is_ours,
    naming::name_is_sound,
    identity::number_cells,
    identity::sex_present,
    identity::document_present,
    identity::document_form,
    identity::dates_exist,
    identity::sex_agrees,
    identity::birth_agrees,
    identity::age_is_usual,
    #[cfg(feature = "tables")]
    identity::area_is_known,
    coded::ethnic_known,
    coded::political_known,
    coded::local_codes_known,
    coded::further_codes_known,
    coded::major_known,
];

/// A candidate with what was found about it.
pub(super) struct Judged {
    pub(super) facts: CandidateFacts,
    pub(super) provenance: Provenance,
    pub(super) findings: Vec<Finding>,
    /// Cannot be confirmed because of a finding that stands at another candidate.
    pub(super) blocked: bool,
    /// Its 考生号 stands in an earlier folder.
    pub(super) repeated: bool,
}

/// A folder after the rules on single candidates.
pub(super) struct FolderCheck {
    pub(super) name: String,
    /// Physical records of persons.
    pub(super) rows: u64,
    /// What became of each of them.
    pub(super) division: Division,
    pub(super) notices: Vec<Notice>,
    pub(super) candidates: Vec<Judged>,
    /// Findings about rows that are no candidates.
    loose: Vec<Finding>,
}

impl FolderCheck {
    pub(super) fn new(folder: &ProvinceFolder, context: &CheckContext) -> Self {
        let mut check = Self {
            name: folder.name.clone(),
            rows: 0,
            division: Division::default(),
            notices: [
                coded::absent_columns(folder),
                coded::absent_dictionaries(folder),
            ]
            .concat(),
            candidates: Vec::new(),
            loose: Vec::new(),
        };
        let columns = |table| Columns::new(table, folder);
        let bmk = folder.bmk.as_ref().map(columns);
        let tdd = folder.tdd.as_ref().map(columns);
        match (&bmk, &tdd) {
            (Some(persons), offers) => check.join(folder, persons, offers.as_ref(), context),
            (None, Some(persons)) => check.join(folder, persons, None, context),
            (None, None) => {}
        }
        check
    }

    /// Joins persons and offers by 考生号 and judges every candidate.
    fn join<'a>(
        &mut self,
        folder: &'a ProvinceFolder,
        persons: &Columns<'a>,
        offers: Option<&Columns<'a>>,
        context: &CheckContext,
    ) {
        self.rows = persons.table.rows.len() as u64;
        let gone = |left_out: bool| {
            let rows = persons.table.rows.iter();
            rows.filter(|row| row.deleted && row.left_out == left_out)
                .count() as u64
        };
        (self.division.deleted, self.division.left_out) = (gone(false), gone(true));
        let gone = self.skip_deleted(persons, &BTreeSet::new());
        let mut offers_by_ksh = BTreeMap::new();
        if let Some(offers) = offers {
            self.skip_deleted(offers, &gone);
            offers_by_ksh = by_ksh(offers);
        }
        for group in in_order(persons) {
            let ksh = ksh_of(persons, group.first().copied());
            match offers {
                Some(offers) if !ksh.is_empty() => {
                    let rows = offers_by_ksh.remove(&ksh).unwrap_or_default();
                    self.judge_joined(folder, (persons, &group), (offers, &rows), context);
                }
                Some(_) | None => self.judge_single(folder, persons, &group, context),
            }
        }
        if let Some(offers) = offers {
            self.judge_orphans(folder, offers, &offers_by_ksh);
        }
    }

    /// Deleted records are reported once per candidate number: an offer's twin in the other table is the same fact.
    fn skip_deleted(
        &mut self,
        columns: &Columns<'_>,
        known: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let mut gone = BTreeSet::new();
        for row in columns.table.rows.iter().filter(|row| row.deleted) {
            let ksh = ksh_of(columns, Some(row));
            if !known.contains(&ksh) && !row.left_out {
                self.loose
                    .push(at(Kind::Deleted, columns, row, Field::Ksh, ""));
            }
            gone.insert(ksh);
        }
        gone
    }

    /// A folder with `T_BMK` and `T_TDD`.
    fn judge_joined<'a>(
        &mut self,
        folder: &'a ProvinceFolder,
        (persons, people): (&Columns<'a>, &[&'a SourceRow]),
        (offers, rows): (&Columns<'a>, &[&'a SourceRow]),
        context: &CheckContext,
    ) {
        let Some(person) = people.first().copied() else {
            return;
        };
        let live = self.skip_withdrawn(folder, offers, rows);
        let Some(offer) = live.first().copied() else {
            if rows.is_empty() {
                let orphan = |row: &&SourceRow| at(Kind::OrphanBmk, persons, row, Field::Ksh, "");
                self.loose.extend(people.iter().map(orphan));
                self.division.without_offer += people.len() as u64;
            } else {
                self.division.withdrawn += people.len() as u64;
            }
            return;
        };
        self.division.repeated += further(people);
        let entry = Entry {
            folder,
            person: RowRef {
                columns: persons,
                row: person,
            },
            offer: Some(RowRef {
                columns: offers,
                row: offer,
            }),
        };
        let repeated = repeats(persons, people).or_else(|| repeats(offers, &live));
        self.judge(entry, repeated, context);
    }

    /// A folder where personal data and offer stand in one row.
    fn judge_single<'a>(
        &mut self,
        folder: &'a ProvinceFolder,
        persons: &Columns<'a>,
        people: &[&'a SourceRow],
        context: &CheckContext,
    ) {
        let live = self.skip_withdrawn(folder, persons, people);
        self.division.withdrawn += people.len().abs_diff(live.len()) as u64;
        self.division.repeated += further(&live);
        if let Some(person) = live.first().copied() {
            let entry = Entry {
                folder,
                person: RowRef {
                    columns: persons,
                    row: person,
                },
                offer: None,
            };
            self.judge(entry, repeats(persons, &live), context);
        }
    }

    /// The records that stand. Every one that was withdrawn is reported with its reason, also beside one that stands
    /// (rule V6).
    fn skip_withdrawn<'a>(
        &mut self,
        folder: &ProvinceFolder,
        columns: &Columns<'a>,
        rows: &[&'a SourceRow],
    ) -> Vec<&'a SourceRow> {
        let (withdrawn, live): (Vec<&SourceRow>, Vec<&SourceRow>) =
            rows.iter().partition(|row| is_withdrawn(columns, row));
        for row in withdrawn {
            self.loose.extend(withdrawn_at(folder, columns, row));
        }
        live
    }

    fn judge(&mut self, entry: Entry<'_, '_>, repeated: Option<Finding>, context: &CheckContext) {
        let reading = Reading::new(entry);
        let mut findings = Findings::new(entry, &reading.ksh);
        for rule in RULES {
            rule(&reading, context, &mut findings);
        }
        findings.found.extend(repeated);
        self.division.candidates += 1;
        self.candidates.push(Judged {
            facts: facts(&reading, context),
            provenance: provenance(entry),
            findings: findings.found,
            blocked: false,
            repeated: false,
        });
    }

    /// Offers without personal data, each of them: nobody must vanish behind another one, least of all among those without
    /// a number.
    fn judge_orphans<'a>(
        &mut self,
        folder: &ProvinceFolder,
        offers: &Columns<'a>,
        left: &BTreeMap<String, Vec<&'a SourceRow>>,
    ) {
        for rows in left.values() {
            let live = self.skip_withdrawn(folder, offers, rows);
            let orphan = |row: &&SourceRow| at(Kind::OrphanTdd, offers, row, Field::Ksh, "");
            self.loose.extend(live.iter().map(orphan));
        }
    }

    /// Adds everything to the report, findings in the order of files and rows.
    pub(super) fn finish(self, report: &mut CheckReport) {
        let mut findings = self.loose;
        for judged in self.candidates {
            let worst = judged.findings.iter().map(|finding| finding.severity).max();
            let status = match worst {
                _ if judged.blocked => CandidateStatus::Bad,
                Some(Severity::Error) => CandidateStatus::Bad,
                Some(Severity::Warning) => CandidateStatus::Warned,
                None => CandidateStatus::Good,
            };
            findings.extend(judged.findings);
            report.candidates.push(CheckedCandidate {
                facts: judged.facts,
                provenance: judged.provenance,
                status,
            });
        }
        findings.sort_by(|a, b| (&a.file, a.row, a.kind).cmp(&(&b.file, b.row, b.kind)));
        report.findings.extend(findings);
    }
}

fn ksh_of(columns: &Columns<'_>, row: Option<&SourceRow>) -> String {
    row.map(|row| normalise(columns.text(row, Field::Ksh)))
        .unwrap_or_default()
}

fn is_withdrawn(columns: &Columns<'_>, row: &SourceRow) -> bool {
    !columns.text(row, Field::Tdyydm).is_empty()
}

fn by_ksh<'a>(columns: &Columns<'a>) -> BTreeMap<String, Vec<&'a SourceRow>> {
    let mut groups: BTreeMap<String, Vec<&SourceRow>> = BTreeMap::new();
    for row in columns.table.rows.iter().filter(|row| !row.deleted) {
        groups
            .entry(ksh_of(columns, Some(row)))
            .or_default()
            .push(row);
    }
    groups
}

/// Live rows grouped by 考生号 in the order of first appearance; each row without one is a group of its own.
fn in_order<'a>(columns: &Columns<'a>) -> Vec<Vec<&'a SourceRow>> {
    let mut groups: Vec<Vec<&SourceRow>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for row in columns.table.rows.iter().filter(|row| !row.deleted) {
        let ksh = ksh_of(columns, Some(row));
        match places.get(&ksh).and_then(|place| groups.get_mut(*place)) {
            Some(group) if !ksh.is_empty() => group.push(row),
            Some(_) | None => {
                places.insert(ksh, groups.len());
                groups.push(vec![row]);
            }
        }
    }
    groups
}

/// Records behind the first one of a number.
const fn further(rows: &[&SourceRow]) -> u64 {
    rows.len().saturating_sub(1) as u64
}

/// One finding per group, at the second row, naming all.
fn repeats(columns: &Columns<'_>, rows: &[&SourceRow]) -> Option<Finding> {
    let second = rows.get(1)?;
    let numbers: Vec<String> = rows.iter().map(|row| row.row.to_string()).collect();
    Some(at(
        Kind::DuplicateKsh,
        columns,
        second,
        Field::Ksh,
        &numbers.join(", "),
    ))
}

fn at(
    kind: Kind,
    columns: &Columns<'_>,
    row: &SourceRow,
    field: Field,
    particulars: &str,
) -> Finding {
    let ksh = ksh_of(columns, Some(row));
    let place = Place {
        ksh: &ksh,
        file: &columns.table.file,
        row: row.row,
        field: field.column(),
    };
    Finding::new(kind, place, particulars)
}

/// The reason of the withdrawal, as text where the folder's table has it. A code that the table lacks is told as well
/// (rule V7).
fn withdrawn_at(folder: &ProvinceFolder, columns: &Columns<'_>, row: &SourceRow) -> Vec<Finding> {
    let value = columns.text(row, Field::Tdyydm);
    let text = coded::text_in(folder, Field::Tdyydm, value).filter(|text| *text != value);
    let reason = text.map_or_else(|| value.to_owned(), |text| format!("{value} {text}"));
    let finding = |kind, particulars: &str| at(kind, columns, row, Field::Tdyydm, particulars);
    let mut found = vec![finding(Kind::Withdrawn, &reason)];
    if coded::is_unlisted(folder, Field::Tdyydm, value) {
        found.push(finding(Kind::UnknownCode, &format!("TDYYDM={value}")));
    }
    found
}

fn provenance(entry: Entry<'_, '_>) -> Provenance {
    Provenance {
        folder: entry.folder.name.clone(),
        file: entry.person.columns.table.file.clone(),
        row: entry.person.row.row,
        offer_file: entry.offer.map(|offer| offer.columns.table.file.clone()),
        offer_row: entry.offer.map(|offer| offer.row.row),
    }
}

fn facts(reading: &Reading<'_, '_>, context: &CheckContext) -> CandidateFacts {
    let entry = reading.entry;
    let kept = context.path.keeps_school_values();
    let of_school = |field: Field| entry.optional(field).filter(|_| kept);
    let ethnic = coded::ethnic(entry);
    let political = coded::political(entry);
    let document = reading.document.as_ref();
    CandidateFacts {
        ksh: reading.ksh.clone(),
        zkzh: entry.optional(Field::Zkzh),
        name_raw: entry.raw_name().to_owned(),
        name: store_name(entry.raw_name()),
        sex: reading.sex,
        birth_date: reading.birth_date(),
        ethnic_code: ethnic.code,
        ethnic_name: ethnic.name,
        political_code: political.code,
        political_name: political.name,
        id_type: document.map_or_else(
            || document_kind(entry, "").unwrap_or(IdType::Other),
            |document| document.kind,
        ),
        id_number: document.map(|document| document.text.clone()),
        major: coded::major(entry),
        contact: contact(entry),
        previous_school: entry
            .optional(Field::Byxxmc)
            .or_else(|| coded::local(entry, Field::Byxxdm)),
        area_code: entry.optional(Field::Dqdm),
        candidate_kind: coded::local(entry, Field::Kslbdm),
        batch: coded::local(entry, Field::Pcdm),
        category: coded::local(entry, Field::Kldm),
        plan_kind: coded::local(entry, Field::Jhxzdm),
        admission_kind: coded::local(entry, Field::Lqfsdm),
        score: entry
            .optional(Field::Cj)
            .or_else(|| entry.optional(Field::Tdcj)),
        student_no: of_school(Field::Xh),
        enrolled_on: of_school(Field::Rxrq),
    }
}

fn contact(entry: Entry<'_, '_>) -> Contact {
    Contact {
        address: entry.optional(Field::Txdz),
        postcode: entry.optional(Field::Yzbm),
        mobile: entry.optional(Field::Lxsj),
        telephone: entry.optional(Field::Lxdh),
        addressee: entry.optional(Field::Sjr),
    }
}

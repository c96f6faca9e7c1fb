//! Assignment by a list: it is kept as it came, checked anew whenever it is looked at, and carried out as it was shown.

use super::by_rule::{Planned, cohort, comes, open_classes, pattern, preview};
use super::counsellor::{Counsellors, named};
use super::{begun, hash_of, refused, tail};
use crate::admission::{from_json, json};
use crate::sealed_file::Contents;
use crate::students::places::Places;
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::admission::assign::{
    CheckedSheet, KnownClass, KnownStudent, Order, SheetFinding, SheetFindingKind, SheetInput,
    SheetRow, check_sheet,
};
use domain::admission::finding::Severity;
use domain::admission::import::{ImportEvent, ImportState};
use domain::calendar::local_time;
use domain::clause::Clause;
use domain::decision::{Machine as _, Read, Reason, decide};
use domain::institution::{Actor, Office, PersonalScope, policy};
use domain::person::id_number::normalise;
use domain::text::Label as _;
use domain::view::assign::{AssignFinding, SheetView};
use domain::view::{Words, words};
use formats::table::{Cell, Sheet};
use std::collections::HashMap;
use store::keys::Purpose;
use store::{Detail, Scope, Subject, rows};
use uuid::Uuid;

/// Findings shown: the first by row. The totals by kind are over all of them.
const SHOWN: usize = 300;
/// Purpose of the upload.
pub(super) const PURPOSE: &str = "assignment";
/// Headings of the list, as the template has them.
const HEADINGS: [&str; 6] = ["考生号", "学号", "学院", "专业", "班级", "辅导员"];

/// The column of a heading: as the template writes it, with the asterisk of a required one, or as an export does.
fn column_of(sheet: &Sheet, heading: &str) -> Option<usize> {
    let bare = |own: &String| {
        let own = own.trim_end_matches(['*', '＊']);
        own == heading || own.strip_suffix("（完整）") == Some(heading)
    };
    sheet.headings.iter().position(bare)
}

/// Rows of a sheet by the headings of the template.
fn rows_of(sheet: &Sheet) -> Result<Vec<SheetRow>> {
    let columns = HEADINGS.map(|heading| column_of(sheet, heading));
    let [Some(ksh), number, college, major, Some(class), counsellor] = columns else {
        return Err(ServiceError::Invalid {
            field: "file",
            code: "headings",
        });
    };
    Ok(sheet
        .rows
        .iter()
        .map(|row| {
            let text = |column: Option<usize>| {
                column.map_or_else(String::new, |column| row.text(column).trim().to_owned())
            };
            let numeric = |column: Option<usize>| {
                let cell = column.and_then(|column| row.cells.get(column));
                matches!(cell, Some(Cell::Number { .. }))
            };
            SheetRow {
                row: row.row,
                ksh: normalise(&text(Some(ksh))),
                ksh_numeric: numeric(Some(ksh)),
                number: normalise(&text(number)),
                number_numeric: numeric(number),
                college: text(college),
                major: text(major),
                class: text(Some(class)),
                counsellor: text(counsellor),
            }
        })
        .collect())
}

/// The last part of a name, as it is shown beside the list.
fn bare_name(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// A list with the outcome of its check against the records as they are now.
struct Looked {
    import: rows::ImportBatch,
    rows: Vec<SheetRow>,
    checked: CheckedSheet,
    planned: Planned,
}

impl Looked {
    /// Why a list is another one than was shown: student statuses that have moved since it was sent, else anything.
    fn otherwise(&self) -> ServiceError {
        let sent = local_time(self.import.created_at).date();
        let since = |student: &&rows::Student| {
            self.checked.stopped.contains(&student.id)
                && student.status_on.is_some_and(|on| on >= sent)
        };
        let mut moved = self.planned.students.iter().filter(since).peekable();
        if moved.peek().is_none() {
            return refused(Reason::Stale);
        }
        begun(moved)
    }
}

impl Services {
    /// Keeps an assignment list, sealed; answers the upload to look at. Nothing of it is in the records yet.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when the sheet lacks 考生号 or 班级, or has no row; the parser's own error for a file
    /// that cannot be read.
    pub async fn upload_assignment(
        &self,
        actor: &Actor,
        year: i32,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<Uuid> {
        admit::<policy::UploadAssignment>(actor, self.store.now())?;
        let sheet = self.read_repair(file_name, &bytes).await?;
        let rows = rows_of(&sheet)?;
        if rows.is_empty() {
            return Err(ServiceError::Invalid {
                field: "file",
                code: "empty",
            });
        }
        let contents = Contents {
            purpose: PURPOSE,
            sealed_for: Purpose::Source,
            name: bare_name(file_name),
            media: "application/json",
            bytes: json(&rows)?.into_bytes(),
        };
        let id = self.store.id();
        let file = self.keep_sealed(actor, id, contents).await?;
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::UploadAssignment>(actor, unit.now())?;
        let import = rows::ImportBatch {
            tenant_id: actor.tenant().0,
            id: unit.id(),
            purpose: PURPOSE.to_owned(),
            year,
            file_id: file.id,
            file_name: file.name.clone(),
            sha256: file.sha256.clone(),
            // The check is made whenever somebody looks, so the list waits for its confirmation at once.
            state: ImportState::Checked.key().to_owned(),
            version: 1,
            counts: "{}".to_owned(),
            notices: "[]".to_owned(),
            mapping: "{}".to_owned(),
            error: None,
            job_id: None,
            created_by: actor.person(),
            created_at: unit.now(),
            confirmed_by: None,
            confirmed_at: None,
        };
        let import_id = import.id;
        unit.insert_file(file).await?;
        unit.insert_import(import).await?;
        unit.note(
            &granted,
            Subject::new("import_batch", import_id),
            Detail::text(rows.len().to_string()),
        );
        unit.commit().await?;
        Ok(import_id)
    }

    /// A list with its findings and what it would assign, checked against the records as they are now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no such list.
    pub async fn assignment_sheet(&self, actor: &Actor, import: Uuid) -> Result<SheetView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignPage>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let looked = self.look_at_sheet(actor, &unit, import, &places).await?;
        let list = Listed::of(&looked.rows);
        let view = SheetView {
            id: import,
            year: looked.import.year,
            file_name: looked.import.file_name.clone(),
            confirmed: looked.import.state != ImportState::Checked.key(),
            rows: looked.rows.len() as u64,
            unchanged: looked.checked.unchanged as u64,
            refused: looked.checked.refused as u64,
            counsellors: named(&unit, &looked.planned.posts, &places).await?,
            preview: preview(looked.import.year, &looked.planned, &places)?,
            kinds: kinds(&looked.checked),
            found: looked.checked.findings.len() as u64,
            findings: looked
                .checked
                .findings
                .iter()
                .take(SHOWN)
                .map(|finding| worded(finding, &list, &places))
                .collect(),
        };
        drop(unit);
        self.log_preview(actor, &looked.planned).await?;
        Ok(view)
    }

    /// Carries out the rows without errors, exactly as they were shown; answers the assignment.
    ///
    /// # Errors
    /// [`ServiceError::StatusBegun`] with the records whose student status has moved since the list was sent, so that it
    /// can no longer be carried out as it was shown; [`ServiceError::Refused`] with [`Reason::Stale`] when something changed since it was shown,
    /// [`Reason::Incomplete`] when no row is left, [`Reason::IllegalMove`] when it was carried out before.
    pub async fn confirm_assignment(
        &self,
        actor: &Actor,
        import: Uuid,
        expected_hash: &str,
    ) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::ConfirmAssignment>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let looked = self.look_at_sheet(actor, &unit, import, &places).await?;
        let read = Read {
            id: import,
            state: state::<ImportState>(&looked.import.state)?,
            version: looked.import.version,
        };
        // Unlike admission data, a list is carried out once: what was refused comes in another list.
        if read.state != ImportState::Checked {
            return Err(refused(Reason::IllegalMove));
        }
        let confirm = decide(&granted, read, ImportEvent::ConfirmAtOnce, Clause::HANDOVER)?;
        if hash_of(&looked.planned.lines, &looked.planned.posts)? != expected_hash.trim() {
            return Err(looked.otherwise());
        }
        if looked.planned.lines.is_empty() && looked.planned.posts.is_empty() {
            return Err(refused(Reason::Incomplete));
        }
        unit.set_import_confirmed(import).await?;
        let written = super::carry_out::write(&mut unit, &looked.planned, Some(import)).await?;
        let batch = written.batch;
        let told = super::carry_out::told(&written);
        let told = unit.apply_within(&granted, confirm, told).await?;
        super::carry_out::note(&mut unit, &granted, written, told);
        unit.commit().await?;
        Ok(batch)
    }

    /// Puts a list aside that was not carried out: nothing of it was ever in the records.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for no such list, [`ServiceError::Refused`] with [`Reason::IllegalMove`] when it was
    /// carried out or put aside before.
    pub async fn discard_assignment(&self, actor: &Actor, import: Uuid) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::DiscardAssignment>(actor, unit.now())?;
        let list = unit.import(import).await?;
        if list.purpose != PURPOSE || !is_own(actor, &list) {
            return Err(ServiceError::NotFound);
        }
        let read = Read {
            id: list.id,
            state: state::<ImportState>(&list.state)?,
            version: list.version,
        };
        // What was carried out is undone by its assignment, with everything that goes with it.
        if read.state != ImportState::Checked {
            return Err(refused(Reason::IllegalMove));
        }
        let decision = decide(&granted, read, ImportEvent::Undo, Clause::HANDOVER)?;
        unit.apply(&granted, decision, Detail::none()).await?;
        Ok(unit.commit().await?)
    }

    async fn look_at_sheet(
        &self,
        actor: &Actor,
        scope: &Scope,
        import: Uuid,
        places: &Places,
    ) -> Result<Looked> {
        let import = scope.import(import).await?;
        if import.purpose != PURPOSE || !is_own(actor, &import) {
            return Err(ServiceError::NotFound);
        }
        let file = scope.stored_file(import.file_id).await?;
        let plain = self
            .open_sealed(actor.tenant(), Purpose::Source, &file)
            .await?;
        let text = String::from_utf8(plain).map_err(|_| ServiceError::Internal("a list"))?;
        let rows: Vec<SheetRow> = from_json(&text, "a list")?;
        let students = cohort(scope, actor, import.year, None).await?;
        let input = input(scope, actor, import.year, &students, places).await?;
        let checked = check_sheet(&rows, &input);
        Ok(Looked {
            rows,
            planned: Planned {
                pattern: pattern(scope).await?,
                order: Order::default(),
                students,
                lines: checked.lines.clone(),
                gaps: Vec::new(),
                posts: checked.posts.clone(),
            },
            checked,
            import,
        })
    }
}

/// Whether a list is one that a post has to do with: of a college those of its own people.
pub(super) fn is_own(actor: &Actor, list: &rows::ImportBatch) -> bool {
    actor.office() != Office::College || list.created_by == actor.person()
}

/// Rows of a list by what may stand in several of them.
struct Listed<'a> {
    rows: HashMap<u32, &'a SheetRow>,
    by_candidate: HashMap<&'a str, Vec<u32>>,
    by_number: HashMap<&'a str, Vec<u32>>,
}

/// Other rows that one finding names.
const NAMED: usize = 5;

impl<'a> Listed<'a> {
    fn of(rows: &'a [SheetRow]) -> Self {
        let mut list = Self {
            rows: HashMap::with_capacity(rows.len()),
            by_candidate: HashMap::new(),
            by_number: HashMap::new(),
        };
        for row in rows {
            list.rows.insert(row.row, row);
            let candidate = list.by_candidate.entry(row.ksh.as_str());
            candidate.or_default().push(row.row);
            let number = list.by_number.entry(row.number.as_str());
            number.or_default().push(row.row);
        }
        list
    }

    /// How the 考生号 of a row ends.
    fn ksh_tail(&self, row: u32) -> String {
        self.rows
            .get(&row)
            .map(|row| tail(&row.ksh))
            .unwrap_or_default()
    }

    /// The other rows with the value that a finding calls repeated.
    fn others(&self, finding: &SheetFinding) -> Vec<String> {
        let row = self.rows.get(&finding.row);
        let same = row.and_then(|row| match finding.kind {
            SheetFindingKind::RepeatedCandidate => self.by_candidate.get(row.ksh.as_str()),
            SheetFindingKind::RepeatedNumber => self.by_number.get(row.number.as_str()),
            _ => None,
        });
        let others = same.into_iter().flatten().filter(|at| **at != finding.row);
        others.take(NAMED).map(ToString::to_string).collect()
    }
}

/// A finding in words; of a change of class with both classes, of a repeated value with the other rows.
fn worded(finding: &SheetFinding, list: &Listed<'_>, places: &Places) -> AssignFinding {
    let (zh, en) = words(finding.kind.label());
    let named = |class: Uuid| places.named(Some(class));
    let others = list.others(finding);
    let message = match finding.moves.map(|own| (named(own.from), named(own.to))) {
        Some((from, to)) => (
            format!("{zh}：{from} → {to}"),
            format!("{en}: {from} → {to}"),
        ),
        None if !others.is_empty() => (
            format!("{zh}：另见第 {} 行", others.join("、")),
            format!("{en}: see also row {}", others.join(", ")),
        ),
        None => (zh, en),
    };
    AssignFinding {
        row: finding.row,
        ksh_tail: list.ksh_tail(finding.row),
        kind: finding.kind,
        field: finding.kind.heading().to_owned(),
        severity: finding.kind.severity(),
        clause: finding.kind.clause(),
        message,
        suggestion: words(finding.kind.suggestion()),
    }
}

/// How often each kind was found.
fn kinds(checked: &CheckedSheet) -> Vec<(Words, Severity, u64)> {
    let count = |kind: SheetFindingKind| {
        let found = checked.findings.iter().filter(|f| f.kind == kind);
        found.count() as u64
    };
    SheetFindingKind::ALL
        .into_iter()
        .map(|kind| (words(kind.label()), kind.severity(), count(kind)))
        .filter(|(_, _, count)| *count > 0)
        .collect()
}

/// A record as the check sees it, by its candidate number.
fn known(student: &rows::Student) -> Result<(String, KnownStudent)> {
    let known = KnownStudent {
        student: student.id,
        college: student.college_id,
        major: student.major_id,
        class: student.class_id,
        number: student.student_no.clone(),
        handed_over: student.handed_over_on.is_some(),
        comes: comes(student),
        status: state(&student.status)?,
    };
    Ok((student.ksh.clone(), known))
}

async fn input(
    scope: &Scope,
    actor: &Actor,
    year: i32,
    students: &[rows::Student],
    places: &Places,
) -> Result<SheetInput> {
    let Counsellors { by_name, by_class } = Counsellors::of(scope).await?;
    let names = |id: Option<Uuid>| {
        let unit = id.and_then(|id| places.get(id));
        unit.map_or_else(Default::default, |u| [u.code.clone(), u.name.clone()])
    };
    Ok(SheetInput {
        students: students.iter().map(known).collect::<Result<_>>()?,
        classes: open_classes(year, places, scope.today())
            .into_iter()
            .filter(|class| reaches(actor, places.college_of(class.id)))
            .map(|class| {
                let (major, college) = (places.major_of(class), places.college_of(class.id));
                KnownClass {
                    class: class.id,
                    college,
                    major,
                    names: names(Some(class.id)),
                    major_names: names(major),
                    college_names: names(college),
                    counsellors: by_class.get(&class.id).cloned().unwrap_or_default(),
                }
            })
            .collect(),
        numbers: scope.numbers_in_use().await?,
        logins: scope.staff_logins().await?,
        counsellors: by_name,
    })
}

/// Whether a post assigns to the classes of a college.
pub(super) fn reaches(actor: &Actor, college: Option<Uuid>) -> bool {
    match actor.seat().scope {
        PersonalScope::College(own) => college == Some(own),
        PersonalScope::School => true,
        PersonalScope::Majors(_) | PersonalScope::Classes { .. } | PersonalScope::Own(_) => false,
    }
}

//! The life of one record, from the responsibility ledger: acts on the record itself, and the bulk acts it was part of,
//! each with the document behind it.

mod reissues;

use super::places::Places;
use crate::Result;
use domain::admission::handover::Receipt;
use domain::admission::qualification::Qualification;
use domain::calendar::local_time;
use domain::decision::Machine as _;
use domain::institution::Office;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::{Label as _, Text};
use domain::view::handover::HandoverKind;
use domain::view::record::{Document, TimelineView};
use domain::view::{Words, same, words};
use std::collections::{HashMap, HashSet};
use store::{AdmittedMajor, Scope, rows};
use uuid::Uuid;

/// Subject of decisions about majors.
const MAJOR_MAP: &str = "major_map";
/// Subject of the answers to a hand-over.
const RECEIPT: &str = "handover_receipt";
/// The act that follows every suggestion for the majors of a year.
const MAP_SUGGESTED: &str = "admission/map-suggested";

/// How the timeline of a record tells an act that moves none of its states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// In these words.
    As(Text),
    /// Not at all: it is a step inside an import, or a look.
    Silent,
}

/// Acts on the record, newest first.
pub(super) async fn of(
    scope: &Scope,
    student: &rows::Student,
    candidate: &rows::Candidate,
    places: &Places,
) -> Result<Vec<TimelineView>> {
    let sources = sources(scope, student, candidate, places).await?;
    let subjects: Vec<(&str, Uuid)> = sources.keys().copied().collect();
    let mut lines = scope.ledger_about(&subjects).await?;
    // What an import wrote in portions: only the portion this record was in, which its leaf tells.
    lines.retain(|line| line.op != "admission/confirm" || line.subject_kind == "student");
    for record in [student.id, candidate.id] {
        lines.extend(scope.ledger_over(record).await?);
    }
    let mut reissues = HashMap::new();
    for (line, reissue) in reissues::of(scope, student).await? {
        reissues.insert(line.id, reissue);
        lines.push(line);
    }
    let known = |line: &rows::Ledger| {
        let mut all = subjects.iter();
        all.any(|(kind, id)| *kind == line.subject_kind && *id == line.subject_id)
    };
    // Of an act over many records: what it did to this one, and not what it did to others.
    let own = lines.iter().filter(|line| known(line));
    let own: HashSet<i64> = own.map(|line| line.seq).collect();
    lines.retain(|line| known(line) || !own.contains(&line.seq));
    lines.sort_by_key(|line| (std::cmp::Reverse(line.seq), line.id));
    lines.dedup_by_key(|line| line.id);
    // A hand-over that goes back, or is replaced, takes the part of the college along: one act is told once.
    let mut answered = HashSet::new();
    lines.retain(|line| {
        line.subject_kind != RECEIPT || answered.insert((line.seq, line.event.clone()))
    });
    lines.retain(belongs);
    let people: Vec<Uuid> = lines
        .iter()
        .flat_map(|line| std::iter::once(line.handler).chain(line.checker))
        .collect();
    let names = scope.person_names(&people).await?;
    let person = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let mapped = sources.iter().find(|((kind, _), _)| *kind == MAJOR_MAP);
    let mapped = mapped.and_then(|(_, document)| document.clone());
    let subject = |line: &rows::Ledger| {
        let key = subjects
            .iter()
            .find(|(kind, id)| *kind == line.subject_kind && *id == line.subject_id);
        let known = key.and_then(|key| sources.get(key)).cloned().flatten();
        // One act over many lines of the mapping: of them this record knows its own.
        let known = known.or_else(|| mapped.clone().filter(|_| line.op == MAP_SUGGESTED));
        known.or_else(|| line.basis.as_deref().map(Document::number))
    };
    Ok(lines
        .iter()
        .map(|line| TimelineView {
            at: local_time(line.at),
            what: reissues
                .get(&line.id)
                .map_or_else(|| what(line), |own| words(own.what)),
            clause: line.clause.clone(),
            lead: Office::from_key(&line.lead)
                .map_or_else(Words::default, |office| words(office.label())),
            handler: person(line.handler),
            checker: line.checker.map(person),
            source: subject(line),
            part: line.part.clone(),
            reissue: reissues.get(&line.id).map(|own| own.view.clone()),
        })
        .collect())
}

/// Everything the record was part of, with the document behind it.
async fn sources(
    scope: &Scope,
    student: &rows::Student,
    candidate: &rows::Candidate,
    places: &Places,
) -> Result<HashMap<(&'static str, Uuid), Option<Document>>> {
    let mut sources = HashMap::new();
    sources.insert(("student", student.id), None);
    let import = scope.import(candidate.import_id).await?;
    sources.insert(
        ("import_batch", import.id),
        Some(admission(&import, candidate)),
    );
    let maps = scope.major_maps(candidate.year).await?;
    let admitted = AdmittedMajor::from(candidate);
    let own = maps
        .into_iter()
        .find(|map| AdmittedMajor::from(map) == admitted);
    if let Some(map) = own {
        let name = same(format!("{} {}", map.admitted_code, map.national_name));
        let major = Document::at(name, format!("admission/majors?year={}", map.year));
        sources.insert((MAJOR_MAP, map.id), Some(major));
    }
    for member in scope.memberships(student.id).await? {
        let handover = scope.handover(member.handover_id).await?;
        let slip = slip(&handover);
        let path = format!("handovers/{}", handover.id);
        for receipt in scope.receipts(&[handover.id]).await? {
            let own = receipt.college_id.is_none() || receipt.college_id == member.college_id;
            if own && receipt.state != Receipt::Offered.key() {
                let receiver = places.name(receipt.college_id);
                let document = receiver.map_or_else(
                    || slip.clone(),
                    |name| (format!("{} {name}", slip.0), format!("{} {name}", slip.1)),
                );
                let document = Document::at(document, path.clone());
                sources.insert((RECEIPT, receipt.id), Some(document));
            }
        }
        sources.insert(("handover", handover.id), Some(Document::at(slip, path)));
    }
    for assignment in scope.assignments_of_student(student.id).await? {
        let document = match assignment.import_id {
            Some(id) => {
                let file = scope.import(id).await?.file_name;
                (format!("编班名单 {file}"), format!("Class list {file}"))
            }
            None => words(Text::new("学号规则", "Pattern of student numbers")),
        };
        let document = Document::at(document, format!("assign?year={}", student.year));
        sources.insert(("assignment", assignment.batch_id), Some(document));
    }
    Ok(sources)
}

/// The admission data a candidate came in with: the document behind every state that nothing has moved yet.
pub(super) fn admission(import: &rows::ImportBatch, candidate: &rows::Candidate) -> Document {
    let name = (
        format!("录取数据 {}（{}）", import.file_name, candidate.folder),
        format!("Admission data {} ({})", import.file_name, candidate.folder),
    );
    Document::at(name, format!("admission/imports/{}", import.id))
}

/// How a hand-over is cited: 2026 年录取信息移交单 第 1 号（首次移交）.
fn slip(handover: &rows::Handover) -> Words {
    let kind = HandoverKind::from_key(&handover.kind)
        .map_or_else(Words::default, |kind| words(kind.label()));
    (
        format!(
            "{}年录取信息移交单第{}号（{}）",
            handover.year, handover.number, kind.0
        ),
        format!(
            "Hand-over {}-{} ({})",
            handover.year, handover.number, kind.1
        ),
    )
}

/// Whether an act says something about this record.
fn belongs(line: &rows::Ledger) -> bool {
    told(&line.op, &line.event) != Some(Told::Silent)
}

/// The state a record moved to, in its words.
fn state(line: &rows::Ledger) -> Option<Words> {
    let (part, key) = (line.part.as_deref()?, line.state.as_deref()?);
    let (area, text) = match part {
        "qualification" => (
            Text::new("入学资格", "Entry qualification"),
            Qualification::from_key(key)?.label(),
        ),
        "status" => (
            Text::new("学籍状态", "Student status"),
            StudentStatus::from_key(key)?.label(),
        ),
        "registration" => (
            Text::new("学信网注册", "Registration with CHSI"),
            PlatformAnswer::from_key(key)?.label(),
        ),
        "photo" => (
            Text::new("毕业照片", "Graduation photo"),
            PhotoState::from_key(key)?.label(),
        ),
        _ => return None,
    };
    Some((
        format!("{}：{}", area.zh, text.zh),
        format!("{}: {}", area.en, text.en),
    ))
}

/// What an act is called in the timeline.
fn what(line: &rows::Ledger) -> Words {
    if let Some(moved) = state(line) {
        return moved;
    }
    match told(&line.op, &line.event) {
        Some(Told::As(text)) => words(text),
        Some(Told::Silent) | None => same(&line.op),
    }
}

/// How an act is told, by its operation and event; `None` for one that is never about a record.
pub fn told(op: &str, event: &str) -> Option<Told> {
    let text = match (op, event) {
        ("files/admission", "begin" | "found" | "found_nothing" | "checking")
        | ("admission/accept-warnings" | "admission/assign-columns" | "admission/resume", _) => {
            return Some(Told::Silent);
        }
        (op, _) if op.starts_with("disclosure/") => return Some(Told::Silent),
        ("files/admission", _) => Text::new("录取数据上传", "Admission data uploaded"),
        ("files/photos", _) => Text::new("录取照片导入", "Admission photos imported"),
        ("admission/confirm", "continued") => {
            Text::new("转入新年级记录", "Continued in a later record")
        }
        ("admission/undo", "continued") => {
            Text::new("新年级记录已撤销", "The later record was taken back")
        }
        ("admission/confirm", _) => Text::new("录取数据入库", "Admission data entered"),
        ("admission/undo", _) => Text::new("导入撤销", "Import undone"),
        ("admission/map-major", _) => Text::new("录取专业对应", "Major mapped"),
        (MAP_SUGGESTED, _) => {
            Text::new("录取专业对应（按建议）", "Major mapped as it was suggested")
        }
        ("admission/offer", "replace") => Text::new("重新移交", "Handed over again"),
        ("admission/offer", _) => Text::new("录取信息移交", "Admission data handed over"),
        ("admission/accept", _) => Text::new("接收录取信息", "Hand-over accepted"),
        ("admission/return", _) => Text::new("退回录取信息", "Hand-over returned"),
        ("admission/assign" | "admission/assign-confirm", _) => {
            Text::new("编班编学号", "Class and student number assigned")
        }
        ("admission/assign-undo", _) => {
            Text::new("撤销编班编学号", "Assignment of class and number undone")
        }
        ("admission/correct-class", _) => Text::new("班级更正", "Class corrected"),
        ("admission/correct-number", _) => Text::new("学号更正", "Student number corrected"),
        (reissues::ISSUE, _) => Text::new("重新签发激活单", "Activation slips issued anew"),
        (reissues::REISSUE, _) => Text::new("补发激活单", "Activation slip re-issued"),
        _ => return None,
    };
    Some(Told::As(text))
}

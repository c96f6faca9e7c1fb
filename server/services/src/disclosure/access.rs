//! Who looked at me.

use crate::students::{IN_PART, admit};
use crate::{Result, ServiceError, Services};
use domain::calendar::local_time;
use domain::institution::{Actor, Office, PersonalScope, policy};
use domain::text::{Label as _, Text};
use domain::view::access::{AccessKind, AccessLine};
use domain::view::list::Column;
use domain::view::record::RevealField;
use domain::view::{Words, same, words};
use uuid::Uuid;

/// Lines shown: the newest.
const LINES: u64 = 500;

impl Services {
    /// Every read of the own record that left a line: opened, shown in full, looked up, exported.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for anybody but a student.
    pub async fn my_access(&self, actor: &Actor) -> Result<Vec<AccessLine>> {
        let unit = self.store.read(actor).await?;
        admit::<policy::MyAccessPage>(actor, unit.now())?;
        let PersonalScope::Own(student) = actor.seat().scope else {
            return Err(ServiceError::NotFound);
        };
        let lines = unit.access_to(student, LINES).await?;
        let people: Vec<Uuid> = lines.iter().map(|line| line.person_id).collect();
        let names = unit.person_names(&people).await?;
        Ok(lines
            .into_iter()
            .map(|line| {
                let kind = AccessKind::from_key(&line.kind);
                AccessLine {
                    at: local_time(line.at),
                    office: Office::from_key(&line.office)
                        .map_or_else(Words::default, |office| words(office.label())),
                    person: names.get(&line.person_id).cloned().unwrap_or_default(),
                    kind: kind.map_or_else(|| same(&line.kind), |kind| words(kind.label())),
                    fields: line
                        .fields
                        .split(',')
                        .filter_map(|key| field(kind, key))
                        .collect(),
                    reason: line.reason,
                    count: u32::try_from(line.count).unwrap_or_default(),
                }
            })
            .collect())
    }
}

/// What a field of the log is called, so that it says how much was seen: lists and exports have columns of their own for
/// numbers in part and in full, a record shows the part of a value.
fn field(kind: Option<AccessKind>, key: &str) -> Option<Words> {
    let column = || Column::from_key(key).map(|column| words(column.label()));
    let revealed = || RevealField::from_key(key).map(|field| words(field.label()));
    let named = match kind {
        Some(AccessKind::List | AccessKind::Export | AccessKind::Download) => {
            column().or_else(revealed)
        }
        Some(
            AccessKind::Record
            | AccessKind::Reveal
            | AccessKind::Find
            | AccessKind::Photo
            | AccessKind::Slips
            | AccessKind::Import
            | AccessKind::Findings,
        )
        | None => revealed().or_else(column),
    };
    named
        .or_else(|| in_part(key))
        .or_else(|| other(key).map(words))
}

/// A value of which a part was shown.
fn in_part(key: &str) -> Option<Words> {
    let whole = RevealField::from_key(key.strip_suffix(IN_PART)?)?;
    let Text { zh, en } = whole.label();
    Some((format!("{zh}（部分隐藏）"), format!("{en} (masked)")))
}

/// Facts of a record that are neither columns nor masked.
fn other(key: &str) -> Option<Text> {
    match key {
        "admission_row" => Some(Text::new("录取数据", "Admission data")),
        "name_raw" => Some(Text::new("原始数据中的姓名", "Name as delivered")),
        "path" => Some(Text::new("录取类别", "Way of admission")),
        "national_code" => Some(Text::new("专业代码", "Major code")),
        "level" => Some(Text::new("层次", "Level")),
        "study_form" => Some(Text::new("学习形式", "Form of study")),
        "length" => Some(Text::new("学制", "Length of study")),
        "candidate_kind" => Some(Text::new("考生类别", "Kind of candidate")),
        "batch" => Some(Text::new("批次", "Batch")),
        "category" => Some(Text::new("科类", "Subject group")),
        "plan_kind" => Some(Text::new("计划性质", "Kind of plan")),
        "admission_kind" => Some(Text::new("录取方式", "Kind of admission")),
        "previous_school" => Some(Text::new("毕业中学", "Previous school")),
        _ => None,
    }
}

//! The plan by rule: classes of a major, or of a college's broad intake, grow evenly, numbers follow in order inside each class.
//!
//! The plan depends on the records alone, never on the order in which they were read: who sees the preview and who
//! carries it out get the same lines.

use super::{AssignedLine, NumberPattern};
use crate::status::StudentStatus;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// In which order students are dealt to classes and numbered inside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By candidate number: provinces are spread over the classes.
    #[default]
    CandidateNumber,
    /// By name in pinyin.
    Name,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 2] = [Self::CandidateNumber, Self::Name];

    /// Stable name in forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CandidateNumber => "candidate_number",
            Self::Name => "name",
        }
    }

    /// The order with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.key() == key)
    }
}

impl Label for Order {
    fn label(&self) -> Text {
        match self {
            Self::CandidateNumber => Text::new("按考生号", "By candidate number"),
            Self::Name => Text::new("按姓名拼音", "By name in pinyin"),
        }
    }
}

/// A student of the cohort as the plan sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pupil {
    /// The record.
    pub student: Uuid,
    /// Candidate number.
    pub ksh: String,
    /// Name in pinyin.
    pub name: String,
    /// The college.
    pub college: Option<Uuid>,
    /// The school's major; `None` for somebody of a broad intake (大类招生), whose major comes later.
    pub major: Option<Uuid>,
    /// The class, where there is one already.
    pub class: Option<Uuid>,
    /// The student number, where there is one already.
    pub number: Option<String>,
    /// The student status: whoever has left the roll gets nothing any more.
    pub status: StudentStatus,
}

/// A class of the cohort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSeat {
    /// The class.
    pub class: Uuid,
    /// Its college.
    pub college: Option<Uuid>,
    /// Its major; `None` for a class of a broad intake, which stands under the college.
    pub major: Option<Uuid>,
    /// Its code.
    pub code: String,
    /// Code of its major; empty where it has none.
    pub major_code: String,
    /// Code of its college.
    pub college_code: String,
    /// Students in it who are not among the pupils.
    pub members: usize,
}

/// What a plan is made from.
#[derive(Clone, Debug)]
pub struct PlanInput<'a> {
    /// Cohort.
    pub year: i32,
    /// The school's pattern.
    pub pattern: &'a NumberPattern,
    /// Order.
    pub order: Order,
    /// The students.
    pub pupils: &'a [Pupil],
    /// The classes.
    pub classes: &'a [ClassSeat],
    /// Student numbers in use at the school, by anybody.
    pub taken: &'a BTreeSet<String>,
    /// 工号 of the staff: a login names the staff first, so no student gets such a number.
    pub logins: &'a BTreeSet<String>,
}

/// Why a student is not in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// Student Affairs and the college have not received the student yet (办法 二（一）3（1）).
    NotHandedOver,
    /// The student status has ended: withdrawn, transferred out, graduated and the like (办法 三（二）).
    StatusEnded,
    /// No major of the school: the mapping of majors is not complete.
    NoMajor,
    /// The major, or the broad intake of the college, has no class in this cohort, or the student's class is not one of the cohort.
    NoClass,
    /// The sequence of the pattern is too short for the class.
    SequenceFull,
}

impl Gap {
    /// Every gap.
    pub const ALL: [Self; 5] = [
        Self::NotHandedOver,
        Self::StatusEnded,
        Self::NoMajor,
        Self::NoClass,
        Self::SequenceFull,
    ];
}

impl Label for Gap {
    fn label(&self) -> Text {
        match self {
            Self::NotHandedOver => Text::new(
                "待移交或已移交待接收：学生处和学院都接收后再编班",
                "Not received yet: Student Affairs and the college both receive first",
            ),
            Self::StatusEnded => Text::new(
                "学籍已终止：不再编班编学号",
                "The student status has ended: neither class nor number is given any more",
            ),
            Self::NoMajor => Text::new(
                "录取专业尚未对应到校内专业",
                "The admitted major is not mapped yet",
            ),
            Self::NoClass => Text::new(
                "专业（或学院的大类）没有本年级班级",
                "The major, or the college's broad intake, has no class of this year",
            ),
            Self::SequenceFull => Text::new(
                "学号规则的序号位数不够",
                "The sequence of the pattern is too short",
            ),
        }
    }
}

/// What every student gets, in the order of classes and numbers; and who gets nothing, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Students whose class or number changes.
    pub lines: Vec<AssignedLine>,
    /// Students left out.
    pub gaps: Vec<(Uuid, Gap)>,
}

/// Plans class and number for everybody who lacks one of them. Who has both is left alone, so nobody is ever moved.
pub fn plan(input: &PlanInput<'_>) -> Plan {
    let mut pupils: Vec<&Pupil> = input.pupils.iter().collect();
    pupils.sort_by(|a, b| key(a, input.order).cmp(&key(b, input.order)));
    let mut plan = Plan::default();
    let placed = deal(&pupils, input, &mut plan);
    number(placed, input, &mut plan);
    plan
}

fn key(pupil: &Pupil, order: Order) -> (&str, &str, Uuid) {
    match order {
        Order::CandidateNumber => (&pupil.ksh, &pupil.name, pupil.student),
        Order::Name => (&pupil.name, &pupil.ksh, pupil.student),
    }
}

/// Gives everybody without a class the smallest class of the major; equal ones by their code.
fn deal<'a>(
    pupils: &[&'a Pupil],
    input: &PlanInput<'a>,
    plan: &mut Plan,
) -> Vec<(&'a ClassSeat, &'a Pupil)> {
    let mut sizes: BTreeMap<Uuid, usize> =
        input.classes.iter().map(|c| (c.class, c.members)).collect();
    for class in pupils.iter().filter_map(|p| p.class) {
        if let Some(size) = sizes.get_mut(&class) {
            *size += 1;
        }
    }
    let seat_of = |class: Uuid| input.classes.iter().find(|c| c.class == class);
    let mut placed = Vec::with_capacity(pupils.len());
    for pupil in pupils {
        let seat = match pupil.class {
            _ if pupil.status.has_ended() => Err(Gap::StatusEnded),
            Some(class) => seat_of(class).ok_or(Gap::NoClass),
            None if pupil.major.is_none() && pupil.college.is_none() => Err(Gap::NoMajor),
            None => smallest(input.classes, pupil, &sizes).ok_or(Gap::NoClass),
        };
        match seat {
            Ok(seat) => {
                if pupil.class.is_none() {
                    *sizes.entry(seat.class).or_default() += 1;
                }
                placed.push((seat, *pupil));
            }
            Err(_) if pupil.class.is_some() && pupil.number.is_some() => {}
            Err(gap) => plan.gaps.push((pupil.student, gap)),
        }
    }
    placed
}

/// The smallest class of the pupil's major; of a pupil without one, of the college's broad intake.
fn smallest<'a>(
    classes: &'a [ClassSeat],
    pupil: &Pupil,
    sizes: &BTreeMap<Uuid, usize>,
) -> Option<&'a ClassSeat> {
    let own = |seat: &&ClassSeat| {
        seat.major == pupil.major && (pupil.major.is_some() || seat.college == pupil.college)
    };
    classes.iter().filter(own).min_by_key(|c| {
        let size = sizes.get(&c.class).copied().unwrap_or_default();
        (size, c.code.as_str(), c.class)
    })
}

/// Numbers the students of each class in order, after the highest number that is in use with the same prefix.
fn number(mut placed: Vec<(&ClassSeat, &Pupil)>, input: &PlanInput<'_>, plan: &mut Plan) {
    // A stable sort: inside a class the order of the pupils stays.
    placed.sort_by(|(a, _), (b, _)| class_key(a).cmp(&class_key(b)));
    let mut next: BTreeMap<String, u32> = BTreeMap::new();
    for (seat, pupil) in placed {
        if pupil.class.is_some() && pupil.number.is_some() {
            continue;
        }
        let number = match &pupil.number {
            Some(number) => Some(number.clone()),
            None => fresh(seat, input, &mut next),
        };
        if number.is_some() {
            plan.lines.push(AssignedLine {
                student: pupil.student,
                class: seat.class,
                number,
            });
        } else {
            plan.gaps.push((pupil.student, Gap::SequenceFull));
        }
    }
}

fn class_key(seat: &ClassSeat) -> (&str, &str, &str, Uuid) {
    (&seat.college_code, &seat.major_code, &seat.code, seat.class)
}

fn fresh(
    seat: &ClassSeat,
    input: &PlanInput<'_>,
    next: &mut BTreeMap<String, u32>,
) -> Option<String> {
    let prefix = input
        .pattern
        .prefix(input.year, &seat.college_code, &seat.major_code, &seat.code);
    let sequence = next
        .entry(prefix.clone())
        .or_insert_with(|| highest(&prefix, input) + 1);
    loop {
        let number = input.pattern.number(&prefix, *sequence)?;
        *sequence += 1;
        if !input.logins.contains(&number) {
            return Some(number);
        }
    }
}

fn highest(prefix: &str, input: &PlanInput<'_>) -> u32 {
    input
        .taken
        .range(prefix.to_owned()..)
        .take_while(|number| number.starts_with(prefix))
        .filter_map(|number| input.pattern.sequence_of(prefix, number))
        .max()
        .unwrap_or_default()
}

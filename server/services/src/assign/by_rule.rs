//! The plan by rule, from the records as they are.

use super::{hash_of, refused};
use crate::institution::{parameters, value};
use crate::students::admit;
use crate::students::places::{CLASS, Places};
use crate::{Result, ServiceError, Services};
use domain::admission::assign::{
    AssignedLine, ClassSeat, Gap, NumberPattern, Order, PlanInput, Pupil, plan,
};
use domain::admission::qualification::Qualification;
use domain::decision::{Machine as _, Reason};
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Visible, policy};
use domain::text::Label as _;
use domain::view::assign::{AssignPreview, AssignedRow, ClassPlan};
use domain::view::words;
use std::collections::{BTreeMap, HashMap};
use store::{Scope, StudentFilter, StudentPage, StudentSort, rows};
use uuid::Uuid;

/// Lines shown of a preview.
const SAMPLE: usize = 50;
/// Records read at a time.
const STEP: u64 = 5_000;

/// The order of the rule: candidate numbers spread the provinces over the classes.
pub(super) const ORDER: Order = Order::CandidateNumber;

/// What would be assigned.
pub(super) struct Planned {
    pub(super) pattern: String,
    pub(super) students: Vec<rows::Student>,
    pub(super) lines: Vec<AssignedLine>,
    pub(super) gaps: Vec<(Uuid, Gap)>,
}

/// Every record of a cohort, of one college or all.
pub(super) async fn cohort(
    scope: &Scope,
    year: i32,
    college: Option<Uuid>,
) -> Result<Vec<rows::Student>> {
    let filter = StudentFilter {
        year: Some(year),
        college,
        ..StudentFilter::default()
    };
    let mut all: Vec<rows::Student> = Vec::new();
    loop {
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: false,
            offset: all.len() as u64,
            limit: STEP,
        };
        let found = scope.students(&Visible::School, &filter, page).await?;
        let last = (found.len() as u64) < STEP;
        all.extend(found);
        if last {
            return Ok(all);
        }
    }
}

/// The pattern in force.
pub(super) async fn pattern(scope: &Scope) -> Result<String> {
    Ok(value(
        &parameters(scope).await?,
        Parameter::StudentNumberPattern,
    ))
}

impl Planned {
    pub(super) async fn of(
        scope: &Scope,
        year: i32,
        college: Option<Uuid>,
        places: &Places,
    ) -> Result<Self> {
        let text = pattern(scope).await?;
        let pattern = NumberPattern::parse(&text).map_err(|_| ServiceError::Invalid {
            field: "pattern",
            code: "pattern",
        })?;
        let students = cohort(scope, year, college).await?;
        let pupils = students
            .iter()
            .filter(|student| takes_part(student))
            .map(|student| Pupil {
                student: student.id,
                ksh: student.ksh.clone(),
                name: student.pinyin.clone(),
                major: student.major_id,
                class: student.class_id,
                number: student.student_no.clone(),
            })
            .collect::<Vec<_>>();
        let classes = classes(year, places);
        let taken = scope.numbers_in_use().await?.into_keys().collect();
        let plan = plan(&PlanInput {
            year,
            pattern: &pattern,
            order: ORDER,
            pupils: &pupils,
            classes: &classes,
            taken: &taken,
        });
        Ok(Self {
            pattern: text,
            students,
            lines: plan.lines,
            gaps: plan.gaps,
        })
    }
}

/// Who will not come gets neither class nor number.
fn takes_part(student: &rows::Student) -> bool {
    let gone = [
        Qualification::Deferred,
        Qualification::Forgone,
        Qualification::Cancelled,
    ];
    !gone
        .iter()
        .any(|state| state.key() == student.qualification)
}

/// Classes of a cohort. Their members are among the pupils, so none are counted beside them.
fn classes(year: i32, places: &Places) -> Vec<ClassSeat> {
    places
        .of_kind(CLASS)
        .into_iter()
        .filter(|class| class.grade == Some(year))
        .filter_map(|class| {
            let major = class.parent_id?;
            Some(ClassSeat {
                class: class.id,
                major,
                code: class.code.clone(),
                major_code: places.code(Some(major)).to_owned(),
                college_code: places.code(places.college_of(major)).to_owned(),
                members: 0,
            })
        })
        .collect()
}

/// The preview of lines, whether a rule or a list made them.
pub(super) fn preview(year: i32, planned: &Planned, places: &Places) -> Result<AssignPreview> {
    let names: HashMap<Uuid, &str> = planned
        .students
        .iter()
        .map(|s| (s.id, s.name.as_str()))
        .collect();
    let sample = planned.lines.iter().take(SAMPLE).map(|line| AssignedRow {
        name: names
            .get(&line.student)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        class: places.named(Some(line.class)),
        number: line.number.clone(),
    });
    let gaps = Gap::ALL.into_iter().filter_map(|gap| {
        let count = planned.gaps.iter().filter(|(_, own)| *own == gap).count() as u64;
        (count > 0).then(|| (words(gap.label()), count))
    });
    Ok(AssignPreview {
        year,
        pattern: planned.pattern.clone(),
        order: ORDER,
        total: planned.lines.len() as u64,
        classes: class_plans(planned, places),
        gaps: gaps.collect(),
        sample: sample.collect(),
        hash: hash_of(&planned.lines)?,
    })
}

#[derive(Default)]
struct Filling<'a> {
    before: u64,
    added: u64,
    numbers: Vec<&'a str>,
}

fn class_plans(planned: &Planned, places: &Places) -> Vec<ClassPlan> {
    let mut classes: BTreeMap<(&str, Uuid), Filling<'_>> = BTreeMap::new();
    let had: HashMap<Uuid, Option<Uuid>> = planned
        .students
        .iter()
        .map(|s| (s.id, s.class_id))
        .collect();
    for line in &planned.lines {
        let key = (places.code(Some(line.class)), line.class);
        let filling = classes.entry(key).or_default();
        if had.get(&line.student).copied().flatten() != Some(line.class) {
            filling.added += 1;
        }
        filling.numbers.extend(line.number.as_deref());
    }
    for class in planned.students.iter().filter_map(|s| s.class_id) {
        if let Some(filling) = classes.get_mut(&(places.code(Some(class)), class)) {
            filling.before += 1;
        }
    }
    classes
        .into_iter()
        .map(|((_, class), filling)| {
            let major = places.get(class).and_then(|unit| unit.parent_id);
            let first = filling.numbers.iter().min();
            let last = filling.numbers.iter().max();
            ClassPlan {
                college: places.named(places.college_of(class)),
                major: places.named(major),
                class: places.named(Some(class)),
                before: filling.before,
                added: filling.added,
                numbers: first
                    .zip(last)
                    .map(|(first, last)| ((*first).to_owned(), (*last).to_owned())),
            }
        })
        .collect()
}

impl Services {
    /// What the rule would assign now.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when the pattern of numbers cannot be used; [`ServiceError::Refused`] for another
    /// office than the one of the step.
    pub async fn assign_preview_by_rule(
        &self,
        actor: &Actor,
        year: i32,
        college: Option<Uuid>,
    ) -> Result<AssignPreview> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignByRule>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let planned = Planned::of(&unit, year, college, &places).await?;
        preview(year, &planned, &places)
    }

    /// Assigns exactly what the preview showed; answers the assignment, which can be undone.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with [`Reason::Stale`] when the plan has changed since, [`Reason::Incomplete`] when
    /// there is nothing to assign; else as [`Services::assign_preview_by_rule`].
    pub async fn assign_by_rule(
        &self,
        actor: &Actor,
        year: i32,
        college: Option<Uuid>,
        expected_hash: &str,
    ) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::AssignByRule>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let planned = Planned::of(&unit, year, college, &places).await?;
        if planned.lines.is_empty() {
            return Err(refused(Reason::Incomplete));
        }
        if hash_of(&planned.lines)? != expected_hash.trim() {
            return Err(refused(Reason::Stale));
        }
        let batch = super::carry_out::write(&mut unit, &planned, None, &places).await?;
        super::carry_out::note(&mut unit, &granted, batch, &planned);
        unit.commit().await?;
        Ok(batch)
    }
}

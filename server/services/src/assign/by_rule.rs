//! The plan by rule, from the records as they are.

use super::{hash_of, refused};
use crate::institution::{parameters, value};
use crate::students::places::{CLASS, Places};
use crate::students::{admit, state};
use crate::{Result, ServiceError, Services};
use chrono::NaiveDate;
use domain::admission::assign::{
    AssignedLine, ClassSeat, Gap, NumberPattern, Order, PlanInput, Pupil, plan,
};
use domain::admission::qualification::Qualification;
use domain::decision::{Machine as _, Reason};
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, policy};
use domain::text::Label as _;
use domain::view::access::AccessKind;
use domain::view::assign::{AssignPreview, AssignedRow, ClassPlan};
use domain::view::words;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Scope, StudentFilter, StudentPage, StudentSort, rows};
use uuid::Uuid;

/// Lines shown of a preview.
const SAMPLE: usize = 50;
/// What a line shows, for the access log.
const ON_A_LINE: &str = "name,ksh,class,student_no";
/// Records read at a time.
const STEP: u64 = 5_000;

/// What is assigned, and in which order.
#[derive(Clone, Copy, Debug)]
pub struct RuleChoice {
    /// Cohort.
    pub year: i32,
    /// One college; all within reach when there is none.
    pub college: Option<Uuid>,
    /// Candidate numbers spread the provinces over the classes.
    pub order: Order,
}

impl RuleChoice {
    /// Everybody of a cohort, by candidate number.
    pub const fn cohort(year: i32) -> Self {
        Self {
            year,
            college: None,
            order: Order::CandidateNumber,
        }
    }
}

/// What would be assigned.
pub(super) struct Planned {
    pub(super) pattern: String,
    pub(super) order: Order,
    pub(super) students: Vec<rows::Student>,
    pub(super) lines: Vec<AssignedLine>,
    pub(super) gaps: Vec<(Uuid, Gap)>,
    /// Posts of counsellors with the classes they get; a list alone gives any.
    pub(super) posts: BTreeSet<(Uuid, Uuid)>,
}

/// Every record of a cohort within the reach of a post, of one college or all: where the colleges assign, each sees its
/// own students.
pub(super) async fn cohort(
    scope: &Scope,
    actor: &Actor,
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
        let found = scope.students(&actor.visible(), &filter, page).await?;
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
        actor: &Actor,
        choice: RuleChoice,
        places: &Places,
    ) -> Result<Self> {
        let text = pattern(scope).await?;
        let pattern = NumberPattern::parse(&text).map_err(|_| ServiceError::Invalid {
            field: "pattern",
            code: "pattern",
        })?;
        let students = cohort(scope, actor, choice.year, choice.college).await?;
        let expected = |student: &&rows::Student| comes(student);
        let (received, waiting): (Vec<_>, Vec<_>) = students
            .iter()
            .filter(expected)
            .partition(|student| student.handed_over_on.is_some());
        let pupils = received
            .into_iter()
            .map(pupil)
            .collect::<Result<Vec<_>>>()?;
        let classes = seats(open_classes(choice.year, places, scope.today()), places);
        let taken = scope.numbers_in_use().await?.into_keys().collect();
        let logins = scope.staff_logins().await?;
        let mut plan = plan(&PlanInput {
            year: choice.year,
            pattern: &pattern,
            order: choice.order,
            pupils: &pupils,
            classes: &classes,
            taken: &taken,
            logins: &logins,
        });
        let waiting = waiting.iter().map(|s| (s.id, Gap::NotHandedOver));
        plan.gaps.extend(waiting);
        Ok(Self {
            pattern: text,
            order: choice.order,
            students,
            lines: plan.lines,
            gaps: plan.gaps,
            posts: BTreeSet::new(),
        })
    }
}

/// A record as the plan sees it.
fn pupil(student: &rows::Student) -> Result<Pupil> {
    Ok(Pupil {
        student: student.id,
        ksh: student.ksh.clone(),
        name: student.pinyin.clone(),
        college: student.college_id,
        major: student.major_id,
        class: student.class_id,
        number: student.student_no.clone(),
        status: state(&student.status)?,
    })
}

/// Who will not come gets neither class nor number, and who came back gets them in the later cohort.
pub(super) fn comes(student: &rows::Student) -> bool {
    student.continued_by.is_none()
        && Qualification::from_key(&student.qualification).is_some_and(Qualification::comes)
}

/// The classes of a cohort that have not ended, by code.
pub(super) fn open_classes(year: i32, places: &Places, today: NaiveDate) -> Vec<&rows::Unit> {
    let mut classes = places.of_kind(CLASS);
    classes
        .retain(|class| class.grade == Some(year) && class.valid_to.is_none_or(|end| end >= today));
    classes
}

/// Classes as the plan sees them. Their members are among the pupils, so none are counted beside them.
fn seats(classes: Vec<&rows::Unit>, places: &Places) -> Vec<ClassSeat> {
    let seat = |class: &rows::Unit| {
        let (major, college) = (places.major_of(class), places.college_of(class.id));
        ClassSeat {
            class: class.id,
            college,
            major,
            code: class.code.clone(),
            major_code: places.code(major).to_owned(),
            college_code: places.code(college).to_owned(),
            members: 0,
        }
    };
    classes.into_iter().map(seat).collect()
}

/// The lines that a preview shows.
fn sample(planned: &Planned) -> impl Iterator<Item = &AssignedLine> {
    planned.lines.iter().take(SAMPLE)
}

/// The preview of lines, whether a rule or a list made them.
pub(super) fn preview(year: i32, planned: &Planned, places: &Places) -> Result<AssignPreview> {
    let students: HashMap<Uuid, &rows::Student> =
        planned.students.iter().map(|s| (s.id, s)).collect();
    let text = |line: &AssignedLine, of: fn(&rows::Student) -> &String| {
        let student = students.get(&line.student);
        student.map(|s| of(s).clone()).unwrap_or_default()
    };
    let rows = sample(planned).map(|line| AssignedRow {
        name: text(line, |student| &student.name),
        ksh_tail: text(line, |student| &student.ksh_tail),
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
        order: planned.order,
        total: planned.lines.len() as u64,
        classes: class_plans(planned, places),
        gaps: gaps.collect(),
        sample: rows.collect(),
        hash: hash_of(&planned.lines, &planned.posts)?,
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
            let major = places.get(class).and_then(|unit| places.major_of(unit));
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
        choice: RuleChoice,
    ) -> Result<AssignPreview> {
        let unit = self.store.read(actor).await?;
        admit::<policy::AssignByRule>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let planned = Planned::of(&unit, actor, choice, &places).await?;
        let view = preview(choice.year, &planned, &places)?;
        drop(unit);
        self.log_preview(actor, &planned).await?;
        Ok(view)
    }

    /// Logs that lines of a plan were shown: whoever stands in one sees it, whether the plan is carried out or not.
    pub(super) async fn log_preview(&self, actor: &Actor, planned: &Planned) -> Result<()> {
        let shown: Vec<Uuid> = sample(planned).map(|line| line.student).collect();
        self.log_reads(actor, &shown, AccessKind::List, ON_A_LINE, "")
            .await
    }

    /// Assigns exactly what the preview showed; answers the assignment, which can be undone.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] with [`Reason::Stale`] when the plan has changed since, [`Reason::Incomplete`] when
    /// there is nothing to assign; [`ServiceError::StatusBegun`] when a status moves while it is written; else as [`Services::assign_preview_by_rule`].
    pub async fn assign_by_rule(
        &self,
        actor: &Actor,
        choice: RuleChoice,
        expected_hash: &str,
    ) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::AssignByRule>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let planned = Planned::of(&unit, actor, choice, &places).await?;
        if planned.lines.is_empty() {
            return Err(refused(Reason::Incomplete));
        }
        if hash_of(&planned.lines, &planned.posts)? != expected_hash.trim() {
            return Err(refused(Reason::Stale));
        }
        let written = super::carry_out::write(&mut unit, &planned, None).await?;
        let batch = written.batch;
        let told = super::carry_out::told(&written);
        super::carry_out::note(&mut unit, &granted, written, told);
        unit.commit().await?;
        Ok(batch)
    }
}

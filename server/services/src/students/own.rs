//! The student's own page. Own views are not logged.

use super::places::Places;
use super::snapshot::Snapshot;
use super::{admit, facts, state};
use crate::institution::school::{semester_key, student_days};
use crate::institution::{deadlines, duty, parameters, value};
use crate::{Result, ServiceError, Services};
use chrono::NaiveDate;
use domain::calendar::{AcademicYear, DeadlineKey, Semester, WorkingDays, due};
use domain::institution::parameter::Parameter;
use domain::institution::term::StudentDays;
use domain::institution::{Actor, Office, PersonalScope, policy};
use domain::person::mask;
use domain::text::{Label as _, Text};
use domain::view::own::MyRecordView;
use domain::view::student::{
    Contact, Stage, StageDates, StudentStates, chips, next_step, progress,
};
use domain::view::{OfficeContact, same, words};
use std::collections::BTreeMap;
use store::{Scope, rows};

/// The offices that explain the regulation (办法 五).
pub(crate) const EXPLAIN: [Office; 2] = [Office::AcademicAffairs, Office::StudentAffairs];

impl Services {
    /// The own record: states, progress, the next step, masked facts.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for anybody but a student, [`ServiceError::NotFound`] when the record is gone.
    pub async fn my_record(&self, actor: &Actor) -> Result<MyRecordView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::MyRecordPage>(actor, unit.now())?;
        let PersonalScope::Own(id) = actor.seat().scope else {
            return Err(ServiceError::NotFound);
        };
        let student = unit.student_seen(&actor.visible(), id).await?;
        let candidate = unit.candidate(student.candidate_id).await?;
        let snapshot = Snapshot::open(unit.keys(), &candidate)?;
        let places = Places::of(&unit, &student).await?;
        let parameters = parameters(&unit).await?;
        let states = states_of(&student)?;
        let days = cohort_days(&unit, student.year).await?;
        let spans = deadlines(&parameters);
        let last = |key, start: Option<NaiveDate>| {
            start.map(|day| due(key, &spans, day, WorkingDays::embedded()).date)
        };
        let dates = StageDates {
            handed_over: student.handed_over_on,
            qualified: student.qualification_on,
            listed: student.listed_on,
            registered: student.registration_on,
            photo: student.photo_on,
            arrival: days.arrival,
            leave_until: last(DeadlineKey::ArrivalLeaveMax, days.arrival),
            replace_until: last(DeadlineKey::PhotoRejectReplace, student.photo_on),
            recheck_until: last(DeadlineKey::Recheck, days.arrival),
            semester: days.semester,
            annual_until: last(DeadlineKey::AnnualReg, days.year_begins),
            set: days.set,
            ..StageDates::new(student.year, unit.today())
        };
        let steps = progress(states, dates, |stage| {
            contact(stage, states, &student, &places, &parameters)
        });
        Ok(MyRecordView {
            name: mask::name(&student.name),
            year: student.year,
            college: places.name(student.college_id),
            major: places
                .major_name(student.college_id, student.major_id)
                .map(str::to_owned),
            class: places.name(student.class_id),
            student_no: student.student_no.as_deref().map(mask::student_number),
            states,
            chips: chips(states),
            stages: steps,
            next: next_step(states, dates),
            facts: facts::own(&snapshot),
            source: words(SOURCE),
            explained_by: EXPLAIN
                .into_iter()
                .map(|office| OfficeContact {
                    name: words(office.label()),
                    phone: phone_of(office, &parameters),
                })
                .collect(),
        })
    }
}

/// Where the facts come from, and what to do when one is wrong (办法 二（二）2).
const SOURCE: Text = Text::new(
    "以上信息来自高考录取数据，学校不能自行更改。发现有误请联系学院，确属高考采集信息出错的，向生源地省级招生部门申请修改。",
    "These facts come from the admission data, which the university cannot change by itself. If one is wrong, tell your college; errors made at the examination are corrected by the province you come from.",
);

pub(super) fn states_of(student: &rows::Student) -> Result<StudentStates> {
    Ok(StudentStates {
        qualification: state(&student.qualification)?,
        status: state(&student.status)?,
        registration: state(&student.registration)?,
        photo: state(&student.photo)?,
    })
}

/// What the academic calendar says of a cohort.
#[derive(Default)]
struct CohortDays {
    /// First day of arrival.
    arrival: Option<NaiveDate>,
    /// Last days set for what its students do themselves.
    set: StudentDays,
    /// First day of the next semester.
    semester: Option<NaiveDate>,
    /// First day of the academic year whose registration comes next; the first year of a cohort needs none.
    year_begins: Option<NaiveDate>,
}

/// The days of a cohort, where the calendar has them: those of its beginning are in the autumn of its year.
async fn cohort_days(scope: &Scope, year: i32) -> Result<CohortDays> {
    let (terms, today) = (scope.terms().await?, scope.today());
    let autumn = semester_key(Semester::Autumn);
    let autumn_of = |year: i32| {
        terms
            .iter()
            .find(|term| term.year == year && term.semester == autumn)
    };
    let next_year = i32::from(AcademicYear::containing(today).0).max(year + 1);
    let begun = autumn_of(year);
    let coming = terms
        .iter()
        .map(|term| term.starts_on)
        .filter(|first| *first >= today);
    Ok(CohortDays {
        arrival: begun.and_then(|term| term.arrival_on),
        set: begun.map(student_days).unwrap_or_default(),
        semester: coming.min(),
        year_begins: autumn_of(next_year).map(|term| term.starts_on),
    })
}

/// The phone of an office, where the university has entered one.
pub(crate) fn phone_of(office: Office, parameters: &BTreeMap<String, String>) -> Option<String> {
    Some(value(parameters, Parameter::Contact(office))).filter(|phone| !phone.is_empty())
}

/// Who answers for a stage, or is named by its words: the college by its own name and phone, an office by the phone among
/// the parameters.
fn contact(
    stage: Stage,
    states: StudentStates,
    student: &rows::Student,
    places: &Places,
    parameters: &BTreeMap<String, String>,
) -> Contact {
    let duty_of = |step| duty(parameters, step);
    let office = stage
        .named(states)
        .or_else(|| stage.step().map(duty_of))
        .unwrap_or_else(|| stage.office());
    let college = student.college_id.and_then(|id| places.get(id));
    match college {
        Some(college) if office == Office::College => Contact {
            office,
            name: same(college.name.clone()),
            phone: college
                .phone
                .clone()
                .or_else(|| phone_of(office, parameters)),
        },
        _ => Contact {
            office,
            name: words(office.label()),
            phone: phone_of(office, parameters),
        },
    }
}

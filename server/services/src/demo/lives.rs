//! What becomes of the students: arrival, status, registration, changes, photos. Every state is a move of its machine.

use super::school::college_code;
use super::staff;
use super::{BASIS, Ground};
use crate::Result;
use crate::students::state;
use domain::admission::qualification::{Qualification, QualificationEvent as Q};
use domain::clause::Clause;
use domain::decision::{Machine, Read, decide_on};
use domain::institution::{Actor, Moves, Target, TenantId, Visible, policy};
use domain::photo::{PhotoEvent, PhotoState};
use domain::registration::{AnswerEvent, PlatformAnswer};
use domain::status::{StatusEvent, StudentStatus};
use store::{Detail, Stateful, StudentFilter, StudentPage, StudentSort, Subject, rows};
use uuid::Uuid;

/// Records read at a time.
const STEP: u64 = 5_000;

/// A machine whose state stands in the student's record.
trait Kept: Stateful {
    fn of(student: &rows::Student) -> &str;
    fn put(self, student: &mut rows::Student);
    fn ground(student: &rows::Student) -> Result<Self::Ground>;
}

macro_rules! kept {
    ($($machine:ty => $column:ident, $ground:expr;)*) => {
        $(impl Kept for $machine {
            fn of(student: &rows::Student) -> &str {
                &student.$column
            }
            fn put(self, student: &mut rows::Student) {
                self.key().clone_into(&mut student.$column);
            }
            fn ground(student: &rows::Student) -> Result<Self::Ground> {
                ($ground)(student)
            }
        })*
    };
}

kept! {
    Qualification => qualification, |_: &rows::Student| Ok(());
    StudentStatus => status, |student: &rows::Student| state(&student.qualification);
    PlatformAnswer => registration, |_: &rows::Student| Ok(());
    PhotoState => photo, |_: &rows::Student| Ok(());
}

/// Where a student's record lies in the organisation: whoever acts must reach it.
const fn place_of(tenant: TenantId, student: &rows::Student) -> Target {
    Target::student(
        tenant,
        student.id,
        student.college_id,
        student.major_id,
        student.class_id,
    )
}

/// A cohort by candidate number: who is at which place decides what becomes of them.
struct Cohort<'g> {
    ground: &'g Ground,
    students: Vec<rows::Student>,
}

impl<'g> Cohort<'g> {
    async fn of(ground: &'g Ground, year: i32) -> Result<Self> {
        let reader = ground.actor(staff::AFFAIRS).await?;
        let unit = ground.services.store.read(&reader).await?;
        let filter = StudentFilter {
            year: Some(year),
            ..StudentFilter::default()
        };
        let mut students = Vec::new();
        loop {
            let page = StudentPage {
                sort: StudentSort::CandidateNumber,
                descending: false,
                offset: students.len() as u64,
                limit: STEP,
            };
            let more = unit.students(&Visible::School, &filter, page).await?;
            let last = (more.len() as u64) < STEP;
            students.extend(more);
            if last {
                break;
            }
        }
        Ok(Self { ground, students })
    }

    /// Moves everybody of whom `who` is true, by place and record, in one bulk act of an office of the school.
    async fn go<A: Moves<M>, M: Kept>(
        &mut self,
        login: &str,
        event: M::Event,
        clause: Clause,
        who: impl Fn(usize, &rows::Student) -> bool,
    ) -> Result<()> {
        let actor = self.ground.actor(login).await?;
        self.act::<A, M>(&actor, event, clause, who).await
    }

    /// The same by every college for its own students.
    async fn each_college_goes<A: Moves<M>, M: Kept>(
        &mut self,
        event: M::Event,
        clause: &Clause,
        who: impl Fn(usize, &rows::Student) -> bool,
    ) -> Result<()> {
        for (login, college) in self.ground.colleges().await? {
            let actor = self.ground.actor(&login).await?;
            self.act::<A, M>(&actor, event, clause.clone(), |place, student| {
                student.college_id == Some(college) && who(place, student)
            })
            .await?;
        }
        Ok(())
    }

    async fn act<A: Moves<M>, M: Kept>(
        &mut self,
        actor: &Actor,
        event: M::Event,
        clause: Clause,
        who: impl Fn(usize, &rows::Student) -> bool,
    ) -> Result<()> {
        let tenant = self.ground.tenant;
        let mut unit = self.ground.services.store.begin(actor).await?;
        let granted = actor.authorize::<A>(&Target::school(tenant), unit.now())?;
        let mut decisions = Vec::new();
        for (place, student) in self.students.iter_mut().enumerate() {
            if !who(place, student) {
                continue;
            }
            actor.authorize::<A>(&place_of(tenant, student), unit.now())?;
            let read = Read {
                id: student.id,
                state: state::<M>(M::of(student))?,
                version: student.version,
            };
            let decision = decide_on(&granted, read, M::ground(student)?, event, clause.clone())?;
            decision.to().put(student);
            student.version += 1;
            decisions.push(decision);
        }
        if decisions.is_empty() {
            return Ok(());
        }
        let school = Uuid::from_u128(tenant.0.unsigned_abs().into());
        let document = unit.today().format("〔%Y〕%m%d号");
        let detail = Detail::text(format!("{BASIS} {}", decisions.len()))
            .basis(&format!("{BASIS}{document}"));
        unit.apply_many(&granted, Subject::new("tenant", school), &decisions, detail)
            .await?;
        unit.commit().await?;
        self.ground.calendar.pass_minutes(5);
        Ok(())
    }
}

impl Ground {
    /// The teaching secretary's login and the id of every college.
    pub(super) async fn colleges(&self) -> Result<Vec<(String, Uuid)>> {
        let reader = self.actor(staff::ADMIN).await?;
        let unit = self.services.store.read(&reader).await?;
        let units = unit.units().await?;
        let id_of = |place: usize| {
            let code = college_code(place);
            let college = units
                .iter()
                .find(|unit| unit.kind == "college" && unit.code == code);
            college.map(|unit| (staff::secretary(place), unit.id))
        };
        Ok((0..self.school.colleges.len()).filter_map(id_of).collect())
    }
}

fn registered(student: &rows::Student) -> bool {
    state::<StudentStatus>(&student.status).is_ok_and(|status| status == StudentStatus::Registered)
}

fn stands(student: &rows::Student, at: Qualification) -> bool {
    state::<Qualification>(&student.qualification).is_ok_and(|state| state == at)
}

fn arrived(student: &rows::Student) -> bool {
    stands(student, Qualification::InitialCheck)
}

fn qualified(student: &rows::Student) -> bool {
    stands(student, Qualification::Qualified)
}

/// Arrival, initial check, status and registration on the platform, in the autumn of the year of admission.
pub(super) async fn first_autumn(ground: &Ground, year: i32) -> Result<()> {
    let stays_away = |place: usize| place % 83 == 11 || place % 61 == 7;
    let mut cohort = Cohort::of(ground, year).await?;
    ground.go_to(year, 8, 28)?;
    cohort
        .go::<policy::AnnotateAdmission, Qualification>(
            staff::ADMISSIONS,
            Q::Defer,
            Clause::ANNOTATION,
            |place, _| place % 83 == 11,
        )
        .await?;
    ground.go_to(year, 8, 30)?;
    cohort
        .each_college_goes::<policy::RecordArrival, Qualification>(
            Q::Arrive,
            &Clause::HANDOVER,
            |place, _| !stays_away(place),
        )
        .await?;
    ground.go_to(year, 9, 12)?;
    cohort
        .each_college_goes::<policy::RecordArrival, Qualification>(
            Q::Pass,
            &Clause::HANDOVER,
            |place, student| !stays_away(place) && arrived(student),
        )
        .await?;
    cohort
        .go::<policy::BeginStatus, StudentStatus>(
            staff::AFFAIRS,
            StatusEvent::Begin,
            Clause::REGISTRATION_BASIS,
            |_, student| qualified(student),
        )
        .await?;
    ground.go_to(year, 9, 15)?;
    cohort
        .go::<policy::AnnotateAdmission, Qualification>(
            staff::ADMISSIONS,
            Q::Forgo,
            Clause::ANNOTATION,
            |place, _| place % 61 == 7 && place % 83 != 11,
        )
        .await?;
    register(&mut cohort, year).await
}

async fn register(cohort: &mut Cohort<'_>, year: i32) -> Result<()> {
    let clause = Clause::FRESHMAN_REGISTRATION;
    let steps = [
        (AnswerEvent::Queue, (9, 20)),
        (AnswerEvent::Request, (10, 8)),
    ];
    for (event, (month, day)) in steps {
        cohort.ground.go_to(year, month, day)?;
        cohort
            .go::<policy::RegisterFreshmen, PlatformAnswer>(
                staff::ADMISSIONS,
                event,
                clause.clone(),
                |_, student| registered(student),
            )
            .await?;
    }
    cohort.ground.go_to(year, 10, 25)?;
    let returned = |place: usize| place % 97 == 13;
    cohort
        .go::<policy::RegisterFreshmen, PlatformAnswer>(
            staff::ADMISSIONS,
            AnswerEvent::Accept,
            clause.clone(),
            |place, student| registered(student) && !returned(place),
        )
        .await?;
    cohort
        .go::<policy::RegisterFreshmen, PlatformAnswer>(
            staff::ADMISSIONS,
            AnswerEvent::Return,
            clause,
            |place, student| registered(student) && returned(place),
        )
        .await
}

/// The last spring that is over: changes of status in every cohort that is here, and the photos of the oldest.
pub(super) async fn spring(ground: &Ground, year: i32) -> Result<()> {
    ground.go_to(year, 3, 2)?;
    for earlier in ground.years.first()..year {
        let mut cohort = Cohort::of(ground, earlier).await?;
        cohort
            .go::<policy::ChangeStatus, StudentStatus>(
                staff::ACADEMIC,
                StatusEvent::Suspend,
                Clause::DAILY,
                |place, student| registered(student) && place % 89 == 17,
            )
            .await?;
        cohort
            .go::<policy::ChangeStatus, StudentStatus>(
                staff::ACADEMIC,
                StatusEvent::Withdraw,
                Clause::DAILY,
                |place, student| registered(student) && place % 149 == 23,
            )
            .await?;
    }
    photos(&mut Cohort::of(ground, ground.years.first()).await?, year).await
}

/// How far the photo of a place has come: the places of twenty stand for every state.
const JOURNEYS: [&[PhotoEvent]; 20] = {
    use PhotoEvent::{BlockFace, Confirm, Dispute, ObtainCode, Publish, Reject, Release, Submit};
    const READY: &[PhotoEvent] = &[ObtainCode, Submit, Publish, Confirm, Release];
    const TO_PROOF: &[PhotoEvent] = &[ObtainCode, Submit, Publish];
    const PROOFED: &[PhotoEvent] = &[ObtainCode, Submit, Publish, Confirm];
    [
        &[],
        &[ObtainCode],
        &[ObtainCode, Submit],
        &[ObtainCode, Submit, Reject],
        TO_PROOF,
        TO_PROOF,
        TO_PROOF,
        &[ObtainCode, Submit, Publish, Dispute],
        &[ObtainCode, Submit, Publish, Confirm, BlockFace],
        PROOFED,
        PROOFED,
        READY,
        READY,
        READY,
        READY,
        READY,
        READY,
        READY,
        READY,
        READY,
    ]
};

/// Days on which the steps of a photo's way are done: month and day.
const PHOTO_DAYS: [(u32, u32); 5] = [(3, 9), (3, 23), (4, 20), (5, 18), (6, 8)];

async fn photos(cohort: &mut Cohort<'_>, year: i32) -> Result<()> {
    let step_of = |place: usize, step: usize| {
        let way = JOURNEYS.get(place % JOURNEYS.len());
        way.and_then(|way| way.get(step)).copied()
    };
    for (step, (month, day)) in PHOTO_DAYS.into_iter().enumerate() {
        cohort.ground.go_to(year, month, day)?;
        for event in PhotoState::EVENTS {
            cohort
                .go::<policy::OrganisePhotos, PhotoState>(
                    staff::ACADEMIC,
                    *event,
                    Clause::PHOTO,
                    |place, student| registered(student) && step_of(place, step) == Some(*event),
                )
                .await?;
        }
    }
    Ok(())
}

//! Who acts: one person in one post at one university, and the proof that a right was checked.

use super::{Action, Effect, Office, PostKind, Step, TenantId};
use crate::clause::Clause;
use crate::decision::{Reason, Refusal, Responsibility};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use uuid::Uuid;

/// A step-up (password, and second factor when enrolled) counts for five minutes.
pub const STEP_UP_VALID: TimeDelta = TimeDelta::minutes(5);

/// What part of the school a post reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "units")]
pub enum PersonalScope {
    /// The whole school.
    School,
    /// One college.
    College(Uuid),
    /// Majors (专业负责人).
    Majors(Vec<Uuid>),
    /// Classes (辅导员), with their college.
    Classes {
        /// The college of the classes.
        college: Uuid,
        /// The classes.
        classes: Vec<Uuid>,
    },
    /// The own record only; the student's record id.
    Own(Uuid),
}

/// The rows from which an actor is made: a session, a job's owner or `--as LOGIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The university.
    pub tenant: TenantId,
    /// The person: four-eyes rules compare persons, not accounts.
    pub person: Uuid,
    /// The account signed in.
    pub account: Uuid,
    /// The post in use.
    pub post: Uuid,
    /// Its office.
    pub office: Office,
    /// Its kind.
    pub kind: PostKind,
    /// Its reach.
    pub scope: PersonalScope,
    /// Last time the password (and second factor) was given.
    pub stepped_up: Option<DateTime<Utc>>,
    /// Which office performs which step at this university, where it differs from the regulation.
    pub duties: BTreeMap<Step, Office>,
}

/// A person working in one post at one university. Made by `services::institution` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    seat: Seat,
}

/// What an action is aimed at; the caller must have loaded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    tenant: TenantId,
    place: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    student: Uuid,
    college: Option<Uuid>,
    major: Option<Uuid>,
    class: Option<Uuid>,
}

impl Target {
    /// Something of the school as a whole.
    pub const fn school(tenant: TenantId) -> Self {
        Self {
            tenant,
            place: None,
        }
    }

    /// One student's record, with its place in the organisation.
    pub const fn student(
        tenant: TenantId,
        student: Uuid,
        college: Option<Uuid>,
        major: Option<Uuid>,
        class: Option<Uuid>,
    ) -> Self {
        Self {
            tenant,
            place: Some(Place {
                student,
                college,
                major,
                class,
            }),
        }
    }
}

/// The part of a list that an actor may see, from the same policy as single records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visible {
    /// All records of the school.
    School,
    /// Records of one college.
    College(Uuid),
    /// Records of these majors.
    Majors(Vec<Uuid>),
    /// Records of these classes.
    Classes(Vec<Uuid>),
    /// One record.
    Own(Uuid),
    /// No record.
    Nothing,
}

/// Proof that an actor may do `A`; its fields are private, so it cannot be made without the check. It is worth something
/// in the hands of that actor only: a unit of work compares university and person.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use domain::decision::Refusal;
/// use domain::institution::{Actor, Granted, Target, policy};
///
/// fn right(actor: &Actor, now: DateTime<Utc>) -> Result<Granted<policy::MapMajor>, Refusal> {
///     actor.authorize(&Target::school(actor.tenant()), now)
/// }
/// ```
///
/// It is not made without [`Actor::authorize`]:
///
/// ```compile_fail,E0451
/// use domain::decision::Responsibility;
/// use domain::institution::{Granted, Office, TenantId, policy};
/// use uuid::Uuid;
///
/// fn right(by: Responsibility) -> Granted<policy::MapMajor> {
///     Granted { by, tenant: TenantId(1), person: Uuid::nil(), action: std::marker::PhantomData }
/// }
/// ```
///
/// The right to one step is not the right to another:
///
/// ```compile_fail,E0308
/// use domain::institution::{Granted, policy};
///
/// fn other(granted: Granted<policy::MapMajor>) -> Granted<policy::UndoImport> {
///     granted
/// }
/// ```
#[derive(Debug)]
pub struct Granted<A: Action> {
    tenant: TenantId,
    person: Uuid,
    by: Responsibility,
    action: PhantomData<A>,
}

impl<A: Action> Granted<A> {
    /// Who leads and who handles this step.
    pub const fn responsibility(&self) -> &Responsibility {
        &self.by
    }

    /// Whether it was this actor's right that was checked.
    pub fn is_of(&self, actor: &Actor) -> bool {
        self.tenant == actor.tenant() && self.person == actor.person()
    }

    /// Adds the second person of a four-eyes step.
    ///
    /// # Errors
    /// [`Reason::SamePerson`] when handler and checker are one person.
    pub fn checked_by(mut self, handler: Uuid, clause: Clause) -> Result<Self, Refusal> {
        if handler == self.by.handler {
            return Err(Refusal::new(Reason::SamePerson, clause, self.by.lead));
        }
        self.by.checker = Some(self.by.handler);
        self.by.handler = handler;
        Ok(self)
    }
}

impl Actor {
    /// Seats a person in a post. Call it from `services::institution` with rows the store loaded.
    pub const fn seated(seat: Seat) -> Self {
        Self { seat }
    }

    /// The rows it was made from.
    pub const fn seat(&self) -> &Seat {
        &self.seat
    }

    /// The university.
    pub const fn tenant(&self) -> TenantId {
        self.seat.tenant
    }

    /// The person.
    pub const fn person(&self) -> Uuid {
        self.seat.person
    }

    /// The office of the post in use.
    pub const fn office(&self) -> Office {
        self.seat.office
    }

    /// The office that performs a step at this university.
    pub fn office_of(&self, step: Step) -> Office {
        self.seat
            .duties
            .get(&step)
            .copied()
            .unwrap_or_else(|| step.default_office())
    }

    /// Whether the post may do `A` at all, wherever; used to build menus and buttons.
    pub fn may<A: Action>(&self) -> bool {
        A::rule().allows(self)
    }

    /// Checks a right against a loaded target.
    ///
    /// # Errors
    /// [`Reason::NotVisible`] for a record of another school, college or class, [`Reason::WrongOffice`] for a step of
    /// another office, [`Reason::StepUpNeeded`] when the password was given too long ago.
    pub fn authorize<A: Action>(
        &self,
        target: &Target,
        now: DateTime<Utc>,
    ) -> Result<Granted<A>, Refusal> {
        let rule = A::rule();
        let refuse = |reason| Refusal::new(reason, rule.clause.clone(), rule.help(self));
        if target.tenant != self.seat.tenant || !self.reaches(target) {
            return Err(refuse(Reason::NotVisible));
        }
        if !rule.allows(self) {
            return Err(refuse(Reason::WrongOffice));
        }
        if rule.step_up && !self.stepped_up(now) {
            return Err(refuse(Reason::StepUpNeeded));
        }
        Ok(Granted {
            tenant: self.seat.tenant,
            person: self.seat.person,
            by: Responsibility {
                lead: self.lead(rule),
                handler: self.seat.person,
                checker: None,
            },
            action: PhantomData,
        })
    }

    /// The office that leads (牵头) what a rule allows: that of its step, also where another office carries it out
    /// (落实); without a step, the own.
    fn lead(&self, rule: &super::Rule) -> Office {
        match &rule.who {
            super::policy::Who::Step(step) | super::policy::Who::StepOr(step, _) => {
                self.office_of(*step)
            }
            super::policy::Who::Anyone
            | super::policy::Who::SignedIn
            | super::policy::Who::Offices(_)
            | super::policy::Who::Posts(_)
            | super::policy::Who::AnyStepOr(..) => self.seat.office,
        }
    }

    /// Whether the password (and second factor) was given within [`STEP_UP_VALID`].
    pub fn stepped_up(&self, now: DateTime<Utc>) -> bool {
        self.seat
            .stepped_up
            .is_some_and(|at| now >= at && now - at <= STEP_UP_VALID)
    }

    /// The part of lists this post may see.
    pub fn visible(&self) -> Visible {
        if self.seat.office == Office::Operator {
            return Visible::Nothing;
        }
        match &self.seat.scope {
            PersonalScope::School => Visible::School,
            PersonalScope::College(college) => Visible::College(*college),
            PersonalScope::Majors(majors) => Visible::Majors(majors.clone()),
            PersonalScope::Classes { classes, .. } => Visible::Classes(classes.clone()),
            PersonalScope::Own(student) => Visible::Own(*student),
        }
    }

    /// Whether the post performs a step: that of its office, and in a college the one that keeps its records
    /// (教学秘书) or answers for it (分管院领导).
    fn performs(&self, step: Step) -> bool {
        let keeps = matches!(
            self.seat.kind,
            PostKind::TeachingSecretary | PostKind::ViceDean
        );
        self.office() == self.office_of(step) && (self.office() != Office::College || keeps)
    }

    fn reaches(&self, target: &Target) -> bool {
        let Some(place) = &target.place else {
            return true;
        };
        match self.visible() {
            Visible::School => true,
            Visible::College(college) => place.college == Some(college),
            Visible::Majors(majors) => place.major.is_some_and(|m| majors.contains(&m)),
            Visible::Classes(classes) => place.class.is_some_and(|c| classes.contains(&c)),
            Visible::Own(student) => place.student == student,
            Visible::Nothing => false,
        }
    }
}

impl super::Rule {
    /// Whether the post in use may do this.
    pub fn allows(&self, actor: &Actor) -> bool {
        let office = actor.office();
        match &self.who {
            super::policy::Who::Anyone => true,
            super::policy::Who::SignedIn => office != Office::Operator,
            super::policy::Who::Offices(offices) => offices.contains(&office),
            super::policy::Who::Posts(posts) => posts.contains(&(office, actor.seat.kind)),
            super::policy::Who::Step(step) => actor.performs(*step),
            super::policy::Who::StepOr(step, offices) => {
                actor.performs(*step) || offices.contains(&office)
            }
            super::policy::Who::AnyStepOr(steps, offices) => {
                offices.contains(&office) || steps.iter().any(|step| actor.performs(*step))
            }
        }
    }

    /// The office that explains this rule at the university of whoever asks: the one that performs its step there. Who
    /// belongs to it is not sent to the own desk, but to those who run the service.
    pub fn help(&self, actor: &Actor) -> Office {
        let asker = actor.office();
        let office = match &self.who {
            super::policy::Who::Anyone | super::policy::Who::SignedIn => Office::ItCentre,
            super::policy::Who::Offices(offices) if offices.contains(&asker) => Office::ItCentre,
            super::policy::Who::Offices(offices) => {
                offices.first().copied().unwrap_or(Office::ItCentre)
            }
            super::policy::Who::Posts(posts) => posts.first().map_or(Office::ItCentre, |p| p.0),
            super::policy::Who::Step(step) | super::policy::Who::StepOr(step, _) => {
                actor.office_of(*step)
            }
            super::policy::Who::AnyStepOr(steps, offices) => steps
                .first()
                .map(|step| actor.office_of(*step))
                .or_else(|| offices.first().copied())
                .unwrap_or(Office::ItCentre),
        };
        if office == asker {
            Office::ItCentre
        } else {
            office
        }
    }

    /// Whether the operation changes anything.
    pub fn writes(&self) -> bool {
        self.effect == Effect::Write
    }
}

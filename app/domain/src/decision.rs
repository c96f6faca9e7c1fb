//! State machines and their decisions: the only values the store writes a state from.
//!
//! A machine is an enum of states and a closed function `next(state, event)`. A [`Decision`] can be made only by
//! [`decide`], which takes a [`Granted`] action of a right that [`Moves`] this machine: a change without a right, under
//! the right of another step, or without a legal move does not compile.
//!
//! ```
//! use domain::clause::Clause;
//! use domain::decision::{Decision, Read, Refusal, decide};
//! use domain::institution::{Granted, policy};
//! use domain::photo::{PhotoEvent, PhotoState};
//!
//! fn obtained(
//!     granted: &Granted<policy::OrganisePhotos>,
//!     read: Read<PhotoState>,
//! ) -> Result<Decision<PhotoState, policy::OrganisePhotos>, Refusal> {
//!     decide(granted, read, PhotoEvent::ObtainCode, Clause::PHOTO)
//! }
//! ```
//!
//! The right to create universities does not move a student's photo:
//!
//! ```compile_fail,E0277
//! use domain::clause::Clause;
//! use domain::decision::{Decision, Read, Refusal, decide};
//! use domain::institution::{Granted, policy};
//! use domain::photo::{PhotoEvent, PhotoState};
//!
//! fn obtained(
//!     granted: &Granted<policy::CreateTenant>,
//!     read: Read<PhotoState>,
//! ) -> Result<Decision<PhotoState, policy::CreateTenant>, Refusal> {
//!     decide(granted, read, PhotoEvent::ObtainCode, Clause::PHOTO)
//! }
//! ```
//!
//! A decision is not made without [`decide`]:
//!
//! ```compile_fail,E0451
//! use domain::clause::Clause;
//! use domain::decision::{Decision, Read};
//! use domain::institution::policy;
//! use domain::photo::{PhotoEvent, PhotoState};
//!
//! fn obtained(read: Read<PhotoState>) -> Decision<PhotoState, policy::OrganisePhotos> {
//!     Decision {
//!         read,
//!         to: PhotoState::CodeObtained,
//!         event: PhotoEvent::ObtainCode,
//!         clause: Clause::PHOTO,
//!         action: std::marker::PhantomData,
//!     }
//! }
//! ```
//!
//! Student status rests on the admission: without saying how that stands, nothing is decided about it.
//!
//! ```compile_fail,E0271
//! use domain::clause::Clause;
//! use domain::decision::{Decision, Read, Refusal, decide};
//! use domain::institution::{Granted, policy};
//! use domain::status::{StatusEvent, StudentStatus};
//!
//! fn begun(
//!     granted: &Granted<policy::BeginStatus>,
//!     read: Read<StudentStatus>,
//! ) -> Result<Decision<StudentStatus, policy::BeginStatus>, Refusal> {
//!     decide(granted, read, StatusEvent::Begin, Clause::REGISTRATION_BASIS)
//! }
//! ```

use crate::clause::Clause;
use crate::institution::{Granted, Moves, Office};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use uuid::Uuid;

/// A state machine of one question (domain.md §4): never one `status` column for everything.
pub trait Machine: Sized + Copy + Eq + std::fmt::Debug + 'static {
    /// What may happen.
    type Event: Copy + Eq + std::fmt::Debug + 'static;
    /// What stands beside the state and decides with it: the state of another machine of the same record, or `()`.
    type Ground: Copy + std::fmt::Debug;
    /// Stable name in the audit log.
    const NAME: &'static str;
    /// Every state.
    const STATES: &'static [Self];
    /// Every event.
    const EVENTS: &'static [Self::Event];

    /// The move, or why there is none. Closed world: every pair is answered.
    ///
    /// # Errors
    /// [`Refusal`] with the clause and the office that can help.
    fn next(self, event: Self::Event) -> Result<Self, Refusal>;
    /// Whether the ground bears a move; a machine that stands alone has nothing to ask.
    ///
    /// # Errors
    /// [`Refusal`] with the clause and the office that can help.
    fn borne(_event: Self::Event, _ground: Self::Ground) -> Result<(), Refusal> {
        Ok(())
    }
    /// Stable name of the state in the database.
    fn key(self) -> &'static str;
    /// Stable name of the event in the audit log.
    fn event_key(event: Self::Event) -> &'static str;

    /// The state with this key.
    fn from_key(key: &str) -> Option<Self> {
        Self::STATES.iter().copied().find(|s| s.key() == key)
    }
}

/// Why something is not done: code, clause, who can help, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason:?} ({clause})")]
pub struct Refusal {
    /// What stands against it.
    pub reason: Reason,
    /// The clause it rests on.
    pub clause: Clause,
    /// The office that can help.
    pub help: Office,
    /// The last day it was, or is, possible, where the rule has one.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl Refusal {
    /// A refusal with its clause and the office that helps.
    pub const fn new(reason: Reason, clause: Clause, help: Office) -> Self {
        Self {
            reason,
            clause,
            help,
            until: None,
        }
    }

    /// Names the last day.
    #[must_use]
    pub const fn until(mut self, date: NaiveDate) -> Self {
        self.until = Some(date);
        self
    }
}

/// What stands against a request. Codes only: a message with personal data is never built from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody is signed in.
    NotSignedIn,
    /// The post in use has no right to this step.
    WrongOffice,
    /// The record belongs to another college, class or school: shown as not found.
    NotVisible,
    /// Password (and second factor) must be given again: the last time is more than five minutes ago.
    StepUpNeeded,
    /// The post requires a second factor, and none is enrolled yet.
    FactorNeeded,
    /// The same person may not do both steps (four eyes).
    SamePerson,
    /// The record is not in a state that allows this.
    IllegalMove,
    /// Somebody changed the record since it was shown.
    Stale,
    /// Something was built on it.
    BuiltOn,
    /// The time for it is over.
    TooLate,
    /// A required piece is missing.
    Incomplete,
    /// A value does not have the required form.
    Invalid,
}

/// Who led, who handled, who checked (谁牵头谁落实，谁经办谁负责), stored with every step from the first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// The office that leads the step.
    pub lead: Office,
    /// The person who handled it.
    pub handler: Uuid,
    /// The person who checked it, where a second person is required.
    pub checker: Option<Uuid>,
}

/// The record a decision is about, as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<M> {
    /// The record.
    pub id: Uuid,
    /// Its state.
    pub state: M,
    /// Its version: the write compares and swaps on state and version.
    pub version: i32,
}

/// A legal move of one record, made under the right `A`. Only [`decide`] and [`decide_on`] build it.
#[derive(Debug)]
pub struct Decision<M: Machine, A: Moves<M>> {
    read: Read<M>,
    to: M,
    event: M::Event,
    clause: Clause,
    action: PhantomData<A>,
}

impl<M: Machine, A: Moves<M>> Decision<M, A> {
    /// The record as it was read.
    pub const fn read(&self) -> &Read<M> {
        &self.read
    }
    /// The state it moves to.
    pub const fn to(&self) -> M {
        self.to
    }
    /// Stable name of the event.
    pub fn event(&self) -> &'static str {
        M::event_key(self.event)
    }
    /// The clause the move rests on.
    pub const fn clause(&self) -> &Clause {
        &self.clause
    }
}

/// Decides one move of one record under a granted action.
///
/// # Errors
/// The machine's [`Refusal`] when the move is not legal from the state that was read.
pub fn decide<A: Moves<M>, M: Machine<Ground = ()>>(
    granted: &Granted<A>,
    read: Read<M>,
    event: M::Event,
    clause: Clause,
) -> Result<Decision<M, A>, Refusal> {
    decide_on(granted, read, (), event, clause)
}

/// Decides one move of a machine that rests on another one; `ground` is the state of that one, read from the same
/// record at the same version.
///
/// # Errors
/// The machine's [`Refusal`] when the move is not legal from the state that was read, or the ground does not bear it.
pub fn decide_on<A: Moves<M>, M: Machine>(
    _granted: &Granted<A>,
    read: Read<M>,
    ground: M::Ground,
    event: M::Event,
    clause: Clause,
) -> Result<Decision<M, A>, Refusal> {
    let to = read.state.next(event)?;
    M::borne(event, ground)?;
    Ok(Decision {
        read,
        to,
        event,
        clause,
        action: PhantomData,
    })
}

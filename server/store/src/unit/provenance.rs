//! Where an act came from.

use domain::audit::{Origin, SessionMark};
use uuid::Uuid;

/// What asked for an act: stands in its audit entry.
#[derive(Clone, Copy, Debug)]
pub struct Provenance {
    /// From where.
    pub origin: Origin,
    /// The request.
    pub request: Option<Uuid>,
    /// The session it came in.
    pub session: Option<SessionMark>,
}

impl Provenance {
    /// The program itself: a command, a job.
    pub const LOCAL: Self = Self {
        origin: Origin::Local,
        request: None,
        session: None,
    };
}

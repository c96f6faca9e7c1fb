//! What is said around slips: until when those count that are issued now, and whom their holders call.

use super::slip_valid;
use crate::institution::parameters;
use crate::institution::school::semester_key;
use crate::students::own::phone_of;
use crate::{Result, Services};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{Semester, local_date};
use domain::institution::{Actor, Office, PersonalScope, Target, policy};
use store::Scope;
use uuid::Uuid;

/// Until when slips count that are issued now, beside the day on which the newest cohort arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlipDays {
    /// When a slip ends that is issued now.
    pub until: DateTime<Utc>,
    /// The day on which the newest visible cohort reports, where the academic calendar has it.
    pub arrival: Option<NaiveDate>,
    valid: TimeDelta,
}

impl SlipDays {
    /// The first day whose slips outlast the day of arrival; nothing where those of today do.
    pub fn better_from(&self) -> Option<NaiveDate> {
        let arrival = self.arrival?;
        if local_date(self.until) > arrival {
            return None;
        }
        arrival.checked_sub_signed(self.valid)?.succ_opt()
    }
}

impl Services {
    /// Until when slips count that are issued now, and when the newest visible cohort arrives.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for posts that hand out no slips.
    pub async fn slip_days(&self, actor: &Actor) -> Result<SlipDays> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SlipsPage>(&Target::school(actor.tenant()), unit.now())?;
        let valid = slip_valid(&unit).await?;
        let years = unit.student_years(&actor.visible()).await?;
        let arrival = match years.first() {
            Some(newest) => arrival_of(&unit, *newest).await?,
            None => None,
        };
        Ok(SlipDays {
            until: unit.now() + valid,
            arrival,
            valid,
        })
    }

    /// The telephone for whoever cannot use a slip that the post has handed out: the own college's, or the one that the
    /// university has entered for its colleges.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for posts that hand out no slips.
    pub async fn slip_phone(&self, actor: &Actor) -> Result<Option<String>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SlipsPage>(&Target::school(actor.tenant()), unit.now())?;
        if let Some(college) = college_of(&actor.seat().scope) {
            let own = unit.units_by_id(&[college]).await?.into_iter().next();
            if let Some(phone) = own.and_then(|college| college.phone) {
                return Ok(Some(phone));
            }
        }
        Ok(phone_of(Office::College, &parameters(&unit).await?))
    }
}

/// The day on which a cohort reports: that of the autumn of its year.
async fn arrival_of(scope: &Scope, year: i32) -> Result<Option<NaiveDate>> {
    let autumn = semester_key(Semester::Autumn);
    let mut terms = scope.terms().await?.into_iter();
    let begun = terms.find(|term| term.year == year && term.semester == autumn);
    Ok(begun.and_then(|term| term.arrival_on))
}

/// The college of a post. Slips of students are of the colleges alone (ADR 0085), so it is that of every slip it prints.
const fn college_of(scope: &PersonalScope) -> Option<Uuid> {
    match scope {
        PersonalScope::College(college) | PersonalScope::Classes { college, .. } => Some(*college),
        PersonalScope::School | PersonalScope::Majors(_) | PersonalScope::Own(_) => None,
    }
}

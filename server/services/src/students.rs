//! Student records: the list, one record, the student's own page.
//!
//! A record is loaded under the same condition as the lists, so that a get never shows what a list hides. Every view is
//! masked for the whole of what its reader can see (办法 三（三）; security.md F5).

mod compared;
mod facts;
mod list;
pub(crate) mod own;
pub(crate) mod places;
mod record;
pub(crate) mod snapshot;
mod timeline;

pub use timeline::{Told, told};

pub(crate) use facts::mask_document;
pub(crate) use list::{sort_of, store_filter};

use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Datelike as _, Utc};
use domain::decision::Machine;
use domain::institution::{Action, Actor, Granted, Target, Visible};
use domain::person::mask::MaskContext;
use domain::view::access::AccessKind;
use store::{Scope, rows};
use uuid::Uuid;

/// What every reader of a record may see beside an ID number, on one page or another: birth date and sex. The mask
/// leaves a hundred numbers even so.
pub(crate) const SEEN_BESIDE: MaskContext = MaskContext {
    birth_date_shown: true,
    sex_shown: true,
    area_shown: false,
};

/// Ends the key of a masked value in the access log: a part of it was shown.
pub(crate) const IN_PART: &str = "_part";

/// Checks a right that is not about one record.
pub(crate) fn admit<A: Action>(actor: &Actor, now: DateTime<Utc>) -> Result<Granted<A>> {
    Ok(actor.authorize::<A>(&Target::school(actor.tenant()), now)?)
}

/// A record as the target of a right.
pub(crate) fn target(actor: &Actor, student: &rows::Student) -> Target {
    Target::student(
        actor.tenant(),
        student.id,
        student.college_id,
        student.major_id,
        student.class_id,
    )
}

/// A state as the database names it.
pub(crate) fn state<M: Machine>(key: &str) -> Result<M> {
    M::from_key(key).ok_or(ServiceError::Internal(M::NAME))
}

/// The cohort a page is about: the one asked for, else the newest with records, else this year's.
pub(crate) async fn cohort_year(scope: &Scope, seen: &Visible, asked: Option<i32>) -> Result<i32> {
    if let Some(year) = asked {
        return Ok(year);
    }
    let newest = scope.student_years(seen).await?.first().copied();
    Ok(newest.unwrap_or_else(|| scope.today().year()))
}

impl Services {
    /// Logs a read in a unit of its own. The view is given to nobody when this fails.
    pub(crate) async fn log_read(
        &self,
        actor: &Actor,
        student: Option<Uuid>,
        kind: AccessKind,
        fields: &str,
        count: usize,
    ) -> Result<()> {
        let mut unit = self.store.begin(actor).await?;
        unit.log_access(student, kind.key(), fields, "", count)
            .await?;
        Ok(unit.commit().await?)
    }

    /// Logs one read of many records in a unit of its own, a line for each of them. The view is given to nobody when
    /// this fails.
    pub(crate) async fn log_reads(
        &self,
        actor: &Actor,
        students: &[Uuid],
        kind: AccessKind,
        fields: &str,
        reason: &str,
    ) -> Result<()> {
        if students.is_empty() {
            return Ok(());
        }
        let mut unit = self.store.begin(actor).await?;
        unit.log_accesses(students, kind.key(), fields, reason)
            .await?;
        Ok(unit.commit().await?)
    }
}

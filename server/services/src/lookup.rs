//! Look-ups of the command line and of small forms: a number or a code becomes what a use case takes.

use crate::institution::organisation::known_units;
use crate::institution::{account_named, actor_of_account};
use crate::{Result, ServiceError, Services};
use domain::institution::organisation::{KnownUnit, Unfound, UnitKind, find_unit};
use domain::institution::{Actor, PersonalScope, PostKind, Target, TenantId, policy};
use uuid::Uuid;

fn unit_named(
    units: &[KnownUnit],
    kind: UnitKind,
    text: &str,
    college: Option<Uuid>,
    field: &'static str,
) -> Result<Uuid> {
    let invalid = |code| ServiceError::Invalid { field, code };
    match find_unit(units, kind, text, college) {
        Ok(unit) => Ok(unit.id),
        Err(Unfound::Missing) => Err(invalid("unknown")),
        Err(Unfound::Elsewhere) => Err(invalid("elsewhere")),
        Err(Unfound::Ambiguous) => Err(invalid("ambiguous")),
    }
}

/// The college that was named, or the only one there is.
fn college_named(units: &[KnownUnit], named: Option<&str>) -> Result<Uuid> {
    if let Some(text) = named {
        return unit_named(units, UnitKind::College, text, None, "college");
    }
    let mut colleges = units.iter().filter(|u| u.kind == UnitKind::College);
    match (colleges.next(), colleges.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(ServiceError::Invalid {
            field: "college",
            code: "no_colleges",
        }),
        (Some(_), Some(_)) => Err(ServiceError::Invalid {
            field: "college",
            code: "which_college",
        }),
    }
}

impl Services {
    /// The actor of an account, in its first post that is valid today: for commands run with `--as LOGIN`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such account, or it has no post.
    pub async fn actor_by_login(&self, tenant: TenantId, login: &str) -> Result<Actor> {
        let look = self.store().look(tenant).await?;
        let account = account_named(&look, login)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let posts = look.posts_of(account.person_id).await?;
        let post = posts.first().ok_or(ServiceError::NotFound)?;
        actor_of_account(&look, account.id, post.id).await
    }

    /// The reach of a post, from the codes (or names) of college, and of the classes of a counsellor or the majors of
    /// their head. Without a college the only one is meant.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `college` (`which_college`, `no_colleges`, `unknown`, `ambiguous`), `classes` or `majors`
    /// (`missing`, `unknown`, `elsewhere`, `ambiguous`).
    pub async fn scope_of(
        &self,
        tenant: TenantId,
        kind: PostKind,
        college: Option<&str>,
        within: &[String],
    ) -> Result<PersonalScope> {
        if !kind.in_college() {
            return Ok(PersonalScope::School);
        }
        let door = self.store().door(tenant).await?;
        let units = known_units(&door).await?;
        let college = college_named(&units, college)?;
        let (unit, field) = match kind {
            PostKind::Counsellor => (UnitKind::Class, "classes"),
            PostKind::MajorHead => (UnitKind::Major, "majors"),
            PostKind::Officer
            | PostKind::TeachingSecretary
            | PostKind::ViceDean
            | PostKind::PartySecretary
            | PostKind::Student => return Ok(PersonalScope::College(college)),
        };
        let named = |text: &String| unit_named(&units, unit, text, Some(college), field);
        let ids = within.iter().map(named).collect::<Result<Vec<_>>>()?;
        if ids.is_empty() {
            return Err(ServiceError::Invalid {
                field,
                code: "missing",
            });
        }
        Ok(match kind {
            PostKind::MajorHead => PersonalScope::Majors(ids),
            _ => PersonalScope::Classes {
                college,
                classes: ids,
            },
        })
    }

    /// The record with this student or candidate number, if this post may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] otherwise, [`ServiceError::Refused`] for a post that sees nobody to activate.
    pub async fn student_id(&self, actor: &Actor, number: &str) -> Result<Uuid> {
        let unit = self.store().read(actor).await?;
        actor.authorize::<policy::ReissueSlip>(&Target::school(actor.tenant()), unit.now())?;
        let student = unit
            .student_by_number(number.trim())
            .await?
            .ok_or(ServiceError::NotFound)?;
        Ok(unit.student_seen(&actor.visible(), student.id).await?.id)
    }
}

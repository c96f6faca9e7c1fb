//! Look-ups of the command line and of small forms: a number or a code becomes what a use case takes.

use crate::institution::{account_named, actor_of_account};
use crate::{Result, ServiceError, Services};
use domain::institution::{Actor, PersonalScope, PostKind, TenantId, policy};
use store::rows::Unit;
use uuid::Uuid;

fn unit_with(units: &[Unit], kind: &str, code: &str, field: &'static str) -> Result<Uuid> {
    let found = units
        .iter()
        .find(|u| u.kind == kind && (u.code == code || u.name == code));
    found.map(|u| u.id).ok_or(ServiceError::Invalid {
        field,
        code: "unknown",
    })
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

    /// The reach of a post, from the codes (or names) of college and classes.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `college` or `classes`.
    pub async fn scope_of(
        &self,
        tenant: TenantId,
        kind: PostKind,
        college: Option<&str>,
        classes: &[String],
    ) -> Result<PersonalScope> {
        if !kind.in_college() {
            return Ok(PersonalScope::School);
        }
        let units = self.store().door(tenant).await?.units().await?;
        let named = college.ok_or(ServiceError::Invalid {
            field: "college",
            code: "incomplete",
        })?;
        let college = unit_with(&units, "college", named, "college")?;
        if kind != PostKind::Counsellor {
            return Ok(PersonalScope::College(college));
        }
        let classes = classes
            .iter()
            .map(|c| unit_with(&units, "class", c, "classes"))
            .collect::<Result<Vec<_>>>()?;
        if classes.is_empty() {
            return Err(ServiceError::Invalid {
                field: "classes",
                code: "incomplete",
            });
        }
        Ok(PersonalScope::Classes { college, classes })
    }

    /// The record with this student or candidate number, if this post may see it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] otherwise.
    pub async fn student_id(&self, actor: &Actor, number: &str) -> Result<Uuid> {
        if !actor.may::<policy::SlipsPage>() {
            return Err(ServiceError::NotFound);
        }
        let unit = self.store().read(actor).await?;
        let student = unit
            .student_by_number(number.trim())
            .await?
            .ok_or(ServiceError::NotFound)?;
        Ok(unit.student_seen(&actor.visible(), student.id).await?.id)
    }
}

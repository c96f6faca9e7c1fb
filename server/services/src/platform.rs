//! What a page asks before anybody is known, and how the platform is: nothing of a student.

use crate::institution::operator::Operator;
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::{TenantId, policy};

/// How the service is, for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether the database answers.
    pub database: bool,
    /// Jobs that wait.
    pub waiting: u64,
    /// Jobs that were put aside.
    pub dead: u64,
}

/// A university as everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// First part of its addresses.
    pub slug: String,
    /// Name.
    pub name: String,
}

impl Services {
    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// The university in use at an address.
    ///
    /// # Errors
    /// [`ServiceError::Suspended`] for one that stands still, [`ServiceError::Store`].
    pub async fn school_at(&self, slug: &str) -> Result<Option<TenantId>> {
        let row = self.store.control().tenant_by_slug(slug).await?;
        match row {
            Some(school) if !school.is_active() => Err(ServiceError::Suspended),
            row => Ok(row.map(|school| TenantId(school.id))),
        }
    }

    /// The universities in use: their names and addresses are public.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn entrances(&self) -> Result<Vec<Entrance>> {
        let schools = self.store.control().tenants().await?.into_iter();
        let active = schools.filter(|(school, _)| school.is_active());
        let entrance = |school: store::rows::Tenant| Entrance {
            slug: school.slug,
            name: school.name,
        };
        Ok(active.map(|(school, _)| entrance(school)).collect())
    }

    /// Ends the session with this hash of its id; `false` when it had ended before.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn take_session(&self, session: [u8; 32]) -> Result<bool> {
        Ok(self.store.control().end_session(session).await?)
    }

    /// Notes that a session is used now; `false` when it has ended.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn touch_session(&self, session: [u8; 32]) -> Result<bool> {
        Ok(self.store.control().touch_session(session).await?)
    }

    /// How the service is.
    ///
    /// # Errors
    /// Those of [`Services::tenant_list`]: whoever may see the universities may see this.
    pub async fn health(&self, by: &Operator) -> Result<Health> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let control = self.store.control();
        Ok(Health {
            database: self.store.ping().await.is_ok(),
            waiting: control.tickets("waiting").await?,
            dead: control.tickets("dead").await?,
        })
    }
}

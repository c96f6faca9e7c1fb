//! Values that are shown once after a form was posted: a revealed number, a one-time code. They cross the redirect
//! sealed inside the session, never in an address and never readable in the database. A search stands sealed in the
//! address itself (ADR 0050).

use crate::students::admit;
use crate::{Result, ServiceError, Services};
use domain::audit::hex;
use domain::institution::{Actor, TenantId, policy};
use store::keys::{Purpose, TenantKeys};
use store::seal::{Place, Sealed, open_text, seal};
use uuid::Uuid;

const PLACE: Place = Place::new("session", "data", Uuid::nil());

const fn search_of(actor: &Actor) -> Place {
    Place::new("account", "search", actor.seat().account)
}

impl Services {
    /// The keys of a university, or the platform's own.
    fn keys_of(&self, tenant: TenantId) -> Result<TenantKeys> {
        let ring = self.store().keys();
        if tenant == TenantId::PLATFORM {
            return Ok(ring.platform().clone());
        }
        ring.tenant(tenant)
            .map_err(|_| ServiceError::Internal("keys"))
    }

    /// Seals a value for the way through the session of somebody of a university, or of the platform's operator.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the school's keys are not there.
    pub fn seal_once(&self, tenant: TenantId, value: &str) -> Result<String> {
        let keys = self.keys_of(tenant)?;
        let sealed = seal(&keys, Purpose::Secret, &PLACE, value.as_bytes());
        sealed
            .map(|s| hex::encode(s.as_bytes()))
            .map_err(|_| ServiceError::Internal("seal"))
    }

    /// Seals what somebody searches for, so that it can stand in an address: names and numbers are readable there by
    /// nobody, and it opens for the same account only.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a post that has no student lists; [`ServiceError::Internal`] when the school's keys
    /// are not there.
    pub fn seal_search(&self, actor: &Actor, term: Option<&str>) -> Result<Option<String>> {
        admit::<policy::SearchStudents>(actor, self.store().now())?;
        let Some(term) = term else {
            return Ok(None);
        };
        let keys = self
            .store()
            .keys()
            .tenant(actor.tenant())
            .map_err(|_| ServiceError::Internal("keys"))?;
        let sealed = seal(&keys, Purpose::Secret, &search_of(actor), term.as_bytes());
        sealed
            .map(|s| Some(hex::encode(s.as_bytes())))
            .map_err(|_| ServiceError::Internal("seal"))
    }

    /// Opens what [`Services::seal_search`] sealed for this account; `None` for anything else.
    pub fn open_search(&self, actor: &Actor, sealed: &str) -> Option<String> {
        let keys = self.store().keys().tenant(actor.tenant()).ok()?;
        let sealed = Sealed::stored(hex::decode(sealed)?);
        open_text(&keys, Purpose::Secret, &search_of(actor), &sealed)
            .ok()
            .map(|text| text.to_string())
    }

    /// Opens what [`Services::seal_once`] sealed; `None` for anything else.
    pub fn open_once(&self, tenant: TenantId, sealed: &str) -> Option<String> {
        let keys = self.keys_of(tenant).ok()?;
        let sealed = Sealed::stored(hex::decode(sealed)?);
        open_text(&keys, Purpose::Secret, &PLACE, &sealed)
            .ok()
            .map(|text| text.to_string())
    }
}

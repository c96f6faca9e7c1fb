//! Values that are shown once after a form was posted: a revealed number, a one-time code. They cross the redirect
//! sealed inside the session, never in an address and never readable in the database.

use crate::{Result, ServiceError, Services};
use domain::audit::hex;
use domain::institution::TenantId;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open_text, seal};
use uuid::Uuid;

const PLACE: Place = Place::new("session", "data", Uuid::nil());

impl Services {
    /// Seals a value for the way through the session.
    ///
    /// # Errors
    /// [`ServiceError::Internal`] when the school's keys are not there.
    pub fn seal_once(&self, tenant: TenantId, value: &str) -> Result<String> {
        let keys = self
            .store()
            .keys()
            .tenant(tenant)
            .map_err(|_| ServiceError::Internal("keys"))?;
        let sealed = seal(&keys, Purpose::Secret, &PLACE, value.as_bytes());
        sealed
            .map(|s| hex::encode(s.as_bytes()))
            .map_err(|_| ServiceError::Internal("seal"))
    }

    /// Opens what [`Services::seal_once`] sealed; `None` for anything else.
    pub fn open_once(&self, tenant: TenantId, sealed: &str) -> Option<String> {
        let keys = self.store().keys().tenant(tenant).ok()?;
        let sealed = Sealed::stored(hex::decode(sealed)?);
        open_text(&keys, Purpose::Secret, &PLACE, &sealed)
            .ok()
            .map(|text| text.to_string())
    }
}

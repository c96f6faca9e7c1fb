//! What an export is to hold. The query may name a person and the reason is free text, so both are sealed in the job.

use crate::admission::{from_json, json};
use crate::{Result, ServiceError};
use domain::audit::hex;
use domain::view::list::{Column, ListQuery};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::keys::{Purpose, TenantKeys};
use store::seal::{Place, Sealed, open, seal};
use uuid::Uuid;

/// The payload of the job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Payload {
    /// Binds the sealed part to this export.
    pub(super) id: Uuid,
    pub(super) columns: Vec<Column>,
    sealed: String,
}

/// The sealed part.
#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) query: ListQuery,
    pub(super) reason: String,
}

/// The result of the job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) file: Uuid,
    pub(super) rows: usize,
}

const fn place(id: Uuid) -> Place {
    Place::new("job", "payload", id)
}

impl Payload {
    pub(super) fn new(
        keys: &TenantKeys,
        id: Uuid,
        columns: Vec<Column>,
        wanted: &Wanted,
    ) -> Result<Self> {
        let plain = json(wanted)?;
        let sealed =
            seal(keys, Purpose::Source, &place(id), plain.as_bytes()).map_err(StoreError::from)?;
        Ok(Self {
            id,
            columns,
            sealed: hex::encode(sealed.as_bytes()),
        })
    }

    pub(super) fn read(text: &str) -> Result<Self> {
        from_json(text, "payload of an export")
    }

    pub(super) fn wanted(&self, keys: &TenantKeys) -> Result<Wanted> {
        let bytes = hex::decode(&self.sealed).ok_or(ServiceError::Internal("sealed payload"))?;
        let plain = open(
            keys,
            Purpose::Source,
            &place(self.id),
            Sealed::stored(bytes),
        )
        .map_err(StoreError::from)?;
        serde_json::from_slice(&plain).map_err(|_| ServiceError::Internal("sealed payload"))
    }
}

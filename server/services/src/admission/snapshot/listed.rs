//! What lists of tens of thousands take of the snapshots: read where it lies, without a copy of what is not shown.

use super::{TABLE, parsed};
use crate::Result;
use serde::Deserialize;
use std::borrow::Cow;
use store::keys::{Purpose, TenantKeys};
use store::seal::{Opener, Place};
use store::{SealedSnapshot, StoreError};

/// Text inside opened bytes; copied only where it is written with escapes.
#[derive(Deserialize)]
pub(crate) struct Inside<'a>(#[serde(borrow)] Cow<'a, str>);

impl Inside<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What lists take of [`Identity`](super::Identity).
#[derive(Deserialize)]
pub(crate) struct ListedIdentity<'a> {
    #[serde(borrow)]
    pub(crate) id_number: Option<Inside<'a>>,
    #[serde(borrow)]
    pub(crate) birth_date: Option<Inside<'a>>,
}

/// What lists take of [`Details`](super::Details).
#[derive(Deserialize)]
pub(crate) struct ListedDetails<'a> {
    #[serde(borrow)]
    pub(crate) ethnic_name: Option<Inside<'a>>,
    #[serde(borrow)]
    pub(crate) political_name: Option<Inside<'a>>,
    #[serde(borrow)]
    pub(crate) major: ListedMajor<'a>,
}

/// What lists take of the stated major.
#[derive(Deserialize)]
pub(crate) struct ListedMajor<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Inside<'a>>,
}

/// Opens what lists take of many snapshots, one after the other.
pub(crate) struct ListedSnapshots<'k> {
    identity: Opener<'k>,
    details: Opener<'k>,
}

impl<'k> ListedSnapshots<'k> {
    pub(crate) fn new(keys: &'k TenantKeys) -> Self {
        Self {
            identity: Opener::new(keys),
            details: Opener::new(keys),
        }
    }

    /// One of them, until the next is opened.
    pub(crate) fn open(
        &mut self,
        sealed: &SealedSnapshot<'_>,
    ) -> Result<(ListedIdentity<'_>, ListedDetails<'_>)> {
        let at = |column| Place::new(TABLE, column, sealed.id);
        let identity = self
            .identity
            .open(Purpose::Identity, &at("identity"), sealed.identity)
            .map_err(StoreError::from)?;
        let details = self
            .details
            .open(Purpose::Source, &at("details"), sealed.details)
            .map_err(StoreError::from)?;
        Ok((parsed(identity)?, parsed(details)?))
    }
}

//! Uploaded files: sealed where they are kept, in clear only while the parser reads them.

use super::blocking;
use crate::plain::PlainFile;
use crate::{Result, Services};
use aws_lc_rs::digest;
use domain::institution::{Actor, TenantId};
use store::keys::Purpose;
use store::rows;
use store::seal::{Place, Sealed, open, seal};
use uuid::Uuid;

/// Longest name of a file in the folder of the parser, in characters.
const LONGEST_NAME: usize = 80;

/// Contents, or who they belong to.
pub(crate) struct NewFile {
    pub(crate) purpose: &'static str,
    pub(crate) name: String,
    pub(crate) media: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// Where a sealed file is bound to.
const fn place(id: Uuid) -> Place {
    Place::new("stored_file", "object", id)
}

impl Services {
    /// Seals a file and puts it into the file store. The caller inserts the row: a file without a row is litter, a row
    /// without a file would be a loss.
    pub(crate) async fn keep_file(&self, actor: &Actor, new: NewFile) -> Result<rows::StoredFile> {
        let tenant = actor.tenant();
        let keys = self.tenant_keys(tenant)?;
        let id = self.store.id();
        let NewFile {
            purpose,
            name,
            media,
            bytes,
        } = new;
        let size = bytes.len();
        let (sha256, sealed) = blocking(move || {
            let sealed = seal(&keys, Purpose::Source, &place(id), &bytes)
                .map_err(store::StoreError::from)?;
            Ok((sha256(&bytes), sealed))
        })
        .await?;
        let object_key = format!("{tenant}/{id}");
        self.store
            .files()
            .put(&object_key, sealed.into_bytes())
            .await?;
        Ok(rows::StoredFile {
            tenant_id: tenant.0,
            id,
            purpose: purpose.to_owned(),
            object_key,
            name,
            media: media.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            sha256,
            created_by: actor.person(),
            created_at: self.store.now(),
        })
    }

    /// Writes a kept file in clear; it goes away with the answer.
    pub(crate) async fn open_file(
        &self,
        tenant: TenantId,
        file: &rows::StoredFile,
    ) -> Result<PlainFile> {
        let keys = self.tenant_keys(tenant)?;
        let sealed = Sealed::stored(self.store.files().get(&file.object_key).await?);
        let (id, name, plain) = (file.id, file.name.clone(), self.plain.clone());
        blocking(move || {
            let bytes = open(&keys, Purpose::Source, &place(id), &sealed)
                .map_err(store::StoreError::from)?;
            drop(sealed);
            plain.write(&name, &bytes)
        })
        .await
    }

    pub(crate) fn tenant_keys(&self, tenant: TenantId) -> Result<store::keys::TenantKeys> {
        Ok(self
            .store
            .keys()
            .tenant(tenant)
            .map_err(store::StoreError::from)?)
    }
}

/// The last part of a name, without anything that a file system reads.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let plain = plain.trim().trim_matches('.');
    if plain.is_empty() {
        "upload".to_owned()
    } else {
        plain.to_owned()
    }
}

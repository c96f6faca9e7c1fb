//! Files of users and of the service: sealed before they reach the file store.

use crate::admission::blocking;
use crate::{Result, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::{Actor, TenantId};
use std::collections::BTreeSet;
use store::keys::{Purpose, TenantKeys};
use store::seal::{Place, Sealed};
use store::{StoreError, rows};
use uuid::Uuid;

/// How old a file is that no row will name any more: a request puts its file and its row within minutes.
const LITTER: TimeDelta = TimeDelta::days(1);

/// What is kept.
pub(crate) struct Contents {
    /// What the file is for, as a key.
    pub(crate) purpose: &'static str,
    /// The key it is sealed with.
    pub(crate) sealed_for: Purpose,
    /// Its name.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media: &'static str,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    use aws_lc_rs::digest::{SHA256, digest};
    digest(&SHA256, bytes).as_ref().to_vec()
}

const fn place(id: Uuid) -> Place {
    Place::new("stored_file", "object", id)
}

/// Where the file store keeps the file of an id.
pub(crate) fn object_key(tenant: TenantId, id: Uuid) -> String {
    format!("{tenant}/{id}")
}

impl Services {
    /// Seals a file and puts it into the file store under its id. The caller inserts the row in the transaction that
    /// makes the file known: a file without a row is litter and never offered, a row without a file would be a loss.
    pub(crate) async fn keep_sealed(
        &self,
        actor: &Actor,
        id: Uuid,
        contents: Contents,
    ) -> Result<rows::StoredFile> {
        let tenant = actor.tenant();
        let keys = self.tenant_keys(tenant)?;
        let size = i64::try_from(contents.bytes.len()).unwrap_or(i64::MAX);
        let (sealed_for, bytes) = (contents.sealed_for, contents.bytes);
        let (digest, sealed) = blocking(move || {
            let sealed = store::seal::seal(&keys, sealed_for, &place(id), &bytes)
                .map_err(StoreError::from)?;
            Ok((sha256(&bytes), sealed))
        })
        .await?;
        let object_key = object_key(tenant, id);
        let files = self.store.files();
        files.put(&object_key, sealed.into_bytes()).await?;
        Ok(rows::StoredFile {
            tenant_id: tenant.0,
            id,
            purpose: contents.purpose.to_owned(),
            object_key,
            name: contents.name,
            media: contents.media.to_owned(),
            size,
            sha256: digest,
            created_by: actor.person(),
            created_at: self.store.now(),
        })
    }

    /// Opens a kept file.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] when it was removed.
    pub(crate) async fn open_sealed(
        &self,
        tenant: TenantId,
        sealed_for: Purpose,
        file: &rows::StoredFile,
    ) -> Result<Vec<u8>> {
        let whole = |bytes: &[u8]| Ok(bytes.to_vec());
        self.with_opened(tenant, sealed_for, file, whole).await
    }

    /// Opens a kept file for work on its bytes, away from the async threads.
    ///
    /// # Errors
    /// As [`Services::open_sealed`], and those of the work.
    pub(crate) async fn with_opened<T: Send + 'static>(
        &self,
        tenant: TenantId,
        sealed_for: Purpose,
        file: &rows::StoredFile,
        work: impl FnOnce(&[u8]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let keys = self.tenant_keys(tenant)?;
        let sealed = Sealed::stored(self.store.files().get(&file.object_key).await?);
        let id = file.id;
        blocking(move || {
            let plain = store::seal::open(&keys, sealed_for, &place(id), &sealed)
                .map_err(StoreError::from)?;
            drop(sealed);
            work(&plain)
        })
        .await
    }

    /// Removes a file whose row is gone, or never came. What was done is done: where the file cannot be removed now,
    /// [`Services::remove_litter`] does it later.
    pub(crate) async fn discard_file(&self, object_key: &str) {
        if let Err(error) = self.store.files().remove(object_key).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a file that no row names was left for upkeep"
            );
        }
    }

    /// Removes the files of a university that no row names: of a process that was killed between file and commit, or
    /// between commit and removal, or while it wrote a file. Answers how many.
    ///
    /// # Errors
    /// [`crate::ServiceError::Store`].
    pub async fn remove_litter(&self, tenant: TenantId) -> Result<usize> {
        // In this order: whatever gets its row after the look is younger.
        let before = self.store.now() - LITTER;
        let files = self.store.files();
        let half = files.remove_half_written(tenant, before).await?;
        let litter = self.unnamed(tenant, before).await?;
        for key in &litter {
            files.remove(key).await?;
        }
        let removed = half + litter.len();
        if removed > 0 {
            tracing::info!(%tenant, files = removed, "removed files that no row names");
        }
        Ok(removed)
    }

    /// The files of a university that were put before a time, and that no row names.
    async fn unnamed(&self, tenant: TenantId, before: DateTime<Utc>) -> Result<Vec<String>> {
        let mut litter = self.store.files().put_before(tenant, before).await?;
        if litter.is_empty() {
            return Ok(litter);
        }
        let look = self.store.snapshot(tenant).await?;
        let mut named = look.object_keys().await?;
        // The next attempt at a job writes over what an earlier one left.
        let jobs = look.open_jobs().await?;
        named.extend(jobs.into_iter().map(|job| object_key(tenant, job)));
        drop(look);
        litter.retain(|key| !named.contains(key));
        Ok(litter)
    }

    /// The files that rows name, of every university whose keys are there: without them they are lost in any case.
    ///
    /// # Errors
    /// [`crate::ServiceError::Store`].
    pub async fn named_files(&self) -> Result<BTreeSet<String>> {
        let mut named = BTreeSet::new();
        for (school, _) in self.store.control().tenants().await? {
            match self.store.look(TenantId(school.id)).await {
                Ok(look) => named.append(&mut look.object_keys().await?),
                Err(StoreError::Key(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(named)
    }

    /// The keys of a university.
    pub(crate) fn tenant_keys(&self, tenant: TenantId) -> Result<TenantKeys> {
        Ok(self.store.keys().tenant(tenant).map_err(StoreError::from)?)
    }
}

//! Files of users and of the service: an object store, a folder by default.

use crate::error::{Result, StoreError};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use std::sync::Arc;

/// Where files are kept. Contents with personal data are sealed before they come here.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// A folder; it must exist.
    ///
    /// # Errors
    /// [`StoreError::File`] when the folder cannot be used.
    pub fn folder(path: &std::path::Path) -> Result<Self> {
        let store = object_store::local::LocalFileSystem::new_with_prefix(path)
            .map_err(StoreError::File)?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// Keeps a file under a key; keys are ids, never names of users.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        self.0
            .put(&Key::from(key), Bytes::from(bytes).into())
            .await
            .map_err(StoreError::File)?;
        Ok(())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] or [`StoreError::File`].
    pub async fn get(&self, key: &str) -> Result<Vec<u8>> {
        match self.0.get(&Key::from(key)).await {
            Ok(found) => Ok(found.bytes().await.map_err(StoreError::File)?.to_vec()),
            Err(object_store::Error::NotFound { .. }) => Err(StoreError::NotFound),
            Err(error) => Err(StoreError::File(error)),
        }
    }

    /// The keys of a university's files that were put before a time.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn put_before(&self, tenant: TenantId, time: DateTime<Utc>) -> Result<Vec<String>> {
        let part = Key::from(tenant.to_string());
        let listed = self.0.list_with_delimiter(Some(&part)).await;
        let files = listed.map_err(StoreError::File)?.objects.into_iter();
        let old = files.filter(|file| file.last_modified < time);
        Ok(old.map(|file| file.location.to_string()).collect())
    }

    /// Removes a file; it is no error when it is gone already.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::File(error)),
        }
    }
}

//! Files of users and of the service: an object store, a folder by default.

use crate::error::{Result, StoreError};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::fs::{self, DirEntry};

/// Where files are kept. Contents with personal data are sealed before they come here.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

impl Files {
    /// A folder; it must exist.
    ///
    /// # Errors
    /// [`StoreError::File`] when the folder cannot be used.
    pub fn folder(path: &Path) -> Result<Self> {
        let store = object_store::local::LocalFileSystem::new_with_prefix(path)
            .map_err(StoreError::File)?;
        Ok(Self {
            store: Arc::new(store.with_fsync(true)),
            folder: path.to_owned(),
        })
    }

    /// Keeps a file under a key; keys are ids, never names of users.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        self.store
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
        match self.store.get(&Key::from(key)).await {
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
        let listed = self.store.list_with_delimiter(Some(&part)).await;
        let files = listed.map_err(StoreError::File)?.objects.into_iter();
        let old = files.filter(|file| file.last_modified < time);
        Ok(old.map(|file| file.location.to_string()).collect())
    }

    /// Removes what processes left of a university's files that were killed while they wrote them, before a time: such a
    /// file has a name of its own, by which the object store neither lists nor removes it. Answers how many.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn remove_half_written(
        &self,
        tenant: TenantId,
        time: DateTime<Utc>,
    ) -> Result<usize> {
        let folder = self.folder.join(tenant.to_string());
        let removed = remove_half_written(&folder, time.into()).await;
        removed.map_err(|source| {
            StoreError::File(object_store::Error::Generic {
                store: "LocalFileSystem",
                source: source.into(),
            })
        })
    }

    /// Removes a file; it is no error when it is gone already.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::File(error)),
        }
    }
}

async fn remove_half_written(folder: &Path, time: SystemTime) -> io::Result<usize> {
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        // Nothing was ever put for this university.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut removed = 0;
    while let Some(entry) = entries.next_entry().await? {
        if is_half_written(&entry.file_name()) && is_gone(remove_older(&entry, time).await)? {
            removed += 1;
        }
    }
    Ok(removed)
}

/// `LocalFileSystem` writes `key#1`, or another number, and gives it its name once it is complete.
fn is_half_written(name: &OsStr) -> bool {
    let number = name.to_str().and_then(|name| name.rsplit_once('#'));
    number.is_some_and(|(_, number)| {
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

async fn remove_older(entry: &DirEntry, time: SystemTime) -> io::Result<bool> {
    let old = entry.metadata().await?.modified()? < time;
    if old {
        fs::remove_file(entry.path()).await?;
    }
    Ok(old)
}

/// Another server may have removed it meanwhile.
fn is_gone(removed: io::Result<bool>) -> io::Result<bool> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        other => other,
    }
}

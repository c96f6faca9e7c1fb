//! Uploaded files: sealed where they are kept, in clear only while the parser reads them.

use crate::{Result, ServiceError, Services};
use domain::institution::TenantId;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use store::keys::Purpose;
use store::rows;
use tempfile::TempDir;

/// Longest name of a file in the folder of the parser, in characters.
const LONGEST_NAME: usize = 80;

impl Services {
    /// Writes a kept file in clear into a folder that goes away with the answer.
    pub(crate) async fn open_file(
        &self,
        tenant: TenantId,
        file: &rows::StoredFile,
    ) -> Result<PlainFile> {
        let name = file.name.clone();
        self.with_opened(tenant, Purpose::Source, file, move |bytes| {
            PlainFile::write(&name, bytes)
        })
        .await
    }
}

/// A file in clear: written here, only this user can read it, in a folder of its own that is gone when this value is.
pub(crate) struct PlainFile {
    path: PathBuf,
    _folder: Option<TempDir>,
}

impl PlainFile {
    /// Writes bytes under the name they were uploaded with: a table without a folder is named after its file.
    pub(crate) fn write(name: &str, bytes: &[u8]) -> Result<Self> {
        let io = |_| ServiceError::Internal("a temporary file");
        let folder = tempfile::tempdir().map_err(io)?;
        let inner = folder.path().join("upload");
        private_folder(&inner).map_err(io)?;
        let path = inner.join(plain_name(name));
        private_file(&path, bytes).map_err(io)?;
        Ok(Self {
            path,
            _folder: Some(folder),
        })
    }

    /// A file of the caller, which stays.
    pub(crate) fn link(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            _folder: None,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone()
    }
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut folder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

fn private_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
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

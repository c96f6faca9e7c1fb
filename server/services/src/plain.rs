//! Files in clear: written for the parser into a folder that only this user may enter, and gone when it has read them.
//!
//! A process that was killed leaves its files behind. Each lies beside a lock that its process holds as long as it lives:
//! whoever starts takes away what nobody holds any more, and nothing else.

use crate::admission::files::plain_name;
use crate::{Result, ServiceError};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// Name of the locks: of the folder while a file comes or is looked at, of each file while it is in use.
const LOCK: &str = "lock";

/// Where files lie in clear while the parser reads them.
#[derive(Clone, Debug)]
pub struct PlainFolder(Arc<Path>);

impl Default for PlainFolder {
    /// Among the temporary files of the system.
    fn default() -> Self {
        Self::at(&std::env::temp_dir().join("xueji-plain"))
    }
}

impl PlainFolder {
    /// A folder of its own, which is made when it is needed.
    pub fn at(path: &Path) -> Self {
        Self(path.into())
    }

    /// Writes bytes under the name they were uploaded with: a table without a folder is named after its file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<PlainFile> {
        self.lay(name, bytes)
            .map_err(|_| ServiceError::Internal("a file in clear"))
    }

    fn lay(&self, name: &str, bytes: &[u8]) -> io::Result<PlainFile> {
        private_folder(&self.0)?;
        let coming = lock_file(&self.0)?;
        coming.lock_shared()?;
        let folder = tempfile::tempdir_in(&self.0)?;
        let held = lock_file(folder.path())?;
        held.lock()?;
        drop(coming);
        let inner = folder.path().join("upload");
        private_folder(&inner)?;
        let path = inner.join(plain_name(name));
        private_file(&path)?.write_all(bytes)?;
        Ok(PlainFile {
            path,
            _folder: Some(folder),
            _held: Some(held),
        })
    }

    /// Takes away what processes that were killed have left; says how many files.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn clear(&self) -> io::Result<usize> {
        if !self.0.is_dir() {
            return Ok(0);
        }
        let looking = lock_file(&self.0)?;
        looking.lock()?;
        let mut gone = 0;
        for entry in std::fs::read_dir(&self.0)? {
            let path = entry?.path();
            if path.is_dir() && !is_held(&path)? {
                match std::fs::remove_dir_all(&path) {
                    Ok(()) => gone += 1,
                    // Its own process has just done with it.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(gone)
    }
}

/// Whether a process that lives holds the file in this folder.
fn is_held(folder: &Path) -> io::Result<bool> {
    let lock = match OpenOptions::new().write(true).open(folder.join(LOCK)) {
        Ok(lock) => lock,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match lock.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A file in clear, gone when this value is.
pub(crate) struct PlainFile {
    path: PathBuf,
    _folder: Option<TempDir>,
    _held: Option<File>,
}

impl PlainFile {
    /// A file of the caller, which stays.
    pub(crate) fn link(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            _folder: None,
            _held: None,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone()
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

fn lock_file(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(LOCK))
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

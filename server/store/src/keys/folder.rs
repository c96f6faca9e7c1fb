//! The folder on disk: modes, plain files, whole writes.

use super::KeyError;
use super::file::KeyFile;
use aws_lc_rs::rand;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use zeroize::Zeroizing;

const TENANTS: &str = "tenants";
const LOCK: &str = "lock";
/// Greatest length of a key file; a university that renewed its key every day for ten years stays below it.
const MAX_FILE: u64 = 1 << 20;

/// Tells whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    changed: (i64, i64),
    length: u64,
}

/// A key folder that was found to be private.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder, or takes an empty one.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        make_private(path)?;
        let folder = Self {
            path: path.to_owned(),
        };
        ensure_private_folder(path)?;
        if holds_anything(path)? {
            let root = folder.file(Path::new(super::root::FILE));
            let used = root.exists() || holds_anything(&folder.file(Path::new(TENANTS)))?;
            return Err(if used {
                KeyError::Exists(path.to_owned())
            } else {
                KeyError::Unfinished(path.to_owned())
            });
        }
        make_private(&folder.file(Path::new(TENANTS)))?;
        folder.write_raw(Path::new(LOCK), b"")?;
        Ok(folder)
    }

    /// Takes a finished folder.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let folder = Self {
            path: path.to_owned(),
        };
        ensure_private_folder(path)?;
        ensure_private_folder(&folder.file(Path::new(TENANTS)))?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where one of its files is.
    pub fn file(&self, name: &Path) -> PathBuf {
        self.path.join(name)
    }

    /// Holds the folder for a change; released when dropped, or when the process ends.
    pub fn lock(&self) -> Result<File, KeyError> {
        let path = self.file(Path::new(LOCK));
        let file = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(io(&path))?;
        file.lock().map_err(io(&path))?;
        Ok(file)
    }

    /// Whether a file is there, and which.
    pub fn stamp(&self, name: &Path) -> Result<Option<Stamp>, KeyError> {
        let path = self.file(name);
        match fs::symlink_metadata(&path) {
            Ok(found) => Ok(Some(Stamp {
                inode: found.ino(),
                changed: (found.ctime(), found.ctime_nsec()),
                length: found.len(),
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(KeyError::Io { path, source }),
        }
    }

    /// Reads a key file that nobody else can read or write.
    pub fn read(&self, name: &Path) -> Result<KeyFile, KeyError> {
        let path = self.file(name);
        let found = metadata(&path)?;
        if !found.file_type().is_file() {
            return Err(KeyError::NotPlain(path));
        }
        ensure_mode(&path, &found, 0o177)?;
        if found.len() > MAX_FILE {
            return Err(KeyError::Damaged(path));
        }
        let mut text = Zeroizing::new(String::with_capacity(
            usize::try_from(found.len()).unwrap_or_default() + 1,
        ));
        let file = File::open(&path).map_err(io(&path))?;
        file.take(MAX_FILE)
            .read_to_string(&mut text)
            .map_err(io(&path))?;
        KeyFile::parse(&text).ok_or(KeyError::Damaged(path))
    }

    /// Writes a file that is not there yet.
    pub fn write_new(&self, name: &Path, file: &KeyFile) -> Result<(), KeyError> {
        self.write_raw(name, file.to_text().as_bytes())?;
        self.sync(name)
    }

    /// Puts a new file in the place of the old one, whole or not at all. The caller holds the lock.
    pub fn replace(&self, name: &Path, file: &KeyFile) -> Result<(), KeyError> {
        let fresh = unfinished(name);
        let from = self.file(&fresh);
        match fs::remove_file(&from) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(KeyError::Io { path: from, source }),
        }
        self.write_raw(&fresh, file.to_text().as_bytes())?;
        fs::rename(&from, self.file(name)).map_err(io(&from))?;
        self.sync(name)
    }

    /// Overwrites a file with random bytes, then removes it; answers its length.
    pub fn shred(&self, name: &Path) -> Result<u64, KeyError> {
        let path = self.file(name);
        let length = metadata(&path)?.len();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(io(&path))?;
        let mut noise = vec![0; usize::try_from(length.min(MAX_FILE)).unwrap_or_default()];
        rand::fill(&mut noise).map_err(|_| KeyError::Provider("overwrite a key"))?;
        let mut file = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(io(&path))?;
        file.rewind()
            .and_then(|()| file.write_all(&noise))
            .and_then(|()| file.sync_all())
            .map_err(io(&path))?;
        fs::remove_file(&path).map_err(io(&path))?;
        self.sync(name)?;
        Ok(length)
    }

    /// The key files of all universities.
    pub fn tenant_files(&self) -> Result<Vec<PathBuf>, KeyError> {
        let path = self.file(Path::new(TENANTS));
        let mut files = Vec::new();
        for entry in fs::read_dir(&path).map_err(io(&path))? {
            let name = PathBuf::from(TENANTS).join(entry.map_err(io(&path))?.file_name());
            if name.extension().is_some_and(|e| e == "key") {
                files.push(name);
            }
        }
        files.sort();
        Ok(files)
    }

    fn write_raw(&self, name: &Path, bytes: &[u8]) -> Result<(), KeyError> {
        let path = self.file(name);
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        let mut file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(KeyError::Exists(path));
            }
            Err(source) => return Err(KeyError::Io { path, source }),
        };
        file.write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(io(&path))
    }

    fn sync(&self, name: &Path) -> Result<(), KeyError> {
        let path = self.file(name.parent().unwrap_or(Path::new("")));
        File::open(&path)
            .and_then(|folder| folder.sync_all())
            .map_err(io(&path))
    }
}

/// Where a file is written before it takes its place.
pub(super) fn unfinished(name: &Path) -> PathBuf {
    name.with_extension("new")
}

/// Where the file of one university lies.
pub(super) fn of_tenant(name: &str) -> PathBuf {
    PathBuf::from(TENANTS).join(name)
}

/// Refuses two folders of which one holds the other, through links and `..` as well.
pub(super) fn ensure_outside(keys: &Path, data: &Path) -> Result<(), KeyError> {
    let keys = resolved(keys)?;
    let data = resolved(data)?;
    if keys.starts_with(&data) || data.starts_with(&keys) {
        return Err(KeyError::InsideData { keys, data });
    }
    Ok(())
}

/// The real path; of a folder that is not there yet, the real path of what is there, and the rest with `..` taken out.
fn resolved(path: &Path) -> Result<PathBuf, KeyError> {
    let whole = std::path::absolute(path).map_err(io(path))?;
    let known = whole
        .ancestors()
        .find_map(|known| Some((known, fs::canonicalize(known).ok()?)));
    let Some((known, mut real)) = known else {
        return Ok(whole);
    };
    for part in whole.strip_prefix(known).unwrap_or(&whole).components() {
        if part == Component::ParentDir {
            real.pop();
        } else {
            real.push(part);
        }
    }
    Ok(real)
}

/// Whether there is anything in a folder; nothing is in one that is not there.
fn holds_anything(path: &Path) -> Result<bool, KeyError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io(path)(error)),
    }
}

fn make_private(path: &Path) -> Result<(), KeyError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(KeyError::Io {
            path: path.to_owned(),
            source,
        }),
    }
}

fn ensure_private_folder(path: &Path) -> Result<(), KeyError> {
    let found = metadata(path)?;
    if !found.file_type().is_dir() {
        return Err(KeyError::NotPlain(path.to_owned()));
    }
    ensure_mode(path, &found, 0o077)
}

fn ensure_mode(path: &Path, found: &Metadata, forbidden: u32) -> Result<(), KeyError> {
    let mode = found.mode() & 0o7777;
    if mode & forbidden == 0 {
        Ok(())
    } else {
        Err(KeyError::TooOpen {
            path: path.to_owned(),
            mode,
        })
    }
}

fn metadata(path: &Path) -> Result<Metadata, KeyError> {
    fs::symlink_metadata(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        _ => KeyError::Io {
            path: path.to_owned(),
            source,
        },
    })
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::Io { path, source }
}

//! Where the tables of a package lie: in an archive, in a folder, or in memory.

use super::PackageError;
use crate::archive::{Archive, ArchiveError, ArchiveLimits};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

/// A tree of files read one at a time.
pub(super) trait Files {
    /// Paths with `/`, relative to the root.
    fn paths(&self) -> Vec<String>;
    /// The bytes of the file at a place of [`Files::paths`].
    fn read(&mut self, index: usize) -> Result<Vec<u8>, PackageError>;
}

impl<R: Read + Seek> Files for Archive<R> {
    fn paths(&self) -> Vec<String> {
        self.entries()
            .iter()
            .map(|entry| entry.path.clone())
            .collect()
    }

    fn read(&mut self, index: usize) -> Result<Vec<u8>, PackageError> {
        let entry = self
            .entries()
            .get(index)
            .cloned()
            .ok_or(PackageError::Path)?;
        Ok(Archive::read(self, &entry)?)
    }
}

/// Files in memory.
pub(super) struct Given(Vec<(String, Vec<u8>)>);

impl Given {
    pub(super) fn new(
        files: Vec<(String, Vec<u8>)>,
        limits: ArchiveLimits,
    ) -> Result<Self, PackageError> {
        check_sizes(
            files
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.len() as u64)),
            limits,
        )?;
        Ok(Self(files))
    }
}

impl Files for Given {
    fn paths(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.clone()).collect()
    }

    fn read(&mut self, index: usize) -> Result<Vec<u8>, PackageError> {
        self.0
            .get(index)
            .map(|(_, bytes)| bytes.clone())
            .ok_or(PackageError::Path)
    }
}

/// A folder on disk.
pub(super) struct Folder(Vec<(String, PathBuf, u64)>);

/// Folders below the root that are looked into.
const DEPTH: usize = 16;

impl Folder {
    pub(super) fn open(root: &Path, limits: ArchiveLimits) -> Result<Self, PackageError> {
        let mut found = Vec::new();
        walk(root, "", DEPTH, limits.entries, &mut found)?;
        found.sort();
        check_sizes(
            found.iter().map(|(path, _, bytes)| (path.as_str(), *bytes)),
            limits,
        )?;
        Ok(Self(found))
    }
}

impl Files for Folder {
    fn paths(&self) -> Vec<String> {
        self.0.iter().map(|(path, _, _)| path.clone()).collect()
    }

    fn read(&mut self, index: usize) -> Result<Vec<u8>, PackageError> {
        let (_, path, bytes) = self.0.get(index).ok_or(PackageError::Path)?;
        let file = std::fs::File::open(path).map_err(|_| PackageError::Path)?;
        let mut content = Vec::new();
        // A file that grows after it was measured is read as far as it was measured.
        file.take(*bytes)
            .read_to_end(&mut content)
            .map_err(|_| PackageError::Path)?;
        Ok(content)
    }
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    limit: usize,
    found: &mut Vec<(String, PathBuf, u64)>,
) -> Result<(), PackageError> {
    for entry in std::fs::read_dir(folder).map_err(|_| PackageError::Path)? {
        let entry = entry.map_err(|_| PackageError::Path)?;
        let kind = entry.file_type().map_err(|_| PackageError::Path)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            if depth == 0 {
                return Err(PackageError::TooDeep { limit: DEPTH });
            }
            walk(&entry.path(), &format!("{path}/"), depth - 1, limit, found)?;
        } else if kind.is_file() {
            let bytes = entry.metadata().map_err(|_| PackageError::Path)?.len();
            found.push((path, entry.path(), bytes));
        }
        if found.len() > limit {
            return Err(ArchiveError::TooManyEntries { limit }.into());
        }
    }
    Ok(())
}

/// Only tables count: other files of a folder are not read.
fn check_sizes<'a>(
    files: impl Iterator<Item = (&'a str, u64)>,
    limits: ArchiveLimits,
) -> Result<(), PackageError> {
    let mut total = 0_u64;
    for (path, bytes) in files.filter(|(path, _)| path.to_lowercase().ends_with(".dbf")) {
        if bytes > limits.entry_bytes {
            return Err(ArchiveError::EntryTooLarge {
                entry: path.to_owned(),
                limit: limits.entry_bytes,
            }
            .into());
        }
        total = total.saturating_add(bytes);
    }
    if total > limits.total_bytes {
        return Err(ArchiveError::TooLarge {
            limit: limits.total_bytes,
        }
        .into());
    }
    Ok(())
}

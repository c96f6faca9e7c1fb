//! Admission photos: a zip file of `考生号.jpg` in any folders, each photo looked at before it is kept.

mod gate;
mod shown;

pub use gate::{PhotoFault, PhotoInfo, PhotoRules, inspect};
pub use shown::shown;

use crate::archive::{Archive, ArchiveError, ArchiveLimits, Entry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// How much a zip file of photos may hold, and what a photo must be.
#[derive(Clone, Copy, Debug)]
pub struct PhotoLimits {
    /// Number and sizes of files.
    pub files: ArchiveLimits,
    /// What a photo must be.
    pub rules: PhotoRules,
}

impl Default for PhotoLimits {
    /// 20,000 entries and 2 GiB together; one photo is limited by [`PhotoRules`], other files may be there but small.
    fn default() -> Self {
        let rules = PhotoRules::default();
        Self {
            files: ArchiveLimits {
                entries: 20_000,
                entry_bytes: 16 << 20,
                total_bytes: 2 << 30,
            },
            rules,
        }
    }
}

/// One photo that passed the gate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// File name without its ending, in upper case: 考生号, 证件号码 or 学号.
    pub stem: String,
    /// Path in the zip file.
    pub path: String,
    /// Size of the picture.
    pub info: PhotoInfo,
    /// The JPEG as it came.
    #[serde(with = "domain::admission::source::bytes")]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Photo")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// A file that is no usable photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedPhoto {
    /// Path in the zip file.
    pub path: String,
    /// What is wrong with it.
    pub fault: PhotoFault,
}

/// A zip file of photos, read one at a time.
#[derive(Debug)]
pub struct PhotoArchive<R> {
    archive: Archive<R>,
    entries: Vec<Entry>,
    rules: PhotoRules,
}

impl<R: Read + Seek> PhotoArchive<R> {
    /// Opens the zip file.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn open(reader: R, limits: &PhotoLimits) -> Result<Self, ArchiveError> {
        let archive = Archive::open(reader, limits.files)?;
        archive.refuse_nested()?;
        let entries = archive
            .entries()
            .iter()
            .filter(|entry| !is_litter(&entry.path))
            .cloned()
            .collect();
        Ok(Self {
            archive,
            entries,
            rules: limits.rules,
        })
    }

    /// Files that will be looked at.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every photo in the order of the zip file, bad ones with what is wrong.
    pub fn photos(&mut self) -> impl Iterator<Item = Result<Photo, RejectedPhoto>> + '_ {
        let mut stems = BTreeSet::new();
        let Self {
            archive,
            entries,
            rules,
        } = self;
        entries.iter().map(move |entry| {
            let reject = |fault| RejectedPhoto {
                path: entry.path.clone(),
                fault,
            };
            let photo = read(archive, entry, rules).map_err(reject)?;
            if stems.insert(photo.stem.clone()) {
                Ok(photo)
            } else {
                Err(reject(PhotoFault::Repeated))
            }
        })
    }
}

fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    entry: &Entry,
    rules: &PhotoRules,
) -> Result<Photo, PhotoFault> {
    let file = entry.path.rsplit('/').next().unwrap_or_default();
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    if !["jpg", "jpeg"].contains(&ending.to_lowercase().as_str()) || stem.trim().is_empty() {
        return Err(PhotoFault::NotJpeg);
    }
    if entry.bytes > rules.max_bytes {
        return Err(PhotoFault::TooLarge {
            bytes: entry.bytes,
            limit: rules.max_bytes,
        });
    }
    let bytes = archive.read(entry).map_err(|_| PhotoFault::Damaged)?;
    let info = inspect(&bytes, rules)?;
    Ok(Photo {
        stem: stem.trim().to_uppercase(),
        path: entry.path.clone(),
        info,
        bytes,
    })
}

/// What file systems leave behind.
fn is_litter(path: &str) -> bool {
    let lower = path.to_lowercase();
    lower.contains("__macosx/")
        || ["thumbs.db", ".ds_store", "desktop.ini"]
            .iter()
            .any(|name| lower.ends_with(name))
}

//! Zip files from users: everything that can be refused is refused before a byte is inflated.
//!
//! Absolute sizes are limited, not ratios: an honest DBF is mostly blanks and shrinks a hundredfold.

mod name;
mod pack;
mod scan;

pub use pack::pack;

use crate::message::UserMessage;
use std::collections::BTreeSet;
use std::io::{Read, Seek};
use zip::ZipArchive;

/// How much a zip file may hold.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Entries, folders included.
    pub entries: usize,
    /// Bytes of one entry when inflated.
    pub entry_bytes: u64,
    /// Bytes of all entries when inflated.
    pub total_bytes: u64,
}

/// Why a zip file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Not a zip file, or damaged.
    #[error("this is not a readable zip file; pack it again")]
    Unreadable,
    /// More entries than allowed, or a count that cannot be true.
    #[error("the zip file has more than the {limit} entries allowed")]
    TooManyEntries {
        /// Entries allowed.
        limit: usize,
    },
    /// One entry is too large.
    #[error("\"{entry}\" is larger than the {limit} bytes allowed when unpacked")]
    EntryTooLarge {
        /// Name of the entry.
        entry: String,
        /// Bytes allowed.
        limit: u64,
    },
    /// All entries together are too large.
    #[error("the zip file is larger than the {limit} bytes allowed when unpacked")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// A name that leads out of the folder, is absolute or holds control characters.
    #[error("entry {index} has a name that is not a plain path; pack it again")]
    BadName {
        /// Place in the archive, from 1.
        index: usize,
    },
    /// Two entries with one name.
    #[error("two files of the zip file have the same name (upper and lower case count as equal)")]
    RepeatedName,
    /// A symbolic link.
    #[error("\"{entry}\" is a link; pack the file itself")]
    Link {
        /// Name of the entry.
        entry: String,
    },
    /// Encrypted.
    #[error("\"{entry}\" is encrypted; pack it without a password")]
    Encrypted {
        /// Name of the entry.
        entry: String,
    },
    /// Entries share bytes, which no packer does.
    #[error("entries of the zip file overlap; pack it again")]
    Overlapping,
    /// An archive in the archive.
    #[error("\"{entry}\" is an archive itself; unpack it first")]
    Nested {
        /// Name of the entry.
        entry: String,
    },
    /// The content does not match its checksum or its declared size.
    #[error("\"{entry}\" is damaged; pack it again")]
    DamagedEntry {
        /// Name of the entry.
        entry: String,
    },
}

impl UserMessage for ArchiveError {
    fn zh(&self) -> String {
        match self {
            Self::Unreadable => "不是可读取的 zip 文件，请重新打包".to_owned(),
            Self::TooManyEntries { limit } => format!("压缩包内文件超过上限 {limit} 个"),
            Self::EntryTooLarge { entry, limit } => format!("“{entry}”解压后超过上限 {limit} 字节"),
            Self::TooLarge { limit } => format!("压缩包解压后超过上限 {limit} 字节，请分批上传"),
            Self::BadName { index } => {
                format!("压缩包内第 {index} 个文件的名称不是普通路径，请重新打包")
            }
            Self::RepeatedName => "压缩包内有同名文件（不区分大小写）".to_owned(),
            Self::Link { entry } => format!("“{entry}”是链接，请打包文件本身"),
            Self::Encrypted { entry } => format!("“{entry}”已加密，请不设密码重新打包"),
            Self::Overlapping => "压缩包内文件互相重叠，请重新打包".to_owned(),
            Self::Nested { entry } => format!("“{entry}”是压缩包，请先解压"),
            Self::DamagedEntry { entry } => format!("“{entry}”已损坏，请重新打包"),
        }
    }
}

/// One file of an archive, not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path with `/`, decoded.
    pub path: String,
    /// Declared size when inflated.
    pub bytes: u64,
    index: usize,
}

/// An archive whose directory has passed every check.
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipArchive<R>,
    entries: Vec<Entry>,
    limits: ArchiveLimits,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive and checks its directory.
    ///
    /// # Errors
    /// See [`ArchiveError`]; nothing has been inflated.
    pub fn open(mut reader: R, limits: ArchiveLimits) -> Result<Self, ArchiveError> {
        scan::directory(&mut reader, limits.entries)?;
        let mut zip = ZipArchive::new(reader).map_err(|_| ArchiveError::Unreadable)?;
        if zip.len() > limits.entries {
            return Err(ArchiveError::TooManyEntries {
                limit: limits.entries,
            });
        }
        let entries = entries(&mut zip, &limits)?;
        if zip.has_duplicate_names() {
            return Err(ArchiveError::RepeatedName);
        }
        if zip
            .has_overlapping_entries()
            .map_err(|_| ArchiveError::Unreadable)?
        {
            return Err(ArchiveError::Overlapping);
        }
        Ok(Self {
            zip,
            entries,
            limits,
        })
    }

    /// The files, in the order of the directory.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Refuses archives inside the archive, by name.
    ///
    /// # Errors
    /// [`ArchiveError::Nested`].
    pub fn refuse_nested(&self) -> Result<(), ArchiveError> {
        const ARCHIVES: [&str; 8] = [".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".tgz"];
        let nested = |entry: &&Entry| {
            ARCHIVES
                .iter()
                .any(|suffix| entry.path.to_lowercase().ends_with(suffix))
        };
        match self.entries.iter().find(nested) {
            Some(entry) => Err(ArchiveError::Nested {
                entry: entry.path.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Inflates one file; never more than was declared and allowed.
    ///
    /// # Errors
    /// [`ArchiveError::DamagedEntry`], or [`ArchiveError::Nested`] when the content is a zip file.
    pub fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, ArchiveError> {
        let damaged = || ArchiveError::DamagedEntry {
            entry: entry.path.clone(),
        };
        let limit = entry.bytes.min(self.limits.entry_bytes);
        let file = self.zip.by_index(entry.index).map_err(|_| damaged())?;
        let mut bytes = Vec::new();
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged())?;
        if bytes.len() as u64 != entry.bytes {
            return Err(damaged());
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Err(ArchiveError::Nested {
                entry: entry.path.clone(),
            });
        }
        Ok(bytes)
    }
}

fn entries<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    limits: &ArchiveLimits,
) -> Result<Vec<Entry>, ArchiveError> {
    let mut entries = Vec::new();
    let mut names = BTreeSet::new();
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let file = zip
            .by_index_raw(index)
            .map_err(|_| ArchiveError::Unreadable)?;
        let path =
            name::plain_path(file.name_raw()).ok_or(ArchiveError::BadName { index: index + 1 })?;
        let is_folder = path.ends_with('/');
        let path = path.trim_end_matches('/').to_owned();
        if file.is_symlink() {
            return Err(ArchiveError::Link { entry: path });
        }
        if is_folder {
            continue;
        }
        if file.encrypted() {
            return Err(ArchiveError::Encrypted { entry: path });
        }
        if file.size() > limits.entry_bytes {
            return Err(ArchiveError::EntryTooLarge {
                entry: path,
                limit: limits.entry_bytes,
            });
        }
        total = total.saturating_add(file.size());
        if !names.insert(path.to_lowercase()) {
            return Err(ArchiveError::RepeatedName);
        }
        entries.push(Entry {
            path,
            bytes: file.size(),
            index,
        });
    }
    if total > limits.total_bytes {
        return Err(ArchiveError::TooLarge {
            limit: limits.total_bytes,
        });
    }
    Ok(entries)
}

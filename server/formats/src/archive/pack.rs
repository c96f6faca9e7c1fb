//! Packing: a folder upload becomes one file.

use super::{ArchiveError, ArchiveLimits};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Packs files, given as path and bytes, into a zip file. The same files give the same bytes, in whatever order they
/// come: entries are sorted and carry no date.
///
/// # Errors
/// [`ArchiveError::TooManyEntries`] or [`ArchiveError::TooLarge`] beyond the limits, [`ArchiveError::RepeatedName`] for
/// a path that comes twice.
pub fn pack(
    mut files: Vec<(String, Vec<u8>)>,
    limits: &ArchiveLimits,
) -> Result<Vec<u8>, ArchiveError> {
    if files.len() > limits.entries {
        return Err(ArchiveError::TooManyEntries {
            limit: limits.entries,
        });
    }
    let total: u64 = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    if total > limits.total_bytes {
        return Err(ArchiveError::TooLarge {
            limit: limits.total_bytes,
        });
    }
    files.sort();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let written = writer
            .start_file(path.as_str(), SimpleFileOptions::default())
            .is_ok_and(|()| writer.write_all(&bytes).is_ok());
        if !written {
            return Err(ArchiveError::RepeatedName);
        }
    }
    writer
        .finish()
        .map(Cursor::into_inner)
        .map_err(|_| ArchiveError::Unreadable)
}

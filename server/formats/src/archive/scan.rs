//! A look at a zip file before the zip crate allocates anything for it.

use super::ArchiveError;
use std::io::{Read, Seek, SeekFrom};

const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// The end record with the longest comment.
const TAIL_BYTES: u64 = 22 + 0xFFFF;
const BUFFER: usize = 64 << 10;
/// Signatures that may occur by chance inside compressed data.
const CHANCE: usize = 64;

/// Counts what the directory can hold at most, and reads what it claims to hold.
///
/// Every directory entry needs its signature in the file, so their number bounds the entries whatever the end record
/// claims. Zip64 counts exist for archives larger than are accepted here; they are refused.
pub(super) fn directory<R: Read + Seek>(reader: &mut R, limit: usize) -> Result<(), ArchiveError> {
    let length = reader
        .seek(SeekFrom::End(0))
        .map_err(|_| ArchiveError::Unreadable)?;
    reader
        .seek(SeekFrom::Start(0))
        .map_err(|_| ArchiveError::Unreadable)?;
    if count(reader, limit + CHANCE)? > limit + CHANCE {
        return Err(ArchiveError::TooManyEntries { limit });
    }
    reader
        .seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))
        .map_err(|_| ArchiveError::Unreadable)?;
    let mut tail = Vec::new();
    reader
        .take(TAIL_BYTES)
        .read_to_end(&mut tail)
        .map_err(|_| ArchiveError::Unreadable)?;
    check_ends(&tail, limit)?;
    reader
        .seek(SeekFrom::Start(0))
        .map_err(|_| ArchiveError::Unreadable)?;
    Ok(())
}

/// Directory signatures in the whole file, given up beyond `enough`.
fn count<R: Read>(reader: &mut R, enough: usize) -> Result<usize, ArchiveError> {
    let mut buffer = vec![0; BUFFER];
    let mut kept = 0;
    let mut found = 0;
    loop {
        let free = buffer.get_mut(kept..).unwrap_or_default();
        let read = reader.read(free).map_err(|_| ArchiveError::Unreadable)?;
        let filled = buffer.get(..kept + read).unwrap_or_default();
        found += filled
            .windows(CENTRAL.len())
            .filter(|window| *window == CENTRAL)
            .count();
        if read == 0 || found > enough {
            return Ok(found);
        }
        // The last three bytes may be the beginning of a signature.
        let end = kept + read;
        kept = end.min(CENTRAL.len() - 1);
        buffer.copy_within(end - kept..end, 0);
    }
}

/// Every place that may be the end record. One that sends the reader to a zip64 record claims more than fits here;
/// a zip64 record that nothing points to, as some Java programs write, does no harm.
fn check_ends(tail: &[u8], limit: usize) -> Result<(), ArchiveError> {
    let ends = tail
        .windows(END.len())
        .enumerate()
        .filter(|(_, window)| *window == END);
    for (at, _) in ends {
        let field = |from: usize| tail.get(at + from..).unwrap_or_default();
        let entries = field(10)
            .first_chunk()
            .map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)));
        let elsewhere = [field(12), field(16)]
            .iter()
            .any(|bytes| bytes.starts_with(&[0xFF; 4]));
        if entries > limit || elsewhere {
            return Err(ArchiveError::TooManyEntries { limit });
        }
    }
    Ok(())
}

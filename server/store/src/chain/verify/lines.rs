//! Reading an export line by line, each line bounded and in one form only.

use super::VerifyError;
use crate::chain::export::HEAD;
use domain::audit::Sha256;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

/// The lines of a file; each ends with a line feed and holds something.
pub(super) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    longest: usize,
    number: u64,
    buffer: Vec<u8>,
}

impl Lines {
    /// Opens a file whose lines have at most `longest` bytes.
    pub fn open(path: PathBuf, longest: usize) -> Result<Self, VerifyError> {
        match File::open(&path) {
            Ok(file) => Ok(Self {
                path,
                file: BufReader::with_capacity(1 << 16, file),
                longest,
                number: 0,
                buffer: Vec::new(),
            }),
            Err(source) => Err(VerifyError::Io { path, source }),
        }
    }

    /// The next line with its number, without its end.
    pub fn next_line(&mut self) -> Result<Option<(u64, &[u8])>, VerifyError> {
        self.buffer.clear();
        let mut bounded = (&mut self.file).take(self.longest as u64 + 1);
        if let Err(source) = bounded.read_until(b'\n', &mut self.buffer) {
            return Err(VerifyError::Io {
                path: self.path.clone(),
                source,
            });
        }
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        match self.buffer.strip_suffix(b"\n") {
            Some(line) if !line.is_empty() => Ok(Some((self.number, line))),
            _ => Err(VerifyError::Line {
                path: self.path.clone(),
                line: self.number,
            }),
        }
    }
}

/// One line of `events.jsonl`: `{"event":…,"hash":"…","prev":"…","seq":…}`.
pub(super) struct EventLine<'a> {
    /// The canonical event.
    pub event: &'a [u8],
    /// Hash of the link.
    pub hash: Sha256,
    /// Hash of the link before.
    pub prev: Sha256,
    /// The place.
    pub seq: u64,
}

const HASH: &[u8] = br#","hash":""#;
const PREV: &[u8] = br#"","prev":""#;
const SEQ: &[u8] = br#"","seq":"#;
const DIGITS: usize = 64;

impl<'a> EventLine<'a> {
    /// Bytes of a line beside the event, at most.
    pub const FRAME: usize = 256;

    /// Takes a line apart from behind, where everything has a fixed length but the number.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let rest = line.strip_prefix(HEAD)?.strip_suffix(b"}")?;
        let digits = rest.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let (rest, seq) = rest.split_at_checked(rest.len() - digits)?;
        let (rest, prev) = split_hash(rest.strip_suffix(SEQ)?)?;
        let (rest, hash) = split_hash(rest.strip_suffix(PREV)?)?;
        let event = rest.strip_suffix(HASH)?;
        let seq = std::str::from_utf8(seq)
            .ok()
            .filter(|s| !s.starts_with('0'))?
            .parse()
            .ok()?;
        Some(Self {
            event,
            hash,
            prev,
            seq,
        })
    }
}

fn split_hash(bytes: &[u8]) -> Option<(&[u8], Sha256)> {
    let (rest, digits) = bytes.split_at_checked(bytes.len().checked_sub(DIGITS)?)?;
    Some((rest, Sha256::parse(std::str::from_utf8(digits).ok()?).ok()?))
}

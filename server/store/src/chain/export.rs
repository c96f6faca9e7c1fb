//! An export: a folder that a school keeps, and that [`super::verify()`] checks without anything else.
//!
//! ```text
//! events.jsonl              {"event":<canonical event>,"hash":"…","prev":"…","seq":1}
//! leaves/000000000007.jsonl one canonical leaf a line, for each event that has rows
//! checkpoints/000000001200.txt
//! meta.json                 written last: without it the export was not finished
//! ```
//! The exporter writes what the database holds and judges nothing: an export of a chain that was tampered with is
//! evidence.

use super::checkpoint::LogName;
use super::{GENESIS, Link};
use domain::audit::{Seq, Sha256};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) const EVENTS: &str = "events.jsonl";
pub(super) const META: &str = "meta.json";
pub(super) const LEAVES: &str = "leaves";
pub(super) const CHECKPOINTS: &str = "checkpoints";

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder is not empty.
    #[error("{0}: an export begins in an empty folder")]
    NotEmpty(PathBuf),
    /// The path ends in no name (`.`, `..`, `/`), so nothing can lie beside the folder under its name.
    #[error(
        "{0}: an export needs a folder with a name, as the file of the public key is named after it"
    )]
    Nameless(PathBuf),
    /// A stored event, leaf or checkpoint that cannot stand on a line.
    #[error("{0}: not in canonical form")]
    NotCanonical(PathBuf),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Name and version of the form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportSchema {
    /// The form described in this module.
    #[default]
    #[serde(rename = "xueji.audit-export/1")]
    V1,
}

/// What an export holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportMeta {
    #[serde(rename = "$schema")]
    pub(super) schema: ExportSchema,
    /// Number of events with rows of their own.
    pub bulk: u64,
    /// Sizes of the checkpoints.
    pub checkpoints: Vec<u64>,
    /// Number of events.
    pub events: u64,
    /// Hash of the last link.
    pub head: Sha256,
    /// Name of the chain.
    pub log: String,
}

/// The file of the public key of an export: beside its folder, with `.key` after the whole name.
///
/// # Errors
/// [`ExportError::Nameless`]; [`ExportError::Io`] when there is something of this name already.
pub fn key_file(dir: &Path) -> Result<PathBuf, ExportError> {
    let Some(name) = dir.file_name() else {
        return Err(ExportError::Nameless(dir.to_owned()));
    };
    let mut name = name.to_owned();
    name.push(".key");
    let path = dir.with_file_name(name);
    // A link that leads nowhere is something too.
    if path.is_symlink() || path.try_exists().map_err(io(&path))? {
        return Err(io(&path)(std::io::ErrorKind::AlreadyExists.into()));
    }
    Ok(path)
}

/// Writes the file of the public key; never over another file.
///
/// # Errors
/// As the system says.
pub fn write_key(path: &Path, public_key: &str) -> Result<(), ExportError> {
    let mut file = Writer::create(path.to_owned())?;
    file.line(&[public_key.as_bytes()])?;
    file.finish()
}

/// Writes an export, event by event, in memory that does not grow with it.
pub struct Exporter {
    dir: PathBuf,
    events: Writer,
    meta: ExportMeta,
}

impl Exporter {
    /// Begins an export in a new or an empty folder.
    ///
    /// # Errors
    /// [`ExportError::NotEmpty`], or as the system says.
    pub fn create(dir: &Path, log: &LogName) -> Result<Self, ExportError> {
        fs::create_dir_all(dir).map_err(io(dir))?;
        // A verifier refuses what does not belong to an export, so nothing else may be here.
        if fs::read_dir(dir).map_err(io(dir))?.next().is_some() {
            return Err(ExportError::NotEmpty(dir.to_owned()));
        }
        for folder in [dir.join(LEAVES), dir.join(CHECKPOINTS)] {
            fs::create_dir(&folder).map_err(io(&folder))?;
        }
        let events = Writer::create(dir.join(EVENTS))?;
        let meta = ExportMeta {
            schema: ExportSchema::V1,
            bulk: 0,
            checkpoints: Vec::new(),
            events: 0,
            head: Sha256(GENESIS),
            log: log.to_string(),
        };
        Ok(Self {
            dir: dir.to_owned(),
            events,
            meta,
        })
    }

    /// Adds the next event, as it was stored.
    ///
    /// # Errors
    /// [`ExportError::NotCanonical`], or as the system says.
    pub fn event(&mut self, stored: &Link) -> Result<(), ExportError> {
        let tail = format!(
            r#","hash":"{}","prev":"{}","seq":{}}}"#,
            stored.hash, stored.prev, stored.seq
        );
        self.events
            .line(&[HEAD, &stored.canonical, tail.as_bytes()])?;
        self.meta.events += 1;
        self.meta.head = stored.hash;
        Ok(())
    }

    /// Begins the rows of an event that has some.
    ///
    /// # Errors
    /// As the system says.
    pub fn leaves(&mut self, event: Seq) -> Result<LeafWriter, ExportError> {
        self.meta.bulk += 1;
        Writer::create(self.dir.join(LEAVES).join(leaf_file(event))).map(LeafWriter)
    }

    /// Adds a checkpoint that was taken at this size.
    ///
    /// # Errors
    /// As the system says, also for a second checkpoint of one size.
    pub fn checkpoint(&mut self, size: u64, note: &str) -> Result<(), ExportError> {
        let mut file = Writer::create(self.dir.join(CHECKPOINTS).join(checkpoint_file(size)))?;
        file.write(note.as_bytes())?;
        file.finish()?;
        self.meta.checkpoints.push(size);
        Ok(())
    }

    /// Ends the export: everything is on the disk, then `meta.json` is.
    ///
    /// # Errors
    /// As the system says.
    pub fn finish(self) -> Result<ExportMeta, ExportError> {
        self.events.finish()?;
        let path = self.dir.join(META);
        let text = meta_text(&self.meta).ok_or_else(|| ExportError::NotCanonical(path.clone()))?;
        let mut file = Writer::create(path)?;
        file.write(&text)?;
        file.finish()?;
        File::open(&self.dir)
            .and_then(|dir| dir.sync_all())
            .map_err(io(&self.dir))?;
        Ok(self.meta)
    }
}

/// Writes the rows of one event.
pub struct LeafWriter(Writer);

impl LeafWriter {
    /// Adds the next row, as it was stored.
    ///
    /// # Errors
    /// [`ExportError::NotCanonical`], or as the system says.
    pub fn push(&mut self, canonical: &[u8]) -> Result<(), ExportError> {
        self.0.line(&[canonical])
    }

    /// Ends the rows.
    ///
    /// # Errors
    /// As the system says.
    pub fn finish(self) -> Result<(), ExportError> {
        self.0.finish()
    }
}

/// How a line of `events.jsonl` begins.
pub(super) const HEAD: &[u8] = br#"{"event":"#;

/// The one form of `meta.json`.
pub(super) fn meta_text(meta: &ExportMeta) -> Option<Vec<u8>> {
    let mut text = serde_jcs::to_vec(meta).ok()?;
    text.push(b'\n');
    Some(text)
}

/// File of the rows of an event.
pub(super) fn leaf_file(event: Seq) -> String {
    format!("{:012}.jsonl", event.get())
}

/// File of a checkpoint.
pub(super) fn checkpoint_file(size: u64) -> String {
    format!("{size:012}.txt")
}

struct Writer {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Writer {
    fn create(path: PathBuf) -> Result<Self, ExportError> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(io(&path))?;
        Ok(Self {
            path,
            file: BufWriter::with_capacity(1 << 16, file),
        })
    }

    fn line(&mut self, parts: &[&[u8]]) -> Result<(), ExportError> {
        for part in parts {
            if part.contains(&b'\n') {
                return Err(ExportError::NotCanonical(self.path.clone()));
            }
            self.write(part)?;
        }
        self.write(b"\n")
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.file.write_all(bytes).map_err(io(&self.path))
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .map_err(io(&self.path))
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Io { path, source }
}

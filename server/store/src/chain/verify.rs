//! Offline verification of an export: needs the folder, one checkpoint and the public key, and nothing else.
//!
//! Proven are all events up to the size of the checkpoint, by its signed root. Events after it are only known to be a
//! chain: who wrote them could have written others. Every school therefore keeps its newest checkpoint outside.

mod lines;

use super::checkpoint::{Checkpoint, LogName, MAX_NOTE, NoteError, VerifierKey};
use super::export::{
    CHECKPOINTS, EVENTS, ExportMeta, LEAVES, META, checkpoint_file, leaf_file, meta_text,
};
use super::merkle::{Frontier, leaf_hash};
use super::{GENESIS, link};
use domain::audit::{EventSchema, EventTime, Leaves, MAX_CANONICAL, Seq, Sha256};
use domain::institution::TenantId;
use lines::{EventLine, Lines};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Greatest length of `meta.json`, in bytes: a checkpoint every ten minutes for twenty years.
const MAX_META: usize = 16 << 20;

/// What is wrong with an export. Places and numbers only, never contents.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The public key cannot be read.
    #[error("the public key: {0}")]
    PublicKey(NoteError),
    /// The checkpoint of the school cannot be read, or is not signed by the key.
    #[error("the checkpoint: {0}")]
    Checkpoint(NoteError),
    /// A checkpoint inside the export cannot be read, or is not signed by the key.
    #[error("the checkpoint of size {size} in the export: {fault}")]
    InnerCheckpoint {
        /// Its size, from the name of the file.
        size: u64,
        /// What is wrong.
        fault: NoteError,
    },
    /// A file or folder cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// Folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that does not belong to the export.
    #[error("{0}: does not belong to the export")]
    Unexpected(PathBuf),
    /// `meta.json` is damaged or does not describe the export.
    #[error("{0}: does not describe this export")]
    Meta(PathBuf),
    /// A line in another than the one form.
    #[error("{path}, line {line}: not in the form of an export")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// An event of a schema that this version does not know.
    #[error("event {0}: written in a schema that this program does not know")]
    Schema(u64),
    /// An event of another university.
    #[error("event {0}: belongs to another tenant")]
    OtherTenant(u64),
    /// A missing, inserted or exchanged event.
    #[error("event {expected} expected, event {found} found")]
    Gap {
        /// The number that comes next.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// An event that does not follow from the one before.
    #[error("event {0}: does not follow from the event before it")]
    NotLinked(u64),
    /// An event whose hash is not the hash of its contents.
    #[error("event {0}: was changed")]
    Changed(u64),
    /// The rows of a bulk act are missing, or are not those that were hashed.
    #[error("event {0}: its rows were changed")]
    Rows(u64),
    /// Fewer events than a checkpoint counts.
    #[error("{events} events, but a checkpoint counts {checkpoint}: the end was cut off")]
    CutOff {
        /// Events in the export.
        events: u64,
        /// Events when the checkpoint was signed.
        checkpoint: u64,
    },
    /// The events are a chain, but not the one that was signed.
    #[error("the first {0} events are not those that were signed")]
    OtherHistory(u64),
}

/// What was proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// The chain.
    pub log: LogName,
    /// Events in the export.
    pub events: u64,
    /// Hash of the last link.
    pub head: Sha256,
    /// Events proven by a signed checkpoint: the school's, or a longer one of the export.
    pub proven: u64,
    /// Checkpoints in the export, all of them correct.
    pub checkpoints: u64,
    /// Bulk acts.
    pub bulk: u64,
    /// Rows of the bulk acts.
    pub rows: u64,
    /// Events with an earlier time than the event before: the clock was set back.
    pub clock_back: u64,
    /// The first of them.
    pub first_clock_back: Option<Seq>,
}

impl std::fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{}: {} of {} events proven by a signed checkpoint",
            self.log, self.proven, self.events
        )?;
        writeln!(
            f,
            "bulk acts: {}, with {} rows; checkpoints in the export: {}",
            self.bulk, self.rows, self.checkpoints
        )?;
        if let Some(first) = self.first_clock_back {
            writeln!(
                f,
                "the clock was set back {} times, first at event {first}",
                self.clock_back
            )?;
        }
        write!(f, "last link: {}", self.head)
    }
}

/// Verifies an export against a checkpoint that was kept outside.
///
/// # Errors
/// The first thing that is wrong: any error means that the export must not be relied on.
pub fn verify(dir: &Path, checkpoint: &str, public_key: &str) -> Result<VerifyReport, VerifyError> {
    let key = VerifierKey::parse(public_key).map_err(VerifyError::PublicKey)?;
    let checkpoint = Checkpoint::open(checkpoint, &key).map_err(VerifyError::Checkpoint)?;
    let meta = read_meta(dir)?;
    let mut roots = inner_checkpoints(dir, &key, &meta)?;
    let inner = roots.len() as u64;
    let signed_twice = roots.insert(checkpoint.size, checkpoint.root);
    if signed_twice.is_some_and(|root| root != checkpoint.root) {
        return Err(VerifyError::OtherHistory(checkpoint.size));
    }
    let mut walk = Walk::new(dir, key.log().tenant(), roots);
    walk.events()?;
    let report = walk.finish(key.log().clone(), inner)?;
    let described = meta.log == key.log().to_string()
        && (meta.events, meta.head, meta.bulk) == (report.events, report.head, report.bulk);
    if described {
        Ok(report)
    } else {
        Err(VerifyError::Meta(dir.join(META)))
    }
}

#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(rename = "$schema", borrow)]
    schema: &'a str,
    tenant: TenantId,
    seq: Seq,
    #[serde(borrow)]
    act: PeekAct<'a>,
}

#[derive(Deserialize)]
struct PeekAct<'a> {
    at: &'a str,
    leaves: Option<Leaves>,
}

struct Walk<'a> {
    dir: &'a Path,
    tenant: TenantId,
    /// Signed roots that are still to be met, by size.
    roots: BTreeMap<u64, Sha256>,
    proven: u64,
    head: Sha256,
    tree: Frontier,
    bulk: u64,
    rows: u64,
    latest: Option<EventTime>,
    clock_back: u64,
    first_clock_back: Option<Seq>,
}

impl<'a> Walk<'a> {
    const fn new(dir: &'a Path, tenant: TenantId, roots: BTreeMap<u64, Sha256>) -> Self {
        Self {
            dir,
            tenant,
            roots,
            proven: 0,
            head: Sha256(GENESIS),
            tree: Frontier::new(),
            bulk: 0,
            rows: 0,
            latest: None,
            clock_back: 0,
            first_clock_back: None,
        }
    }

    fn events(&mut self) -> Result<(), VerifyError> {
        let path = self.dir.join(EVENTS);
        let mut lines = Lines::open(path.clone(), MAX_CANONICAL + EventLine::FRAME)?;
        self.meet_checkpoint()?;
        while let Some((number, line)) = lines.next_line()? {
            let broken = || VerifyError::Line {
                path: path.clone(),
                line: number,
            };
            let line = EventLine::parse(line).ok_or_else(broken)?;
            let peek: Peek<'_> = serde_json::from_slice(line.event).map_err(|_| broken())?;
            let at = EventTime::parse(peek.act.at).map_err(|_| broken())?;
            self.event(&line, &peek, at)?;
        }
        Ok(())
    }

    fn event(
        &mut self,
        line: &EventLine<'_>,
        peek: &Peek<'_>,
        at: EventTime,
    ) -> Result<(), VerifyError> {
        let seq = peek.seq.get();
        let expected = self.tree.size() + 1;
        if line.seq != expected || seq != expected {
            return Err(VerifyError::Gap {
                expected,
                found: if line.seq == expected { seq } else { line.seq },
            });
        }
        if peek.tenant != self.tenant {
            return Err(VerifyError::OtherTenant(seq));
        }
        if !is_known(peek.schema) {
            return Err(VerifyError::Schema(seq));
        }
        if line.prev != self.head {
            return Err(VerifyError::NotLinked(seq));
        }
        let hash = Sha256(link(&self.head.0, line.event));
        if line.hash != hash {
            return Err(VerifyError::Changed(seq));
        }
        if let Some(leaves) = &peek.act.leaves {
            self.bulk_rows(peek.seq, leaves)?;
        }
        if self.latest.is_some_and(|latest| at < latest) {
            self.clock_back += 1;
            self.first_clock_back.get_or_insert(peek.seq);
        }
        self.latest = Some(at);
        self.head = hash;
        self.tree.push(hash.0);
        self.meet_checkpoint()
    }

    fn bulk_rows(&mut self, event: Seq, leaves: &Leaves) -> Result<(), VerifyError> {
        let changed = || VerifyError::Rows(event.get());
        let path = self.dir.join(LEAVES).join(leaf_file(event));
        if !path.is_file() {
            return Err(changed());
        }
        let mut lines = Lines::open(path, MAX_CANONICAL)?;
        let mut tree = Frontier::new();
        while let Some((_, line)) = lines.next_line()? {
            tree.push(leaf_hash(line));
        }
        if tree.size() != u64::from(leaves.count) || tree.root() != leaves.root.0 {
            return Err(changed());
        }
        self.bulk += 1;
        self.rows += tree.size();
        Ok(())
    }

    fn meet_checkpoint(&mut self) -> Result<(), VerifyError> {
        let size = self.tree.size();
        match self.roots.remove(&size) {
            Some(root) if root.0 != self.tree.root() => Err(VerifyError::OtherHistory(size)),
            Some(_) => {
                self.proven = size;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn finish(self, log: LogName, checkpoints: u64) -> Result<VerifyReport, VerifyError> {
        let events = self.tree.size();
        if let Some((checkpoint, _)) = self.roots.last_key_value() {
            return Err(VerifyError::CutOff {
                events,
                checkpoint: *checkpoint,
            });
        }
        let folder = self.dir.join(LEAVES);
        if names(&folder)?.len() as u64 != self.bulk {
            return Err(VerifyError::Unexpected(folder));
        }
        Ok(VerifyReport {
            log,
            events,
            head: self.head,
            proven: self.proven,
            checkpoints,
            bulk: self.bulk,
            rows: self.rows,
            clock_back: self.clock_back,
            first_clock_back: self.first_clock_back,
        })
    }
}

fn is_known(schema: &str) -> bool {
    let quoted = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(schema);
    EventSchema::deserialize(quoted).is_ok()
}

fn read_meta(dir: &Path) -> Result<ExportMeta, VerifyError> {
    for name in names(dir)? {
        if ![EVENTS, META, LEAVES, CHECKPOINTS].contains(&name.as_str()) {
            return Err(VerifyError::Unexpected(dir.join(name)));
        }
    }
    let path = dir.join(META);
    let text = read_bounded(&path, MAX_META)?;
    let meta: Option<ExportMeta> = serde_json::from_slice(&text).ok();
    meta.filter(|meta| meta_text(meta).as_ref() == Some(&text))
        .ok_or(VerifyError::Meta(path))
}

fn inner_checkpoints(
    dir: &Path,
    key: &VerifierKey,
    meta: &ExportMeta,
) -> Result<BTreeMap<u64, Sha256>, VerifyError> {
    let folder = dir.join(CHECKPOINTS);
    let mut roots = BTreeMap::new();
    for size in &meta.checkpoints {
        let fault = |fault| VerifyError::InnerCheckpoint { size: *size, fault };
        let note = read_bounded(&folder.join(checkpoint_file(*size)), MAX_NOTE)?;
        let note = String::from_utf8(note).map_err(|_| fault(NoteError::Form))?;
        let checkpoint = Checkpoint::open(&note, key).map_err(fault)?;
        if checkpoint.size != *size || roots.insert(*size, checkpoint.root).is_some() {
            return Err(fault(NoteError::Form));
        }
    }
    if names(&folder)?.len() == roots.len() {
        Ok(roots)
    } else {
        Err(VerifyError::Unexpected(folder))
    }
}

fn names(folder: &Path) -> Result<Vec<String>, VerifyError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let name = entry.map_err(io(folder))?.file_name();
        names.push(
            name.into_string()
                .map_err(|name| VerifyError::Unexpected(folder.join(name)))?,
        );
    }
    Ok(names)
}

fn read_bounded(path: &Path, greatest: usize) -> Result<Vec<u8>, VerifyError> {
    let mut bytes = Vec::new();
    let mut file = File::open(path)
        .map_err(io(path))?
        .take(greatest as u64 + 1);
    file.read_to_end(&mut bytes).map_err(io(path))?;
    if bytes.len() > greatest {
        Err(VerifyError::Unexpected(path.to_owned()))
    } else {
        Ok(bytes)
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> VerifyError {
    let path = path.to_owned();
    move |source| VerifyError::Io { path, source }
}

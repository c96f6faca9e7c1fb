//! The root keys, and what they wrap.

use super::file::{Entry, KeyFile};
use super::folder::Folder;
use super::{KeyError, Secret};
use crate::seal::envelope::{Envelope, SealingKey};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub(super) const FILE: &str = "root.key";
const HEADER: &str = "root";
const WORD: &str = "root";

/// A wrapped key that did not open, before it is known where it stood.
pub(super) enum Fault {
    /// Not opened by any root key.
    WrongRoot,
    /// The provider refused.
    Provider(&'static str),
}

impl Fault {
    /// Names the file.
    pub fn at(self, path: PathBuf) -> KeyError {
        match self {
            Self::WrongRoot => KeyError::WrongRoot(path),
            Self::Provider(what) => KeyError::Provider(what),
        }
    }
}

/// The root keys; the newest wraps, all of them open.
pub(super) struct RootKeys {
    keys: Vec<(u32, Secret)>,
}

impl RootKeys {
    /// The first root key of a new folder.
    pub fn first() -> Result<Self, KeyError> {
        Ok(Self {
            keys: vec![(1, Secret::random()?)],
        })
    }

    /// Reads `root.key`.
    pub fn read(folder: &Folder) -> Result<Self, KeyError> {
        let file = folder.read(Path::new(FILE))?;
        let damaged = || KeyError::Damaged(folder.file(Path::new(FILE)));
        if file.header() != HEADER || file.entries().is_empty() {
            return Err(damaged());
        }
        let mut keys: Vec<(u32, Secret)> = Vec::with_capacity(file.entries().len());
        for entry in file.entries() {
            let rising = keys.last().is_none_or(|(id, _)| *id < entry.id);
            let secret = Secret::of(&entry.bytes).filter(|_| rising && entry.word == WORD);
            keys.push((entry.id, secret.ok_or_else(damaged)?));
        }
        Ok(Self { keys })
    }

    /// Writes `root.key`.
    pub fn write(&self, folder: &Folder) -> Result<(), KeyError> {
        let mut file = KeyFile::new(HEADER);
        for (id, secret) in &self.keys {
            file.push(WORD, *id, Zeroizing::new(secret.expose().to_vec()));
        }
        folder.replace(Path::new(FILE), &file)
    }

    /// Whether no change of the root key is under way.
    pub const fn is_single(&self) -> bool {
        self.keys.len() == 1
    }

    /// Adds a new root key.
    pub fn add(&mut self) -> Result<(), KeyError> {
        let next = self.keys.last().map_or(0, |(id, _)| *id).saturating_add(1);
        self.keys.push((next, Secret::random()?));
        Ok(())
    }

    /// Drops all but the newest.
    pub fn keep_newest(&mut self) {
        self.keys.drain(..self.keys.len().saturating_sub(1));
    }

    /// Wraps a key and adds it to a file. The wrapping is bound to the file, the word and the number.
    pub fn wrap_into(
        &self,
        file: &mut KeyFile,
        word: &str,
        id: u32,
        plain: &[u8],
    ) -> Result<(), KeyError> {
        let wrapped = self
            .wrap(file.header(), word, id, plain)
            .map_err(|f| f.at(PathBuf::new()))?;
        file.push(word, id, wrapped);
        Ok(())
    }

    /// Opens one key of a file.
    pub fn unwrap(&self, file: &KeyFile, entry: &Entry) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let envelope = Envelope::split(&entry.bytes).ok_or(Fault::WrongRoot)?;
        let (_, secret) = self
            .keys
            .iter()
            .find(|(id, _)| *id == envelope.key_id())
            .ok_or(Fault::WrongRoot)?;
        SealingKey::new(secret.expose())
            .and_then(|key| {
                envelope.open(
                    &key,
                    bound_to(file.header(), &entry.word, entry.id).as_bytes(),
                )
            })
            .ok_or(Fault::WrongRoot)
    }

    /// The same file, wrapped by the newest root key.
    pub fn rewrap(&self, file: &KeyFile) -> Result<KeyFile, Fault> {
        let mut renewed = KeyFile::new(file.header());
        for entry in file.entries() {
            let plain = self.unwrap(file, entry)?;
            let wrapped = self.wrap(file.header(), &entry.word, entry.id, &plain)?;
            renewed.push(&entry.word, entry.id, wrapped);
        }
        Ok(renewed)
    }

    fn wrap(
        &self,
        header: &str,
        word: &str,
        id: u32,
        plain: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let refused = Fault::Provider("wrap a key");
        let Some((root, secret)) = self.keys.last() else {
            return Err(refused);
        };
        SealingKey::new(secret.expose())
            .and_then(|key| {
                Envelope::seal(&key, *root, bound_to(header, word, id).as_bytes(), plain)
            })
            .map(Zeroizing::new)
            .ok_or(refused)
    }
}

fn bound_to(header: &str, word: &str, id: u32) -> String {
    format!("xueji.keys/1|{header}|{word}|{id}")
}

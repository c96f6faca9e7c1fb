//! Names and stamps by content: what has not changed is not done again.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::fault::Fault;

/// A running SHA-256 over everything that a result depends on.
#[derive(Debug, Clone)]
pub struct Digest(Sha256);

impl Digest {
    /// Begins with the recipe: change it when the steps change.
    pub fn new(recipe: &str) -> Self {
        let mut digest = Self(Sha256::new());
        digest.bytes(recipe.as_bytes());
        digest
    }

    /// Adds bytes, with their length so that no two sequences look alike.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes.len().to_be_bytes());
        self.0.update(bytes);
    }

    /// Adds a file's content.
    pub fn file(&mut self, path: &Path) -> Result<(), Fault> {
        self.bytes(&fs::read(path).map_err(Fault::file("read", path))?);
        Ok(())
    }

    /// Adds every file below a folder, with its address, that `wanted` keeps.
    pub fn folder(&mut self, folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<(), Fault> {
        for path in files_below(folder)? {
            if wanted(&path) {
                self.bytes(
                    path.strip_prefix(folder)
                        .unwrap_or(&path)
                        .as_os_str()
                        .as_encoded_bytes(),
                );
                self.file(&path)?;
            }
        }
        Ok(())
    }

    /// 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.0.clone().finalize() {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// The digits that go into a file's name.
    pub fn short(&self) -> String {
        self.hex().chars().take(16).collect()
    }

    /// Whether the stamp says that this was the state of things.
    pub fn is_stamped(&self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|text| text == self.hex())
    }

    /// Writes the stamp; last, when the work is done.
    pub fn stamp(&self, stamp: &Path) -> Result<(), Fault> {
        fs::write(stamp, self.hex()).map_err(Fault::file("write", stamp))
    }
}

/// All files below a folder, in one order on every machine.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(Fault::file("read", &folder))? {
            let path = entry.map_err(Fault::file("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::Digest;

    proptest! {
        #[test]
        fn moving_text_across_a_border_changes_the_digest(left in ".{1,20}", right in ".{0,20}") {
            let of = |parts: [&str; 2]| {
                let mut digest = Digest::new("test");
                for part in parts {
                    digest.bytes(part.as_bytes());
                }
                digest.hex()
            };
            let joined = format!("{left}{right}");
            prop_assert_ne!(of([&left, &right]), of(["", &joined]));
        }
    }

    #[test]
    fn a_renamed_file_changes_the_digest_and_an_unwanted_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let digest = || {
            let mut digest = Digest::new("test");
            digest
                .folder(folder.path(), |path| {
                    path.extension().is_some_and(|end| end == "css")
                })
                .unwrap();
            digest.hex()
        };
        fs::write(folder.path().join("a.css"), "a").unwrap();
        let first = digest();
        fs::write(folder.path().join("a.txt"), "a").unwrap();
        assert_eq!(first, digest());
        fs::rename(folder.path().join("a.css"), folder.path().join("b.css")).unwrap();
        assert_ne!(first, digest());
    }

    #[test]
    fn a_stamp_is_recognised_until_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("stamp");
        let mut digest = Digest::new("test");
        assert!(!digest.is_stamped(&stamp));
        digest.stamp(&stamp).unwrap();
        assert!(digest.is_stamped(&stamp));
        digest.bytes(b"more");
        assert!(!digest.is_stamped(&stamp));
    }
}

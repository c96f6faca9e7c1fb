//! The checkout as the guards see it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A file with its address inside the checkout.
pub struct Source {
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// All Rust files below the named folders.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(Source {
                    path: path
                        .strip_prefix(root())
                        .unwrap()
                        .to_string_lossy()
                        .into_owned(),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    assert!(!found.is_empty(), "no Rust file below {folders:?}");
    found
}

/// The addresses of the sources that a rule objects to.
pub fn offenders(sources: &[Source], objects: impl Fn(&Source) -> bool) -> Vec<&str> {
    sources
        .iter()
        .filter(|source| objects(source))
        .map(|source| source.path.as_str())
        .collect()
}

/// Whether the code, its comments left out, contains the words.
pub fn code_names(text: &str, words: &str) -> bool {
    text.lines().any(|line| {
        let code = line.split_once("//").map_or(line, |(code, _)| code);
        code.contains(words)
    })
}

/// What cargo prints when it is asked about this workspace.
pub fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

pub fn metadata(more: &[&str]) -> Value {
    let arguments = [&["metadata", "--format-version", "1"], more].concat();
    serde_json::from_str(&cargo(&arguments)).unwrap()
}

#[test]
fn comments_are_not_code() {
    assert!(code_names(
        "use sea_orm::Entity; // for the rows",
        "sea_orm"
    ));
    assert!(!code_names(
        "//! Nobody else names sea_orm.\nfn f() {} // sea_orm",
        "sea_orm"
    ));
}

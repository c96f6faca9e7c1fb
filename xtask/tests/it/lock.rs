//! What the lock file must and must not hold.

use super::checkout::{metadata, read};

/// Every version of a package in the lock file.
fn versions(package: &str) -> Vec<(u64, u64)> {
    let lock = read("Cargo.lock");
    lock.split("[[package]]")
        .filter(|entry| entry.contains(&format!("\nname = \"{package}\"\n")))
        .map(|entry| {
            let line = entry
                .lines()
                .find(|line| line.starts_with("version = "))
                .unwrap();
            let mut parts = line
                .trim_start_matches("version = ")
                .trim_matches('"')
                .split('.');
            let mut next = || parts.next().unwrap().parse().unwrap();
            (next(), next())
        })
        .collect()
}

#[test]
fn sqlite_is_one_that_keeps_its_write_ahead_log() {
    let found = versions("libsqlite3-sys");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.iter().all(|version| *version >= (0, 37)), "{found:?}");
}

#[test]
fn there_is_one_sqlx() {
    assert_eq!(versions("sqlx").len(), 1);
    assert_eq!(versions("sqlx-core").len(), 1);
}

#[test]
fn signed_links_come_from_a_version_without_known_holes() {
    let found = versions("jsonwebtoken");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.iter().all(|version| *version >= (10, 3)), "{found:?}");
}

/// With none or with two, the first token panics at run time.
#[test]
fn signed_links_have_exactly_one_cryptography() {
    let metadata = metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]);
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let node = nodes
        .iter()
        .find(|node| {
            node["id"]
                .as_str()
                .is_some_and(|id| id.contains("jsonwebtoken@"))
        })
        .unwrap();
    let features = node["features"].as_array().unwrap();
    let chosen: Vec<_> = features
        .iter()
        .filter(|feature| *feature == "aws_lc_rs" || *feature == "rust_crypto")
        .collect();
    assert_eq!(chosen.len(), 1, "{chosen:?}");
}

#[test]
fn the_javascript_and_the_rust_side_of_the_client_have_one_version() {
    assert_eq!(
        versions("wasm-bindgen"),
        versions("wasm-bindgen-cli-support")
    );
}

#[test]
fn npm_lock_files_hold_no_download_addresses() {
    for file in ["frontend/package-lock.json", "end2end/package-lock.json"] {
        assert!(!read(file).contains("\"resolved\""), "{file}");
    }
}

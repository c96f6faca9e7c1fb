//! What the manifests say for every crate: lints, toolchain, profiles, one test binary.

use super::checkout::{metadata, read};
use serde_json::Value;

/// The packages of this workspace.
fn members() -> Vec<Value> {
    let known = metadata(&["--no-deps"]);
    let members = known["packages"].as_array().unwrap().clone();
    assert!(members.len() >= 10, "{} packages", members.len());
    members
}

/// The lines of a section of a manifest.
fn section<'a>(manifest: &'a str, name: &str) -> Vec<&'a str> {
    manifest
        .lines()
        .skip_while(|line| *line != format!("[{name}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .collect()
}

#[test]
fn every_crate_is_under_the_lints_of_the_house() {
    for member in members() {
        let path = member["manifest_path"].as_str().unwrap();
        let manifest = std::fs::read_to_string(path).unwrap();
        let own = section(&manifest, "lints");
        assert!(own.contains(&"workspace = true"), "{path}");
    }
    let manifest = read("Cargo.toml");
    let (rust, clippy) = (
        section(&manifest, "workspace.lints.rust"),
        section(&manifest, "workspace.lints.clippy"),
    );
    assert!(rust.contains(&"unsafe_code = \"forbid\""));
    for group in ["all", "pedantic"] {
        let denied = format!("{group} = {{ level = \"deny\", priority = -1 }}");
        assert!(clippy.contains(&denied.as_str()), "{group}");
    }
    let single = [
        "allow_attributes",
        "dbg_macro",
        "expect_used",
        "indexing_slicing",
        "mod_module_files",
        "panic",
        "todo",
        "unwrap_used",
    ];
    for lint in single {
        assert!(
            clippy.contains(&format!("{lint} = \"deny\"").as_str()),
            "{lint}"
        );
    }
    for line in clippy.iter().filter(|line| line.contains("\"allow\"")) {
        assert!(line.contains('#'), "allowed without a reason: {line}");
    }
}

#[test]
fn the_toolchain_and_the_profiles_are_those_that_were_agreed() {
    let toolchain = read("rust-toolchain.toml");
    let toolchain = section(&toolchain, "toolchain");
    assert!(toolchain.contains(&"channel = \"1.95.0\""));
    assert!(toolchain.contains(&"targets = [\"wasm32-unknown-unknown\"]"));
    let manifest = read("Cargo.toml");
    for profile in ["profile.dev", "profile.release"] {
        let lean = section(&manifest, profile).contains(&"debug = \"line-tables-only\"");
        assert!(lean, "{profile}");
    }
}

/// Each further one is linked anew. Only xtask has two: one of them looks at the checkout, the other at its own code.
#[test]
fn every_crate_has_one_test_binary() {
    for member in members() {
        let targets = member["targets"].as_array().unwrap();
        let of_kind = |target: &&Value| target["kind"][0] == "test";
        let tests: Vec<&str> = targets
            .iter()
            .filter(of_kind)
            .map(|target| target["name"].as_str().unwrap())
            .collect();
        assert!(
            tests.is_empty() || tests == ["it"],
            "{}: {tests:?}",
            member["name"]
        );
    }
}

//! `cargo xtask` as a program: what it says of itself, and what it refuses.

use std::process::{Command, Output};

use super::checkout::{read, root};

const TASKS: [&str; 5] = ["serve", "test", "build", "bench", "doctor"];

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_task_explains_itself() {
    let all = xtask(&["--help"]);
    assert!(all.status.success());
    for task in TASKS {
        assert!(out(&all).contains(task), "{task}");
        let help = xtask(&[task, "--help"]);
        assert!(help.status.success(), "{task}");
        let text = out(&help);
        assert!(
            text.contains(&format!("Usage: cargo xtask {task}")),
            "{text}"
        );
        assert!(text.lines().next().unwrap().len() > 20, "{text}");
    }
}

#[test]
fn a_line_that_is_not_understood_ends_with_64() {
    for line in [
        &[][..],
        &["deploy"],
        &["serve", "--port", "1"],
        &["test", "everything"],
    ] {
        let ended = xtask(line);
        assert_eq!(ended.status.code(), Some(64), "{line:?}");
        assert!(!ended.stderr.is_empty(), "{line:?}");
    }
}

#[test]
fn a_figure_that_there_is_not_is_refused_before_anything_is_built() {
    let ended = xtask(&["bench", "import_time", "teleport_time"]);
    assert_eq!(ended.status.code(), Some(64));
    let why = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(why.contains("teleport_time"), "{why}");
    assert!(why.contains("possible values"), "{why}");
    // Not a step was begun.
    assert!(out(&ended).is_empty());
}

/// Both lists are written by hand, since the bench is built only when it is run.
#[test]
fn the_figures_that_are_accepted_are_those_that_are_measured() {
    let bench = read("server/benches/figures/main.rs");
    let (_, rest) = bench.split_once("const GROUPS").unwrap();
    let (groups, _) = rest.split_once("];\n").unwrap();
    let measured: Vec<&str> = groups
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains('_') && *name != "first_view")
        .collect();
    let help = out(&xtask(&["bench", "--help"]));
    let (_, values) = help.split_once("[possible values: ").unwrap();
    let (values, _) = values.split_once(']').unwrap();
    let accepted: Vec<&str> = values.split(',').map(str::trim).collect();
    assert_eq!(accepted, measured);
}

#[test]
fn the_doctor_says_a_line_about_every_piece_and_changes_nothing() {
    let before = read("Cargo.lock");
    let told = xtask(&["doctor"]);
    let text = out(&told);
    for piece in [
        "rustc",
        "cargo",
        "rustfmt",
        "clippy",
        "target wasm32",
        "C compiler",
        "Node.js",
        "npm packages of frontend",
        "npm packages of end2end",
        "PostgreSQL server",
        "chromium",
        "Chinese font",
        "dist/xj",
        "dist/site",
        "demo",
    ] {
        let line = text.lines().find(|line| line.starts_with(piece));
        let line = line.unwrap_or_else(|| panic!("{piece} is not in {text}"));
        assert!(line.len() > 29, "{line}");
    }
    assert_eq!(read("Cargo.lock"), before);
}

/// What a change must pass is written once: in `cargo xtask test`.
#[test]
fn the_check_of_a_change_is_the_task() {
    let check = read(".ci/run");
    let lines = check.lines().map(str::trim);
    let does: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(
        does.last(),
        Some(&"exec cargo xtask test \"$@\""),
        "{does:?}"
    );
    assert!(does.contains(&"set -euo pipefail"), "{does:?}");
    let alias = read(".cargo/config.toml");
    assert!(alias.contains("xtask = \"run"), "{alias}");
}

/// What is built, fetched or laid out in a checkout is no part of it, and nothing brings it back in.
#[test]
fn what_is_made_in_a_checkout_is_ignored() {
    let ignored = read(".gitignore");
    let lines: Vec<&str> = ignored.lines().map(str::trim).collect();
    for made in ["/dist", "/data", "/target", "node_modules/"] {
        assert!(lines.contains(&made), "{made} is not ignored: {lines:?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with('!')), "{lines:?}");
}

//! `cargo xtask doctor`: what is here, in which version, and what would be fetched. Changes nothing.

use rustix::process::geteuid;

use crate::needs::{self, answer};
use crate::workspace::{Workspace, on_path};

/// One piece: what was found, or how it would come.
struct Finding {
    what: &'static str,
    found: Option<String>,
    /// How it would be fetched; `None` when only the user can install it.
    fetch: Option<&'static str>,
}

/// Prints the table; `true` when nothing is missing that xtask cannot fetch itself.
pub fn run(workspace: &Workspace) -> bool {
    let findings = examine(workspace);
    for Finding { what, found, fetch } in &findings {
        let state = match (found, fetch) {
            (Some(found), _) => found.clone(),
            (None, Some(fetch)) => format!("missing; fetched by: {fetch}"),
            (None, None) => "missing; please install it".to_owned(),
        };
        println!("{what:<28} {state}");
    }
    findings
        .iter()
        .all(|finding| finding.found.is_some() || finding.fetch.is_some())
}

fn examine(workspace: &Workspace) -> Vec<Finding> {
    let apt = geteuid().is_root() && on_path("apt-get").is_some();
    let debian = |command| apt.then_some(command);
    let packages = |folder: &str| {
        needs::has_npm_packages(&workspace.at(folder)).then(|| "as in its lock file".to_owned())
    };
    let there = |path: &str| workspace.at(path).exists().then(|| "built".to_owned());
    let finding = |what, found, fetch| Finding { what, found, fetch };
    vec![
        finding("rustc", answer("rustc", &["--version"]), None),
        finding("cargo", answer("cargo", &["--version"]), None),
        finding(
            "rustfmt",
            answer("rustfmt", &["--version"]),
            Some("rustup component add rustfmt"),
        ),
        finding(
            "clippy",
            answer("cargo", &["clippy", "--version"]),
            Some("rustup component add clippy"),
        ),
        finding(
            "target wasm32",
            needs::has_wasm_target().then(|| needs::WASM.to_owned()),
            Some("rustup target add wasm32-unknown-unknown"),
        ),
        finding("C compiler", first_line(answer("cc", &["--version"])), None),
        finding("Node.js 20 or later", needs::node().ok(), None),
        finding("npm", answer("npm", &["--version"]), None),
        finding(
            "npm packages of frontend",
            packages("frontend"),
            Some("npm ci"),
        ),
        finding(
            "npm packages of end2end",
            packages("end2end"),
            Some("npm ci"),
        ),
        finding(
            "PostgreSQL server",
            postgres(),
            debian("apt-get install postgresql"),
        ),
        finding("chromium", chromium(), debian("apt-get install chromium")),
        finding(
            "Chinese font",
            needs::has_chinese_font().then(|| "found".to_owned()),
            debian("apt-get install fonts-noto-cjk"),
        ),
        finding("dist/xj", there("dist/xj"), Some("cargo xtask build")),
        finding(
            "dist/site",
            there("dist/site/assets.json"),
            Some("cargo xtask build"),
        ),
        finding("demo", there("data/demo"), Some("cargo xtask serve")),
    ]
}

fn postgres() -> Option<String> {
    answer(needs::find_postgres()?.join("postgres"), &["--version"])
}

fn chromium() -> Option<String> {
    answer(needs::find_chromium()?, &["--version"])
}

fn first_line(text: Option<String>) -> Option<String> {
    text?.lines().next().map(str::to_owned)
}

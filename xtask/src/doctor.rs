//! `cargo xtask doctor`: what is here, in which version, and what would be fetched. Changes nothing.

use rustix::process::geteuid;

use crate::needs::{self, answer};
use crate::workspace::{Workspace, on_path};

/// One piece: what was found, or how it would come.
struct Finding {
    what: &'static str,
    found: Found,
    /// What fetches it when it is needed; `None` when only the user can install it.
    fetch: Option<&'static str>,
    /// Whether `serve` needs it, or only `test` and `bench`.
    to_serve: bool,
}

/// No step of xtask: rustup brings these with the toolchain.
const TOOLCHAIN: Option<&str> = Some("rustup, as rust-toolchain.toml tells it");

/// What is there of a piece.
enum Found {
    /// It is there: its version, or a word.
    Here(String),
    /// This version of it, which cannot be used.
    TooOld(String),
    Nothing,
}

impl From<Option<String>> for Found {
    fn from(found: Option<String>) -> Self {
        found.map_or(Self::Nothing, Self::Here)
    }
}

/// Prints the table; `true` when nothing is missing that serving needs and xtask cannot fetch itself.
pub fn run(workspace: &Workspace) -> bool {
    let findings = examine(workspace);
    for finding in &findings {
        println!("{:<28} {}", finding.what, finding.state());
    }
    findings.iter().all(Finding::lets_serve)
}

impl Finding {
    fn state(&self) -> String {
        match (&self.found, self.fetch, self.to_serve) {
            (Found::Here(found), _, _) => found.clone(),
            (Found::TooOld(found), _, _) => {
                format!("{found} is too old; please install a newer one")
            }
            (Found::Nothing, Some(fetch), _) => format!("missing; fetched by: {fetch}"),
            (Found::Nothing, None, true) => "missing; please install it".to_owned(),
            (Found::Nothing, None, false) => {
                "missing; please install it, or be root for `test` and `bench`".to_owned()
            }
        }
    }

    fn lets_serve(&self) -> bool {
        matches!(self.found, Found::Here(_)) || self.fetch.is_some() || !self.to_serve
    }
}

fn examine(workspace: &Workspace) -> Vec<Finding> {
    let apt = geteuid().is_root() && on_path("apt-get").is_some();
    let debian = |command| apt.then_some(command);
    let packages = |folder: &str| {
        needs::has_npm_packages(&workspace.at(folder)).then(|| "as in its lock file".to_owned())
    };
    let there = |path: &str| workspace.at(path).exists().then(|| "built".to_owned());
    let of = |to_serve| {
        move |what, found: Option<String>, fetch| Finding {
            what,
            found: found.into(),
            fetch,
            to_serve,
        }
    };
    let (finding, to_test) = (of(true), of(false));
    vec![
        finding("rustc", answer("rustc", &["--version"]), None),
        finding("cargo", answer("cargo", &["--version"]), None),
        to_test("rustfmt", answer("rustfmt", &["--version"]), TOOLCHAIN),
        to_test(
            "clippy",
            answer("cargo", &["clippy", "--version"]),
            TOOLCHAIN,
        ),
        finding(
            "target wasm32",
            needs::has_wasm_target().then(|| needs::WASM.to_owned()),
            Some("rustup target add wasm32-unknown-unknown"),
        ),
        finding("C compiler", first_line(answer("cc", &["--version"])), None),
        Finding {
            what: "Node.js 20 or later",
            found: node(needs::node_found()),
            fetch: None,
            to_serve: true,
        },
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
        to_test(
            "PostgreSQL server",
            postgres(),
            debian("apt-get install postgresql"),
        ),
        to_test("chromium", chromium(), debian("apt-get install chromium")),
        to_test(
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

fn node(found: Option<String>) -> Found {
    match found {
        Some(version) if !needs::is_node_new(&version) => Found::TooOld(version),
        other => other.into(),
    }
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

#[cfg(test)]
mod tests {
    use super::{Finding, Found, node};

    #[test]
    fn a_node_that_is_too_old_is_named_with_its_version() {
        let state = |found: &str| {
            let found = node(Some(found.to_owned()));
            let what = Finding {
                what: "Node.js",
                found,
                fetch: None,
                to_serve: true,
            };
            (what.state(), what.lets_serve())
        };
        assert_eq!(state("v20.19.0"), ("v20.19.0".to_owned(), true));
        let (old, serves) = state("v18.20.4");
        assert!(old.contains("v18.20.4") && old.contains("too old"), "{old}");
        assert!(!serves);
        assert!(matches!(node(None), Found::Nothing));
    }

    #[test]
    fn what_only_tests_need_does_not_stand_in_the_way_of_serving() {
        let missing = |fetch, to_serve| Finding {
            what: "a piece",
            found: Found::Nothing,
            fetch,
            to_serve,
        };
        assert!(!missing(None, true).lets_serve());
        assert!(missing(None, false).lets_serve());
        assert!(missing(Some("cargo xtask build"), true).lets_serve());
        for finding in [missing(None, true), missing(None, false)] {
            assert!(
                finding.state().starts_with("missing"),
                "{}",
                finding.state()
            );
        }
    }
}

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
    /// Whether `serve` needs it, or only `test` and `bench`.
    to_serve: bool,
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
            (Some(found), _, _) => found.clone(),
            (None, Some(fetch), _) => format!("missing; fetched by: {fetch}"),
            (None, None, true) => "missing; please install it".to_owned(),
            (None, None, false) => {
                "missing; please install it, or be root for `test` and `bench`".to_owned()
            }
        }
    }

    fn lets_serve(&self) -> bool {
        self.found.is_some() || self.fetch.is_some() || !self.to_serve
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
        move |what, found, fetch| Finding {
            what,
            found,
            fetch,
            to_serve,
        }
    };
    let (finding, to_test) = (of(true), of(false));
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
    use super::Finding;

    #[test]
    fn what_only_tests_need_does_not_stand_in_the_way_of_serving() {
        let missing = |fetch, to_serve| Finding {
            what: "a piece",
            found: None,
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

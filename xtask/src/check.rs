//! `cargo xtask test`: the phases that `.ci/run` runs, one after the other, with their times and counts.

pub mod e2e;
pub mod effort;
mod start;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

pub use effort::Effort;

use crate::client;
use crate::fault::Fault;
use crate::needs;
use crate::postgres::{Cluster, Durability};
use crate::step::{Step, clock, say};
use crate::tally::{self, Tally};
use crate::workspace::Workspace;

/// What the server is made of. Tested and linted in one go: another selection of packages would turn on other
/// features in what they share, and build it again.
const PRODUCT: [&str; 8] = [
    "server",
    "app",
    "ui",
    "domain",
    "formats",
    "services",
    "store",
    "migrations",
];

/// The features of the pages on the server.
const ON_SERVER: &str = "app/ssr,ui/ssr";

/// A part of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// Formatting.
    Fmt,
    /// clippy with warnings denied, on the host and for the browser.
    Lint,
    /// Tests of xtask and of the house rules: which crate may know which, what may be named where.
    Guards,
    /// Unit, property and integration tests of the product, on SQLite and on PostgreSQL.
    Tests,
    /// The users' journeys in a browser, on SQLite and (those tagged @both) on PostgreSQL.
    E2e,
    /// `cargo xtask build` and `cargo xtask serve` from start to stop, twice; of itself in a long run only.
    Start,
}

/// Folder of the samples' first package.
const SAMPLE: &str = "admission-2026";

/// What the phases share.
struct Checks<'a> {
    workspace: &'a Workspace,
    effort: Effort,
    /// What the tests find in their environment.
    numbers: Vec<(&'static str, String)>,
    cluster: Option<Cluster>,
    /// What the tests want to be read, whether they passed or not.
    notes: Vec<String>,
}

/// A phase that was run.
struct Row {
    title: &'static str,
    took: Duration,
    tally: Tally,
}

/// Runs the phases and prints their times and the closing count; `true` when nothing failed.
pub fn run(workspace: &Workspace, effort: Effort, phases: &[Phase]) -> bool {
    let usual = Phase::of(effort);
    let phases = if phases.is_empty() { &usual } else { phases };
    let mut checks = Checks {
        workspace,
        effort,
        numbers: effort.of_this_run(),
        cluster: None,
        notes: Vec::new(),
    };
    say(&checks.told_numbers());
    let mut rows = Vec::new();
    for phase in phases {
        let title = phase.title();
        say(title);
        let start = Instant::now();
        let tally = checks.phase(*phase).unwrap_or_else(|fault| {
            say(&format!("  {fault}"));
            Tally::check(false)
        });
        let took = start.elapsed();
        say(&format!("  {} after {}", told(tally), clock(took)));
        rows.push(Row { title, took, tally });
    }
    let told = [vec![checks.told_numbers()], tally::once(&checks.notes)].concat();
    drop(checks);
    close(&rows, &told)
}

impl Phase {
    /// The phases of a run that names none.
    fn of(effort: Effort) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|phase| effort == Effort::Long || *phase != Self::Start)
            .collect()
    }

    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Lint => "lint",
            Self::Guards => "guards",
            Self::Tests => "tests",
            Self::E2e => "e2e",
            Self::Start => "start",
        }
    }
}

impl Checks<'_> {
    fn phase(&mut self, phase: Phase) -> Result<Tally, Fault> {
        match phase {
            Phase::Fmt => self.fmt(),
            Phase::Lint => self.lint(),
            Phase::Guards => self.guards(),
            Phase::Tests => self.tests(),
            Phase::E2e => self.journeys(),
            Phase::Start => self.start(),
        }
    }

    fn fmt(&self) -> Result<Tally, Fault> {
        self.check(
            "cargo fmt",
            &["fmt", "--all", "--check", "--", "--color", "never"],
        )
    }

    fn lint(&self) -> Result<Tally, Fault> {
        needs::wasm_target(self.workspace)?;
        let deny = ["--", "-D", "warnings"];
        let product = [
            &[
                "clippy",
                "--locked",
                "--all-targets",
                "--features",
                ON_SERVER,
            ],
            &product()[..],
            &deny,
        ];
        let xtask = [
            &["clippy", "--locked", "--all-targets", "--package", "xtask"],
            &deny[..],
        ];
        let mut tally = self.check("clippy of the product", &product.concat())?
            + self.check("clippy of xtask", &xtask.concat())?;
        for bundle in client::bundle::NAMES {
            let target = [
                "clippy",
                "--locked",
                "--package",
                "frontend",
                "--target",
                needs::WASM,
            ];
            let browser = [&target, &["--features", bundle][..], &deny];
            tally =
                tally + self.check(&format!("clippy of the {bundle} bundle"), &browser.concat())?;
        }
        Ok(tally)
    }

    fn guards(&mut self) -> Result<Tally, Fault> {
        let mut cargo = self.workspace.cargo();
        cargo.args(["test", "--locked", "--package", "xtask", "--no-fail-fast"]);
        self.count("cargo test of xtask and the house rules", cargo)
    }

    fn tests(&mut self) -> Result<Tally, Fault> {
        let samples = samples(self.workspace)?;
        let addresses = self.cluster()?.test_addresses();
        let mut cargo = self.workspace.cargo();
        cargo.args([
            "test",
            "--locked",
            "--no-fail-fast",
            "--features",
            ON_SERVER,
        ]);
        cargo
            .args(product())
            .envs(addresses)
            .envs(samples.map(|folder| ("XJ_SAMPLES", folder)))
            .env("XJ_REQUIRE_PG", "1");
        self.count("cargo test of the product", cargo)
    }

    fn journeys(&mut self) -> Result<Tally, Fault> {
        e2e::ready(self.workspace)?;
        let types = e2e::types(self.workspace)?;
        self.cluster()?;
        Ok(types + e2e::run(self.workspace, self.cluster.as_ref())?)
    }

    fn start(&mut self) -> Result<Tally, Fault> {
        let (tally, figures) = start::run(self.workspace)?;
        self.notes.extend(figures);
        Ok(tally)
    }

    /// The cluster is started when the first phase wants it, and serves them all.
    fn cluster(&mut self) -> Result<&Cluster, Fault> {
        let cluster = match self.cluster.take() {
            Some(cluster) => cluster,
            None => Cluster::start(self.workspace, Durability::Off)?,
        };
        Ok(self.cluster.insert(cluster))
    }

    fn check(&self, title: &str, arguments: &[&str]) -> Result<Tally, Fault> {
        let mut cargo = self.workspace.cargo();
        cargo.args(arguments);
        let transcript = Step::new(title, cargo).run(self.workspace)?;
        transcript.show_failure();
        Ok(Tally::check(transcript.success))
    }

    /// Runs tests. What a passing test prints is in the log too: some of it is for whoever reads the result.
    fn count(&mut self, title: &str, mut cargo: Command) -> Result<Tally, Fault> {
        cargo.envs(self.numbers.iter().map(|(name, number)| (name, number)));
        cargo.args(["--", "--show-output"]);
        let step = match self.effort {
            Effort::Usual => Step::new(title, cargo),
            Effort::Long => Step::new(title, cargo).unlimited(),
        };
        let transcript = step.run(self.workspace)?;
        transcript.show_failure();
        self.notes.extend(tally::notes(&transcript.lines));
        Ok(Tally::from_cargo(&transcript.lines)
            .but_failed_unless(transcript.success)
            .but_failed_if_none())
    }

    fn told_numbers(&self) -> String {
        let numbers = self.numbers.iter();
        let told: Vec<String> = numbers
            .map(|(name, number)| format!("{name}={number}"))
            .collect();
        told.join(" ")
    }
}

/// The folder of samples, whole: a test runs in the folder of its crate. One that was named must be there.
fn samples(workspace: &Workspace) -> Result<Option<PathBuf>, Fault> {
    let named = env::var_os("XJ_SAMPLES").filter(|name| !name.is_empty());
    let here = env::current_dir().unwrap_or_else(|_| workspace.root().to_owned());
    let folder = named.as_ref().map_or_else(
        || workspace.at("../shared/samples"),
        |name| here.join(Path::new(name)),
    );
    match (named, folder.join(SAMPLE).is_dir()) {
        (_, true) => Ok(Some(folder)),
        (None, false) => Ok(None),
        (Some(_), false) => Err(Fault::missing(
            "the samples that XJ_SAMPLES names",
            format!("{} holds no folder {SAMPLE}", folder.display()),
        )),
    }
}

fn product() -> Vec<&'static str> {
    PRODUCT
        .into_iter()
        .flat_map(|name| ["--package", name])
        .collect()
}

fn told(tally: Tally) -> String {
    format!("{} passed, {} failed", tally.passed, tally.failed)
}

/// What the tests say of themselves, the table of times, and as the last line the count of all phases.
fn closing(rows: &[Row], told_of_tests: &[String]) -> Vec<String> {
    let cells = |title: &str, took: Duration, passed: &str, failed: &str| {
        format!("{title:<8} {:>14} {passed:>8} {failed:>8}", clock(took))
    };
    let mut lines = told_of_tests.to_vec();
    lines.push(format!(
        "{:<8} {:>14} {:>8} {:>8}",
        "phase", "time", "passed", "failed"
    ));
    lines.extend(rows.iter().map(|Row { title, took, tally }| {
        let (passed, failed) = (tally.passed.to_string(), tally.failed.to_string());
        cells(title, *took, &passed, &failed)
    }));
    let took = rows.iter().map(|row| row.took).sum();
    lines.push(format!("{:<8} {:>14}", "all", clock(took)));
    lines.push(told(total(rows)));
    lines
}

fn total(rows: &[Row]) -> Tally {
    rows.iter().map(|row| row.tally).sum()
}

fn close(rows: &[Row], told_of_tests: &[String]) -> bool {
    for line in closing(rows, told_of_tests) {
        println!("{line}");
    }
    total(rows).failed == 0
}

#[cfg(test)]
mod tests {
    use super::{Effort, Phase, Row, closing};
    use crate::tally::Tally;
    use std::time::Duration;

    #[test]
    fn the_last_line_counts_the_tests_of_all_phases_and_each_phase_has_its_time() {
        let row = |title, seconds, passed, failed| Row {
            title,
            took: Duration::from_secs(seconds),
            tally: Tally { passed, failed },
        };
        let rows = [row("rust", 125, 1_200, 1), row("e2e", 60, 34, 0)];
        let lines = closing(&rows, &["sample: ran".to_owned()]);
        assert_eq!(lines.first().map(String::as_str), Some("sample: ran"));
        assert_eq!(
            lines.last().map(String::as_str),
            Some("1234 passed, 1 failed")
        );
        let words = |name: &str| -> Vec<String> {
            let line = lines.iter().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().map(str::to_owned).collect()
        };
        let rust = words("rust");
        assert_eq!(rust[rust.len() - 2..], ["1200", "1"]);
        assert!(rust.join(" ").contains("2 min") && words("all").join(" ").contains("3 min"));
    }

    #[test]
    fn what_builds_in_release_and_serves_is_of_long_runs() {
        let (usual, long) = (Phase::of(Effort::Usual), Phase::of(Effort::Long));
        assert!(usual.contains(&Phase::E2e) && !usual.contains(&Phase::Start));
        assert_eq!([usual, vec![Phase::Start]].concat(), long);
    }
}

//! `cargo xtask test`: the phases that `.ci/run` runs, one after the other, with their times and counts.

pub mod e2e;

use std::process::Command;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::client;
use crate::fault::Fault;
use crate::needs;
use crate::postgres::{Cluster, Durability};
use crate::step::{Step, clock, say};
use crate::tally::Tally;
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
}

/// How thorough the tests are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// The numbers of every day.
    Usual,
    /// The full numbers; may take hours.
    Long,
}

/// What the phases share.
struct Checks<'a> {
    workspace: &'a Workspace,
    effort: Effort,
    cluster: Option<Cluster>,
}

/// A phase that was run.
struct Row {
    title: &'static str,
    took: Duration,
    tally: Tally,
}

/// Runs the phases and prints their times and the closing count; `true` when nothing failed.
pub fn run(workspace: &Workspace, effort: Effort, phases: &[Phase]) -> bool {
    let phases = if phases.is_empty() {
        Phase::value_variants()
    } else {
        phases
    };
    let mut checks = Checks {
        workspace,
        effort,
        cluster: None,
    };
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
    drop(checks);
    close(&rows)
}

impl Phase {
    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Lint => "lint",
            Self::Guards => "guards",
            Self::Tests => "tests",
            Self::E2e => "e2e",
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
            &["clippy", "--all-targets", "--features", ON_SERVER],
            &product()[..],
            &deny,
        ];
        let xtask = [
            &["clippy", "--all-targets", "--package", "xtask"],
            &deny[..],
        ];
        let mut tally = self.check("clippy of the product", &product.concat())?
            + self.check("clippy of xtask", &xtask.concat())?;
        for bundle in client::bundle::NAMES {
            let target = ["clippy", "--package", "frontend", "--target", needs::WASM];
            let browser = [&target, &["--features", bundle][..], &deny];
            tally =
                tally + self.check(&format!("clippy of the {bundle} bundle"), &browser.concat())?;
        }
        Ok(tally)
    }

    fn guards(&self) -> Result<Tally, Fault> {
        let mut cargo = self.workspace.cargo();
        cargo.args(["test", "--package", "xtask", "--no-fail-fast"]);
        self.count("cargo test of xtask and the house rules", cargo)
    }

    fn tests(&mut self) -> Result<Tally, Fault> {
        let addresses = self.cluster()?.test_addresses();
        let mut cargo = self.workspace.cargo();
        cargo.args(["test", "--no-fail-fast", "--features", ON_SERVER]);
        cargo
            .args(product())
            .envs(addresses)
            .env("XJ_REQUIRE_PG", "1");
        self.count("cargo test of the product", cargo)
    }

    fn journeys(&mut self) -> Result<Tally, Fault> {
        e2e::ready(self.workspace)?;
        self.cluster()?;
        e2e::run(self.workspace, self.cluster.as_ref())
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

    fn count(&self, title: &str, mut cargo: Command) -> Result<Tally, Fault> {
        let step = match self.effort {
            Effort::Usual => {
                cargo.env("XJ_KILLS", "10").env("XJ_FUZZ_SECONDS", "5");
                Step::new(title, cargo)
            }
            Effort::Long => {
                cargo.env("XJ_LONG", "1");
                Step::new(title, cargo).unlimited()
            }
        };
        let transcript = step.run(self.workspace)?;
        transcript.show_failure();
        Ok(Tally::from_cargo(&transcript.lines).but_failed_unless(transcript.success))
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

/// The table of times, and as the last line the count of all phases.
fn close(rows: &[Row]) -> bool {
    println!(
        "{:<8} {:>14} {:>8} {:>8}",
        "phase", "time", "passed", "failed"
    );
    for Row { title, took, tally } in rows {
        println!(
            "{title:<8} {:>14} {:>8} {:>8}",
            clock(*took),
            tally.passed,
            tally.failed
        );
    }
    let took = rows.iter().map(|row| row.took).sum();
    let total: Tally = rows.iter().map(|row| row.tally).sum();
    println!("{:<8} {:>14}", "all", clock(took));
    println!("{}", told(total));
    total.failed == 0
}

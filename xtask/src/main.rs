//! `cargo xtask`: builds, serves, tests and measures Xueji. One Rust program, so that it does on every machine
//! what it does here.

mod bench;
mod build;
mod check;
mod client;
mod doctor;
mod ending;
mod fault;
mod needs;
mod postgres;
mod serve;
mod step;
mod tally;
mod workspace;

use std::process::ExitCode;

use check::{Effort, Phase};
use clap::{Parser, Subcommand};
use fault::Fault;
use workspace::Workspace;

/// Builds, serves, tests and measures Xueji.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build everything and run the demo on <http://127.0.0.1:3000>
    ///
    /// Fetches what is missing (the wasm32 target, npm packages), builds client, styles and server in release,
    /// lays out the demo under data/demo on the first run, and serves it. A second start takes seconds.
    /// `XJ_ADDR` sets another address.
    Serve,
    /// Run what CI runs: formatting, lints, tests on SQLite and PostgreSQL, journeys in a browser
    ///
    /// Fetches what is missing (PostgreSQL, chromium and a Chinese font as Debian packages when run as root),
    /// starts a PostgreSQL cluster of its own and stops it again. The last line is `N passed, N failed`.
    Test {
        /// Full numbers in the tests of crashes, floods and hostile files; may take hours
        #[arg(long)]
        long: bool,
        /// Only these phases, in this order
        phases: Vec<Phase>,
    },
    /// Build everything that serve needs: dist/xj and dist/site
    Build,
    /// Measure the figures in release
    Bench {
        /// Only these figures
        names: Vec<String>,
        /// Figures as JSON on the standard output
        #[arg(long)]
        json: bool,
    },
    /// Tell what is installed, in which version, and what would be fetched
    Doctor,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let code = run(arguments.task).unwrap_or_else(|fault| {
        eprintln!("xtask: {fault}");
        ExitCode::FAILURE
    });
    ending::settle();
    code
}

fn run(task: Task) -> Result<ExitCode, Fault> {
    ending::on_signal()?;
    ending::sweep();
    let workspace = Workspace::find();
    match task {
        Task::Serve => serve::run(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Test { long, phases } => {
            let effort = if long { Effort::Long } else { Effort::Usual };
            Ok(exit(check::run(&workspace, effort, &phases)))
        }
        Task::Build => build::run(&workspace).map(|()| ExitCode::SUCCESS),
        Task::Bench { names, json } => bench::run(&workspace, &names, json).map(ExitCode::from),
        Task::Doctor => Ok(exit(doctor::run(&workspace))),
    }
}

fn exit(well: bool) -> ExitCode {
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

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

use std::path::PathBuf;
use std::process::ExitCode;

use check::{Effort, Phase};
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use fault::Fault;
use workspace::Workspace;

/// Exit code of a wrong command line, as in BSD's sysexits.
const USAGE: u8 = 64;

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
    Serve {
        /// The folder of the demo; its keys lie beside it, under the same name with `-keys`
        #[arg(long, value_name = "DIR", default_value = serve::DATA)]
        data: PathBuf,
    },
    /// Run what CI runs: formatting, lints, tests on SQLite and PostgreSQL, journeys in a browser
    ///
    /// Fetches what is missing (PostgreSQL, chromium and a Chinese font as Debian packages when run as root),
    /// starts a PostgreSQL cluster of its own and stops it again. The last line is `N passed, N failed`.
    Test {
        /// The full numbers: 50 kills, 10 minutes per fuzzer, long chains, a seed of its own, and `build` and `serve`
        /// from start to stop; takes hours
        ///
        /// The seed is printed: with it in PROPTEST_RNG_SEED the same cases come again.
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
        #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(bench::FIGURES))]
        names: Vec<String>,
        /// Figures as JSON on the standard output
        #[arg(long)]
        json: bool,
    },
    /// Tell what is installed, in which version, and what would be fetched
    Doctor,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => return explain(&told),
    };
    let code = run(arguments.task).unwrap_or_else(|fault| {
        eprintln!("xtask: {fault}");
        ExitCode::FAILURE
    });
    ending::settle();
    code
}

/// Help is an answer; a line that is not understood ends with 64, as it does in `xj`.
fn explain(told: &clap::Error) -> ExitCode {
    let printed = told.print().is_ok();
    match (told.use_stderr(), printed) {
        (false, true) => ExitCode::SUCCESS,
        (true, _) => ExitCode::from(USAGE),
        (false, false) => ExitCode::FAILURE,
    }
}

fn run(task: Task) -> Result<ExitCode, Fault> {
    ending::on_signal()?;
    ending::sweep();
    let workspace = Workspace::find();
    match task {
        Task::Serve { data } => serve::run(&workspace, &data).map(|()| ExitCode::SUCCESS),
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

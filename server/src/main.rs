//! `xj`: the program in which a university runs student status and diplomas.

use clap::Parser;
use server::command::{Command, EXIT_CODES, FINDINGS, Outcome, USAGE};
use std::process::ExitCode;

/// 学籍学历电子注册 — student status and credential registration.
#[derive(Debug, Parser)]
#[command(name = "xj", version, about, propagate_version = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let shown = error.print();
            return if error.use_stderr() || shown.is_err() {
                ExitCode::from(USAGE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match arguments.command.run() {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(FINDINGS),
        Err(error) => {
            eprintln!("xj: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

//! The figures of the product, each against a floor or a fixed goal, on PostgreSQL in release.
//!
//! `cargo xtask bench [NAME…] [--json]` starts a cluster and runs this. Floors (`store::floors`, a bare handler, a bare
//! writer) are code of their own and take turns with the product; a figure is the median of its rounds. The exit code is
//! 1 when a figure does not hold.
//!
//! `XJ_BENCH_STUDENTS` and `XJ_BENCH_CANDIDATES` make a trial smaller; such a run says so, and nothing holds in it.
#![expect(
    clippy::expect_used,
    reason = "a figure that cannot be measured has no other answer than to stop"
)]

mod export;
mod first_view;
mod ground;
mod import;
mod load;
mod memory;
mod page;
mod report;
mod site;
mod upload;

use report::{Figure, exit_code, is_wanted, tell};
use std::process::ExitCode;

/// What is measured together, and the names of its figures.
const GROUPS: [(&str, &[&str]); 4] = [
    ("page", &["student_page_throughput", "student_page_p99"]),
    ("import", &["import_time", "import_memory"]),
    ("export", &["export_time"]),
    ("first_view", &["first_view_bytes", "first_view_wasm_bytes"]),
];

/// Exit code of a wrong command line, as in BSD's sysexits.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let mut json = false;
    let mut names = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => json = true,
            // cargo says so to every bench.
            "--bench" => {}
            name => names.push(name.to_owned()),
        }
    }
    let known = |name: &String| GROUPS.iter().any(|(_, own)| own.contains(&name.as_str()));
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        eprintln!("bench: there is no figure {unknown}");
        return ExitCode::from(USAGE);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let holds = runtime.block_on(run(&names, json));
    ExitCode::from(exit_code(holds))
}

async fn run(names: &[String], json: bool) -> bool {
    let machine = ground::machine();
    if !json {
        println!("{machine}");
    }
    let mut holds = true;
    for (group, own) in GROUPS {
        if own.iter().any(|name| is_wanted(names, name)) {
            let figures = measure(group).await;
            holds &= tell(&figures, names, (&machine, json), |line| println!("{line}"));
        }
    }
    holds
}

async fn measure(group: &str) -> Vec<Figure> {
    match group {
        "page" => page::figures().await,
        "import" => import::figures().await,
        "export" => export::figures().await,
        _ => first_view::figures().await,
    }
}

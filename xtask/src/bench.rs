//! `cargo xtask bench`: the figures, in release, with the client as it is handed out, on a PostgreSQL that keeps its
//! promises.

use crate::client;
use crate::fault::Fault;
use crate::postgres::{Cluster, Durability};
use crate::step::start_group;
use crate::workspace::Workspace;

/// The figures, in the order in which they are measured. A name that is none of them is refused before anything is built.
pub const FIGURES: [&str; 7] = [
    "student_page_throughput",
    "student_page_p99",
    "import_time",
    "import_memory",
    "export_time",
    "first_view_bytes",
    "first_view_wasm_bytes",
];

const BENCH: &str = "server/benches/figures/main.rs";

/// Runs the bench and returns its exit code; its output is passed on untouched.
pub fn run(workspace: &Workspace, names: &[String], json: bool) -> Result<u8, Fault> {
    if !workspace.at(BENCH).is_file() {
        return Err(Fault::missing("the bench", format!("{BENCH} is not there")));
    }
    client::build(workspace)?;
    let cluster = Cluster::start(workspace, Durability::On)?;
    let mut cargo = workspace.cargo();
    cargo
        .args([
            "bench",
            "--quiet",
            "--package",
            "server",
            "--bench",
            "figures",
            "--",
        ])
        .args(names)
        .args(json.then_some("--json"))
        .envs(cluster.test_addresses());
    let (mut child, _group) = start_group(&mut cargo)?;
    let status = child.wait().map_err(|source| Fault::Start {
        program: "the bench".to_owned(),
        source,
    })?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}

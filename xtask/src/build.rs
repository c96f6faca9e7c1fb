//! `cargo xtask build`: the program and the site in `dist/`.

use std::fs;

use crate::client;
use crate::fault::Fault;
use crate::step::{Step, say};
use crate::workspace::Workspace;

/// Builds client, styles and server in release.
pub fn run(workspace: &Workspace) -> Result<(), Fault> {
    client::build(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server", "--release"]);
    Step::new("cargo build of the server", cargo)
        .unlimited()
        .succeed(workspace)?;
    install(workspace)?;
    say("  dist/xj and dist/site are ready");
    Ok(())
}

/// Renamed into place: a running program's file cannot be written over.
fn install(workspace: &Workspace) -> Result<(), Fault> {
    let built = workspace.target().join("release/xj");
    let fresh = workspace.at("dist/xj.new");
    let place = workspace.at("dist/xj");
    fs::copy(&built, &fresh).map_err(Fault::file("copy", &built))?;
    fs::rename(&fresh, &place).map_err(Fault::file("put in place", &place))
}

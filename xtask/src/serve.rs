//! `cargo xtask serve`: from a checkout to a running demo.

use std::env;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::fault::Fault;
use crate::step::say;
use crate::workspace::Workspace;

const ADDRESS: &str = "127.0.0.1:3000";
/// The usual folder of the demo.
pub const DATA: &str = "data/demo";

/// Builds what is missing, lays out the demo on the first run, and becomes the server.
pub fn run(workspace: &Workspace, data: &Path) -> Result<(), Fault> {
    build::run(workspace)?;
    let address = env::var_os("XJ_ADDR").map_or_else(
        || ADDRESS.to_owned(),
        |address| address.to_string_lossy().into_owned(),
    );
    let data = workspace.root().join(data);
    let xj = || program(workspace, &data, &address);
    say(&format!("  the demo in {}", data.display()));
    let status = xj()
        .args(["demo", "--data"])
        .arg(&data)
        .status()
        .map_err(unable)?;
    if !status.success() {
        return Err(Fault::missing(
            "the demo",
            format!("`dist/xj demo` ended with {status}"),
        ));
    }
    // The program prints the address itself, once it listens there.
    Err(unable(xj().arg("serve").exec()))
}

/// The folder of the keys: beside the data, never inside.
fn keys(data: &Path) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push("-keys");
    PathBuf::from(name)
}

fn program(workspace: &Workspace, data: &Path, address: &str) -> Command {
    let mut xj = workspace.program(&workspace.at("dist/xj"));
    xj.env("XJ_DATA", data)
        .env("XJ_KEYS", keys(data))
        .env("XJ_SITE", workspace.at("dist/site"))
        .env("XJ_ADDR", address)
        .env(
            "XJ_PUBLIC_URL",
            env::var_os("XJ_PUBLIC_URL").unwrap_or_else(|| format!("http://{address}").into()),
        );
    if env::var_os("RUST_LOG").is_none() {
        xj.env("RUST_LOG", "info");
    }
    xj
}

fn unable(source: io::Error) -> Fault {
    Fault::Start {
        program: "dist/xj".to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::env;

    use super::{ADDRESS, DATA, program};
    use crate::workspace::Workspace;

    /// What the program is given of its own settings; `None` for one that is kept from it.
    fn given(workspace: &Workspace) -> BTreeMap<String, Option<String>> {
        let xj = program(workspace, &workspace.at(DATA), ADDRESS);
        assert_eq!(xj.get_program(), workspace.at("dist/xj"));
        let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
        xj.get_envs()
            .map(|(name, value)| (text(name), value.map(text)))
            .collect()
    }

    #[test]
    fn the_demo_is_served_on_this_machine_alone_from_folders_of_its_own() {
        let workspace = Workspace::find();
        let given = given(&workspace);
        let at = |path: &str| Some(workspace.at(path).to_string_lossy().into_owned());
        for (name, value) in [
            ("XJ_DATA", at("data/demo")),
            ("XJ_KEYS", at("data/demo-keys")),
            ("XJ_SITE", at("dist/site")),
            ("XJ_ADDR", Some("127.0.0.1:3000".to_owned())),
        ] {
            assert_eq!(given[name], value, "{name}");
        }
        if env::var_os("XJ_PUBLIC_URL").is_none() {
            let public = Some("http://127.0.0.1:3000".to_owned());
            assert_eq!(given["XJ_PUBLIC_URL"], public);
        }
        // Whatever else the shell says of an installation is kept from the demo, its database above all.
        let own = [
            "XJ_DATA",
            "XJ_KEYS",
            "XJ_SITE",
            "XJ_ADDR",
            "XJ_PUBLIC_URL",
            "RUST_LOG",
        ];
        let other = |(name, value): &(&String, &Option<String>)| {
            value.is_some() && !own.contains(&name.as_str())
        };
        assert_eq!(given.iter().find(other), None);
    }
}

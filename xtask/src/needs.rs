//! What the work needs from the machine: found, or fetched through its own package client, or named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::geteuid;

use crate::client::digest::Digest;
use crate::fault::Fault;
use crate::step::{Step, say};
use crate::workspace::{Workspace, on_path};

/// The target of the client.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The oldest Node.js that the styles' compiler accepts.
const NODE: u32 = 20;

/// What a program prints, if it can be run.
pub fn answer(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Whether the active toolchain can build for the browser.
pub fn has_wasm_target() -> bool {
    answer("rustc", &["--print", "target-libdir", "--target", WASM])
        .is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
}

/// Adds the browser's target to the active toolchain.
pub fn wasm_target(workspace: &Workspace) -> Result<(), Fault> {
    if has_wasm_target() {
        return Ok(());
    }
    let how = format!("`rustup target add {WASM}` must succeed for the active toolchain");
    if on_path("rustup").is_none() {
        return Err(Fault::missing(format!("the Rust target {WASM}"), how));
    }
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", WASM])
        .current_dir(workspace.root());
    let added = Step::new(&format!("rustup target add {WASM}"), rustup).run(workspace)?;
    added.show_failure();
    if has_wasm_target() {
        return Ok(());
    }
    Err(Fault::missing(format!("the Rust target {WASM}"), how))
}

/// The version of Node.js, whichever is there.
pub fn node_found() -> Option<String> {
    answer("node", &["--version"])
}

/// Whether a version of Node.js, as it prints it, is new enough.
pub fn is_node_new(version: &str) -> bool {
    let major = version.trim_start_matches('v').split('.').next();
    let major = major.and_then(|text| text.parse().ok());
    major.is_some_and(|major: u32| major >= NODE)
}

/// Refuses a machine without a Node.js that is new enough.
fn node() -> Result<(), Fault> {
    let found = node_found().unwrap_or_default();
    if on_path("npm").is_some() && is_node_new(&found) {
        return Ok(());
    }
    Err(Fault::missing(
        format!("Node.js {NODE} or later with npm"),
        "install it; it runs the styles' compiler, wasm-opt and the journeys",
    ))
}

/// Whether the npm packages of a folder are those of its lock file.
pub fn has_npm_packages(folder: &Path) -> bool {
    packages_wanted(folder).is_ok_and(|wanted| wanted.is_stamped(&packages_stamp(folder)))
}

/// Installs the npm packages of a folder when its lock file has changed.
pub fn npm_packages(workspace: &Workspace, name: &str) -> Result<(), Fault> {
    let folder = workspace.at(name);
    if has_npm_packages(&folder) {
        return Ok(());
    }
    node()?;
    let wanted = packages_wanted(&folder)?;
    let mut npm = Command::new("npm");
    npm.arg("ci")
        .current_dir(&folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Step::new(&format!("npm ci in {name}"), npm).succeed(workspace)?;
    wanted.stamp(&packages_stamp(&folder))
}

fn packages_wanted(folder: &Path) -> Result<Digest, Fault> {
    let mut digest = Digest::new("npm");
    digest.file(&folder.join("package.json"))?;
    digest.file(&folder.join("package-lock.json"))?;
    Ok(digest)
}

fn packages_stamp(folder: &Path) -> PathBuf {
    folder.join("node_modules/.xueji-stamp")
}

/// The folder with PostgreSQL's server programs; the newest of Debian's versions.
pub fn find_postgres() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .is_file()
                .then_some((version, programs))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs).or_else(|| {
        on_path("initdb")?
            .canonicalize()
            .ok()?
            .parent()
            .map(Path::to_owned)
    })
}

/// PostgreSQL's server programs, installed if need be.
pub fn postgres(workspace: &Workspace) -> Result<PathBuf, Fault> {
    if let Some(programs) = find_postgres() {
        return Ok(programs);
    }
    let without_cluster = NoMainCluster::ask()?;
    install(workspace, &["postgresql"])?;
    drop(without_cluster);
    find_postgres().ok_or_else(|| missing_package("PostgreSQL's initdb", "postgresql"))
}

/// Debian's package lays out a cluster on port 5432 and starts it, unless this file says that nobody wants one. The file
/// goes again: who installs PostgreSQL later finds Debian as it was.
struct NoMainCluster(PathBuf);

impl NoMainCluster {
    fn ask() -> Result<Self, Fault> {
        let folder = Path::new("/etc/postgresql-common/createcluster.d");
        let file = folder.join("xueji.conf");
        if geteuid().is_root() {
            fs::create_dir_all(folder).map_err(Fault::file("create", folder))?;
            fs::write(&file, "create_main_cluster = false\n")
                .map_err(Fault::file("write", &file))?;
        }
        Ok(Self(file))
    }
}

impl Drop for NoMainCluster {
    fn drop(&mut self) {
        // Not there when somebody else than root asked.
        let _ = fs::remove_file(&self.0);
    }
}

/// The browser of the journeys.
pub fn find_chromium() -> Option<PathBuf> {
    on_path("chromium")
}

/// Whether some font has Chinese characters; without one, pictures show boxes.
pub fn has_chinese_font() -> bool {
    answer("fc-list", &[":lang=zh-cn", "family"]).is_some()
}

/// The browser with a Chinese font, installed if need be.
pub fn chromium(workspace: &Workspace) -> Result<PathBuf, Fault> {
    let mut wanted = Vec::new();
    if find_chromium().is_none() {
        wanted.push("chromium");
    }
    if !has_chinese_font() {
        wanted.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    if !wanted.is_empty() {
        install(workspace, &wanted)?;
    }
    find_chromium().ok_or_else(|| missing_package("the browser chromium", "chromium"))
}

fn install(workspace: &Workspace, packages: &[&str]) -> Result<(), Fault> {
    let names = packages.join(" ");
    if !geteuid().is_root() || on_path("apt-get").is_none() {
        return Err(missing_package(&names, &names));
    }
    say(&format!("  installing Debian's {names}"));
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    Step::new("apt-get update", apt(&["update", "-q"])).succeed(workspace)?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    Step::new("apt-get install", apt(&arguments)).succeed(workspace)?;
    Ok(())
}

fn missing_package(what: &str, package: &str) -> Fault {
    Fault::missing(
        what,
        format!("as root: apt-get install {package} (or your system's package of that name)"),
    )
}

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
    with_wasm_target(has_wasm_target, || {
        if on_path("rustup").is_none() {
            return Ok(());
        }
        let mut rustup = Command::new("rustup");
        rustup
            .args(["target", "add", WASM])
            .current_dir(workspace.root());
        let added = Step::new(&format!("rustup target add {WASM}"), rustup).run(workspace)?;
        added.show_failure();
        Ok(())
    })
}

/// Adds the target where it is not there, and names it where it is not there even then.
fn with_wasm_target(
    is_there: impl Fn() -> bool,
    add: impl FnOnce() -> Result<(), Fault>,
) -> Result<(), Fault> {
    if is_there() {
        return Ok(());
    }
    add()?;
    if is_there() {
        return Ok(());
    }
    Err(Fault::missing(
        format!("the Rust target {WASM}"),
        format!("`rustup target add {WASM}` must succeed for the active toolchain"),
    ))
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

/// Refuses a machine without npm and a Node.js that is new enough.
fn ensure_node(found: Option<&str>, has_npm: bool) -> Result<(), Fault> {
    if has_npm && found.is_some_and(is_node_new) {
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
    ensure_node(node_found().as_deref(), on_path("npm").is_some())?;
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
    with_postgres(find_postgres, |package| {
        let without_cluster = NoMainCluster::ask()?;
        install(workspace, Means::here(), &[package])?;
        drop(without_cluster);
        Ok(())
    })
}

/// Installs the server where it is not found, and names it where it is not found even then.
fn with_postgres(
    find: impl Fn() -> Option<PathBuf>,
    install: impl FnOnce(&str) -> Result<(), Fault>,
) -> Result<PathBuf, Fault> {
    const PACKAGE: &str = "postgresql";
    if let Some(programs) = find() {
        return Ok(programs);
    }
    install(PACKAGE)?;
    find().ok_or_else(|| missing_package("PostgreSQL's initdb", PACKAGE))
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
    with_chromium(find_chromium, has_chinese_font(), |packages| {
        install(workspace, Means::here(), packages)
    })
}

/// Installs browser and font where they are not found, and names the browser where it is not found even then.
fn with_chromium(
    find: impl Fn() -> Option<PathBuf>,
    has_font: bool,
    install: impl FnOnce(&[&str]) -> Result<(), Fault>,
) -> Result<PathBuf, Fault> {
    const PACKAGE: &str = "chromium";
    let mut wanted = Vec::new();
    if find().is_none() {
        wanted.push(PACKAGE);
    }
    if !has_font {
        wanted.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    if !wanted.is_empty() {
        install(&wanted)?;
    }
    find().ok_or_else(|| missing_package("the browser chromium", PACKAGE))
}

/// Whether Debian's packages can be installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    /// By root, with apt-get.
    Apt,
    /// By somebody else, or in another way.
    None,
}

impl Means {
    fn here() -> Self {
        if geteuid().is_root() && on_path("apt-get").is_some() {
            Self::Apt
        } else {
            Self::None
        }
    }
}

fn install(workspace: &Workspace, means: Means, packages: &[&str]) -> Result<(), Fault> {
    let names = packages.join(" ");
    if means == Means::None {
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

#[cfg(test)]
mod tests {
    use super::{
        Fault, Means, ensure_node, install, with_chromium, with_postgres, with_wasm_target,
    };
    use crate::workspace::Workspace;
    use std::cell::Cell;
    use std::path::PathBuf;

    const NOTHING: fn() -> Option<PathBuf> = || None;

    fn said<T>(outcome: Result<T, Fault>) -> String {
        match outcome {
            Ok(_) => String::new(),
            Err(fault) => fault.to_string(),
        }
    }

    /// Whoever cannot install is told what is missing and how to get it, and nothing is tried.
    #[test]
    fn what_cannot_be_installed_is_named() {
        let here = Workspace::find();
        let refuse = |packages: &[&str]| install(&here, Means::None, packages);
        let server = said(with_postgres(NOTHING, |package| refuse(&[package])));
        let browser = said(with_chromium(NOTHING, true, refuse));
        let font = said(with_chromium(|| Some(PathBuf::new()), false, refuse));
        for (told, package) in [
            (server, "postgresql"),
            (browser, "chromium"),
            (font, "fontconfig fonts-noto-cjk"),
        ] {
            let begins = format!("missing: {package} (as root: apt-get install {package} ");
            assert!(told.starts_with(&begins), "{told}");
        }
    }

    /// An installation that ends well and leaves nothing is no installation.
    #[test]
    fn what_is_missing_after_its_installation_is_named() {
        for (told, piece, how) in [
            (
                said(with_postgres(NOTHING, |_| Ok(()))),
                "PostgreSQL's initdb",
                "apt-get install postgresql",
            ),
            (
                said(with_chromium(NOTHING, true, |_| Ok(()))),
                "the browser chromium",
                "apt-get install chromium",
            ),
            (
                said(with_wasm_target(|| false, || Ok(()))),
                "the Rust target wasm32-unknown-unknown",
                "rustup target add wasm32-unknown-unknown",
            ),
        ] {
            assert!(told.starts_with(&format!("missing: {piece} (")), "{told}");
            assert!(told.contains(how), "{told}");
        }
    }

    #[test]
    fn what_was_installed_is_used() {
        let there = Cell::new(false);
        let found = || there.get().then(|| PathBuf::from("/usr/bin"));
        let get = |_: &str| {
            there.set(true);
            Ok(())
        };
        let programs = with_postgres(found, get).unwrap();
        assert_eq!(programs, PathBuf::from("/usr/bin"));
        // What is there is not installed again.
        let again = |_: &str| Err(Fault::missing("nothing", "never"));
        assert_eq!(said(with_postgres(found, again)), "");
        let again = |_: &[&str]| Err(Fault::missing("nothing", "never"));
        assert_eq!(said(with_chromium(found, true, again)), "");
        let again = || Err(Fault::missing("nothing", "never"));
        assert_eq!(said(with_wasm_target(|| true, again)), "");
        there.set(false);
        let add = || {
            there.set(true);
            Ok(())
        };
        assert_eq!(said(with_wasm_target(|| there.get(), add)), "");
    }

    /// The npm packages come by npm: without it, or with a Node.js that is too old, that is what is named.
    #[test]
    fn npm_packages_without_node_name_it() {
        assert_eq!(said(ensure_node(Some("v20.11.1"), true)), "");
        for (found, has_npm) in [
            (None, false),
            (None, true),
            (Some("v20.11.1"), false),
            (Some("v18.20.4"), true),
            (Some("nonsense"), true),
        ] {
            let told = said(ensure_node(found, has_npm));
            let begins = "missing: Node.js 20 or later with npm (install it";
            assert!(told.starts_with(begins), "{found:?} {has_npm}: {told}");
        }
    }
}

//! One bundle: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::client::digest::Digest;
use crate::fault::Fault;
use crate::needs;
use crate::step::{Step, say};
use crate::workspace::Workspace;

/// The bundles; each is a feature and a program of the crate `frontend`.
pub const NAMES: [&str; 2] = ["student", "staff"];

/// Change it when the steps below change.
const RECIPE: &str = "bundle 1, wasm-bindgen 0.2.130";

/// What rustc lets code for this target use; wasm-opt assumes less by itself.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The files of a bundle, not yet named by content.
#[derive(Debug)]
pub struct Bundle {
    /// `student` or `staff`.
    pub name: &'static str,
    /// The folder with `NAME.js`, `NAME_bg.wasm` and perhaps `snippets/`.
    pub folder: PathBuf,
}

impl Bundle {
    /// The ES module: its default export takes the address of the WASM file, `hydrate` wakes the islands.
    pub fn js(&self) -> PathBuf {
        self.folder.join(format!("{}.js", self.name))
    }

    /// The WASM file.
    pub fn wasm(&self) -> PathBuf {
        self.folder.join(format!("{}_bg.wasm", self.name))
    }
}

/// Builds a bundle, as far as something has changed.
pub fn build(workspace: &Workspace, name: &'static str) -> Result<Bundle, Fault> {
    let raw = compile(workspace, name)?;
    let bundle = Bundle {
        name,
        folder: workspace.workshop().join(name),
    };
    let stamp = workspace.workshop().join(format!("{name}.stamp"));
    let mut digest = Digest::new(RECIPE);
    digest.file(&raw)?;
    digest.file(&workspace.at("frontend/package-lock.json"))?;
    if digest.is_stamped(&stamp) && bundle.js().is_file() && bundle.wasm().is_file() {
        return Ok(bundle);
    }
    let _ = fs::remove_dir_all(&bundle.folder);
    fs::create_dir_all(&bundle.folder).map_err(Fault::file("create", &bundle.folder))?;
    bind(&raw, &bundle)?;
    shrink(workspace, &bundle)?;
    digest.stamp(&stamp)?;
    Ok(bundle)
}

fn compile(workspace: &Workspace, name: &str) -> Result<PathBuf, Fault> {
    let mut cargo = workspace.cargo();
    cargo
        .args([
            "build",
            "--package",
            "frontend",
            "--profile",
            "wasm-release",
        ])
        .args(["--target", needs::WASM, "--features", name, "--bin", name]);
    Step::new(&format!("cargo build of the {name} bundle"), cargo).succeed(workspace)?;
    Ok(workspace
        .target()
        .join(needs::WASM)
        .join("wasm-release")
        .join(format!("{name}.wasm")))
}

fn bind(raw: &Path, bundle: &Bundle) -> Result<(), Fault> {
    say(&format!("  wasm-bindgen of the {} bundle", bundle.name));
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(raw)
        .out_name(bundle.name)
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(Bindgen::generate_output)
        .and_then(|mut output| output.emit(&bundle.folder))
        .map_err(|reason| Fault::Bindgen {
            bundle: bundle.name,
            reason: format!("{reason:#}"),
        })
}

fn shrink(workspace: &Workspace, bundle: &Bundle) -> Result<(), Fault> {
    let bound = bundle.wasm();
    let small = bound.with_extension("small");
    let mut optimiser = Command::new(workspace.at("frontend/node_modules/.bin/wasm-opt"));
    optimiser
        .arg("-Oz")
        .args(FEATURES)
        .arg(&bound)
        .arg("--output")
        .arg(&small);
    Step::new(
        &format!("wasm-opt of the {} bundle", bundle.name),
        optimiser,
    )
    .succeed(workspace)?;
    fs::rename(&small, &bound).map_err(Fault::file("rename", &small))
}

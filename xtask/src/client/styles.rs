//! The style sheet: Tailwind reads which classes the pages name and writes only those.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::client::digest::Digest;
use crate::fault::Fault;
use crate::step::Step;
use crate::workspace::Workspace;

/// Change it when the step below changes.
const RECIPE: &str = "styles 1";

/// Builds the style sheet if a style, a page or a package has changed.
pub fn build(workspace: &Workspace) -> Result<PathBuf, Fault> {
    let workshop = workspace.workshop();
    fs::create_dir_all(&workshop).map_err(Fault::file("create", &workshop))?;
    let sheet = workshop.join("xueji.css");
    let stamp = workshop.join("styles.stamp");
    let mut digest = Digest::new(RECIPE);
    digest.folder(&workspace.at("frontend/style"), |_| true)?;
    digest.folder(&workspace.at("app"), is_page)?;
    digest.file(&workspace.at("frontend/package-lock.json"))?;
    if digest.is_stamped(&stamp) && sheet.is_file() {
        return Ok(sheet);
    }
    let mut tailwind = Command::new(workspace.at("frontend/node_modules/.bin/tailwindcss"));
    tailwind
        .current_dir(workspace.at("frontend"))
        .args(["--input", "style/xueji.css", "--minify", "--output"])
        .arg(&sheet);
    Step::new("tailwindcss", tailwind).succeed(workspace)?;
    digest.stamp(&stamp)?;
    Ok(sheet)
}

fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "rs")
}

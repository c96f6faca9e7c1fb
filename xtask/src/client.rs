//! The client: two bundles of islands, one style sheet, the public files, each under a name made from its
//! content, each with a brotli and a gzip twin, and the list of names that the server reads at its start.

pub mod bundle;
pub mod digest;
pub mod site;
pub mod styles;

use crate::fault::Fault;
use crate::needs;
use crate::workspace::Workspace;

/// Builds what has changed and leaves `dist/site`.
pub fn build(workspace: &Workspace) -> Result<(), Fault> {
    needs::wasm_target(workspace)?;
    needs::npm_packages(workspace, "frontend")?;
    let bundles = bundle::NAMES
        .into_iter()
        .map(|name| bundle::build(workspace, name))
        .collect::<Result<Vec<_>, _>>()?;
    let styles = styles::build(workspace)?;
    site::assemble(workspace, &bundles, &styles)
}

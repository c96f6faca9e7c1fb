//! Where things lie: the checkout, the build folder, what is handed over.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout that `cargo xtask` was called in.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout from what cargo tells the program it runs.
    pub fn find() -> Self {
        // The address at run time: a build folder may be shared by several checkouts.
        let own = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own.parent().map_or_else(|| own.clone(), Path::to_owned);
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        Self { root, target }
    }

    /// The top of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// cargo's build folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A folder or file of the checkout.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Where the steps of the client build keep what they made.
    pub fn workshop(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Where the output of every step is kept.
    pub fn logs(&self) -> PathBuf {
        self.workshop().join("logs")
    }

    /// The product's program, without any setting of a real installation that may be in the environment.
    pub fn program(&self, file: &Path) -> Command {
        let mut program = Command::new(file);
        program.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if is_setting(&name.to_string_lossy()) {
                program.env_remove(name);
            }
        }
        program
    }

    /// The cargo that runs this program, without the variables it set for this program alone.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in env::vars_os() {
            let own = name.to_string_lossy();
            if own.starts_with("CARGO_PKG_") || own.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(name);
            }
        }
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_TERM_COLOR", "never");
        cargo
    }
}

/// Whether a variable tells the product's program where and how it works. What it logs is no such thing.
fn is_setting(name: &str) -> bool {
    name.starts_with("XJ_") || name == "DATABASE_URL"
}

/// Finds a program on the PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::is_setting;

    #[test]
    fn every_setting_of_the_shell_is_kept_from_the_program() {
        for name in [
            "XJ_METRICS_ADDR",
            "XJ_TRUSTED_PROXIES",
            "XJ_CONFIG",
            "DATABASE_URL",
        ] {
            assert!(is_setting(name), "{name}");
        }
        for name in ["PATH", "RUST_LOG", "HOME"] {
            assert!(!is_setting(name), "{name}");
        }
    }
}

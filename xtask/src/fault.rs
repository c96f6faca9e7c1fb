//! What can go wrong, each with the piece that is missing or the log to read.

use std::io;
use std::path::{Path, PathBuf};

/// A reason to stop; its text is the last thing the user reads.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A tool, a package or a part of the project is not there and could not be fetched.
    #[error("missing: {what} ({how})")]
    Missing {
        /// The piece.
        what: String,
        /// How to get it.
        how: String,
    },
    /// A program ran and did not succeed.
    #[error("{step} failed ({end}); the whole log is {}", .log.display())]
    Step {
        /// What was being done.
        step: String,
        /// Exit code, signal or time limit.
        end: String,
        /// Everything the program printed.
        log: PathBuf,
    },
    /// A program could not be started.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// The program's name.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or folder refused.
    #[error("cannot {deed} {}: {source}", .path.display())]
    File {
        /// What was tried: "read", "write", "create".
        deed: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// wasm-bindgen refused a bundle.
    #[error("wasm-bindgen refused the bundle {bundle}: {reason}")]
    Bindgen {
        /// `student` or `staff`.
        bundle: &'static str,
        /// Its own words.
        reason: String,
    },
    /// An answer of a tool was not understood.
    #[error("{what} was not understood: {reason}")]
    Unreadable {
        /// The answer.
        what: String,
        /// Why.
        reason: String,
    },
    /// The server under test did not come up.
    #[error("the server did not answer {url} within {seconds} s; its log is {}", .log.display())]
    NotReady {
        /// The readiness address.
        url: String,
        /// The patience.
        seconds: u64,
        /// What the server printed.
        log: PathBuf,
    },
}

impl Fault {
    /// A missing piece with the way to get it.
    pub fn missing(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self::Missing {
            what: what.into(),
            how: how.into(),
        }
    }

    /// For `map_err` on file operations.
    pub fn file(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            deed,
            path: path.to_owned(),
            source,
        }
    }
}

//! Why a command did not do what was asked, and the one table of exit codes.

use super::said::said;
use crate::http::fonts::FontsError;
use crate::http::router::NoClient;
use crate::settings::SettingsError;
use services::ServiceError;
use services::oversight::AuditExportError;
use std::path::Path;
use store::StoreError;
use store::chain::ExportError;
use store::keys::KeyError;

/// The exit codes, as `--help` and the README have them. 64 and 70 are those of BSD's sysexits.
pub const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   done, and something was found: a finding of severity error, a chain that does not hold, a file that is missing
  2   the input cannot be read: a package, a backup, an export, a checkpoint
  64  the line, a setting or what they name is wrong, or a rule stands against it; nothing was changed
  70  the machine or the program failed";

/// Something was found.
pub const FINDINGS: u8 = 1;
/// The input cannot be read.
const UNREADABLE: u8 = 2;
/// The line, a setting or what they name is wrong.
pub const USAGE: u8 = 64;
/// The machine or the program failed.
const FAILED: u8 = 70;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The client is not where the settings say.
    #[error(transparent)]
    Client(#[from] NoClient),
    /// The fonts are not where the settings say.
    #[error(transparent)]
    Fonts(#[from] FontsError),
    /// Keys are missing or wrong.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database, with its cause.
    #[error("{0}{cause}", cause = cause(.0))]
    Store(#[from] StoreError),
    /// A use case refused.
    #[error("{}", said(.0))]
    Service(#[from] ServiceError),
    /// The audit chain cannot be written as files: which, and why.
    #[error(transparent)]
    Export(ExportError),
    /// The line, or what it names, cannot be done so.
    #[error("{0}")]
    Usage(String),
    /// Input that cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// Something else that a sentence says best.
    #[error("{0}")]
    Plain(String),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

fn cause(error: &StoreError) -> String {
    use std::error::Error as _;
    error.source().map(|s| format!(": {s}")).unwrap_or_default()
}

impl From<AuditExportError> for CommandError {
    fn from(error: AuditExportError) -> Self {
        match error {
            AuditExportError::Service(error) => error.into(),
            AuditExportError::Files(error) => Self::Export(error),
        }
    }
}

impl CommandError {
    /// The exit code, of [`EXIT_CODES`].
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Unreadable(_) | Self::Service(ServiceError::File(_)) => UNREADABLE,
            Self::Usage(_)
            | Self::Settings(_)
            | Self::Client(_)
            | Self::Fonts(_)
            | Self::Export(ExportError::NotEmpty(_) | ExportError::Nameless(_))
            | Self::Service(
                ServiceError::Refused(_)
                | ServiceError::Invalid { .. }
                | ServiceError::NotFound
                | ServiceError::SignIn
                | ServiceError::TooMany
                | ServiceError::BuiltOn(_)
                | ServiceError::StatusBegun(_)
                | ServiceError::Suspended,
            ) => USAGE,
            Self::Keys(_)
            | Self::Store(_)
            | Self::Service(
                ServiceError::Store(_) | ServiceError::Interrupted | ServiceError::Internal(_),
            )
            | Self::Export(ExportError::NotCanonical(_) | ExportError::Io { .. })
            | Self::Plain(_)
            | Self::File { .. } => FAILED,
        }
    }

    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }

    /// A file that the line names as input.
    pub(super) fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::Unreadable(format!("{path}: {source}"))
    }
}

//! `xj audit`: the chain leaves as files, is verified without the database, and the database is compared with it.

use super::{CommandError, Outcome, Result, print, university, with};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use domain::institution::TenantId;
use std::path::PathBuf;
use store::chain::VerifyError;

/// The audit chain.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Export a university's chain, its checkpoints and, beside the folder, the public key.
    Export {
        /// The university.
        #[arg(long)]
        tenant: String,
        /// A new or an empty folder; the public key goes into a new file of its name with `.key`.
        #[arg(long)]
        out: PathBuf,
    },
    /// Compare the records of a university with the values that its chain binds; exit 1 when one differs.
    Compare {
        /// The university.
        #[arg(long)]
        tenant: String,
    },
    /// Verify an export; reads nothing else than the three arguments. Exit 0: it holds, 1: it does not, 2: an argument
    /// cannot be read.
    Verify(Verify),
}

/// Verifies an export.
#[derive(Debug, Args)]
pub struct Verify {
    /// Folder of the export.
    dir: PathBuf,
    /// A signed checkpoint that the school kept.
    #[arg(long)]
    checkpoint: PathBuf,
    /// The public key.
    #[arg(long)]
    key: PathBuf,
}

impl Audit {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        match self {
            Self::Export { tenant, out } => {
                with(settings, async |services| {
                    let row = university(&services, &tenant).await?;
                    let summary = services.audit_export(TenantId(row.id), &out).await?;
                    print(summary)?;
                    Ok(Outcome::Done)
                })
                .await
            }
            Self::Compare { tenant } => {
                with(settings, async |services| {
                    let row = university(&services, &tenant).await?;
                    let found = services.audit_compare(TenantId(row.id)).await?;
                    print(&found)?;
                    Ok(if found.differing.is_empty() {
                        Outcome::Done
                    } else {
                        Outcome::Findings
                    })
                })
                .await
            }
            Self::Verify(verify) => verify.run(),
        }
    }
}

impl Verify {
    /// Verifies without database, keys or settings.
    pub fn run(&self) -> Result<Outcome> {
        let read =
            |path: &PathBuf| std::fs::read_to_string(path).map_err(CommandError::unreadable(path));
        // A file that is missing inside may have been taken away; a folder that is missing was never looked at.
        self.dir
            .read_dir()
            .map_err(CommandError::unreadable(&self.dir))?;
        let (checkpoint, key) = (read(&self.checkpoint)?, read(&self.key)?);
        match store::chain::verify(&self.dir, &checkpoint, &key) {
            Ok(report) => {
                print(report)?;
                Ok(Outcome::Done)
            }
            Err(error @ VerifyError::PublicKey(_)) => {
                Err(CommandError::Unreadable(error.to_string()))
            }
            Err(error) => {
                eprintln!("xj: {error}");
                Ok(Outcome::Findings)
            }
        }
    }
}

//! `xj keys`: new keys in force, beside a running service.

use super::{Outcome, Result, print, university, with, without_keys};
use crate::settings::Settings;
use clap::{Args, Subcommand};
use store::keys::KeyRing;

/// Keys.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Put a new key in force; the service may run meanwhile.
    Rotate(Rotate),
}

/// Which key.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Rotate {
    /// The key of this university: it seals from now on; what earlier ones sealed stays as it is, and readable.
    #[arg(long)]
    tenant: Option<String>,
    /// The root key, which wraps all others: they are wrapped anew. Cut off anywhere, it is finished by the next call.
    #[arg(long)]
    root: bool,
}

impl Keys {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        let Self::Rotate(Rotate { tenant, .. }) = self;
        match tenant {
            Some(slug) => of_university(settings, &slug).await,
            None => of_root(settings),
        }
    }
}

async fn of_university(settings: &Settings, slug: &str) -> Result<Outcome> {
    with(settings, async |services| {
        university(&services, slug).await?;
        let newest = services.rotate_keys(&services.console(), slug).await?;
        print(format_args!("{slug}: key {newest} seals from now on"))?;
        Ok(Outcome::Done)
    })
    .await
}

/// Needs no database: what the keys sealed is not touched.
fn of_root(settings: &Settings) -> Result<Outcome> {
    let ring = KeyRing::open(&settings.keys).map_err(without_keys)?;
    ring.rotate_root()?;
    tracing::info!("all keys are wrapped by a new root key");
    print(format_args!(
        "all keys are wrapped by a new root key; keep {} where the old one was kept, which opens this folder no more",
        settings.keys.join("root.key").display()
    ))?;
    Ok(Outcome::Done)
}

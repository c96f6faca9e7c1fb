//! `xj migrate`.

use super::{CommandError, Outcome, Result, print};
use crate::settings::Settings;
use store::keys::KeyRing;
use store::{PoolSettings, Store};

/// Brings the schema up to date; makes data folder and keys when they are not there.
pub async fn run(settings: &Settings) -> Result<Outcome> {
    prepare(settings).await?;
    print("schema is up to date")?;
    Ok(Outcome::Done)
}

/// As [`run`], without a word.
pub async fn prepare(settings: &Settings) -> Result<()> {
    if settings.is_sqlite() {
        std::fs::create_dir_all(&settings.data).map_err(CommandError::file(&settings.data))?;
    }
    if !settings.keys.join("root.key").exists() {
        KeyRing::create(&settings.keys)?;
    }
    Ok(Store::migrate(&PoolSettings::new(&settings.migrate_url)).await?)
}

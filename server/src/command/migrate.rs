//! `xj migrate`.

use super::{CommandError, Outcome, Result, print};
use crate::settings::Settings;
use store::keys::{KeyError, KeyRing};
use store::{PoolSettings, Store};

/// Brings the schema up to date; makes data folder and keys when they are not there.
pub async fn run(settings: &Settings) -> Result<Outcome> {
    prepare(settings).await?;
    print("schema is up to date")?;
    Ok(Outcome::Done)
}

/// New keys open nothing that was written with the old ones.
fn never_made_twice(error: KeyError) -> CommandError {
    match error {
        KeyError::Exists(path) => CommandError::Plain(format!(
            "{}: root.key is missing here, and other keys are there; bring it back from where your keys are kept",
            path.display()
        )),
        other => other.into(),
    }
}

/// As [`run`], without a word.
pub async fn prepare(settings: &Settings) -> Result<()> {
    KeyRing::ensure_apart(&settings.keys, &settings.data)?;
    if settings.is_sqlite() {
        std::fs::create_dir_all(&settings.data).map_err(CommandError::file(&settings.data))?;
    }
    if !settings.keys.join("root.key").exists() {
        if let Some(folder) = settings.keys.parent() {
            std::fs::create_dir_all(folder).map_err(CommandError::file(folder))?;
        }
        KeyRing::create(&settings.keys).map_err(never_made_twice)?;
    }
    Ok(Store::migrate(&PoolSettings::new(&settings.migrate_url)).await?)
}

//! `xj migrate`.

use super::{CommandError, Outcome, Result, make_private, print};
use crate::settings::Settings;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use store::keys::{KeyError, KeyRing};
use store::{PoolSettings, Store};

/// Brings the schema up to date; makes data folder and keys when they are not there.
pub async fn run(settings: &Settings) -> Result<Outcome> {
    if prepare(settings).await? == Keys::Made {
        print(format_args!(
            "made keys in {}; keep a copy apart from the data and from every backup: without them nothing that was sealed \
             can be read",
            settings.keys.display()
        ))?;
    }
    print("schema is up to date")?;
    Ok(Outcome::Done)
}

/// What became of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// They were there.
    Kept,
    /// They were made, on the first run.
    Made,
}

/// New keys open nothing that was written with the old ones.
fn never_made_twice(error: KeyError) -> CommandError {
    match error {
        KeyError::Exists(path) => CommandError::Usage(format!(
            "{}: root.key is missing here, and other keys are there; bring it back from where your keys are kept",
            path.display()
        )),
        other => other.into(),
    }
}

/// As [`run`], without a word.
pub async fn prepare(settings: &Settings) -> Result<Keys> {
    KeyRing::ensure_apart(&settings.keys, &settings.data)?;
    if settings.is_sqlite() {
        make_private(&settings.data)?;
    }
    let keys = if settings.keys.join("root.key").exists() {
        Keys::Kept
    } else {
        if let Some(folder) = settings.keys.parent() {
            std::fs::create_dir_all(folder).map_err(CommandError::file(folder))?;
        }
        KeyRing::create(&settings.keys).map_err(never_made_twice)?;
        Keys::Made
    };
    if let Some(database) = settings.sqlite_file() {
        begin_file(&database)?;
    }
    Store::migrate(&PoolSettings::new(&settings.migrate_url)).await?;
    Ok(keys)
}

/// Begins the file of a database for its owner alone; `-wal` and `-shm` take after it. One that is there stays as it is.
fn begin_file(database: &Path) -> Result<()> {
    let mut private = OpenOptions::new();
    match private
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(database)
    {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(CommandError::file(database)(error))
        }
        _ => Ok(()),
    }
}

//! `xj demo`.

use super::{CommandError, Outcome, Result, make_private, migrate, print, with};
use crate::settings::Settings;
use clap::Args;
use services::Services;
use std::path::{Path, PathBuf};
use store::{Holding, PoolSettings, Store};

/// Students of both universities together, unless it is said otherwise.
const STUDENTS: u32 = 2_000;
/// The seed, unless it is said otherwise.
const SEED: u64 = 7;

/// Makes a demonstration in a folder of its own, and prints its accounts.
#[derive(Debug, Args)]
pub struct Demo {
    /// Data folder of the demonstration; XJ_DATA when it is not given.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number of students, both universities together [default: 2000].
    #[arg(long)]
    students: Option<u32>,
    /// The same people for the same seed, in the same year [default: 7].
    #[arg(long)]
    seed: Option<u64>,
}

impl Demo {
    /// Runs the command. A folder that holds data and is not marked `.demo`, and a database that holds anything else than
    /// a demonstration, are refused before anything is written. A demonstration that was not finished, or that was made for
    /// the tables of another version, is made anew.
    pub async fn run(mut self, mut settings: Settings) -> Result<Outcome> {
        if let Some(data) = self.data.take() {
            settings.move_to(data);
        }
        let mark = settings.data.join(".demo");
        if !mark.exists() && holds_data(&settings.data) {
            return Err(CommandError::Usage(format!(
                "{}: this folder holds data and is not marked as a demo (.demo); nothing was touched",
                settings.data.display()
            )));
        }
        match holding(&settings).await? {
            Holding::Other => {
                return Err(CommandError::Usage(
                    "DATABASE_URL: this database holds something else than a demo; nothing was touched"
                        .to_owned(),
                ));
            }
            Holding::Demo { ready: false } => empty(&settings, "was not finished")?,
            Holding::Demo { ready: true } if is_of_other_tables(&mark)? => {
                empty(&settings, "was made for the tables of another version")?;
            }
            Holding::Nothing | Holding::Demo { ready: true } => {}
        }
        make_private(&settings.data)?;
        let text = format!("made-up people; passwords are printed\n{}\n", tables());
        std::fs::write(&mark, text).map_err(CommandError::file(&mark))?;
        migrate::prepare(&settings).await?;
        with(&settings, async |services| self.seed(&services).await).await
    }

    async fn seed(&self, services: &Services) -> Result<Outcome> {
        let there = services.store().control().demo().await?;
        let (seed, students) = (self.seed.unwrap_or(SEED), self.students.unwrap_or(STUDENTS));
        if let Some(there) = there {
            let other = self.seed.is_some_and(|seed| seed != there.seed)
                || self
                    .students
                    .is_some_and(|students| students != there.students);
            if other {
                return Err(CommandError::Usage(format!(
                    "there is a demo of {} students with seed {}; remove its data to make another one",
                    there.students, there.seed
                )));
            }
        }
        for account in services::demo::seed(services, seed, students).await? {
            print(account)?;
        }
        Ok(Outcome::Done)
    }
}

fn holds_data(folder: &Path) -> bool {
    folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some())
}

async fn holding(settings: &Settings) -> Result<Holding> {
    if settings.sqlite_file().is_some_and(|file| !file.exists()) {
        return Ok(Holding::Nothing);
    }
    Ok(Store::holding(&PoolSettings::new(&settings.migrate_url)).await?)
}

/// The line of a mark that tells for which tables a demonstration was made.
fn tables() -> String {
    format!("tables {}", store::schema_digest())
}

/// Whether a mark is there and names other tables than those of this program, or none.
fn is_of_other_tables(mark: &Path) -> Result<bool> {
    match std::fs::read_to_string(mark) {
        Ok(text) => Ok(!text.lines().any(|line| line == tables())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(CommandError::file(mark)(error)),
    }
}

/// Removes a demonstration that is of no use.
fn empty(settings: &Settings, why: &str) -> Result<()> {
    let Some(database) = settings.sqlite_file() else {
        let (name, owner) = named(&settings.migrate_url);
        return Err(CommandError::Usage(format!(
            "the demo in the database \"{name}\" {why} and is of no use; as an administrator of PostgreSQL run \
             DROP DATABASE \"{name}\"; CREATE DATABASE \"{name}\" OWNER \"{owner}\"; then run `xj demo` again"
        )));
    };
    tracing::warn!(why, "the demo is made anew");
    for end in ["", "-wal", "-shm"] {
        let mut name = database.clone().into_os_string();
        name.push(end);
        let file = PathBuf::from(name);
        gone(&file, std::fs::remove_file(&file))?;
    }
    let files = settings.data.join("files");
    gone(&files, std::fs::remove_dir_all(&files))
}

/// Database and owner in an address of PostgreSQL.
fn named(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let owner = authority.rsplit_once('@').map_or("", |(owner, _)| owner);
    let first = |text: &'_ str, end: char| text.find(end).unwrap_or(text.len());
    let (name, _) = path.split_at(first(path, '?'));
    let (owner, _) = owner.split_at(first(owner, ':'));
    (name, owner)
}

/// What was not there is gone too.
fn gone(path: &Path, removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(CommandError::file(path)(error))
        }
        _ => Ok(()),
    }
}

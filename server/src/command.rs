//! The commands, each with `--help`.

mod account;
mod admission;
mod audit;
pub mod backup;
mod demo;
mod error;
mod keys;
mod migrate;
mod operator;
mod parameter;
mod said;
pub mod serve;
mod tenant;

pub use error::{CommandError, EXIT_CODES, FINDINGS, USAGE};

use crate::settings::Settings;
use clap::Subcommand;
use services::Services;
use services::plain::PlainFolder;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use store::keys::{KeyError, KeyRing};
use store::{Files, PoolSettings, Store};

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve pages, and run one worker.
    Serve(serve::Serve),
    /// Run a worker only.
    Worker(serve::Worker),
    /// Bring the schema up to date (as the owner of the tables) and make keys on the first run.
    Migrate,
    /// Universities.
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Accounts of a university.
    #[command(subcommand)]
    Account(account::Account),
    /// Operators of the platform: the way back for one who lost phone and recovery codes.
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Parameters of a university: the way back for a school that shut itself out.
    #[command(subcommand)]
    Parameter(parameter::Parameter),
    /// Admission data.
    #[command(subcommand)]
    Admission(admission::Admission),
    /// The audit chain: export and offline verification.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Keys: a new one in the place of the old.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Write a consistent backup of the data; never of the keys.
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder or database.
    Restore(backup::Restore),
    /// Make a demonstration: two universities with made-up people.
    Demo(demo::Demo),
    /// Parse one file under limits; used by the program itself.
    #[command(hide = true)]
    Parse,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Done,
    /// Done, with at least one finding of severity error.
    Findings,
}

/// Result of a command.
pub type Result<T> = std::result::Result<T, CommandError>;

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn run(self) -> Result<Outcome> {
        if matches!(self, Self::Parse) {
            return crate::child::serve()
                .map(|()| Outcome::Done)
                .map_err(|e| CommandError::Unreadable(e.to_string()));
        }
        if let Self::Audit(audit::Audit::Verify(verify)) = &self {
            return verify.run();
        }
        let settings = Settings::load()?;
        crate::logging::begin(&settings);
        crate::logging::tell_panics();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|e| CommandError::Plain(e.to_string()))?;
        runtime.block_on(self.run_async(settings))
    }

    async fn run_async(self, settings: Settings) -> Result<Outcome> {
        match self {
            Self::Serve(command) => command.run(settings).await,
            Self::Worker(command) => command.run(settings).await,
            Self::Migrate => migrate::run(&settings).await,
            Self::Tenant(command) => command.run(&settings).await,
            Self::Account(command) => command.run(&settings).await,
            Self::Operator(command) => command.run(&settings).await,
            Self::Parameter(command) => command.run(&settings).await,
            Self::Admission(command) => command.run(&settings).await,
            Self::Audit(command) => command.run(&settings).await,
            Self::Keys(command) => command.run(&settings).await,
            Self::Backup(command) => command.run(&settings).await,
            Self::Restore(command) => command.run(&settings).await,
            Self::Demo(command) => command.run(settings).await,
            Self::Parse => Ok(Outcome::Done),
        }
    }
}

/// Opens keys, files and database, works, and closes the database again: nothing of it is left to the next opening.
///
/// # Errors
/// [`CommandError`] with what is missing and the command that brings it, and those of the work.
pub async fn with<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(Services) -> Result<T>,
) -> Result<T> {
    let keys = KeyRing::open(&settings.keys).map_err(without_keys)?;
    if settings.sqlite_file().is_some_and(|file| !file.exists()) {
        return Err(not_migrated());
    }
    let store = connect(settings, keys).await?;
    let done = match ready(settings, &store).await {
        Ok(services) => work(services).await,
        Err(error) => Err(error),
    };
    store.close().await?;
    done
}

/// Refuses a schema that this program does not know, and keys that are not those of the data.
async fn ready(settings: &Settings, store: &Store) -> Result<Services> {
    if !store.migrated().await? {
        return Err(not_migrated());
    }
    store.ensure_ring().await?;
    let parser =
        crate::child::ChildParser::new().map_err(|e| CommandError::Plain(e.to_string()))?;
    // Never among the files that a backup takes along.
    let plain = PlainFolder::at(&settings.data.join("plain"));
    match plain.clear() {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "took away what a killed process had left in clear"),
        Err(error) => tracing::warn!(%error, "files in clear could not be taken away"),
    }
    Ok(Services::new(store.clone(), Arc::new(parser)).with_plain(plain))
}

fn not_migrated() -> CommandError {
    CommandError::Usage("the schema is not up to date: run `xj migrate` first".to_owned())
}

fn without_keys(error: KeyError) -> CommandError {
    match error {
        KeyError::Missing(path) => CommandError::Usage(format!(
            "{}: no key folder here; `xj migrate` makes one on the first run, and data that are there already need the one \
             they were written with",
            path.display()
        )),
        other => other.into(),
    }
}

/// Writes a line to standard output; a reader that has gone, or a full disk, is an error like any other.
///
/// # Errors
/// [`CommandError::File`].
fn print(line: impl std::fmt::Display) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(CommandError::file(Path::new("standard output")))
}

/// The university of a slug on the command line.
///
/// # Errors
/// [`CommandError::Usage`] when there is none.
async fn university(services: &Services, slug: &str) -> Result<store::rows::Tenant> {
    let row = services.store().control().tenant_by_slug(slug).await?;
    row.ok_or_else(|| CommandError::Usage(format!("there is no university {slug}")))
}

/// Makes a folder, and those that it lies in, for its owner alone: what is written below is nobody else's to read. A folder
/// that is there stays as its owner left it.
///
/// # Errors
/// [`CommandError::File`].
fn make_private(folder: &Path) -> Result<()> {
    let mut private = std::fs::DirBuilder::new();
    let private = private.recursive(true).mode(0o700);
    private.create(folder).map_err(CommandError::file(folder))
}

async fn connect(settings: &Settings, keys: KeyRing) -> Result<Store> {
    keys.ensure_outside(&settings.data)?;
    let folder = settings.data.join("files");
    make_private(&folder)?;
    let pool = PoolSettings {
        max_connections: settings.connections,
        ..PoolSettings::new(&settings.database_url)
    };
    let source = Arc::new(services::clock::System);
    Ok(Store::connect(&pool, keys, Files::folder(&folder)?, source).await?)
}

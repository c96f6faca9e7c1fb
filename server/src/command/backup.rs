//! `xj backup` and `xj restore`: database and files in one folder with a manifest of hashes; never the keys, so that
//! destroyed keys cannot come back with a backup (办法 三（四）3).

use super::{CommandError, Outcome, Result, open};
use crate::settings::Settings;
use aws_lc_rs::digest::{Context, SHA256};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Writes a backup.
#[derive(Debug, Args)]
pub struct Backup {
    /// A folder that does not exist yet, outside the data folder.
    #[arg(long)]
    out: PathBuf,
    /// Further folders to take along; the key folder is refused.
    #[arg(long)]
    include: Vec<PathBuf>,
}

/// Brings a backup back.
#[derive(Debug, Args)]
pub struct Restore {
    /// Folder of the backup.
    from: PathBuf,
}

/// What a backup holds: every file with its size and SHA-256.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    made_at: String,
    database: String,
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    size: u64,
    sha256: String,
}

const SQLITE: &str = "xueji.sqlite";
const DUMP: &str = "xueji.pgdump";
const MANIFEST: &str = "manifest.json";

impl Backup {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        refuse_keys(settings, &self)?;
        let services = open(settings).await?;
        std::fs::create_dir_all(&self.out).map_err(CommandError::file(&self.out))?;
        if self
            .out
            .read_dir()
            .map_err(CommandError::file(&self.out))?
            .next()
            .is_some()
        {
            return Err(CommandError::Plain(format!(
                "{}: a backup goes into an empty folder",
                self.out.display()
            )));
        }
        let database = if settings.is_sqlite() {
            services.store().copy_into(&self.out.join(SQLITE)).await?;
            SQLITE
        } else {
            let url = settings.backup_url.as_deref();
            let url = url.ok_or_else(|| {
                CommandError::Plain("XJ_BACKUP_URL: the role that reads for backups".to_owned())
            })?;
            dump(url, &self.out.join(DUMP)).await?;
            DUMP
        };
        copy_folder(&settings.data.join("files"), &self.out.join("files"))?;
        for folder in &self.include {
            let name = folder.file_name().unwrap_or_default();
            copy_folder(folder, &self.out.join("include").join(name))?;
        }
        let manifest = Manifest {
            schema: "xueji.backup/1".to_owned(),
            made_at: services.store().now().to_rfc3339(),
            database: database.to_owned(),
            files: hashes(&self.out)?,
        };
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|e| CommandError::Plain(e.to_string()))?;
        let path = self.out.join(MANIFEST);
        std::fs::write(&path, text).map_err(CommandError::file(&path))?;
        println!("{} files in {}", manifest.files.len(), self.out.display());
        Ok(Outcome::Done)
    }
}

fn refuse_keys(settings: &Settings, backup: &Backup) -> Result<()> {
    let keys = settings
        .keys
        .canonicalize()
        .map_err(CommandError::file(&settings.keys))?;
    for folder in backup.include.iter().chain(std::iter::once(&settings.data)) {
        let real = folder.canonicalize().map_err(CommandError::file(folder))?;
        if keys.starts_with(&real) || real.starts_with(&keys) {
            return Err(CommandError::Plain(format!(
                "{}: the key folder is never part of a backup; keep it by other means",
                folder.display()
            )));
        }
    }
    Ok(())
}

async fn dump(url: &str, to: &Path) -> Result<()> {
    run_program(
        tokio::process::Command::new("pg_dump")
            .args(["--format=custom", "--no-owner", "--file"])
            .arg(to)
            .arg("--dbname")
            .arg(url),
    )
    .await
}

async fn run_program(command: &mut tokio::process::Command) -> Result<()> {
    let ended = command.stdin(Stdio::null()).status().await;
    let ended = ended.map_err(|e| {
        CommandError::Plain(format!("{}: {e}", command.as_std().get_program().display()))
    })?;
    if ended.success() {
        Ok(())
    } else {
        Err(CommandError::Plain(format!(
            "{} failed",
            command.as_std().get_program().display()
        )))
    }
}

impl Restore {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        let path = self.from.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(CommandError::file(&path))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|_| {
            CommandError::Unreadable(format!("{}: not the manifest of a backup", path.display()))
        })?;
        let found = hashes(&self.from)?;
        for (name, entry) in &manifest.files {
            if found.get(name) != Some(entry) {
                return Err(CommandError::Unreadable(format!(
                    "{name}: missing or not as it was backed up"
                )));
            }
        }
        std::fs::create_dir_all(&settings.data).map_err(CommandError::file(&settings.data))?;
        let database = self.from.join(&manifest.database);
        match (manifest.database.as_str(), settings.is_sqlite()) {
            (SQLITE, true) => restore_sqlite(settings, &database)?,
            (DUMP, false) => {
                run_program(
                    tokio::process::Command::new("pg_restore")
                        .args([
                            "--no-owner",
                            "--exit-on-error",
                            "--single-transaction",
                            "--dbname",
                        ])
                        .arg(&settings.migrate_url)
                        .arg(&database),
                )
                .await?;
            }
            _ => {
                return Err(CommandError::Plain(
                    "the backup is of the other kind of database than DATABASE_URL".to_owned(),
                ));
            }
        }
        copy_folder(&self.from.join("files"), &settings.data.join("files"))?;
        let services = open(settings).await?;
        services.store().check_integrity().await?;
        println!("restored {} files, database is sound", manifest.files.len());
        Ok(Outcome::Done)
    }
}

fn restore_sqlite(settings: &Settings, from: &Path) -> Result<()> {
    let to = settings.data.join(SQLITE);
    if to.exists() {
        return Err(CommandError::Plain(format!(
            "{}: there is a database here already",
            to.display()
        )));
    }
    // A log that stayed behind from another database would be replayed into this one.
    for end in ["-wal", "-shm"] {
        let stale = settings.data.join(format!("{SQLITE}{end}"));
        if stale.exists() {
            std::fs::remove_file(&stale).map_err(CommandError::file(&stale))?;
        }
    }
    std::fs::copy(from, &to).map_err(CommandError::file(&to))?;
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().map_err(CommandError::file(&next))? {
            let entry = entry.map_err(CommandError::file(&next))?;
            let kind = entry.file_type().map_err(CommandError::file(&next))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    for file in files_below(from)? {
        let inner = file.strip_prefix(from).unwrap_or(&file);
        let target = to.join(inner);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(CommandError::file(parent))?;
        }
        std::fs::copy(&file, &target).map_err(CommandError::file(&target))?;
    }
    Ok(())
}

fn hashes(folder: &Path) -> Result<BTreeMap<String, Entry>> {
    let mut all = BTreeMap::new();
    for file in files_below(folder)? {
        let name = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .display()
            .to_string();
        if name != MANIFEST {
            all.insert(name, hash(&file)?);
        }
    }
    Ok(all)
}

fn hash(path: &Path) -> Result<Entry> {
    let mut file = std::fs::File::open(path).map_err(CommandError::file(path))?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = file.read(&mut buffer).map_err(CommandError::file(path))?;
        let Some(part) = buffer.get(..read).filter(|p| !p.is_empty()) else {
            break;
        };
        context.update(part);
        size += part.len() as u64;
    }
    Ok(Entry {
        size,
        sha256: domain::audit::hex::encode(context.finish().as_ref()),
    })
}

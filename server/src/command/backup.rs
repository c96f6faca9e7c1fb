//! `xj backup` and `xj restore`: database and files in one folder with a manifest of hashes; never the keys, so that
//! destroyed keys cannot come back with a backup (办法 三（四）3).

pub mod postgres;

use super::{CommandError, Outcome, Result, print, with};
use crate::settings::Settings;
use aws_lc_rs::digest::{Context, SHA256};
use clap::Args;
use serde::{Deserialize, Serialize};
use services::Services;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use store::keys::{KeyRing, RingMarker};
use store::{PoolSettings, Store};

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
    /// Tells the key folder that the data were written with; no key.
    key_ring: String,
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    size: u64,
    sha256: String,
}

const SQLITE: &str = "xueji.sqlite";
const DUMP: &str = "xueji.pgdump";
const FILES: &str = "files";
const MANIFEST: &str = "manifest.json";

impl Backup {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        self.refuse_places(settings)?;
        self.included()?;
        with(settings, async |services| {
            self.make_room()?;
            let written = self.write(settings, &services).await;
            if written.is_err() {
                // Half a backup would stand in the way of the next one, and look like one.
                empty(&self.out)?;
            }
            written
        })
        .await
    }

    fn make_room(&self) -> Result<()> {
        let mut private = std::fs::DirBuilder::new();
        let private = private.recursive(true).mode(0o700);
        private
            .create(&self.out)
            .map_err(CommandError::file(&self.out))?;
        if holds_anything(&self.out)? {
            return Err(CommandError::Plain(format!(
                "{}: a backup goes into an empty folder",
                self.out.display()
            )));
        }
        // A folder that was there already may be open to others.
        let only_owner = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&self.out, only_owner).map_err(CommandError::file(&self.out))
    }

    /// The service goes on meanwhile. It puts a file before the row that names it, and takes the row away before the
    /// file: whatever the copy of the database names was there when it was made. So the files are copied before, for
    /// those that go meanwhile, and after, for those that came. The second round before is short: only a file that came
    /// since it began and went before the last round is missed, and `xj restore` says so.
    async fn write(&self, settings: &Settings, services: &Services) -> Result<Outcome> {
        let (live, kept) = (settings.data.join(FILES), self.out.join(FILES));
        copy_folder(&live, &kept)?;
        copy_folder(&live, &kept)?;
        let named = services.named_files().await?;
        let database = self.copy_database(settings, services).await?;
        copy_folder(&live, &kept)?;
        let still = services.named_files().await?;
        for (name, folder) in self.included()? {
            copy_folder(folder, &self.out.join("include").join(name))?;
        }
        let manifest = Manifest {
            schema: "xueji.backup/1".to_owned(),
            made_at: services.store().now().to_rfc3339(),
            database: database.to_owned(),
            key_ring: services.store().keys().marker().as_str().to_owned(),
            files: hashes(&self.out)?,
        };
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|e| CommandError::Plain(e.to_string()))?;
        let path = self.out.join(MANIFEST);
        std::fs::write(&path, text).map_err(CommandError::file(&path))?;
        // From here on the IT Centre's page says that there is one.
        services.note_backup().await?;
        let count = manifest.files.len();
        print(format_args!("{count} files in {}", self.out.display()))?;
        Ok(tell_missing(named.intersection(&still), &kept))
    }

    /// A copy of the database; answers its name in the backup.
    async fn copy_database(
        &self,
        settings: &Settings,
        services: &Services,
    ) -> Result<&'static str> {
        if settings.is_sqlite() {
            services.store().copy_into(&self.out.join(SQLITE)).await?;
            return Ok(SQLITE);
        }
        let url = settings.backup_url.as_deref();
        let url = url.ok_or_else(|| {
            CommandError::Plain("XJ_BACKUP_URL: the role that reads for backups".to_owned())
        })?;
        postgres::dump(url, &self.out.join(DUMP)).await?;
        Ok(DUMP)
    }

    /// The further folders by the names that they get in the backup: each must have one, and no two the same.
    fn included(&self) -> Result<BTreeMap<OsString, &Path>> {
        let mut named = BTreeMap::new();
        for folder in &self.include {
            let refuse =
                |why: &str| CommandError::Plain(format!("--include {}: {why}", folder.display()));
            if !folder.is_dir() {
                return Err(refuse("there is no such folder"));
            }
            let name = resolved(folder)?;
            let name = name.file_name().ok_or_else(|| {
                refuse("a folder with a name of its own is needed, not the whole disk")
            })?;
            if let Some(other) = named.insert(name.to_owned(), folder.as_path()) {
                return Err(refuse(&format!(
                    "it would lie in the place of {}, which has the same name",
                    other.display()
                )));
            }
        }
        Ok(named)
    }

    /// Keys and backup never meet: neither is the key folder taken along, nor is a backup written beside a key. Nor is
    /// one written into the data, where the next would take it along.
    fn refuse_places(&self, settings: &Settings) -> Result<()> {
        let (keys, out) = (resolved(&settings.keys)?, resolved(&self.out)?);
        for folder in self.include.iter().chain([&settings.data, &self.out]) {
            if meet(&keys, &resolved(folder)?) {
                return Err(CommandError::Plain(format!(
                    "{}: the key folder is never part of a backup; keep it by other means",
                    folder.display()
                )));
            }
        }
        if meet(&out, &resolved(&settings.data)?) {
            return Err(CommandError::Plain(format!(
                "{}: a backup goes outside the data folder",
                self.out.display()
            )));
        }
        Ok(())
    }
}

/// Says which files the database names and a folder lacks: a finding for whoever looks after the data, who may have them
/// elsewhere. Everything else is there.
fn tell_missing<'a>(named: impl IntoIterator<Item = &'a String>, folder: &Path) -> Outcome {
    let mut outcome = Outcome::Done;
    for key in named {
        if !folder.join(key).is_file() {
            eprintln!("xj: files/{key}: the database names this file, and it is not there");
            outcome = Outcome::Findings;
        }
    }
    outcome
}

/// Whether one path lies in the other.
fn meet(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// The real path; of what is not there yet, the real path of what is, and the rest with `..` taken out.
fn resolved(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path).map_err(CommandError::file(path))?;
    let known = whole
        .ancestors()
        .find_map(|known| Some((known, known.canonicalize().ok()?)));
    let Some((known, mut real)) = known else {
        return Ok(whole);
    };
    for part in whole.strip_prefix(known).unwrap_or(&whole).components() {
        if part == Component::ParentDir {
            real.pop();
        } else {
            real.push(part);
        }
    }
    Ok(real)
}

fn holds_anything(folder: &Path) -> Result<bool> {
    match folder.read_dir() {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(CommandError::file(folder)(error)),
    }
}

impl Restore {
    /// Runs the command. Whatever speaks against it is found before anything is written.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        let manifest = self.checked()?;
        KeyRing::open(&settings.keys)?.ensure_ring_of(&RingMarker::stored(manifest.key_ring))?;
        let database = self.from.join(&manifest.database);
        let of_sqlite = match manifest.database.as_str() {
            SQLITE => true,
            DUMP => false,
            _ => return Err(not_a_backup(&self.from.join(MANIFEST))),
        };
        if of_sqlite != settings.is_sqlite() {
            return Err(CommandError::Plain(
                "the backup is of the other kind of database than DATABASE_URL".to_owned(),
            ));
        }
        if holds_anything(&settings.data)? {
            return Err(CommandError::Plain(format!(
                "{}: a backup is brought back into an empty folder; nothing was changed",
                settings.data.display()
            )));
        }
        if let Some(file) = settings.sqlite_file() {
            restore_sqlite(&file, &database)?;
        } else {
            Store::judge(&PoolSettings::new(&settings.database_url)).await?;
            postgres::restore(&settings.migrate_url, &database).await?;
        }
        let files = settings.data.join(FILES);
        copy_folder(&self.from.join(FILES), &files)?;
        let named = with(settings, async |services| {
            services.store().check_integrity().await?;
            Ok(services.named_files().await?)
        })
        .await?;
        let count = manifest.files.len();
        print(format_args!("restored {count} files, database is sound"))?;
        Ok(tell_missing(&named, &files))
    }

    /// The manifest, when the backup holds exactly what it says.
    fn checked(&self) -> Result<Manifest> {
        let path = self.from.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(CommandError::file(&path))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|_| not_a_backup(&path))?;
        let found = hashes(&self.from)?;
        for (name, entry) in &manifest.files {
            if found.get(name) != Some(entry) {
                return Err(CommandError::Unreadable(format!(
                    "{name}: missing or not as it was backed up"
                )));
            }
        }
        match found
            .keys()
            .find(|name| !manifest.files.contains_key(*name))
        {
            Some(name) => Err(CommandError::Unreadable(format!(
                "{name}: was not backed up; somebody put it there"
            ))),
            None => Ok(manifest),
        }
    }
}

fn not_a_backup(manifest: &Path) -> CommandError {
    CommandError::Unreadable(format!(
        "{}: not the manifest of a backup",
        manifest.display()
    ))
}

fn restore_sqlite(to: &Path, from: &Path) -> Result<()> {
    if to.exists() {
        return Err(CommandError::Plain(format!(
            "{}: there is a database here already; nothing was changed",
            to.display()
        )));
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(CommandError::file(folder))?;
    }
    // A log that stayed behind from another database would be replayed into this one.
    for end in ["-wal", "-shm"] {
        let stale = PathBuf::from(format!("{}{end}", to.display()));
        if stale.exists() {
            std::fs::remove_file(&stale).map_err(CommandError::file(&stale))?;
        }
    }
    std::fs::copy(from, to).map_err(CommandError::file(to))?;
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

/// Copies a folder beside a server that goes on writing: what it has not finished is passed over, and so is what it has
/// removed since the folder was listed. What is in the copy already is left as it is, unless it was written anew.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    for file in files_below(from)? {
        if is_staged(&file) {
            continue;
        }
        let inner = file.strip_prefix(from).unwrap_or(&file);
        let target = to.join(inner);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(CommandError::file(parent))?;
        }
        let mut source = match File::open(&file) {
            Ok(source) => source,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(CommandError::file(&file)(error)),
        };
        let as_before = source.metadata().map_err(CommandError::file(&file))?;
        if is_copied(&as_before, &target) {
            continue;
        }
        copy_file(&mut source, &as_before, &target).map_err(CommandError::file(&target))?;
    }
    Ok(())
}

/// Whether the copy is of these contents: it has their size, and the time that they were written.
fn is_copied(source: &Metadata, copy: &Path) -> bool {
    let same = |copy: Metadata| {
        Some(copy.len() == source.len() && copy.modified().ok()? == source.modified().ok()?)
    };
    copy.metadata().ok().and_then(same) == Some(true)
}

fn copy_file(source: &mut File, as_before: &Metadata, to: &Path) -> std::io::Result<()> {
    let mut copy = File::create(to)?;
    std::io::copy(source, &mut copy)?;
    copy.set_modified(as_before.modified()?)?;
    copy.set_permissions(as_before.permissions())
}

/// Whether a file is still being written: until then the object store has it under its name, `#` and a number.
fn is_staged(file: &Path) -> bool {
    let name = file.file_name().and_then(std::ffi::OsStr::to_str);
    name.and_then(|name| name.rsplit_once('#'))
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Takes everything out of a folder that was empty before.
fn empty(folder: &Path) -> Result<()> {
    for entry in folder.read_dir().map_err(CommandError::file(folder))? {
        let path = entry.map_err(CommandError::file(folder))?.path();
        let gone = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        gone.map_err(CommandError::file(&path))?;
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
    let mut file = File::open(path).map_err(CommandError::file(path))?;
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

//! `xj backup` and `xj restore`: database and files in one folder with a manifest of hashes; never the keys, so that
//! destroyed keys cannot come back with a backup (办法 三（四）3).

pub mod postgres;

use super::{CommandError, Outcome, Result, make_private, print, with, without_keys};
use crate::settings::Settings;
use aws_lc_rs::digest::{Context, SHA256};
use clap::Args;
use serde::{Deserialize, Serialize};
use services::Services;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use store::keys::{KeyRing, RingMarker};
use store::{PoolSettings, Store};

/// Writes a backup.
#[derive(Debug, Args)]
pub struct Backup {
    /// A folder that does not exist yet, outside the data folder.
    #[arg(long)]
    out: PathBuf,
    /// Further folders to take along, for example with settings and fonts; the key folder is refused. `xj restore` brings
    /// them back into the folder that --included-to names.
    #[arg(long)]
    include: Vec<PathBuf>,
}

/// Brings a backup back.
#[derive(Debug, Args)]
pub struct Restore {
    /// Folder of the backup.
    from: PathBuf,
    /// A new or an empty folder, outside the data folder, for what --include took along; where none is named, it stays in
    /// the backup.
    #[arg(long)]
    included_to: Option<PathBuf>,
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

impl Manifest {
    /// How many files lie below a folder of the backup.
    fn below(&self, folder: &str) -> usize {
        let names = self.files.keys().map(Path::new);
        names.filter(|name| name.starts_with(folder)).count()
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    size: u64,
    sha256: String,
}

const SQLITE: &str = "xueji.sqlite";
const DUMP: &str = "xueji.pgdump";
const FILES: &str = "files";
const INCLUDED: &str = "include";
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
        if self.out.exists() && !self.out.is_dir() || holds_anything(&self.out)? {
            return Err(CommandError::Usage(format!(
                "--out {}: a backup goes into an empty folder",
                self.out.display()
            )));
        }
        make_private(&self.out)?;
        // A folder that was there already may be open to others.
        set_mode(&self.out, 0o700)
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
            copy_folder(folder, &self.out.join(INCLUDED).join(name))?;
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
        only_owner(&path)?;
        // From here on the IT Centre's page says that there is one.
        services.note_backup().await?;
        let count = manifest.files.len();
        print(format_args!("{count} files in {}", self.out.display()))?;
        Ok(tell_missing(&missing(named.intersection(&still), &kept)))
    }

    /// A copy of the database; answers its name in the backup.
    async fn copy_database(
        &self,
        settings: &Settings,
        services: &Services,
    ) -> Result<&'static str> {
        if settings.is_sqlite() {
            let copy = self.out.join(SQLITE);
            services.store().copy_into(&copy).await?;
            only_owner(&copy)?;
            return Ok(SQLITE);
        }
        let url = settings.backup_url.as_deref();
        let url = url.ok_or_else(|| {
            CommandError::Usage("XJ_BACKUP_URL: the role that reads for backups".to_owned())
        })?;
        let dump = self.out.join(DUMP);
        postgres::dump(url, &dump).await?;
        only_owner(&dump)?;
        Ok(DUMP)
    }

    /// The further folders by the names that they get in the backup: each must have one, and no two the same.
    fn included(&self) -> Result<BTreeMap<OsString, &Path>> {
        let mut named = BTreeMap::new();
        for folder in &self.include {
            let refuse =
                |why: &str| CommandError::Usage(format!("--include {}: {why}", folder.display()));
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
                return Err(CommandError::Usage(format!(
                    "{}: the key folder is never part of a backup; keep it by other means",
                    folder.display()
                )));
            }
        }
        if meet(&out, &resolved(&settings.data)?) {
            return Err(CommandError::Usage(format!(
                "{}: a backup goes outside the data folder",
                self.out.display()
            )));
        }
        Ok(())
    }
}

/// Which files the database names and a folder lacks.
fn missing<'a>(named: impl IntoIterator<Item = &'a String>, folder: &Path) -> Vec<String> {
    let named = named.into_iter();
    let gone = named.filter(|key| !folder.join(key).is_file());
    gone.cloned().collect()
}

/// Says which files are missing: a finding for whoever looks after the data, who may have them elsewhere. Everything else
/// is there.
fn tell_missing(missing: &[String]) -> Outcome {
    for key in missing {
        eprintln!("xj: files/{key}: the database names this file, and it is not there");
    }
    if missing.is_empty() {
        Outcome::Done
    } else {
        Outcome::Findings
    }
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
    /// Runs the command. Whatever speaks against it is found before anything is written, and what fails afterwards leaves
    /// no file behind.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        let manifest = self.checked()?;
        KeyRing::open(&settings.keys)
            .map_err(without_keys)?
            .ensure_ring_of(&RingMarker::stored(manifest.key_ring.clone()))?;
        self.ensure_fits(&manifest, settings)?;
        if !settings.is_sqlite() {
            Store::judge(&PoolSettings::new(&settings.database_url)).await?;
        }
        match self.bring_back(&manifest, settings).await {
            Ok(missing) => {
                self.tell(&manifest, &missing)?;
                Ok(tell_missing(&missing))
            }
            Err(error) => {
                if let Err(left) = self.take_back(settings) {
                    eprintln!("xj: {left}");
                }
                Err(error)
            }
        }
    }

    /// Refuses a backup of the other kind of database, and a place that is not free.
    fn ensure_fits(&self, manifest: &Manifest, settings: &Settings) -> Result<()> {
        let of_sqlite = match manifest.database.as_str() {
            SQLITE => true,
            DUMP => false,
            _ => return Err(not_a_backup(&self.from.join(MANIFEST))),
        };
        if of_sqlite != settings.is_sqlite() {
            return Err(CommandError::Usage(
                "the backup is of the other kind of database than DATABASE_URL".to_owned(),
            ));
        }
        if holds_anything(&settings.data)? {
            return Err(CommandError::Usage(format!(
                "{}: a backup is brought back into an empty folder; nothing was changed",
                settings.data.display()
            )));
        }
        if let Some(file) = settings.sqlite_file().filter(|file| file.exists()) {
            return Err(CommandError::Usage(format!(
                "{}: there is a database here already; nothing was changed",
                file.display()
            )));
        }
        match &self.included_to {
            Some(folder) => self.ensure_free(folder, manifest, settings),
            None => Ok(()),
        }
    }

    /// What was taken along goes where nothing is, and neither among data nor keys nor into the backup itself.
    fn ensure_free(&self, to: &Path, manifest: &Manifest, settings: &Settings) -> Result<()> {
        let refuse =
            |why: &str| CommandError::Usage(format!("--included-to {}: {why}", to.display()));
        if manifest.below(INCLUDED) == 0 {
            return Err(refuse("the backup was made without --include"));
        }
        if to.exists() && !to.is_dir() || holds_anything(to)? {
            return Err(refuse("an empty folder is needed"));
        }
        let place = resolved(to)?;
        for other in [&settings.data, &settings.keys, &self.from] {
            if meet(&place, &resolved(other)?) {
                return Err(refuse(
                    "a place outside the data, the keys and the backup is needed",
                ));
            }
        }
        Ok(())
    }

    /// Writes everything; answers the files that the database names and the backup lacks.
    async fn bring_back(&self, manifest: &Manifest, settings: &Settings) -> Result<Vec<String>> {
        let database = self.from.join(&manifest.database);
        match settings.sqlite_file() {
            Some(file) => restore_sqlite(&file, &database)?,
            None => postgres::restore(&settings.migrate_url, &database).await?,
        }
        make_private(&settings.data)?;
        let files = settings.data.join(FILES);
        copy_folder(&self.from.join(FILES), &files)?;
        if let Some(folder) = &self.included_to {
            make_private(folder)?;
            copy_folder(&self.from.join(INCLUDED), folder)?;
        }
        let named = with(settings, async |services| {
            services.store().check_integrity().await?;
            Ok(services.named_files().await?)
        })
        .await?;
        Ok(missing(&named, &files))
    }

    /// Takes away what was written before something failed. The tables of PostgreSQL come back in one transaction, or not.
    fn take_back(&self, settings: &Settings) -> Result<()> {
        let here = [Some(&settings.data), self.included_to.as_ref()];
        for folder in here.into_iter().flatten().filter(|folder| folder.exists()) {
            empty(folder)?;
        }
        for file in settings
            .sqlite_file()
            .iter()
            .flat_map(|file| sqlite_files(file))
        {
            if file.exists() {
                std::fs::remove_file(&file).map_err(CommandError::file(&file))?;
            }
        }
        Ok(())
    }

    /// What came back, in numbers that add up.
    fn tell(&self, manifest: &Manifest, missing: &[String]) -> Result<()> {
        let files = manifest.below(FILES);
        print(format_args!(
            "restored the database, which is sound, and {files} files; missing {}",
            missing.len()
        ))?;
        let included = manifest.below(INCLUDED);
        match &self.included_to {
            Some(folder) => print(format_args!(
                "restored {included} included files to {}",
                folder.display()
            )),
            None if included > 0 => print(format_args!(
                "not restored: {included} included files, which lie in {}; --included-to DIR brings them back",
                self.from.join(INCLUDED).display()
            )),
            None => Ok(()),
        }
    }

    /// The manifest, when the backup holds exactly what it says.
    fn checked(&self) -> Result<Manifest> {
        let path = self.from.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(CommandError::unreadable(&path))?;
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

/// The file of a database, and those that SQLite keeps beside it.
fn sqlite_files(database: &Path) -> impl Iterator<Item = PathBuf> {
    let name = database.as_os_str().to_owned();
    ["", "-wal", "-shm"].into_iter().map(move |end| {
        let mut name = name.clone();
        name.push(end);
        PathBuf::from(name)
    })
}

fn restore_sqlite(to: &Path, from: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        make_private(folder)?;
    }
    // A log that stayed behind from another database would be replayed into this one.
    for stale in sqlite_files(to).filter(|file| file.exists()) {
        std::fs::remove_file(&stale).map_err(CommandError::file(&stale))?;
    }
    std::fs::copy(from, to).map_err(CommandError::file(to))?;
    only_owner(to)
}

/// Makes a file its owner's alone.
fn only_owner(file: &Path) -> Result<()> {
    set_mode(file, 0o600)
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).map_err(CommandError::file(path))
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

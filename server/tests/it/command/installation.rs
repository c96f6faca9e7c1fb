//! An installation: folders, settings from the environment alone, and the program.

use formats::sample::{Defect, PackageSpec, ProvinceSpec, SamplePackage, Shape, ZipNames};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::keys::KeyRing;
use store::testkit::{Bed, on_postgres};
use store::{Files, PoolSettings, Store};
use tempfile::TempDir;

pub const SLUG: &str = "haiyang";
pub const LOGIN: &str = "gh-20260731";
pub const NAME: &str = "欧阳招生";
pub const PASSWORD: &str = "zhe-shi-yi-ju-hen-chang-de-kou-ling";
pub const YEAR: u16 = 2026;

/// Longest time for one command.
const PATIENCE: Duration = Duration::from_mins(1);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The one JSON object on standard output.
    pub fn object(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        let value: Value = serde_json::from_str(&self.out).unwrap();
        assert!(value.is_object(), "{value}");
        value
    }

    /// Ended with this code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    /// Ended with 0.
    #[track_caller]
    pub fn well(self) -> Self {
        self.with_code(0)
    }

    /// Refused, with nothing on standard output and a last line that says why.
    #[track_caller]
    pub fn refused(self) -> String {
        assert!(self.code.is_some_and(|code| code > 0), "{self:?}");
        assert_eq!(self.out, "");
        let why = self.err.lines().last().unwrap_or_default();
        assert!(why.starts_with("xj: ") && why.len() > 20, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        why.to_owned()
    }
}

/// Data, keys and database of one installation. Everything goes away with it.
pub struct Installation {
    folder: TempDir,
    keys: PathBuf,
    bed: Option<Bed>,
}

/// Runs a test on SQLite, then on PostgreSQL when there is one.
pub async fn on_each(body: impl Fn(&Installation)) {
    body(&Installation::new());
    let body = &body;
    on_postgres(|bed| async move { body(&Installation::on(Some(bed))) }).await;
}

impl Installation {
    /// On SQLite; nothing is there yet.
    pub fn new() -> Self {
        Self::on(None)
    }

    pub fn on(bed: Option<Bed>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        Self { folder, keys, bed }
    }

    /// Migrated, with a university and an officer of its Admissions Office.
    pub fn school() -> Self {
        let at = Self::new();
        at.found();
        at
    }

    /// The same key folder, other data.
    pub fn with_keys_of(other: &Self) -> Self {
        let mut at = Self::new();
        at.keys.clone_from(&other.keys);
        at
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// The program with the settings of this installation and none of the test run's own.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = xj();
        command
            .args(arguments)
            .env("XJ_ADDR", "127.0.0.1:0")
            .env("XJ_DATA", self.data())
            .env("XJ_KEYS", self.keys());
        if let Some(bed) = &self.bed {
            command
                .env("DATABASE_URL", &bed.settings().url)
                .env("XJ_MIGRATE_URL", &bed.owner().url);
            if let Some(backup) = bed.backup() {
                command.env("XJ_BACKUP_URL", backup.url);
            }
        }
        command
    }

    /// Runs the program to its end.
    pub fn xj<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ended {
        run(self.command(arguments), "")
    }

    /// `xj migrate`, a university, and an officer whose password comes by standard input.
    pub fn found(&self) {
        self.xj(["migrate"]).well();
        let named = ["--slug", SLUG, "--code", "10264", "--name", "海洋大学"];
        self.xj(["tenant", "create"].into_iter().chain(named))
            .well();
        self.hire(LOGIN, PASSWORD).well();
    }

    /// `xj account create` in the Admissions Office.
    pub fn hire(&self, login: &str, password: &str) -> Ended {
        let command = self.command([
            "account",
            "create",
            "--tenant",
            SLUG,
            "--login",
            login,
            "--name",
            NAME,
            "--office",
            "admissions",
            "--password-stdin",
        ]);
        run(command, &format!("{password}\n"))
    }

    /// `xj admission import`, with the warnings about dots accepted.
    pub fn import(&self, package: &Path) -> Ended {
        self.xj([
            "admission",
            "import",
            text(package),
            "--tenant",
            SLUG,
            "--year",
            "2026",
            "--as",
            LOGIN,
            "--accept",
            "dot_variant=已核对身份证件",
            "--json",
        ])
    }

    /// `xj admission check`.
    pub fn check(&self, package: &Path) -> Ended {
        let rest = ["--tenant", SLUG, "--year", "2026", "--json"];
        self.xj(["admission", "check", text(package)]
            .into_iter()
            .chain(rest))
    }

    /// Writes a package as a folder of province folders.
    pub fn lay_out(&self, name: &str, sample: &SamplePackage) -> PathBuf {
        let folder = self.folder().join(name);
        for (path, bytes) in &sample.files {
            let file = folder.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        }
        folder
    }

    /// Writes a package as a zip file.
    pub fn pack(&self, name: &str, sample: &SamplePackage) -> PathBuf {
        let file = self.folder().join(name);
        std::fs::write(&file, sample.zip(ZipNames::Gbk)).unwrap();
        file
    }

    /// The database of SQLite as the program opens it, to be closed before a command runs.
    pub async fn store(&self) -> Store {
        let database = self.data().join("xueji.sqlite");
        let settings = PoolSettings::new(format!("sqlite:{}", database.display()));
        let keys = KeyRing::open(self.keys()).unwrap();
        let folder = self.data().join("files");
        std::fs::create_dir_all(&folder).unwrap();
        let files = Files::folder(&folder).unwrap();
        let source = Arc::new(services::clock::System);
        Store::connect(&settings, keys, files, source)
            .await
            .unwrap()
    }

    /// What the database and the files hold, to be compared with what they hold later.
    pub fn contents(&self) -> BTreeMap<String, u64> {
        let mut all = files(&self.data());
        // They come and go with each opening; a change of the tables is in the main file once the program has ended.
        all.retain(|name, _| !name.ends_with("-shm") && !name.ends_with("-wal"));
        if let Some(url) = self.bed.as_ref().and_then(Bed::backup).map(|s| s.url) {
            let dump = outside("pg_dump", &["--data-only", "--dbname", &url]);
            // Its first and last words differ each time.
            let rows = dump.lines().filter(|l| !l.contains("restrict "));
            all.insert(
                "rows".to_owned(),
                rows.collect::<Vec<_>>().join("\n").into(),
            );
        }
        let hash = |bytes: Vec<u8>| BuildHasherDefault::<DefaultHasher>::default().hash_one(bytes);
        all.into_iter()
            .map(|(name, bytes)| (name, hash(bytes)))
            .collect()
    }

    pub const fn on_postgres(&self) -> bool {
        self.bed.is_some()
    }

    /// Addresses with roles that row-level security does not hold: the owner of the tables, the role that reads for
    /// backups, and a superuser where one may connect.
    pub fn roles_that_pass_the_walls(&self) -> Vec<String> {
        let bed = self.bed.as_ref().unwrap();
        let owner = bed.owner().url;
        let (_, server) = owner.split_once('@').unwrap();
        let superuser = format!("postgres://postgres@{server}");
        let backup = bed.backup().map(|settings| settings.url);
        [owner, superuser].into_iter().chain(backup).collect()
    }

    /// Takes one step of the schema out of the list of those that were applied.
    pub fn forget_a_step(&self) {
        let sql = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
        let bed = self.bed.as_ref().unwrap();
        outside("psql", &["--dbname", &bed.owner().url, "--command", sql]);
    }

    /// Lets the service into the database no more, and ends what it has open there; or lets it in again.
    pub fn let_in(&self, service: bool) {
        let bed = self.bed.as_ref().unwrap();
        let (owner, app) = (bed.owner().url, bed.settings().url);
        let (_, name) = owner.rsplit_once('/').unwrap();
        let elsewhere = |url: &str| format!("{}/postgres", url.rsplit_once('/').unwrap().0);
        let (deed, whom) = if service {
            ("GRANT", "TO")
        } else {
            ("REVOKE", "FROM")
        };
        let sql = format!("{deed} CONNECT ON DATABASE \"{name}\" {whom} PUBLIC");
        outside("psql", &["--dbname", &elsewhere(&owner), "--command", &sql]);
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND usename = current_user"
        );
        outside("psql", &["--dbname", &elsewhere(&app), "--command", &end]);
    }

    /// Loses the data folder, but not the keys.
    pub fn lose_files(&self) {
        std::fs::remove_dir_all(self.data()).unwrap();
    }

    /// Loses every table of PostgreSQL.
    pub fn lose_tables(&self) {
        if let Some(bed) = &self.bed {
            let drop = "DROP OWNED BY CURRENT_USER CASCADE";
            outside("psql", &["--dbname", &bed.owner().url, "--command", drop]);
        }
    }
}

/// The program without any setting.
pub fn xj() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xj"));
    let own = |name: &str| name.starts_with("XJ_") || name == "DATABASE_URL" || name == "RUST_LOG";
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(own) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end, which it must reach in time.
pub fn run(mut command: Command, input: &str) -> Ended {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that reads nothing may have ended before this is written.
    let _not_read = child.stdin.take().unwrap().write_all(input.as_bytes());
    let out = drain(child.stdout.take().unwrap());
    let err = drain(child.stderr.take().unwrap());
    let status = wait(&mut child, PATIENCE);
    let (out, err) = (out.join().unwrap(), err.join().unwrap());
    Ended {
        code: status
            .unwrap_or_else(|| panic!("not ended in time: {command:?}: {err}"))
            .code(),
        out,
        err,
    }
}

/// How a child ended that ends in time; another is killed.
pub fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

fn drain(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

fn outside(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments);
    run(command, "").well().out
}

/// Every file below a folder; nothing when there is no folder.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                all.insert(text(name).to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A package of one province with these defects.
pub fn package(seed: u64, rows: u32, defects: &[(Defect, u32)]) -> SamplePackage {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows,
        shape: Shape::default(),
        defects: defects.iter().copied().collect(),
    };
    PackageSpec {
        seed,
        year: YEAR,
        provinces: vec![province],
    }
    .generate()
}

/// A package with two errors, two warnings of a kind that [`Installation::import`] accepts, and ten good rows.
pub fn mixed(seed: u64) -> SamplePackage {
    package(
        seed,
        14,
        &[(Defect::BadChecksum, 2), (Defect::DotVariant, 2)],
    )
}

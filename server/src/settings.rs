//! Settings: from the environment, or from the file that `XJ_CONFIG` names; the environment wins.
//!
//! A wrong setting stops the start with a sentence that names the setting and what it needs.

mod address;
mod source;

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use tracing_subscriber::EnvFilter;

/// Everything the program can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `XJ_ADDR`: where pages are served.
    pub addr: SocketAddr,
    /// `XJ_METRICS_ADDR`: where metrics are served; `None` when empty.
    pub metrics_addr: Option<SocketAddr>,
    /// `XJ_DATA`: SQLite and files.
    pub data: PathBuf,
    /// `XJ_KEYS`: keys, never inside `XJ_DATA`.
    pub keys: PathBuf,
    /// `XJ_SITE`: client and styles.
    pub site: PathBuf,
    /// Whether `XJ_SITE` was set: then it must hold a client.
    pub site_is_named: bool,
    /// `DATABASE_URL`: the service's own role.
    pub database_url: String,
    /// `XJ_MIGRATE_URL`: the owner of the tables.
    pub migrate_url: String,
    /// `XJ_BACKUP_URL`: the role that reads for backups.
    pub backup_url: Option<String>,
    /// `XJ_PUBLIC_URL`: the address people use; the only source of links that leave.
    pub public_url: String,
    /// `XJ_FONTS`: a folder of further fonts for print.
    pub fonts: Option<PathBuf>,
    /// `XJ_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// `XJ_LOG`: `text` or `json`.
    pub log: LogForm,
    /// `RUST_LOG`: what is logged.
    pub filter: String,
    /// `XJ_CONNECTIONS`: most database connections.
    pub connections: u32,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The value does not have the form the setting needs.
    #[error("{name}: {need}")]
    Wrong {
        /// The setting.
        name: &'static str,
        /// What it needs.
        need: String,
    },
    /// A name that no setting has.
    #[error("{name}: there is no such setting; `xj` knows {known}", known = NAMES.join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// The settings file cannot be read.
    #[error("XJ_CONFIG: {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
}

fn wrong(name: &'static str, need: impl Into<String>) -> SettingsError {
    SettingsError::Wrong {
        name,
        need: need.into(),
    }
}

const NAMES: [&str; 14] = [
    "XJ_ADDR",
    "XJ_METRICS_ADDR",
    "XJ_DATA",
    "XJ_KEYS",
    "XJ_SITE",
    "DATABASE_URL",
    "XJ_MIGRATE_URL",
    "XJ_BACKUP_URL",
    "XJ_PUBLIC_URL",
    "XJ_FONTS",
    "XJ_TRUSTED_PROXIES",
    "XJ_LOG",
    "RUST_LOG",
    "XJ_CONNECTIONS",
];

impl Settings {
    /// Reads environment and file.
    ///
    /// # Errors
    /// [`SettingsError`] with the setting's name and what it needs.
    pub fn load() -> Result<Self, SettingsError> {
        Self::from_environment(std::env::vars_os())
    }

    /// Reads an environment, and the file that it names.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn from_environment(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, SettingsError> {
        let found = source::gather(environment)?;
        Self::from_lookup(|name| found.get(name).cloned())
    }

    /// Builds settings from a look-up of names.
    ///
    /// # Errors
    /// [`SettingsError::Wrong`].
    pub fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |name: &str| {
            get(name)
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        let addr: SocketAddr = get("XJ_ADDR")
            .unwrap_or_else(|| "127.0.0.1:3000".to_owned())
            .parse()
            .map_err(|_| {
                wrong(
                    "XJ_ADDR",
                    "an address and a port, for example 127.0.0.1:3000",
                )
            })?;
        let metrics_addr = get("XJ_METRICS_ADDR")
            .map(|text| {
                text.parse()
                    .map_err(|_| wrong("XJ_METRICS_ADDR", "an address and a port, or nothing"))
            })
            .transpose()?;
        let data = PathBuf::from(get("XJ_DATA").unwrap_or_else(|| "data/xueji".to_owned()));
        let keys = PathBuf::from(get("XJ_KEYS").unwrap_or_else(|| "data/xueji-keys".to_owned()));
        if keys.starts_with(&data) {
            return Err(wrong(
                "XJ_KEYS",
                "keys never lie inside XJ_DATA: a backup of the data would carry them",
            ));
        }
        let database_url = get("DATABASE_URL").unwrap_or_else(|| sqlite_url(&data));
        address::engine("DATABASE_URL", &database_url)?;
        let migrate_url = get("XJ_MIGRATE_URL").unwrap_or_else(|| database_url.clone());
        address::check_migrate(&migrate_url, &database_url)?;
        let backup_url = get("XJ_BACKUP_URL");
        if let Some(url) = &backup_url {
            address::check_backup(url, &database_url)?;
        }
        let public_url = get("XJ_PUBLIC_URL").unwrap_or_else(|| format!("http://{addr}"));
        address::check_public(&public_url)?;
        let site = get("XJ_SITE");
        Ok(Self {
            metrics_addr,
            site_is_named: site.is_some(),
            site: PathBuf::from(site.unwrap_or_else(|| "dist/site".to_owned())),
            migrate_url,
            backup_url,
            fonts: get("XJ_FONTS").map(PathBuf::from),
            trusted_proxies: proxies(get("XJ_TRUSTED_PROXIES").as_deref())?,
            log: log_form(get("XJ_LOG").as_deref())?,
            filter: filter(get("RUST_LOG"))?,
            connections: connections(get("XJ_CONNECTIONS").as_deref())?,
            addr,
            data,
            keys,
            database_url,
            public_url: public_url.trim_end_matches('/').to_owned(),
        })
    }

    /// Names of all settings: the README lists the same.
    pub const fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Whether the database is a file.
    pub fn is_sqlite(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }

    /// The file of the database, if it is a file.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.database_url.strip_prefix("sqlite:")?;
        let path = rest.trim_start_matches("//").split('?').next()?;
        Some(PathBuf::from(path.replace("%3F", "?").replace("%25", "%")))
    }

    /// Takes another data folder, with the database in it if that is a file.
    pub fn move_to(&mut self, data: PathBuf) {
        if self.is_sqlite() {
            self.database_url = sqlite_url(&data);
            self.migrate_url.clone_from(&self.database_url);
        }
        self.data = data;
    }

    /// Refuses to show a demo to a network: its passwords are printed.
    ///
    /// # Errors
    /// [`SettingsError::Wrong`] for a demo behind an address other than loopback. The mark stands in the data folder and
    /// in the database (`marked`): either is enough.
    pub fn check_demo(&self, marked: bool) -> Result<(), SettingsError> {
        let open = |address: &SocketAddr| !address.ip().is_loopback();
        let addresses = [
            ("XJ_ADDR", Some(self.addr)),
            ("XJ_METRICS_ADDR", self.metrics_addr),
        ];
        let named = addresses
            .into_iter()
            .find(|(_, address)| address.as_ref().is_some_and(open));
        match named {
            Some((name, _)) if marked || self.is_demo() => Err(wrong(
                name,
                "the data are a demo (.demo); a demo is served on loopback only",
            )),
            _ => Ok(()),
        }
    }

    /// Whether the data folder is marked as a demo.
    pub fn is_demo(&self) -> bool {
        self.data.join(".demo").exists()
    }
}

fn sqlite_url(data: &Path) -> String {
    let path = data.join("xueji.sqlite").display().to_string();
    let escaped = path.replace('%', "%25").replace('?', "%3F");
    format!("sqlite:{escaped}?mode=rwc")
}

fn proxies(text: Option<&str>) -> Result<Vec<IpAddr>, SettingsError> {
    text.unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|t| {
            t.parse()
                .map(|address: IpAddr| address.to_canonical())
                .map_err(|_| wrong("XJ_TRUSTED_PROXIES", "addresses separated by commas"))
        })
        .collect()
}

fn log_form(text: Option<&str>) -> Result<LogForm, SettingsError> {
    match text {
        None | Some("text") => Ok(LogForm::Text),
        Some("json") => Ok(LogForm::Json),
        Some(_) => Err(wrong("XJ_LOG", "text or json")),
    }
}

fn filter(text: Option<String>) -> Result<String, SettingsError> {
    let text = text.unwrap_or_else(|| "info".to_owned());
    EnvFilter::try_new(&text).map_err(|_| {
        wrong(
            "RUST_LOG",
            "levels and targets, for example info or warn,server=debug",
        )
    })?;
    Ok(text)
}

/// An export alone reads in two transactions and tells how far it is in a third; pages need one meanwhile.
fn connections(text: Option<&str>) -> Result<u32, SettingsError> {
    text.unwrap_or("12")
        .parse()
        .ok()
        .filter(|n| (4..=200).contains(n))
        .ok_or_else(|| wrong("XJ_CONNECTIONS", "a number between 4 and 200"))
}

//! Settings: a wrong one stops the start with a sentence that names it.

use server::settings::Settings;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn with(pairs: &[(&str, &str)]) -> Result<Settings, String> {
    let find = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| (*v).to_owned())
    };
    Settings::from_lookup(find).map_err(|e| e.to_string())
}

#[test]
fn nothing_set_is_a_working_installation_on_loopback() {
    let settings = with(&[]).unwrap();
    assert!(settings.addr.ip().is_loopback());
    assert!(settings.is_sqlite());
    assert!(!settings.keys.starts_with(&settings.data));
}

#[test]
fn a_wrong_setting_is_named() {
    for (name, value) in [
        ("XJ_ADDR", "everywhere"),
        ("XJ_METRICS_ADDR", "9464"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "sqlite:"),
        ("XJ_MIGRATE_URL", "mysql://x"),
        ("XJ_MIGRATE_URL", "postgres://xj_owner@db/xueji"),
        ("XJ_MIGRATE_URL", "sqlite:other.sqlite"),
        ("XJ_BACKUP_URL", "everything"),
        ("XJ_BACKUP_URL", "postgres://xj_backup@db/xueji"),
        ("XJ_PUBLIC_URL", "http://xueji.example.edu.cn"),
        ("XJ_PUBLIC_URL", "ftp://127.0.0.1"),
        ("XJ_PUBLIC_URL", "127.0.0.1:3000"),
        ("XJ_PUBLIC_URL", "https://"),
        ("XJ_PUBLIC_URL", "http://localhost:x@evil.example"),
        ("XJ_PUBLIC_URL", "http://localhost.evil.example"),
        ("XJ_PUBLIC_URL", "http://[::1"),
        ("XJ_PUBLIC_URL", "http://[::2]:3000"),
        ("XJ_PUBLIC_URL", "https://xueji.example.edu.cn/xueji"),
        ("XJ_PUBLIC_URL", "https://xueji.example.edu.cn:port"),
        ("XJ_LOG", "yaml"),
        ("XJ_CONNECTIONS", "0"),
        ("XJ_TRUSTED_PROXIES", "proxy"),
    ] {
        let error = with(&[(name, value)]).unwrap_err();
        assert!(error.starts_with(name), "{name}={value}: {error}");
    }
}

#[test]
fn keys_never_lie_inside_the_data() {
    let error = with(&[("XJ_DATA", "data"), ("XJ_KEYS", "data/keys")]).unwrap_err();
    assert!(error.starts_with("XJ_KEYS"), "{error}");
}

#[test]
fn plain_http_is_for_loopback() {
    assert!(with(&[("XJ_PUBLIC_URL", "http://localhost:3000")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "http://127.0.0.1:3000")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "http://[::1]")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "http://[::1]:3000/")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "https://xueji.example.edu.cn")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "https://xueji.example.edu.cn:8443/")]).is_ok());
}

#[test]
fn the_three_roles_are_of_one_database() {
    let service = ("DATABASE_URL", "postgres://xj_app@db/xueji");
    let owner = ("XJ_MIGRATE_URL", "postgres://xj_owner@db/xueji");
    let backup = ("XJ_BACKUP_URL", "postgres://xj_backup@db/xueji");
    let settings = with(&[service, owner, backup]).unwrap();
    assert_eq!(settings.migrate_url, owner.1);
    assert_eq!(settings.backup_url.as_deref(), Some(backup.1));
    let error = with(&[service, ("XJ_MIGRATE_URL", "sqlite:data/xueji.sqlite")]).unwrap_err();
    assert!(error.starts_with("XJ_MIGRATE_URL"), "{error}");
    let file = ("DATABASE_URL", "sqlite:x.sqlite");
    assert!(with(&[file, ("XJ_MIGRATE_URL", "sqlite:x.sqlite")]).is_ok());
}

/// An environment with a settings file in it.
fn from_file(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("xueji.toml");
    std::fs::write(&path, text).unwrap();
    let file = (OsString::from("XJ_CONFIG"), path.into_os_string());
    let pairs = environment
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Settings::from_environment(pairs.chain([file])).map_err(|e| e.to_string())
}

#[test]
fn a_file_sets_what_the_environment_does_not() {
    let file = "XJ_CONNECTIONS = 20\nXJ_LOG = \"json\"\nXJ_DATA = \"/srv/xueji\"\n";
    let settings = from_file(file, &[("XJ_DATA", "/srv/other"), ("XJ_LOG", " ")]).unwrap();
    assert_eq!(settings.connections, 20);
    assert_eq!(settings.log, server::settings::LogForm::Json);
    assert_eq!(settings.data, PathBuf::from("/srv/other"));
}

#[test]
fn a_file_with_a_wrong_value_is_refused() {
    for (file, named) in [
        ("XJ_ADRR = \"127.0.0.1:1\"", "XJ_ADRR"),
        ("XJ_TRUSTED_PROXIES = [\"10.0.0.1\"]", "XJ_TRUSTED_PROXIES"),
        ("XJ_LOG = true", "XJ_LOG"),
        ("XJ_CONNECTIONS = 12.5", "XJ_CONNECTIONS"),
        ("XJ_CONNECTIONS = 1", "XJ_CONNECTIONS"),
        ("[XJ_DATA]\npath = \"x\"", "XJ_DATA"),
        ("XJ_DATA", "XJ_CONFIG"),
    ] {
        let error = from_file(file, &[]).unwrap_err();
        assert!(error.contains(named), "{file}: {error}");
    }
    let absent = [(
        OsString::from("XJ_CONFIG"),
        OsString::from("/nowhere/x.toml"),
    )];
    let error = Settings::from_environment(absent).unwrap_err().to_string();
    assert!(error.starts_with("XJ_CONFIG: /nowhere/x.toml"), "{error}");
}

#[test]
fn a_variable_that_means_nothing_is_refused() {
    let with = |name: &str, value: Vec<u8>| {
        let pair = (OsString::from(name), OsString::from_vec(value));
        Settings::from_environment([pair]).map_err(|e| e.to_string())
    };
    let error = with("XJ_ADRR", b"127.0.0.1:1".to_vec()).unwrap_err();
    assert!(
        error.starts_with("XJ_ADRR") && error.contains("XJ_ADDR"),
        "{error}"
    );
    let error = with("XJ_DATA", vec![b'/', 0xff]).unwrap_err();
    assert!(error.starts_with("XJ_DATA"), "{error}");
    for others in ["XJ_TEST_PG_APP", "XJ_E2E_URL", "XJ_SAMPLES", "XJX", "PATH"] {
        assert!(with(others, b"x".to_vec()).is_ok(), "{others}");
    }
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, settings) = readme.split_once("\n## Settings\n").unwrap();
    let (settings, _) = settings.split_once("\n## ").unwrap();
    let listed: BTreeSet<&str> = settings
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let known: BTreeSet<&str> = Settings::names().iter().copied().collect();
    assert_eq!(listed, known);
    assert!(settings.contains("XJ_CONFIG"));
}

#[test]
fn a_demo_is_shown_on_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".demo"), b"").unwrap();
    let data = folder.path().to_str().unwrap();
    assert!(
        with(&[("XJ_DATA", data)])
            .unwrap()
            .check_demo(false)
            .is_ok()
    );
    let address = ("XJ_PUBLIC_URL", "https://xueji.example.edu.cn");
    let open = with(&[("XJ_DATA", data), ("XJ_ADDR", "0.0.0.0:3000"), address]).unwrap();
    assert!(open.check_demo(false).is_err());
    let measured = ("XJ_METRICS_ADDR", "0.0.0.0:9464");
    let open = with(&[("XJ_DATA", data), measured]).unwrap();
    let error = open.check_demo(false).unwrap_err().to_string();
    assert!(error.starts_with("XJ_METRICS_ADDR"), "{error}");
    let other = with(&[measured]).unwrap();
    assert!(other.check_demo(false).is_ok());
    assert!(other.check_demo(true).is_err(), "the database is marked");
}

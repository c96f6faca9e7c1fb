//! Settings that are addresses: of the service as people see it, and of its databases.

use super::{SettingsError, wrong};
use std::net::IpAddr;

/// What a database address begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

/// Which database an address names.
pub(super) fn engine(name: &'static str, url: &str) -> Result<Engine, SettingsError> {
    let postgres = ["postgres://", "postgresql://"];
    if postgres.iter().any(|start| url.starts_with(start)) {
        return Ok(Engine::Postgres);
    }
    if url
        .strip_prefix("sqlite:")
        .is_some_and(|file| !file.trim_start_matches('/').is_empty())
    {
        return Ok(Engine::Sqlite);
    }
    Err(wrong(name, "sqlite:… or postgres://…"))
}

/// The owner of the tables and the role of the service work in one database.
pub(super) fn check_migrate(url: &str, database: &str) -> Result<(), SettingsError> {
    let name = "XJ_MIGRATE_URL";
    let same = match (engine(name, url)?, engine("DATABASE_URL", database)?) {
        (Engine::Postgres, Engine::Postgres) => true,
        (Engine::Sqlite, Engine::Sqlite) => url == database,
        (Engine::Sqlite, Engine::Postgres) | (Engine::Postgres, Engine::Sqlite) => false,
    };
    if same {
        Ok(())
    } else {
        Err(wrong(
            name,
            "the database that DATABASE_URL names, with the role that owns its tables",
        ))
    }
}

/// A role that reads for backups is a thing of PostgreSQL.
pub(super) fn check_backup(url: &str, database: &str) -> Result<(), SettingsError> {
    let name = "XJ_BACKUP_URL";
    let both = (engine(name, url)?, engine("DATABASE_URL", database)?);
    if both == (Engine::Postgres, Engine::Postgres) {
        Ok(())
    } else {
        Err(wrong(
            name,
            "postgres://…, and only where DATABASE_URL is PostgreSQL too; SQLite is copied as it is",
        ))
    }
}

/// `https://host[:port]`; plain http on loopback only.
pub(super) fn check_public(url: &str) -> Result<(), SettingsError> {
    let need = || {
        wrong(
            "XJ_PUBLIC_URL",
            "https://host, with a port if need be, and nothing after it; plain http only on loopback, since the session \
             cookie needs a secure context",
        )
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(need)?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let host = host_of(authority).ok_or_else(need)?;
    let fits = match scheme {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    if fits { Ok(()) } else { Err(need()) }
}

/// The host of `host[:port]`: no name and password before it, no path behind it.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (
                host,
                after
                    .strip_prefix(':')
                    .or(after.is_empty().then_some("443")),
            )
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("443")),
        },
    };
    port?.parse::<u16>().ok()?;
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.' | ':' | '_');
    (!host.is_empty() && host.chars().all(plain)).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

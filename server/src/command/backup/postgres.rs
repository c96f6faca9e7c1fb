//! PostgreSQL's own tools, as children. What stands on a command line is read by everybody on the machine: a password
//! goes by the environment, which only the same user reads.

use crate::command::{CommandError, Result};
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// A database address without its password, and the password.
#[derive(Debug, PartialEq, Eq)]
pub struct Login {
    /// The address as it may stand on a command line.
    pub url: String,
    /// The password in plain.
    pub password: Option<String>,
}

impl Login {
    /// Takes the password out of `postgres://user:password@host/db?password=…`.
    pub fn of(url: &str) -> Self {
        let (url, query) = match url.split_once('?') {
            Some((url, query)) => (url, Some(query)),
            None => (url, None),
        };
        let (mut kept, mut password) = (url.to_owned(), None);
        if let Some((scheme, rest)) = url.split_once("://") {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            if let Some((login, host)) = authority.rsplit_once('@')
                && let Some((user, secret)) = login.split_once(':')
            {
                kept = format!("{scheme}://{user}@{host}{path}");
                password = Some(decoded(secret));
            }
        }
        let (secrets, others): (Vec<&str>, Vec<&str>) = query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .partition(|pair| pair.starts_with("password="));
        if let Some((_, secret)) = secrets.last().and_then(|pair| pair.split_once('=')) {
            password = Some(decoded(secret));
        }
        if !others.is_empty() {
            kept = format!("{kept}?{}", others.join("&"));
        }
        Self {
            url: kept,
            password,
        }
    }

    fn give_to(&self, command: &mut Command) {
        command.arg("--dbname").arg(&self.url);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
    }
}

/// The text behind `%41` and the like.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let number = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(number.unwrap_or(first));
        rest = if number.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes a database into a file, as the role that reads for backups.
pub(super) async fn dump(url: &str, to: &Path) -> Result<()> {
    let mut program = Command::new("pg_dump");
    program
        .args(["--format=custom", "--no-owner", "--file"])
        .arg(to);
    run(program, url, None).await
}

/// Brings a database back, as the owner of its tables.
pub(super) async fn restore(url: &str, from: &Path) -> Result<()> {
    let mut program = Command::new("pg_restore");
    program.args(["--no-owner", "--exit-on-error", "--single-transaction"]);
    run(program, url, Some(from)).await
}

async fn run(mut program: Command, url: &str, last: Option<&Path>) -> Result<()> {
    Login::of(url).give_to(&mut program);
    program.args(last);
    let name = program.as_std().get_program().display().to_string();
    let ended = program.stdin(Stdio::null()).status().await;
    let ended = ended.map_err(|e| CommandError::Plain(format!("{name}: {e}")))?;
    if ended.success() {
        Ok(())
    } else {
        Err(CommandError::Plain(format!(
            "{name} failed, for the reason that it gives above"
        )))
    }
}

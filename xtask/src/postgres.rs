//! A throw-away PostgreSQL cluster on a free port of the loopback, with the three roles of the product.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, geteuid};

use crate::ending::{self, Held, Thing};
use crate::fault::Fault;
use crate::needs;
use crate::step::{Step, say};
use crate::workspace::Workspace;

/// What a role may do is decided here as an installation would decide it: the owner migrates, the program
/// neither owns nor bypasses, the backup reads everything and writes nothing.
const ROLES: &str = "\
    CREATE ROLE xj_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;\
    CREATE ROLE xj_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;\
    CREATE ROLE xj_backup LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE BYPASSRLS;\
    GRANT pg_read_all_data TO xj_backup;\
    ALTER ROLE xj_backup SET default_transaction_read_only = on;";

/// Whether a commit reaches the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// No: for tests.
    Off,
    /// As installed: for measuring.
    On,
}

/// A running cluster; it stops and its folder goes when this value does.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    _held: Held,
}

/// The file in which a cluster keeps its process id.
pub fn pid_file(folder: &Path) -> PathBuf {
    folder.join("data/postmaster.pid")
}

/// The process of the cluster in a folder, if it is running and really that cluster's.
pub fn pid_of(folder: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pid_file(folder)).ok()?;
    let pid: i32 = text.lines().next()?.trim().parse().ok()?;
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    String::from_utf8_lossy(&line)
        .contains(&*folder.to_string_lossy())
        .then(|| Pid::from_raw(pid))?
}

impl Cluster {
    /// Lays out and starts a cluster, installing PostgreSQL if need be.
    pub fn start(workspace: &Workspace, durability: Durability) -> Result<Self, Fault> {
        let programs = needs::postgres(workspace)?;
        let folder = ending::scratch("pg")?;
        let held = ending::hold(Thing::Cluster(folder.clone()));
        let cluster = Self {
            programs,
            folder,
            port: free_port()?,
            _held: held,
        };
        cluster.lay_out(workspace)?;
        cluster.launch(workspace, durability)?;
        cluster.sql(workspace, "PostgreSQL roles", ROLES)?;
        say(&format!("  PostgreSQL is on 127.0.0.1:{}", cluster.port));
        Ok(cluster)
    }

    /// The address of a role's access to a database.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    /// The addresses that tests read: each makes its own database as the owner.
    pub fn test_addresses(&self) -> [(&'static str, String); 3] {
        [
            ("XJ_TEST_PG_OWNER", self.url("xj_owner", "postgres")),
            ("XJ_TEST_PG_APP", self.url("xj_app", "postgres")),
            ("XJ_TEST_PG_BACKUP", self.url("xj_backup", "postgres")),
        ]
    }

    /// Makes a database that belongs to `xj_owner`.
    pub fn create_database(&self, workspace: &Workspace, name: &str) -> Result<(), Fault> {
        let sql = format!("CREATE DATABASE {name} OWNER xj_owner");
        self.sql(workspace, &format!("PostgreSQL database {name}"), &sql)
    }

    fn lay_out(&self, workspace: &Workspace) -> Result<(), Fault> {
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&self.folder, private).map_err(Fault::file("protect", &self.folder))?;
        if geteuid().is_root() {
            chown(&self.folder, account_id("-u"), account_id("-g"))
                .map_err(Fault::file("hand to postgres", &self.folder))?;
        }
        let mut initdb = self.command("initdb");
        initdb
            .args([
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .args(["--username=postgres", "--pgdata"])
            .arg(self.folder.join("data"));
        Step::new("PostgreSQL initdb", initdb).succeed(workspace)?;
        Ok(())
    }

    fn launch(&self, workspace: &Workspace, durability: Durability) -> Result<(), Fault> {
        let folder = self.folder.display();
        let mut settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c max_connections=200 -c shared_buffers=256MB",
            self.port
        );
        if durability == Durability::Off {
            settings.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        let mut start = self.command("pg_ctl");
        start
            .args(["start", "--wait", "--timeout=60", "--silent", "--pgdata"])
            .arg(self.folder.join("data"))
            .arg("--log")
            .arg(self.folder.join("server.log"))
            .args(["--options", &settings]);
        Step::new("PostgreSQL start", start).succeed(workspace)?;
        Ok(())
    }

    fn sql(&self, workspace: &Workspace, title: &str, sql: &str) -> Result<(), Fault> {
        let mut psql = self.command("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
            .args(["--dbname", &self.url("postgres", "postgres")])
            .args(["--command", sql]);
        Step::new(title, psql).succeed(workspace)?;
        Ok(())
    }

    /// PostgreSQL refuses to run as root: then its own account runs it.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if geteuid().is_root() {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", "postgres", "--"]).arg(program);
            runuser
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        command
    }
}

/// A port of the loopback that is free just now.
pub fn free_port() -> Result<u16, Fault> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| Fault::Unreadable {
            what: "a free port of 127.0.0.1".to_owned(),
            reason: source.to_string(),
        })
}

fn account_id(kind: &str) -> Option<u32> {
    needs::answer("id", &[kind, "postgres"])?.parse().ok()
}

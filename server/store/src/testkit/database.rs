//! Where a bed's tables are: a file, or a database of its own in a PostgreSQL cluster.

use crate::{PoolSettings, Store};
use aws_lc_rs::rand;
use domain::audit::hex;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend};
use std::path::Path;
use tokio::sync::OnceCell;

/// A migrated, empty SQLite file; made once in a process.
static EMPTY: OnceCell<Vec<u8>> = OnceCell::const_new();

/// A setting of the test run.
#[expect(
    clippy::disallowed_methods,
    reason = "where the test cluster is; no setting of the program"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// Where the tables are.
#[derive(Debug)]
pub enum Place {
    /// A SQLite file in the bed's folder.
    File {
        /// Its address.
        url: String,
    },
    /// A database of PostgreSQL.
    Postgres(Named),
}

/// A database of a cluster; dropped with this value.
#[derive(Debug)]
pub struct Named {
    name: String,
    cluster: Cluster,
    owner: String,
    app: String,
    backup: Option<String>,
}

/// The addresses of a cluster's maintenance database.
#[derive(Clone, Debug)]
struct Cluster {
    owner: String,
    app: String,
    backup: Option<String>,
}

impl Place {
    /// A migrated SQLite file in a folder.
    pub async fn file(folder: &Path) -> Self {
        let empty = EMPTY.get_or_init(migrated_file).await;
        let path = folder.join("xueji.db");
        std::fs::write(&path, empty).expect("the database file");
        Self::File {
            url: address(&path),
        }
    }

    /// A migrated database of the cluster, if one is named.
    pub async fn postgres() -> Option<Self> {
        let cluster = Cluster {
            owner: setting("XJ_TEST_PG_OWNER")?,
            app: setting("XJ_TEST_PG_APP")?,
            backup: setting("XJ_TEST_PG_BACKUP"),
        };
        let mut bytes = [0; 8];
        rand::fill(&mut bytes).expect("a name for the database");
        let name = format!("xj_t_{}", hex::encode(&bytes));
        let owner = connect(&cluster.owner).await;
        execute(&owner, &format!("CREATE DATABASE {name}")).await;
        owner
            .close()
            .await
            .expect("the owner's connection to close");
        let named = Named {
            owner: within(&cluster.owner, &name),
            app: within(&cluster.app, &name),
            backup: cluster.backup.as_deref().map(|url| within(url, &name)),
            cluster,
            name,
        };
        Store::migrate(&PoolSettings::new(&named.owner))
            .await
            .expect("the schema of the test");
        Some(Self::Postgres(named))
    }

    /// Which database it is.
    pub const fn backend(&self) -> DbBackend {
        match self {
            Self::File { .. } => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// The service's address.
    pub fn app(&self) -> &str {
        match self {
            Self::File { url } => url,
            Self::Postgres(named) => &named.app,
        }
    }

    /// The owner's address.
    pub fn owner(&self) -> &str {
        match self {
            Self::File { url } => url,
            Self::Postgres(named) => &named.owner,
        }
    }

    /// The backup's address.
    pub fn backup(&self) -> Option<&str> {
        match self {
            Self::File { url } => Some(url),
            Self::Postgres(named) => named.backup.as_deref(),
        }
    }
}

impl Drop for Named {
    /// Ends what each role still holds open, as that role, and drops the database, as its owner. A thread of its own,
    /// because the test's runtime cannot be waited for here.
    fn drop(&mut self) {
        let (cluster, name) = (self.cluster.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(drop_database(&cluster, &name));
            Ok::<_, std::io::Error>(())
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("postgres: database {} was left behind", self.name);
        }
    }
}

async fn drop_database(cluster: &Cluster, name: &str) {
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND usename = current_user"
    );
    for url in [&cluster.app, &cluster.owner]
        .into_iter()
        .chain(&cluster.backup)
    {
        execute(&connect(url).await, &end).await;
    }
    let owner = connect(&cluster.owner).await;
    execute(&owner, &format!("DROP DATABASE {name}")).await;
}

async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder for the schema");
    let path = folder.path().join("empty.db");
    Store::migrate(&PoolSettings::new(address(&path)))
        .await
        .expect("the schema of the test");
    std::fs::read(&path).expect("the migrated file")
}

fn address(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}

/// The address of another database of the same cluster and role.
fn within(url: &str, name: &str) -> String {
    let (base, options) = url.split_once('?').unwrap_or((url, ""));
    let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
    if options.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{options}")
    }
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the test cluster")
}

async fn execute(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql)
        .await
        .expect("a statement of the test kit");
}

//! A server that a test can stop at any statement, or that does without its fence.

use crate::{Files, PoolSettings, Source, Store, keys::KeyRing, pool};
use std::path::Path;
use std::sync::Arc;

/// Called after every statement with its text, with `COMMIT` before and `COMMITTED` after the commit of a unit of work.
pub type OnStatement = Arc<dyn Fn(&str) + Send + Sync>;

/// What a test changes about a store.
#[derive(Clone)]
pub struct Hooks {
    /// Sees every statement and every commit; may end the process.
    pub statement: Option<OnStatement>,
    /// Whether the fence of a job is compared before its writes. Without it a test must be able to see the harm.
    pub fenced: bool,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            statement: None,
            fenced: true,
        }
    }
}

impl Store {
    /// A store over the database, keys and files of a bed, in this process or another one.
    pub async fn hooked(
        settings: &PoolSettings,
        folder: &Path,
        source: Arc<dyn Source>,
        hooks: Hooks,
    ) -> Self {
        let keys = KeyRing::open(&folder.join("keys")).expect("the keys of the test");
        let files = Files::folder(&folder.join("files")).expect("the files of the test");
        let mut db = pool::open(settings).await.expect("a pool");
        if let Some(each) = hooks.statement.clone() {
            db.set_metric_callback(move |info| each(&info.statement.sql));
        }
        Self::over_with(db, keys, files, source, hooks)
            .await
            .expect("the store of the test")
    }
}

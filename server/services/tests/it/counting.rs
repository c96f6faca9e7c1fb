//! How many statements a use case takes.

use services::Services;
use services::parser::InProcess;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Store;
use store::testkit::{Bed, Hooks};

/// Services over the same database that count their statements.
pub async fn counting(bed: &Bed) -> (Services, Arc<AtomicU64>) {
    let sent = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&sent);
    let hooks = Hooks {
        statement: Some(Arc::new(move |_: &str| {
            counter.fetch_add(1, Ordering::SeqCst);
        })),
        fenced: true,
    };
    let store = Store::hooked(&bed.settings(), bed.folder(), bed.source().clone(), hooks).await;
    (Services::new(store, Arc::new(InProcess)), sent)
}

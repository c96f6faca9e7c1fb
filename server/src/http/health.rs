//! `/healthz` says that the process lives, `/readyz` that database, schema and keys are there.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use services::Services;
use std::time::Duration;

/// Longest time for the database to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What stands in the way of serving.
#[derive(Debug, Serialize)]
pub struct Ready {
    database: bool,
    migrations: bool,
    keys: bool,
}

/// Alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Ready to serve, or 503 with what is missing. Answers within two seconds also when the database does not.
pub async fn ready(State(services): State<Services>) -> (StatusCode, Json<Ready>) {
    let store = services.store();
    let looked = tokio::time::timeout(PATIENCE, async {
        let database = store.ping().await.is_ok();
        (
            database,
            database && store.migrated().await.unwrap_or(false),
        )
    });
    let (database, migrations) = looked.await.unwrap_or_default();
    let keys = store.keys_ready();
    let all = database && migrations && keys;
    let status = if all {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(Ready {
            database,
            migrations,
            keys,
        }),
    )
}

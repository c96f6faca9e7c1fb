//! The session layer's store: ids are kept hashed, a session that was ended is never brought back.

use app::session::{SEAT, SEEN, UNTIL};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::fmt;
use store::{SessionRow, Store};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::{Error, Result};

/// A session before sign-in waits for a second factor, or keeps what was typed into a form that is filled in before it.
const BEFORE_SIGN_IN: TimeDelta = TimeDelta::hours(1);

/// Sessions in the control table.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// What is kept of a session id.
pub fn hash(id: &Id) -> [u8; 32] {
    services::session_hash(&id.0.to_be_bytes())
}

fn backend(error: &store::StoreError) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    /// Sessions of a store.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    fn row(&self, record: &Record) -> Result<SessionRow> {
        let seat = record.data.get(SEAT);
        let read = |name: &str| seat.and_then(|s| s.get(name));
        let tenant = read("tenant")
            .and_then(serde_json::Value::as_i64)
            .and_then(|n| i32::try_from(n).ok());
        let account = read("account")
            .and_then(serde_json::Value::as_str)
            .and_then(|t| t.parse().ok());
        let now = self.store.now();
        // Set at sign-in and carried along when the id changes: no use of a session makes it longer.
        let until = record.data.get(UNTIL);
        let until = until.and_then(|v| serde_json::from_value::<DateTime<Utc>>(v.clone()).ok());
        let mut data = record.data.clone();
        data.retain(|key, _| key != SEEN && key != UNTIL);
        Ok(SessionRow {
            id_hash: hash(&record.id),
            tenant: tenant.map(domain::institution::TenantId),
            account,
            data: serde_json::to_string(&data).map_err(|e| Error::Encode(e.to_string()))?,
            created_at: now,
            seen_at: now,
            expires_at: until.unwrap_or(now + BEFORE_SIGN_IN),
        })
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self
            .store
            .control()
            .create_session(self.row(record)?)
            .await
            .map_err(|e| backend(&e))?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // An UPDATE: a slow request that ends after the sign-out changes nothing, and gets no cookie for a dead session.
        let saved = self
            .store
            .control()
            .save_session(self.row(record)?)
            .await
            .map_err(|e| backend(&e))?;
        if saved {
            Ok(())
        } else {
            Err(Error::Backend("the session has ended".to_owned()))
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = self
            .store
            .control()
            .session(hash(id))
            .await
            .map_err(|e| backend(&e))?
        else {
            return Ok(None);
        };
        let mut data: HashMap<String, serde_json::Value> =
            serde_json::from_str(&row.data).map_err(|e| Error::Decode(e.to_string()))?;
        for (key, time) in [(SEEN, row.seen_at), (UNTIL, row.expires_at)] {
            let time = serde_json::to_value(time).map_err(|e| Error::Decode(e.to_string()))?;
            data.insert(key.to_owned(), time);
        }
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.store
            .control()
            .end_session(hash(id))
            .await
            .map(drop)
            .map_err(|e| backend(&e))
    }
}

//! Room `oversight`: the program's own work on a university's chain and counts, and the chain as files.

pub mod bound;
pub mod compare;

use crate::{Result, ServiceError, Services};
use chrono::TimeDelta;
use domain::audit::{AuditEvent, Seq, Sha256};
use domain::institution::{TenantId, Visible};
use std::path::{Path, PathBuf};
use store::chain::{
    ExportError, ExportMeta, Exporter, Link, LogName, VerifierKey, key_file, write_key,
};
use store::{Scope, StoreError, StudentFilter, rows};

/// Name of the service in checkpoints and public keys. A school keeps both, so it never changes.
const SERVICE: &str = "xueji";
/// Shortest time between two checkpoints of the upkeep. All of them leave with every export, and a verifier reads as many
/// as come together in twenty years.
const CHECKPOINTS: TimeDelta = TimeDelta::minutes(10);
/// Links read at a time.
const STEP: u64 = 1_000;

/// What an export of the chain holds, and what a school needs to verify it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditExport {
    /// Events, bulk acts, checkpoints, last link.
    pub meta: ExportMeta,
    /// The public key as one line.
    pub public_key: String,
    /// The file with the public key, beside the folder.
    pub key_file: PathBuf,
}

/// Why the chain was not exported.
#[derive(Debug, thiserror::Error)]
pub enum AuditExportError {
    /// The chain cannot be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The files cannot be written: which, and why.
    #[error(transparent)]
    Files(#[from] ExportError),
}

impl From<StoreError> for AuditExportError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl std::fmt::Display for AuditExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (meta, key) = (&self.meta, self.key_file.display());
        writeln!(f, "{}: {} events", meta.log, meta.events)?;
        writeln!(f, "bulk acts: {}", meta.bulk)?;
        writeln!(f, "checkpoints: {}", meta.checkpoints.len())?;
        writeln!(f, "last link: {}", meta.head)?;
        write!(f, "public key: {key}")
    }
}

impl Services {
    /// Signs a checkpoint of a university's chain when it has grown since the last one; answers the signed note.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn checkpoint(&self, tenant: TenantId) -> Result<Option<String>> {
        Ok(self.store.checkpoint(tenant, SERVICE).await?)
    }

    /// As [`Services::checkpoint`], at most once in ten minutes: the upkeep's.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn checkpoint_when_due(&self, tenant: TenantId) -> Result<Option<String>> {
        let scope = self.store.look(tenant).await?;
        let now = scope.now();
        let last = scope.last_checkpoint().await?;
        drop(scope);
        // A clock that was set back does not put off the next one.
        if last.is_some_and(|last| (now - last.at).abs() < CHECKPOINTS) {
            return Ok(None);
        }
        self.checkpoint(tenant).await
    }

    /// Counts and sizes without persons, for the operator.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn statistics(&self, tenant: TenantId) -> Result<()> {
        let scope = self.store.look(tenant).await?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let everybody = StudentFilter::default();
        let stat = rows::TenantStat {
            tenant_id: tenant.0,
            candidates: number(scope.count_candidates().await?),
            students: number(scope.count_students(&Visible::School, &everybody).await?),
            accounts: number(scope.count_accounts().await?),
            file_bytes: scope.bytes_of_files().await?,
            updated_at: scope.now(),
        };
        drop(scope);
        Ok(self.store.control().set_statistics(stat).await?)
    }

    /// Writes a university's chain into a new or an empty folder, a thousand links at a time, with a checkpoint of its
    /// present length; the public key goes into a new file beside the folder, named after it. For the command line: it
    /// writes files in place.
    ///
    /// # Errors
    /// [`AuditExportError::Files`] for a folder that is not empty or has no name, for a key file that is there, and when
    /// the disk refuses; [`AuditExportError::Service`].
    pub async fn audit_export(
        &self,
        tenant: TenantId,
        dir: &Path,
    ) -> std::result::Result<AuditExport, AuditExportError> {
        let log = LogName::new(SERVICE, tenant).map_err(|_| ServiceError::Internal("log name"))?;
        let key_file = key_file(dir)?;
        let mut exporter = Exporter::create(dir, &log)?;
        self.checkpoint(tenant).await?;
        let scope = self.store.look(tenant).await?;
        let mut last = 0;
        loop {
            let links = scope.audit_after(last, STEP).await?;
            let Some(newest) = links.last() else { break };
            last = newest.seq;
            for row in links {
                write_link(&scope, &mut exporter, row).await?;
            }
        }
        for checkpoint in scope.checkpoints().await? {
            // A checkpoint that was signed after the last link was read would promise more than is here.
            if checkpoint.size <= last {
                let size = u64::try_from(checkpoint.size).unwrap_or_default();
                exporter.checkpoint(size, &checkpoint.note)?;
            }
        }
        let meta = exporter.finish()?;
        let public_key = VerifierKey::of(self.store.keys().signer(), log).to_string();
        write_key(&key_file, &public_key)?;
        Ok(AuditExport {
            meta,
            public_key,
            key_file,
        })
    }
}

async fn write_link(
    scope: &Scope,
    exporter: &mut Exporter,
    row: rows::AuditEntry,
) -> std::result::Result<(), AuditExportError> {
    let damaged = || StoreError::Form("audit entry");
    let hash = |bytes: Vec<u8>| bytes.try_into().map(Sha256).map_err(|_| damaged());
    let canonical = row.body.into_bytes();
    let seq = u64::try_from(row.seq)
        .ok()
        .and_then(|seq| Seq::new(seq).ok());
    let link = Link {
        seq: seq.ok_or_else(damaged)?,
        prev: hash(row.prev)?,
        hash: hash(row.hash)?,
        canonical,
    };
    exporter.event(&link)?;
    // What cannot be read is written as it stands: judging it is the verifier's part.
    let bulk =
        AuditEvent::from_canonical(&link.canonical).is_ok_and(|event| event.act().leaves.is_some());
    if bulk {
        let mut leaves = exporter.leaves(link.seq)?;
        for leaf in scope.audit_leaves(row.seq).await? {
            leaves.push(&leaf)?;
        }
        leaves.finish()?;
    }
    Ok(())
}

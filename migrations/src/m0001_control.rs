//! Control tables: tenants, sessions, job tickets, statistics, operators and their comings and goings,
//! sign-in attempts. No personal data of students.

use crate::shape::{T, WHOLE, c, control_table, n};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        WHOLE
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = || {
            ColumnDef::new(Alias::new("id"))
                .integer()
                .not_null()
                .primary_key()
                .take()
        };
        let uuid = || {
            ColumnDef::new(Alias::new("id"))
                .uuid()
                .not_null()
                .primary_key()
                .take()
        };
        let hash = |name: &'static str| {
            ColumnDef::new(Alias::new(name))
                .binary()
                .not_null()
                .primary_key()
                .take()
        };
        control_table(
            manager,
            "tenant",
            number(),
            &[
                c("slug", T::Text),
                c("school_code", T::Text),
                c("name", T::Text),
                c("province", T::Text),
                c("colour", T::Text),
                n("logo_key", T::Text),
                c("key_ring", T::Text),
                c("state", T::Text),
                c("created_at", T::Time),
            ],
            &[&["slug"]],
            &[],
        )
        .await?;
        control_table(
            manager,
            "session",
            hash("id_hash"),
            &[
                n("tenant_id", T::Int),
                n("account_id", T::Uuid),
                c("data", T::Text),
                c("created_at", T::Time),
                c("seen_at", T::Time),
                c("expires_at", T::Time),
            ],
            &[],
            &[&["tenant_id", "account_id"], &["expires_at"]],
        )
        .await?;
        control_table(
            manager,
            "job_ticket",
            uuid(),
            &[
                c("tenant_id", T::Int),
                c("kind", T::Text),
                c("state", T::Text),
                c("run_after", T::Time),
                n("lease_until", T::Time),
                c("fence", T::Big),
                c("attempt", T::Int),
                c("turn", T::Big),
                n("worker", T::Text),
                c("idem_key", T::Text),
            ],
            &[&["tenant_id", "kind", "idem_key"]],
            &[&["state", "run_after"], &["tenant_id", "turn"], &["turn"]],
        )
        .await?;
        control_table(
            manager,
            "tenant_stat",
            ColumnDef::new(Alias::new("tenant_id"))
                .integer()
                .not_null()
                .primary_key()
                .take(),
            &[
                c("candidates", T::Big),
                c("students", T::Big),
                c("accounts", T::Big),
                c("file_bytes", T::Big),
                c("updated_at", T::Time),
            ],
            &[],
            &[],
        )
        .await?;
        control_table(
            manager,
            "operator",
            uuid(),
            &[
                c("login", T::Text),
                c("name", T::Text),
                c("password_hash", T::Text),
                n("totp", T::Bytes),
                c("totp_confirmed", T::Bool),
                c("totp_step", T::Big),
                c("recovery", T::Bytes),
                c("fails", T::Int),
                n("locked_until", T::Time),
                c("created_at", T::Time),
                c("version", T::Int),
            ],
            &[&["login"]],
            &[],
        )
        .await?;
        control_table(
            manager,
            "operator_event",
            uuid(),
            &[
                c("at", T::Time),
                c("kind", T::Text),
                n("operator_id", T::Uuid),
                c("origin", T::Text),
            ],
            &[],
            &[&["at"], &["kind", "at"]],
        )
        .await?;
        // What is counted or remembered of attempts, under keyed hashes: nothing in it says who or from where.
        control_table(
            manager,
            "attempt",
            hash("mark"),
            &[
                c("window_start", T::Time),
                c("count", T::Int),
                c("kept_until", T::Time),
            ],
            &[],
            &[&["kept_until"]],
        )
        .await?;
        // One row, where all universities are made up.
        control_table(
            manager,
            "demo",
            number(),
            &[
                c("ready", T::Bool),
                c("seed", T::Text),
                c("students", T::Big),
                c("year", T::Int),
            ],
            &[],
            &[],
        )
        .await
    }
}

//! Oversight: the audit chain with leaves and checkpoints, the responsibility ledger, the access log, jobs.

use crate::shape::{Rights, T, TenantTable, WHOLE, c, n};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Step;

const TABLES: &[TenantTable] = &[
    TenantTable {
        name: "audit_entry",
        columns: &[
            c("seq", T::Big),
            c("at", T::Time),
            c("body", T::Text),
            c("prev", T::Bytes),
            c("hash", T::Bytes),
        ],
        unique: &[&["seq"]],
        index: &[],
        refs: &[],
        rights: Rights::Append,
    },
    TenantTable {
        name: "audit_head",
        columns: &[c("seq", T::Big), c("hash", T::Bytes), c("tree", T::Bytes)],
        unique: &[],
        index: &[],
        refs: &[],
        rights: Rights::All,
    },
    TenantTable {
        name: "audit_leaf",
        columns: &[
            c("seq", T::Big),
            c("ordinal", T::Int),
            c("subject_id", T::Uuid),
            c("leaf", T::Bytes),
        ],
        unique: &[&["seq", "ordinal"]],
        index: &[&["subject_id"]],
        refs: &[],
        rights: Rights::Append,
    },
    TenantTable {
        name: "audit_checkpoint",
        columns: &[c("size", T::Big), c("note", T::Text), c("at", T::Time)],
        unique: &[&["size"]],
        index: &[],
        refs: &[],
        rights: Rights::Append,
    },
    TenantTable {
        name: "ledger",
        columns: &[
            c("seq", T::Big),
            c("op", T::Text),
            c("subject_kind", T::Text),
            c("subject_id", T::Uuid),
            c("event", T::Text),
            n("part", T::Text),
            n("state", T::Text),
            c("clause", T::Text),
            c("lead", T::Text),
            c("handler", T::Uuid),
            n("checker", T::Uuid),
            c("detail", T::Text),
            n("basis", T::Text),
            c("at", T::Time),
        ],
        unique: &[],
        index: &[&["subject_kind", "subject_id"], &["seq"], &["handler"]],
        refs: &[("handler", "person")],
        rights: Rights::Append,
    },
    TenantTable {
        name: "access_log",
        columns: &[
            c("at", T::Time),
            c("person_id", T::Uuid),
            c("office", T::Text),
            n("student_id", T::Uuid),
            c("kind", T::Text),
            c("fields", T::Text),
            c("reason", T::Text),
            c("count", T::Int),
            n("act", T::Big),
        ],
        unique: &[],
        index: &[&["student_id", "at"], &["person_id", "at"], &["act"]],
        refs: &[],
        rights: Rights::Append,
    },
    TenantTable {
        name: "job",
        columns: &[
            c("kind", T::Text),
            c("payload", T::Text),
            c("account_id", T::Uuid),
            c("post_id", T::Uuid),
            c("state", T::Text),
            c("checkpoint", T::Text),
            c("done", T::Int),
            c("total", T::Int),
            n("result", T::Text),
            n("error", T::Text),
            c("fence", T::Big),
            c("created_at", T::Time),
            n("finished_at", T::Time),
        ],
        unique: &[],
        index: &[&["kind", "created_at"]],
        refs: &[],
        rights: Rights::All,
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        WHOLE
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            table.create(manager).await?;
        }
        Ok(())
    }
}

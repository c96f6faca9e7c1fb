//! The responsibility ledger: who answers for what, record by record. An act has one line about its subject, and one
//! about each record that has a part of its own in it.

use super::{Leaf, Part, Pending};
use crate::entity::{audit_leaf, ledger};
use crate::error::Result;
use crate::rows;
use crate::unit::{Scope, UnitOfWork};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

impl UnitOfWork {
    /// The lines of one act, all under its place in the chain.
    pub(super) fn ledger_lines(
        &self,
        seq: i64,
        at: DateTime<Utc>,
        act: &Pending,
    ) -> Vec<ledger::Model> {
        let own = self.ledger_line(seq, at, act);
        let leaves = act.detail.leaves.iter();
        let parts = leaves.filter_map(|leaf| Some((leaf, leaf.part.as_ref()?)));
        let parts = parts.map(|(leaf, part)| self.part_line(&own, leaf, part));
        let parts: Vec<ledger::Model> = parts.collect();
        std::iter::once(own).chain(parts).collect()
    }

    fn ledger_line(&self, seq: i64, at: DateTime<Utc>, act: &Pending) -> ledger::Model {
        ledger::Model {
            tenant_id: self.tenant().0,
            id: self.id(),
            seq,
            op: act.op.to_owned(),
            subject_kind: act.subject.kind.to_owned(),
            subject_id: act.subject.id,
            event: act.detail.event.unwrap_or_default().to_owned(),
            part: act.detail.moved.map(|m| m.part.to_owned()),
            state: act.detail.moved.map(|m| m.to.to_owned()),
            clause: act.clause.as_str().to_owned(),
            lead: act.by.lead.key().to_owned(),
            handler: act.by.handler,
            checker: act.by.checker,
            detail: act.detail.text.clone(),
            basis: act.detail.basis.clone(),
            at,
        }
    }

    fn part_line(&self, act: &ledger::Model, leaf: &Leaf, part: &Part) -> ledger::Model {
        let clause = part
            .clause
            .as_ref()
            .map(|clause| clause.as_str().to_owned());
        ledger::Model {
            id: self.id(),
            subject_kind: leaf.kind.to_owned(),
            subject_id: leaf.id,
            event: part.event.to_owned(),
            part: leaf.moved.map(|m| m.part.to_owned()),
            state: leaf.moved.map(|m| m.to.to_owned()),
            clause: clause.unwrap_or_else(|| act.clause.clone()),
            detail: String::new(),
            ..act.clone()
        }
    }
}

impl Scope {
    /// Bulk acts that a record was part of, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ledger_over(&self, record: Uuid) -> Result<Vec<rows::Ledger>> {
        let mut bulk = Query::select();
        bulk.column(audit_leaf::Column::Seq)
            .from(audit_leaf::Entity)
            .and_where(Expr::col(audit_leaf::Column::TenantId).eq(self.tenant.0))
            .and_where(Expr::col(audit_leaf::Column::SubjectId).eq(record));
        Ok(ledger::Entity::find()
            .filter(ledger::Column::TenantId.eq(self.tenant.0))
            .filter(ledger::Column::Seq.in_subquery(bulk.take()))
            // What such an act did to other students has lines of its own, and there may be hundreds.
            .filter(
                ledger::Column::SubjectKind
                    .ne("student")
                    .or(ledger::Column::SubjectId.eq(record)),
            )
            .order_by_desc(ledger::Column::Seq)
            .limit(200)
            .all(&self.tx)
            .await?)
    }
}

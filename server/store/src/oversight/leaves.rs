//! The leaves of a bulk act: what its one audit entry binds of each of its records.

use super::{AFTER, BEFORE, Detail};
use crate::chain::merkle::BulkTree;
use crate::dialect;
use crate::entity::audit_leaf;
use crate::error::Result;
use crate::seal::{Place, commit};
use crate::unit::UnitOfWork;
use domain::audit::{BulkLeaf, Leaves, Subject, Term};
use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

impl UnitOfWork {
    pub(super) fn leaves(
        &self,
        seq: i64,
        detail: &Detail,
        rows: &mut Vec<audit_leaf::Model>,
    ) -> Result<Option<Leaves>> {
        let mut tree = BulkTree::new();
        for (ordinal, of) in (0_i32..).zip(&detail.leaves) {
            let subject = Subject {
                kind: Term::parse(of.kind)?,
                id: of.id,
            };
            let (before, after) = match &of.values {
                Some((before, after)) => {
                    let mark = |column, value: &str| {
                        let place = Place::new(of.kind, column, of.id);
                        commit(self.keys(), &place, value.as_bytes())
                    };
                    (Some(mark(BEFORE, before)?), Some(mark(AFTER, after)?))
                }
                None => self.bound(of.kind, of.id, of.moved)?,
            };
            let leaf = tree.push(&BulkLeaf::new(subject, before, after))?;
            rows.push(audit_leaf::Model {
                tenant_id: self.tenant().0,
                id: self.id(),
                seq,
                ordinal,
                subject_id: of.id,
                leaf,
            });
        }
        Ok(tree.leaves())
    }

    pub(super) async fn insert_leaves(&self, rows: Vec<audit_leaf::Model>) -> Result<()> {
        if self.tx.get_database_backend() != DbBackend::Postgres {
            return self.insert_all::<audit_leaf::Entity>(rows).await;
        }
        for act in rows.chunk_by(|one, next| one.seq == next.seq) {
            let Some(first) = act.first() else { continue };
            let list = |id: fn(&audit_leaf::Model) -> Uuid| act.iter().map(id).collect::<Vec<_>>();
            let values = [
                Value::from(first.tenant_id),
                Value::from(first.seq),
                Value::from(list(|row| row.id)),
                Value::from(list(|row| row.subject_id)),
                Value::from(act.iter().map(|row| row.leaf.clone()).collect::<Vec<_>>()),
            ];
            let insert = Statement::from_sql_and_values(
                DbBackend::Postgres,
                dialect::LEAVES_POSTGRES,
                values,
            );
            self.tx.execute_raw(insert).await?;
        }
        Ok(())
    }
}

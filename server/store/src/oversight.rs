//! What stands behind every write: the audit chain, the responsibility ledger; and the access log of reads.

mod access;
mod checkpoint;
mod leaves;
mod ledger;

use crate::chain::Head;
use crate::entity::{self, access_log, audit_checkpoint, audit_entry, audit_head, audit_leaf};
use crate::error::{Result, StoreError};
use crate::keys::Purpose;
use crate::machine::Stateful;
use crate::seal::{Place, commit, seal};
use crate::unit::{Scope, UnitOfWork};
use crate::{dialect, rows};
use chrono::{DateTime, Utc};
use domain::audit::{
    Act, DocumentNumber, Doer, EventTime, Leaves, Mark, Outcome, Sha256, Subject as AuditSubject,
    Term,
};
use domain::clause::Clause;
use domain::decision::{Decision, Responsibility};
use domain::institution::{Action, Actor, Granted, Moves};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Places of marks in an audit entry.
const BEFORE: &str = "audit before";
/// Place of what a record became, in the leaf that binds it.
pub const LEAF_AFTER: &str = AFTER;
const AFTER: &str = "audit after";

/// What an act is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    kind: &'static str,
    id: Uuid,
}

impl Subject {
    /// A record of a table.
    pub const fn new(kind: &'static str, id: Uuid) -> Self {
        Self { kind, id }
    }
}

/// What is told about an act. `text` is shown in timelines: words of the program and counts, never personal data.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    event: Option<&'static str>,
    clause: Option<Clause>,
    basis: Option<String>,
    text: String,
    moved: Option<Moved>,
    values: Option<(String, String)>,
    leaves: Vec<Leaf>,
    read: Option<ReadAs>,
    bulk: bool,
}

/// How an act read the data of its records.
#[derive(Clone, Debug)]
struct ReadAs {
    kind: &'static str,
    fields: String,
    reason: String,
}

/// A state that moved.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    part: &'static str,
    from: &'static str,
    to: &'static str,
}

impl Moved {
    /// What a decision moves.
    pub fn of<M: Stateful, A: Moves<M>>(decision: &Decision<M, A>) -> Self {
        Self {
            part: M::COLUMN,
            from: decision.read().state.key(),
            to: decision.to().key(),
        }
    }
}

/// One record of a bulk act.
#[derive(Clone, Debug)]
struct Leaf {
    kind: &'static str,
    id: Uuid,
    moved: Option<Moved>,
    values: Option<(String, String)>,
    part: Option<Part>,
}

/// A record's own part in an act over many: told in the ledger under the record itself.
#[derive(Clone, Debug)]
struct Part {
    event: &'static str,
    clause: Option<Clause>,
}

impl Detail {
    /// Nothing more than the operation itself.
    pub fn none() -> Self {
        Self::default()
    }

    /// A text for timelines.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Names a step of a longer act.
    #[must_use]
    pub const fn step(mut self, name: &'static str) -> Self {
        self.event = Some(name);
        self
    }

    /// The document it rests on.
    #[must_use]
    pub fn basis(mut self, number: &str) -> Self {
        self.basis = Some(number.to_owned());
        self
    }

    /// The records of a bulk act: one audit link with a Merkle root over them.
    #[must_use]
    pub fn over(mut self, kind: &'static str, ids: impl IntoIterator<Item = Uuid>) -> Self {
        let leaf = |id| Leaf {
            kind,
            id,
            moved: None,
            values: None,
            part: None,
        };
        self.leaves.extend(ids.into_iter().map(leaf));
        self
    }

    /// The records of a bulk act with what each was before and after: bound in its leaf, so that a value that is changed
    /// behind the program's back no longer fits the chain.
    #[must_use]
    pub fn over_values(
        mut self,
        kind: &'static str,
        records: impl IntoIterator<Item = (Uuid, String, String)>,
    ) -> Self {
        let leaf = |(id, before, after)| Leaf {
            kind,
            id,
            moved: None,
            values: Some((before, after)),
            part: None,
        };
        self.leaves.extend(records.into_iter().map(leaf));
        self
    }

    /// A record with its own part in the act, which its timeline tells under the name of that step, and with what it was
    /// before and after.
    #[must_use]
    pub fn over_step(
        mut self,
        kind: &'static str,
        id: Uuid,
        step: &'static str,
        values: (String, String),
    ) -> Self {
        self.leaves.push(Leaf {
            kind,
            id,
            moved: None,
            values: Some(values),
            part: Some(Part {
                event: step,
                clause: None,
            }),
        });
        self
    }

    /// The act read the data of its records: one line of the access log, which each of them sees as its own.
    #[must_use]
    pub fn read_as(mut self, kind: &'static str, fields: &str, reason: &str) -> Self {
        self.read = Some(ReadAs {
            kind,
            fields: fields.to_owned(),
            reason: reason.to_owned(),
        });
        self
    }

    /// A value before and after; both are sealed in the audit entry.
    #[must_use]
    pub fn values(mut self, before: impl Into<String>, after: impl Into<String>) -> Self {
        self.values = Some((before.into(), after.into()));
        self
    }

    /// A record that was moved as a part of the act.
    pub(crate) fn over_move<M: Stateful, A: Moves<M>>(mut self, decision: &Decision<M, A>) -> Self {
        self.leaves.push(Leaf {
            kind: M::TABLE,
            id: decision.read().id,
            moved: Some(Moved::of(decision)),
            values: None,
            part: Some(Part {
                event: decision.event(),
                clause: Some(decision.clause().clone()),
            }),
        });
        self
    }

    pub(crate) fn moved(
        mut self,
        event: &'static str,
        clause: &Clause,
        moved: Option<Moved>,
    ) -> Self {
        self.event = Some(event);
        self.clause = Some(clause.clone());
        self.moved = moved;
        self
    }

    /// The moves of a bulk act, record by record.
    pub(crate) fn over_moves<M: Stateful, A: Moves<M>>(
        mut self,
        decisions: &[Decision<M, A>],
    ) -> Self {
        self.leaves.extend(decisions.iter().map(|d| Leaf {
            kind: M::TABLE,
            id: d.read().id,
            moved: Some(Moved::of(d)),
            values: None,
            part: None,
        }));
        self.bulk = true;
        let alike = |one: &Decision<M, A>| decisions.iter().all(|d| d.to() == one.to());
        self.moved = decisions.first().filter(|d| alike(d)).map(Moved::of);
        self
    }
}

/// An act waiting for the commit.
pub struct Pending {
    op: &'static str,
    clause: Clause,
    by: Responsibility,
    subject: Subject,
    detail: Detail,
}

impl Pending {
    /// An act under a granted right.
    pub fn new<A: Action>(granted: &Granted<A>, subject: Subject, detail: Detail) -> Self {
        let rule = A::rule();
        let clause = detail.clause.clone().unwrap_or_else(|| rule.clause.clone());
        Self {
            op: rule.op,
            clause,
            by: granted.responsibility().clone(),
            subject,
            detail,
        }
    }
}

/// An act of the command line has no person behind it: the program itself did it.
fn doer(actor: &Actor) -> Result<Doer> {
    if actor.person().is_nil() {
        let name = Term::parse("console")?;
        Ok(Doer::Program { name })
    } else {
        Ok(Doer::seated(actor, None))
    }
}

fn number(size: u64) -> Result<i64> {
    i64::try_from(size).map_err(|_| StoreError::Form("audit sequence"))
}

impl UnitOfWork {
    pub(crate) async fn append(&mut self, pending: Vec<Pending>) -> Result<()> {
        let (head_id, mut head) = self.head().await?;
        let from = head.size();
        // Not the time of the unit: one that began earlier may have waited for the head, and a link that is older than the
        // one before it says that the clock was set back.
        let at = self.store.now();
        let doer = doer(self.actor())?;
        let mut entries = Vec::with_capacity(pending.len());
        let mut lines = Vec::with_capacity(pending.len());
        let (mut leaf_rows, mut reads) = (Vec::new(), Vec::new());
        for act in pending {
            let seq = number(head.size() + 1)?;
            let leaves = self.leaves(seq, &act.detail, &mut leaf_rows)?;
            let link = head.append(self.act(&act, at, doer.clone(), leaves)?)?;
            entries.push(audit_entry::Model {
                tenant_id: self.tenant().0,
                id: self.id(),
                seq,
                at,
                body: String::from_utf8(link.canonical)
                    .map_err(|_| StoreError::Form("audit body"))?,
                prev: link.prev.0.to_vec(),
                hash: link.hash.0.to_vec(),
            });
            if let Some(read) = &act.detail.read {
                let count = act.detail.leaves.len();
                let own = self.access_line(None, read.kind, &read.fields, &read.reason, count);
                reads.push(access_log::Model {
                    act: Some(seq),
                    ..own
                });
            }
            lines.extend(self.ledger_lines(seq, at, &act));
        }
        self.move_head(head_id, number(from)?, &head).await?;
        self.insert_all::<audit_entry::Entity>(entries).await?;
        self.insert_leaves(leaf_rows).await?;
        self.insert_all::<access_log::Entity>(reads).await?;
        self.insert_all::<entity::ledger::Entity>(lines).await
    }

    fn act(
        &self,
        act: &Pending,
        at: DateTime<Utc>,
        doer: Doer,
        leaves: Option<Leaves>,
    ) -> Result<Act> {
        let asked = self.asked();
        let (before, after) = self.marks(&act.subject, &act.detail)?;
        Ok(Act {
            at: EventTime::from(at),
            doer,
            op: Term::parse(act.op)?,
            subject: AuditSubject {
                kind: Term::parse(act.subject.kind)?,
                id: act.subject.id,
            },
            responsibility: Some(act.by.clone()),
            decision: act.detail.event.map(Term::parse).transpose()?,
            basis: act
                .detail
                .basis
                .as_deref()
                .map(DocumentNumber::parse)
                .transpose()?,
            reason: None,
            before,
            after,
            leaves,
            request: asked.request,
            session: asked.session,
            origin: asked.origin,
            outcome: Outcome::Done,
        })
    }

    /// What stands for the values before and after: a value is sealed for its record; a state, whose words are in the
    /// ledger, is only bound. Where an act is nothing but the moves of many records, each leaf says what moved.
    fn marks(&self, subject: &Subject, detail: &Detail) -> Result<(Option<Mark>, Option<Mark>)> {
        if let Some((before, after)) = &detail.values {
            let sealed = |column, value: &str| {
                let place = Place::new(subject.kind, column, subject.id);
                seal(self.keys(), Purpose::Audit, &place, value.as_bytes()).map(Mark::from)
            };
            return Ok((Some(sealed(BEFORE, before)?), Some(sealed(AFTER, after)?)));
        }
        let moved = detail.moved.filter(|_| !detail.bulk);
        self.bound(subject.kind, subject.id, moved)
    }

    fn bound(
        &self,
        kind: &'static str,
        id: Uuid,
        moved: Option<Moved>,
    ) -> Result<(Option<Mark>, Option<Mark>)> {
        let Some(moved) = moved else {
            return Ok((None, None));
        };
        let mark = |column, state: &str| {
            let value = format!("{}={state}", moved.part);
            commit(self.keys(), &Place::new(kind, column, id), value.as_bytes())
        };
        Ok((
            Some(mark(BEFORE, moved.from)?),
            Some(mark(AFTER, moved.to)?),
        ))
    }

    /// The head of the chain, held until this unit ends: a second writer waits here and goes on from where the first
    /// one stopped.
    async fn head(&self) -> Result<(Uuid, Head)> {
        let row = if let Some(row) = self.locked_head().await? {
            row
        } else {
            self.insert_head().await?;
            self.locked_head().await?.ok_or(StoreError::Stale)?
        };
        let hash = row
            .hash
            .try_into()
            .map_err(|_| StoreError::Form("audit head"))?;
        let head = Head::stored(self.tenant(), Sha256(hash), &row.tree)?;
        Ok((row.id, head))
    }

    async fn locked_head(&self) -> Result<Option<audit_head::Model>> {
        let head =
            audit_head::Entity::find().filter(audit_head::Column::TenantId.eq(self.tenant().0));
        Ok(dialect::for_update(head).one(&self.tx).await?)
    }

    /// One head per university: its id is made from the number, so that two first writers meet on one key.
    async fn insert_head(&self) -> Result<()> {
        let head = Head::genesis(self.tenant());
        let row = audit_head::Model {
            tenant_id: self.tenant().0,
            id: Uuid::from_u128(self.tenant().0.unsigned_abs().into()),
            seq: 0,
            hash: head.hash().0.to_vec(),
            tree: head.tree_bytes(),
        };
        audit_head::Entity::insert(row.into_active_model().reset_all())
            .on_conflict_do_nothing()
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// The chain never forks, even if the head was not held: the second writer's swap finds another number.
    async fn move_head(&self, id: Uuid, from: i64, head: &Head) -> Result<()> {
        let mut update = Query::update();
        update
            .table(Alias::new("audit_head"))
            .value(Alias::new("seq"), number(head.size())?)
            .value(Alias::new("hash"), head.hash().0.to_vec())
            .value(Alias::new("tree"), head.tree_bytes())
            .and_where(Expr::col(Alias::new("tenant_id")).eq(self.tenant().0))
            .and_where(Expr::col(Alias::new("id")).eq(id))
            .and_where(Expr::col(Alias::new("seq")).eq(from));
        if self.tx.execute(&update.take()).await?.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }

    /// Logs a read of personal data; the student sees it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn log_access(
        &mut self,
        student: Option<Uuid>,
        kind: &'static str,
        fields: &str,
        reason: &str,
        count: usize,
    ) -> Result<()> {
        let row = self.access_line(student, kind, fields, reason, count);
        self.insert_all::<access_log::Entity>(vec![row]).await
    }
}

impl Scope {
    /// Who looked at a student, newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn access_to(&self, student: Uuid, limit: u64) -> Result<Vec<rows::AccessLog>> {
        // Two statements: each condition of the second then has an index of its own.
        let acts: Vec<i64> = audit_leaf::Entity::find()
            .select_only()
            .column(audit_leaf::Column::Seq)
            .filter(audit_leaf::Column::TenantId.eq(self.tenant.0))
            .filter(audit_leaf::Column::SubjectId.eq(student))
            .into_tuple()
            .all(&self.tx)
            .await?;
        let about = Condition::any()
            .add(access_log::Column::StudentId.eq(student))
            .add(access_log::Column::Act.is_in(acts));
        Ok(access_log::Entity::find()
            .filter(access_log::Column::TenantId.eq(self.tenant.0))
            .filter(about)
            .order_by_desc(access_log::Column::At)
            .order_by_desc(access_log::Column::Id)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// Links of the chain after `seq`, in order, for export.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn audit_after(&self, seq: i64, limit: u64) -> Result<Vec<rows::AuditEntry>> {
        Ok(audit_entry::Entity::find()
            .filter(audit_entry::Column::TenantId.eq(self.tenant.0))
            .filter(audit_entry::Column::Seq.gt(seq))
            .order_by_asc(audit_entry::Column::Seq)
            .limit(limit)
            .all(&self.tx)
            .await?)
    }

    /// Leaves of one link, in order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn audit_leaves(&self, seq: i64) -> Result<Vec<Vec<u8>>> {
        let leaves = audit_leaf::Entity::find()
            .filter(audit_leaf::Column::TenantId.eq(self.tenant.0))
            .filter(audit_leaf::Column::Seq.eq(seq))
            .order_by_asc(audit_leaf::Column::Ordinal)
            .all(&self.tx)
            .await?;
        Ok(leaves.into_iter().map(|l| l.leaf).collect())
    }

    /// The latest signed checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_checkpoint(&self) -> Result<Option<rows::AuditCheckpoint>> {
        Ok(audit_checkpoint::Entity::find()
            .filter(audit_checkpoint::Column::TenantId.eq(self.tenant.0))
            .order_by_desc(audit_checkpoint::Column::Size)
            .one(&self.tx)
            .await?)
    }
}

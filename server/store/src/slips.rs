//! Activation slips of the students whom a post sees: counted by class, and those issued anew. Both in the database: a
//! university has tens of thousands.

use crate::entity::{account, activation, student};
use crate::error::Result;
use crate::rows;
use crate::students::visible;
use crate::unit::Scope;
use domain::institution::Visible;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait as _, Select,
};
use uuid::Uuid;

/// How far the accounts of a class have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SlipCounts {
    /// The class.
    pub class_id: Uuid,
    /// Students handed over.
    pub students: i64,
    /// Active accounts.
    pub active: i64,
    /// Accounts that wait and have an open slip.
    pub open: i64,
    /// Accounts that wait and have an open one-time code.
    pub coded: i64,
    /// Active accounts with an open slip.
    pub reissued: i64,
}

impl SlipCounts {
    /// Students who have neither an active account nor an open slip or code.
    pub const fn without(&self) -> i64 {
        self.students - self.active - self.open - self.coded
    }
}

/// Students who were handed over, with their accounts.
fn with_accounts(tenant: i32, seen: &Visible) -> Select<student::Entity> {
    let own = Expr::col((account::Entity, account::Column::TenantId))
        .equals((student::Entity, student::Column::TenantId))
        .and(
            Expr::col((account::Entity, account::Column::PersonId))
                .equals((student::Entity, student::Column::PersonId)),
        )
        .and(account::Column::Kind.eq("student"));
    let all = Condition::all().add(student::Column::TenantId.eq(tenant));
    let mut query = student::Entity::find()
        .filter(visible(all, seen))
        .filter(student::Column::HandedOverOn.is_not_null());
    QuerySelect::query(&mut query).join(JoinType::LeftJoin, account::Entity, own.into_condition());
    query
}

impl Scope {
    /// How far the accounts of each class have come, of the students whom a post sees.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn slip_counts(&self, seen: &Visible) -> Result<Vec<SlipCounts>> {
        let active = || account::Column::State.eq("active");
        let waits = || account::Column::State.ne("active");
        let open = || Expr::exists(self.open_of_account("slip"));
        let coded = || Expr::exists(self.open_of_account("code"));
        Ok(with_accounts(self.tenant.0, seen)
            .select_only()
            .column(student::Column::ClassId)
            .column_as(student::Column::Id.count(), "students")
            .column_as(number_of(active().into_condition()), "active")
            .column_as(number_of(waits().into_condition().add(open())), "open")
            .column_as(number_of(waits().into_condition().add(coded())), "coded")
            .column_as(number_of(active().into_condition().add(open())), "reissued")
            .filter(student::Column::ClassId.is_not_null())
            .group_by(student::Column::ClassId)
            .into_model()
            .all(&self.tx)
            .await?)
    }

    /// Activations of a kind that are neither used nor over, of the account in the query around it.
    fn open_of_account(&self, kind: &'static str) -> SelectStatement {
        Query::select()
            .expr(Expr::value(1))
            .from(activation::Entity)
            .and_where(activation::Column::TenantId.eq(self.tenant.0))
            .and_where(
                Expr::col((activation::Entity, activation::Column::AccountId))
                    .equals((account::Entity, account::Column::Id)),
            )
            .and_where(activation::Column::Kind.eq(kind))
            .and_where(activation::Column::UsedAt.is_null())
            .and_where(activation::Column::ExpiresAt.gt(self.now()))
            .to_owned()
    }

    /// The newest activations but the first issue of slips, of the students whom a post sees. What somebody wrote beside
    /// a re-issue may read like a first issue: that its holder was checked tells it apart.
    ///
    /// # Errors
    /// [`StoreError::Database`](crate::StoreError::Database).
    pub async fn reissues(
        &self,
        seen: &Visible,
        first_issue: &str,
        limit: u64,
    ) -> Result<Vec<(rows::Activation, Uuid)>> {
        let students = with_accounts(self.tenant.0, seen)
            .select_only()
            .column_as(account::Column::Id, "account")
            .column_as(student::Column::Id, "student")
            .filter(account::Column::Id.is_not_null());
        let of = "seen";
        let mut query = activation::Entity::find()
            .filter(activation::Column::TenantId.eq(self.tenant.0))
            .filter(
                Condition::any()
                    .add(activation::Column::Reason.ne(first_issue))
                    .add(activation::Column::IdentityCheck.is_not_null()),
            )
            .order_by_desc(activation::Column::IssuedAt)
            .order_by_desc(activation::Column::Id)
            .limit(limit);
        let same =
            Expr::col((of, "account")).equals((activation::Entity, activation::Column::AccountId));
        QuerySelect::query(&mut query).join_subquery(
            JoinType::InnerJoin,
            students.into_query(),
            of,
            same.into_condition(),
        );
        let found = query
            .column_as(Expr::col((of, "student")), "student")
            .into_model::<Issued>()
            .all(&self.tx)
            .await?;
        Ok(found.into_iter().map(Issued::parts).collect())
    }
}

/// How many rows of a group fulfil a condition.
fn number_of(condition: Condition) -> SimpleExpr {
    let one: SimpleExpr = Expr::case(condition, 1).finally(0).into();
    one.sum()
}

/// An activation with the student whose it is.
struct Issued {
    activation: rows::Activation,
    student: Uuid,
}

impl Issued {
    fn parts(self) -> (rows::Activation, Uuid) {
        (self.activation, self.student)
    }
}

impl FromQueryResult for Issued {
    fn from_query_result(row: &QueryResult, pre: &str) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            activation: rows::Activation::from_query_result(row, pre)?,
            student: row.try_get(pre, "student")?,
        })
    }
}

//! Slips and codes issued anew to the holder of a record: the act from the ledger, how the holder was checked from the
//! activation that was issued in it.

use super::{Told, told};
use crate::Result;
use crate::institution::activation::{CODE, check_of, is_reissue};
use domain::text::Text;
use domain::view::record::ReissueView;
use store::{Scope, rows};
use uuid::Uuid;

/// Issues to everybody of a class, or of every class.
pub(super) const ISSUE: &str = "institution/issue-slips";
/// Issues to one person who was seen.
pub(super) const REISSUE: &str = "institution/reissue-slip";
/// Subject of an issue to one person.
const ACCOUNT: &str = "account";

/// What there is to tell of one.
pub(super) struct Reissued {
    /// What was issued.
    pub(super) what: Text,
    /// What a page may show of it.
    pub(super) view: ReissueView,
}

/// All of them, each with its line of the ledger. The first slip that somebody gets with the class is none.
pub(super) async fn of(
    scope: &Scope,
    student: &rows::Student,
) -> Result<Vec<(rows::Ledger, Reissued)>> {
    let persons: Vec<Uuid> = student.person_id.into_iter().collect();
    let accounts = scope.accounts_of_persons(&persons).await?;
    let mut all = Vec::new();
    for account in accounts.iter().filter(|own| own.kind == "student") {
        let mut lines = issues(scope, account.id).await?;
        for row in scope.activations_of(account.id).await? {
            // Each act issues one activation to an account, in the transaction of its line: the first line of the same
            // person that no earlier activation has. Their times differ, a line has that of the commit.
            let own = |line: &rows::Ledger| line.handler == row.issued_by;
            let Some(place) = lines.iter().position(own) else {
                continue;
            };
            let line = lines.remove(place);
            if is_reissue(&row) {
                let reissued = reissued(&line, &row)?;
                all.push((line, reissued));
            }
        }
    }
    Ok(all)
}

/// The acts in which slips and codes were issued to an account, oldest first.
async fn issues(scope: &Scope, account: Uuid) -> Result<Vec<rows::Ledger>> {
    let mut lines = scope.ledger_about(&[(ACCOUNT, account)]).await?;
    lines.retain(|line| line.op == REISSUE);
    let mut bulk = scope.ledger_over(account).await?;
    bulk.retain(|line| line.op == ISSUE);
    lines.append(&mut bulk);
    lines.sort_by_key(|line| line.seq);
    Ok(lines)
}

fn reissued(line: &rows::Ledger, row: &rows::Activation) -> Result<Reissued> {
    let what = match told(&line.op, &line.event) {
        Some(Told::As(text)) if row.kind != CODE => text,
        Some(_) | None => Text::new("发放一次性代码", "One-time code issued"),
    };
    Ok(Reissued {
        what,
        view: ReissueView {
            identity: check_of(row.identity_check.as_deref())?,
            note: Some(row.reason.clone()).filter(|note| !note.is_empty()),
            after_signature: row.after_signature,
        },
    })
}

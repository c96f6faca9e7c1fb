//! A university keeps an administrator: no list of staff ends the post of the last one.
//!
//! Only an administrator writes lists and hands out slips, so that nobody at the school could mend it afterwards.

use super::staff::{HeldPost, KnownAccount, StaffPlan};
use crate::institution::Office;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The last day on which one of these accounts administers the university; [`NaiveDate::MAX`] while a post has no end,
/// `None` where nobody does. An account that has not been activated, or is disabled, does not count: nobody signs in
/// with it.
pub fn administered_until(accounts: &[KnownAccount]) -> Option<NaiveDate> {
    until(accounts, |post| post.valid_to)
}

fn until(
    accounts: &[KnownAccount],
    end: impl Fn(&HeldPost) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    let active = accounts.iter().filter(|account| account.active);
    let posts = active.flat_map(|account| &account.posts);
    posts
        .filter(|post| post.post.office == Office::TenantAdmin)
        .map(|post| end(post).unwrap_or(NaiveDate::MAX))
        .max()
}

/// Rows of a plan that end posts of administrators, where it leaves the university without one sooner than it is now.
pub(super) fn rows_that_end_it(plan: &StaffPlan, accounts: &[KnownAccount]) -> BTreeSet<u32> {
    let ends = |post: Uuid| {
        let mut ended = plan.changes.iter().filter_map(|change| change.end);
        ended.rfind(|(id, _)| *id == post).map(|(_, day)| day)
    };
    let after = until(accounts, |post| ends(post.id).or(post.valid_to));
    if after.max(begun_until(plan, accounts)) >= administered_until(accounts) {
        return BTreeSet::new();
    }
    let posts = accounts.iter().flat_map(|account| &account.posts);
    let administers: BTreeSet<Uuid> = posts
        .filter(|post| post.post.office == Office::TenantAdmin)
        .map(|post| post.id)
        .collect();
    let changes = plan.changes.iter();
    changes
        .filter(|change| {
            change
                .end
                .is_some_and(|(post, _)| administers.contains(&post))
        })
        .map(|change| change.row)
        .collect()
}

/// The last day of the posts of administrators that a plan gives to accounts which are in use already.
fn begun_until(plan: &StaffPlan, accounts: &[KnownAccount]) -> Option<NaiveDate> {
    let in_use = |login: &str| accounts.iter().any(|a| a.active && a.login == login);
    let given = plan.staff.iter().filter(|member| in_use(&member.login));
    let posts = given.flat_map(|member| &member.posts);
    posts
        .filter(|planned| planned.post.office == Office::TenantAdmin)
        .map(|planned| planned.valid_to.unwrap_or(NaiveDate::MAX))
        .max()
}

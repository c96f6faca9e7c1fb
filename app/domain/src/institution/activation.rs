//! Activation slips and one-time codes: what is worth a flag.

use chrono::{DateTime, Utc};

/// The reason of a first issue; every other reason is a re-issue.
pub const FIRST_ISSUE: &str = "初次发放";

/// Whether a slip or code is issued after its holder signed the verification sheet. Whoever holds the new password could
/// then confirm data in the name of somebody who signed already, so the issue is flagged for whoever checks (办法
/// 二（一）3（2）). Sheets are signed in room `verification`, which comes with the next issue: until then nobody has
/// signed, `signed` is nothing, and the answer is no.
pub fn comes_after_signature(signed: Option<DateTime<Utc>>, issued: DateTime<Utc>) -> bool {
    signed.is_some_and(|at| at <= issued)
}

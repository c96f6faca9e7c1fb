//! How long an account is locked after failures: fifteen minutes after five, doubling, four hours at most. From a network
//! that the account signed in from some tries go through a lock (ADR 0099).

use chrono::TimeDelta;

/// Failures after which an account is locked.
pub const FAILURES: i32 = 5;
/// The first lock.
pub const FIRST_LOCK: TimeDelta = TimeDelta::minutes(15);
/// The longest lock.
pub const LONGEST_LOCK: TimeDelta = TimeDelta::hours(4);
/// Failures are forgotten this long after the last lock ended.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// The lock that this number of failures since the last success brings, if any.
pub fn lock_after(failures: i32) -> Option<TimeDelta> {
    if failures < FAILURES || failures % FAILURES != 0 {
        return None;
    }
    let doublings = (failures / FAILURES - 1).clamp(0, 16);
    Some(LONGEST_LOCK.min(FIRST_LOCK * (1 << doublings)))
}

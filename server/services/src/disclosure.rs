//! Room `disclosure`: single values shown with a reason, exports, and who looked at me (办法 三（三）).

mod access;
mod columns;
pub mod export;
mod lines;
mod payload;
mod reveal;

use crate::{Result, ServiceError};

/// Fewest characters of a reason.
const SHORTEST_REASON: usize = 4;
/// Most characters of a reason.
const LONGEST_REASON: usize = 200;

/// A reason that says something: at least four characters, which the student will read.
pub(crate) fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    let code = match text.chars().count() {
        0..SHORTEST_REASON => "too_short",
        SHORTEST_REASON..=LONGEST_REASON => return Ok(text.to_owned()),
        _ => "too_long",
    };
    Err(ServiceError::Invalid {
        field: "reason",
        code,
    })
}

//! What the crate of the regulation promises about itself.

use super::checkout::read;

/// A state machine with a `_` arm swallows the next state in silence.
#[test]
fn every_state_of_the_regulation_is_answered_by_name() {
    let head = read("app/domain/src/lib.rs");
    let denied = head
        .lines()
        .find(|line| line.starts_with("#![deny("))
        .unwrap_or_default();
    for lint in ["clippy::wildcard_enum_match_arm", "missing_docs"] {
        assert!(denied.contains(lint), "{lint} is not denied in domain");
    }
    assert!(
        !head.contains("allow("),
        "nothing is allowed for the whole crate"
    );
}

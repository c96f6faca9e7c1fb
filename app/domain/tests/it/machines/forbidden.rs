//! The transitions that domain.md §4.2 forbids by name, each as its own statement.

use domain::admission::qualification::Qualification;
use domain::clause::Clause;
use domain::decision::{Machine as _, Read, Reason, decide_on};
use domain::institution::{Actor, Office, PersonalScope, PostKind, Seat, Target, TenantId, policy};
use domain::status::{StatusEvent, StudentStatus};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Events that a state answers.
fn answered(state: StudentStatus) -> Vec<StatusEvent> {
    StudentStatus::EVENTS
        .iter()
        .copied()
        .filter(|event| state.next(*event).is_ok())
        .collect()
}

#[test]
fn after_withdrawal_cancellation_or_expulsion_there_is_restoration_only() {
    for state in [
        StudentStatus::Withdrawn,
        StudentStatus::Cancelled,
        StudentStatus::Expelled,
    ] {
        assert_eq!(answered(state), [StatusEvent::Restore], "{state:?}");
        let restored = state.next(StatusEvent::Restore);
        assert_eq!(restored, Ok(StudentStatus::Registered));
    }
}

#[test]
fn after_graduation_there_is_annulment_only() {
    assert_eq!(answered(StudentStatus::Graduated), [StatusEvent::Cancel]);
}

#[test]
fn completion_becomes_graduation_by_exchange_only() {
    let leads_to_graduation: Vec<StatusEvent> = StudentStatus::EVENTS
        .iter()
        .copied()
        .filter(|event| StudentStatus::Completed.next(*event) == Ok(StudentStatus::Graduated))
        .collect();
    assert_eq!(leads_to_graduation, [StatusEvent::Exchange]);
    for state in StudentStatus::STATES {
        let by_exchange = state.next(StatusEvent::Exchange).is_ok();
        assert_eq!(by_exchange, *state == StudentStatus::Completed, "{state:?}");
    }
}

#[test]
fn status_begins_once() {
    for state in StudentStatus::STATES {
        let begins = state.next(StatusEvent::Begin).is_ok();
        assert_eq!(begins, *state == StudentStatus::None, "{state:?}");
        let empty = StudentStatus::EVENTS
            .iter()
            .all(|event| state.next(*event) != Ok(StudentStatus::None));
        assert!(empty, "{state:?} leads back to no status at all");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests seat people without a sign-in"
)]
fn affairs() -> Actor {
    Actor::seated(Seat {
        tenant: TenantId(1),
        person: Uuid::from_u128(1),
        account: Uuid::from_u128(2),
        post: Uuid::from_u128(3),
        office: Office::StudentAffairs,
        kind: PostKind::Officer,
        scope: PersonalScope::School,
        stepped_up: None,
        duties: BTreeMap::new(),
    })
}

/// 保留入学资格 → any status change: no status exists. The same for everybody who has not passed the initial check.
#[test]
fn without_a_passed_check_there_is_no_change_of_status() {
    let now = chrono::DateTime::UNIX_EPOCH;
    let granted = affairs()
        .authorize::<policy::BeginStatus>(&Target::school(TenantId(1)), now)
        .unwrap();
    for admission in Qualification::STATES {
        for state in StudentStatus::STATES {
            for event in StudentStatus::EVENTS {
                let read = Read {
                    id: Uuid::nil(),
                    state: *state,
                    version: 1,
                };
                let decided = decide_on(&granted, read, *admission, *event, Clause::DAILY);
                let legal = state.next(*event).is_ok() && *admission == Qualification::Qualified;
                assert_eq!(decided.is_ok(), legal, "{admission:?} {state:?} {event:?}");
                if let Err(refusal) = decided {
                    assert_eq!(refusal.reason, Reason::IllegalMove);
                }
            }
        }
    }
}

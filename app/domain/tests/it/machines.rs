//! Every machine against the table of its legal moves, written out by hand from domain.md §4 and the order of the
//! regulation: not one move more, not one less, and no sequence of events leads anywhere else.

mod forbidden;
mod tables;

use domain::clause::Clause;
use domain::decision::{Machine, Reason};
use domain::institution::Office;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Debug;

/// State, event, state; by their keys.
pub type Move = (&'static str, &'static str, &'static str);

/// What the reference says of a machine.
pub struct Table<M: 'static> {
    pub initial: M,
    pub moves: &'static [Move],
    /// From these nothing goes on.
    pub terminal: &'static [M],
    /// What every refusal cites, and who explains it.
    pub clause: Clause,
    pub help: Office,
}

/// All states times all events is the table exactly; what is not in it is refused with its clause and office.
fn exactly<M: Machine>(table: &Table<M>) {
    let mut moves = BTreeSet::new();
    for state in M::STATES {
        for event in M::EVENTS {
            match state.next(*event) {
                Ok(to) => {
                    moves.insert((state.key(), M::event_key(*event), to.key()));
                }
                Err(refusal) => {
                    assert_eq!(refusal.reason, Reason::IllegalMove, "{state:?} {event:?}");
                    assert_eq!(refusal.clause, table.clause, "{state:?} {event:?}");
                    assert_eq!(refusal.help, table.help, "{state:?} {event:?}");
                }
            }
        }
    }
    let told: BTreeSet<Move> = table.moves.iter().copied().collect();
    assert_eq!(told.len(), table.moves.len(), "a move stands twice");
    let more: Vec<_> = moves.difference(&told).collect();
    let less: Vec<_> = told.difference(&moves).collect();
    assert!(
        more.is_empty() && less.is_empty(),
        "{}: beyond the table {more:?}, missing {less:?}",
        M::NAME
    );
}

/// Keys are what the database holds: unique, and read back as they were written.
fn keys<M: Machine>() {
    let states: BTreeSet<&str> = M::STATES.iter().map(|state| state.key()).collect();
    assert_eq!(states.len(), M::STATES.len());
    let events: BTreeSet<&str> = M::EVENTS.iter().map(|e| M::event_key(*e)).collect();
    assert_eq!(events.len(), M::EVENTS.len());
    for state in M::STATES {
        assert_eq!(M::from_key(state.key()), Some(*state));
    }
    assert_eq!(M::from_key("no such state"), None);
}

/// By the table alone: which states the moves reach, each after at most as many steps as there are states.
fn reachable<M: Machine>(table: &Table<M>) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::from([table.initial.key()]);
    for _ in M::STATES {
        for (from, _, to) in table.moves {
            if reached.contains(from) {
                reached.insert(to);
            }
        }
    }
    reached
}

fn ends<M: Machine>(table: &Table<M>) {
    let going: BTreeSet<&str> = table.moves.iter().map(|(from, _, _)| *from).collect();
    let still: BTreeSet<&str> = M::STATES
        .iter()
        .map(|state| state.key())
        .filter(|key| !going.contains(key))
        .collect();
    let told: BTreeSet<&str> = table.terminal.iter().map(|state| state.key()).collect();
    assert_eq!(still, told, "{}", M::NAME);
    let all: BTreeSet<&str> = M::STATES.iter().map(|state| state.key()).collect();
    assert_eq!(
        reachable(table),
        all,
        "{}: a state nothing leads to",
        M::NAME
    );
}

/// Walks any sequence of events from the beginning: a refusal leaves the state, every state met is one the table leads
/// to, and after an end nothing happens any more.
fn walks<M: Machine + Debug>(table: &Table<M>) {
    let reachable = reachable(table);
    let events = proptest::collection::vec(proptest::sample::select(M::EVENTS.to_vec()), 0..40);
    let config = ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let walked = runner.run(&events, |events| {
        let mut state = table.initial;
        let mut ended = false;
        for event in events {
            let told = table
                .moves
                .iter()
                .find(|(from, name, _)| *from == state.key() && *name == M::event_key(event))
                .map(|(_, _, to)| *to);
            if let Ok(to) = state.next(event) {
                prop_assert!(
                    !ended,
                    "{state:?} was an end, and {event:?} went on from it"
                );
                prop_assert_eq!(told, Some(to.key()));
                state = to;
            } else {
                prop_assert_eq!(told, None);
            }
            prop_assert!(reachable.contains(state.key()));
            ended |= table.terminal.contains(&state);
        }
        Ok(())
    });
    walked.unwrap();
}

fn hold<M: Machine + Debug>(table: &Table<M>) {
    exactly(table);
    keys::<M>();
    ends(table);
    walks(table);
}

#[test]
fn the_admission_qualification_moves_as_domain_4_1_says() {
    hold(&tables::qualification());
}

#[test]
fn the_student_status_moves_as_domain_4_2_says() {
    hold(&tables::status());
}

#[test]
fn the_photo_moves_as_domain_4_6_says() {
    hold(&tables::photo());
}

#[test]
fn the_answer_of_the_platform_moves_as_rule_2_says() {
    hold(&tables::answer());
}

#[test]
fn an_import_moves_from_upload_to_undo() {
    hold(&tables::import());
}

#[test]
fn a_receipt_is_answered_once() {
    hold(&tables::receipt());
}

//! The states of a student, each as its chip.

use super::StudentStates;
use super::progress::ended_at;
use crate::registration::PlatformAnswer;
use crate::view::Chip;

/// The chip of every state. Of somebody who will not come, or has left, only what came to be is told: the other states
/// would promise what does not take place any more.
pub fn chips(states: StudentStates) -> Vec<Chip> {
    let goes_on = ended_at(states).is_none();
    let registered = states.registration == PlatformAnswer::Accepted;
    let all = [
        (true, Chip::of(&states.qualification)),
        (
            goes_on || states.status.has_begun(),
            Chip::of(&states.status),
        ),
        (goes_on || registered, Chip::of(&states.registration)),
        (goes_on, Chip::of(&states.photo)),
    ];
    let told = all.into_iter().filter(|(told, _)| *told);
    told.map(|(_, chip)| chip).collect()
}

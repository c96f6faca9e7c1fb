//! The day that the school's calendar has for a stage that waits.

use super::{Planned, Progress, Stage, StageDates, StudentStates};
use crate::admission::qualification::Qualification;
use crate::photo::PhotoState;
use crate::status::StudentStatus;

/// The day of a stage. What is done has its own date, what the school is working on asks for nothing, and of what has
/// not begun or is not kept here a day that is over says nothing.
pub(super) fn planned(
    stage: Stage,
    progress: Progress,
    states: StudentStates,
    dates: StageDates,
) -> Option<Planned> {
    if is_over(states) {
        return None;
    }
    let day = day_of(stage, states, dates);
    match progress {
        Progress::Done | Progress::Current | Progress::Lapsed => None,
        Progress::Yours | Progress::Stopped => day,
        Progress::Ahead | Progress::Unrecorded => {
            day.filter(|planned| planned.day() >= dates.today)
        }
    }
}

/// The days of a cohort are not for those who do not come with it, or have left.
const fn is_over(states: StudentStates) -> bool {
    let stays_away = matches!(
        states.qualification,
        Qualification::Deferred | Qualification::Forgone | Qualification::Cancelled
    );
    stays_away || !(matches!(states.status, StudentStatus::None) || states.status.on_roll())
}

fn day_of(stage: Stage, states: StudentStates, dates: StageDates) -> Option<Planned> {
    let until = |day: Option<_>| day.map(Planned::Until);
    match stage {
        Stage::Arrival if states.qualification == Qualification::OnLeave => {
            until(dates.leave_until)
        }
        Stage::Arrival => dates.arrival.map(Planned::On),
        Stage::Verification => until(dates.set.verify_until),
        Stage::SelfCheck => until(dates.self_check_until()),
        Stage::Recheck => until(dates.recheck_until),
        Stage::Semester => match states.status {
            // Until when is in the notice of the decision.
            StudentStatus::Suspended | StudentStatus::Retained => None,
            StudentStatus::None
            | StudentStatus::Registered
            | StudentStatus::Withdrawn
            | StudentStatus::Cancelled
            | StudentStatus::Expelled
            | StudentStatus::TransferredOut
            | StudentStatus::Graduated
            | StudentStatus::Completed
            | StudentStatus::PartialStudy
            | StudentStatus::Deceased => dates.semester.map(Planned::On),
        },
        Stage::AnnualRegistration => until(dates.annual_until),
        Stage::Photo if states.photo == PhotoState::Rejected => until(dates.replace_until),
        Stage::Photo => until(dates.set.photo_until),
        // No day is set for these in the calendar or among the parameters.
        Stage::Handover | Stage::Registration | Stage::Graduation | Stage::Credential => None,
    }
}

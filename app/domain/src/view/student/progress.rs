//! How far each stage is, computed from states and dates, never stored.

use super::planned::planned;
use super::{Contact, Planned, Progress, Stage, StageDates, StageView, StudentStates};
use crate::admission::qualification::Qualification;
use crate::calendar::AcademicYear;
use crate::photo::PhotoState;
use crate::registration::PlatformAnswer;
use crate::status::StudentStatus;
use crate::text::{Explained, Text};
use crate::view::words;
use chrono::NaiveDate;

const NOT_BEGUN: Text = Text::new("未开始", "Not begun");
const UNRECORDED: Text = Text::new("本系统暂无记录", "Not recorded here");
const UNDER_WAY: Text = Text::new("办理中", "Under way");
const DONE: Text = Text::new("已完成", "Done");
const YOURS: Text = Text::new("待你完成", "Yours to do");
const AFTER_ENTRY: Text = Text::new("入学后办理", "After you enter");
const LAPSED: Text = Text::new("不再办理", "No longer applies");

/// One stage before it is written out.
struct Line {
    progress: Progress,
    date: Option<NaiveDate>,
    state: Text,
    explanation: Text,
}

impl Line {
    const fn new(progress: Progress, state: Text, explanation: Text) -> Self {
        Self {
            progress,
            date: None,
            state,
            explanation,
        }
    }

    const fn ahead(stage: Stage) -> Self {
        Self::new(Progress::Ahead, NOT_BEGUN, stage.outlook())
    }

    const fn unrecorded(stage: Stage) -> Self {
        Self::new(Progress::Unrecorded, UNRECORDED, stage.outlook())
    }

    const fn lapsed() -> Self {
        Self::new(Progress::Lapsed, LAPSED, Text::new("", ""))
    }

    fn of(progress: Progress, state: &impl Explained) -> Self {
        Self::new(progress, state.label(), state.explanation())
    }

    const fn on(mut self, date: Option<NaiveDate>) -> Self {
        self.date = date;
        self
    }
}

/// The vertical progress of one student. No stage is called "not begun" before one that is done.
pub fn progress(
    states: StudentStates,
    dates: StageDates,
    contact: impl Fn(Stage) -> Contact,
) -> Vec<StageView> {
    let mut later_done = false;
    let mut views: Vec<StageView> = Stage::ALL
        .into_iter()
        .rev()
        .map(|stage| {
            let mut line = line_of(stage, states, dates);
            if later_done && line.progress == Progress::Ahead {
                line = Line::unrecorded(stage);
            }
            later_done |= line.progress == Progress::Done;
            let planned = planned(stage, line.progress, states, dates);
            view(stage, &line, planned, contact(stage))
        })
        .collect();
    views.reverse();
    views
}

fn view(stage: Stage, line: &Line, planned: Option<Planned>, contact: Contact) -> StageView {
    StageView {
        stage,
        progress: line.progress,
        date: line.date,
        planned,
        state: words(line.state),
        explanation: words(line.explanation),
        office: contact.office,
        office_name: contact.name,
        phone: contact.phone,
    }
}

/// The stage of somebody who will not come or has left is not done any more, except that one stage tells why; whoever
/// comes in a later year does it then.
fn line_of(stage: Stage, states: StudentStates, dates: StageDates) -> Line {
    let line = own_line(stage, states, dates);
    if let Some(told) = ended_at(states) {
        let stays = line.progress == Progress::Done || stage == Stage::Handover || stage == told;
        return if stays { line } else { Line::lapsed() };
    }
    if states.qualification == Qualification::Deferred && line.progress == Progress::Ahead {
        return Line {
            state: AFTER_ENTRY,
            ..line
        };
    }
    line
}

/// The stage at which an end without a graduation is told.
pub(super) const fn ended_at(states: StudentStates) -> Option<Stage> {
    match (states.qualification, states.status) {
        (Qualification::Forgone | Qualification::Cancelled, _) => Some(Stage::Arrival),
        (
            _,
            StudentStatus::Withdrawn
            | StudentStatus::Cancelled
            | StudentStatus::Expelled
            | StudentStatus::TransferredOut
            | StudentStatus::Deceased,
        ) => Some(Stage::Semester),
        (
            _,
            StudentStatus::None
            | StudentStatus::Registered
            | StudentStatus::Suspended
            | StudentStatus::Retained
            | StudentStatus::Graduated
            | StudentStatus::Completed
            | StudentStatus::PartialStudy,
        ) => None,
    }
}

fn own_line(stage: Stage, states: StudentStates, dates: StageDates) -> Line {
    match stage {
        Stage::Handover => handover(dates),
        Stage::Arrival => arrival(states, dates),
        Stage::Verification => verification(states, dates),
        Stage::Registration => registration(states, dates),
        Stage::SelfCheck => self_check(states, dates),
        Stage::Recheck if has_arrived(states) => Line::unrecorded(stage),
        Stage::Semester => semester(states),
        Stage::AnnualRegistration if is_past_first_year(states, dates) => Line::unrecorded(stage),
        Stage::Photo => photo(states, dates),
        Stage::Graduation | Stage::Credential if has_left(states) => Line::unrecorded(stage),
        Stage::Recheck | Stage::AnnualRegistration | Stage::Graduation | Stage::Credential => {
            Line::ahead(stage)
        }
    }
}

const fn has_arrived(states: StudentStates) -> bool {
    matches!(
        states.qualification,
        Qualification::InitialCheck | Qualification::Qualified
    )
}

const fn has_left(states: StudentStates) -> bool {
    matches!(
        states.status,
        StudentStatus::Graduated | StudentStatus::Completed | StudentStatus::PartialStudy
    )
}

fn is_past_first_year(states: StudentStates, dates: StageDates) -> bool {
    states.status != StudentStatus::None
        && i32::from(AcademicYear::containing(dates.today).0) > dates.year
}

fn handover(dates: StageDates) -> Line {
    let Some(date) = dates.handed_over else {
        return Line::new(Progress::Current, UNDER_WAY, Stage::Handover.outlook());
    };
    let text = Text::new(
        "招生办公室已把你的录取数据交给学生处和学院。此后的每一步都以这份录取数据为准。",
        "The Admissions Office has given your admission data to Student Affairs and your college. Every later step rests on them.",
    );
    Line::new(Progress::Done, DONE, text).on(Some(date))
}

fn arrival(states: StudentStates, dates: StageDates) -> Line {
    let state = states.qualification;
    let progress = match state {
        Qualification::AwaitingArrival | Qualification::OnLeave if dates.handed_over.is_none() => {
            return Line::ahead(Stage::Arrival);
        }
        Qualification::AwaitingArrival | Qualification::OnLeave | Qualification::Deferred => {
            Progress::Yours
        }
        Qualification::InitialCheck => Progress::Current,
        Qualification::Qualified => Progress::Done,
        Qualification::Forgone | Qualification::Cancelled => Progress::Stopped,
    };
    Line::of(progress, &state).on(dates.qualified)
}

/// 办法 二（一）3（2）: whoever is on the list for the platform has checked and signed before.
fn verification(states: StudentStates, dates: StageDates) -> Line {
    let stage = Stage::Verification;
    match (states.registration, states.qualification) {
        (PlatformAnswer::NotDue, Qualification::Qualified) => {
            Line::new(Progress::Yours, YOURS, stage.outlook())
        }
        (PlatformAnswer::NotDue, _) => Line::ahead(stage),
        (
            PlatformAnswer::Queued
            | PlatformAnswer::Requested
            | PlatformAnswer::Accepted
            | PlatformAnswer::Returned,
            _,
        ) => Line::new(
            Progress::Done,
            DONE,
            Text::new(
                "你的信息已核对并列入上报名单。核对表由学院保存。",
                "Your data were checked and are on the list for CHSI. The college keeps the sheet.",
            ),
        )
        .on(dates.listed),
    }
}

fn registration(states: StudentStates, dates: StageDates) -> Line {
    let state = states.registration;
    let progress = match state {
        PlatformAnswer::NotDue => return Line::ahead(Stage::Registration),
        PlatformAnswer::Queued | PlatformAnswer::Requested => Progress::Current,
        PlatformAnswer::Accepted => Progress::Done,
        PlatformAnswer::Returned => Progress::Stopped,
    };
    Line::of(progress, &state).on(dates.registered)
}

fn self_check(states: StudentStates, dates: StageDates) -> Line {
    let stage = Stage::SelfCheck;
    if states.registration != PlatformAnswer::Accepted {
        return Line::ahead(stage);
    }
    if has_left(states) || !is_time_to_look(dates) {
        Line::unrecorded(stage)
    } else {
        Line::new(Progress::Yours, YOURS, stage.outlook())
    }
}

/// Until the day that the school has set; without one, in the academic year of the registration. Later nobody is asked:
/// the record does not say whether they looked.
fn is_time_to_look(dates: StageDates) -> bool {
    let year_of = |day: NaiveDate| i32::from(AcademicYear::containing(day).0);
    dates.self_check_until().map_or_else(
        || year_of(dates.today) <= dates.registered.map_or(dates.year, year_of),
        |last| dates.today <= last,
    )
}

fn semester(states: StudentStates) -> Line {
    let stage = Stage::Semester;
    match states.status {
        StudentStatus::None => Line::ahead(stage),
        StudentStatus::Suspended | StudentStatus::Retained => {
            Line::of(Progress::Yours, &states.status)
        }
        StudentStatus::Cancelled | StudentStatus::Expelled => {
            Line::of(Progress::Stopped, &states.status)
        }
        StudentStatus::Withdrawn | StudentStatus::TransferredOut | StudentStatus::Deceased => {
            Line::of(Progress::Lapsed, &states.status)
        }
        StudentStatus::Registered
        | StudentStatus::Graduated
        | StudentStatus::Completed
        | StudentStatus::PartialStudy => Line::unrecorded(stage),
    }
}

fn photo(states: StudentStates, dates: StageDates) -> Line {
    let state = states.photo;
    let progress = match state {
        PhotoState::NotCaptured => Progress::Ahead,
        PhotoState::CodeObtained | PhotoState::ToProof => Progress::Yours,
        PhotoState::Submitted | PhotoState::Proofed => Progress::Current,
        PhotoState::Rejected | PhotoState::Disputed | PhotoState::FaceBlocked => Progress::Stopped,
        PhotoState::Usable => Progress::Done,
    };
    Line::of(progress, &state).on(dates.photo)
}

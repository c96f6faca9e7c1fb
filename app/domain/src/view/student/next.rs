//! What a student must know first. Something to do now comes before something that others have in hand, and that before
//! the nearest day to keep.

use super::progress::progress;
use super::{
    Contact, NextStep, Planned, Progress, Stage, StageDates, StageView, StudentStates, Turn, Until,
};
use crate::admission::qualification::Qualification;
use crate::photo::PhotoState;
use crate::text::{Explained as _, Label as _, Text};
use crate::view::{Words, words};

/// What the student must do or know next, if anything.
pub fn next_step(states: StudentStates, dates: StageDates) -> Option<NextStep> {
    let nobody = |stage: Stage| Contact {
        office: stage.office(),
        name: Words::default(),
        phone: None,
    };
    let lines = progress(states, dates, nobody);
    to_do(&lines, states, dates)
        .or_else(|| in_other_hands(&lines))
        .or_else(|| coming(&lines))
}

/// Of the stages that wait for the student, the first; looking oneself up comes last.
fn to_do(lines: &[StageView], states: StudentStates, dates: StageDates) -> Option<NextStep> {
    let mut tasks = lines
        .iter()
        .filter_map(|line| task(line.stage, line.progress, states, dates));
    let first = tasks.next()?;
    if first.stage == Stage::SelfCheck {
        return tasks.next().or(Some(first));
    }
    Some(first)
}

/// What went wrong or came to an end, where the student can only ask.
fn in_other_hands(lines: &[StageView]) -> Option<NextStep> {
    let told = |line: &&StageView| match line.progress {
        Progress::Stopped => true,
        Progress::Lapsed => !line.explanation.0.is_empty(),
        Progress::Done
        | Progress::Current
        | Progress::Yours
        | Progress::Ahead
        | Progress::Unrecorded => false,
    };
    let line = lines.iter().find(told)?;
    Some(NextStep {
        stage: line.stage,
        title: match line.stage {
            Stage::Registration => words(RETURNED),
            Stage::Photo => words(DISPUTED),
            Stage::Handover
            | Stage::Arrival
            | Stage::Verification
            | Stage::SelfCheck
            | Stage::Recheck
            | Stage::Semester
            | Stage::AnnualRegistration
            | Stage::Graduation
            | Stage::Credential => line.state.clone(),
        },
        text: line.explanation.clone(),
        turn: Turn::Ask,
    })
}

/// The nearest of the days to come that the student keeps.
fn coming(lines: &[StageView]) -> Option<NextStep> {
    let line = lines
        .iter()
        .filter(|line| line.stage.is_the_students() && line.planned.is_some())
        .min_by_key(|line| line.planned.map(Planned::day))?;
    Some(NextStep {
        stage: line.stage,
        title: words(line.stage.label()),
        text: line.explanation.clone(),
        turn: Turn::Coming(line.planned?),
    })
}

const RETURNED: Text = Text::new(
    "学信网退回了你的注册信息",
    "CHSI has returned your registration",
);
const DISPUTED: Text = Text::new(
    "你标注有误的照片正在核实",
    "The photo you marked as wrong is being checked",
);

fn task(
    stage: Stage,
    progress: Progress,
    states: StudentStates,
    dates: StageDates,
) -> Option<NextStep> {
    let yours = progress == Progress::Yours;
    let (title, text, until) = match stage {
        Stage::Arrival if yours => arrival(states.qualification, dates),
        Stage::Verification if yours => verify(dates),
        Stage::SelfCheck if yours => look_up(dates),
        Stage::Semester if yours => (
            Text::new("期满前申请复学", "Apply to resume before the term ends"),
            states.status.explanation(),
            Until::Notice,
        ),
        Stage::Photo if progress != Progress::Lapsed => photo(states.photo, dates)?,
        Stage::Handover
        | Stage::Arrival
        | Stage::Verification
        | Stage::Registration
        | Stage::SelfCheck
        | Stage::Recheck
        | Stage::Semester
        | Stage::AnnualRegistration
        | Stage::Photo
        | Stage::Graduation
        | Stage::Credential => return None,
    };
    Some(NextStep {
        stage,
        title: words(title),
        text: words(text),
        turn: Turn::Act(until),
    })
}

type Task = (Text, Text, Until);

fn arrival(state: Qualification, dates: StageDates) -> Task {
    match state {
        Qualification::Deferred => (
            Text::new("期满前提出入学申请", "Apply to enter before the term ends"),
            state.explanation(),
            Until::Notice,
        ),
        Qualification::OnLeave => (
            Text::new(
                "假期结束前到学院报到",
                "Report at your college before the leave ends",
            ),
            state.explanation(),
            dates.leave_until.into(),
        ),
        Qualification::AwaitingArrival
        | Qualification::InitialCheck
        | Qualification::Qualified
        | Qualification::Forgone
        | Qualification::Cancelled => (
            Text::new("按时到学院报到", "Report at your college on time"),
            Text::new(
                "带录取通知书、身份证和准考证原件。不能按时报到请先向学院请假。",
                "Bring the originals of your admission notice, identity card and examination permit. If you cannot come in time, ask your college for leave first.",
            ),
            dates.arrival.into(),
        ),
    }
}

fn verify(dates: StageDates) -> Task {
    (
        Text::new("核对个人信息并签名", "Check your data and sign"),
        Text::new(
            "请到学院逐项核对姓名、性别、民族、出生日期、身份证号和录取专业，然后本人签名。发现有误请当场标出，由学院上报。",
            "Check name, sex, ethnic group, date of birth, ID number and major at your college, item by item, then sign. Mark errors on the spot; the college reports them.",
        ),
        dates.set.verify_until.into(),
    )
}

fn look_up(dates: StageDates) -> Task {
    (
        Text::new("登录学信网查询一次", "Look yourself up on CHSI once"),
        Text::new(
            "请本人实名登录学信网，核实身份信息和学籍注册信息。发现有误请告诉学院。",
            "Sign in to CHSI in your own name and check identity and registration. Tell your college if anything is wrong.",
        ),
        dates.self_check_until().into(),
    )
}

fn photo(state: PhotoState, dates: StageDates) -> Option<Task> {
    let (title, until) = match state {
        PhotoState::CodeObtained => (
            Text::new("按通知参加图像采集", "Come to the photo session"),
            dates.set.photo_until,
        ),
        PhotoState::Rejected => (
            Text::new("到学院登记补拍", "Register for a make-up photo"),
            dates.replace_until,
        ),
        PhotoState::ToProof => (
            Text::new("登录学信网校对照片", "Proof your photo on CHSI"),
            dates.set.photo_until,
        ),
        PhotoState::FaceBlocked => (
            Text::new("到学院核验本人", "Be verified at your college"),
            dates.set.photo_until,
        ),
        PhotoState::NotCaptured
        | PhotoState::Submitted
        | PhotoState::Proofed
        | PhotoState::Disputed
        | PhotoState::Usable => return None,
    };
    Some((title, text_of(state), until.into()))
}

const fn text_of(state: PhotoState) -> Text {
    match state {
        PhotoState::CodeObtained => Text::new(
            "请按通知的时间和地点参加拍摄。不能到场请联系学院登记补拍。",
            "Come at the time and place you were told. If you cannot, register for a make-up with your college.",
        ),
        PhotoState::Rejected => Text::new(
            "照片未通过审核。请联系学院登记，按规定时间到指定地点补拍。",
            "The photo was rejected. Register with your college and have it taken again at the set time and place.",
        ),
        PhotoState::FaceBlocked => Text::new(
            "照片与录取照片的比对没有通过。请带身份证到学院核验本人。",
            "The comparison with the admission photo failed. Bring your identity card to your college to be verified.",
        ),
        PhotoState::NotCaptured
        | PhotoState::Submitted
        | PhotoState::ToProof
        | PhotoState::Proofed
        | PhotoState::Disputed
        | PhotoState::Usable => Text::new(
            "照片已上传学信网，请本人登录校对。只是对照片不满意时，请不要选择“不是本人”。",
            "The photo is on CHSI; sign in there and proof it yourself. If you merely dislike it, do not choose “not me”.",
        ),
    }
}

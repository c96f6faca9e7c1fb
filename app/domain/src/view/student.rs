//! The student's own record as the phone shows it.

use crate::admission::qualification::Qualification;
use crate::clause::Clause;
use crate::institution::{Office, Step};
use crate::photo::PhotoState;
use crate::registration::PlatformAnswer;
use crate::status::StudentStatus;
use crate::text::{Explained, Label, Text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A stage of the regulation in the life of one student, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 录取信息移交
    Handover,
    /// 报到与初审
    Arrival,
    /// 信息核对签名
    Verification,
    /// 学信网新生电子注册
    Registration,
    /// 学信网学籍自查
    SelfCheck,
    /// 学年电子注册
    AnnualRegistration,
    /// 毕业生图像采集
    Photo,
    /// 毕业资格审核
    Graduation,
    /// 学历证书电子注册
    Credential,
}

impl Stage {
    /// Every stage, in the regulation's order.
    pub const ALL: [Self; 9] = [
        Self::Handover,
        Self::Arrival,
        Self::Verification,
        Self::Registration,
        Self::SelfCheck,
        Self::AnnualRegistration,
        Self::Photo,
        Self::Graduation,
        Self::Credential,
    ];

    /// The clause of the stage.
    pub const fn clause(self) -> Clause {
        match self {
            Self::Handover => Clause::HANDOVER,
            Self::Arrival => Clause::ENTRY,
            Self::Verification => Clause::VERIFICATION,
            Self::Registration => Clause::FRESHMAN_REGISTRATION,
            Self::SelfCheck => Clause::SELF_CHECK,
            Self::AnnualRegistration => Clause::ANNUAL,
            Self::Photo => Clause::PHOTO,
            Self::Graduation => Clause::GRADUATION,
            Self::Credential => Clause::CREDENTIAL,
        }
    }

    /// The step whose performing office a school may move; the stage's office follows it.
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::Handover => Some(Step::AdmissionHandover),
            Self::Registration => Some(Step::RegisterFreshmen),
            Self::AnnualRegistration => Some(Step::AnnualRegistration),
            Self::Arrival
            | Self::Verification
            | Self::SelfCheck
            | Self::Photo
            | Self::Graduation
            | Self::Credential => None,
        }
    }

    /// The office that the regulation makes answer for the stage.
    pub const fn office(self) -> Office {
        match self {
            Self::Handover | Self::Registration => Office::Admissions,
            Self::Arrival | Self::Verification => Office::College,
            Self::SelfCheck
            | Self::AnnualRegistration
            | Self::Photo
            | Self::Graduation
            | Self::Credential => Office::AcademicAffairs,
        }
    }

    /// What the stage is, in one or two plain sentences, before it has begun.
    pub const fn outlook(self) -> Text {
        match self {
            Self::Handover => Text::new(
                "招生办公室把录取数据移交学生处和学院。接收后这里显示日期。",
                "The Admissions Office hands the admission data to Student Affairs and the college. The date is shown here once received.",
            ),
            Self::Arrival => Text::new(
                "到学院报到，学院核对证件与录取信息。请按录取通知书上的时间报到。",
                "Report at your college, which compares papers and admission data. Come on the date in the admission notice.",
            ),
            Self::Verification => Text::new(
                "报到后逐项核对个人信息并签名。发现有误请当场标出，不要自行修改证件。",
                "After arrival you check your data item by item and sign. Mark errors on the spot; never alter documents yourself.",
            ),
            Self::Registration => Text::new(
                "学校核对无误后在学信网注册。注册结果以学信网下载名单为准。",
                "The university registers you on CHSI once the data agree. Only the list downloaded from CHSI counts.",
            ),
            Self::SelfCheck => Text::new(
                "注册后请本人登录学信网查询一次。身份信息和学籍信息都要看。",
                "After registration, look yourself up on CHSI once. Check identity as well as status.",
            ),
            Self::AnnualRegistration => Text::new(
                "每学年第一学期开学后一个月内注册。新生当年以入学注册代替。",
                "Registered each year within a month of the autumn term. For freshmen the new-student registration counts.",
            ),
            Self::Photo => Text::new(
                "毕业前一年的春季学期由教育部指定机构到校拍摄。不接受翻拍照片。",
                "Taken in the spring before the final year by the designated agency. Prints are not re-photographed.",
            ),
            Self::Graduation => Text::new(
                "春季学期核对毕业信息并审核毕业资格。审核中的每一项都会列出负责部门。",
                "In spring your data are checked and graduation is audited. Each item names the office in charge.",
            ),
            Self::Credential => Text::new(
                "毕业典礼后颁发证书，并在当天电子注册。未经电子注册的证书国家不予承认。",
                "Certificates are issued after the ceremony and registered the same day. Unregistered certificates are not recognised by the State.",
            ),
        }
    }
}

impl Label for Stage {
    fn label(&self) -> Text {
        match self {
            Self::Handover => Text::new("录取信息移交", "Hand-over of admission data"),
            Self::Arrival => Text::new("报到与初审", "Arrival and initial check"),
            Self::Verification => Text::new("信息核对签名", "Check and signature"),
            Self::Registration => {
                Text::new("学信网新生电子注册", "New-student registration on CHSI")
            }
            Self::SelfCheck => Text::new("学信网学籍自查", "Self-check on CHSI"),
            Self::AnnualRegistration => Text::new("学年电子注册", "Academic-year registration"),
            Self::Photo => Text::new("毕业生图像采集", "Certificate photo"),
            Self::Graduation => Text::new("毕业资格审核", "Graduation audit"),
            Self::Credential => Text::new("学历证书电子注册", "Credential registration"),
        }
    }
}

/// How far a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Proven, with a date.
    Done,
    /// Under way.
    Current,
    /// The student must do something.
    Yours,
    /// Not begun.
    Ahead,
    /// Stopped: something is wrong.
    Stopped,
}

/// One line of the vertical progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// Which stage.
    pub stage: Stage,
    /// How far.
    pub progress: Progress,
    /// The date it was done, or changed last.
    pub date: Option<NaiveDate>,
    /// Chip: the state in one word, zh and en.
    pub state: (String, String),
    /// Two plain sentences, zh and en.
    pub explanation: (String, String),
    /// The office that answers for it.
    pub office: Office,
    /// Its name at this university (the college's own name, for instance).
    pub office_name: String,
    /// Its phone, if the university has entered one.
    pub phone: Option<String>,
}

/// What a student must do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Which stage it belongs to.
    pub stage: Stage,
    /// Title, zh and en.
    pub title: (String, String),
    /// What to do, zh and en.
    pub text: (String, String),
    /// Until when, when a date is known.
    pub until: Option<NaiveDate>,
}

/// The states of one student, each of its own machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentStates {
    /// 入学资格
    pub qualification: Qualification,
    /// 学籍状态
    pub status: StudentStatus,
    /// The platform's answer to new-student registration.
    pub registration: PlatformAnswer,
    /// Certificate photo.
    pub photo: PhotoState,
}

/// Dates known about one student's stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageDates {
    /// The receiver accepted the hand-over.
    pub handed_over: Option<NaiveDate>,
    /// Change of the admission qualification.
    pub qualified: Option<NaiveDate>,
    /// A downloaded list showed the registration.
    pub registered: Option<NaiveDate>,
    /// Change of the photo state.
    pub photo: Option<NaiveDate>,
    /// First day of arrival at this university, from the academic calendar.
    pub arrival: Option<NaiveDate>,
}

/// Name and phone of the office that answers for a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The office, as the school has named it for the stage.
    pub office: Office,
    /// Name shown to the student.
    pub name: String,
    /// Phone, if known.
    pub phone: Option<String>,
}

fn pair(text: Text) -> (String, String) {
    (text.zh.to_owned(), text.en.to_owned())
}

/// The vertical progress of one student, computed from the states and dates, never stored.
pub fn progress(
    states: StudentStates,
    dates: StageDates,
    contact: impl Fn(Stage) -> Contact,
) -> Vec<StageView> {
    Stage::ALL
        .into_iter()
        .map(|stage| {
            let (progress, date, state, explanation) = stage_state(stage, states, dates);
            let contact = contact(stage);
            StageView {
                stage,
                progress,
                date,
                state: pair(state),
                explanation: pair(explanation),
                office: contact.office,
                office_name: contact.name,
                phone: contact.phone,
            }
        })
        .collect()
}

const NOT_BEGUN: Text = Text::new("未开始", "Not begun");

fn stage_state(
    stage: Stage,
    states: StudentStates,
    dates: StageDates,
) -> (Progress, Option<NaiveDate>, Text, Text) {
    let ahead = (Progress::Ahead, None, NOT_BEGUN, stage.outlook());
    match stage {
        Stage::Handover => match dates.handed_over {
            Some(date) => (
                Progress::Done,
                Some(date),
                Text::new("已完成", "Done"),
                Text::new(
                    "招生办公室已把你的录取数据交给学生处和学院。此后的每一步都以这份录取数据为准。",
                    "The Admissions Office has given your admission data to Student Affairs and your college. Every later step rests on them.",
                ),
            ),
            None => (
                Progress::Current,
                None,
                Text::new("办理中", "Under way"),
                stage.outlook(),
            ),
        },
        Stage::Arrival => {
            let q = states.qualification;
            let progress = match q {
                Qualification::AwaitingArrival | Qualification::OnLeave
                    if dates.handed_over.is_some() =>
                {
                    Progress::Yours
                }
                Qualification::AwaitingArrival | Qualification::OnLeave => return ahead,
                Qualification::InitialCheck | Qualification::Deferred => Progress::Current,
                Qualification::Qualified => Progress::Done,
                Qualification::Forgone | Qualification::Cancelled => Progress::Stopped,
            };
            (progress, dates.qualified, q.label(), q.explanation())
        }
        Stage::Registration => {
            let r = states.registration;
            let progress = match r {
                PlatformAnswer::NotDue => return ahead,
                PlatformAnswer::Queued | PlatformAnswer::Requested => Progress::Current,
                PlatformAnswer::Accepted => Progress::Done,
                PlatformAnswer::Returned => Progress::Stopped,
            };
            (progress, dates.registered, r.label(), r.explanation())
        }
        Stage::Photo => {
            let p = states.photo;
            let progress = match p {
                PhotoState::NotCaptured => {
                    return (Progress::Ahead, None, p.label(), p.explanation());
                }
                PhotoState::CodeObtained | PhotoState::ToProof => Progress::Yours,
                PhotoState::Submitted | PhotoState::Proofed => Progress::Current,
                PhotoState::Rejected | PhotoState::Disputed | PhotoState::FaceBlocked => {
                    Progress::Stopped
                }
                PhotoState::Usable => Progress::Done,
            };
            (progress, dates.photo, p.label(), p.explanation())
        }
        Stage::Verification
        | Stage::SelfCheck
        | Stage::AnnualRegistration
        | Stage::Graduation
        | Stage::Credential => ahead,
    }
}

/// What the student must do next, if anything.
pub fn next_step(states: StudentStates, dates: StageDates) -> Option<NextStep> {
    match states.qualification {
        Qualification::AwaitingArrival | Qualification::OnLeave if dates.handed_over.is_some() => {
            Some(NextStep {
                stage: Stage::Arrival,
                title: pair(Text::new(
                    "按时到学院报到",
                    "Report at your college on time",
                )),
                text: pair(Text::new(
                    "带录取通知书、身份证和准考证原件。不能按时报到请先向学院请假。",
                    "Bring the originals of your admission notice, identity card and examination permit. If you cannot come in time, ask your college for leave first.",
                )),
                until: dates.arrival,
            })
        }
        Qualification::AwaitingArrival
        | Qualification::OnLeave
        | Qualification::InitialCheck
        | Qualification::Qualified
        | Qualification::Deferred
        | Qualification::Forgone
        | Qualification::Cancelled => match states.photo {
            PhotoState::ToProof => Some(NextStep {
                stage: Stage::Photo,
                title: pair(Text::new("登录学信网校对照片", "Proof your photo on CHSI")),
                text: pair(PhotoState::ToProof.explanation()),
                until: None,
            }),
            PhotoState::NotCaptured
            | PhotoState::CodeObtained
            | PhotoState::Submitted
            | PhotoState::Rejected
            | PhotoState::Proofed
            | PhotoState::Disputed
            | PhotoState::FaceBlocked
            | PhotoState::Usable => None,
        },
    }
}

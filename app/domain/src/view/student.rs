//! The student's own record as the phone shows it.

mod chips;
mod next;
mod planned;
mod progress;

use super::Words;
use crate::admission::qualification::Qualification;
use crate::clause::Clause;
use crate::institution::term::StudentDays;
use crate::institution::{Office, Step};
use crate::photo::PhotoState;
use crate::registration::PlatformAnswer;
use crate::status::StudentStatus;
use crate::text::{Label, Text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use chips::chips;
pub use next::next_step;
pub use progress::progress;

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
    /// 入学资格复查
    Recheck,
    /// 学期注册
    Semester,
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
    pub const ALL: [Self; 11] = [
        Self::Handover,
        Self::Arrival,
        Self::Verification,
        Self::Registration,
        Self::SelfCheck,
        Self::Recheck,
        Self::Semester,
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
            Self::Recheck => Clause::ORDER41_11,
            Self::Semester => Clause::SEMESTER,
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
            | Self::Recheck
            | Self::Semester
            | Self::Photo
            | Self::Graduation
            | Self::Credential => None,
        }
    }

    /// The office that the regulation makes answer for the stage.
    pub const fn office(self) -> Office {
        match self {
            Self::Handover | Self::Registration => Office::Admissions,
            Self::Arrival | Self::Verification | Self::Semester => Office::College,
            Self::Recheck => Office::StudentAffairs,
            Self::SelfCheck
            | Self::AnnualRegistration
            | Self::Photo
            | Self::Graduation
            | Self::Credential => Office::AcademicAffairs,
        }
    }

    /// The office that the words of a state name at the stage, where it is not the stage's own.
    pub const fn named(self, states: StudentStates) -> Option<Office> {
        match self {
            Self::Arrival
                if matches!(
                    states.qualification,
                    Qualification::Forgone | Qualification::Cancelled
                ) =>
            {
                Some(Office::Admissions)
            }
            Self::Photo
                if matches!(
                    states.photo,
                    PhotoState::CodeObtained | PhotoState::Rejected | PhotoState::FaceBlocked
                ) =>
            {
                Some(Office::College)
            }
            Self::Handover
            | Self::Arrival
            | Self::Verification
            | Self::Registration
            | Self::SelfCheck
            | Self::Recheck
            | Self::Semester
            | Self::AnnualRegistration
            | Self::Photo
            | Self::Graduation
            | Self::Credential => None,
        }
    }

    /// Whether the student does it: its day is one that the student keeps, not one of the school's own work.
    pub const fn is_the_students(self) -> bool {
        match self {
            Self::Arrival | Self::Verification | Self::SelfCheck | Self::Semester | Self::Photo => {
                true
            }
            Self::Handover
            | Self::Registration
            | Self::Recheck
            | Self::AnnualRegistration
            | Self::Graduation
            | Self::Credential => false,
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
                "到学院报到，学院核对证件与录取信息。时间以录取通知书为准。",
                "Report at your college, which compares papers and admission data. The admission notice says when.",
            ),
            Self::Verification => Text::new(
                "报到后由本人逐项核对个人信息并签名。发现有误当场标出，不得自行修改证件。",
                "After arrival you check your data item by item and sign. Mark errors on the spot; never alter documents yourself.",
            ),
            Self::Registration => Text::new(
                "学校核对无误后在学信网注册。注册结果以学信网下载名单为准。",
                "The university registers you on CHSI once the data agree. Only the list downloaded from CHSI counts.",
            ),
            Self::SelfCheck => Text::new(
                "注册后由本人登录学信网查询一次。身份信息和学籍信息都要看。",
                "After registration, look yourself up on CHSI once. Check identity as well as status.",
            ),
            Self::Recheck => Text::new(
                "入学后三个月内，学校复查录取手续、身份、档案和健康状况。复查不合格的，未注册学籍的取消入学资格，已注册的取消学籍。",
                "Within three months of enrolment the university re-checks admission, identity, file and health. Whoever fails loses the admission, or the status once registered.",
            ),
            Self::Semester => Text::new(
                "每学期开学时到学院办理报到注册。因故不能按时办理的须先请假。",
                "Registered with your college at the start of each semester. Whoever cannot come in time asks for leave first.",
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
                "春季学期核对毕业信息并审核毕业资格。对某一项有疑问，请联系负责该项的部门。",
                "In spring your data are checked and graduation is audited. About any item, ask the office in charge of it.",
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
            Self::Recheck => Text::new("新生入学资格复查", "Re-check of admission"),
            Self::Semester => Text::new("学期注册", "Semester registration"),
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
    /// It may have been done: nothing about it is kept here.
    Unrecorded,
    /// Stopped: something is wrong.
    Stopped,
    /// It does not take place any more: the person does not come, or has left.
    Lapsed,
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
    /// The day that the calendar of the school has for it, while it waits.
    pub planned: Option<Planned>,
    /// Chip: the state in one word.
    pub state: Words,
    /// Two plain sentences; none where it does not take place any more.
    pub explanation: Words,
    /// The office that answers for it.
    pub office: Office,
    /// Its name at this university (the college's own name, for instance).
    pub office_name: Words,
    /// Its phone, if the university has entered one.
    pub phone: Option<String>,
}

/// A day of the school's calendar for a stage that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Planned {
    /// It takes place, or begins, on this day.
    On(NaiveDate),
    /// This day is the last.
    Until(NaiveDate),
}

impl Planned {
    /// The day.
    pub const fn day(self) -> NaiveDate {
        match self {
            Self::On(day) | Self::Until(day) => day,
        }
    }
}

/// What a student must know first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Which stage it belongs to.
    pub stage: Stage,
    /// Title.
    pub title: Words,
    /// What to do, or what happens.
    pub text: Words,
    /// Whose turn it is, and until when.
    pub turn: Turn,
}

impl NextStep {
    /// The day to keep, where there is one and it is known.
    pub const fn day(&self) -> Option<NaiveDate> {
        match self.turn {
            Turn::Act(until) => until.day(),
            Turn::Coming(planned) => Some(planned.day()),
            Turn::Ask => None,
        }
    }
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// The student's, now.
    Act(Until),
    /// The student's, on a day that is still to come.
    Coming(Planned),
    /// An office's: the student is told what happened, and whom to ask.
    Ask,
}

/// Until when something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// This day is the last.
    Day(NaiveDate),
    /// The school sets a day for its cohorts, and has set none.
    Unset,
    /// It depends on the decision about the student, whose notice says it.
    Notice,
}

impl Until {
    /// The day, where it is known.
    pub const fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Unset | Self::Notice => None,
        }
    }
}

impl From<Option<NaiveDate>> for Until {
    fn from(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Unset, Self::Day)
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageDates {
    /// The day the page is made.
    pub today: NaiveDate,
    /// Year of admission.
    pub year: i32,
    /// The receiver accepted the hand-over.
    pub handed_over: Option<NaiveDate>,
    /// Change of the admission qualification.
    pub qualified: Option<NaiveDate>,
    /// The record was taken into the list for the platform, checked and signed.
    pub listed: Option<NaiveDate>,
    /// A downloaded list showed the registration.
    pub registered: Option<NaiveDate>,
    /// Change of the photo state.
    pub photo: Option<NaiveDate>,
    /// First day of arrival at this university, from the academic calendar.
    pub arrival: Option<NaiveDate>,
    /// Last day of a leave at arrival.
    pub leave_until: Option<NaiveDate>,
    /// Last day to replace a rejected photo.
    pub replace_until: Option<NaiveDate>,
    /// Last day of the re-check of the cohort.
    pub recheck_until: Option<NaiveDate>,
    /// First day of the next semester that the calendar has.
    pub semester: Option<NaiveDate>,
    /// Last day of the next academic-year registration that the calendar has.
    pub annual_until: Option<NaiveDate>,
    /// Last days that the school has set for the cohort.
    pub set: StudentDays,
}

impl StageDates {
    /// The last day to look oneself up that the school has set; it is not for whoever was registered after it.
    pub(crate) fn self_check_until(&self) -> Option<NaiveDate> {
        let in_time = |last: &NaiveDate| self.registered.is_none_or(|day| day <= *last);
        self.set.self_check_until.filter(in_time)
    }

    /// Dates of a student of a cohort about whom nothing has happened yet.
    pub const fn new(year: i32, today: NaiveDate) -> Self {
        Self {
            today,
            year,
            handed_over: None,
            qualified: None,
            listed: None,
            registered: None,
            photo: None,
            arrival: None,
            leave_until: None,
            replace_until: None,
            recheck_until: None,
            semester: None,
            annual_until: None,
            set: StudentDays {
                verify_until: None,
                self_check_until: None,
                photo_until: None,
            },
        }
    }
}

/// Name and phone of the office that answers for a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The office, as the school has named it for the stage.
    pub office: Office,
    /// Name shown to the student.
    pub name: Words,
    /// Phone, if known.
    pub phone: Option<String>,
}

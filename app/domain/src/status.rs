//! Room `status`: 学籍状态, the standing as an enrolled student (domain.md §4.2).

use crate::admission::qualification::Qualification;
use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Explained, Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// State of the student status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudentStatus {
    /// No status yet: admission only.
    None,
    /// 注册学籍
    Registered,
    /// 休学
    Suspended,
    /// 保留学籍
    Retained,
    /// 退学
    Withdrawn,
    /// 取消学籍
    Cancelled,
    /// 开除学籍
    Expelled,
    /// 转出
    TransferredOut,
    /// 毕业
    Graduated,
    /// 结业
    Completed,
    /// 肄业
    PartialStudy,
    /// 死亡
    Deceased,
}

/// What may happen to the student status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusEvent {
    /// Status begins.
    Begin,
    /// Suspension.
    Suspend,
    /// Retention for military service or joint training.
    Retain,
    /// Resumption (复学).
    Resume,
    /// Withdrawal.
    Withdraw,
    /// Cancellation after unlawful entry.
    Cancel,
    /// Expulsion.
    Expel,
    /// Transfer to another school.
    TransferOut,
    /// Graduation.
    Graduate,
    /// Completion without graduation.
    Complete,
    /// The student leaves with a certificate of partial study (肄业).
    CertifyPartialStudy,
    /// Exchange of a completion certificate for a graduation certificate.
    Exchange,
    /// Restoration after an appeal or a judgement.
    Restore,
    /// Death.
    Die,
}

impl Machine for StudentStatus {
    type Event = StatusEvent;
    /// Status exists on a passed initial check only; a deferred, forgone or cancelled admission has none.
    type Ground = Qualification;
    const NAME: &'static str = "student_status";
    const STATES: &'static [Self] = &[
        Self::None,
        Self::Registered,
        Self::Suspended,
        Self::Retained,
        Self::Withdrawn,
        Self::Cancelled,
        Self::Expelled,
        Self::TransferredOut,
        Self::Graduated,
        Self::Completed,
        Self::PartialStudy,
        Self::Deceased,
    ];
    const EVENTS: &'static [StatusEvent] = &[
        StatusEvent::Begin,
        StatusEvent::Suspend,
        StatusEvent::Retain,
        StatusEvent::Resume,
        StatusEvent::Withdraw,
        StatusEvent::Cancel,
        StatusEvent::Expel,
        StatusEvent::TransferOut,
        StatusEvent::Graduate,
        StatusEvent::Complete,
        StatusEvent::CertifyPartialStudy,
        StatusEvent::Exchange,
        StatusEvent::Restore,
        StatusEvent::Die,
    ];

    fn next(self, event: StatusEvent) -> Result<Self, Refusal> {
        use StatusEvent as E;
        match (self, event) {
            (Self::None, E::Begin)
            | (Self::Suspended | Self::Retained, E::Resume)
            | (Self::Withdrawn | Self::Cancelled | Self::Expelled, E::Restore) => {
                Ok(Self::Registered)
            }
            (Self::Registered, E::Suspend) => Ok(Self::Suspended),
            (Self::Registered, E::Retain) => Ok(Self::Retained),
            (Self::Registered | Self::Suspended | Self::Retained, E::Withdraw) => {
                Ok(Self::Withdrawn)
            }
            (
                Self::Registered
                | Self::Suspended
                | Self::Retained
                | Self::Graduated
                | Self::Completed,
                E::Cancel,
            ) => Ok(Self::Cancelled),
            (Self::Registered | Self::Suspended | Self::Retained, E::Expel) => Ok(Self::Expelled),
            (Self::Registered, E::TransferOut) => Ok(Self::TransferredOut),
            (Self::Registered, E::Graduate) | (Self::Completed, E::Exchange) => Ok(Self::Graduated),
            (Self::Registered, E::Complete) => Ok(Self::Completed),
            (Self::Registered, E::CertifyPartialStudy) => Ok(Self::PartialStudy),
            (Self::Registered | Self::Suspended | Self::Retained, E::Die) => Ok(Self::Deceased),
            (
                _state,
                E::Begin
                | E::Suspend
                | E::Retain
                | E::Resume
                | E::Withdraw
                | E::Cancel
                | E::Expel
                | E::TransferOut
                | E::Graduate
                | E::Complete
                | E::CertifyPartialStudy
                | E::Exchange
                | E::Restore
                | E::Die,
            ) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::DAILY,
                Office::AcademicAffairs,
            )),
        }
    }

    fn borne(_event: StatusEvent, admission: Qualification) -> Result<(), Refusal> {
        match admission {
            Qualification::Qualified => Ok(()),
            Qualification::AwaitingArrival
            | Qualification::OnLeave
            | Qualification::InitialCheck
            | Qualification::Deferred
            | Qualification::Forgone
            | Qualification::Cancelled => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::REGISTRATION_BASIS,
                Office::Admissions,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Registered => "registered",
            Self::Suspended => "suspended",
            Self::Retained => "retained",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Expelled => "expelled",
            Self::TransferredOut => "transferred_out",
            Self::Graduated => "graduated",
            Self::Completed => "completed",
            Self::PartialStudy => "partial_study",
            Self::Deceased => "deceased",
        }
    }

    fn event_key(event: StatusEvent) -> &'static str {
        match event {
            StatusEvent::Begin => "begin",
            StatusEvent::Suspend => "suspend",
            StatusEvent::Retain => "retain",
            StatusEvent::Resume => "resume",
            StatusEvent::Withdraw => "withdraw",
            StatusEvent::Cancel => "cancel",
            StatusEvent::Expel => "expel",
            StatusEvent::TransferOut => "transfer_out",
            StatusEvent::Graduate => "graduate",
            StatusEvent::Complete => "complete",
            StatusEvent::CertifyPartialStudy => "certify_partial_study",
            StatusEvent::Exchange => "exchange",
            StatusEvent::Restore => "restore",
            StatusEvent::Die => "die",
        }
    }
}

impl StudentStatus {
    /// Whether the person is on the roll (在籍).
    pub const fn on_roll(self) -> bool {
        matches!(self, Self::Registered | Self::Suspended | Self::Retained)
    }

    /// Whether there is, or was, a status: class and number then change by a change of status (办法 三（二）).
    pub const fn has_begun(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Whether the status began and is over: the person is off the roll (不在籍).
    pub const fn has_ended(self) -> bool {
        self.has_begun() && !self.on_roll()
    }
}

impl Label for StudentStatus {
    fn label(&self) -> Text {
        match self {
            Self::None => Text::new("尚无学籍", "No status yet"),
            Self::Registered => Text::new("在籍（注册学籍）", "Enrolled (registered)"),
            Self::Suspended => Text::new("在籍（休学）", "Enrolled (suspended)"),
            Self::Retained => Text::new("在籍（保留学籍）", "Enrolled (retained)"),
            Self::Withdrawn => Text::new("不在籍（退学）", "Withdrawn"),
            Self::Cancelled => Text::new("取消学籍", "Status cancelled"),
            Self::Expelled => Text::new("开除学籍", "Expelled"),
            Self::TransferredOut => Text::new("不在籍（转出）", "Transferred out"),
            Self::Graduated => Text::new("不在籍（毕业）", "Graduated"),
            Self::Completed => Text::new("不在籍（结业）", "Completed without graduation"),
            Self::PartialStudy => Text::new("不在籍（肄业）", "Partial study"),
            Self::Deceased => Text::new("不在籍（死亡）", "Deceased"),
        }
    }
}

impl Explained for StudentStatus {
    fn explanation(&self) -> Text {
        match self {
            Self::None => Text::new(
                "学籍从入学资格初步审查合格并注册后开始。在此之前只有入学资格。",
                "Student status begins after the initial check and registration. Until then there is only an admission.",
            ),
            Self::Registered => Text::new(
                "学校已为你建立学籍。是否已在学信网注册，以学信网下载名单为准。",
                "The university keeps your status. Whether it is registered nationally, only the list downloaded from CHSI says.",
            ),
            Self::Suspended => Text::new(
                "你正在休学，学籍保留。请在期满前按规定申请复学。",
                "You are on suspension and keep your status. Apply to resume before the term ends.",
            ),
            Self::Retained => Text::new(
                "学校为你保留学籍。期满前请办理复学手续。",
                "The university retains your status. Resume before the term ends.",
            ),
            Self::Withdrawn => Text::new(
                "你已办理退学，学籍终止。离校手续请咨询学院。",
                "You have withdrawn and the status has ended. Ask your college about leaving.",
            ),
            Self::Cancelled => Text::new(
                "学校依程序取消了学籍。决定书写明了理由和申诉期限。",
                "The university has cancelled the status in due procedure. The decision states reasons and the time for appeal.",
            ),
            Self::Expelled => Text::new(
                "学校依程序作出开除学籍处分。决定书写明了申诉方式和期限。",
                "The university has expelled the student in due procedure. The decision states how and until when to appeal.",
            ),
            Self::TransferredOut => Text::new(
                "你的学籍已转往其他学校。今后由转入学校管理。",
                "Your status has moved to another university. That university keeps it from now on.",
            ),
            Self::Graduated => Text::new(
                "你已毕业。证书注册信息可在学信网查询。",
                "You have graduated. The registered certificate can be looked up on CHSI.",
            ),
            Self::Completed => Text::new(
                "你已结业。符合条件后可申请换发毕业证书。",
                "You have completed without graduation. You may exchange the certificate once the conditions are met.",
            ),
            Self::PartialStudy => Text::new(
                "学校发给肄业证书。肄业证书不作学历电子注册。",
                "The university has issued a certificate of partial study. It is not registered nationally.",
            ),
            Self::Deceased => Text::new(
                "学籍已终止。材料由学校存档。",
                "The status has ended. The university keeps the file.",
            ),
        }
    }

    fn tone(&self) -> Tone {
        match self {
            Self::Registered | Self::Graduated => Tone::Success,
            Self::Suspended | Self::Retained | Self::Completed => Tone::Info,
            Self::None
            | Self::Withdrawn
            | Self::TransferredOut
            | Self::PartialStudy
            | Self::Deceased => Tone::Neutral,
            Self::Cancelled | Self::Expelled => Tone::Error,
        }
    }
}

//! 入学资格: the right to enrol, before any student status exists (domain.md §4.1).

use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Explained, Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// State of the admission qualification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualification {
    /// 已录取待报到
    AwaitingArrival,
    /// 请假待报到
    OnLeave,
    /// 报到初审中
    InitialCheck,
    /// 初审合格
    Qualified,
    /// 保留入学资格
    Deferred,
    /// 放弃入学资格
    Forgone,
    /// 取消入学资格
    Cancelled,
}

impl Qualification {
    /// States in which somebody does not enrol this year: neither class nor number is due.
    pub const STAYING_AWAY: [Self; 3] = [Self::Deferred, Self::Forgone, Self::Cancelled];

    /// Whether class and student number are due.
    pub fn comes(self) -> bool {
        !Self::STAYING_AWAY.contains(&self)
    }
}

/// What may happen to the admission qualification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualificationEvent {
    /// Reports at the college.
    Arrive,
    /// Leave is granted.
    GrantLeave,
    /// Does not come in time, or declares it.
    Forgo,
    /// Illness, start-up or military service.
    Defer,
    /// Papers and person agree.
    Pass,
    /// A numbered decision of the competent meeting.
    Cancel,
    /// Comes back within the time of the deferral.
    Return,
}

impl Machine for Qualification {
    type Event = QualificationEvent;
    type Ground = ();
    const NAME: &'static str = "admission_qualification";
    const STATES: &'static [Self] = &[
        Self::AwaitingArrival,
        Self::OnLeave,
        Self::InitialCheck,
        Self::Qualified,
        Self::Deferred,
        Self::Forgone,
        Self::Cancelled,
    ];
    const EVENTS: &'static [QualificationEvent] = &[
        QualificationEvent::Arrive,
        QualificationEvent::GrantLeave,
        QualificationEvent::Forgo,
        QualificationEvent::Defer,
        QualificationEvent::Pass,
        QualificationEvent::Cancel,
        QualificationEvent::Return,
    ];

    fn next(self, event: QualificationEvent) -> Result<Self, Refusal> {
        use QualificationEvent as E;
        match (self, event) {
            (Self::AwaitingArrival | Self::OnLeave, E::Arrive) | (Self::Deferred, E::Return) => {
                Ok(Self::InitialCheck)
            }
            (Self::AwaitingArrival, E::GrantLeave) => Ok(Self::OnLeave),
            (Self::AwaitingArrival | Self::OnLeave | Self::Deferred, E::Forgo) => Ok(Self::Forgone),
            (Self::AwaitingArrival | Self::OnLeave | Self::InitialCheck, E::Defer) => {
                Ok(Self::Deferred)
            }
            (Self::InitialCheck, E::Pass) => Ok(Self::Qualified),
            (Self::InitialCheck | Self::Deferred, E::Cancel) => Ok(Self::Cancelled),
            (
                _state,
                E::Arrive | E::GrantLeave | E::Forgo | E::Defer | E::Pass | E::Cancel | E::Return,
            ) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::ANNOTATION,
                Office::Admissions,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::AwaitingArrival => "awaiting_arrival",
            Self::OnLeave => "on_leave",
            Self::InitialCheck => "initial_check",
            Self::Qualified => "qualified",
            Self::Deferred => "deferred",
            Self::Forgone => "forgone",
            Self::Cancelled => "cancelled",
        }
    }

    fn event_key(event: QualificationEvent) -> &'static str {
        match event {
            QualificationEvent::Arrive => "arrive",
            QualificationEvent::GrantLeave => "grant_leave",
            QualificationEvent::Forgo => "forgo",
            QualificationEvent::Defer => "defer",
            QualificationEvent::Pass => "pass",
            QualificationEvent::Cancel => "cancel",
            QualificationEvent::Return => "return",
        }
    }
}

impl Label for Qualification {
    fn label(&self) -> Text {
        match self {
            Self::AwaitingArrival => Text::new("已录取待报到", "Admitted, not yet arrived"),
            Self::OnLeave => Text::new("请假待报到", "On leave before arrival"),
            Self::InitialCheck => Text::new("报到初审中", "Initial check under way"),
            Self::Qualified => Text::new("初审合格", "Initial check passed"),
            Self::Deferred => Text::new("保留入学资格", "Deferred admission"),
            Self::Forgone => Text::new("放弃入学资格", "Forgone admission"),
            Self::Cancelled => Text::new("取消入学资格", "Cancelled admission"),
        }
    }
}

impl Explained for Qualification {
    fn explanation(&self) -> Text {
        match self {
            Self::AwaitingArrival => Text::new(
                "学校已录取你，等待你到学院报到。请带齐录取通知书、身份证和准考证按时报到。",
                "The university has admitted you and expects you at your college. Come on time with your admission notice, identity card and examination permit.",
            ),
            Self::OnLeave => Text::new(
                "学院已同意你请假推迟报到。请在假期结束前报到，逾期视为放弃入学资格。",
                "Your college has agreed to a later arrival. Arrive before the leave ends, or the admission counts as forgone.",
            ),
            Self::InitialCheck => Text::new(
                "你已到校，学院正在核对你的证件与录取信息。核对合格后开始学籍注册。",
                "You have arrived and the college is comparing your papers with the admission data. Registration begins once they agree.",
            ),
            Self::Qualified => Text::new(
                "学院已完成入学资格初步审查，结果合格。学籍注册在本人核对信息并签名之后进行。",
                "The college has finished the initial check and it is passed. The university registers students who have checked and signed their data.",
            ),
            Self::Deferred => Text::new(
                "学校为你保留入学资格，期间没有学籍。请在期满前提出入学申请。",
                "The university keeps your admission; you have no student status meanwhile. Apply to enter before the term ends.",
            ),
            Self::Forgone => Text::new(
                "记录显示你放弃了入学资格。如有疑问，请联系招生办公室。",
                "The record says that the admission was forgone. Ask the Admissions Office if you doubt it.",
            ),
            Self::Cancelled => Text::new(
                "学校依程序取消了入学资格。决定书写明了理由和申诉期限。",
                "The university has cancelled the admission in due procedure. The decision states the reasons and the time for appeal.",
            ),
        }
    }

    fn tone(&self) -> Tone {
        match self {
            Self::AwaitingArrival | Self::OnLeave => Tone::Warning,
            Self::InitialCheck => Tone::Info,
            Self::Qualified => Tone::Success,
            Self::Deferred => Tone::Neutral,
            Self::Forgone | Self::Cancelled => Tone::Error,
        }
    }
}

//! Room `registration`: what the national platform has answered, orthogonal to every other state (rule 2).

use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Explained, Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// The platform's answer about one registration of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformAnswer {
    /// The stage has not come.
    NotDue,
    /// In a batch that has not left yet.
    Queued,
    /// Sent as a file.
    Requested,
    /// Seen in a downloaded list.
    Accepted,
    /// Refused by the platform, with its reason beside it.
    Returned,
}

/// What may happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerEvent {
    /// Taken into a batch.
    Queue,
    /// Taken out of the batch again.
    Hold,
    /// The file was uploaded.
    Request,
    /// A downloaded list shows it.
    Accept,
    /// The platform refused it.
    Return,
}

impl Machine for PlatformAnswer {
    type Event = AnswerEvent;
    type Ground = ();
    const NAME: &'static str = "platform_answer";
    const STATES: &'static [Self] = &[
        Self::NotDue,
        Self::Queued,
        Self::Requested,
        Self::Accepted,
        Self::Returned,
    ];
    const EVENTS: &'static [AnswerEvent] = &[
        AnswerEvent::Queue,
        AnswerEvent::Hold,
        AnswerEvent::Request,
        AnswerEvent::Accept,
        AnswerEvent::Return,
    ];

    fn next(self, event: AnswerEvent) -> Result<Self, Refusal> {
        use AnswerEvent as E;
        match (self, event) {
            (Self::NotDue | Self::Returned, E::Queue) => Ok(Self::Queued),
            (Self::Queued, E::Hold) => Ok(Self::NotDue),
            (Self::Queued, E::Request) => Ok(Self::Requested),
            (Self::Requested, E::Accept) => Ok(Self::Accepted),
            (Self::Requested, E::Return) => Ok(Self::Returned),
            (_state, E::Queue | E::Hold | E::Request | E::Accept | E::Return) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::FRESHMAN_REGISTRATION,
                Office::Admissions,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::Queued => "queued",
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        }
    }

    fn event_key(event: AnswerEvent) -> &'static str {
        match event {
            AnswerEvent::Queue => "queue",
            AnswerEvent::Hold => "hold",
            AnswerEvent::Request => "request",
            AnswerEvent::Accept => "accept",
            AnswerEvent::Return => "return",
        }
    }
}

impl Label for PlatformAnswer {
    fn label(&self) -> Text {
        match self {
            Self::NotDue => Text::new("未开始", "Not begun"),
            Self::Queued => Text::new("待上报", "To be sent"),
            Self::Requested => Text::new("已上报待反馈", "Sent, awaiting the answer"),
            Self::Accepted => Text::new("已注册", "Registered"),
            Self::Returned => Text::new("被退回", "Returned by the platform"),
        }
    }
}

impl Explained for PlatformAnswer {
    fn explanation(&self) -> Text {
        match self {
            Self::NotDue => Text::new(
                "还没有到在学信网注册的阶段。注册后以学信网下载名单为准，在这里显示日期。",
                "Registration on CHSI has not come yet. Once registered, the date of the downloaded list is shown here.",
            ),
            Self::Queued => Text::new(
                "你的信息已列入上报名单，等待招生办公室上报。现在不需要你做什么。",
                "Your data are on the list to be sent by the Admissions Office. There is nothing for you to do now.",
            ),
            Self::Requested => Text::new(
                "学校已把名单上报学信网，正在等待反馈。收到下载名单后更新。",
                "The list has gone to CHSI and the answer is awaited. This changes once a list is downloaded.",
            ),
            Self::Accepted => Text::new(
                "学信网下载名单中已有你的学籍。你可以随时登录学信网查看。",
                "The list downloaded from CHSI shows your registration. You can look it up on CHSI at any time.",
            ),
            Self::Returned => Text::new(
                "学信网退回了这条信息，招生办公室正在处理。需要你配合时，学院会通知你。",
                "CHSI has returned this entry and the Admissions Office is mending it. Your college will tell you if you are needed.",
            ),
        }
    }

    fn tone(&self) -> Tone {
        match self {
            Self::NotDue => Tone::Neutral,
            Self::Queued | Self::Requested => Tone::Info,
            Self::Accepted => Tone::Success,
            Self::Returned => Tone::Error,
        }
    }
}

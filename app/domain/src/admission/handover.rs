//! The hand-over of a cohort from Admissions to Student Affairs and the colleges (办法 二（一）3（1）).

use crate::clause::Clause;
use crate::decision::{Machine, Reason, Refusal};
use crate::institution::Office;
use crate::text::{Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// Fewest characters of the reasons of a return: something to act upon.
pub const SHORTEST_REASONS: u32 = 4;
/// Most characters of the reasons of a return.
pub const LONGEST_REASONS: u32 = 500;

/// State of one receipt: one receiver (Student Affairs, or one college) of one hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Offered, not answered yet.
    Offered,
    /// The receiver has checked the counts and accepted.
    Accepted,
    /// The receiver has returned it with a reason.
    Returned,
    /// Offered again after it was returned, as a new hand-over.
    Replaced,
}

/// What may happen to a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptEvent {
    /// The receiver accepts.
    Accept,
    /// The receiver returns it.
    Return,
    /// Admissions offers again.
    Replace,
}

impl Machine for Receipt {
    type Event = ReceiptEvent;
    type Ground = ();
    const NAME: &'static str = "handover_receipt";
    const STATES: &'static [Self] = &[
        Self::Offered,
        Self::Accepted,
        Self::Returned,
        Self::Replaced,
    ];
    const EVENTS: &'static [ReceiptEvent] = &[
        ReceiptEvent::Accept,
        ReceiptEvent::Return,
        ReceiptEvent::Replace,
    ];

    fn next(self, event: ReceiptEvent) -> Result<Self, Refusal> {
        use ReceiptEvent as E;
        match (self, event) {
            (Self::Offered, E::Accept) => Ok(Self::Accepted),
            (Self::Offered, E::Return) => Ok(Self::Returned),
            (Self::Returned, E::Replace) => Ok(Self::Replaced),
            (_state, E::Accept | E::Return | E::Replace) => Err(Refusal::new(
                Reason::IllegalMove,
                Clause::HANDOVER,
                Office::Admissions,
            )),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Replaced => "replaced",
        }
    }

    fn event_key(event: ReceiptEvent) -> &'static str {
        match event {
            ReceiptEvent::Accept => "accept",
            ReceiptEvent::Return => "return",
            ReceiptEvent::Replace => "replace",
        }
    }
}

impl Receipt {
    /// Whether its students are held: it was neither returned nor offered again.
    pub const fn holds(self) -> bool {
        match self {
            Self::Offered | Self::Accepted => true,
            Self::Returned | Self::Replaced => false,
        }
    }

    /// Colour of its chip.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Offered => Tone::Warning,
            Self::Accepted => Tone::Success,
            Self::Returned => Tone::Error,
            Self::Replaced => Tone::Neutral,
        }
    }
}

impl Label for Receipt {
    fn label(&self) -> Text {
        match self {
            Self::Offered => Text::new("待接收", "To be received"),
            Self::Accepted => Text::new("已接收", "Accepted"),
            Self::Returned => Text::new("已退回", "Returned"),
            Self::Replaced => Text::new("已重新移交", "Handed over again"),
        }
    }
}

/// How far the admission data of one student have come on their way to Student Affairs and the college. Each student is
/// at exactly one of the stages (办法 二（一）3（1）).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverStage {
    /// No hand-over holds the student: not offered yet, or returned.
    Open,
    /// Offered; Student Affairs and the college have not both accepted yet.
    Offered,
    /// Accepted by both: with the college from that day.
    Received,
}

impl HandoverStage {
    /// Every stage, in order.
    pub const ALL: [Self; 3] = [Self::Open, Self::Offered, Self::Received];

    /// Stable name in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Offered => "offered",
            Self::Received => "received",
        }
    }

    /// The stage with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

impl Label for HandoverStage {
    fn label(&self) -> Text {
        match self {
            Self::Open => Text::new("待移交", "Not handed over"),
            Self::Offered => Text::new("已移交待接收", "Handed over, not received"),
            Self::Received => Text::new("已接收", "Received"),
        }
    }
}

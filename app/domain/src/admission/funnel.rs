//! The funnel of a cohort: admitted = registered + forgone + deferred + cancelled + under way (domain.md §15, 1). Every
//! record counts once, so the sum cannot be wrong.

use super::qualification::Qualification;
use crate::decision::Machine as _;
use crate::registration::PlatformAnswer;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// Where a record stands in the funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Seen in a list downloaded from the platform.
    Registered,
    /// Arrived, not registered yet.
    Arrived,
    /// Not arrived yet.
    Awaited,
    /// 保留入学资格
    Deferred,
    /// 放弃入学资格
    Forgone,
    /// 取消入学资格
    Cancelled,
}

impl Standing {
    /// Every standing, in the order of the funnel.
    pub const ALL: [Self; 6] = [
        Self::Registered,
        Self::Arrived,
        Self::Awaited,
        Self::Deferred,
        Self::Forgone,
        Self::Cancelled,
    ];

    /// Stable name in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Arrived => "arrived",
            Self::Awaited => "awaited",
            Self::Deferred => "deferred",
            Self::Forgone => "forgone",
            Self::Cancelled => "cancelled",
        }
    }

    /// The standing with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.key() == key)
    }

    /// The states of the records that stand here: what a list asks for, so that it holds whom the funnel has counted.
    pub fn states(self) -> Vec<(Qualification, PlatformAnswer)> {
        Qualification::STATES
            .iter()
            .flat_map(|q| PlatformAnswer::STATES.iter().map(|r| (*q, *r)))
            .filter(|(qualification, registration)| Self::of(*qualification, *registration) == self)
            .collect()
    }

    /// The one standing of a record. A cancelled or forgone admission counts as such, whatever the platform showed.
    pub const fn of(qualification: Qualification, registration: PlatformAnswer) -> Self {
        match (qualification, registration) {
            (Qualification::Cancelled, _) => Self::Cancelled,
            (Qualification::Forgone, _) => Self::Forgone,
            (Qualification::Deferred, _) => Self::Deferred,
            (_, PlatformAnswer::Accepted) => Self::Registered,
            (Qualification::InitialCheck | Qualification::Qualified, _) => Self::Arrived,
            (Qualification::AwaitingArrival | Qualification::OnLeave, _) => Self::Awaited,
        }
    }
}

impl Label for Standing {
    fn label(&self) -> Text {
        match self {
            Self::Registered => Text::new("已在学信网注册", "Registered on CHSI"),
            Self::Arrived => Text::new("已报到未注册", "Arrived, not registered"),
            Self::Awaited => Text::new("未报到", "Not arrived"),
            Self::Deferred => Text::new("保留入学资格", "Deferred"),
            Self::Forgone => Text::new("放弃入学资格", "Forgone"),
            Self::Cancelled => Text::new("取消入学资格", "Cancelled"),
        }
    }
}

/// How many records stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// Admitted: all records of the cohort.
    pub admitted: u64,
    /// The parts, in the order of [`Standing::ALL`]; their sum is `admitted`.
    pub parts: Vec<(Standing, u64)>,
}

impl Funnel {
    /// The funnel of records counted by state.
    pub fn of(counts: impl IntoIterator<Item = (Qualification, PlatformAnswer, u64)>) -> Self {
        let mut parts = Standing::ALL.map(|standing| (standing, 0));
        let mut admitted = 0;
        for (qualification, registration, count) in counts {
            let standing = Standing::of(qualification, registration);
            admitted += count;
            for part in parts.iter_mut().filter(|part| part.0 == standing) {
                part.1 += count;
            }
        }
        Self {
            admitted,
            parts: parts.to_vec(),
        }
    }

    /// How many stand there.
    pub fn count(&self, standing: Standing) -> u64 {
        self.parts
            .iter()
            .find(|part| part.0 == standing)
            .map_or(0, |part| part.1)
    }
}

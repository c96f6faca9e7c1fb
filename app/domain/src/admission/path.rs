//! How a candidate came to the university. What differs is the candidate number and the identity document; every other
//! rule of the check is the same.

use super::finding::Severity;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// The way of admission (录取类别) that an upload is for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionPath {
    /// The national examination: candidate numbers of the provinces.
    #[default]
    Ordinary,
    /// 专升本
    TopUp,
    /// 第二学士学位
    SecondBachelor,
    /// 港澳台
    Hmt,
    /// 保留入学资格期满入学: the number of the year of admission is kept.
    Returner,
}

/// Who made the candidate number, and so what can be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOrigin {
    /// A province: 14 digits, the year of this admission and the province in front.
    Province,
    /// A province, in an earlier year.
    EarlierYear,
    /// The school, by its own rule: 10 to 18 digits or capital letters.
    School,
}

impl AdmissionPath {
    /// Every way, the ordinary one first.
    pub const ALL: [Self; 5] = [
        Self::Ordinary,
        Self::TopUp,
        Self::SecondBachelor,
        Self::Hmt,
        Self::Returner,
    ];

    /// Stable name in the database and in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::TopUp => "top_up",
            Self::SecondBachelor => "second_bachelor",
            Self::Hmt => "hmt",
            Self::Returner => "returner",
        }
    }

    /// The way with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|path| path.key() == key)
    }

    /// Who made the candidate numbers.
    pub const fn number_origin(self) -> NumberOrigin {
        match self {
            Self::Ordinary => NumberOrigin::Province,
            Self::Returner => NumberOrigin::EarlierYear,
            Self::TopUp | Self::SecondBachelor | Self::Hmt => NumberOrigin::School,
        }
    }

    /// Whether the source speaks for the school, so that its 学号 and 入学日期 are kept (ADR 0089): a province may call
    /// something else so, the number of a line for example.
    pub const fn keeps_school_values(self) -> bool {
        !matches!(self, Self::Ordinary)
    }

    /// 层次 of those who come this way. The registration is that of undergraduates: a province that leaves the field
    /// out leaves nothing open.
    pub const fn level(self) -> Text {
        match self {
            Self::SecondBachelor => Text::new("第二学士学位", "Second bachelor's degree"),
            Self::Ordinary | Self::TopUp | Self::Hmt | Self::Returner => {
                Text::new("本科", "Undergraduate")
            }
        }
    }

    /// 学习形式 of those who come this way.
    pub const fn study_form(self) -> Text {
        match self {
            Self::Ordinary | Self::TopUp | Self::SecondBachelor | Self::Hmt | Self::Returner => {
                Text::new("普通全日制", "Full-time")
            }
        }
    }

    /// How much it weighs that no kind of document is stated, which is taken for a resident identity card then (ADR
    /// 0087). `None` in the packages of the national examination, whose provinces state other kinds only.
    pub const fn unstated_document_kind(self) -> Option<Severity> {
        match self {
            Self::Ordinary => None,
            Self::TopUp | Self::SecondBachelor | Self::Returner => Some(Severity::Warning),
            Self::Hmt => Some(Severity::Error),
        }
    }
}

impl Label for AdmissionPath {
    fn label(&self) -> Text {
        match self {
            Self::Ordinary => Text::new("普通高考录取", "National examination"),
            Self::TopUp => Text::new("专升本", "Top-up from a junior college"),
            Self::SecondBachelor => Text::new("第二学士学位", "Second bachelor's degree"),
            Self::Hmt => Text::new("港澳台", "Hong Kong, Macao and Taiwan"),
            Self::Returner => Text::new("保留入学资格后入学", "Entry after deferred admission"),
        }
    }
}

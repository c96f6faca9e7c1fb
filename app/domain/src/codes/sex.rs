//! Sex (GB/T 2261.1).

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// 性别. The platform takes 男 and 女 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 0 未知的性别.
    Unknown,
    /// 1 男.
    Male,
    /// 2 女.
    Female,
    /// 9 未说明的性别.
    Unspecified,
}

impl Sex {
    /// Every value, in the order of the codes.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Male, Self::Female, Self::Unspecified];

    /// The code of GB/T 2261.1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "0",
            Self::Male => "1",
            Self::Female => "2",
            Self::Unspecified => "9",
        }
    }

    /// The value with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.code() == code)
    }

    /// Reads a code or the text of a list: `男`, `男性`.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "男" | "男性" => Some(Self::Male),
            "女" | "女性" => Some(Self::Female),
            other => Self::from_code(other),
        }
    }

    /// The text of the platform's lists; `None` where the platform takes no such value.
    pub const fn platform_text(self) -> Option<&'static str> {
        match self {
            Self::Male => Some("男"),
            Self::Female => Some("女"),
            Self::Unknown | Self::Unspecified => None,
        }
    }
}

impl Label for Sex {
    fn label(&self) -> Text {
        match self {
            Self::Unknown => Text::new("未知", "Unknown"),
            Self::Male => Text::new("男", "Male"),
            Self::Female => Text::new("女", "Female"),
            Self::Unspecified => Text::new("未说明", "Not stated"),
        }
    }
}

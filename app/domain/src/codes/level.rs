//! Levels and forms of study, as the certificate number and the platform write them.

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// 层次.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 博士研究生.
    Doctoral,
    /// 硕士研究生.
    Master,
    /// 第二学士学位.
    SecondBachelor,
    /// 本科.
    Bachelor,
    /// 专升本.
    TopUp,
    /// 高起本, adult education.
    AdultBachelor,
    /// 专科.
    JuniorCollege,
}

impl Level {
    /// Every level, from the highest.
    pub const ALL: [Self; 7] = [
        Self::Doctoral,
        Self::Master,
        Self::SecondBachelor,
        Self::Bachelor,
        Self::TopUp,
        Self::AdultBachelor,
        Self::JuniorCollege,
    ];

    /// Digits 11 and 12 of the certificate number (教学〔2001〕4号).
    pub const fn certificate_code(self) -> &'static str {
        match self {
            Self::Doctoral => "01",
            Self::Master => "02",
            Self::SecondBachelor => "04",
            Self::Bachelor | Self::TopUp | Self::AdultBachelor => "05",
            Self::JuniorCollege => "06",
        }
    }

    /// Whether undergraduate registration covers it.
    pub const fn is_undergraduate(self) -> bool {
        matches!(self, Self::SecondBachelor | Self::Bachelor | Self::TopUp)
    }

    /// Reads the text of a list.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "高升本" | "高起本（高升本）" => Some(Self::AdultBachelor),
            "专科(高职)" | "专科（高职）" => Some(Self::JuniorCollege),
            other => Self::ALL
                .into_iter()
                .find(|level| level.platform_text() == other),
        }
    }

    /// The text of the platform's lists.
    pub fn platform_text(self) -> &'static str {
        self.label().zh
    }
}

impl Label for Level {
    fn label(&self) -> Text {
        match self {
            Self::Doctoral => Text::new("博士研究生", "Doctoral"),
            Self::Master => Text::new("硕士研究生", "Master's"),
            Self::SecondBachelor => Text::new("第二学士学位", "Second bachelor's"),
            Self::Bachelor => Text::new("本科", "Bachelor's"),
            Self::TopUp => Text::new("专升本", "Top-up from junior college to bachelor's"),
            Self::AdultBachelor => Text::new("高起本", "Bachelor's (adult education)"),
            Self::JuniorCollege => Text::new("专科", "Junior college"),
        }
    }
}

/// 学习形式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyForm {
    /// 普通全日制: regular undergraduate and junior college study.
    RegularFullTime,
    /// 全日制: postgraduate.
    FullTime,
    /// 非全日制: postgraduate.
    PartTime,
    /// 函授.
    Correspondence,
    /// 业余.
    SpareTime,
    /// 脱产.
    OffTheJob,
    /// 夜大学, former name in adult education.
    EveningUniversity,
    /// 网络教育.
    Online,
    /// 开放教育.
    Open,
}

impl StudyForm {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::RegularFullTime,
        Self::FullTime,
        Self::PartTime,
        Self::Correspondence,
        Self::SpareTime,
        Self::OffTheJob,
        Self::EveningUniversity,
        Self::Online,
        Self::Open,
    ];

    /// Whether undergraduate registration covers it.
    pub const fn is_undergraduate(self) -> bool {
        matches!(self, Self::RegularFullTime)
    }

    /// Reads the text of a list.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|form| form.platform_text() == text)
    }

    /// The text of the platform's lists.
    pub fn platform_text(self) -> &'static str {
        self.label().zh
    }
}

impl Label for StudyForm {
    fn label(&self) -> Text {
        match self {
            Self::RegularFullTime => Text::new("普通全日制", "Regular full-time"),
            Self::FullTime => Text::new("全日制", "Full-time"),
            Self::PartTime => Text::new("非全日制", "Part-time"),
            Self::Correspondence => Text::new("函授", "Correspondence"),
            Self::SpareTime => Text::new("业余", "Spare-time"),
            Self::OffTheJob => Text::new("脱产", "Off-the-job"),
            Self::EveningUniversity => Text::new("夜大学", "Evening university"),
            Self::Online => Text::new("网络教育", "Online"),
            Self::Open => Text::new("开放教育", "Open education"),
        }
    }
}

//! Activation slips and one-time codes: how the holder was checked, and what is worth a flag.

use crate::text::{Label, Text, Tone};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The reason of a first issue; every other reason is a re-issue.
pub const FIRST_ISSUE: &str = "初次发放";

/// How whoever issues a slip or code anew made sure that it goes to its owner, who stands before them (T-AUTH-09). Nobody
/// is checked from afar: a call or a picture proves no face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityCheck {
    /// The resident identity card was seen.
    IdCard,
    /// Another lawful document was seen: passport, residence permit or travel permit (JY/T 1001, 身份证件类型).
    OtherDocument,
    /// The student card, staff card or campus card was seen.
    SchoolCard,
    /// No document was seen: whoever issues knows the person.
    Acquainted,
}

impl IdentityCheck {
    /// Every way, the strongest first.
    pub const ALL: [Self; 4] = [
        Self::IdCard,
        Self::OtherDocument,
        Self::SchoolCard,
        Self::Acquainted,
    ];

    /// Stable name in the database and in forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::IdCard => "id_card",
            Self::OtherDocument => "other_document",
            Self::SchoolCard => "school_card",
            Self::Acquainted => "acquainted",
        }
    }

    /// The way with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.key() == key)
    }

    /// How it is shown: a check without any document is worth a second look.
    pub const fn tone(self) -> Tone {
        match self {
            Self::IdCard | Self::OtherDocument | Self::SchoolCard => Tone::Neutral,
            Self::Acquainted => Tone::Warning,
        }
    }
}

impl Label for IdentityCheck {
    fn label(&self) -> Text {
        match self {
            Self::IdCard => Text::new("居民身份证", "Resident identity card"),
            Self::OtherDocument => Text::new(
                "其他有效证件（护照、居住证、通行证等）",
                "Another valid document (passport, residence or travel permit)",
            ),
            Self::SchoolCard => {
                Text::new("学生证、工作证或校园卡", "Student, staff or campus card")
            }
            Self::Acquainted => Text::new(
                "未出示证件，经办人认识本人",
                "No document; known to whoever issues it",
            ),
        }
    }
}

/// Whether a slip or code is issued after its holder signed the verification sheet. Whoever holds the new password could
/// then confirm data in the name of somebody who signed already, so the issue is flagged for whoever checks (办法
/// 二（一）3（2）). Sheets are signed in room `verification`, which comes with the next issue: until then nobody has
/// signed, `signed` is nothing, and the answer is no.
pub fn comes_after_signature(signed: Option<DateTime<Utc>>, issued: DateTime<Utc>) -> bool {
    signed.is_some_and(|at| at <= issued)
}

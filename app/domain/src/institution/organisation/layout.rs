//! Names of units in the fields of the platforms' files: each layout has its own widths (formats.md §2).

use super::unit::UnitKind;
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// Files of one platform whose fields for college, major and class are equally wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformLayout {
    /// 学信网: new registration, changes, modification, expected graduates (FY, XSH, BH 24; ZYMC 50).
    Chsi,
    /// 特殊类别录取报省 (FY, XSH, BH 24; ZYMC 30).
    ProvinceSpecial,
}

impl PlatformLayout {
    /// Every layout.
    pub const ALL: [Self; 2] = [Self::Chsi, Self::ProvinceSpecial];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Chsi => "chsi",
            Self::ProvinceSpecial => "province_special",
        }
    }

    /// The layout with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.key() == key)
    }

    /// Bytes in GB18030 that the field of a unit's name holds; nothing for units that no file names.
    pub const fn width(self, kind: UnitKind) -> Option<usize> {
        match (self, kind) {
            (_, UnitKind::College | UnitKind::Class) => Some(24),
            (Self::Chsi, UnitKind::Major) => Some(50),
            (Self::ProvinceSpecial, UnitKind::Major) => Some(30),
            (_, UnitKind::Office) => None,
        }
    }
}

impl Label for PlatformLayout {
    fn label(&self) -> Text {
        match self {
            Self::Chsi => Text::new("学信网简称", "Short name on CHSI"),
            Self::ProvinceSpecial => Text::new("省报简称", "Short name in the province's report"),
        }
    }
}

//! The difference view of a record: what was admitted beside what the school keeps. Both are kept, and neither is made to
//! fit the other (architecture.md, rule 6).

use crate::text::{Label, Text, Tone};
use crate::view::Words;
use serde::{Deserialize, Serialize};

/// How the two values of one field stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// They are the same.
    Same,
    /// They differ.
    Differs,
    /// They differ where the masks hide them.
    DiffersHidden,
    /// One of the two says nothing.
    OneSided,
}

impl Agreement {
    /// Whether the two values differ.
    pub const fn differs(self) -> bool {
        matches!(self, Self::Differs | Self::DiffersHidden)
    }

    /// How it is shown.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Same => Tone::Success,
            Self::Differs | Self::DiffersHidden => Tone::Warning,
            Self::OneSided => Tone::Neutral,
        }
    }
}

impl Label for Agreement {
    fn label(&self) -> Text {
        match self {
            Self::Same => Text::new("一致", "The same"),
            Self::Differs => Text::new("不同", "Differs"),
            Self::DiffersHidden => Text::new("不同，在隐藏部分", "Differs in the hidden part"),
            Self::OneSided => Text::new("仅一方有值", "One side only"),
        }
    }
}

/// One field of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedView {
    /// Stable name.
    pub key: String,
    /// What it is.
    pub label: Words,
    /// As admitted, masked as on the rest of the page; empty where the source has none.
    pub admission: Words,
    /// As the school keeps it, masked alike; empty where there is none.
    pub school: Words,
    /// Whether they agree.
    pub agreement: Agreement,
}

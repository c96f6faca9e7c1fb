//! What leaves for a page: masked by construction, free of keys and internals.

pub mod access;
pub mod admission;
pub mod assign;
pub mod export;
pub mod handover;
pub mod home;
pub mod list;
pub mod majors;
pub mod own;
pub mod record;
pub mod student;

use crate::text::{Explained, Label, Text, Tone};
use serde::{Deserialize, Serialize};

/// A text in Chinese and in English.
pub type Words = (String, String);

/// A fixed text for a view.
pub fn words(text: Text) -> Words {
    (text.zh.to_owned(), text.en.to_owned())
}

/// A text of the data, the same in both languages.
pub fn same(text: impl Into<String>) -> Words {
    let text = text.into();
    (text.clone(), text)
}

/// A state as every page shows it: word, colour, explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// The word.
    pub label: Words,
    /// The colour; never the only sign.
    pub tone: Tone,
    /// Two plain sentences.
    pub explanation: Words,
}

impl Chip {
    /// The chip of a state.
    pub fn of(state: &impl Explained) -> Self {
        Self {
            label: words(state.label()),
            tone: state.tone(),
            explanation: words(state.explanation()),
        }
    }

    /// A chip without an explanation.
    pub fn plain(state: &impl Label, tone: Tone) -> Self {
        Self {
            label: words(state.label()),
            tone,
            explanation: Words::default(),
        }
    }
}

/// An office with the phone it can be reached at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeContact {
    /// Its name.
    pub name: Words,
    /// Its phone, if the university has entered one.
    pub phone: Option<String>,
}

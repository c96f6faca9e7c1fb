//! The Chinese and English label of every enum: one place a page, a letter and a message read from.

use serde::{Deserialize, Serialize};

/// A language of the pages. Chinese is the first language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// zh-CN
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// en
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The value of the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a tag; anything that is not English is Chinese.
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") {
            Self::En
        } else {
            Self::Zh
        }
    }

    /// Picks one of two texts.
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A fixed text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// zh-CN, in the regulation's own words.
    pub zh: &'static str,
    /// English, written rather than translated word by word.
    pub en: &'static str,
}

impl Text {
    /// A pair of texts.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The text in one language.
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// How a state is shown: red only for what is wrong, amber for what is due, green for what is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Proven.
    Success,
    /// Due.
    Warning,
    /// Wrong.
    Error,
    /// In progress or for information.
    Info,
    /// Not begun or not applicable.
    Neutral,
}

/// Everything with a name on a page.
pub trait Label {
    /// The short name, in both languages.
    fn label(&self) -> Text;
}

/// A state: one chip and one plain explanation of two sentences.
pub trait Explained: Label {
    /// What it means and what happens next, in two plain sentences.
    fn explanation(&self) -> Text;
    /// Colour of the chip; never the only sign.
    fn tone(&self) -> Tone;
}

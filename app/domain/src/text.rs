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

/// Bytes in the largest unit that leaves at least one of it, in steps of 1,024 as the limits of uploads are told:
/// 812 字节, 1.0 KB, 12.3 MB.
pub fn size(lang: Lang, bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1_024 {
        return format!("{bytes} {}", lang.pick("字节", "B"));
    }
    let mut unit = 1_024;
    let mut last = String::new();
    for name in UNITS {
        // Rounded in integers, so that 1,023.96 of a unit is one of the next.
        let tenths = (u128::from(bytes) * 10 + unit / 2) / unit;
        last = format!("{}.{} {name}", tenths / 10, tenths % 10);
        if tenths < 10_240 {
            break;
        }
        unit *= 1_024;
    }
    last
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

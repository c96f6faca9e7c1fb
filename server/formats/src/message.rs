//! Errors that a user reads: `Display` is English, [`UserMessage::zh`] is Chinese, both say what, where and what to do.

use domain::text::Lang;

/// An error with a sentence in both languages. Neither contains personal data.
pub trait UserMessage: std::error::Error {
    /// The sentence in zh-CN.
    fn zh(&self) -> String;

    /// The sentence in one language.
    fn in_lang(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.to_string(),
        }
    }
}

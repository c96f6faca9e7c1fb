//! The five tones. A tone is never the only sign: it always comes with a word and a shape.

/// What a colour says: red for what is wrong, amber for what is due, green for what is proven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing to say beyond the word.
    #[default]
    Neutral,
    /// Proven.
    Success,
    /// Due.
    Warning,
    /// Wrong.
    Error,
    /// For information.
    Info,
}

impl Tone {
    /// Every tone, in the order of the style sheet.
    pub const ALL: [Self; 5] = [
        Self::Neutral,
        Self::Success,
        Self::Warning,
        Self::Error,
        Self::Info,
    ];

    /// The class that sets the tone's colour for an element and what is in it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "xj-neutral",
            Self::Success => "xj-success",
            Self::Warning => "xj-warning",
            Self::Error => "xj-error",
            Self::Info => "xj-info",
        }
    }
}

//! The pattern of student numbers: `{yy}{college:2}{class:2}{seq:3}`.

use crate::text::{Lang, Text};

/// One part of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Year { digits: usize },
    College(usize),
    Major(usize),
    Class(usize),
}

/// A pattern: fixed text, `{yy}`, `{yyyy}`, `{college:n}`, `{major:n}`, `{class:n}`, and `{seq:n}` at the end. A code
/// gives its last n characters, filled with zeros at the front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern {
    parts: Vec<Part>,
    sequence: usize,
}

/// Why a pattern cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A part between braces that is not known, or a brace without its partner.
    #[error("the pattern has a part that is not known")]
    UnknownPart,
    /// No `{seq:n}`, or not at the end.
    #[error("the pattern must end with {{seq:n}}")]
    NoSequence,
    /// Other characters than letters and digits, a width outside 1–6, or a number longer than [`LONGEST`].
    #[error("the platform's field XH takes at most 15 letters and digits; a part has at most 6")]
    Form,
}

/// Longest student number, in characters: the field XH of every layout of the platform is C(15) (file_fields.csv), and a
/// number that is cut off there belongs to somebody else.
pub const LONGEST: usize = 15;

impl NumberPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut sequence = None;
        let mut rest = text.trim();
        while !rest.is_empty() {
            if sequence.is_some() {
                return Err(PatternError::NoSequence);
            }
            if let Some(inner) = rest.strip_prefix('{') {
                let (name, after) = inner.split_once('}').ok_or(PatternError::UnknownPart)?;
                match read_part(name)? {
                    Named::Part(part) => parts.push(part),
                    Named::Sequence(width) => sequence = Some(width),
                }
                rest = after;
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                let (fixed, after) = rest.split_at(end);
                if !fixed.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(PatternError::Form);
                }
                parts.push(Part::Text(fixed.to_owned()));
                rest = after;
            }
        }
        let sequence = sequence.ok_or(PatternError::NoSequence)?;
        let pattern = Self { parts, sequence };
        if pattern.len() > LONGEST {
            return Err(PatternError::Form);
        }
        Ok(pattern)
    }

    /// Characters of a number.
    pub fn len(&self) -> usize {
        let parts: usize = self.parts.iter().map(Part::len).sum();
        parts + self.sequence
    }

    /// What a number is made of, in words: 入学年份 2 位 + 学院 2 位 + 班级 2 位 + 序号 3 位.
    pub fn text(&self, lang: Lang) -> String {
        let digits = |name: Text, width: usize| match lang {
            Lang::Zh => format!("{} {width} 位", name.zh),
            Lang::En => format!("{} ({width})", name.en),
        };
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Year { digits: width } => digits(Text::new("入学年份", "year"), *width),
            Part::College(width) => digits(Text::new("学院代码", "college"), *width),
            Part::Major(width) => digits(Text::new("专业代码", "major"), *width),
            Part::Class(width) => digits(Text::new("班级代码", "class"), *width),
        };
        self.parts
            .iter()
            .map(part)
            .chain([digits(Text::new("序号", "sequence"), self.sequence)])
            .collect::<Vec<_>>()
            .join(" + ")
    }

    /// Never: a pattern has a sequence.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Everything before the sequence, for a cohort and the codes of college, major and class; in capital letters, as
    /// numbers are stored and looked up.
    pub fn prefix(&self, year: i32, college: &str, major: &str, class: &str) -> String {
        let year = year.to_string();
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Year { digits } => tail(&year, *digits),
                Part::College(width) => tail(college, *width),
                Part::Major(width) => tail(major, *width),
                Part::Class(width) => tail(class, *width),
            })
            .collect::<String>()
            .to_ascii_uppercase()
    }

    /// The number with this sequence; `None` when the sequence does not fit its width.
    pub fn number(&self, prefix: &str, sequence: u32) -> Option<String> {
        let width = self.sequence;
        let digits = format!("{sequence:0width$}");
        (digits.len() == width).then(|| format!("{prefix}{digits}"))
    }

    /// The sequence of a number that was made with this prefix.
    pub fn sequence_of(&self, prefix: &str, number: &str) -> Option<u32> {
        let digits = number.strip_prefix(prefix)?;
        let plain = digits.len() == self.sequence && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    }
}

enum Named {
    Part(Part),
    Sequence(usize),
}

fn read_part(name: &str) -> Result<Named, PatternError> {
    match name {
        "yy" => return Ok(Named::Part(Part::Year { digits: 2 })),
        "yyyy" => return Ok(Named::Part(Part::Year { digits: 4 })),
        _ => {}
    }
    let (kind, width) = name.split_once(':').ok_or(PatternError::UnknownPart)?;
    let width: usize = width.parse().map_err(|_| PatternError::UnknownPart)?;
    if !(1..=6).contains(&width) {
        return Err(PatternError::Form);
    }
    match kind {
        "college" => Ok(Named::Part(Part::College(width))),
        "major" => Ok(Named::Part(Part::Major(width))),
        "class" => Ok(Named::Part(Part::Class(width))),
        "seq" => Ok(Named::Sequence(width)),
        _ => Err(PatternError::UnknownPart),
    }
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Year { digits: width }
            | Self::College(width)
            | Self::Major(width)
            | Self::Class(width) => *width,
        }
    }
}

/// The last `width` letters and digits of a code, zeros before a shorter one.
fn tail(code: &str, width: usize) -> String {
    let plain: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let from = plain.len().saturating_sub(width);
    let kept: String = plain.iter().skip(from).collect();
    format!("{kept:0>width$}")
}

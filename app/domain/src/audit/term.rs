//! The checked words, numbers and times that an audit event is made of.

use super::AuditError;
use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

/// A word of the program's own vocabulary: an operation, a kind, an event, a reason code. Never free text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term(String);

impl Term {
    /// Accepts 1–64 characters of a–z, 0–9 and `/ _ . : -` that begin with a letter.
    ///
    /// # Errors
    /// [`AuditError::Term`].
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let ok = (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/_.:-".contains(&b))
            && !looks_personal(text);
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(AuditError::Term)
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Term {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<Term> for String {
    fn from(value: Term) -> Self {
        value.0
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Number of the document that a decision rests on (发文字号), for example 校教〔2026〕12号.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber(String);

impl DocumentNumber {
    /// Accepts 1–64 printable characters, trimmed, in which no number of a document of identity and no mobile number
    /// stands: the log is kept for ever and is read by many.
    ///
    /// # Errors
    /// [`AuditError::DocumentNumber`].
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let text = text.trim();
        let ok = (1..=64).contains(&text.chars().count())
            && !text.chars().any(unprintable)
            && !looks_personal(text);
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(AuditError::DocumentNumber)
        }
    }

    /// The number as it is cited.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<DocumentNumber> for String {
    fn from(value: DocumentNumber) -> Self {
        value.0
    }
}

/// Control characters, and the marks that turn or hide text.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a run of digits (spaces between them do not count, full-width ones do) has the length of an identity number
/// (15 and more) or the form of a mobile number (11, beginning with 1).
fn looks_personal(text: &str) -> bool {
    let mut run = 0_usize;
    let mut first = 0_u32;
    let personal = |run: usize, first: u32| run >= 15 || (run == 11 && first == 1);
    for c in text.chars() {
        if let Some(digit) = digit(c) {
            first = if run == 0 { digit } else { first };
            run += 1;
        } else if !c.is_whitespace() {
            if personal(run, first) {
                return true;
            }
            run = 0;
        }
    }
    personal(run, first)
}

fn digit(c: char) -> Option<u32> {
    match c {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        other => other.to_digit(10),
    }
}

/// A place in a chain: 1, 2, 3, … up to 2^53 − 1, the greatest whole number that JSON carries exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Seq(u64);

impl Seq {
    /// The first place.
    pub const FIRST: Self = Self(1);
    const LAST: u64 = (1 << 53) - 1;

    /// A place.
    ///
    /// # Errors
    /// [`AuditError::Seq`] for 0 and above 2^53 − 1.
    pub const fn new(number: u64) -> Result<Self, AuditError> {
        if number == 0 || number > Self::LAST {
            Err(AuditError::Seq)
        } else {
            Ok(Self(number))
        }
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Seq {
    type Error = AuditError;
    fn try_from(value: u64) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<Seq> for u64 {
    fn from(value: Seq) -> Self {
        value.0
    }
}

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.3fZ";

/// A time in UTC, to the millisecond, in one form: `2026-11-23T04:05:06.789Z` (RFC 3339).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventTime(DateTime<Utc>);

impl EventTime {
    /// Reads the one form.
    ///
    /// # Errors
    /// [`AuditError::Time`] for anything else.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let time =
            NaiveDateTime::parse_from_str(text, TIME_FORMAT).map_err(|_| AuditError::Time)?;
        let time = Self::from(time.and_utc());
        if time.to_string() == text {
            Ok(time)
        } else {
            Err(AuditError::Time)
        }
    }

    /// The time, whole milliseconds.
    pub const fn get(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for EventTime {
    /// Drops what is finer than a millisecond.
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.trunc_subsecs(3))
    }
}

impl std::fmt::Display for EventTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format(TIME_FORMAT))
    }
}

impl TryFrom<String> for EventTime {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<EventTime> for String {
    fn from(value: EventTime) -> Self {
        value.to_string()
    }
}

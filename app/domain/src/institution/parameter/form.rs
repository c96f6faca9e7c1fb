//! The forms of values: what is accepted, and how it is stored.

use super::{Network, Unit};
use crate::admission::assign::NumberPattern;
use crate::calendar::{Choice, DeadlineKey, DeadlineParams, Span};

/// The form of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// true or false
    Flag,
    /// A whole number within bounds, and what it counts.
    Number(i64, i64, Unit),
    /// One of these keys.
    OneOf(&'static [&'static str]),
    /// Network prefixes separated by commas.
    Networks,
    /// A pattern of student numbers.
    NumberPattern,
    /// A phone number or extension.
    Phone,
    /// Words, at most so many characters.
    Text(usize),
    /// The number of a deadline in its unit, or a day of the year as MM-DD.
    Span(DeadlineKey),
}

/// Why a value is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// There is no such parameter.
    #[error("there is no such parameter")]
    Unknown,
    /// The value does not have the form the parameter needs.
    #[error("the value does not have the form this parameter needs")]
    Form,
    /// The law leaves no choice.
    #[error("the law leaves no choice here")]
    Fixed,
}

impl Form {
    /// Whether a school may set another value at all.
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Span(key) if key.rule().choice == Choice::Fixed)
    }

    /// Most characters that a field for such a value takes; `None` where a value has no limit, so that no browser cuts
    /// what is pasted.
    pub fn longest(self) -> Option<u32> {
        match self {
            Self::Text(most) => u32::try_from(most).ok(),
            Self::NumberPattern => Some(60),
            Self::Phone => Some(40),
            Self::Number(..) | Self::Span(_) => Some(20),
            Self::Flag | Self::OneOf(_) | Self::Networks => None,
        }
    }

    pub(super) fn accept(self, value: &str) -> Result<String, ParameterError> {
        let ok = match self {
            Self::Flag => matches!(value, "true" | "false"),
            Self::Number(low, high, _) => value
                .parse::<i64>()
                .is_ok_and(|n| (low..=high).contains(&n)),
            Self::OneOf(keys) => keys.contains(&value),
            Self::Networks => {
                value.is_empty() || value.split(',').all(|n| Network::parse(n.trim()).is_some())
            }
            Self::NumberPattern => value.len() <= 60 && NumberPattern::parse(value).is_ok(),
            Self::Phone => {
                value.chars().count() <= 40
                    && value
                        .chars()
                        .all(|c| c.is_ascii_digit() || " -+,、转()（）".contains(c))
            }
            Self::Text(most) => {
                value.chars().count() <= most && !value.chars().any(char::is_control)
            }
            Self::Span(_) if self.is_fixed() => return Err(ParameterError::Fixed),
            Self::Span(key) => span_of(key, value).is_some(),
        };
        if ok {
            Ok(value.to_owned())
        } else {
            Err(ParameterError::Form)
        }
    }
}

/// A span as it is stored: its number, or MM-DD.
pub(super) fn span_text(span: Span) -> String {
    match span {
        Span::YearDay { month, day } => format!("{month:02}-{day:02}"),
        Span::Minutes(_)
        | Span::Days(_)
        | Span::WorkingDays(_)
        | Span::Weeks(_)
        | Span::Months(_)
        | Span::Years(_)
        | Span::DaysBefore(_) => span.count().unwrap_or_default().to_string(),
    }
}

/// The span of a stored value in the unit of the registry, within what the rule allows.
pub(super) fn span_of(key: DeadlineKey, value: &str) -> Option<Span> {
    let number = || value.parse::<u16>().ok();
    let span = match key.rule().default {
        Span::Minutes(_) => Span::Minutes(number()?),
        Span::Days(_) => Span::Days(number()?),
        Span::WorkingDays(_) => Span::WorkingDays(number()?),
        Span::Weeks(_) => Span::Weeks(number()?),
        Span::Months(_) => Span::Months(number()?),
        Span::Years(_) => Span::Years(number()?),
        Span::DaysBefore(_) => Span::DaysBefore(number()?),
        Span::YearDay { .. } => {
            let (month, day) = value.split_once('-')?;
            Span::YearDay {
                month: month.parse().ok()?,
                day: day.parse().ok()?,
            }
        }
    };
    let kept = span == key.rule().default || DeadlineParams::default().set(key, span).is_ok();
    kept.then_some(span)
}

//! What a parameter takes, in words: its unit, its range, an example. The page's hint, a refusal and the command line say
//! the same sentence, and it is made from what the check itself uses.

use super::{Form, Parameter, form, word};
use crate::admission::assign::LONGEST_NUMBER;
use crate::calendar::{DeadlineKey, Span};
use crate::text::Text;

/// What a number of a parameter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Working days.
    WorkingDays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
    /// How often.
    Times,
    /// Hundredths.
    Percent,
    /// Credits.
    Credits,
}

impl Unit {
    const fn text(self) -> Text {
        match self {
            Self::Minutes => Text::new("分钟", "minutes"),
            Self::Hours => Text::new("小时", "hours"),
            Self::Days => Text::new("天", "days"),
            Self::WorkingDays => Text::new("工作日", "working days"),
            Self::Weeks => Text::new("周", "weeks"),
            Self::Months => Text::new("月", "months"),
            Self::Years => Text::new("年", "years"),
            Self::Times => Text::new("次", "times"),
            Self::Percent => Text::new("%", "%"),
            Self::Credits => Text::new("学分", "credits"),
        }
    }

    const fn of(span: Span) -> Option<Self> {
        Some(match span {
            Span::Minutes(_) => Self::Minutes,
            Span::Days(_) | Span::DaysBefore(_) => Self::Days,
            Span::WorkingDays(_) => Self::WorkingDays,
            Span::Weeks(_) => Self::Weeks,
            Span::Months(_) => Self::Months,
            Span::Years(_) => Self::Years,
            Span::YearDay { .. } => return None,
        })
    }
}

/// Least and most of the number that a parameter takes; `None` where it takes no number, or the law fixes it.
pub(super) fn bounds(form: Form) -> Option<(i64, i64)> {
    match form {
        Form::Number(low, high, _) => Some((low, high)),
        Form::Span(key) => {
            Unit::of(key.rule().default)?;
            let (low, high) = key.rule().choice.bounds()?;
            Some((low.into(), high.into()))
        }
        Form::Flag
        | Form::OneOf(_)
        | Form::Networks
        | Form::NumberPattern
        | Form::Phone
        | Form::Text(_) => None,
    }
}

/// An example of a value; `None` where the values are listed, are free words, or are fixed.
pub(super) fn example(parameter: Parameter) -> Option<String> {
    match parameter.form() {
        Form::Number(..) | Form::NumberPattern => Some(parameter.default_value()),
        Form::Span(_) if parameter.form().is_fixed() => None,
        Form::Span(key) => Some(form::span_text(key.rule().default)),
        Form::Networks => Some("10.8.0.0/16,2001:db8::/32".to_owned()),
        Form::Phone => Some("61900000".to_owned()),
        Form::Flag | Form::OneOf(_) | Form::Text(_) => None,
    }
}

/// The sentence in Chinese and English, without a full stop.
pub(super) fn of(parameter: Parameter) -> (String, String) {
    let form = parameter.form();
    let (zh, en) = match form {
        Form::Flag => listed(parameter, &["true", "false"]),
        Form::OneOf(keys) => listed(parameter, keys),
        Form::Number(low, high, unit) => number((low, Some(high)), unit),
        Form::Span(_) if form.is_fixed() => both("法规规定，不能更改", "fixed by the regulation"),
        Form::Span(key) => span(key),
        Form::Networks => both(
            "网段或单个地址，多个用逗号分隔，可以留空",
            "networks or single addresses with commas between them; may be empty",
        ),
        Form::NumberPattern => pattern(),
        Form::Phone => both(
            "电话号码：数字、空格、括号、逗号、顿号、+、- 和“转”，最多 40 个字符，可以留空",
            "a telephone: digits, spaces, brackets, commas, +, - and 转, at most 40 characters; may be empty",
        ),
        Form::Text(most) => (
            format!("文字，最多 {most} 个字，可以留空"),
            format!("words, at most {most} characters; may be empty"),
        ),
    };
    match example(parameter) {
        Some(example) => (
            format!("{zh}，如 {example}"),
            format!("{en}, such as {example}"),
        ),
        None => (zh, en),
    }
}

fn both(zh: &str, en: &str) -> (String, String) {
    (zh.to_owned(), en.to_owned())
}

/// Keys with their words.
fn listed(parameter: Parameter, keys: &[&str]) -> (String, String) {
    let words = keys.iter().map(|key| (key, word::of(parameter, key)));
    let (zh, en): (Vec<String>, Vec<String>) = words
        .map(|(key, (zh, en))| (format!("{key}（{zh}）"), format!("{key} ({en})")))
        .unzip();
    (
        format!("下列之一：{}", zh.join("、")),
        format!("one of {}", en.join(", ")),
    )
}

fn number((low, high): (i64, Option<i64>), unit: Unit) -> (String, String) {
    let unit = unit.text();
    match high {
        Some(high) => (
            format!("{low} 至 {high} 的整数，单位：{}", unit.zh),
            format!("a whole number from {low} to {high} ({})", unit.en),
        ),
        None => (
            format!("不小于 {low} 的整数，单位：{}", unit.zh),
            format!("a whole number, at least {low} ({})", unit.en),
        ),
    }
}

fn span(key: DeadlineKey) -> (String, String) {
    let unit = Unit::of(key.rule().default);
    match unit.zip(bounds(Form::Span(key))) {
        Some((unit, (low, high))) => {
            let high = (high < i64::from(u16::MAX)).then_some(high);
            number((low, high), unit)
        }
        None => both("每年的月和日，写作 月-日", "a day of the year as MM-DD"),
    }
}

fn pattern() -> (String, String) {
    (
        format!(
            "由字母、数字和占位符组成，以 {{seq:n}} 结尾，学号最多 {LONGEST_NUMBER} 位（学信网的学号字段只有这么长）。占位符：\
             {{yy}} 或 {{yyyy}} 入学年份，{{college:n}} 学院代码、{{major:n}} 专业代码、{{class:n}} 班级代码的末 n 位，\
             {{seq:n}} n 位序号；n 为 1 至 6"
        ),
        format!(
            "letters, digits and placeholders, {{seq:n}} at the end; a number has at most {LONGEST_NUMBER} characters, as the \
             platform's field. Placeholders: {{yy}} or {{yyyy}} year of intake; {{college:n}}, {{major:n}}, {{class:n}} the \
             last n characters of the code; {{seq:n}} a sequence of n digits; n is 1 to 6"
        ),
    )
}

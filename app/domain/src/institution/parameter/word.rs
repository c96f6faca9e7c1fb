//! Stored values in words.

use super::{Form, Parameter};
use crate::calendar::Span;
use crate::institution::office::Office;
use crate::text::Label as _;

fn both(zh: impl Into<String>, en: impl Into<String>) -> (String, String) {
    (zh.into(), en.into())
}

/// A value as people read it, in Chinese and English.
pub(super) fn of(parameter: Parameter, value: &str) -> (String, String) {
    match parameter.form() {
        Form::Flag if value == "true" => both("是", "yes"),
        Form::Flag => both("否", "no"),
        Form::OneOf(_) => one_of(value),
        Form::Span(_) => parameter
            .span(value)
            .map_or_else(|| both(value, value), span),
        Form::Networks if value.is_empty() && parameter == Parameter::OfficeNetworks => {
            both("不限", "any")
        }
        Form::Number(..) | Form::Networks | Form::NumberPattern | Form::Phone | Form::Text(_) => {
            let shown = if value.is_empty() { "—" } else { value };
            both(shown, shown)
        }
    }
}

fn one_of(value: &str) -> (String, String) {
    if let Some(office) = Office::from_key(value) {
        let label = office.label();
        return both(label.zh, label.en);
    }
    match value {
        "initial_check" => both("初步审查合格之日", "the day the initial check is passed"),
        "recheck" => both("复查合格之日", "the day the re-check is passed"),
        other => both(other, other),
    }
}

fn span(span: Span) -> (String, String) {
    let plural = |n: u16, one: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {one}s")
        }
    };
    match span {
        Span::Minutes(n) => both(format!("{n} 分钟"), plural(n, "minute")),
        Span::Days(n) => both(format!("{n} 天"), plural(n, "day")),
        Span::WorkingDays(n) => both(format!("{n} 个工作日"), plural(n, "working day")),
        Span::Weeks(n) => both(format!("{n} 周"), plural(n, "week")),
        Span::Months(n) => both(format!("{n} 个月"), plural(n, "month")),
        Span::Years(n) => both(format!("{n} 年"), plural(n, "year")),
        Span::DaysBefore(n) => both(
            format!("提前 {n} 天"),
            format!("{} before", plural(n, "day")),
        ),
        Span::YearDay { month, day } => both(
            format!("{month}月{day}日"),
            format!("every {month:02}-{day:02}"),
        ),
    }
}

//! How dates, numbers, states and codes are written on pages.

use crate::cx::Cx;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use domain::calendar;
use domain::codes::Province;
use domain::text::{Label, Lang, Tone};
use domain::view::{Chip, Words};
use leptos::prelude::*;
use services::QrCode as Code;
use services::institution::operator::CONSOLE;
use ui::prelude::{Choice, Modules, QrCode, StatusChip, Tone as UiTone};

/// 2026年10月16日 星期五; Friday, 16 October 2026.
pub fn date(cx: Cx, date: NaiveDate) -> String {
    match cx.lang {
        Lang::Zh => calendar::format_date_zh(date),
        Lang::En => calendar::format_date_en(date),
    }
}

/// 8月21日; 21 Aug. With its year where that is not this one.
pub fn short_date(cx: Cx, date: NaiveDate) -> String {
    let today = calendar::local_date(cx.services().now());
    let form = match (cx.lang, date.year() == today.year()) {
        (Lang::Zh, true) => "%-m月%-d日",
        (Lang::Zh, false) => "%Y年%-m月%-d日",
        (Lang::En, true) => "%-d %b",
        (Lang::En, false) => "%-d %b %Y",
    };
    date.format(form).to_string()
}

/// Day and time in China.
pub fn time(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// Day and time in China, of a moment.
pub fn moment(at: DateTime<Utc>) -> String {
    time(calendar::local_time(at))
}

/// The last moment of something: day with weekday, and time, in China.
pub fn deadline(cx: Cx, at: DateTime<Utc>) -> String {
    let local = calendar::local_time(at);
    format!("{} {}", date(cx, local.date()), local.format("%H:%M"))
}

/// 1,204
pub fn number(count: u64) -> String {
    ui::chart::grouped(count)
}

/// A telephone number: never broken into lines.
pub fn phone(number: String) -> AnyView {
    view! { <span class="xj-nowrap">{number}</span> }.into_any()
}

/// One of two texts of the data.
pub fn pair(cx: Cx, words: &Words) -> String {
    cx.pair(words).to_owned()
}

/// The word of an enum.
pub fn label(cx: Cx, of: &impl Label) -> String {
    cx.text(of.label()).to_owned()
}

/// A name as it stands in the ledgers; the command line, which is no person, in the language of the reader.
pub fn by(cx: Cx, name: &str) -> String {
    if name == CONSOLE {
        cx.pick(CONSOLE, "Platform (command line)").to_owned()
    } else {
        name.to_owned()
    }
}

/// The provinces to choose one from, posted as their codes of GB/T 2260.
pub fn provinces(cx: Cx, chosen: &str) -> Vec<Choice> {
    Province::all()
        .iter()
        .map(|p| Choice::new(p.code, label(cx, p)).checked(p.code == chosen))
        .collect()
}

/// The design system's tone.
pub const fn tone(tone: Tone) -> UiTone {
    match tone {
        Tone::Success => UiTone::Success,
        Tone::Warning => UiTone::Warning,
        Tone::Error => UiTone::Error,
        Tone::Info => UiTone::Info,
        Tone::Neutral => UiTone::Neutral,
    }
}

/// A state's chip.
pub fn chip(cx: Cx, chip: &Chip) -> AnyView {
    let (label, tone) = (pair(cx, &chip.label), tone(chip.tone));
    view! { <StatusChip tone=tone label=label/> }.into_any()
}

/// A chip of a word and a tone.
pub fn word_chip(label: String, shown: Tone) -> AnyView {
    let tone = tone(shown);
    view! { <StatusChip tone=tone label=label/> }.into_any()
}

/// How much time is left.
pub fn remaining(cx: Cx, days: i64) -> String {
    match (days, cx.lang) {
        (0, Lang::Zh) => "今天截止".to_owned(),
        (0, Lang::En) => "due today".to_owned(),
        (1.., Lang::Zh) => format!("还剩 {days} 天"),
        (1, Lang::En) => "1 day left".to_owned(),
        (2.., Lang::En) => format!("{days} days left"),
        (_, Lang::Zh) => format!("已过 {} 天", -days),
        (_, Lang::En) => format!("{} days over", -days),
    }
}

/// A code to scan, with a text for readers.
pub fn qr(code: &Code, label: &'static str) -> AnyView {
    let modules = Modules::new(code.size(), |row, column| code.is_dark(row, column));
    view! { <QrCode label=label modules=modules/> }.into_any()
}

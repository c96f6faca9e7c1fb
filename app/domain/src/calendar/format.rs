//! How dates are written on pages and papers.

use crate::text::Text;
use chrono::{Datelike, NaiveDate, Weekday};

/// The day of the week: 星期五, Friday.
pub const fn weekday(day: Weekday) -> Text {
    match day {
        Weekday::Mon => Text::new("星期一", "Monday"),
        Weekday::Tue => Text::new("星期二", "Tuesday"),
        Weekday::Wed => Text::new("星期三", "Wednesday"),
        Weekday::Thu => Text::new("星期四", "Thursday"),
        Weekday::Fri => Text::new("星期五", "Friday"),
        Weekday::Sat => Text::new("星期六", "Saturday"),
        Weekday::Sun => Text::new("星期日", "Sunday"),
    }
}

/// 2026年10月16日 星期五: a day on which something is to be done.
pub fn format_date_zh(date: NaiveDate) -> String {
    format!("{} {}", plain_date_zh(date), weekday(date.weekday()).zh)
}

/// Friday, 16 October 2026.
pub fn format_date_en(date: NaiveDate) -> String {
    format!("{}, {}", weekday(date.weekday()).en, plain_date_en(date))
}

/// 2008年4月19日: a day in a record.
pub fn plain_date_zh(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 19 April 2008.
pub fn plain_date_en(date: NaiveDate) -> String {
    let month = MONTHS
        .get(date.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

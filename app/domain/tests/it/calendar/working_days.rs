use super::{day, published_day};
use chrono::{Datelike, Weekday};
use domain::calendar::{Deadline, WorkingDays, WorkingDaysError};
use proptest::prelude::*;

fn calendar() -> &'static WorkingDays {
    WorkingDays::embedded()
}

proptest! {
    #[test]
    fn counting_back_gives_the_number_of_days(from in published_day(), n in 0..200_u16) {
        let due = calendar().add_working_days(from, n);
        prop_assert_eq!(calendar().working_days_between(from, due.date), i32::from(n));
        prop_assert_eq!(calendar().working_days_between(due.date, from), -i32::from(n));
        prop_assert!(n == 0 || calendar().is_working_day(due.date));
    }

    #[test]
    fn a_later_start_or_a_longer_time_never_ends_earlier(from in published_day(), n in 0..100_u16, later in 0..60_u64) {
        let due = calendar().add_working_days(from, n).date;
        prop_assert!(due >= from);
        prop_assert!(calendar().add_working_days(from + chrono::Days::new(later), n).date >= due);
        prop_assert!(calendar().add_working_days(from, n + 1).date > due);
    }

    #[test]
    fn two_terms_in_a_row_are_one_long_term(from in published_day(), a in 0..60_u16, b in 0..60_u16) {
        let first = calendar().add_working_days(from, a).date;
        prop_assert_eq!(calendar().add_working_days(first, b).date, calendar().add_working_days(from, a + b).date);
    }

    #[test]
    fn provisional_is_what_reaches_beyond_the_published_years(from in published_day(), n in 0..200_u16) {
        let due = calendar().add_working_days(from, n);
        prop_assert_eq!(due.provisional, !calendar().covers(due.date));
    }

    #[test]
    fn vacations_only_lengthen(from in published_day(), n in 0..60_u16) {
        let vacations = vec![day("2026-01-25")..=day("2026-02-28"), day("2026-07-10")..=day("2026-09-05")];
        let school = calendar().without_vacations(vacations.clone());
        let due = school.add_working_days(from, n).date;
        prop_assert!(due >= calendar().add_working_days(from, n).date);
        prop_assert!(n == 0 || !vacations.iter().any(|v| v.contains(&due)));
    }
}

#[test]
fn thirty_working_days() {
    let cases = [
        ("2025-09-15", "2025-10-31"),
        ("2025-01-10", "2025-02-27"),
        ("2026-02-02", "2026-03-20"),
        ("2024-09-02", "2024-10-18"),
    ];
    for (from, to) in cases {
        assert_eq!(
            calendar().add_working_days(day(from), 30),
            Deadline::fixed(day(to)),
            "{from}"
        );
    }
    assert!(
        calendar()
            .add_working_days(day("2026-12-01"), 30)
            .provisional
    );
    assert!(
        !calendar()
            .add_working_days(day("2026-12-01"), 20)
            .provisional
    );
}

#[test]
fn the_embedded_table() {
    let calendar = calendar();
    assert_eq!(calendar.version(), "2026.1");
    assert!(calendar.covers(day("2014-01-01")) && calendar.covers(day("2026-12-31")));
    assert!(!calendar.covers(day("2013-12-31")) && !calendar.covers(day("2027-01-01")));
    assert_eq!(calendar.holiday(day("2026-10-01")), Some("国庆节"));
    assert_eq!(calendar.holiday(day("2026-10-10")), None);
    assert!(
        calendar.is_working_day(day("2026-10-10")),
        "a Saturday made up for"
    );
    assert!(
        !calendar.is_working_day(day("2026-10-05")),
        "a Monday of the national holiday"
    );
    let days = day("2014-01-01")
        .iter_days()
        .take_while(|d| *d <= day("2026-12-31"));
    let made_up = days.filter(|d| {
        matches!(d.weekday(), Weekday::Sat | Weekday::Sun) && calendar.is_working_day(*d)
    });
    assert_eq!(made_up.count(), 80);
}

#[test]
fn a_table_that_is_not_one_is_refused() {
    let parse = |text: &str| WorkingDays::parse(text).unwrap_err();
    assert_eq!(parse(""), WorkingDaysError::Version);
    assert_eq!(
        parse("version,\nyears,2027,2027\n"),
        WorkingDaysError::Version
    );
    assert_eq!(parse("version,1\nyears,2027\n"), WorkingDaysError::Years);
    assert_eq!(
        parse("version,1\nyears,2028,2027\n"),
        WorkingDaysError::Years
    );
    assert_eq!(
        parse("version,1\nyears,2027,2027\n2027-01-01,off,x\n"),
        WorkingDaysError::Line { line: 3 }
    );
    assert_eq!(
        parse("version,1\nyears,2027,2027\n2027-02-30,holiday,x\n"),
        WorkingDaysError::Line { line: 3 }
    );
    assert_eq!(
        parse("version,1\nyears,2027,2027\n2028-01-01,holiday,x\n"),
        WorkingDaysError::Date { line: 3 }
    );
    let twice = "version,1\nyears,2027,2027\n2027-01-01,holiday,x\n2027-01-01,workday,x\n";
    assert_eq!(parse(twice), WorkingDaysError::Date { line: 4 });
    let good =
        WorkingDays::parse("version,1\r\nyears,2027,2027\r\n2027-01-01,holiday,元旦\r\n").unwrap();
    assert!(!good.is_working_day(day("2027-01-01")) && good.covers(day("2027-06-01")));
    assert_eq!(good.holiday(day("2027-01-01")), Some("元旦"));
}

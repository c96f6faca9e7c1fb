//! What a parameter says it takes is what it takes.

use domain::calendar::DeadlineKey;
use domain::institution::parameter::{Form, Parameter, ParameterError};
use proptest::prelude::*;

fn any() -> impl Strategy<Value = Parameter> {
    prop::sample::select(Parameter::all())
}

proptest! {
    #[test]
    fn an_example_is_accepted_and_said(parameter in any()) {
        let (zh, en) = parameter.takes();
        prop_assert!(zh != en && !zh.ends_with('。') && !en.ends_with('.'));
        if let Some(example) = parameter.example() {
            prop_assert_eq!(parameter.accept(&example), Ok(example.clone()));
            prop_assert!(zh.contains(&example) && en.contains(&example));
        }
    }

    #[test]
    fn a_number_is_taken_within_the_range_that_is_said(parameter in any(), share in 0..=1_000_i64) {
        let Some((low, high)) = parameter.bounds() else {
            return Ok(());
        };
        let inside = low + (high - low) * share / 1_000;
        for within in [low, inside, high] {
            prop_assert!(parameter.accept(&within.to_string()).is_ok(), "{}: {within}", parameter.key());
        }
        for outside in [low - 1, high + 1] {
            let refused = parameter.accept(&outside.to_string());
            prop_assert_eq!(refused, Err(ParameterError::Form), "{}: {}", parameter.key(), outside);
        }
        let (zh, en) = parameter.takes();
        prop_assert!(zh.contains(&low.to_string()) && en.contains(&low.to_string()));
        // What a column of the database holds is no range that anybody chose.
        if high < i64::from(u16::MAX) {
            prop_assert!(zh.contains(&high.to_string()) && en.contains(&high.to_string()));
        }
    }

    #[test]
    fn what_is_listed_is_accepted(parameter in any()) {
        let keys: &[&str] = match parameter.form() {
            Form::Flag => &["true", "false"],
            Form::OneOf(keys) => keys,
            _ => &[],
        };
        for key in keys {
            prop_assert!(parameter.accept(key).is_ok());
            prop_assert!(parameter.takes().0.contains(key) && parameter.takes().1.contains(key));
        }
    }
}

#[test]
fn each_form_is_said_in_its_own_words() {
    let zh = |parameter: Parameter| parameter.takes().0;
    let idle = zh(Parameter::StaffIdleMinutes);
    assert_eq!(idle, "5 至 240 的整数，单位：分钟，如 15");
    let report = zh(Parameter::Deadline(DeadlineKey::RecheckReport));
    assert_eq!(report, "每年的月和日，写作 月-日，如 09-30");
    let notice = zh(Parameter::Deadline(DeadlineKey::PublicNotice));
    assert_eq!(notice, "不小于 0 的整数，单位：工作日，如 15");
    assert_eq!(
        zh(Parameter::Deadline(DeadlineKey::AbsentWithdraw)),
        "法规规定，不能更改"
    );
    let pattern = zh(Parameter::StudentNumberPattern);
    for part in [
        "{yy}",
        "{yyyy}",
        "{college:n}",
        "{major:n}",
        "{class:n}",
        "{seq:n}",
        "15",
    ] {
        assert!(pattern.contains(part), "{part}: {pattern}");
    }
    assert!(zh(Parameter::OfficeNetworks).contains("10.8.0.0/16"));
    assert!(zh(Parameter::TotpRequired).contains("true（是）"));
}

use super::{day, published_day};
use domain::calendar::deadline::{Basis, Choice, DeadlineParamError, due_extended};
use domain::calendar::{
    Deadline, DeadlineKey, DeadlineParams, Span, WorkingDays, due, remaining_days,
};
use domain::text::Label;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn by_default(key: DeadlineKey, start: &str) -> Deadline {
    due(
        key,
        &DeadlineParams::default(),
        day(start),
        WorkingDays::embedded(),
    )
}

proptest! {
    #[test]
    fn nothing_but_an_application_before_expiry_is_due_before_its_event(start in published_day(), at in 0..28_usize) {
        let key = DeadlineKey::ALL[at];
        let due = due(key, &DeadlineParams::default(), start, WorkingDays::embedded());
        prop_assert_eq!(due.date < start, matches!(key.rule().default, Span::DaysBefore(_)));
        prop_assert_eq!(remaining_days(due.date, start) < 0, due.date < start);
    }

    #[test]
    fn only_working_days_are_provisional(start in published_day(), at in 0..28_usize) {
        let key = DeadlineKey::ALL[at];
        let due = due(key, &DeadlineParams::default(), start, WorkingDays::embedded());
        prop_assert!(!due.provisional || matches!(key.rule().default, Span::WorkingDays(_)));
    }

    #[test]
    fn no_span_panics_at_the_end_of_time(n in any::<u16>(), kind in 0..6_usize) {
        let spans = [Span::Days, Span::Weeks, Span::Months, Span::Years, Span::DaysBefore, Span::Minutes];
        let mut params = DeadlineParams::default();
        params.set(DeadlineKey::PublicNotice, spans[kind](n)).unwrap();
        for start in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX, day("2026-01-31")] {
            due(DeadlineKey::PublicNotice, &params, start, WorkingDays::embedded());
        }
    }
}

#[test]
fn every_deadline_has_one_code_and_a_name() {
    let codes: BTreeSet<_> = DeadlineKey::ALL.iter().map(|key| key.code()).collect();
    assert_eq!(codes.len(), 28);
    for key in DeadlineKey::ALL {
        assert_eq!(DeadlineKey::from_code(key.code()), Some(key));
        assert_eq!(serde_json::to_value(key).unwrap(), key.code());
        let text = key.label();
        assert!(
            !text.zh.is_empty() && !text.en.is_empty() && !key.rule().starts.label().zh.is_empty()
        );
    }
}

#[test]
fn the_regulations_own_deadlines() {
    assert_eq!(
        by_default(DeadlineKey::AnnualReg, "2026-09-07"),
        Deadline::fixed(day("2026-10-07"))
    );
    assert_eq!(
        by_default(DeadlineKey::StatusUpdate, "2025-09-15"),
        Deadline::fixed(day("2025-10-31"))
    );
    assert!(by_default(DeadlineKey::StatusUpdate, "2026-12-15").provisional);
    assert_eq!(
        by_default(DeadlineKey::IssueEqRegister, "2026-06-26").date,
        day("2026-06-26")
    );
    assert_eq!(
        by_default(DeadlineKey::Exchange, "2026-07-01").date,
        day("2026-10-31")
    );
    assert_eq!(
        by_default(DeadlineKey::Exchange, "2026-10-31").date,
        day("2026-10-31")
    );
    assert_eq!(
        by_default(DeadlineKey::Exchange, "2026-11-01").date,
        day("2027-10-31")
    );
    for key in [
        DeadlineKey::AnnualReg,
        DeadlineKey::StatusUpdate,
        DeadlineKey::Exchange,
        DeadlineKey::IssueEqRegister,
    ] {
        assert!(matches!(key.rule().basis, Basis::Regulation(_)), "{key:?}");
    }
}

#[test]
fn the_ministrys_deadlines() {
    assert_eq!(
        by_default(DeadlineKey::Recheck, "2026-11-30").date,
        day("2027-02-28")
    );
    assert_eq!(
        by_default(DeadlineKey::MilitaryKeep, "2024-02-29").date,
        day("2026-02-28")
    );
    assert_eq!(
        by_default(DeadlineKey::AppealStudent, "2026-03-01").date,
        day("2026-03-11")
    );
    assert_eq!(
        by_default(DeadlineKey::AbsentWithdraw, "2026-03-02").date,
        day("2026-03-16")
    );
    assert_eq!(
        by_default(DeadlineKey::ResumeApply, "2026-09-01").date,
        day("2026-08-18")
    );
    let none = DeadlineParams::default();
    let extended = |key| due_extended(key, &none, day("2026-03-01"), WorkingDays::embedded());
    assert_eq!(
        extended(DeadlineKey::AppealCommittee),
        Some(Deadline::fixed(day("2026-03-31")))
    );
    assert_eq!(extended(DeadlineKey::AppealStudent), None);
}

#[test]
fn a_school_sets_what_it_may() {
    let mut params = DeadlineParams::default();
    let fixed = DeadlineKey::AppealStudent;
    assert_eq!(
        params.set(fixed, Span::Days(30)),
        Err(DeadlineParamError::Fixed(fixed))
    );
    let recheck = DeadlineKey::Recheck;
    assert_eq!(
        params.set(recheck, Span::Months(4)),
        Err(DeadlineParamError::Range(recheck))
    );
    assert_eq!(
        params.set(recheck, Span::Days(30)),
        Err(DeadlineParamError::Unit(recheck))
    );
    // 办法 二（二）3: within a month, within 30 working days; a school may be faster.
    for (key, longest, longer) in [
        (DeadlineKey::AnnualReg, Span::Months(1), Span::Months(2)),
        (
            DeadlineKey::StatusUpdate,
            Span::WorkingDays(30),
            Span::WorkingDays(31),
        ),
    ] {
        let mut own = DeadlineParams::default();
        assert_eq!(own.set(key, longest), Ok(()), "{key:?}");
        let refused = own.set(key, longer);
        assert_eq!(refused, Err(DeadlineParamError::Range(key)), "{key:?}");
    }
    let mut faster = DeadlineParams::default();
    let update = DeadlineKey::StatusUpdate;
    assert_eq!(faster.set(update, Span::WorkingDays(20)), Ok(()));
    assert_eq!(params.set(recheck, Span::Months(2)), Ok(()));
    let publicity = DeadlineKey::TransferPublicity;
    assert_eq!(
        params.set(publicity, Span::WorkingDays(4)),
        Err(DeadlineParamError::Range(publicity))
    );
    let notice = DeadlineKey::PublicNotice;
    assert_eq!(params.set(notice, Span::Days(30)), Ok(()));
    let report = DeadlineKey::RecheckReport;
    assert_eq!(
        params.set(report, Span::YearDay { month: 2, day: 30 }),
        Err(DeadlineParamError::Range(report))
    );
    assert_eq!(
        due(recheck, &params, day("2026-09-07"), WorkingDays::embedded()).date,
        day("2026-11-07")
    );

    let json = serde_json::to_string(&params).unwrap();
    assert_eq!(
        json,
        r#"{"RECHECK":{"months":2},"PUBLIC_NOTICE":{"days":30}}"#
    );
    assert_eq!(
        serde_json::from_str::<DeadlineParams>(&json).unwrap(),
        params
    );
    assert!(serde_json::from_str::<DeadlineParams>(r#"{"APPEAL_STUDENT":{"days":30}}"#).is_err());

    params.reset(recheck);
    assert_eq!(params.span(recheck), Span::Months(3));
}

/// What the law leaves no choice in stays as it is; what is bounded has a default within its bounds.
#[test]
fn defaults_lie_within_their_bounds() {
    for key in DeadlineKey::ALL {
        let accepted = DeadlineParams::default().set(key, key.rule().default);
        assert_eq!(
            accepted.is_ok(),
            key.rule().choice != Choice::Fixed,
            "{key:?}"
        );
    }
}

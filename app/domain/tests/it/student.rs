//! What a student is told: every state in two sentences, and a next step wherever one is asked to act.

use chrono::{Days, NaiveDate};
use domain::admission::qualification::Qualification;
use domain::calendar::format_date_zh;
use domain::decision::Machine;
use domain::institution::term::StudentDays;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::{Explained, Text};
use domain::view::Words;
use domain::view::student::{
    Contact, NextStep, Progress, Stage, StageDates, StageView, StudentStates, Until, next_step,
    progress,
};
use proptest::prelude::*;

const YEAR: i32 = 2026;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(YEAR, month, day).unwrap()
}

fn one_of<M: Machine>() -> impl Strategy<Value = M> {
    prop::sample::select(M::STATES.to_vec())
}

fn states() -> impl Strategy<Value = StudentStates> {
    (
        one_of::<Qualification>(),
        one_of::<StudentStatus>(),
        one_of::<PlatformAnswer>(),
        one_of::<PhotoState>(),
    )
        .prop_map(
            |(qualification, status, registration, photo)| StudentStates {
                qualification,
                status,
                registration,
                photo,
            },
        )
}

fn dates() -> impl Strategy<Value = StageDates> {
    (0_u64..2_000, 0_u64..400).prop_map(|(today, registered)| StageDates {
        handed_over: Some(day(7, 20)),
        qualified: Some(day(9, 1)),
        listed: Some(day(9, 1)),
        registered: Some(day(9, 1) + Days::new(registered)),
        photo: Some(day(9, 1)),
        arrival: Some(day(8, 30)),
        leave_until: Some(day(9, 13)),
        replace_until: Some(day(9, 16)),
        ..StageDates::new(YEAR, day(7, 20) + Days::new(today))
    })
}

/// The same dates under a calendar that has every day.
fn with_calendar(dates: StageDates) -> StageDates {
    StageDates {
        recheck_until: Some(day(11, 30)),
        semester: Some(day(12, 30)),
        annual_until: Some(day(12, 31)),
        set: StudentDays {
            verify_until: Some(day(9, 20)),
            self_check_until: Some(day(12, 31)),
            photo_until: Some(day(12, 4)),
        },
        ..dates
    }
}

fn told(states: StudentStates, dates: StageDates) -> (Vec<StageView>, Option<NextStep>) {
    let nobody = |stage: Stage| Contact {
        office: stage.office(),
        name: Words::default(),
        phone: None,
    };
    (progress(states, dates, nobody), next_step(states, dates))
}

proptest! {
    #[test]
    fn whoever_must_act_is_told_what(states in states(), dates in dates()) {
        let (stages, next) = told(states, dates);
        for stage in stages.iter().filter(|s| s.progress == Progress::Yours) {
            prop_assert!(next.is_some(), "{:?} waits for the student", stage.stage);
        }
        // Where nothing is to be done, no stage under way asks for anything.
        let asking = stages.iter().filter(|s| {
            !matches!(s.progress, Progress::Ahead | Progress::Unrecorded)
                && s.explanation.0.contains('请')
                && !s.explanation.0.contains("如有疑问，请")
        });
        for stage in asking {
            prop_assert!(next.is_some(), "{:?}: {}", stage.stage, stage.explanation.0);
        }
    }

    #[test]
    fn what_is_done_has_its_date_and_what_waits_the_day_of_the_calendar(
        states in states(), dates in dates()
    ) {
        let dates = with_calendar(dates);
        let (stages, _) = told(states, dates);
        for stage in stages {
            match stage.progress {
                Progress::Done => prop_assert!(
                    stage.date.is_some() && stage.planned.is_none(), "{stage:?}"
                ),
                Progress::Current => prop_assert!(stage.planned.is_none(), "{stage:?}"),
                Progress::Unrecorded => prop_assert!(
                    stage.planned.is_none_or(|planned| planned.day() >= dates.today), "{stage:?}"
                ),
                Progress::Ahead | Progress::Yours | Progress::Stopped => {}
            }
            let dated = matches!(
                stage.stage,
                Stage::Arrival | Stage::Verification | Stage::SelfCheck | Stage::Recheck
                    | Stage::Semester | Stage::AnnualRegistration | Stage::Photo
            );
            let comes = !Qualification::STAYING_AWAY.contains(&states.qualification)
                && states.status == StudentStatus::None;
            if comes && stage.progress == Progress::Ahead {
                prop_assert_eq!(stage.planned.is_some(), dated, "{:?}", stage.stage);
            }
            if Qualification::STAYING_AWAY.contains(&states.qualification) {
                prop_assert!(stage.planned.is_none(), "{stage:?}");
            }
        }
    }

    #[test]
    fn nothing_is_called_not_begun_before_something_done(states in states(), dates in dates()) {
        let (stages, _) = told(states, dates);
        let last = stages.iter().rposition(|s| s.progress == Progress::Done).unwrap_or_default();
        for stage in &stages[..last] {
            prop_assert!(stage.progress != Progress::Ahead, "{:?}", stage.stage);
            prop_assert!(stage.state.0 != "未开始", "{:?}", stage.stage);
        }
        let order: Vec<Stage> = stages.iter().map(|s| s.stage).collect();
        prop_assert_eq!(order, Stage::ALL.to_vec());
    }
}

#[test]
fn a_deadline_is_that_of_the_state() {
    let registered = StudentStates {
        qualification: Qualification::Qualified,
        status: StudentStatus::Registered,
        registration: PlatformAnswer::Accepted,
        photo: PhotoState::NotCaptured,
    };
    let dates = StageDates {
        handed_over: Some(day(7, 20)),
        registered: Some(day(10, 25)),
        arrival: Some(day(8, 30)),
        leave_until: Some(day(9, 13)),
        replace_until: Some(day(9, 16)),
        ..StageDates::new(YEAR, day(11, 1))
    };
    let until = |states| {
        let next = told(states, dates).1;
        next.map(|next| (next.stage, next.until.day()))
    };
    let with = |qualification| StudentStates {
        qualification,
        status: StudentStatus::None,
        registration: PlatformAnswer::NotDue,
        photo: PhotoState::NotCaptured,
    };
    assert_eq!(
        until(with(Qualification::AwaitingArrival)),
        Some((Stage::Arrival, Some(day(8, 30))))
    );
    assert_eq!(
        until(with(Qualification::OnLeave)),
        Some((Stage::Arrival, Some(day(9, 13))))
    );
    assert_eq!(
        until(with(Qualification::Qualified)),
        Some((Stage::Verification, None))
    );
    assert_eq!(until(registered), Some((Stage::SelfCheck, None)));
    let rejected = StudentStates {
        photo: PhotoState::Rejected,
        ..registered
    };
    assert_eq!(until(rejected), Some((Stage::Photo, Some(day(9, 16)))));
    // A year later nobody is asked any more whether the own registration was looked at.
    let later = StageDates {
        today: day(11, 1) + Days::new(400),
        ..dates
    };
    assert!(told(registered, later).1.is_none());
}

/// Whatever the student does by a day of the school has that day, with its weekday; without one it says so.
#[test]
fn each_duty_has_the_day_that_the_school_set() {
    let set = StudentDays {
        verify_until: Some(day(9, 20)),
        self_check_until: Some(day(12, 31)),
        photo_until: Some(day(12, 4)),
    };
    let unset = StageDates {
        handed_over: Some(day(7, 20)),
        registered: Some(day(10, 25)),
        ..StageDates::new(YEAR, day(11, 1))
    };
    let dates = StageDates { set, ..unset };
    let states = |registration, photo| StudentStates {
        qualification: Qualification::Qualified,
        status: StudentStatus::Registered,
        registration,
        photo,
    };
    let (open, done) = (PlatformAnswer::NotDue, PlatformAnswer::Accepted);
    for (states, stage, expected) in [
        (
            states(open, PhotoState::NotCaptured),
            Stage::Verification,
            "2026年9月20日 星期日",
        ),
        (
            states(done, PhotoState::NotCaptured),
            Stage::SelfCheck,
            "2026年12月31日 星期四",
        ),
        (
            states(done, PhotoState::CodeObtained),
            Stage::Photo,
            "2026年12月4日 星期五",
        ),
        (
            states(done, PhotoState::ToProof),
            Stage::Photo,
            "2026年12月4日 星期五",
        ),
        (
            states(done, PhotoState::FaceBlocked),
            Stage::Photo,
            "2026年12月4日 星期五",
        ),
    ] {
        let next = told(states, dates).1.unwrap();
        let said = next.until.day().map(format_date_zh);
        assert_eq!((next.stage, said.as_deref()), (stage, Some(expected)));
        assert_eq!(told(states, unset).1.unwrap().until, Until::Unset);
    }
}

/// What ends with a decision about the student is no day of the calendar: its notice says it.
#[test]
fn what_a_decision_ends_is_in_its_notice() {
    let until = |qualification, status| {
        let states = StudentStates {
            qualification,
            status,
            registration: PlatformAnswer::NotDue,
            photo: PhotoState::NotCaptured,
        };
        let dates = StageDates::new(YEAR, day(11, 1));
        told(states, dates).1.map(|next| (next.stage, next.until))
    };
    assert_eq!(
        until(Qualification::Deferred, StudentStatus::None),
        Some((Stage::Arrival, Until::Notice))
    );
    assert_eq!(
        until(Qualification::InitialCheck, StudentStatus::Suspended),
        Some((Stage::Semester, Until::Notice))
    );
}

fn sentences(text: Text) -> (usize, usize) {
    let english = text.en.matches(". ").count() + usize::from(text.en.ends_with('.'));
    (text.zh.matches('。').count(), english)
}

fn explained<M: Machine + Explained>() {
    for state in M::STATES {
        let text = state.explanation();
        assert_eq!(
            sentences(text),
            (2, 2),
            "{state:?}: {} {}",
            text.zh,
            text.en
        );
        assert!(
            !text.zh.contains('！') && !text.en.contains('!'),
            "{state:?}"
        );
    }
}

#[test]
fn every_state_is_explained_in_two_sentences() {
    explained::<Qualification>();
    explained::<StudentStatus>();
    explained::<PlatformAnswer>();
    explained::<PhotoState>();
    for stage in Stage::ALL {
        let text = stage.outlook();
        assert_eq!(
            sentences(text),
            (2, 2),
            "{stage:?}: {} {}",
            text.zh,
            text.en
        );
    }
}

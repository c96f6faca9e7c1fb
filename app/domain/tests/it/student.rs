//! What a student is told: every state in two sentences, and a next step wherever one is asked to act.

use chrono::{Days, NaiveDate};
use domain::admission::qualification::Qualification;
use domain::calendar::format_date_zh;
use domain::decision::Machine;
use domain::institution::Office;
use domain::institution::term::StudentDays;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::{Explained, Text};
use domain::view::Words;
use domain::view::student::{
    Contact, NextStep, Planned, Progress, Stage, StageDates, StageView, StudentStates, Turn, Until,
    chips, next_step, progress,
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

/// The day that this calendar has for a stage.
fn day_of(stage: Stage, states: StudentStates, dates: StageDates) -> Option<NaiveDate> {
    match stage {
        Stage::Arrival if states.qualification == Qualification::OnLeave => Some(day(9, 13)),
        Stage::Arrival => Some(day(8, 30)),
        Stage::Verification => Some(day(9, 20)),
        Stage::SelfCheck => {
            Some(day(12, 31)).filter(|last| dates.registered.is_none_or(|day| day <= *last))
        }
        Stage::Recheck => Some(day(11, 30)),
        Stage::Semester => Some(day(12, 30)),
        Stage::AnnualRegistration => Some(day(12, 31)),
        Stage::Photo => Some(day(12, 4)),
        Stage::Handover | Stage::Registration | Stage::Graduation | Stage::Credential => None,
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
                Progress::Current | Progress::Lapsed => {
                    prop_assert!(stage.planned.is_none(), "{stage:?}");
                }
                // What has not begun has no day that is over.
                Progress::Ahead | Progress::Unrecorded => prop_assert!(
                    stage.planned.is_none_or(|planned| planned.day() >= dates.today), "{stage:?}"
                ),
                Progress::Yours | Progress::Stopped => {}
            }
            let comes = !Qualification::STAYING_AWAY.contains(&states.qualification)
                && states.status == StudentStatus::None;
            if comes && stage.progress == Progress::Ahead {
                let expected = day_of(stage.stage, states, dates).filter(|day| *day >= dates.today);
                prop_assert_eq!(stage.planned.map(Planned::day), expected, "{:?}", stage.stage);
            }
            if Qualification::STAYING_AWAY.contains(&states.qualification) {
                prop_assert!(stage.planned.is_none(), "{stage:?}");
            }
        }
    }

    /// The card never says that there is nothing, or something later, where a stage has a day that the student keeps.
    #[test]
    fn the_card_and_the_stages_say_the_same(states in states(), dates in dates()) {
        let dates = with_calendar(dates);
        let (stages, next) = told(states, dates);
        let kept = stages.iter().filter(|stage| stage.stage.is_the_students());
        let nearest = kept
            .filter_map(|stage| stage.planned)
            .map(Planned::day)
            .filter(|day| *day >= dates.today)
            .min();
        let stopped = stages.iter().any(|stage| stage.progress == Progress::Stopped);
        match next.as_ref().map(|next| next.turn) {
            None => prop_assert!(nearest.is_none() && !stopped, "{nearest:?}"),
            Some(Turn::Coming(planned)) => {
                prop_assert_eq!(Some(planned.day()), nearest);
                prop_assert!(!stopped);
            }
            Some(Turn::Act(_)) => {}
            Some(Turn::Ask) => {
                let asks = stages.iter().any(|stage| stage.progress == Progress::Yours);
                prop_assert!(!asks, "something is to be done first");
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
        next.map(|next| (next.stage, next.day()))
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
    // In a later academic year nobody is asked any more whether the own registration was looked at.
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
        let said = next.day().map(format_date_zh);
        assert_eq!((next.stage, said.as_deref()), (stage, Some(expected)));
        let turn = told(states, unset).1.unwrap().turn;
        assert_eq!(turn, Turn::Act(Until::Unset));
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
        told(states, dates).1.map(|next| (next.stage, next.turn))
    };
    assert_eq!(
        until(Qualification::Deferred, StudentStatus::None),
        Some((Stage::Arrival, Turn::Act(Until::Notice)))
    );
    assert_eq!(
        until(Qualification::InitialCheck, StudentStatus::Suspended),
        Some((Stage::Semester, Turn::Act(Until::Notice)))
    );
}

const REGISTERED: StudentStates = StudentStates {
    qualification: Qualification::Qualified,
    status: StudentStatus::Registered,
    registration: PlatformAnswer::Accepted,
    photo: PhotoState::NotCaptured,
};

fn at(stages: &[StageView], wanted: Stage) -> &StageView {
    stages.iter().find(|line| line.stage == wanted).unwrap()
}

/// Somebody of the cohort before this one, more than a year after the registration.
fn a_year_on(today: NaiveDate) -> StageDates {
    StageDates {
        handed_over: Some(day(7, 20) - Days::new(365)),
        registered: Some(day(10, 25) - Days::new(365)),
        semester: NaiveDate::from_ymd_opt(YEAR + 1, 2, 24),
        set: StudentDays {
            self_check_until: Some(day(12, 9)),
            ..StudentDays::default()
        },
        ..StageDates::new(YEAR - 1, today)
    }
}

/// Until when one looks oneself up is for the school to say, however long ago the registration was.
#[test]
fn one_looks_oneself_up_until_the_day_of_the_school() {
    for (today, progress, stage) in [
        (day(11, 30), Progress::Yours, Stage::SelfCheck),
        (day(12, 9), Progress::Yours, Stage::SelfCheck),
        (day(12, 10), Progress::Unrecorded, Stage::Semester),
    ] {
        let (stages, next) = told(REGISTERED, a_year_on(today));
        let look = at(&stages, Stage::SelfCheck);
        assert_eq!(look.progress, progress, "{today}");
        assert_eq!(look.planned.is_some(), progress == Progress::Yours);
        assert_eq!(next.unwrap().stage, stage, "{today}");
    }
    // Registered after that day: it was for the others.
    let late = StageDates {
        registered: Some(day(12, 20)),
        ..a_year_on(day(12, 21))
    };
    let next = told(REGISTERED, late).1.unwrap();
    assert_eq!(next.stage, Stage::SelfCheck);
    assert_eq!(next.turn, Turn::Act(Until::Unset));
}

/// Where nothing is to be done today, the card has the nearest day that the student keeps, and none of the school's.
#[test]
fn the_card_has_the_nearest_day_to_keep() {
    let first_day = NaiveDate::from_ymd_opt(YEAR + 1, 2, 24).unwrap();
    let dates = StageDates {
        recheck_until: Some(day(12, 15)),
        ..a_year_on(day(12, 10))
    };
    let next = told(REGISTERED, dates).1.unwrap();
    assert_eq!(next.turn, Turn::Coming(Planned::On(first_day)));
    let none = StageDates {
        semester: None,
        ..dates
    };
    assert_eq!(told(REGISTERED, none).1, None);
}

/// What has not begun has no last day of the past; who was sent back reads what happens, not that there is nothing.
#[test]
fn a_returned_registration_is_told_without_an_old_deadline() {
    let student = StudentStates {
        registration: PlatformAnswer::Returned,
        ..REGISTERED
    };
    let (stages, next) = told(student, a_year_on(day(12, 10)));
    let look = at(&stages, Stage::SelfCheck);
    assert_eq!((look.progress, look.planned), (Progress::Ahead, None));
    let next = next.unwrap();
    assert_eq!(
        (next.stage, next.turn, next.day()),
        (Stage::Registration, Turn::Ask, None)
    );
    assert_eq!(next.text.0, PlatformAnswer::Returned.explanation().zh);
}

/// Whoever gave the place up, or lost it, reads that once: no later stage has a task, a day or a promise.
#[test]
fn of_a_place_that_was_given_up_nothing_is_left_to_do() {
    for qualification in [Qualification::Forgone, Qualification::Cancelled] {
        let student = StudentStates {
            qualification,
            status: StudentStatus::None,
            registration: PlatformAnswer::NotDue,
            photo: PhotoState::NotCaptured,
        };
        let (stages, next) = told(student, with_calendar(a_year_on(day(8, 1))));
        let later = stages
            .iter()
            .filter(|line| line.stage as u8 > Stage::Arrival as u8);
        for line in later {
            assert_eq!(line.progress, Progress::Lapsed, "{line:?}");
            assert_eq!((line.state.0.as_str(), line.planned), ("不再办理", None));
            assert!(line.explanation.0.is_empty() && line.explanation.1.is_empty());
        }
        let next = next.unwrap();
        assert_eq!((next.stage, next.turn), (Stage::Arrival, Turn::Ask));
        assert_eq!(Stage::Arrival.named(student), Some(Office::Admissions));
        let chips = chips(student);
        assert_eq!(chips.len(), 1);
        assert_eq!(chips[0].explanation.0, qualification.explanation().zh);
    }
}

/// Who comes in a later year does then what others do now; who left is told so where the semesters are registered.
#[test]
fn who_stays_away_for_a_time_and_who_has_left() {
    let new = StudentStates {
        qualification: Qualification::Deferred,
        status: StudentStatus::None,
        registration: PlatformAnswer::NotDue,
        photo: PhotoState::NotCaptured,
    };
    let (stages, _) = told(new, with_calendar(a_year_on(day(8, 1))));
    for line in stages
        .iter()
        .filter(|line| line.progress == Progress::Ahead)
    {
        assert_eq!((line.state.0.as_str(), line.planned), ("入学后办理", None));
    }
    assert_eq!(chips(new).len(), 4);
    let left = StudentStates {
        status: StudentStatus::Withdrawn,
        photo: PhotoState::ToProof,
        ..REGISTERED
    };
    let (stages, next) = told(left, a_year_on(day(11, 30)));
    let waits = |line: &&StageView| !matches!(line.progress, Progress::Done | Progress::Lapsed);
    assert_eq!(stages.iter().find(waits), None);
    let next = next.unwrap();
    assert_eq!((next.stage, next.turn), (Stage::Semester, Turn::Ask));
    let words: Vec<String> = chips(left).into_iter().map(|chip| chip.label.0).collect();
    assert_eq!(words, ["初审合格", "不在籍（退学）", "已注册"]);
}

/// Words that hold for everybody who reads them: before the registration and after it.
#[test]
fn what_is_said_at_every_time_is_true_at_every_time() {
    let recheck = Stage::Recheck.outlook().zh;
    assert!(recheck.contains("未注册学籍的取消入学资格"));
    assert!(recheck.contains("已注册的取消学籍"));
    let passed = Qualification::Qualified.explanation();
    assert!(!passed.zh.contains("下一步") && !passed.en.contains("then"));
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

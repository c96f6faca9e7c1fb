//! The deadlines board: what is due around now for this office, from the registry and the school's own calendar.

use super::Desk;
use crate::Result;
use crate::institution::deadlines as spans;
use crate::institution::flag;
use crate::institution::school::term_of;
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::{
    DeadlineKey, Semester, WorkingDays, due, format_date_en, format_date_zh, remaining_days,
};
use domain::institution::parameter::Parameter;
use domain::institution::term::vacations;
use domain::institution::{Actor, Office, Step};
use domain::text::{Label as _, Tone};
use domain::view::home::DeadlineView;
use domain::view::words;
use std::collections::BTreeMap;
use store::rows;

/// A deadline is shown until so many days after it was missed.
const PAST: i64 = 30;
/// And from so many days before.
const AHEAD: i64 = 120;
/// Amber within so many days.
const SOON: i64 = 14;

/// Who keeps a deadline: an office, or whichever performs a step at the school.
#[derive(Clone, Copy)]
enum Keeper {
    Fixed(Office),
    Of(Step),
}

impl Keeper {
    fn is(self, actor: &Actor) -> bool {
        match self {
            Self::Fixed(office) => actor.office() == office,
            Self::Of(step) => actor.office() == actor.office_of(step),
        }
    }
}

/// Deadlines that the calendar alone starts, with those who keep them.
const BOARD: [(DeadlineKey, &[Keeper]); 6] = [
    (
        DeadlineKey::ArrivalLeaveMax,
        &[
            Keeper::Fixed(Office::College),
            Keeper::Of(Step::AdmissionHandover),
        ],
    ),
    (
        DeadlineKey::ForgoListToProvince,
        &[Keeper::Of(Step::AdmissionHandover)],
    ),
    (
        DeadlineKey::Recheck,
        &[
            Keeper::Of(Step::AdmissionHandover),
            Keeper::Of(Step::ReceiveCohort),
            Keeper::Fixed(Office::College),
            Keeper::Fixed(Office::AcademicAffairs),
        ],
    ),
    (
        DeadlineKey::RecheckReport,
        &[
            Keeper::Of(Step::AdmissionHandover),
            Keeper::Of(Step::ReceiveCohort),
        ],
    ),
    (
        DeadlineKey::AnnualReg,
        &[
            Keeper::Of(Step::AnnualRegistration),
            Keeper::Of(Step::KeepStatusRecords),
        ],
    ),
    (
        DeadlineKey::Exchange,
        &[Keeper::Fixed(Office::AcademicAffairs)],
    ),
];

/// The board, nearest first.
pub(super) async fn deadlines(desk: &Desk<'_>) -> Result<Vec<DeadlineView>> {
    let today = desk.scope.today();
    let terms = desk.scope.terms().await?;
    let params = spans(desk.parameters);
    let calendar = working_days(&terms, desk.parameters)?;
    let mut board: Vec<DeadlineView> = BOARD
        .into_iter()
        .filter(|(_, keepers)| keepers.iter().any(|keeper| keeper.is(desk.actor)))
        .flat_map(|(key, _)| {
            starts(key, &terms, today)
                .into_iter()
                .map(move |start| (key, start))
        })
        .map(|(key, start)| view(key, due(key, &params, start, &calendar), today))
        .filter(|line| (-PAST..=AHEAD).contains(&line.remaining))
        .collect();
    board.sort_by_key(|line| (line.on, line.label.1.clone()));
    board.dedup();
    Ok(board)
}

/// The working days of the school: vacations stop their count where the school says so.
fn working_days(
    terms: &[rows::AcademicTerm],
    parameters: &BTreeMap<String, String>,
) -> Result<WorkingDays> {
    let table = WorkingDays::embedded();
    if !flag(parameters, Parameter::VacationsCount) {
        return Ok(table.clone());
    }
    let terms = terms.iter().map(term_of).collect::<Result<Vec<_>>>()?;
    Ok(table.without_vacations(vacations(&terms)))
}

/// The days on which a deadline starts, from the school's calendar.
fn starts(key: DeadlineKey, terms: &[rows::AcademicTerm], today: NaiveDate) -> Vec<NaiveDate> {
    let arrivals = || terms.iter().filter_map(|term| term.arrival_on);
    match key {
        DeadlineKey::ArrivalLeaveMax | DeadlineKey::ForgoListToProvince | DeadlineKey::Recheck => {
            arrivals().collect()
        }
        DeadlineKey::AnnualReg => terms
            .iter()
            .filter(|term| is_autumn(term))
            .map(|term| term.starts_on)
            .collect(),
        // Days of the year: the one of this calendar year.
        _ => NaiveDate::from_ymd_opt(today.year(), 1, 1)
            .into_iter()
            .collect(),
    }
}

fn is_autumn(term: &rows::AcademicTerm) -> bool {
    serde_json::from_value::<Semester>(term.semester.clone().into())
        .is_ok_and(|semester| semester == Semester::Autumn)
}

fn view(key: DeadlineKey, deadline: domain::calendar::Deadline, today: NaiveDate) -> DeadlineView {
    let remaining = remaining_days(deadline.date, today);
    DeadlineView {
        label: words(key.label()),
        on: deadline.date,
        date: (format_date_zh(deadline.date), format_date_en(deadline.date)),
        remaining,
        provisional: deadline.provisional,
        basis: key.rule().basis.citation().zh.to_owned(),
        tone: match remaining {
            ..0 => Tone::Error,
            0..=SOON => Tone::Warning,
            _ => Tone::Info,
        },
    }
}

//! The home of an office: 待办 grouped by what it blocks, the deadlines that apply now, figures by stage.

mod board;
mod completion;
mod todo;

use crate::institution::parameters;
use crate::students::places::{Part, Places};
use crate::students::{admit, cohort_year, state};
use crate::{Result, Services};
use domain::admission::funnel::Funnel;
use domain::admission::handover::HandoverStage;
use domain::admission::qualification::Qualification;
use domain::decision::Machine as _;
use domain::institution::{Actor, Office, Visible, policy};
use domain::registration::PlatformAnswer;
use domain::text::{Label as _, Text};
use domain::view::home::{FigureView, Level, OfficeHomeView};
use domain::view::{Words, same, words};
use std::collections::BTreeMap;
use store::{Scope, StudentFilter, StudentTotals};

/// What the parts of a home need.
struct Desk<'a> {
    scope: &'a Scope,
    actor: &'a Actor,
    places: &'a Places,
    parameters: &'a BTreeMap<String, String>,
    year: i32,
}

impl Services {
    /// The home of whoever works in an office. An office without student records sees its deadlines alone.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for the operator.
    pub async fn office_home(&self, actor: &Actor) -> Result<OfficeHomeView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::HomePage>(actor, unit.now())?;
        let records = actor.may::<policy::StudentsPage>();
        let seen = if records {
            actor.visible()
        } else {
            Visible::Nothing
        };
        let places = Places::load(&unit).await?;
        let parameters = parameters(&unit).await?;
        let desk = Desk {
            scope: &unit,
            actor,
            places: &places,
            parameters: &parameters,
            year: cohort_year(&unit, &seen, None).await?,
        };
        let totals = unit.student_totals(&seen, &of_year(desk.year)).await?;
        Ok(OfficeHomeView {
            year: desk.year,
            office: office(actor, &places),
            todo: todo::groups(&desk).await?,
            deadlines: board::deadlines(&desk).await?,
            figures: if records {
                figures(&desk, &seen, &totals).await?
            } else {
                Vec::new()
            },
            funnel: funnel(&totals)?,
            by: Level::of(&seen),
            completion: if records {
                completion::completion(&desk, &seen).await?
            } else {
                Vec::new()
            },
        })
    }
}

fn of_year(year: i32) -> StudentFilter {
    StudentFilter {
        year: Some(year),
        ..StudentFilter::default()
    }
}

fn office(actor: &Actor, places: &Places) -> Words {
    match places.part_of(actor) {
        Part::College(college) => same(places.named(Some(college))),
        Part::Whole | Part::None => words(actor.office().label()),
    }
}

fn count_of(total: &StudentTotals) -> u64 {
    u64::try_from(total.total).unwrap_or_default()
}

fn funnel(totals: &[StudentTotals]) -> Result<Funnel> {
    let counted = totals
        .iter()
        .map(|total| {
            let qualification: Qualification = state(&total.qualification)?;
            let registration: PlatformAnswer = state(&total.registration)?;
            Ok((qualification, registration, count_of(total)))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Funnel::of(counted))
}

/// Figures by stage; each leads to the list it counts.
async fn figures(
    desk: &Desk<'_>,
    seen: &Visible,
    totals: &[StudentTotals],
) -> Result<Vec<FigureView>> {
    let year = desk.year;
    let counted = |fits: &dyn Fn(&StudentTotals) -> bool| -> u64 {
        totals.iter().filter(|t| fits(t)).map(count_of).sum()
    };
    let unassigned = StudentFilter {
        unassigned: true,
        ..of_year(year)
    };
    let figure = |label: Text, count: u64, filter: &str| FigureView {
        label: words(label),
        count,
        path: format!("students?year={year}{filter}"),
    };
    let qualified = Qualification::Qualified.key();
    let accepted = PlatformAnswer::Accepted.key();
    let mut figures = vec![figure(
        Text::new("录取", "Admitted"),
        counted(&|_| true),
        "",
    )];
    for stage in stages(seen) {
        let filter = StudentFilter {
            handed_over: Some(*stage),
            ..of_year(year)
        };
        figures.push(figure(
            stage.label(),
            desk.scope.count_students(seen, &filter).await?,
            &format!("&handed_over={}", stage.key()),
        ));
    }
    figures.extend([
        figure(
            Text::new("未编班编学号", "Without class or number"),
            desk.scope.count_students(seen, &unassigned).await?,
            "&unassigned=yes",
        ),
        figure(
            Text::new("初审合格", "Initial check passed"),
            counted(&|t| t.qualification == qualified),
            &format!("&qualification={qualified}"),
        ),
        figure(
            Text::new("已注册", "Registered"),
            counted(&|t| t.registration == accepted),
            &format!("&registration={accepted}"),
        ),
    ]);
    Ok(figures)
}

/// The stages of the hand-over that a post has figures of: they add up to those who were admitted. A post inside a
/// college sees nobody before the last one.
const fn stages(seen: &Visible) -> &'static [HandoverStage] {
    match seen {
        Visible::School => &HandoverStage::ALL,
        Visible::College(_)
        | Visible::Majors(_)
        | Visible::Classes(_)
        | Visible::Own(_)
        | Visible::Nothing => &[HandoverStage::Received],
    }
}

/// Whether a post belongs to an office of the school as a whole.
fn is(desk: &Desk<'_>, office: Office) -> bool {
    desk.actor.office() == office
}

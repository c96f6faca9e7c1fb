//! How far the cohort is, place by place: colleges for the whole school, majors within one college, classes for those
//! who look after classes.

use super::{Desk, of_year};
use crate::Result;
use domain::admission::handover::HandoverStage;
use domain::institution::Visible;
use domain::view::home::{CompletionView, Level};
use domain::view::{same, words};
use std::collections::BTreeMap;
use store::StudentFilter;
use uuid::Uuid;

/// The lines, in the order of the units' codes, and last those without such a place: the sums are those of the figures.
pub(super) async fn completion(desk: &Desk<'_>, seen: &Visible) -> Result<Vec<CompletionView>> {
    let by = Level::of(seen);
    let total = count(desk, seen, by, of_year(desk.year)).await?;
    let handed_over = StudentFilter {
        handed_over: Some(HandoverStage::Received),
        ..of_year(desk.year)
    };
    let handed_over = count(desk, seen, by, handed_over).await?;
    let assigned = StudentFilter {
        assigned: true,
        ..of_year(desk.year)
    };
    let assigned = count(desk, seen, by, assigned).await?;
    let of = |counts: &Counts, unit| counts.get(unit).copied().unwrap_or_default();
    let mut lines: Vec<((bool, String), CompletionView)> = total
        .iter()
        .map(|(unit, total)| {
            let (name, place) = match unit {
                Some(id) => (same(desk.places.named(*unit)), format!("{}={id}", by.key())),
                None => (words(by.without()), format!("without={}", by.key())),
            };
            let line = CompletionView {
                name,
                path: format!("students?year={}&{place}", desk.year),
                total: *total,
                handed_over: of(&handed_over, unit),
                assigned: of(&assigned, unit),
            };
            let order = (unit.is_none(), desk.places.code(*unit).to_owned());
            (order, line)
        })
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// Records by place, and those without one.
type Counts = BTreeMap<Option<Uuid>, u64>;

async fn count(
    desk: &Desk<'_>,
    seen: &Visible,
    by: Level,
    filter: StudentFilter,
) -> Result<Counts> {
    let mut counts = Counts::new();
    for (college, major, class, total) in desk.scope.student_places(seen, &filter).await? {
        let unit = match by {
            Level::College => college,
            Level::Major => major,
            Level::Class => class,
        };
        *counts.entry(unit).or_default() += u64::try_from(total).unwrap_or_default();
    }
    Ok(counts)
}

//! How far the cohort is, place by place: colleges for the whole school, majors within one college, classes for those
//! who look after classes.

use super::{Desk, of_year};
use crate::Result;
use domain::institution::Visible;
use domain::view::home::{CompletionView, Level};
use std::collections::BTreeMap;
use store::StudentFilter;
use uuid::Uuid;

/// The lines, in the order of the units' codes. Records without a place are in none of them.
pub(super) async fn completion(desk: &Desk<'_>, seen: &Visible) -> Result<Vec<CompletionView>> {
    let by = Level::of(seen);
    let total = count(desk, seen, by, of_year(desk.year)).await?;
    let handed_over = StudentFilter {
        handed_over: Some(true),
        ..of_year(desk.year)
    };
    let handed_over = count(desk, seen, by, handed_over).await?;
    let assigned = StudentFilter {
        assigned: true,
        ..of_year(desk.year)
    };
    let assigned = count(desk, seen, by, assigned).await?;
    let of = |counts: &BTreeMap<Uuid, u64>, unit| counts.get(unit).copied().unwrap_or_default();
    let mut lines: Vec<(String, CompletionView)> = total
        .iter()
        .map(|(unit, total)| {
            let line = CompletionView {
                name: desk.places.named(Some(*unit)),
                path: format!("students?year={}&{}={unit}", desk.year, by.key()),
                total: *total,
                handed_over: of(&handed_over, unit),
                assigned: of(&assigned, unit),
            };
            (desk.places.code(Some(*unit)).to_owned(), line)
        })
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

async fn count(
    desk: &Desk<'_>,
    seen: &Visible,
    by: Level,
    filter: StudentFilter,
) -> Result<BTreeMap<Uuid, u64>> {
    let mut counts = BTreeMap::new();
    for (college, major, class, total) in desk.scope.student_places(seen, &filter).await? {
        let unit = match by {
            Level::College => college,
            Level::Major => major,
            Level::Class => class,
        };
        if let Some(unit) = unit {
            *counts.entry(unit).or_default() += u64::try_from(total).unwrap_or_default();
        }
    }
    Ok(counts)
}

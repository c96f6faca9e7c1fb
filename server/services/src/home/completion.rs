//! How far the cohort is, place by place: colleges for the whole school, majors within one college.

use super::{Desk, of_year};
use crate::Result;
use domain::institution::Visible;
use domain::view::home::CompletionView;
use std::collections::BTreeMap;
use store::StudentFilter;
use uuid::Uuid;

/// The lines, in the order of the units' codes. Records without a place are in none of them.
pub(super) async fn completion(desk: &Desk<'_>, seen: &Visible) -> Result<Vec<CompletionView>> {
    let by_college = *seen == Visible::School;
    let total = count(desk, seen, by_college, of_year(desk.year)).await?;
    let handed_over = StudentFilter {
        handed_over: Some(true),
        ..of_year(desk.year)
    };
    let handed_over = count(desk, seen, by_college, handed_over).await?;
    let assigned = StudentFilter {
        assigned: true,
        ..of_year(desk.year)
    };
    let assigned = count(desk, seen, by_college, assigned).await?;
    let of = |counts: &BTreeMap<Uuid, u64>, unit| counts.get(unit).copied().unwrap_or_default();
    let key = if by_college { "college" } else { "major" };
    let mut lines: Vec<(String, CompletionView)> = total
        .iter()
        .map(|(unit, total)| {
            let line = CompletionView {
                name: desk.places.named(Some(*unit)),
                path: format!("students?year={}&{key}={unit}", desk.year),
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
    by_college: bool,
    filter: StudentFilter,
) -> Result<BTreeMap<Uuid, u64>> {
    let mut counts = BTreeMap::new();
    for (college, major, _, total) in desk.scope.student_places(seen, &filter).await? {
        if let Some(unit) = if by_college { college } else { major } {
            *counts.entry(unit).or_default() += u64::try_from(total).unwrap_or_default();
        }
    }
    Ok(counts)
}

//! What would be handed over now, and what blocks it.

use super::{hash_total, list_of};
use crate::students::places::Places;
use crate::students::{admit, cohort_year};
use crate::{Result, Services};
use domain::admission::roster::RosterLine;
use domain::audit::hex;
use domain::institution::{Actor, Visible, policy};
use domain::view::handover::{HandoverKind, HandoverPreview, UnitCount, Unmapped};
use std::collections::BTreeMap;
use store::{AdmittedMajor, Scope, StudentFilter, rows};
use uuid::Uuid;

/// The list that an offer would hold.
pub(super) struct Draft {
    pub(super) kind: HandoverKind,
    pub(super) number: i32,
    /// By candidate number.
    pub(super) members: Vec<rows::Student>,
    /// The same, as it is signed.
    pub(super) lines: Vec<RosterLine>,
    /// Hash total of the whole list.
    pub(super) hash: Vec<u8>,
    pub(super) unmapped: Vec<Unmapped>,
}

impl Draft {
    pub(super) async fn of(scope: &Scope, year: i32, places: &Places) -> Result<Self> {
        let earlier = scope.handovers_of_year(year).await?;
        let number = earlier.iter().map(|h| h.number).max().unwrap_or(0) + 1;
        let members = scope.students_to_hand_over(year).await?;
        let lines = list_of(scope, &members, places).await?;
        let cohort = StudentFilter {
            year: Some(year),
            ..StudentFilter::default()
        };
        let cohort = scope.count_students(&Visible::School, &cohort).await?;
        Ok(Self {
            // What was returned as a whole holds nobody: the cohort is handed over for the first time.
            kind: if members.len() as u64 == cohort {
                HandoverKind::Main
            } else {
                HandoverKind::Supplementary
            },
            number,
            hash: hash_total(year, &lines)?,
            unmapped: unmapped(scope, &members).await?,
            members,
            lines,
        })
    }

    /// Whether it can be offered.
    pub(super) fn is_ready(&self) -> bool {
        !self.members.is_empty() && self.unmapped.is_empty()
    }

    /// The list by college.
    pub(super) fn by_college(&self) -> BTreeMap<Uuid, Vec<RosterLine>> {
        let mut parts: BTreeMap<Uuid, Vec<RosterLine>> = BTreeMap::new();
        for (student, line) in self.members.iter().zip(&self.lines) {
            if let Some(college) = student.college_id {
                parts.entry(college).or_default().push(line.clone());
            }
        }
        parts
    }

    /// Counts per college, major and class.
    pub(super) fn counts(&self, places: &Places) -> Vec<UnitCount> {
        let path = |s: &rows::Student| (vec![s.college_id, s.major_id, s.class_id], 1);
        tree(self.members.iter().map(path), places)
    }
}

/// Admitted majors of students who have no college yet. A broad intake has a college alone: the major comes later.
async fn unmapped(scope: &Scope, members: &[rows::Student]) -> Result<Vec<Unmapped>> {
    let open: Vec<Uuid> = members
        .iter()
        .filter(|s| s.college_id.is_none())
        .map(|s| s.candidate_id)
        .collect();
    let mut majors: BTreeMap<AdmittedMajor, u64> = BTreeMap::new();
    for candidate in scope.candidates_by_id(&open).await?.values() {
        *majors.entry(AdmittedMajor::from(candidate)).or_default() += 1;
    }
    Ok(majors
        .into_iter()
        .map(|(major, students)| Unmapped {
            folder: major.folder,
            admitted_code: major.code,
            name: major.national_name,
            students,
        })
        .collect())
}

impl Services {
    /// What an offer would hold now: counts by college, major and class, the hash total to be confirmed, what blocks it. Of the
    /// newest cohort unless a year is asked for.
    ///
    /// # Errors
    /// [`crate::ServiceError::Refused`] for another office than the one of the step.
    pub async fn handover_preview(
        &self,
        actor: &Actor,
        year: Option<i32>,
    ) -> Result<HandoverPreview> {
        let unit = self.store.read(actor).await?;
        admit::<policy::OfferHandover>(actor, unit.now())?;
        let year = cohort_year(&unit, &Visible::School, year).await?;
        let places = Places::load(&unit).await?;
        let draft = Draft::of(&unit, year, &places).await?;
        let returned = super::view::returned(&unit, actor, &places, year).await?;
        Ok(HandoverPreview {
            year,
            years: unit.student_years(&Visible::School).await?,
            kind: draft.kind,
            number: u32::try_from(draft.number).unwrap_or_default(),
            total: draft.members.len() as u64,
            hash: hex::encode(&draft.hash),
            colleges: draft.counts(&places),
            ready: draft.is_ready(),
            unmapped: draft.unmapped,
            returned,
        })
    }
}

/// A unit, the one below it, and so on.
type Path = Vec<Option<Uuid>>;

/// How many stand at the end of a path.
type Counted = (Path, u64);

/// Counts along paths of units, as a tree by code. Every level adds up to the one above it.
pub(super) fn tree(counts: impl IntoIterator<Item = Counted>, places: &Places) -> Vec<UnitCount> {
    let mut groups: BTreeMap<(String, Option<Uuid>), Vec<Counted>> = BTreeMap::new();
    for (path, count) in counts {
        if let Some((first, rest)) = path.split_first() {
            let key = (places.code(*first).to_owned(), *first);
            groups.entry(key).or_default().push((rest.to_vec(), count));
        }
    }
    groups
        .into_iter()
        .map(|((_, unit), below)| UnitCount {
            unit,
            name: places.name(unit).unwrap_or_default(),
            total: below.iter().map(|(_, count)| count).sum(),
            parts: tree(below, places),
        })
        .collect()
}

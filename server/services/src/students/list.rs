//! The list of students, with totals that add up.

use super::places::Places;
use super::{admit, state};
use crate::{Result, ServiceError, Services};
use domain::codes::Sex;
use domain::decision::Machine;
use domain::institution::{Actor, Visible, policy};
use domain::person::id_number::IdType;
use domain::person::mask;
use domain::text::{Explained, Text};
use domain::view::access::AccessKind;
use domain::view::home::Level;
use domain::view::list::{
    Column, ColumnOption, Facet, ListFilter, ListOptions, ListQuery, ListSort, MAX_PER_PAGE,
    Sensitivity, StudentListView, StudentRow, Total, UnitOption,
};
use domain::view::words;
use std::collections::BTreeMap;
use store::blind::{self, BlindIndex};
use store::{Detail, Scope, StudentFilter, StudentPage, StudentSort, StudentTotals, Subject, rows};
use uuid::Uuid;

/// Look-ups by document number that one person may make in an hour: guessing what a mask hides takes longer.
const FINDS_PER_HOUR: u64 = 30;

/// The filter as the store takes it.
pub(crate) fn store_filter(filter: &ListFilter) -> StudentFilter {
    StudentFilter {
        year: filter.year,
        college: filter.college,
        major: filter.major,
        class: filter.class,
        qualification: filter.qualification.map(|state| state.key().to_owned()),
        registration: filter.registration.map(|state| state.key().to_owned()),
        states: (!filter.standing.is_empty()).then(|| {
            let states = filter.standing.iter().flat_map(|one| one.states());
            states
                .map(|(q, r)| (q.key().to_owned(), r.key().to_owned()))
                .collect()
        }),
        search: filter.search.clone(),
        candidates: None,
        handed_over: filter.handed_over,
        unassigned: filter.unassigned,
        assigned: false,
        without: filter.without,
    }
}

/// The order as the store takes it.
pub(crate) const fn sort_of(sort: ListSort) -> StudentSort {
    match sort {
        ListSort::Number => StudentSort::Number,
        ListSort::Name => StudentSort::Name,
        ListSort::CandidateNumber => StudentSort::CandidateNumber,
        ListSort::Class => StudentSort::Class,
    }
}

impl Services {
    /// A page of the records that the post may see. Everybody on it finds a line in the own access log.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a post that has no student lists.
    pub async fn students(&self, actor: &Actor, query: ListQuery) -> Result<StudentListView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::StudentsPage>(actor, unit.now())?;
        let seen = actor.visible();
        let mut query = query;
        query.per_page = query.per_page.clamp(1, MAX_PER_PAGE);
        let filter = store_filter(&query.filter);
        let total = unit.count_students(&seen, &filter).await?;
        let pages = pages(total, query.per_page);
        query.page = query.page.clamp(1, pages);
        let page = StudentPage {
            sort: sort_of(query.sort),
            descending: query.descending,
            offset: u64::from(query.page - 1) * u64::from(query.per_page),
            limit: u64::from(query.per_page),
        };
        let found = unit.students(&seen, &filter, page).await?;
        let places = Places::load(&unit).await?;
        let rows = found
            .iter()
            .map(|student| row(student, &places))
            .collect::<Result<Vec<_>>>()?;
        let view = StudentListView {
            total,
            pages,
            facets: facets(&unit, &seen, &query.filter).await?,
            options: options(&unit, &seen, &query.filter, &places).await?,
            columns: columns(actor),
            may_export: actor.may::<policy::RequestExport>(),
            rows,
            query,
        };
        drop(unit);
        let shown: Vec<Uuid> = view.rows.iter().map(|row| row.id).collect();
        self.log_reads(actor, &shown, AccessKind::List, LIST_FIELDS, "")
            .await?;
        Ok(view)
    }

    /// The visible record with this document number. An unknown number, a number that is none, and a number of a record
    /// that the post may not see have one answer: `None`. The look-up is logged in each case.
    ///
    /// # Errors
    /// [`ServiceError::TooMany`] after 30 look-ups within an hour.
    pub async fn find_by_document(
        &self,
        actor: &Actor,
        kind: IdType,
        number: &str,
    ) -> Result<Option<Uuid>> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::FindByDocument>(actor, unit.now())?;
        let since = unit.now() - chrono::TimeDelta::hours(1);
        let before = unit
            .count_accesses(actor.person(), AccessKind::Find.key(), since)
            .await?;
        if before >= FINDS_PER_HOUR {
            return Err(ServiceError::TooMany);
        }
        let column = blind::Column::DocumentNumber;
        let index = BlindIndex::of(unit.keys(), column, number)
            .map_err(|error| ServiceError::Store(error.into()))?;
        let mut found = Vec::new();
        if let Some(index) = index {
            found = unit
                .students_by_document(&actor.visible(), index.as_bytes())
                .await?;
        }
        let candidates: Vec<Uuid> = found.iter().map(|student| student.candidate_id).collect();
        let snapshots = unit.candidates_by_id(&candidates).await?;
        let student = found
            .into_iter()
            .map(|student| (student.id, student.candidate_id))
            .find(|(_, candidate)| {
                let snapshot = snapshots.get(candidate);
                snapshot.is_some_and(|c| super::snapshot::id_type(c) == Some(kind))
            });
        let student = student.map(|(id, _)| id);
        let key = AccessKind::Find.key();
        unit.log_access(
            student,
            key,
            "id_number",
            "",
            usize::from(student.is_some()),
        )
        .await?;
        let subject = student.map_or_else(
            || Subject::new("account", actor.seat().account),
            |id| Subject::new("student", id),
        );
        unit.note(&granted, subject, Detail::none());
        unit.commit().await?;
        Ok(student)
    }
}

/// What a list shows of a person, for the access log.
const LIST_FIELDS: &str = "name,student_no,ksh,college,major,class";

fn pages(total: u64, per_page: u32) -> u32 {
    u32::try_from(total.div_ceil(u64::from(per_page)))
        .unwrap_or(u32::MAX)
        .max(1)
}

fn row(student: &rows::Student, places: &Places) -> Result<StudentRow> {
    Ok(StudentRow {
        id: student.id,
        name: student.name.clone(),
        student_no: student.student_no.clone(),
        ksh: mask::candidate_number(&student.ksh),
        sex: Sex::from_code(&student.sex),
        year: student.year,
        college: places.name(student.college_id),
        major: places
            .major_name(student.college_id, student.major_id)
            .map(str::to_owned),
        class: places.name(student.class_id),
        qualification: state(&student.qualification)?,
        status: state(&student.status)?,
        registration: state(&student.registration)?,
        photo: state(&student.photo)?,
        handed_over_on: student.handed_over_on,
    })
}

/// The columns a post may choose.
fn columns(actor: &Actor) -> Vec<ColumnOption> {
    Column::ALL
        .into_iter()
        .filter(|column| column.sensitivity().open_to(actor))
        .map(|column| ColumnOption {
            column,
            label: words(domain::text::Label::label(&column)),
            on_screen: column.on_screen(),
            by_default: column.by_default(),
            sensitivity: column.sensitivity(),
        })
        .filter(|option| {
            option.sensitivity == Sensitivity::Ordinary || actor.may::<policy::RequestExport>()
        })
        .collect()
}

/// Totals of both questions, each under all filters but its own. They come from one count, so they add up.
async fn facets(scope: &Scope, seen: &Visible, filter: &ListFilter) -> Result<Vec<Facet>> {
    let open = StudentFilter {
        qualification: None,
        registration: None,
        ..store_filter(filter)
    };
    let totals = scope.student_totals(seen, &open).await?;
    Ok(vec![
        facet(
            "qualification",
            Text::new("入学资格", "Admission"),
            filter.qualification,
            totals
                .iter()
                .filter(|t| fits(filter.registration, &t.registration))
                .map(|t| (t.qualification.as_str(), t)),
        )?,
        facet(
            "registration",
            Text::new("学信网注册", "Registration on CHSI"),
            filter.registration,
            totals
                .iter()
                .filter(|t| fits(filter.qualification, &t.qualification))
                .map(|t| (t.registration.as_str(), t)),
        )?,
    ])
}

fn fits<M: Machine>(chosen: Option<M>, key: &str) -> bool {
    chosen.is_none_or(|state| state.key() == key)
}

fn facet<'a, M: Machine + Explained>(
    key: &str,
    label: Text,
    selected: Option<M>,
    counted: impl Iterator<Item = (&'a str, &'a StudentTotals)>,
) -> Result<Facet> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, total) in counted {
        *counts.entry(key).or_default() += u64::try_from(total.total).unwrap_or_default();
    }
    let known: u64 = counts.values().sum();
    let totals: Vec<Total> = M::STATES
        .iter()
        .filter_map(|state| {
            let count = counts.get(state.key()).copied().unwrap_or_default();
            (count > 0 || selected == Some(*state)).then(|| Total {
                key: state.key().to_owned(),
                label: words(state.label()),
                tone: state.tone(),
                count,
                selected: selected == Some(*state),
            })
        })
        .collect();
    let all = totals.iter().map(|total| total.count).sum();
    if all != known {
        return Err(ServiceError::Internal(M::NAME));
    }
    Ok(Facet {
        key: key.to_owned(),
        label: words(label),
        all,
        totals,
    })
}

/// Units with visible records of the chosen cohort, and those that are chosen.
async fn options(
    scope: &Scope,
    seen: &Visible,
    filter: &ListFilter,
    places: &Places,
) -> Result<ListOptions> {
    let of_year = StudentFilter {
        year: filter.year,
        ..StudentFilter::default()
    };
    let mut colleges = BTreeMap::new();
    let mut majors = BTreeMap::new();
    let mut classes = BTreeMap::new();
    let mut without = BTreeMap::new();
    for (college, major, class, total) in scope.student_places(seen, &of_year).await? {
        let total = u64::try_from(total).unwrap_or_default();
        for (level, units, unit) in [
            (Level::College, &mut colleges, college),
            (Level::Major, &mut majors, major),
            (Level::Class, &mut classes, class),
        ] {
            match unit {
                Some(unit) => *units.entry(unit).or_insert(0) += total,
                None => *without.entry(level).or_insert(0) += total,
            }
        }
    }
    if let Some(chosen) = filter.without {
        without.entry(chosen).or_insert(0);
    }
    // What is chosen stays to be seen, though none of its records fits the other filters.
    for (units, chosen) in [
        (&mut colleges, filter.college),
        (&mut majors, filter.major),
        (&mut classes, filter.class),
    ] {
        if let Some(chosen) = chosen {
            units.entry(chosen).or_insert(0);
        }
    }
    Ok(ListOptions {
        years: scope.student_years(seen).await?,
        colleges: units(&colleges, places),
        majors: units(&majors, places),
        classes: units(&classes, places),
        without: without.into_iter().collect(),
    })
}

fn units(counts: &BTreeMap<Uuid, u64>, places: &Places) -> Vec<UnitOption> {
    let mut found: Vec<&rows::Unit> = counts.keys().filter_map(|id| places.get(*id)).collect();
    found.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
    found
        .into_iter()
        .map(|unit| UnitOption {
            id: unit.id,
            name: unit.name.clone(),
            parent: unit.parent_id,
            count: counts.get(&unit.id).copied().unwrap_or_default(),
        })
        .collect()
}

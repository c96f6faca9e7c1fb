//! From the admitted major to college and major of the school: what blocks a hand-over until somebody has decided.

use crate::admission::refused;
use crate::students::admit;
use crate::students::places::{COLLEGE, MAJOR, Places};
use crate::{Result, ServiceError, Services};
use chrono::NaiveDate;
use domain::admission::majors::{SchoolMajor, is_broad, suggest, suggest_college};
use domain::codes::Major;
use domain::decision::Reason;
use domain::institution::{Actor, Visible, policy};
use domain::text::Text;
use domain::view::majors::{MajorLine, MajorMapView, MajorOption};
use domain::view::words;
use std::collections::HashMap;
use store::{AdmittedMajor, Detail, Subject, rows};
use uuid::Uuid;

/// What a decision does.
const NOTE: Text = Text::new(
    "确定后，该录取专业待移交、未编班的学生即归入所选专业和学院；已移交待接收和已接收的学生不受影响。",
    "A decision places the students of this admitted major who are neither handed over nor in a class; others stay as they are.",
);

impl Services {
    /// The mapping of a year, with what the national code suggests; lines without a decision first.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for another office than the one of the step.
    pub async fn major_map_view(&self, actor: &Actor, year: i32) -> Result<MajorMapView> {
        let unit = self.store.read(actor).await?;
        admit::<policy::MajorsPage>(actor, unit.now())?;
        let places = Places::load(&unit).await?;
        let today = unit.today();
        let majors: Vec<&rows::Unit> = places
            .of_kind(MAJOR)
            .into_iter()
            .filter(|m| m.valid_to.is_none_or(|end| end >= today))
            .collect();
        let school: Vec<SchoolMajor> = majors.iter().map(|m| school_major(m)).collect();
        let counts = unit.admitted_majors(year).await?;
        let maps = unit.major_maps(year).await?;
        let decided = Decided::of(&unit.major_maps(year.saturating_sub(1)).await?, &maps);
        let people: Vec<Uuid> = maps.iter().filter_map(|map| map.set_by).collect();
        let names = unit.person_names(&people).await?;
        let mut lines: Vec<MajorLine> = maps
            .into_iter()
            .map(|map| {
                line(
                    map,
                    &counts,
                    &Hints {
                        school: &school,
                        decided: &decided,
                    },
                    &places,
                    &names,
                )
            })
            // What an undone import has left behind asks nothing of anybody.
            .filter(|line| line.students > 0 || line.major.is_some())
            .collect();
        // A stable sort: inside each half the order of the folders stays.
        lines.sort_by_key(|line| line.major.is_some());
        let open = lines.iter().filter(|line| line.major.is_none());
        Ok(MajorMapView {
            year,
            years: unit.student_years(&Visible::School).await?,
            unmapped: open.clone().count() as u64,
            suggested: open
                .clone()
                .filter(|line| line.suggestion.is_some())
                .count() as u64,
            blocked_students: open.map(|line| line.students).sum(),
            majors: choices(&majors, &places, today),
            note: words(NOTE),
            lines,
        })
    }

    /// Decides one line: its students who are neither handed over nor in a class are placed. Answers how many. For a
    /// broad intake (大类招生) a college may be chosen instead of a major: the students choose their majors later, and
    /// stand in classes of the college until then.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a unit that is neither a major of a college today nor a college;
    /// [`ServiceError::Store`] with `Stale` when a record was placed otherwise at the same time.
    pub async fn map_major(
        &self,
        actor: &Actor,
        map: Uuid,
        major: Uuid,
        broad: bool,
    ) -> Result<u64> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::MapMajor>(actor, unit.now())?;
        let year = unit.major_map(map).await?.year;
        unit.hold_cohort(year).await?;
        let line = unit.major_map(map).await?;
        let (college, major) = place_of(&unit.units().await?, major)?;
        let broad = broad || major.is_none();
        let students = unit.students_to_place(&line).await?;
        unit.set_major(map, college, major, broad).await?;
        unit.place_by_major(&students, line.major_id, college, major)
            .await?;
        let placed = students.len() as u64;
        let before = place_text(line.college_id, line.major_id);
        let after = place_text(Some(college), major);
        let moved = students
            .into_iter()
            .map(|id| (id, before.clone(), after.clone()));
        unit.note(
            &granted,
            Subject::new("major_map", map),
            Detail::text(placed.to_string()).over_values("student", moved),
        );
        unit.commit().await?;
        Ok(placed)
    }
}

impl Services {
    /// Follows every suggestion for the admitted majors of a year that nobody has decided yet, in one transaction.
    /// `lines` is how many there were when they were looked at. Answers how many students were placed.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when the lines are other ones by now, or there is nothing to follow.
    pub async fn map_suggested(&self, actor: &Actor, year: i32, lines: u64) -> Result<u64> {
        let view = self.major_map_view(actor, year).await?;
        let follow: Vec<&MajorLine> = view
            .lines
            .iter()
            .filter(|line| line.major.is_none() && line.suggestion.is_some())
            .collect();
        if follow.is_empty() {
            return Err(refused(Reason::Incomplete));
        }
        if follow.len() as u64 != lines {
            return Err(refused(Reason::Stale));
        }
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::MapSuggested>(actor, unit.now())?;
        unit.hold_cohort(year).await?;
        let units = unit.units().await?;
        let mut placed = Vec::new();
        for line in follow {
            let Some(target) = line.suggestion.as_ref().map(|major| major.id) else {
                continue;
            };
            let map = unit.major_map(line.id).await?;
            if map.college_id.is_some() {
                return Err(refused(Reason::Stale));
            }
            let (college, major) = place_of(&units, target)?;
            let broad = line.broad || major.is_none();
            let students = unit.students_to_place(&map).await?;
            unit.set_major(map.id, college, major, broad).await?;
            unit.place_by_major(&students, None, college, major).await?;
            let before = place_text(map.college_id, map.major_id);
            let after = place_text(Some(college), major);
            let moved = students.into_iter();
            placed.extend(moved.map(|id| (id, before.clone(), after.clone())));
        }
        let count = placed.len() as u64;
        unit.note(
            &granted,
            Subject::new("major_map", unit.id()),
            Detail::text(format!("{year} {lines} {count}")).over_values("student", placed),
        );
        unit.commit().await?;
        Ok(count)
    }
}

/// College and major that a decision names: a major of the school, or for a broad intake a college alone.
fn place_of(units: &[rows::Unit], target: Uuid) -> Result<(Uuid, Option<Uuid>)> {
    let find = |id: Uuid, kind: &str| units.iter().find(|u| u.id == id && u.kind == kind);
    let unknown = ServiceError::Invalid {
        field: "major",
        code: "unknown_major",
    };
    if let Some(college) = find(target, COLLEGE) {
        return Ok((college.id, None));
    }
    find(target, MAJOR)
        .and_then(|major| find(major.parent_id?, COLLEGE))
        .map(|college| (college.id, Some(target)))
        .ok_or(unknown)
}

/// What was decided for a national code and name, only where all decisions agree: in this year, for a folder that came
/// before, else a year before.
struct Decided(HashMap<(String, String), Option<(Uuid, bool)>>);

impl Decided {
    fn of(before: &[rows::MajorMap], now: &[rows::MajorMap]) -> Self {
        let mut decided = Self::in_year(before);
        decided.extend(Self::in_year(now));
        Self(decided)
    }

    fn in_year(maps: &[rows::MajorMap]) -> HashMap<(String, String), Option<(Uuid, bool)>> {
        let mut decided: HashMap<(String, String), Option<(Uuid, bool)>> = HashMap::new();
        for map in maps {
            let Some(target) = map.major_id.or(map.college_id) else {
                continue;
            };
            let key = (map.national_code.clone(), map.national_name.clone());
            let own = Some((target, map.broad));
            decided
                .entry(key)
                .and_modify(|before| *before = before.filter(|_| *before == own))
                .or_insert(own);
        }
        decided
    }

    fn for_line(&self, map: &rows::MajorMap) -> Option<(Uuid, bool)> {
        let key = (map.national_code.clone(), map.national_name.clone());
        self.0.get(&key).copied().flatten()
    }
}

/// What suggestions are made from: the majors of the school today, and the decisions before.
struct Hints<'a> {
    school: &'a [SchoolMajor],
    decided: &'a Decided,
}

impl Hints<'_> {
    /// What somebody decided before goes before what the code suggests, as long as the major is still there.
    fn suggest(&self, map: &rows::MajorMap) -> Option<(Uuid, bool)> {
        let still_there = |(id, _): &(Uuid, bool)| {
            let there = |major: &SchoolMajor| major.id == *id || major.college == Some(*id);
            self.school.iter().any(there)
        };
        self.decided.for_line(map).filter(still_there).or_else(|| {
            let (code, name) = (&map.national_code, &map.national_name);
            let broad = is_broad(name);
            let college = || suggest_college(code, name, self.school).filter(|_| broad);
            let found = suggest(code, name, self.school).or_else(college);
            found.map(|id| (id, broad))
        })
    }
}

/// Where a decision places a record, as the audit chain binds it.
fn place_text(college: Option<Uuid>, major: Option<Uuid>) -> String {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    format!("college={};major={}", text(college), text(major))
}

fn school_major(unit: &rows::Unit) -> SchoolMajor {
    SchoolMajor {
        id: unit.id,
        college: unit.parent_id,
        class: unit
            .national_code
            .as_deref()
            .and_then(Major::class_of)
            .map(str::to_owned),
        national_code: unit.national_code.clone(),
        name: unit.name.clone(),
    }
}

/// The majors, then the colleges for broad intakes.
fn choices(majors: &[&rows::Unit], places: &Places, today: NaiveDate) -> Vec<MajorOption> {
    let colleges = places.of_kind(COLLEGE);
    let open = |unit: &&rows::Unit| unit.valid_to.is_none_or(|end| end >= today);
    majors
        .iter()
        .copied()
        .chain(colleges.into_iter().filter(open))
        .map(|unit| option(unit, places))
        .collect()
}

fn option(unit: &rows::Unit, places: &Places) -> MajorOption {
    let broad = unit.kind == COLLEGE;
    MajorOption {
        id: unit.id,
        name: if broad {
            unit.name.clone()
        } else {
            format!("{} / {}", places.named(unit.parent_id), unit.name)
        },
        national_code: unit.national_code.clone(),
        broad,
    }
}

fn line(
    map: rows::MajorMap,
    counts: &HashMap<AdmittedMajor, i64>,
    hints: &Hints<'_>,
    places: &Places,
    names: &HashMap<Uuid, String>,
) -> MajorLine {
    let students = counts.get(&AdmittedMajor::from(&map)).copied();
    let students = students.unwrap_or_default();
    let suggested = hints.suggest(&map);
    let suggested_broad =
        suggested.map_or_else(|| is_broad(&map.national_name), |(_, broad)| broad);
    let unit = |id: Option<Uuid>| id.and_then(|id| places.get(id)).map(|u| option(u, places));
    MajorLine {
        id: map.id,
        folder: map.folder,
        admitted_code: map.admitted_code,
        students: u64::try_from(students).unwrap_or_default(),
        major: unit(map.major_id.or(map.college_id)),
        suggestion: unit(suggested.map(|(id, _)| id)),
        broad: map.broad || (map.college_id.is_none() && suggested_broad),
        national_code: map.national_code,
        national_name: map.national_name,
        set_by: map.set_by.and_then(|id| names.get(&id).cloned()),
    }
}

//! From the admitted major to college and major of the school: what blocks a hand-over until somebody has decided.

use crate::students::admit;
use crate::students::places::{COLLEGE, MAJOR, Places};
use crate::{Result, ServiceError, Services};
use domain::admission::majors::{SchoolMajor, is_broad, suggest};
use domain::institution::{Actor, Visible, policy};
use domain::text::Text;
use domain::view::majors::{MajorLine, MajorMapView, MajorOption};
use domain::view::words;
use std::collections::HashMap;
use store::{Detail, Subject, rows};
use uuid::Uuid;

/// What a decision does.
const NOTE: Text = Text::new(
    "确定后，该录取专业尚未移交、未编班的学生即归入所选专业和学院；已移交的学生不受影响。",
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
        let people: Vec<Uuid> = maps.iter().filter_map(|map| map.set_by).collect();
        let names = unit.person_names(&people).await?;
        let mut lines: Vec<MajorLine> = maps
            .into_iter()
            .map(|map| line(map, &counts, &school, &places, &names))
            .collect();
        // A stable sort: inside each half the order of the folders stays.
        lines.sort_by_key(|line| line.major.is_some());
        let open = lines.iter().filter(|line| line.major.is_none());
        Ok(MajorMapView {
            year,
            years: unit.student_years(&Visible::School).await?,
            unmapped: open.clone().count() as u64,
            blocked_students: open.map(|line| line.students).sum(),
            majors: majors.iter().map(|m| option(m, &places)).collect(),
            note: words(NOTE),
            lines,
        })
    }

    /// Decides one line: its students who are neither handed over nor in a class are placed. Answers how many.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for a unit that is no major of a college today; [`ServiceError::Store`] with `Stale`
    /// when a record was placed otherwise at the same time.
    pub async fn map_major(
        &self,
        actor: &Actor,
        map: Uuid,
        major: Uuid,
        broad: bool,
    ) -> Result<u64> {
        let mut unit = self.store.begin(actor).await?;
        let granted = admit::<policy::MapMajor>(actor, unit.now())?;
        let line = unit.major_map(map).await?;
        let invalid = ServiceError::Invalid {
            field: "major",
            code: "unknown",
        };
        let units = unit.units().await?;
        let find = |id: Uuid, kind: &str| units.iter().find(|u| u.id == id && u.kind == kind);
        let college = find(major, MAJOR)
            .and_then(|major| find(major.parent_id?, COLLEGE))
            .map(|college| college.id);
        let Some(college) = college else {
            return Err(invalid);
        };
        let students = unit.students_to_place(&line).await?;
        unit.set_major(map, major, broad).await?;
        unit.place_by_major(&students, line.major_id, college, major)
            .await?;
        let placed = students.len() as u64;
        unit.note(
            &granted,
            Subject::new("major_map", map),
            Detail::text(placed.to_string()).over("student", students),
        );
        unit.commit().await?;
        Ok(placed)
    }
}

fn school_major(unit: &rows::Unit) -> SchoolMajor {
    SchoolMajor {
        id: unit.id,
        national_code: unit.national_code.clone(),
        name: unit.name.clone(),
    }
}

fn option(unit: &rows::Unit, places: &Places) -> MajorOption {
    MajorOption {
        id: unit.id,
        name: format!("{} / {}", places.named(unit.parent_id), unit.name),
        national_code: unit.national_code.clone(),
    }
}

fn line(
    map: rows::MajorMap,
    counts: &HashMap<(String, String), i64>,
    school: &[SchoolMajor],
    places: &Places,
    names: &HashMap<Uuid, String>,
) -> MajorLine {
    let key = (map.folder, map.admitted_code);
    let students = counts.get(&key).copied().unwrap_or_default();
    let (folder, admitted_code) = key;
    let unit = |id: Option<Uuid>| id.and_then(|id| places.get(id)).map(|u| option(u, places));
    MajorLine {
        id: map.id,
        folder,
        admitted_code,
        students: u64::try_from(students).unwrap_or_default(),
        major: unit(map.major_id),
        suggestion: unit(suggest(&map.national_code, &map.national_name, school)),
        broad: map.broad || (map.major_id.is_none() && is_broad(&map.national_name)),
        national_code: map.national_code,
        national_name: map.national_name,
        set_by: map.set_by.and_then(|id| names.get(&id).cloned()),
    }
}

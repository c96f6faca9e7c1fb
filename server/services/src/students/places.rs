//! The names of places: which college, major and class a record stands in.

use crate::Result;
use domain::institution::{Actor, PersonalScope};
use std::collections::HashMap;
use store::{Scope, rows};
use uuid::Uuid;

/// Kinds of units that records stand in.
pub(crate) const COLLEGE: &str = "college";
/// A major of the school.
pub(crate) const MAJOR: &str = "major";
/// A class (行政班).
pub(crate) const CLASS: &str = "class";

/// What stands for the major of a broad intake: like the names of majors, in the language of the school.
const BROAD: &str = "大类招生（专业待定）";

/// Units of a university, past ones included.
pub(crate) struct Places {
    units: HashMap<Uuid, rows::Unit>,
}

impl Places {
    /// Loads every unit.
    pub(crate) async fn load(scope: &Scope) -> Result<Self> {
        Ok(Self::among(scope.units_ever().await?))
    }

    /// Loads the units of one record: a page that shows no others need not read a thousand classes.
    pub(crate) async fn of(scope: &Scope, student: &rows::Student) -> Result<Self> {
        let ids = [student.college_id, student.major_id, student.class_id];
        let ids: Vec<Uuid> = ids.into_iter().flatten().collect();
        Ok(Self::among(scope.units_by_id(&ids).await?))
    }

    fn among(units: Vec<rows::Unit>) -> Self {
        Self {
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
        }
    }

    /// One unit.
    pub(crate) fn get(&self, id: Uuid) -> Option<&rows::Unit> {
        self.units.get(&id)
    }

    /// The name of a unit.
    pub(crate) fn name(&self, id: Option<Uuid>) -> Option<String> {
        self.name_of(id).map(str::to_owned)
    }

    /// The name of a unit, where it stands.
    pub(crate) fn name_of(&self, id: Option<Uuid>) -> Option<&str> {
        self.units.get(&id?).map(|unit| unit.name.as_str())
    }

    /// 学制 of a major of the school, in years, where the organisation list has it.
    pub(crate) fn duration(&self, id: Option<Uuid>) -> Option<String> {
        self.units.get(&id?)?.duration.clone()
    }

    /// The name of a unit, or a dash where a record has none.
    pub(crate) fn named(&self, id: Option<Uuid>) -> String {
        self.name(id).unwrap_or_else(|| "—".to_owned())
    }

    /// The code of a unit; empty where a record has none.
    pub(crate) fn code(&self, id: Option<Uuid>) -> &str {
        id.and_then(|id| self.units.get(&id))
            .map_or("", |unit| unit.code.as_str())
    }

    /// Units of a kind, by code.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&rows::Unit> {
        let mut units: Vec<&rows::Unit> = self.units.values().filter(|u| u.kind == kind).collect();
        units.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
        units
    }

    /// The name of a record's major; a broad intake has none before its students choose.
    pub(crate) fn major_name(&self, college: Option<Uuid>, major: Option<Uuid>) -> Option<&str> {
        let broad = college.is_some() && major.is_none();
        self.name_of(major).or(broad.then_some(BROAD))
    }

    /// The major of a class; a class of a broad intake (大类) stands under the college and has none.
    pub(crate) fn major_of(&self, class: &rows::Unit) -> Option<Uuid> {
        let above = self.units.get(&class.parent_id?)?;
        (above.kind == MAJOR).then_some(above.id)
    }

    /// The college a unit lies in: itself, or the nearest one above.
    pub(crate) fn college_of(&self, id: Uuid) -> Option<Uuid> {
        let mut at = self.units.get(&id)?;
        // A tree of four levels; the bound only keeps a damaged one from turning for ever.
        for _ in 0..8 {
            if at.kind == COLLEGE {
                return Some(at.id);
            }
            at = self.units.get(&at.parent_id?)?;
        }
        None
    }

    /// Which part of a hand-over a post has to do with.
    pub(crate) fn part_of(&self, actor: &Actor) -> Part {
        match &actor.seat().scope {
            PersonalScope::School => Part::Whole,
            PersonalScope::College(college) | PersonalScope::Classes { college, .. } => {
                Part::College(*college)
            }
            PersonalScope::Majors(majors) => majors
                .iter()
                .find_map(|major| self.college_of(*major))
                .map_or(Part::None, Part::College),
            PersonalScope::Own(_) => Part::None,
        }
    }
}

/// Which part of a hand-over a post sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// One college's part.
    College(Uuid),
    /// Nothing.
    None,
}

impl Part {
    /// The college to which counts are limited, if they are.
    pub(crate) const fn college(self) -> Option<Uuid> {
        match self {
            Self::College(college) => Some(college),
            Self::Whole | Self::None => None,
        }
    }
}

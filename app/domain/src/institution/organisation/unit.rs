//! Units: colleges, majors, classes and offices.

mod check;
mod read;

pub use check::check_units;
pub(super) use read::{date_form, phone_form, plain_code};

use super::finding::OrganisationFinding;
use super::layout::PlatformLayout;
use crate::text::{Label, Text};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Kind of a unit, parents before children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 部门
    Office,
    /// 学院
    College,
    /// 专业
    Major,
    /// 班级
    Class,
}

impl UnitKind {
    /// Every kind, parents before children.
    pub const ALL: [Self; 4] = [Self::Office, Self::College, Self::Major, Self::Class];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::College => "college",
            Self::Major => "major",
            Self::Class => "class",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// The kinds a parent may be of, the usual one first; none for what stands at the top.
    pub(super) const fn parents(self) -> &'static [Self] {
        match self {
            Self::Office | Self::College => &[],
            Self::Major => &[Self::College],
            // Classes of a broad intake (大类) stand under the college.
            Self::Class => &[Self::Major, Self::College],
        }
    }
}

impl Label for UnitKind {
    fn label(&self) -> Text {
        match self {
            Self::Office => Text::new("部门", "Office"),
            Self::College => Text::new("学院", "College"),
            Self::Major => Text::new("专业", "Major"),
            Self::Class => Text::new("班级", "Class"),
        }
    }
}

/// What is said about a unit beside its name and place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// National code of a major.
    pub national_code: Option<String>,
    /// Year of the catalogue that the national code is of.
    pub catalogue_year: Option<i32>,
    /// Years of study, as text: `4`, `2.5`.
    pub duration: Option<String>,
    /// Intake of a class.
    pub grade: Option<i32>,
    /// Telephone.
    pub phone: Option<String>,
    /// Short names on the platforms.
    pub short_names: BTreeMap<PlatformLayout, String>,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A unit that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUnit {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: UnitKind,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit above.
    pub parent: Option<Uuid>,
    /// First day.
    pub valid_from: NaiveDate,
    /// The rest.
    pub facts: UnitFacts,
}

/// The unit above a planned one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Stands at the top.
    None,
    /// There already.
    Known(Uuid),
    /// In the same file: its place in the plan, which is before the child's.
    Planned(usize),
}

/// A unit to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedUnit {
    /// Row of the file.
    pub row: u32,
    /// Kind.
    pub kind: UnitKind,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The unit above.
    pub parent: Parent,
    /// The rest.
    pub facts: UnitFacts,
    /// First day.
    pub valid_from: NaiveDate,
}

/// A unit that is there and is to be changed. Its id stays, and with it whatever stands on it; what it was is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitChange {
    /// Row of the file.
    pub row: u32,
    /// The unit.
    pub unit: Uuid,
    /// From when it is otherwise.
    pub on: NaiveDate,
    /// The name from then on.
    pub name: String,
    /// The rest from then on.
    pub facts: UnitFacts,
}

/// What the national catalogue of majors says about a code. The catalogue is on the host only, so it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueAnswer {
    /// No code of a major.
    NoCode,
    /// In the catalogue of that year.
    Listed,
    /// Not in it.
    NotListed,
    /// No catalogue of that year is known; one of another year has the code, perhaps under its former number.
    NoCatalogue,
    /// No catalogue of that year is known, and none that is has the code.
    ListedNowhere,
}

/// What a file of units comes to: good rows as a plan, parents before children; and everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitPlan {
    /// Units to be made.
    pub units: Vec<PlannedUnit>,
    /// Units to be changed.
    pub changes: Vec<UnitChange>,
    /// Findings, in order of the rows.
    pub findings: Vec<OrganisationFinding>,
}

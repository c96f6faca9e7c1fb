//! Organisation files: units and staff as a school brings them, checked row by row before anything is written.
//!
//! The checks are pure: rows and what is known in, findings and a plan out. The same check runs when the file is shown
//! and when it is confirmed.

mod administrator;
mod finding;
mod heading;
mod layout;
mod named;
mod staff;
mod unit;

pub use administrator::administered_until;
pub use finding::{Issue, OrganisationFinding};
pub use heading::{Heading, HeadingError, STAFF_HEADINGS, TELEPHONE, UNIT_HEADINGS};
pub use layout::PlatformLayout;
pub use named::{Unfound, find_unit};
pub use staff::{
    HeldPost, KnownAccount, KnownPost, PersonChange, PlannedPost, PlannedStaff, StaffPlan,
    check_staff, logins_of, staff_login,
};
pub use unit::{
    CatalogueAnswer, KnownUnit, Parent, PlannedUnit, UnitChange, UnitFacts, UnitKind, UnitPlan,
    check_units,
};

use serde::{Deserialize, Serialize};

/// What an organisation file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationFile {
    /// Colleges, majors, classes, offices.
    Units,
    /// Staff with their posts.
    Staff,
}

impl OrganisationFile {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Units, Self::Staff];

    /// Stable name: purpose of an import, name of a template.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Staff => "staff",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }

    /// Its columns, in the order of the template.
    pub const fn headings(self) -> &'static [Heading] {
        match self {
            Self::Units => &UNIT_HEADINGS,
            Self::Staff => &STAFF_HEADINGS,
        }
    }
}

impl crate::text::Label for OrganisationFile {
    fn label(&self) -> crate::text::Text {
        match self {
            Self::Units => crate::text::Text::new("组织机构", "Units"),
            Self::Staff => crate::text::Text::new("教职工", "Staff"),
        }
    }
}

/// One row of a file: cells in the order of [`OrganisationFile::headings`], empty where the file has no such column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationRow {
    /// Row as a person sees it at the left edge of the file, from 1.
    pub row: u32,
    /// Cells.
    pub cells: Vec<String>,
}

impl OrganisationRow {
    /// A cell without the space around it; empty when there is none.
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |c| c.trim())
    }
}

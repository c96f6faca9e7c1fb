//! Lists of students: what is asked for, in the address, and what is shown.

mod column;

pub use column::{Column, Sensitivity};

use super::Words;
use super::home::Level;
use crate::admission::funnel::Standing;
use crate::admission::handover::HandoverStage;
use crate::admission::qualification::Qualification;
use crate::codes::Sex;
use crate::decision::Machine;
use crate::person::mask::Masked;
use crate::photo::PhotoState;
use crate::registration::PlatformAnswer;
use crate::status::StudentStatus;
use crate::text::Tone;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most rows of a page.
pub const MAX_PER_PAGE: u32 = 500;
/// Rows of a page unless asked otherwise.
pub const PER_PAGE: u32 = 50;
/// Longest text to search for, in characters.
const LONGEST_SEARCH: usize = 50;
/// What a form posts where records without a place are wanted.
pub const NO_PLACE: &str = "none";

/// Order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSort {
    /// By student number; records without one come last.
    #[default]
    Number,
    /// By name in pinyin.
    Name,
    /// By candidate number.
    CandidateNumber,
    /// By class; records without one come last.
    Class,
}

impl ListSort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Number, Self::Name, Self::CandidateNumber, Self::Class];

    /// Stable name in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Name => "name",
            Self::CandidateNumber => "ksh",
            Self::Class => "class",
        }
    }

    /// The order with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == key)
    }
}

/// Which records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFilter {
    /// Cohort.
    pub year: Option<i32>,
    /// One college.
    pub college: Option<Uuid>,
    /// One major.
    pub major: Option<Uuid>,
    /// One class.
    pub class: Option<Uuid>,
    /// State of the admission qualification.
    pub qualification: Option<Qualification>,
    /// State of the platform's answer.
    pub registration: Option<PlatformAnswer>,
    /// Where the records stand in the funnel of their cohort: one of these, or anywhere.
    pub standing: Vec<Standing>,
    /// Name, pinyin, initials, student number, candidate number, or last digits.
    pub search: Option<String>,
    /// How far the hand-over has come.
    pub handed_over: Option<HandoverStage>,
    /// Without class or student number.
    pub unassigned: bool,
    /// Without a place of this level.
    #[serde(default)]
    pub without: Option<Level>,
}

/// What is asked for. It stands in the address of the page, so nothing in it is an ID number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Which records.
    pub filter: ListFilter,
    /// Order.
    pub sort: ListSort,
    /// Last first.
    pub descending: bool,
    /// Page, from 1.
    pub page: u32,
    /// Rows of a page, 1 to [`MAX_PER_PAGE`].
    pub per_page: u32,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: ListFilter::default(),
            sort: ListSort::default(),
            descending: false,
            page: 1,
            per_page: PER_PAGE,
        }
    }
}

impl ListQuery {
    /// Reads the pairs of an address. What is not understood is left out; sizes are cut to their bounds.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (key, value) in pairs {
            query.take(key, value.trim());
        }
        query
    }

    fn take(&mut self, key: &str, value: &str) {
        let filter = &mut self.filter;
        match key {
            "year" => filter.year = value.parse().ok(),
            // A form chooses it among the places.
            "college" | "major" | "class" if value == NO_PLACE => {
                filter.without = Level::from_key(key);
            }
            "without" => filter.without = Level::from_key(value),
            "college" => filter.college = value.parse().ok(),
            "major" => filter.major = value.parse().ok(),
            "class" => filter.class = value.parse().ok(),
            "qualification" => filter.qualification = Qualification::from_key(value),
            "registration" => filter.registration = PlatformAnswer::from_key(value),
            "standing" => {
                filter.standing = value.split(',').filter_map(Standing::from_key).collect();
            }
            "q" => {
                let text: String = value.chars().take(LONGEST_SEARCH).collect();
                filter.search = Some(text).filter(|text| !text.is_empty());
            }
            "handed_over" => filter.handed_over = HandoverStage::from_key(value),
            "unassigned" => filter.unassigned = value == "yes",
            "sort" => self.sort = ListSort::from_key(value).unwrap_or_default(),
            "order" => self.descending = value == "desc",
            "page" => self.page = value.parse().unwrap_or(1).max(1),
            "per_page" => {
                self.per_page = value.parse().unwrap_or(PER_PAGE).clamp(1, MAX_PER_PAGE);
            }
            _ => {}
        }
    }

    /// The pairs of the address, without what is as usual. [`ListQuery::from_pairs`] reads them back.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let filter = &self.filter;
        let usual = Self::default();
        let pairs = [
            ("year", filter.year.map(|v| v.to_string())),
            ("college", filter.college.map(|v| v.to_string())),
            ("major", filter.major.map(|v| v.to_string())),
            ("class", filter.class.map(|v| v.to_string())),
            (
                "qualification",
                filter.qualification.map(|v| v.key().to_owned()),
            ),
            (
                "registration",
                filter.registration.map(|v| v.key().to_owned()),
            ),
            (
                "standing",
                (!filter.standing.is_empty()).then(|| {
                    let keys: Vec<&str> = filter.standing.iter().map(|v| v.key()).collect();
                    keys.join(",")
                }),
            ),
            ("q", filter.search.clone()),
            (
                "handed_over",
                filter.handed_over.map(|stage| stage.key().to_owned()),
            ),
            ("unassigned", filter.unassigned.then(|| "yes".to_owned())),
            ("without", filter.without.map(|v| v.key().to_owned())),
            (
                "sort",
                (self.sort != usual.sort).then(|| self.sort.key().to_owned()),
            ),
            ("order", self.descending.then(|| "desc".to_owned())),
            (
                "page",
                (self.page != usual.page).then(|| self.page.to_string()),
            ),
            (
                "per_page",
                (self.per_page != usual.per_page).then(|| self.per_page.to_string()),
            ),
        ];
        pairs
            .into_iter()
            .filter_map(|(key, value)| value.map(|value| (key, value)))
            .collect()
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentRow {
    /// The record, for its link.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Student number.
    pub student_no: Option<String>,
    /// Candidate number, hidden in the middle.
    pub ksh: Masked,
    /// Sex.
    pub sex: Option<Sex>,
    /// Cohort.
    pub year: i32,
    /// College.
    pub college: Option<String>,
    /// Major.
    pub major: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// 入学资格
    pub qualification: Qualification,
    /// 学籍状态
    pub status: StudentStatus,
    /// The platform's answer.
    pub registration: PlatformAnswer,
    /// Photo.
    pub photo: PhotoState,
    /// Received by Student Affairs and college.
    pub handed_over_on: Option<NaiveDate>,
}

/// One clickable total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Value of the filter.
    pub key: String,
    /// Its word.
    pub label: Words,
    /// Its colour.
    pub tone: Tone,
    /// Records in this state under all other filters.
    pub count: u64,
    /// Whether the list shows these only.
    pub selected: bool,
}

/// Totals of one question. The counts add up to `all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// Name of the filter in the address.
    pub key: String,
    /// The question.
    pub label: Words,
    /// Records under all other filters.
    pub all: u64,
    /// States that occur, in the order of the machine.
    pub totals: Vec<Total>,
}

/// A unit to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitOption {
    /// The unit.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The unit above it.
    pub parent: Option<Uuid>,
    /// Visible records in it.
    pub count: u64,
}

/// What the filters offer: units with visible records, and those that are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListOptions {
    /// Cohorts, newest first.
    pub years: Vec<i32>,
    /// Colleges.
    pub colleges: Vec<UnitOption>,
    /// Majors.
    pub majors: Vec<UnitOption>,
    /// Classes.
    pub classes: Vec<UnitOption>,
    /// Records without a place, by level; levels at which every record has one are left out.
    pub without: Vec<(Level, u64)>,
}

/// A column to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnOption {
    /// The column.
    pub column: Column,
    /// Its heading.
    pub label: Words,
    /// Whether a list can show it.
    pub on_screen: bool,
    /// Whether it is shown unless chosen otherwise.
    pub by_default: bool,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
}

/// A list of students.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentListView {
    /// What was asked for, within its bounds.
    pub query: ListQuery,
    /// Records that fit.
    pub total: u64,
    /// Pages.
    pub pages: u32,
    /// Clickable totals.
    pub facets: Vec<Facet>,
    /// The rows of the page.
    pub rows: Vec<StudentRow>,
    /// What the filters offer.
    pub options: ListOptions,
    /// Columns this post may choose for the list and for an export.
    pub columns: Vec<ColumnOption>,
    /// Whether the post may export at all.
    pub may_export: bool,
}

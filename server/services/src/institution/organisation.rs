//! Import of units and staff: upload → look → confirm, undo. Small files, checked at once; the same check runs again
//! when they are confirmed, against what is there then.

mod change;
mod confirm;
mod result;
mod undo;
mod upload;
mod view;

pub use upload::OrganisationUpload;
pub use view::{
    ApprovedName, OrganisationImport, OrganisationPreview, PreviewFinding, PreviewRow, StaffMember,
    StaffPost, Standing, UnitView,
};

use super::post::read_post;
use crate::oversight::bound::{PERSON, POST, Record, UNIT};
use crate::sealed_file::sha256;
use crate::{Result, ServiceError};
use domain::admission::import::ImportState;
use domain::audit::hex;
use domain::codes::{Major, is_major_code};
use domain::decision::{Machine as _, Read};
use domain::institution::organisation::{
    CatalogueAnswer, HeldPost, KnownAccount, KnownPost, KnownUnit, OrganisationFile,
    OrganisationFinding, OrganisationRow, PlatformLayout, StaffPlan, UnitFacts, UnitKind, UnitPlan,
    check_staff, check_units, logins_of,
};
use domain::text::{Label, Text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::keys::Purpose;
use store::seal::{Place, Sealed, open, seal};
use store::{Scope, StoreError, rows};
use uuid::Uuid;

/// Most rows of one file.
const MOST_ROWS: u64 = 20_000;

/// What a file came to, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationCounts {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that make something.
    pub good: usize,
    /// Rows that only change what is there.
    #[serde(default)]
    pub changed: usize,
    /// Rows that say what is there already.
    pub unchanged: usize,
    /// Rows with an error: they stay out.
    pub errors: usize,
}

/// State of one row of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Makes something when the import is confirmed.
    Good,
    /// Changes what is there when the import is confirmed.
    Change,
    /// There already.
    Unchanged,
    /// Has an error.
    Error,
    /// Was written.
    Confirmed,
}

impl RowState {
    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Change => "change",
            Self::Unchanged => "unchanged",
            Self::Error => "error",
            Self::Confirmed => "confirmed",
        }
    }

    fn from_key(key: &str) -> Result<Self> {
        [
            Self::Good,
            Self::Change,
            Self::Unchanged,
            Self::Error,
            Self::Confirmed,
        ]
        .into_iter()
        .find(|s| s.key() == key)
        .ok_or(ServiceError::Internal("state of a row"))
    }
}

impl Label for RowState {
    fn label(&self) -> Text {
        match self {
            Self::Good => Text::new("将写入", "To be written"),
            Self::Change => Text::new("将更改", "To be changed"),
            Self::Unchanged => Text::new("无变化", "No change"),
            Self::Error => Text::new("有错误", "Error"),
            Self::Confirmed => Text::new("已写入", "Written"),
        }
    }
}

/// A plan of either kind.
enum Plan {
    Units(UnitPlan),
    Staff(StaffPlan),
}

impl Plan {
    const fn file(&self) -> OrganisationFile {
        match self {
            Self::Units(_) => OrganisationFile::Units,
            Self::Staff(_) => OrganisationFile::Staff,
        }
    }

    fn findings(&self) -> &[OrganisationFinding] {
        match self {
            Self::Units(plan) => &plan.findings,
            Self::Staff(plan) => &plan.findings,
        }
    }

    /// Rows that make something.
    fn good(&self) -> BTreeSet<u32> {
        match self {
            Self::Units(plan) => plan.units.iter().map(|u| u.row).collect(),
            Self::Staff(plan) => {
                let posts = plan.staff.iter().flat_map(|s| &s.posts);
                posts.map(|p| p.row).collect()
            }
        }
    }

    /// Rows that change what is there.
    fn changed(&self) -> BTreeSet<u32> {
        match self {
            Self::Units(plan) => plan.changes.iter().map(|c| c.row).collect(),
            Self::Staff(plan) => plan.changes.iter().map(|c| c.row).collect(),
        }
    }

    /// The records that it changes.
    fn changes(&self) -> Vec<Record> {
        match self {
            Self::Units(plan) => plan.changes.iter().map(|c| (UNIT, c.unit)).collect(),
            Self::Staff(plan) => {
                let people = plan.changes.iter().map(|c| (PERSON, c.person));
                let ended = plan.changes.iter().filter_map(|c| c.end);
                people.chain(ended.map(|(post, _)| (POST, post))).collect()
            }
        }
    }

    /// Numbers, and the state of every row.
    fn states(&self, rows: &[OrganisationRow]) -> (OrganisationCounts, BTreeMap<u32, RowState>) {
        use domain::admission::finding::Severity;
        let (good, changed) = (self.good(), self.changed());
        let wrong: BTreeSet<u32> = self
            .findings()
            .iter()
            .filter(|f| f.issue.severity() == Severity::Error)
            .map(|f| f.row)
            .collect();
        let mut counts = OrganisationCounts {
            rows: rows.len(),
            ..OrganisationCounts::default()
        };
        let mut states = BTreeMap::new();
        for row in rows {
            let state = if wrong.contains(&row.row) {
                counts.errors += 1;
                RowState::Error
            } else if good.contains(&row.row) {
                counts.good += 1;
                RowState::Good
            } else if changed.contains(&row.row) {
                counts.changed += 1;
                RowState::Change
            } else {
                counts.unchanged += 1;
                RowState::Unchanged
            };
            states.insert(row.row, state);
        }
        (counts, states)
    }
}

impl Plan {
    /// What tells this plan from every other: the state of each row, and what is said about it, old and new values
    /// included.
    fn digest(&self, states: &BTreeMap<u32, RowState>) -> Result<String> {
        let states: Vec<(u32, &str)> = states.iter().map(|(row, s)| (*row, s.key())).collect();
        let found = self.findings().iter();
        let found: Vec<(u32, &str, &str, &str)> = found
            .map(|f| (f.row, &*f.field, f.issue.key(), &*f.detail))
            .collect();
        let text = json(&(states, found))?;
        Ok(hex::encode(&sha256(text.as_bytes())))
    }
}

/// Checks rows against what is there now.
async fn plan(scope: &Scope, file: OrganisationFile, rows: &[OrganisationRow]) -> Result<Plan> {
    let units = known_units(scope).await?;
    match file {
        OrganisationFile::Units => Ok(Plan::Units(check_units(
            rows,
            &units,
            in_catalogue,
            scope.today(),
        ))),
        OrganisationFile::Staff => {
            let accounts = known_accounts(scope).await?;
            let numbers = scope.numbers_among(&logins_of(rows)).await?;
            Ok(Plan::Staff(check_staff(
                rows,
                &units,
                &accounts,
                &numbers,
                scope.today(),
            )))
        }
    }
}

fn in_catalogue(year: i32, code: &str) -> CatalogueAnswer {
    if !is_major_code(code) {
        return CatalogueAnswer::NoCode;
    }
    let year = u16::try_from(year).unwrap_or_default();
    if Major::of_catalogue(year).next().is_none() {
        if Major::is_known(code) {
            CatalogueAnswer::NoCatalogue
        } else {
            CatalogueAnswer::ListedNowhere
        }
    } else if Major::find(year, code).is_some() {
        CatalogueAnswer::Listed
    } else {
        CatalogueAnswer::NotListed
    }
}

/// Units that are not over, also those that begin later.
pub(crate) async fn known_units(scope: &Scope) -> Result<Vec<KnownUnit>> {
    let short = short_names(scope).await?;
    let known = |unit: rows::Unit| {
        let names = short.get(&unit.id).into_iter().flatten();
        let short_names = names.map(|(layout, row)| (*layout, row.short_name.clone()));
        Ok(KnownUnit {
            kind: UnitKind::from_key(&unit.kind).ok_or(ServiceError::Internal("unit"))?,
            facts: UnitFacts {
                short_names: short_names.collect(),
                national_code: unit.national_code,
                catalogue_year: unit.catalogue_year,
                duration: unit.duration,
                grade: unit.grade,
                phone: unit.phone,
                valid_to: unit.valid_to,
            },
            id: unit.id,
            code: unit.code,
            name: unit.name,
            parent: unit.parent_id,
            valid_from: unit.valid_from,
        })
    };
    let units = scope.units_not_over().await?;
    units.into_iter().map(known).collect()
}

/// Short names by unit and layout.
async fn short_names(
    scope: &Scope,
) -> Result<BTreeMap<Uuid, BTreeMap<PlatformLayout, rows::UnitShortName>>> {
    let mut all: BTreeMap<Uuid, BTreeMap<_, _>> = BTreeMap::new();
    for row in scope.unit_short_names().await? {
        let layout = PlatformLayout::from_key(&row.layout);
        let layout = layout.ok_or(ServiceError::Internal("layout of a short name"))?;
        all.entry(row.unit_id).or_default().insert(layout, row);
    }
    Ok(all)
}

async fn known_accounts(scope: &Scope) -> Result<Vec<KnownAccount>> {
    let today = scope.today();
    let mut known = Vec::new();
    for (account, person, posts) in scope.staff().await? {
        let mut own = Vec::new();
        for post in posts
            .iter()
            .filter(|p| p.valid_to.is_none_or(|end| end >= today))
        {
            let (office, kind, reach) = read_post(post)?;
            own.push(HeldPost {
                id: post.id,
                post: KnownPost {
                    office,
                    kind,
                    scope: reach,
                },
                valid_from: post.valid_from,
                valid_to: post.valid_to,
            });
        }
        known.push(KnownAccount {
            phone: change::phone_of(scope, &person)?,
            active: Standing::of(&account) == Standing::Active,
            login: account.login,
            person: person.id,
            name: person.name,
            posts: own,
        });
    }
    Ok(known)
}

/// The records that an import made or changed.
async fn touched(scope: &Scope, import: Uuid) -> Result<Vec<Record>> {
    let units = scope.units_of_import(import).await?;
    let accounts = scope.accounts_of_import(import).await?;
    let posts = scope.posts_of_import(import).await?;
    let mut touched: Vec<Record> = units.iter().map(|row| (UNIT, row.id)).collect();
    touched.extend(accounts.iter().map(|row| (PERSON, row.person_id)));
    touched.extend(posts.iter().map(|row| (POST, row.id)));
    for change in scope.organisation_changes_of(import).await? {
        let mut kinds = [UNIT, PERSON, POST].into_iter();
        let kind = kinds.find(|kind| *kind == change.subject);
        let kind = kind.ok_or(ServiceError::Internal("subject of a change"))?;
        touched.push((kind, change.subject_id));
    }
    Ok(touched)
}

/// Which kind of file an import is of; imports of other rooms are not found here.
fn file_of(import: &rows::ImportBatch) -> Result<OrganisationFile> {
    OrganisationFile::from_key(&import.purpose).ok_or(ServiceError::NotFound)
}

fn read_of(import: &rows::ImportBatch) -> Result<Read<ImportState>> {
    Ok(Read {
        id: import.id,
        state: ImportState::from_key(&import.state)
            .ok_or(ServiceError::Internal("state of an import"))?,
        version: import.version,
    })
}

const fn row_place(id: Uuid) -> Place {
    Place::new("import_row", "sealed", id)
}

fn sealed_row(scope: &Scope, id: Uuid, row: &OrganisationRow) -> Result<Vec<u8>> {
    let plain = json(row)?;
    let sealed = seal(
        scope.keys(),
        Purpose::Source,
        &row_place(id),
        plain.as_bytes(),
    )
    .map_err(StoreError::from)?;
    Ok(sealed.into_bytes())
}

fn opened_row(scope: &Scope, row: &rows::ImportRow) -> Result<OrganisationRow> {
    let sealed = Sealed::stored(row.sealed.clone());
    let plain = open(scope.keys(), Purpose::Source, &row_place(row.id), &sealed)
        .map_err(StoreError::from)?;
    serde_json::from_slice(&plain).map_err(|_| ServiceError::Internal("row of an import"))
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| ServiceError::Internal("a value without JSON"))
}

fn from_json<T: for<'de> Deserialize<'de>>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| ServiceError::Internal(what))
}

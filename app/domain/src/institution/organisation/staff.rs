//! Staff: one row for each post of a person.

use super::OrganisationRow;
use super::finding::{Issue, OrganisationFinding};
use super::heading::STAFF_HEADINGS;
use super::unit::{KnownUnit, UnitKind, phone_form, plain_code};
use crate::institution::{Office, PersonalScope, PostKind};
use crate::person::name::{check_name, store_name};
use crate::text::Label as _;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An account of the staff that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    /// 工号.
    pub login: String,
    /// The person.
    pub person: Uuid,
    /// Name of the person.
    pub name: String,
    /// Posts that are not over.
    pub posts: Vec<KnownPost>,
}

/// A post that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPost {
    /// Office.
    pub office: Office,
    /// Kind.
    pub kind: PostKind,
    /// Reach.
    pub scope: PersonalScope,
}

/// A post to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPost {
    /// Row of the file.
    pub row: u32,
    /// What it is.
    pub post: KnownPost,
}

/// A member of the staff: a new account, or new posts of one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStaff {
    /// 工号.
    pub login: String,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// The person, when there is an account already.
    pub person: Option<Uuid>,
    /// Posts to be made.
    pub posts: Vec<PlannedPost>,
}

/// What a file of staff comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffPlan {
    /// Staff to be made, by 工号.
    pub staff: Vec<PlannedStaff>,
    /// Findings, in order of the rows.
    pub findings: Vec<OrganisationFinding>,
}

const LOGIN: usize = 0;
const NAME: usize = 1;
const COLLEGE: usize = 2;
const POST: usize = 3;
const CLASSES: usize = 4;
const PHONE: usize = 5;

/// Checks a file of staff against units and accounts that are there.
pub fn check_staff(
    rows: &[OrganisationRow],
    units: &[KnownUnit],
    accounts: &[KnownAccount],
) -> StaffPlan {
    let mut findings = Vec::new();
    let mut staff: BTreeMap<String, PlannedStaff> = BTreeMap::new();
    for row in rows {
        match read_staff(row, units) {
            Ok(read) => add(&mut staff, read, accounts, &mut findings),
            Err(found) => findings.extend(found),
        }
    }
    let staff = staff.into_values().filter(|s| !s.posts.is_empty());
    StaffPlan {
        staff: staff.collect(),
        findings,
    }
}

struct ReadStaff {
    row: u32,
    login: String,
    name: String,
    phone: Option<String>,
    post: KnownPost,
}

fn finding(row: u32, column: usize, issue: Issue) -> OrganisationFinding {
    let field = STAFF_HEADINGS.get(column).map_or("", |h| h.name);
    OrganisationFinding::new(row, field, issue)
}

fn read_staff(
    row: &OrganisationRow,
    units: &[KnownUnit],
) -> Result<ReadStaff, Vec<OrganisationFinding>> {
    let mut found = Vec::new();
    let mut say = |column, issue| found.push(finding(row.row, column, issue));
    let login = match row.cell(LOGIN) {
        "" => Err(Issue::Empty),
        text => plain_code(text, 32)
            .filter(|l| l.len() >= 2)
            .ok_or(Issue::Form),
    };
    let name = match row.cell(NAME) {
        "" => Err(Issue::Empty),
        text if check_name(text).iter().any(|p| !p.is_warning()) => Err(Issue::PersonName),
        text => Ok(store_name(text)),
    };
    let phone = match row.cell(PHONE) {
        "" => Ok(None),
        text => phone_form(text).map(Some).ok_or(Issue::Form),
    };
    let post = read_post(row, units);
    for (column, issue) in [
        (LOGIN, login.as_ref().err()),
        (NAME, name.as_ref().err()),
        (PHONE, phone.as_ref().err()),
    ] {
        if let Some(issue) = issue {
            say(column, *issue);
        }
    }
    if let Err((column, issue)) = &post {
        say(*column, *issue);
    }
    match (login, name, phone, post) {
        (Ok(login), Ok(name), Ok(phone), Ok(post)) => Ok(ReadStaff {
            row: row.row,
            login,
            name,
            phone,
            post,
        }),
        _ => Err(found),
    }
}

/// Office, kind and reach of a row, or the column that is wrong.
fn read_post(row: &OrganisationRow, units: &[KnownUnit]) -> Result<KnownPost, (usize, Issue)> {
    let text = row.cell(POST);
    if text.is_empty() {
        return Err((POST, Issue::Empty));
    }
    if let Some(kind) = PostKind::from_chinese(text).filter(|k| k.in_college()) {
        let scope = college_scope(row, units, kind)?;
        return Ok(KnownPost {
            office: Office::College,
            kind,
            scope,
        });
    }
    let office = Office::ALL.into_iter().find(|o| o.label().zh == text);
    match office {
        None | Some(Office::College | Office::Student | Office::Operator) => {
            Err((POST, Issue::UnknownChoice))
        }
        Some(office) => Ok(KnownPost {
            office,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
        }),
    }
}

fn college_scope(
    row: &OrganisationRow,
    units: &[KnownUnit],
    kind: PostKind,
) -> Result<PersonalScope, (usize, Issue)> {
    let named = |kind: UnitKind, text: &str| {
        let of_kind = || units.iter().filter(move |u| u.kind == kind);
        of_kind()
            .find(|u| u.code == text)
            .or_else(|| of_kind().find(|u| u.name == text))
    };
    let text = row.cell(COLLEGE);
    if text.is_empty() {
        return Err((COLLEGE, Issue::Empty));
    }
    let college = named(UnitKind::College, text).ok_or((COLLEGE, Issue::NoCollege))?;
    if kind != PostKind::Counsellor {
        return Ok(PersonalScope::College(college.id));
    }
    let separators = ['、', '，', ',', ';', '；', '\n'];
    let mut classes = Vec::new();
    for text in row.cell(CLASSES).split(separators).map(str::trim) {
        if text.is_empty() {
            continue;
        }
        let class = named(UnitKind::Class, text).ok_or((CLASSES, Issue::NoClass))?;
        if !lies_in(units, class, college.id) {
            return Err((CLASSES, Issue::ClassElsewhere));
        }
        if !classes.contains(&class.id) {
            classes.push(class.id);
        }
    }
    if classes.is_empty() {
        return Err((CLASSES, Issue::Empty));
    }
    classes.sort_unstable();
    Ok(PersonalScope::Classes {
        college: college.id,
        classes,
    })
}

/// Whether a class stands under a college, directly or through its major.
fn lies_in(units: &[KnownUnit], class: &KnownUnit, college: Uuid) -> bool {
    let above = |id: Uuid| units.iter().find(|u| u.id == id).and_then(|u| u.parent);
    let first = class.parent;
    first == Some(college) || first.and_then(above) == Some(college)
}

fn add(
    staff: &mut BTreeMap<String, PlannedStaff>,
    read: ReadStaff,
    accounts: &[KnownAccount],
    findings: &mut Vec<OrganisationFinding>,
) {
    let known = accounts.iter().find(|a| a.login == read.login);
    let planned = staff.get(&read.login);
    let earlier = planned
        .map(|p| p.name.as_str())
        .or_else(|| known.map(|k| k.name.as_str()));
    if earlier.is_some_and(|name| name != read.name) {
        findings.push(finding(read.row, NAME, Issue::OtherName));
        return;
    }
    let there = known.is_some_and(|k| k.posts.contains(&read.post));
    let twice = planned.is_some_and(|p| p.posts.iter().any(|own| own.post == read.post));
    if there || twice {
        findings.push(finding(read.row, POST, Issue::Unchanged));
        return;
    }
    let entry = staff
        .entry(read.login.clone())
        .or_insert_with(|| PlannedStaff {
            login: read.login,
            name: read.name,
            phone: None,
            person: known.map(|k| k.person),
            posts: Vec::new(),
        });
    entry.phone = entry.phone.take().or(read.phone);
    entry.posts.push(PlannedPost {
        row: read.row,
        post: read.post,
    });
}

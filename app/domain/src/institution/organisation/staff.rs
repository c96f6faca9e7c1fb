//! Staff: one row for each post of a person.

use super::OrganisationRow;
use super::administrator::rows_that_end_it;
use super::finding::{Issue, OrganisationFinding};
use super::heading::STAFF_HEADINGS;
use super::named::{Unfound, find_unit};
use super::unit::{KnownUnit, UnitKind, date_form, phone_form, plain_code};
use crate::institution::{Office, PersonalScope, PostKind, login_form};
use crate::person::name::{check_name, store_name};
use crate::text::Label as _;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
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
    /// Telephone.
    pub phone: Option<String>,
    /// Whether the person signs in with it: it was activated and is not disabled.
    pub active: bool,
    /// Posts that are not over.
    pub posts: Vec<HeldPost>,
}

/// A post that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// Its row.
    pub id: Uuid,
    /// What it is.
    pub post: KnownPost,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A post as it is described.
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
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// What a row changes about a person who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonChange {
    /// Row of the file.
    pub row: u32,
    /// The person.
    pub person: Uuid,
    /// The name from now on.
    pub name: Option<String>,
    /// The telephone from now on.
    pub phone: Option<String>,
    /// A post with its last day.
    pub end: Option<(Uuid, NaiveDate)>,
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
    /// Changes of people who are there, in order of the rows.
    pub changes: Vec<PersonChange>,
    /// Findings, in order of the rows.
    pub findings: Vec<OrganisationFinding>,
}

const LOGIN: usize = 0;
const NAME: usize = 1;
const COLLEGE: usize = 2;
const POST: usize = 3;
const CLASSES: usize = 4;
const PHONE: usize = 5;
const MAJORS: usize = 6;
const FORMER: usize = 7;
const UNTIL: usize = 8;

/// A 工号 as it is stored: 2 to 32 letters, digits, dots, hyphens and underscores. `None` for what none is.
pub fn staff_login(text: &str) -> Option<String> {
    let login = login_form(text)?;
    let plain = plain_code(&login.replace('.', "-"), 32)?;
    (plain.len() >= 2).then_some(login)
}

/// The 工号 that a file names.
pub fn logins_of(rows: &[OrganisationRow]) -> Vec<String> {
    let logins = rows.iter().filter_map(|row| login_form(row.cell(LOGIN)));
    logins.collect()
}

/// Checks a file of staff against units, accounts and numbers of students that are there.
pub fn check_staff(
    rows: &[OrganisationRow],
    units: &[KnownUnit],
    accounts: &[KnownAccount],
    numbers: &BTreeSet<String>,
    today: NaiveDate,
) -> StaffPlan {
    let check =
        |kept: BTreeSet<u32>| Check::new((accounts, numbers), today, kept).read(rows, units);
    let plan = check(BTreeSet::new());
    let kept = rows_that_end_it(&plan, accounts);
    if kept.is_empty() { plan } else { check(kept) }
}

struct ReadStaff {
    row: u32,
    login: String,
    name: String,
    former: String,
    phone: Option<String>,
    until: Option<NaiveDate>,
    post: KnownPost,
}

fn heading(column: usize) -> &'static str {
    STAFF_HEADINGS.get(column).map_or("", |h| h.name)
}

fn finding(row: u32, column: usize, issue: Issue) -> OrganisationFinding {
    OrganisationFinding::new(row, heading(column), issue)
}

fn filled<T>(text: &str, form: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Issue> {
    if text.is_empty() {
        Ok(None)
    } else {
        form(text).map(Some).ok_or(Issue::Form)
    }
}

fn read_staff(
    row: &OrganisationRow,
    units: &[KnownUnit],
) -> Result<ReadStaff, Vec<OrganisationFinding>> {
    let login = match row.cell(LOGIN) {
        "" => Err(Issue::Empty),
        text => staff_login(text).ok_or(Issue::Form),
    };
    let name = match row.cell(NAME) {
        "" => Err(Issue::Empty),
        text if check_name(text).iter().any(|p| !p.is_warning()) => Err(Issue::PersonName),
        text => Ok(store_name(text)),
    };
    let phone = filled(row.cell(PHONE), phone_form);
    let until = filled(row.cell(UNTIL), date_form);
    let post = read_post(row, units);
    let wrong = [
        (LOGIN, login.as_ref().err()),
        (NAME, name.as_ref().err()),
        (PHONE, phone.as_ref().err()),
        (UNTIL, until.as_ref().err()),
    ];
    let cells = wrong
        .into_iter()
        .filter_map(|(at, issue)| issue.map(|i| (at, *i)));
    let found: Vec<OrganisationFinding> = cells
        .chain(post.as_ref().err().copied())
        .map(|(column, issue)| finding(row.row, column, issue))
        .collect();
    match (login, name, phone, until, post) {
        (Ok(login), Ok(name), Ok(phone), Ok(until), Ok(post)) => Ok(ReadStaff {
            row: row.row,
            login,
            name,
            former: store_name(row.cell(FORMER)),
            phone,
            until,
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
    let text = row.cell(COLLEGE);
    if text.is_empty() {
        return Err((COLLEGE, Issue::Empty));
    }
    let found = find_unit(units, UnitKind::College, text, None);
    let college = found
        .map_err(|why| (COLLEGE, issue_of(why, Issue::NoCollege)))?
        .id;
    match kind {
        PostKind::Counsellor => Ok(PersonalScope::Classes {
            college,
            classes: several(row, CLASSES, units, UnitKind::Class, college)?,
        }),
        PostKind::MajorHead => {
            let majors = several(row, MAJORS, units, UnitKind::Major, college)?;
            Ok(PersonalScope::Majors(majors))
        }
        PostKind::Officer
        | PostKind::TeachingSecretary
        | PostKind::ViceDean
        | PostKind::PartySecretary
        | PostKind::Student => Ok(PersonalScope::College(college)),
    }
}

const fn issue_of(why: Unfound, missing: Issue) -> Issue {
    match why {
        Unfound::Missing => missing,
        Unfound::Elsewhere => Issue::ClassElsewhere,
        Unfound::Ambiguous => Issue::Ambiguous,
    }
}

/// Classes or majors of a college that a cell names.
fn several(
    row: &OrganisationRow,
    column: usize,
    units: &[KnownUnit],
    kind: UnitKind,
    college: Uuid,
) -> Result<Vec<Uuid>, (usize, Issue)> {
    let missing = if kind == UnitKind::Major {
        Issue::NoMajor
    } else {
        Issue::NoClass
    };
    let separators = ['、', '，', ',', ';', '；', '\n'];
    let texts = row.cell(column).split(separators).map(str::trim);
    let mut ids = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        let unit = find_unit(units, kind, text, Some(college));
        ids.push(unit.map_err(|why| (column, issue_of(why, missing)))?.id);
    }
    if ids.is_empty() {
        return Err((column, Issue::Empty));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// What rows so far come to.
struct Check<'a> {
    accounts: &'a [KnownAccount],
    numbers: &'a BTreeSet<String>,
    today: NaiveDate,
    /// Rows whose last day would leave the university without an administrator.
    kept: BTreeSet<u32>,
    staff: BTreeMap<String, PlannedStaff>,
    renamed: BTreeMap<String, String>,
    phones: BTreeMap<String, String>,
    changes: Vec<PersonChange>,
    findings: Vec<OrganisationFinding>,
}

impl<'a> Check<'a> {
    fn new(
        (accounts, numbers): (&'a [KnownAccount], &'a BTreeSet<String>),
        today: NaiveDate,
        kept: BTreeSet<u32>,
    ) -> Self {
        Self {
            accounts,
            numbers,
            today,
            kept,
            staff: BTreeMap::new(),
            renamed: BTreeMap::new(),
            phones: BTreeMap::new(),
            changes: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn read(mut self, rows: &[OrganisationRow], units: &[KnownUnit]) -> StaffPlan {
        for row in rows {
            match read_staff(row, units) {
                Ok(read) => self.add(&read),
                Err(found) => self.findings.extend(found),
            }
        }
        let staff = self.staff.into_values().filter(|s| !s.posts.is_empty());
        StaffPlan {
            staff: staff.collect(),
            changes: self.changes,
            findings: self.findings,
        }
    }

    fn add(&mut self, read: &ReadStaff) {
        let accounts = self.accounts;
        let known = accounts.iter().find(|a| a.login == read.login);
        let mut change = PersonChange {
            row: read.row,
            person: known.map_or_else(Uuid::nil, |k| k.person),
            name: None,
            phone: None,
            end: None,
        };
        let mut told = Vec::new();
        let own = match known {
            Some(account) => self.compare(account, read, &mut change, &mut told),
            None => self.ensure_new(read),
        };
        if let Err((column, issue)) = own {
            self.findings.push(finding(read.row, column, issue));
            return;
        }
        let held = known.is_some_and(|k| k.posts.iter().any(|p| p.post == read.post));
        let made = !held && self.plan(read, known);
        if let Some(name) = &change.name {
            self.renamed.insert(read.login.clone(), name.clone());
        }
        if let Some(phone) = &change.phone {
            self.phones.insert(read.login.clone(), phone.clone());
        }
        if !made && told.is_empty() {
            told.push(finding(read.row, POST, Issue::Unchanged));
        }
        self.findings.append(&mut told);
        if change.name.is_some() || change.phone.is_some() || change.end.is_some() {
            self.changes.push(change);
        }
    }

    /// What a row says otherwise about somebody who is there.
    fn compare(
        &self,
        account: &KnownAccount,
        read: &ReadStaff,
        change: &mut PersonChange,
        told: &mut Vec<OrganisationFinding>,
    ) -> Result<(), (usize, Issue)> {
        let row = read.row;
        let name = self.renamed.get(&read.login).unwrap_or(&account.name);
        if *name != read.name {
            // A number given to somebody else must not hand over the account: the present name is asked for.
            if read.former != account.name || self.renamed.contains_key(&read.login) {
                return Err((NAME, Issue::OtherName));
            }
            change.name = Some(read.name.clone());
            told.push(OrganisationFinding::change(
                row,
                heading(NAME),
                name,
                &read.name,
            ));
        }
        let phone = self.phones.get(&read.login).or(account.phone.as_ref());
        if read.phone.is_some() && read.phone.as_ref() != phone {
            change.phone.clone_from(&read.phone);
            told.push(finding(row, PHONE, Issue::Changed));
        }
        let held = account.posts.iter().find(|p| p.post == read.post);
        if let (Some(held), Some(until)) = (held, read.until)
            && held.valid_to != Some(until)
        {
            if until < held.valid_from {
                return Err((UNTIL, Issue::EndBeforeStart));
            }
            if self.kept.contains(&row) {
                return Err((UNTIL, Issue::LastAdministrator));
            }
            change.end = Some((held.id, until));
            let before = held.valid_to.map(|d| d.to_string()).unwrap_or_default();
            let after = until.to_string();
            told.push(OrganisationFinding::change(
                row,
                heading(UNTIL),
                &before,
                &after,
            ));
        }
        if held.is_none() {
            self.ensure_begins(read)?;
        }
        Ok(())
    }

    /// Rows of one new account carry one name, and a 工号 that no student signs in with.
    fn ensure_new(&self, read: &ReadStaff) -> Result<(), (usize, Issue)> {
        if self.numbers.contains(&read.login) {
            return Err((LOGIN, Issue::StudentNumber));
        }
        let planned = self.staff.get(&read.login);
        if planned.is_some_and(|p| p.name != read.name) {
            return Err((NAME, Issue::OtherName));
        }
        self.ensure_begins(read)
    }

    /// A post begins today and cannot have ended.
    fn ensure_begins(&self, read: &ReadStaff) -> Result<(), (usize, Issue)> {
        if read.until.is_some_and(|end| end < self.today) {
            return Err((UNTIL, Issue::AlreadyOver));
        }
        Ok(())
    }

    /// Plans a post that nobody of this login holds; tells whether it is new.
    fn plan(&mut self, read: &ReadStaff, known: Option<&KnownAccount>) -> bool {
        let entry = self
            .staff
            .entry(read.login.clone())
            .or_insert_with(|| PlannedStaff {
                login: read.login.clone(),
                name: read.name.clone(),
                phone: None,
                person: known.map(|k| k.person),
                posts: Vec::new(),
            });
        if entry.posts.iter().any(|own| own.post == read.post) {
            return false;
        }
        entry.phone = entry.phone.take().or_else(|| read.phone.clone());
        entry.posts.push(PlannedPost {
            row: read.row,
            post: read.post.clone(),
            valid_to: read.until,
        });
        true
    }
}

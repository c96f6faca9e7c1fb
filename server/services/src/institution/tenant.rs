//! Universities and their first accounts, as the operator or the command line makes them.

use super::account::about;
use super::activation::{new_account, school_id};
use super::operator::{NewLogin, Operator, ensure_known, password_or_random};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::calendar::local_date;
use domain::codes::Province;
use domain::institution::organisation::staff_login;
use domain::institution::{
    Action, Granted, Office, PersonalScope, PostKind, SchoolCode, Slug, Target, TenantId, policy,
};
use domain::person::{name, pinyin};
use store::{Detail, NewTenant, Scope, StoreError, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// A university to be set up.
#[derive(Clone, Debug)]
pub struct NewUniversity {
    /// First part of its addresses.
    pub slug: String,
    /// 学校国标代码.
    pub school_code: String,
    /// Name of the university.
    pub name: String,
    /// Province code of GB/T 2260, two digits.
    pub province: String,
    /// Primary colour of its pages, `#rrggbb`.
    pub colour: String,
}

/// A person with an account and one post.
#[derive(Clone)]
pub struct NewAccount {
    /// 工号.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Office of the post.
    pub office: Office,
    /// Kind of the post.
    pub kind: PostKind,
    /// Reach of the post.
    pub scope: PersonalScope,
    /// Password; a random one is made when there is none.
    pub password: Option<String>,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewAccount({:?}, {:?})", self.office, self.kind)
    }
}

const fn invalid(field: &'static str, code: &'static str) -> ServiceError {
    ServiceError::Invalid { field, code }
}

impl NewUniversity {
    fn checked(&self) -> Result<NewTenant> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err(invalid("name", "missing"));
        }
        if !(2..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(invalid("name", "form"));
        }
        let colour = super::school::readable(&self.colour)?;
        let province = Province::from_code(self.province.trim());
        Ok(NewTenant {
            slug: Slug::parse(self.slug.trim()).map_err(|_| invalid("slug", "form"))?,
            school_code: SchoolCode::parse(self.school_code.trim())
                .map_err(|_| invalid("school_code", "form"))?,
            name: name.to_owned(),
            province: province
                .ok_or(invalid("province", "unknown"))?
                .code
                .to_owned(),
            colour,
        })
    }
}

/// A university as the operator sees it: sizes, no persons.
#[derive(Clone, Debug)]
pub struct TenantLine {
    /// Its number.
    pub tenant: TenantId,
    /// First part of its addresses.
    pub slug: String,
    /// National school code.
    pub school_code: String,
    /// Name.
    pub name: String,
    /// Whether its people may work.
    pub active: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Counts, once they were taken.
    pub sizes: Option<TenantSizes>,
}

/// Counts and sizes of a university at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantSizes {
    /// Candidates.
    pub candidates: i64,
    /// Student records.
    pub students: i64,
    /// Accounts.
    pub accounts: i64,
    /// Bytes of the files that rows name, photos among them, as they were sent: sealing adds a few to each.
    pub file_bytes: i64,
    /// When they were counted.
    pub counted_at: DateTime<Utc>,
}

impl Services {
    /// Every university, in order of creation.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn tenant_list(&self, by: &Operator) -> Result<Vec<TenantLine>> {
        self.ensure_operator::<policy::TenantsPage>(by)?;
        let line = |(row, stat): (rows::Tenant, Option<rows::TenantStat>)| TenantLine {
            tenant: TenantId(row.id),
            active: row.is_active(),
            slug: row.slug,
            school_code: row.school_code,
            name: row.name,
            created_at: row.created_at,
            sizes: stat.map(|s| TenantSizes {
                candidates: s.candidates,
                students: s.students,
                accounts: s.accounts,
                file_bytes: s.file_bytes,
                counted_at: s.updated_at,
            }),
        };
        let tenants = self.store.control().tenants().await?;
        Ok(tenants.into_iter().map(line).collect())
    }

    /// Makes a university with its keys, its name, and the usual semesters of this academic year and the next; the
    /// school sets its own later.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] without a fresh step-up; [`ServiceError::Invalid`] on a field, `slug` also `taken`.
    pub async fn create_tenant(&self, by: &Operator, new: &NewUniversity) -> Result<TenantId> {
        self.ensure_operator::<policy::CreateTenant>(by)?;
        let checked = new.checked()?;
        let founded = self.found(by, &checked).await?;
        founded.finish(Detail::none()).await
    }

    /// Makes a university together with its first administrator, who then sets up everything else: both, or neither.
    ///
    /// # Errors
    /// As [`Services::create_tenant`]; [`ServiceError::Invalid`] on `admin_login` or `admin_name`.
    pub async fn open_tenant(
        &self,
        by: &Operator,
        new: &NewUniversity,
        admin: FirstAdministrator,
    ) -> Result<(TenantId, NewLogin)> {
        self.ensure_operator::<policy::CreateTenant>(by)?;
        let checked = new.checked()?;
        let words = vec![
            checked.slug.as_str().to_owned(),
            checked.name.clone(),
            checked.school_code.as_str().to_owned(),
        ];
        let account = NewAccount {
            login: admin.login,
            name: admin.name,
            office: Office::TenantAdmin,
            kind: PostKind::Officer,
            scope: PersonalScope::School,
            password: None,
        };
        let fields = ("admin_login", "admin_name");
        let prepared = self.prepared(account, words, fields).await?;
        let mut founded = self.found(by, &checked).await?;
        let login = hire(&mut founded.unit, prepared).await?;
        let made = Detail::text("建立首个管理员账号").over("account", [login.id]);
        Ok((founded.finish(made).await?, login))
    }

    /// Begins a university: its row, its name and its semesters, in one transaction with whatever follows.
    async fn found(&self, by: &Operator, checked: &NewTenant) -> Result<Founded> {
        let now = self.store.now();
        let row = match self.store.control().prepare_tenant(checked).await {
            Ok(row) => row,
            Err(StoreError::Taken) => return Err(invalid("slug", "taken")),
            Err(error) => return Err(error.into()),
        };
        let actor = by.at(TenantId(row.id));
        let granted =
            actor.authorize::<policy::CreateTenant>(&Target::school(actor.tenant()), now)?;
        let mut unit = self.store.begin(&actor).await?;
        match unit.insert_tenant(row).await {
            Ok(()) => {}
            Err(StoreError::Taken) => return Err(invalid("slug", "taken")),
            Err(error) => return Err(error.into()),
        }
        ensure_known(&mut unit, by).await?;
        let name = rows::SchoolName {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            code: checked.school_code.as_str().to_owned(),
            name: checked.name.clone(),
            valid_from: local_date(now),
            valid_to: None,
        };
        let subject = Subject::new("school_name", name.id);
        let year = academic_year(local_date(now));
        let terms = [year, year + 1]
            .into_iter()
            .flat_map(|y| usual_terms(&unit, by.person(), y));
        let terms = terms.collect();
        unit.insert_calendar(vec![name], terms).await?;
        Ok(Founded {
            unit,
            granted,
            subject,
        })
    }

    /// Suspends a university, or lets it work again. A suspended one is not there for its people: every session ends at
    /// once, nobody signs in, and its jobs wait. Nothing of its data is touched.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an unknown slug, [`ServiceError::Refused`] without a fresh step-up,
    /// [`ServiceError::Invalid`] on `slug` (`unchanged`) when it is in that state already.
    pub async fn set_tenant_active(&self, by: &Operator, slug: &str, active: bool) -> Result<()> {
        if active {
            self.change_tenant::<policy::ResumeTenant>(by, slug, true)
                .await
        } else {
            self.change_tenant::<policy::SuspendTenant>(by, slug, false)
                .await
        }
    }

    async fn change_tenant<A: Action>(
        &self,
        by: &Operator,
        slug: &str,
        active: bool,
    ) -> Result<()> {
        self.ensure_operator::<A>(by)?;
        let row = self.store.control().tenant_by_slug(slug).await?;
        let tenant = TenantId(row.ok_or(ServiceError::NotFound)?.id);
        let actor = by.at(tenant);
        let mut unit = self.store.begin(&actor).await?;
        let granted = actor.authorize::<A>(&Target::school(tenant), unit.now())?;
        ensure_known(&mut unit, by).await?;
        if !unit.set_tenant_active(active).await? {
            return Err(invalid("slug", "unchanged"));
        }
        let subject = Subject::new("person", actor.person());
        unit.note(&granted, subject, Detail::none());
        unit.commit().await?;
        if !active {
            self.store.control().end_sessions_at(tenant).await?;
        }
        Ok(())
    }

    /// Puts a new sealing key of a university in force and gives its number; what earlier keys sealed stays readable. The
    /// command line's: it waits for the disk.
    ///
    /// The key is no row. The entry waits in its transaction until the key is there, because a chain that tells of a key
    /// that never was would be wrong for ever. A commit that fails leaves a key without an entry: the next entry, which
    /// names the key before it, shows that one is missing, and so does the machine's own log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an unknown slug, [`ServiceError::Refused`] without a fresh step-up,
    /// [`ServiceError::Store`] where the keys of the university cannot be read or written.
    pub async fn rotate_keys(&self, by: &Operator, slug: &str) -> Result<u32> {
        self.ensure_operator::<policy::RotateKeys>(by)?;
        let row = self.store.control().tenant_by_slug(slug).await?;
        let tenant = TenantId(row.ok_or(ServiceError::NotFound)?.id);
        let actor = by.at(tenant);
        let mut unit = self.store.begin(&actor).await?;
        let granted = actor.authorize::<policy::RotateKeys>(&Target::school(tenant), unit.now())?;
        ensure_known(&mut unit, by).await?;
        let before = unit.keys().newest();
        let renewed = self.store.keys().rotate_tenant(tenant);
        let newest = renewed.map_err(StoreError::from)?.newest();
        tracing::info!(
            university = slug,
            key = newest,
            "a new key seals from now on"
        );
        let text = format!("启用第{newest}号密钥，此前为第{before}号");
        let detail = Detail::text(text).values(before.to_string(), newest.to_string());
        unit.note(&granted, Subject::new("tenant", school_id(tenant)), detail);
        unit.commit().await?;
        Ok(newest)
    }

    /// Makes a person with an active account and one post: whoever the command line is asked for. The password is given
    /// or random, never derived from anything.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] on `login` (`form`, `taken`), `name`, `post` or `password`; [`ServiceError::NotFound`]
    /// when a unit of the scope is not there.
    pub async fn create_account(
        &self,
        by: &Operator,
        tenant: TenantId,
        new: NewAccount,
    ) -> Result<NewLogin> {
        let school = self.tenant_row(tenant).await?;
        let words = about(&school, "");
        let prepared = self.prepared(new, words, ("login", "name")).await?;
        let actor = by.at(tenant);
        let mut unit = self.store.begin(&actor).await?;
        let granted =
            actor.authorize::<policy::CreateTenant>(&Target::school(tenant), unit.now())?;
        ensure_known(&mut unit, by).await?;
        let login = hire(&mut unit, prepared).await?;
        unit.note(
            &granted,
            Subject::new("account", login.id),
            Detail::text("建立账号"),
        );
        unit.commit().await?;
        Ok(login)
    }

    /// Checks what was asked for and makes the hash of the password, before any transaction: it takes its time.
    async fn prepared(
        &self,
        new: NewAccount,
        mut words: Vec<String>,
        (login_field, name_field): (&'static str, &'static str),
    ) -> Result<Prepared> {
        let login = staff_login(&new.login).ok_or(invalid(login_field, "form"))?;
        let name = name::store_name(&new.name);
        if name.is_empty() {
            return Err(invalid(name_field, "missing"));
        }
        if name.chars().any(char::is_control) {
            return Err(invalid(name_field, "form"));
        }
        if !fits(new.office, new.kind, &new.scope) {
            return Err(invalid("post", "form"));
        }
        words.extend([login.clone(), name.clone(), pinyin::search_keys(&name).full]);
        words.retain(|word| !word.is_empty());
        let (password, generated) = password_or_random(new.password, &words)?;
        let hash = self.passwords.hash(password).await?;
        Ok(Prepared {
            login,
            name,
            hash,
            generated,
            login_field,
            office: new.office,
            kind: new.kind,
            scope: new.scope,
        })
    }
}

/// The first administrator of a university, as the operator names them.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// 工号.
    pub login: String,
    /// Name of the person.
    pub name: String,
}

/// An account that can be written: everything was checked, the password is a hash.
struct Prepared {
    login: String,
    name: String,
    hash: String,
    generated: Option<String>,
    login_field: &'static str,
    office: Office,
    kind: PostKind,
    scope: PersonalScope,
}

/// Writes person, account and post.
async fn hire(unit: &mut UnitOfWork, new: Prepared) -> Result<NewLogin> {
    ensure_units(unit, &new.scope).await?;
    if unit.account_by_login(&new.login).await?.is_some() {
        return Err(invalid(new.login_field, "taken"));
    }
    let person = rows::Person {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        name: new.name,
        contact: None,
        created_at: unit.now(),
    };
    let account = rows::Account {
        password_hash: Some(new.hash),
        state: "active".to_owned(),
        ..new_account(unit, person.id, "staff", new.login.clone())
    };
    let id = account.id;
    let post = rows::Post {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        person_id: person.id,
        office: new.office.key().to_owned(),
        kind: new.kind.key().to_owned(),
        scope: serde_json::to_string(&new.scope)
            .map_err(|_| ServiceError::Internal("scope of a post"))?,
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    };
    unit.insert_people(vec![person], vec![account], vec![post])
        .await?;
    Ok(NewLogin {
        id,
        login: new.login,
        generated: new.generated,
    })
}

/// A university that is being set up; nothing of it is there before it is finished.
struct Founded {
    unit: UnitOfWork,
    granted: Granted<policy::CreateTenant>,
    subject: Subject,
}

impl Founded {
    async fn finish(mut self, detail: Detail) -> Result<TenantId> {
        let tenant = self.unit.tenant();
        self.unit.note(&self.granted, self.subject, detail);
        self.unit.commit().await?;
        Ok(tenant)
    }
}

/// Whether a post of this kind can be in this office with this reach.
fn fits(office: Office, kind: PostKind, scope: &PersonalScope) -> bool {
    match (office, kind, scope) {
        (Office::Student | Office::Operator, ..) => false,
        (Office::College, PostKind::Counsellor, scope) => {
            matches!(scope, PersonalScope::Classes { classes, .. } if !classes.is_empty())
        }
        (Office::College, PostKind::MajorHead, scope) => {
            matches!(scope, PersonalScope::Majors(majors) if !majors.is_empty())
        }
        (Office::College, kind, scope) => {
            kind.in_college() && matches!(scope, PersonalScope::College(_))
        }
        (_, kind, scope) => kind == PostKind::Officer && *scope == PersonalScope::School,
    }
}

async fn ensure_units(scope: &Scope, reach: &PersonalScope) -> Result<()> {
    let ids = match reach {
        PersonalScope::College(college) => vec![*college],
        PersonalScope::Classes { college, classes } => {
            let mut ids = classes.clone();
            ids.push(*college);
            ids
        }
        PersonalScope::Majors(majors) => majors.clone(),
        PersonalScope::School | PersonalScope::Own(_) => Vec::new(),
    };
    for id in ids {
        scope.unit(id).await?;
    }
    Ok(())
}

/// The academic year of a day: it begins on 1 September, and from 1 July the coming one is prepared.
fn academic_year(today: NaiveDate) -> i32 {
    today.year() - i32::from(today.month() < 7)
}

/// The usual semesters of an academic year: arrival on the last two days of August, teaching from 1 September.
fn usual_terms(scope: &Scope, by: Uuid, year: i32) -> Vec<rows::AcademicTerm> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let term = |semester: &str, starts, ends, arrival_on| {
        let (starts_on, ends_on) = (starts?, ends?);
        Some(rows::AcademicTerm {
            tenant_id: scope.tenant().0,
            id: scope.id(),
            year,
            semester: semester.to_owned(),
            starts_on,
            ends_on,
            arrival_on,
            verify_until: None,
            self_check_until: None,
            photo_until: None,
            version: 1,
            set_by: by,
            set_at: scope.now(),
        })
    };
    let autumn = term(
        "autumn",
        day(year, 9, 1),
        day(year + 1, 1, 20),
        day(year, 8, 30),
    );
    let spring = term("spring", day(year + 1, 2, 24), day(year + 1, 7, 10), None);
    autumn.into_iter().chain(spring).collect()
}

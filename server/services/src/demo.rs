//! A demonstration: two universities with four cohorts of made-up people, brought in by the same use cases as real ones.
//!
//! The same seed gives the same people in the same year. The past of the universities is played through on a calendar of
//! its own, from the July three years ago to the day before the demonstration is made, so that every date in the records
//! and in the audit chain is one that could be, and a cohort is about to arrive whenever it is made. ID numbers lie in the
//! serial block 000–009, which makes them recognisable.

mod calendar;
mod cohort;
mod lives;
mod people;
mod school;
mod staff;
mod years;

use crate::{Result, ServiceError, Services, Upkeep, institution};
use calendar::Calendar;
use chrono::NaiveDate;
use domain::calendar::local_date;
use domain::institution::{Actor, TenantId};
use formats::sample::Documents;
use school::{SCHOOLS, School};
use std::sync::Arc;
use store::DemoMark;
use years::Years;

/// Login of the operator's account.
const OPERATOR: &str = "operator";
/// Password of the operator's account.
const OPERATOR_PASSWORD: &str = "platform-maple-29";
/// What stands beside everything that a school would decide itself.
const BASIS: &str = "演示";
/// Cohorts of the two universities together.
const COHORTS: u32 = 8;
/// Fewest students of a cohort.
const LEAST: u32 = 12;

/// Whether a university is one of those that a demonstration makes. Others beside them are as in earnest.
pub fn is_made_up(slug: &str) -> bool {
    SCHOOLS.iter().any(|school| school.slug == slug)
}

/// An account of the demonstration. Its `Display` is one line: university, role, login, password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Slug of the university; `operator` for the platform's own account.
    pub tenant: String,
    /// What the account is for, in Chinese.
    pub role_zh: String,
    /// What the account is for, in English.
    pub role_en: String,
    /// Login.
    pub login: String,
    /// First password.
    pub password: String,
}

impl std::fmt::Display for DemoAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}\t{} / {}\t{}\t{}",
            self.tenant, self.role_zh, self.role_en, self.login, self.password
        )
    }
}

/// One university while its past is played through.
struct Ground {
    services: Services,
    calendar: Arc<Calendar>,
    school: &'static School,
    tenant: TenantId,
    years: Years,
    /// Students of a cohort.
    share: u32,
    seed: u64,
}

impl Ground {
    /// The actor of a member of the staff, who gave the password just now.
    async fn actor(&self, login: &str) -> Result<Actor> {
        self.calendar.pass_minutes(2);
        let named = self.services.actor_by_login(self.tenant, login).await?;
        let seat = named.seat();
        let look = self.services.store.look(self.tenant).await?;
        institution::actor_stepped_up(&look, seat.account, seat.post).await
    }

    /// Goes on to a day that all cohorts have in common; days that are over stay over.
    fn go_to(&self, year: i32, month: u32, day: u32) -> Result<NaiveDate> {
        let day = self.years.past(year, month, day)?;
        self.calendar.go_to(day);
        Ok(day)
    }
}

/// Makes the demonstration in an empty database, or leaves the one that is there: gives its accounts either way.
/// `students` is the number of students of both universities together, more or less. The database is marked before
/// anything is made, and again when all is made.
///
/// # Errors
/// [`ServiceError::Invalid`] for a database that holds universities of its own, or a demonstration that was not finished;
/// else those of the use cases: what was begun is then of no use, and the data folder should be made anew.
pub async fn seed(services: &Services, seed: u64, students: u32) -> Result<Vec<DemoAccount>> {
    let control = services.store.control();
    let refused = |code| ServiceError::Invalid {
        field: "database",
        code,
    };
    match control.demo().await? {
        Some(mark) if mark.ready => return accounts(services, mark.year).await,
        Some(_) => return Err(refused("unfinished_demo")),
        None if control.tenants().await?.is_empty() => {}
        None => return Err(refused("not_a_demo")),
    }
    let years = Years::of(local_date(services.store.now()));
    let mut mark = DemoMark {
        ready: false,
        seed,
        students,
        year: years.this,
    };
    control.set_demo(&mark).await?;
    services
        .create_operator(OPERATOR, "平台运营演示", Some(OPERATOR_PASSWORD.to_owned()))
        .await?;
    let share = (students / COHORTS).max(LEAST);
    for (place, school) in (0_u16..).zip(&SCHOOLS) {
        build(services, school, place, seed, (share, years)).await?;
    }
    Upkeep::new(services.clone()).round().await?;
    mark.ready = true;
    control.set_demo(&mark).await?;
    accounts(services, mark.year).await
}

async fn build(
    services: &Services,
    school: &'static School,
    place: u16,
    seed: u64,
    (share, years): (u32, Years),
) -> Result<()> {
    let calendar = Arc::new(Calendar::new(place));
    let services = Services {
        store: services.store.with_source(calendar.clone()),
        ..services.clone()
    };
    let tenant = school::create(&services, &calendar, years, school).await?;
    let ground = Ground {
        services,
        calendar,
        school,
        tenant,
        years,
        share,
        // Packages mix the year into the seed; the lowest 16 bits are left to it, and to what a year has beside.
        seed: seed.rotate_left(20) ^ (u64::from(place) << 16),
    };
    school::set_up(&ground).await?;
    staff::hire(&ground).await?;
    let mut given = Documents::default();
    let last_spring = years.last_spring()?;
    for year in years.first()..=years.this {
        if year == last_spring {
            lives::spring(&ground, year).await?;
        }
        cohort::bring_in(&ground, year, &mut given).await?;
        if year < years.this {
            lives::first_autumn(&ground, year).await?;
        }
    }
    staff::hire_counsellors(&ground).await?;
    cohort::supplement(&ground, &mut given).await?;
    cohort::leave_one_to_confirm(&ground, &mut given).await?;
    people::activate(&ground).await?;
    tracing::info!(
        school = school.slug,
        "a university of the demonstration is ready"
    );
    Ok(())
}

/// The accounts of the demonstration, in an order that does not change.
async fn accounts(services: &Services, year: i32) -> Result<Vec<DemoAccount>> {
    let mut accounts = vec![DemoAccount {
        tenant: OPERATOR.to_owned(),
        role_zh: "平台运营".to_owned(),
        role_en: "Platform operator".to_owned(),
        login: OPERATOR.to_owned(),
        password: OPERATOR_PASSWORD.to_owned(),
    }];
    for school in &SCHOOLS {
        let row = services.store.control().tenant_by_slug(school.slug).await?;
        if let Some(row) = row {
            accounts.extend(staff::accounts(school));
            accounts.extend(people::accounts(services, TenantId(row.id), school, year).await?);
        }
    }
    Ok(accounts)
}

//! Who gets a slip: students with the accounts that are made for them, and staff.

use super::super::post::{college_among, label_of, read_post};
use super::target;
use crate::{Result, ServiceError};
use domain::institution::{
    Actor, Granted, Office, PersonalScope, PostKind, TenantId, Visible, policy,
};
use domain::person::mask;
use std::collections::HashMap;
use store::{Scope, UnitOfWork, rows};
use uuid::Uuid;

/// Somebody with an account, and what a slip says about them.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub account: rows::Account,
    pub name: String,
    pub number: String,
    pub candidate_number: Option<String>,
    pub place: String,
}

impl Recipient {
    /// Whether the first password has not been set.
    pub fn waits(&self) -> bool {
        self.account.state == "new"
    }

    /// 学号 or 工号; before a student number is assigned, the 考生号, masked.
    pub fn number_or_mask(&self) -> String {
        match &self.candidate_number {
            Some(ksh) if self.number.is_empty() => mask::candidate_number(ksh).to_string(),
            Some(_) | None => self.number.clone(),
        }
    }
}

/// The id that stands for the school as a whole in the audit log.
pub fn school_id(tenant: TenantId) -> Uuid {
    Uuid::from_u128(tenant.0.unsigned_abs().into())
}

/// A class that the post may see.
pub async fn visible_class(scope: &Scope, actor: &Actor, class: Uuid) -> Result<rows::Unit> {
    let row = scope.unit(class).await?;
    if row.kind != "class" {
        return Err(ServiceError::NotFound);
    }
    let mut above = vec![row.id];
    let mut parent = row.parent_id;
    while let Some(id) = parent.filter(|id| !above.contains(id)) {
        above.push(id);
        parent = scope.unit(id).await?.parent_id;
    }
    let seen = match actor.visible() {
        Visible::School => true,
        Visible::College(college) => above.contains(&college),
        Visible::Majors(majors) => majors.iter().any(|m| above.contains(m)),
        Visible::Classes(classes) => classes.contains(&row.id),
        Visible::Own(_) | Visible::Nothing => false,
    };
    if seen {
        Ok(row)
    } else {
        Err(ServiceError::NotFound)
    }
}

/// The class that was asked for, or every class, as far as the post may see them.
pub async fn classes(scope: &Scope, actor: &Actor, class: Option<Uuid>) -> Result<Vec<rows::Unit>> {
    if let Some(id) = class {
        return Ok(vec![visible_class(scope, actor, id).await?]);
    }
    let units = scope.units().await?;
    Ok(units.into_iter().filter(|u| u.kind == "class").collect())
}

/// A student whom the post may see, with an account, and the right to issue something anew.
pub async fn seen_student(
    unit: &mut UnitOfWork,
    actor: &Actor,
    id: Uuid,
) -> Result<(Granted<policy::ReissueSlip>, Recipient)> {
    let student = unit.student(id).await?;
    let granted = actor.authorize::<policy::ReissueSlip>(&target(&student), unit.now())?;
    if student.handed_over_on.is_none() {
        return Err(ServiceError::NotFound);
    }
    let mut classes = Vec::new();
    if let Some(class) = student.class_id {
        classes.push(unit.unit(class).await?);
    }
    let recipient = of_students(unit, vec![student], &classes)
        .await?
        .into_iter()
        .find(|r| r.account.state != "disabled")
        .ok_or(ServiceError::NotFound)?;
    Ok((granted, recipient))
}

/// Students as recipients; those without an account get person, account and post.
pub async fn of_students(
    unit: &mut UnitOfWork,
    students: Vec<rows::Student>,
    classes: &[rows::Unit],
) -> Result<Vec<Recipient>> {
    let mut accounts = student_accounts(unit, &students).await?;
    let without: Vec<&rows::Student> = students
        .iter()
        .filter(|s| !accounts.contains_key(&s.id))
        .collect();
    for (student, account) in new_accounts(unit, &without).await? {
        accounts.insert(student, account);
    }
    Ok(described(students, accounts, classes))
}

/// Recipients without making anything: students with an account only.
pub async fn with_account(
    scope: &Scope,
    students: Vec<rows::Student>,
    classes: &[rows::Unit],
) -> Result<Vec<Recipient>> {
    let accounts = student_accounts(scope, &students).await?;
    Ok(described(students, accounts, classes))
}

fn described(
    students: Vec<rows::Student>,
    mut accounts: HashMap<Uuid, rows::Account>,
    classes: &[rows::Unit],
) -> Vec<Recipient> {
    let place = |student: &rows::Student| {
        let class = classes.iter().find(|c| Some(c.id) == student.class_id);
        class.map_or_else(String::new, |c| c.name.clone())
    };
    students
        .into_iter()
        .filter_map(|student| {
            Some(Recipient {
                account: accounts.remove(&student.id)?,
                place: place(&student),
                name: student.name,
                number: student.student_no.unwrap_or_default(),
                candidate_number: Some(student.ksh),
            })
        })
        .collect()
}

async fn student_accounts(
    scope: &Scope,
    students: &[rows::Student],
) -> Result<HashMap<Uuid, rows::Account>> {
    let persons: Vec<Uuid> = students.iter().filter_map(|s| s.person_id).collect();
    let of_person: HashMap<Uuid, rows::Account> = scope
        .accounts_of_persons(&persons)
        .await?
        .into_iter()
        .filter(|a| a.kind == "student")
        .map(|a| (a.person_id, a))
        .collect();
    Ok(students
        .iter()
        .filter_map(|s| Some((s.id, of_person.get(&s.person_id?)?.clone())))
        .collect())
}

/// Makes person, account and post of students; the account waits for its first password.
async fn new_accounts(
    unit: &mut UnitOfWork,
    students: &[&rows::Student],
) -> Result<Vec<(Uuid, rows::Account)>> {
    let numbers: Vec<String> = students.iter().map(|s| s.ksh.clone()).collect();
    let taken: Vec<String> = unit
        .accounts_by_login(&numbers)
        .await?
        .into_iter()
        .map(|a| a.login)
        .collect();
    let (mut people, mut accounts, mut posts) = (Vec::new(), Vec::new(), Vec::new());
    let mut made = Vec::new();
    let (tenant_id, now, today) = (unit.tenant().0, unit.now(), unit.today());
    for student in students {
        let person = student.person_id.unwrap_or_else(|| unit.id());
        if student.person_id.is_none() {
            people.push(rows::Person {
                tenant_id,
                id: person,
                name: student.name.clone(),
                contact: None,
                created_at: now,
            });
            made.push((student.id, person));
        }
        // A number made by the school may have been used in an earlier year.
        let login = if taken.contains(&student.ksh) {
            format!("{}-{}", student.year, student.ksh)
        } else {
            student.ksh.clone()
        };
        accounts.push((student.id, new_account(unit, person, "student", login)));
        let scope = PersonalScope::Own(student.id);
        posts.push(rows::Post {
            tenant_id,
            id: unit.id(),
            person_id: person,
            office: Office::Student.key().to_owned(),
            kind: PostKind::Student.key().to_owned(),
            scope: serde_json::to_string(&scope)
                .map_err(|_| ServiceError::Internal("scope of a post"))?,
            valid_from: today,
            valid_to: None,
            import_id: None,
        });
    }
    let rows = accounts
        .iter()
        .map(|(_, account)| account.clone())
        .collect();
    unit.insert_people(people, rows, posts).await?;
    for (student, person) in made {
        unit.set_student_person(student, person).await?;
    }
    Ok(accounts)
}

/// An account that waits for its first password.
pub fn new_account(scope: &Scope, person: Uuid, kind: &str, login: String) -> rows::Account {
    rows::Account {
        tenant_id: scope.tenant().0,
        id: scope.id(),
        person_id: person,
        kind: kind.to_owned(),
        login,
        password_hash: None,
        totp: None,
        totp_confirmed: false,
        totp_step: 0,
        state: "new".to_owned(),
        fails: 0,
        locked_until: None,
        import_id: None,
        created_at: scope.now(),
        version: 1,
    }
}

/// The staff as recipients, by login; a slip names the first post.
pub async fn of_staff(scope: &Scope) -> Result<Vec<Recipient>> {
    let units = scope.units_not_over().await?;
    let mut recipients = Vec::new();
    for (account, person, posts) in scope.staff().await? {
        let place = match posts.first() {
            Some(post) => {
                let (office, kind, reach) = read_post(post)?;
                let college = college_among(&units, &reach);
                label_of(office, kind, college).0
            }
            None => String::new(),
        };
        recipients.push(Recipient {
            number: account.login.clone(),
            account,
            name: person.name,
            candidate_number: None,
            place,
        });
    }
    Ok(recipients)
}

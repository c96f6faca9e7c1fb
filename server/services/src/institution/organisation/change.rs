//! Changes of units and people who are there: the row stays with whatever stands on it, and what it was is kept, so that
//! the history can be read and the import taken back.

use super::{from_json, json};
use crate::{Result, ServiceError};
use chrono::NaiveDate;
use domain::institution::organisation::{PersonChange, UnitChange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::keys::Purpose;
use store::seal::{Place, Sealed, open, seal};
use store::{Scope, StoreError, UnitOfWork, rows};
use uuid::Uuid;

const UNIT: &str = "unit";
const PERSON: &str = "person";
const POST: &str = "post";

/// A unit as it was before a change.
#[derive(Debug, Serialize, Deserialize)]
pub struct UnitBefore {
    /// Its name until then.
    pub name: String,
    catalogue_year: Option<i32>,
    national_code: Option<String>,
    duration: Option<String>,
    grade: Option<i32>,
    phone: Option<String>,
    valid_to: Option<NaiveDate>,
    short_names: Vec<ShortNameBefore>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ShortNameBefore {
    layout: String,
    short_name: String,
    approved_by: Uuid,
    approved_on: NaiveDate,
}

#[derive(Debug, Serialize, Deserialize)]
struct PersonBefore {
    name: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct PostBefore {
    valid_to: Option<NaiveDate>,
}

fn kept(
    scope: &Scope,
    import: Uuid,
    (subject, subject_id): (&str, Uuid),
    before: String,
    changed_on: NaiveDate,
) -> rows::OrganisationChange {
    rows::OrganisationChange {
        tenant_id: scope.tenant().0,
        id: scope.id(),
        import_id: import,
        subject: subject.to_owned(),
        subject_id,
        before,
        sealed: None,
        changed_on,
        changed_at: scope.now(),
    }
}

/// Changes units.
pub async fn change_units(
    unit: &mut UnitOfWork,
    import: Uuid,
    changes: Vec<UnitChange>,
) -> Result<()> {
    let mut short = super::short_names(unit).await?;
    for change in changes {
        let row = unit.unit(change.unit).await?;
        let own = short.remove(&row.id).unwrap_or_default();
        let before = UnitBefore {
            name: row.name.clone(),
            catalogue_year: row.catalogue_year,
            national_code: row.national_code.clone(),
            duration: row.duration.clone(),
            grade: row.grade,
            phone: row.phone.clone(),
            valid_to: row.valid_to,
            short_names: own.values().map(short_before).collect(),
        };
        let before = kept(unit, import, (UNIT, row.id), json(&before)?, change.on);
        let names = change.facts.short_names.into_iter().map(|(layout, name)| {
            let same = own.get(&layout).filter(|row| row.short_name == name);
            same.cloned()
                .unwrap_or_else(|| short_name(unit, row.id, layout.key(), name))
        });
        let names = names.collect();
        let id = row.id;
        unit.insert_organisation_changes(vec![before]).await?;
        unit.update_unit(rows::Unit {
            name: change.name,
            catalogue_year: change.facts.catalogue_year,
            national_code: change.facts.national_code,
            duration: change.facts.duration,
            grade: change.facts.grade,
            phone: change.facts.phone,
            valid_to: change.facts.valid_to,
            ..row
        })
        .await?;
        unit.set_short_names(id, names).await?;
    }
    Ok(())
}

/// A short name; whoever confirms the file approves it.
pub fn short_name(
    unit: &UnitOfWork,
    of: Uuid,
    layout: &str,
    short_name: String,
) -> rows::UnitShortName {
    rows::UnitShortName {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        unit_id: of,
        layout: layout.to_owned(),
        short_name,
        approved_by: unit.actor().person(),
        approved_on: unit.today(),
    }
}

fn short_before(row: &rows::UnitShortName) -> ShortNameBefore {
    ShortNameBefore {
        layout: row.layout.clone(),
        short_name: row.short_name.clone(),
        approved_by: row.approved_by,
        approved_on: row.approved_on,
    }
}

/// Changes names, telephones and last days of people who are there.
pub async fn change_people(
    unit: &mut UnitOfWork,
    import: Uuid,
    changes: Vec<PersonChange>,
) -> Result<()> {
    let today = unit.today();
    for change in changes {
        if change.name.is_some() || change.phone.is_some() {
            let person = unit.person(change.person).await?;
            let before = PersonBefore {
                name: person.name.clone(),
            };
            let mut before = kept(unit, import, (PERSON, person.id), json(&before)?, today);
            before.sealed.clone_from(&person.contact);
            let contact = match change.phone {
                Some(phone) => Some(sealed_contact(unit, person.id, &phone)?),
                None => person.contact,
            };
            let name = change.name.unwrap_or(person.name);
            unit.insert_organisation_changes(vec![before]).await?;
            unit.set_person(person.id, &name, contact).await?;
        }
        if let Some((post, last)) = change.end {
            let row = unit.post(post).await?;
            let before = PostBefore {
                valid_to: row.valid_to,
            };
            let before = kept(unit, import, (POST, row.id), json(&before)?, last);
            unit.insert_organisation_changes(vec![before]).await?;
            unit.end_posts(&[row.id], Some(last)).await?;
        }
    }
    Ok(())
}

/// How many changes of other imports stand on those of this one.
pub async fn built_on(scope: &Scope, import: Uuid) -> Result<u64> {
    let own = scope.organisation_changes_of(import).await?;
    let Some(last) = own.last() else {
        return Ok(0);
    };
    let subjects: Vec<Uuid> = own.iter().map(|c| c.subject_id).collect();
    Ok(scope.count_changes_after(&subjects, last.id).await?)
}

/// Puts back what an import changed, the last change first.
pub async fn restore(unit: &mut UnitOfWork, import: Uuid) -> Result<()> {
    let changes = unit.organisation_changes_of(import).await?;
    for change in changes.into_iter().rev() {
        match change.subject.as_str() {
            UNIT => restore_unit(unit, &change).await?,
            PERSON => {
                let before: PersonBefore = from_json(&change.before, "a person before")?;
                unit.set_person(change.subject_id, &before.name, change.sealed)
                    .await?;
            }
            POST => {
                let before: PostBefore = from_json(&change.before, "a post before")?;
                unit.end_posts(&[change.subject_id], before.valid_to)
                    .await?;
            }
            _ => return Err(ServiceError::Internal("subject of a change")),
        }
    }
    Ok(unit.delete_organisation_changes(import).await?)
}

async fn restore_unit(unit: &mut UnitOfWork, change: &rows::OrganisationChange) -> Result<()> {
    let before: UnitBefore = from_json(&change.before, "a unit before")?;
    let row = unit.unit(change.subject_id).await?;
    let names = before
        .short_names
        .into_iter()
        .map(|name| rows::UnitShortName {
            tenant_id: row.tenant_id,
            id: unit.id(),
            unit_id: row.id,
            layout: name.layout,
            short_name: name.short_name,
            approved_by: name.approved_by,
            approved_on: name.approved_on,
        })
        .collect();
    let id = row.id;
    unit.update_unit(rows::Unit {
        name: before.name,
        catalogue_year: before.catalogue_year,
        national_code: before.national_code,
        duration: before.duration,
        grade: before.grade,
        phone: before.phone,
        valid_to: before.valid_to,
        ..row
    })
    .await?;
    Ok(unit.set_short_names(id, names).await?)
}

/// Names that units bore before, with the day each ended, in order of the changes.
pub async fn former_names(scope: &Scope) -> Result<BTreeMap<Uuid, Vec<(String, NaiveDate)>>> {
    let mut names: BTreeMap<Uuid, Vec<(String, NaiveDate)>> = BTreeMap::new();
    for change in scope.unit_changes().await? {
        let before: UnitBefore = from_json(&change.before, "a unit before")?;
        let own = names.entry(change.subject_id).or_default();
        own.push((before.name, change.changed_on));
    }
    Ok(names)
}

#[derive(Serialize, Deserialize)]
struct Contact {
    phone: String,
}

fn place(person: Uuid) -> Place {
    Place::new("person", "contact", person)
}

/// A telephone, sealed as a person's contact.
pub fn sealed_contact(scope: &Scope, person: Uuid, phone: &str) -> Result<Vec<u8>> {
    let contact = Contact {
        phone: phone.to_owned(),
    };
    let plain = json(&contact)?;
    let sealed = seal(
        scope.keys(),
        Purpose::Contact,
        &place(person),
        plain.as_bytes(),
    )
    .map_err(StoreError::from)?;
    Ok(sealed.into_bytes())
}

/// The telephone of a person.
pub fn phone_of(scope: &Scope, person: &rows::Person) -> Result<Option<String>> {
    let Some(sealed) = person.contact.clone() else {
        return Ok(None);
    };
    let sealed = Sealed::stored(sealed);
    let plain = open(scope.keys(), Purpose::Contact, &place(person.id), &sealed)
        .map_err(StoreError::from)?;
    let contact: Contact = serde_json::from_slice(&plain)
        .map_err(|_| ServiceError::Internal("contact of a person"))?;
    Ok(Some(contact.phone))
}

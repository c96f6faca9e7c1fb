//! Confirming: what the good rows say is written.

use super::super::activation::new_account;
use super::change::{change_people, change_units, sealed_contact, short_name};
use super::upload::checked_rows;
use super::{
    MOST_ROWS, OrganisationCounts, Plan, RowState, file_of, json, opened_row, plan, read_of,
    touched,
};
use crate::oversight::bound;
use crate::{Result, ServiceError, Services};
use domain::admission::import::{ImportEvent, ImportState};
use domain::clause::Clause;
use domain::decision::{Machine as _, decide};
use domain::institution::organisation::{Parent, PlannedStaff, PlannedUnit};
use domain::institution::{Actor, Target, policy};
use store::{Detail, StoreError, UnitOfWork, rows};
use uuid::Uuid;

impl Services {
    /// Writes the good rows of an import of units or staff; rows with errors stay out. Accounts of new staff wait for
    /// their activation slips. `seen` is what the preview said: nothing is written that was not shown there. Without it
    /// the rows are written as they are now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Refused`] for an import that cannot be confirmed,
    /// [`StoreError::Stale`] when what is there has changed since the preview.
    pub async fn confirm_organisation(
        &self,
        actor: &Actor,
        import: Uuid,
        seen: Option<&str>,
    ) -> Result<OrganisationCounts> {
        let mut unit = self.store.begin(actor).await?;
        let granted = actor
            .authorize::<policy::ImportOrganisation>(&Target::school(actor.tenant()), unit.now())?;
        // One import after the other: each is checked against what those before it have written.
        unit.own_tenant().await?;
        let batch = unit.import(import).await?;
        let file = file_of(&batch)?;
        let read = read_of(&batch)?;
        let event = ImportEvent::ConfirmAtOnce;
        let confirmed = decide(&granted, read, event, Clause::RESPONSIBILITY)?;
        let stored = unit.import_rows(import, -1, MOST_ROWS).await?;
        let rows = stored.iter().map(|r| opened_row(&unit, r));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        let planned = plan(&unit, file, &rows).await?;
        let (counts, states) = planned.states(&rows);
        // Sent twice: what was confirmed is written, and not once more.
        if batch.state == ImportState::Confirmed.key() {
            return Ok(counts);
        }
        let now = planned.digest(&states)?;
        if seen.is_some_and(|seen| seen != now) {
            return Err(StoreError::Stale.into());
        }
        let name = &batch.file_name;
        let (mut checked, findings) = checked_rows(&unit, import, name, &rows, &planned)?;
        let before = bound::values_of(&unit, planned.changes()).await?;
        match planned {
            Plan::Units(plan) => {
                insert_units(&mut unit, import, plan.units).await?;
                change_units(&mut unit, import, plan.changes).await?;
            }
            Plan::Staff(plan) => {
                insert_staff(&mut unit, import, plan.staff).await?;
                change_people(&mut unit, import, plan.changes).await?;
            }
        }
        let mut good: Vec<(Uuid, Vec<u8>)> = Vec::new();
        for row in &mut checked {
            if [RowState::Good, RowState::Change]
                .map(RowState::key)
                .contains(&&*row.state)
            {
                RowState::Confirmed.key().clone_into(&mut row.state);
                good.push((row.id, row.digest.clone()));
            }
        }
        // What is kept says what was found now, not at the upload.
        unit.clear_checked(import).await?;
        unit.insert_checked(checked, findings).await?;
        unit.set_import_confirmed(import).await?;
        unit.set_import_result(import, &json(&counts)?, "[]", None)
            .await?;
        let text = format!("{} 行", counts.good + counts.changed);
        // What was read is bound row by row by its digest, and what was made of it by its values.
        let read = good.iter().map(|(id, digest)| {
            let digest = domain::audit::hex::encode(digest);
            (*id, String::new(), digest)
        });
        let after = bound::values_of(&unit, touched(&unit, import).await?).await?;
        let detail = bound::between(Detail::text(text), &before, &after);
        let detail = detail.over_values("import_row", read);
        unit.apply(&granted, confirmed, detail).await?;
        unit.commit().await?;
        Ok(counts)
    }
}

async fn insert_units(unit: &mut UnitOfWork, import: Uuid, plan: Vec<PlannedUnit>) -> Result<()> {
    let mut ids: Vec<Uuid> = Vec::with_capacity(plan.len());
    let (mut units, mut short_names) = (Vec::new(), Vec::new());
    let tenant_id = unit.tenant().0;
    for planned in plan {
        let id = unit.id();
        ids.push(id);
        let parent_id = match planned.parent {
            Parent::None => None,
            Parent::Known(id) => Some(id),
            Parent::Planned(at) => Some(
                *ids.get(at)
                    .ok_or(ServiceError::Internal("order of a plan"))?,
            ),
        };
        let names = planned.facts.short_names.into_iter();
        short_names.extend(names.map(|(layout, name)| short_name(unit, id, layout.key(), name)));
        units.push(rows::Unit {
            tenant_id,
            id,
            kind: planned.kind.key().to_owned(),
            parent_id,
            code: planned.code,
            name: planned.name,
            catalogue_year: planned.facts.catalogue_year,
            national_code: planned.facts.national_code,
            duration: planned.facts.duration,
            grade: planned.facts.grade,
            phone: planned.facts.phone,
            valid_from: planned.valid_from,
            valid_to: planned.facts.valid_to,
            import_id: Some(import),
        });
    }
    Ok(unit.insert_units(units, short_names).await?)
}

async fn insert_staff(unit: &mut UnitOfWork, import: Uuid, plan: Vec<PlannedStaff>) -> Result<()> {
    let (mut people, mut accounts, mut posts) = (Vec::new(), Vec::new(), Vec::new());
    for planned in plan {
        let person = planned.person.unwrap_or_else(|| unit.id());
        if planned.person.is_none() {
            people.push(rows::Person {
                tenant_id: unit.tenant().0,
                id: person,
                name: planned.name,
                contact: planned
                    .phone
                    .map(|phone| sealed_contact(unit, person, &phone))
                    .transpose()?,
                created_at: unit.now(),
            });
            accounts.push(rows::Account {
                import_id: Some(import),
                ..new_account(unit, person, "staff", planned.login)
            });
        }
        for planned in planned.posts {
            posts.push(rows::Post {
                tenant_id: unit.tenant().0,
                id: unit.id(),
                person_id: person,
                office: planned.post.office.key().to_owned(),
                kind: planned.post.kind.key().to_owned(),
                scope: json(&planned.post.scope)?,
                valid_from: unit.today(),
                valid_to: planned.valid_to,
                import_id: Some(import),
            });
        }
    }
    Ok(unit.insert_people(people, accounts, posts).await?)
}

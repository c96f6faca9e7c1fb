//! One masked value of one person, shown once, with a reason that the student reads.

use super::reason as check_reason;
use crate::students::snapshot::Snapshot;
use crate::students::{admit, target};
use crate::{Result, ServiceError, Services};
use chrono::TimeDelta;
use domain::institution::{Actor, policy};
use domain::view::access::AccessKind;
use domain::view::record::RevealField;
use store::{Detail, Subject};
use uuid::Uuid;

/// Values one person may have shown in an hour.
const REVEALS_PER_HOUR: u64 = 30;

impl Services {
    /// Shows one value of one person in full. It takes a step-up and a reason, counts against the hour, and is logged in
    /// the same transaction: without the log line there is no value.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a record that the post's lists do not show or a value that is not there,
    /// [`ServiceError::Invalid`] for a reason of fewer than four characters, [`ServiceError::TooMany`] after 30 within
    /// an hour.
    pub async fn reveal(
        &self,
        actor: &Actor,
        student: Uuid,
        field: RevealField,
        reason: &str,
    ) -> Result<String> {
        let mut unit = self.store.begin(actor).await?;
        // Another office learns nothing about a record, not even whether there is one.
        if !actor.may::<policy::Reveal>() {
            admit::<policy::Reveal>(actor, unit.now())?;
        }
        let record = unit.student_seen(&actor.visible(), student).await?;
        let granted = actor.authorize::<policy::Reveal>(&target(actor, &record), unit.now())?;
        let reason = check_reason(reason)?;
        let key = AccessKind::Reveal.key();
        let since = unit.now() - TimeDelta::hours(1);
        if unit.count_accesses(actor.person(), key, since).await? >= REVEALS_PER_HOUR {
            return Err(ServiceError::TooMany);
        }
        let candidate = unit.candidate(record.candidate_id).await?;
        let snapshot = Snapshot::open(unit.keys(), &candidate)?;
        let value = plain(&snapshot, field).ok_or(ServiceError::NotFound)?;
        unit.log_access(Some(student), key, field.key(), &reason, 1)
            .await?;
        unit.note(
            &granted,
            Subject::new("student", student),
            Detail::text(field.key()),
        );
        unit.commit().await?;
        Ok(value)
    }
}

fn plain(snapshot: &Snapshot, field: RevealField) -> Option<String> {
    let facts = &snapshot.facts;
    match field {
        RevealField::IdNumber => facts.id_number.clone(),
        RevealField::CandidateNumber => Some(facts.ksh.clone()),
        RevealField::ExamPermit => facts.zkzh.clone(),
        RevealField::Mobile => facts.contact.mobile.clone(),
        RevealField::Telephone => facts.contact.telephone.clone(),
        RevealField::Address => facts.contact.address.clone(),
        RevealField::Addressee => facts.contact.addressee.clone(),
    }
}

//! One masked value of one person, shown once, with a reason that the student reads.

use super::reason as check_reason;
use crate::admission::records;
use crate::students::snapshot::Snapshot;
use crate::students::{admit, target};
use crate::{Result, ServiceError, Services};
use chrono::TimeDelta;
use domain::audit::hex;
use domain::institution::{Actor, policy};
use domain::view::access::AccessKind;
use domain::view::record::RevealField;
use std::collections::BTreeMap;
use store::keys::TenantKeys;
use store::{Detail, Subject, rows};
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
        let value = match field {
            RevealField::SourceRecord => {
                let row = unit.import_row(candidate.row_id).await?;
                Some(source_record(unit.keys(), &row)?)
            }
            RevealField::IdNumber
            | RevealField::CandidateNumber
            | RevealField::ExamPermit
            | RevealField::Mobile
            | RevealField::Telephone
            | RevealField::Address
            | RevealField::Addressee => plain(&snapshot, field),
        };
        let value = value.ok_or(ServiceError::NotFound)?;
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

/// The records of the province as lines: where each stood, what it says, what a repair has put in its place, and its
/// bytes. They are the reference when a value is disputed (办法 三（五）1（2）).
fn source_record(keys: &TenantKeys, row: &rows::ImportRow) -> Result<String> {
    let pairs = |values: &BTreeMap<String, String>| {
        let pairs = values
            .iter()
            .map(|(column, text)| format!("{column}={text}"));
        pairs.collect::<Vec<_>>().join("；")
    };
    let mut lines = Vec::new();
    for record in records(keys, row)? {
        lines.push(format!("{} #{}", record.file, record.row));
        lines.push(pairs(&record.values));
        if !record.repaired.is_empty() {
            lines.push(format!("→ {}", pairs(&record.repaired)));
        }
        lines.push(format!("HEX {}", hex::encode(&record.raw)));
    }
    Ok(lines.join("\n"))
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
        RevealField::SourceRecord => None,
    }
}

//! Which column of a worksheet is which field, as somebody says it: for this sheet, and for the next one with the same
//! headings.

use super::confirm::queue;
use super::source::{Form, Reading};
use super::{CHECK_JOB, as_seen, json, read_of, refused};
use crate::{Result, ServiceError, Services};
use domain::admission::import::ImportEvent;
use domain::admission::source::{ColumnMapping, MappingError, SourceField};
use domain::clause::Clause;
use domain::decision::{Reason, decide};
use domain::institution::policy::AssignColumns;
use domain::institution::{Actor, Target};
use store::Detail;
use uuid::Uuid;

impl Services {
    /// Assigns the columns of a worksheet that could not be read, or was read otherwise than it should be, and queues its
    /// check. `fields` stand in the order of the headings, nothing for a column that is not used.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] while a field without which nobody can be registered has no column, or one has two;
    /// [`ServiceError::Refused`] once rows of the import are in, or when it is not as it was seen.
    pub async fn assign_columns(
        &self,
        actor: &Actor,
        import: Uuid,
        version: i32,
        fields: &[Option<SourceField>],
    ) -> Result<Uuid> {
        let mut unit = self.store.begin(actor).await?;
        let target = Target::school(actor.tenant());
        let granted = actor.authorize::<AssignColumns>(&target, unit.now())?;
        let row = unit.import(import).await?;
        as_seen(&row, version)?;
        let mut reading = Reading::of(&row)?;
        if reading.form != Form::Table || row.confirmed_at.is_some() {
            return Err(refused(Reason::IllegalMove));
        }
        let columns = ColumnMapping::assign(&reading.headings, fields);
        columns.resolve(&reading.headings).map_err(|error| {
            let code = match error {
                MappingError::Missing(_) => "columns_missing",
                MappingError::Repeated(_) => "columns_repeated",
            };
            ServiceError::Invalid {
                field: "columns",
                code,
            }
        })?;
        let assigned = columns.0.len();
        reading.columns = Some(columns);
        let read = read_of(&row)?;
        let decision = decide(&granted, read, ImportEvent::Assign, Clause::HANDOVER)?;
        unit.set_import_mapping(import, &json(&reading)?).await?;
        unit.set_import_result(import, &row.counts, &row.notices, None)
            .await?;
        unit.apply(&granted, decision, Detail::text(assigned.to_string()))
            .await?;
        let key = format!("{import}:{}", row.version);
        let job = queue(&mut unit, CHECK_JOB, import, key).await?;
        unit.commit().await?;
        Ok(job)
    }
}

//! Repaired rows: only they are uploaded, only they change, and everything is checked again with them in place.

use super::confirm::queue;
use super::files::plain_name;
use super::source::Reading;
use super::{CHECK_JOB, json, read_of};
use crate::sealed_file::Contents;
use crate::{Result, ServiceError, Services};
use domain::admission::import::ImportEvent;
use domain::clause::Clause;
use domain::decision::decide;
use domain::institution::policy::UploadAdmission;
use domain::institution::{Actor, Target};
use store::Detail;
use store::keys::Purpose;
use uuid::Uuid;

impl Services {
    /// Takes repaired rows of an import: the workbook of findings, or any table with the same columns. Rows are found
    /// by the place they came from, else by 考生号; rows that are in already stay as they are.
    ///
    /// # Errors
    /// [`ServiceError::File`] when the file cannot be read, [`ServiceError::Invalid`] when it holds no row,
    /// [`ServiceError::Refused`] while the import is in another state.
    pub async fn repair(
        &self,
        actor: &Actor,
        import: Uuid,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<Uuid> {
        let target = Target::school(actor.tenant());
        actor.authorize::<UploadAdmission>(&target, self.store.now())?;
        let name = plain_name(file_name);
        let sheet = self.read_repair(&name, &bytes).await?;
        if sheet.rows.is_empty() {
            return Err(ServiceError::Invalid {
                field: "file",
                code: "no_rows",
            });
        }
        let file = Contents {
            purpose: "repair",
            sealed_for: Purpose::Source,
            name,
            media: "application/octet-stream",
            bytes,
        };
        let file = self.keep_sealed(actor, self.store.id(), file).await?;
        let mut unit = self.store.begin(actor).await?;
        let granted = actor.authorize::<UploadAdmission>(&target, unit.now())?;
        let row = unit.import(import).await?;
        if row.purpose != "admission" {
            return Err(ServiceError::NotFound);
        }
        let decision = decide(
            &granted,
            read_of(&row)?,
            ImportEvent::Repair,
            Clause::HANDOVER,
        )?;
        let mut reading = Reading::of(&row)?;
        reading.repairs.push(file.id);
        unit.insert_file(file).await?;
        unit.set_import_mapping(import, &json(&reading)?).await?;
        unit.apply(
            &granted,
            decision,
            Detail::text(sheet.rows.len().to_string()),
        )
        .await?;
        let job = queue(
            &mut unit,
            CHECK_JOB,
            import,
            format!("{import}:{}", row.version),
        )
        .await?;
        unit.commit().await?;
        Ok(job)
    }
}

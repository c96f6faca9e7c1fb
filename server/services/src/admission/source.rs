//! What an import was read from: its file, how its columns are read, and the repaired rows put into it.

use super::{blocking, from_json};
use crate::plain::PlainFile;
use crate::{Result, ServiceError, Services, parser};
use domain::admission::path::AdmissionPath;
use domain::admission::repair::merge;
use domain::admission::source::{
    AdmissionPackage, ColumnMapping, MappingError, Notice, SourceField, suggest_mapping,
};
use domain::institution::TenantId;
use domain::text::Label as _;
use domain::view::admission::Unreadable;
use formats::child::{AnswerError, Refused};
use formats::message::UserMessage;
use formats::repair;
use formats::table::{Sheet, to_package};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Scope, rows};
use uuid::Uuid;

/// How an import is read; kept beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// The way of admission.
    #[serde(default)]
    pub(crate) path: AdmissionPath,
    /// What kind of file it is.
    pub(crate) form: Form,
    /// Columns as somebody assigned them; otherwise they are proposed from the headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) columns: Option<ColumnMapping>,
    /// Headings of a worksheet, as they were read last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headings: Vec<String>,
    /// Files with repaired rows, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) repairs: Vec<Uuid>,
    /// How far the other imports had come before its rows were compared with what is in; none when one was just bringing
    /// rows in. See [`store::Scope::others_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) others_at: Option<i64>,
    /// Whether another import that its rows had been compared with was undone, and no check has ended since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) anew: bool,
}

/// What kind of file an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// Province folders in a zip file.
    #[default]
    Package,
    /// One worksheet or csv file.
    Table,
    /// Photos in a zip file.
    Photos,
}

impl Form {
    /// By the ending of the name: what the content is says the parser.
    pub(crate) fn of_name(name: &str) -> Self {
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if ["xlsx", "xls", "csv", "txt"].contains(&ending.as_str()) {
            Self::Table
        } else {
            Self::Package
        }
    }
}

impl Reading {
    pub(crate) fn of(import: &rows::ImportBatch) -> Result<Self> {
        from_json(&import.mapping, "how an import is read")
    }

    /// Whether somebody has said which column is which field: for this worksheet, or for an earlier one that it was
    /// read like.
    pub(crate) fn is_assigned(&self, notices: &[Notice]) -> bool {
        let as_saved = |notice: &Notice| matches!(notice, Notice::ColumnsAsSaved { .. });
        self.columns.is_some() || notices.iter().any(as_saved)
    }

    /// Which column of a worksheet is which field: as somebody said for it, else as somebody said for an earlier one
    /// with the same headings, else as the headings suggest. The truth says that it was an earlier one.
    fn mapping_of(&self, headings: &[String], saved: &[SavedColumns]) -> (ColumnMapping, bool) {
        if let Some(own) = &self.columns {
            return (own.clone(), false);
        }
        let same = |saved: &&SavedColumns| {
            let own: BTreeSet<&String> = headings.iter().collect();
            own == saved.headings.iter().collect()
        };
        match saved.iter().find(same) {
            Some(saved) => (saved.columns.clone(), true),
            None => (suggest_mapping(headings), false),
        }
    }
}

/// The columns of an earlier worksheet, as somebody assigned them.
pub(crate) struct SavedColumns {
    headings: Vec<String>,
    columns: ColumnMapping,
}

/// Imports that are looked through for columns assigned earlier.
const EARLIER: u64 = 500;

/// What was assigned for earlier worksheets `but` one, newest first.
pub(super) async fn saved_columns(scope: &Scope, but: Option<Uuid>) -> Result<Vec<SavedColumns>> {
    let mut saved = Vec::new();
    for earlier in scope.imports("admission", EARLIER).await? {
        let reading = Reading::of(&earlier)?;
        if let Some(columns) = reading.columns.filter(|_| Some(earlier.id) != but) {
            saved.push(SavedColumns {
                headings: reading.headings,
                columns,
            });
        }
    }
    Ok(saved)
}

/// A source with its repaired rows in it.
pub(crate) struct Source {
    pub(crate) package: AdmissionPackage,
    /// The worksheet, where it was one and nothing in it was repaired.
    pub(crate) sheet: Option<(Sheet, ColumnMapping)>,
    /// Headings of a worksheet, and which field each was read as.
    pub(crate) columns: Option<(Vec<String>, ColumnMapping)>,
}

/// The files behind an import.
pub(crate) struct SourceFiles {
    file: rows::StoredFile,
    repairs: Vec<rows::StoredFile>,
    reading: Reading,
    saved: Vec<SavedColumns>,
}

impl SourceFiles {
    /// The file that was uploaded first.
    pub(crate) const fn file(&self) -> &rows::StoredFile {
        &self.file
    }

    pub(crate) async fn of(scope: &Scope, import: &rows::ImportBatch) -> Result<Self> {
        let reading = Reading::of(import)?;
        let mut repairs = Vec::with_capacity(reading.repairs.len());
        for id in &reading.repairs {
            repairs.push(scope.stored_file(*id).await?);
        }
        let saved = if reading.form == Form::Table && reading.columns.is_none() {
            saved_columns(scope, Some(import.id)).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            file: scope.stored_file(import.file_id).await?,
            repairs,
            reading,
            saved,
        })
    }
}

impl Services {
    /// Reads the source of an import; the inner error is one of the file, for its uploader.
    pub(crate) async fn read_source(
        &self,
        tenant: TenantId,
        files: &SourceFiles,
    ) -> Result<std::result::Result<Source, Fault>> {
        let plain = self.open_file(tenant, &files.file).await?;
        let read = self
            .parse_source(&plain, &files.file.name, &files.reading, &files.saved)
            .await;
        drop(plain);
        match read {
            Ok(source) if files.repairs.is_empty() => Ok(Ok(source)),
            Ok(source) => Ok(Ok(self.with_repairs(tenant, files, source).await?)),
            Err(fault) => Ok(Err(fault)),
        }
    }

    /// Reads a file that lies in clear.
    pub(crate) async fn parse_source(
        &self,
        plain: &PlainFile,
        name: &str,
        reading: &Reading,
        saved: &[SavedColumns],
    ) -> std::result::Result<Source, Fault> {
        match reading.form {
            Form::Package | Form::Photos => {
                let package = parser::package(self.parser.as_ref(), plain.path()).await?;
                Ok(Source {
                    package,
                    sheet: None,
                    columns: None,
                })
            }
            Form::Table => {
                let sheet = parser::sheet(self.parser.as_ref(), plain.path()).await?;
                let (mapping, as_saved) = reading.mapping_of(&sheet.headings, saved);
                match to_package(&sheet, name, &mapping) {
                    Ok(mut package) => {
                        package
                            .notices
                            .extend(as_saved.then(|| Notice::ColumnsAsSaved {
                                file: name.to_owned(),
                            }));
                        Ok(Source {
                            package,
                            columns: Some((sheet.headings.clone(), mapping.clone())),
                            sheet: Some((sheet, mapping)),
                        })
                    }
                    Err(error) => {
                        let unreadable = unassigned(&error, sheet.headings, mapping);
                        Err(Fault::Unreadable(unreadable))
                    }
                }
            }
        }
    }

    async fn with_repairs(
        &self,
        tenant: TenantId,
        files: &SourceFiles,
        source: Source,
    ) -> Result<Source> {
        let mut package = source.package;
        let (mut changes, mut left_out, mut unmatched) = (0, 0, 0);
        let default = (files.reading.form == Form::Table).then(|| files.file.name.clone());
        for file in &files.repairs {
            let plain = self.open_file(tenant, file).await?;
            let sheet = parser::sheet(self.parser.as_ref(), plain.path()).await?;
            let default = default.clone();
            let assigned = source.columns.as_ref().map(|(_, mapping)| mapping.clone());
            let merged = blocking(move || {
                let rows = repair::read(&sheet, default.as_deref(), assigned.as_ref());
                Ok(merge(&package, &rows))
            })
            .await?;
            let gone = merged
                .changes
                .iter()
                .filter(|change| change.field.is_none());
            let gone = gone.count();
            changes += (merged.changes.len() - gone) as u64;
            left_out += gone as u64;
            unmatched += merged.unmatched.len() as u64;
            package = merged.package;
        }
        package.notices.push(Notice::Repaired { changes });
        if left_out > 0 {
            package.notices.push(Notice::LeftOut { rows: left_out });
        }
        if unmatched > 0 {
            package
                .notices
                .push(Notice::RepairUnmatched { rows: unmatched });
        }
        Ok(Source {
            package,
            sheet: None,
            columns: source.columns,
        })
    }

    /// Reads a worksheet of repaired rows before anything is kept of it.
    pub(crate) async fn read_repair(&self, name: &str, bytes: &[u8]) -> Result<Sheet> {
        let plain = self.plain.write(name, bytes)?;
        parser::sheet(self.parser.as_ref(), plain.path())
            .await
            .map_err(ServiceError::from)
    }
}

/// Why a source was not read.
pub(crate) enum Fault {
    /// The parser stopped in the middle.
    Broken,
    /// The file cannot be read, in the words of its format.
    Unreadable(Unreadable),
}

impl From<AnswerError> for Fault {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Broken => Self::Broken,
            AnswerError::Refused(refused) => Self::Unreadable(plain_reason(&refused)),
        }
    }
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Broken => plain_reason(&AnswerError::Broken),
            Fault::Unreadable(unreadable) => unreadable,
        }
    }
}

impl From<Fault> for AnswerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Broken => Self::Broken,
            Fault::Unreadable(Unreadable {
                reason: (zh, en), ..
            }) => Self::Refused(Refused { zh, en }),
        }
    }
}

fn plain_reason(error: &impl UserMessage) -> Unreadable {
    Unreadable {
        reason: (error.zh(), error.to_string()),
        headings: Vec::new(),
        mapping: ColumnMapping::default(),
    }
}

fn unassigned(error: &MappingError, headings: Vec<String>, mapping: ColumnMapping) -> Unreadable {
    let names = |fields: &[SourceField]| {
        let names: Vec<&str> = fields.iter().map(|field| field.label().zh).collect();
        names.join("、")
    };
    let zh = match error {
        MappingError::Missing(fields) => {
            format!("没有找到这些列：{}，请指定各列的含义", names(fields))
        }
        MappingError::Repeated(fields) => {
            format!("这些列重复：{}，请指定各列的含义", names(fields))
        }
    };
    Unreadable {
        reason: (zh, error.to_string()),
        headings,
        mapping,
    }
}

//! What a check found, to take away: the rows of the file, each with what was said about it.

use super::{OrganisationPreview, PreviewFinding, PreviewRow};
use crate::admission::blocking;
use crate::template::TemplateFile;
use crate::{Result, ServiceError, Services};
use chrono::NaiveDate;
use domain::institution::{Actor, Target, policy};
use domain::text::{Label as _, Lang};
use formats::workbook::{
    AnnotatedRow, Column, RESULT_HEADING, Remark, WorkbookError, annotate, write_csv,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Headings of the columns behind those of the file.
const ROW: &str = "行号";
const STATE: &str = "状态";

impl Services {
    /// What a check found, row by row, with the rows themselves, to repair and upload again: of a workbook a workbook with
    /// coloured cells, comments and a column 校验结果, of another file one with commas. It bears the name of the file.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn organisation_result(
        &self,
        actor: &Actor,
        import: Uuid,
        lang: Lang,
    ) -> Result<TemplateFile> {
        let here = Target::school(actor.tenant());
        let now = self.store.now();
        actor.authorize::<policy::DownloadOrganisation>(&here, now)?;
        let preview = self.organisation_preview(actor, import).await?;
        let today = domain::calendar::local_date(now);
        blocking(move || {
            let own = preview.import.file_name.as_str();
            let (stem, end) = own.rsplit_once('.').unwrap_or((own, ""));
            let result = lang.pick("检查结果", "result");
            let (end, bytes) = if end.eq_ignore_ascii_case("xlsx") {
                ("xlsx", workbook(&preview, lang, today))
            } else {
                ("csv", commas(&preview, lang))
            };
            Ok(TemplateFile {
                name: format!("{stem} {result}.{end}"),
                bytes: bytes.map_err(|_| ServiceError::Internal("a result"))?,
            })
        })
        .await
    }
}

/// Columns of the file, with the state of each row behind them.
fn columns(preview: &OrganisationPreview, more: &[&str]) -> Vec<Column> {
    let own = preview.headings.iter().map(|heading| Column::text(heading));
    let more = more.iter().map(|heading| Column::text(heading));
    own.chain(more).collect()
}

/// The cells of a row, one for each heading, with its state.
fn cells(preview: &OrganisationPreview, row: &PreviewRow, lang: Lang) -> Vec<String> {
    let mut cells = row.cells.clone();
    cells.resize(preview.headings.len(), String::new());
    cells.push(row.state.label().in_lang(lang).to_owned());
    cells
}

fn said(preview: &OrganisationPreview, line: &PreviewFinding, lang: Lang) -> String {
    let finding = &line.finding;
    let (message, detail) = (finding.message_in(lang), finding.detail.as_str());
    let advice = finding.advice(preview.import.file, lang);
    let told = match (detail.is_empty(), lang) {
        (true, _) => message.to_owned(),
        (false, Lang::Zh) => format!("{message}：{detail}"),
        (false, Lang::En) => format!("{message}: {detail}"),
    };
    match lang {
        Lang::Zh => format!("{}：{told}；{advice}", finding.field),
        Lang::En => format!("{}: {told}; {advice}", finding.field),
    }
}

fn workbook(
    preview: &OrganisationPreview,
    lang: Lang,
    today: NaiveDate,
) -> std::result::Result<Vec<u8>, WorkbookError> {
    let mut found: HashMap<u32, Vec<Remark>> = HashMap::new();
    for line in &preview.findings {
        let mut headings = preview.headings.iter();
        let remark = Remark {
            column: headings.position(|heading| *heading == line.finding.field),
            severity: line.severity,
            text: said(preview, line, lang),
        };
        found.entry(line.finding.row).or_default().push(remark);
    }
    let rows = preview.rows.iter().map(|row| AnnotatedRow {
        row: row.row,
        cells: cells(preview, row, lang),
        remarks: found.remove(&row.row).unwrap_or_default(),
    });
    let title = preview.import.file.label().in_lang(lang);
    annotate(title, &columns(preview, &[STATE]), rows, lang, today)
}

fn commas(
    preview: &OrganisationPreview,
    lang: Lang,
) -> std::result::Result<Vec<u8>, WorkbookError> {
    let mut found: HashMap<u32, Vec<String>> = HashMap::new();
    for line in &preview.findings {
        let own = found.entry(line.finding.row).or_default();
        own.push(said(preview, line, lang));
    }
    let rows = preview.rows.iter().map(|row| {
        let mut cells = cells(preview, row, lang);
        cells.push(row.row.to_string());
        cells.push(found.remove(&row.row).unwrap_or_default().join(" "));
        cells
    });
    write_csv(&columns(preview, &[STATE, ROW, RESULT_HEADING]), rows)
}

//! Templates to fill in: what an import reads, with headings, notes, drop-downs and an example row.

use crate::{Result, ServiceError, Services};
use domain::admission::source::SourceField;
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, Target, policy};
use domain::text::{Label, Lang};
use formats::workbook::{Column, TemplateColumn, write_csv, write_template};

/// A file to download.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// Name it is saved under.
    pub name: String,
    /// The workbook.
    pub bytes: Vec<u8>,
}

const ASSIGNMENT: [(&str, bool, &str); 6] = [
    ("考生号", true, "26310115150001"),
    ("学号", false, "2601010001"),
    ("学院", false, "海洋学院"),
    ("专业", false, "海洋科学"),
    ("班级", true, "26海科1"),
    ("辅导员", false, "xy0101"),
];

/// Columns of a sheet of candidates that cannot be left out.
const NEEDED: [SourceField; 5] = [
    SourceField::Ksh,
    SourceField::Xm,
    SourceField::Xbdm,
    SourceField::Zjlxdm,
    SourceField::Zjhm,
];

fn column(heading: &str, required: bool, example: &str) -> TemplateColumn {
    TemplateColumn {
        heading: heading.to_owned(),
        width: 18.0,
        required,
        note: None,
        choices: Vec::new(),
        example: example.to_owned(),
    }
}

impl Services {
    /// The template with this name: `candidates`, `assignment`, `units` or `staff`, the last two also with `.csv`.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for another name, [`ServiceError::Refused`] for a post without the right.
    pub fn template(&self, actor: &Actor, name: &str, lang: Lang) -> Result<TemplateFile> {
        let now = self.store().now();
        actor.authorize::<policy::DownloadTemplate>(&Target::school(actor.tenant()), now)?;
        if let Some(file) = name
            .strip_suffix(".csv")
            .and_then(OrganisationFile::from_key)
        {
            let bytes = comma_template(file)?;
            let name = format!("{}.csv", file.label().in_lang(lang));
            return Ok(TemplateFile { name, bytes });
        }
        if let Some(file) = OrganisationFile::from_key(name) {
            let bytes = self.organisation_template(actor, file)?;
            let name = format!("{}.xlsx", file.label().in_lang(lang));
            return Ok(TemplateFile { name, bytes });
        }
        let (title, columns) = match name {
            "candidates" => ("录取名单模板", candidate_columns()),
            "assignment" => (
                "编班名单模板",
                ASSIGNMENT
                    .iter()
                    .map(|(h, required, example)| column(h, *required, example))
                    .collect(),
            ),
            _ => return Err(ServiceError::NotFound),
        };
        let notes = [
            "有底色的列必填。第一行示例不导入。".to_owned(),
            "考生号、学号、证件号码请保持文本格式；数字格式会丢失末几位，将被退回。".to_owned(),
            "上传后先检查，确认后才写入；有错误的行不写入。".to_owned(),
            if name == "assignment" {
                "学院、专业只用于核对；辅导员（姓名或工号，须属同一学院）写入其所带班级。"
                    .to_owned()
            } else {
                String::new()
            },
        ];
        let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        let today = domain::calendar::local_date(now);
        let bytes = write_template("名单", &columns, &notes, today)
            .map_err(|_| ServiceError::Internal("template"))?;
        Ok(TemplateFile {
            name: format!("{title}.xlsx"),
            bytes,
        })
    }
}

/// Headings alone: a comma-separated file has no place for notes, and a sample row would be imported.
fn comma_template(file: OrganisationFile) -> Result<Vec<u8>> {
    let columns: Vec<Column> = file
        .headings()
        .iter()
        .map(|heading| Column::text(heading.name))
        .collect();
    let none: [Vec<String>; 0] = [];
    write_csv(&columns, none).map_err(|_| ServiceError::Internal("template"))
}

fn candidate_columns() -> Vec<TemplateColumn> {
    SourceField::ALL
        .into_iter()
        .map(|field| column(field.label().zh, NEEDED.contains(&field), ""))
        .collect()
}

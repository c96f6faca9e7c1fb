//! Templates to fill in: what an import reads, with headings, notes, drop-downs and an example row.

use crate::{Result, ServiceError, Services};
use domain::admission::source::{ColumnMapping, SourceField};
use domain::codes::{EthnicGroup, PoliticalStatus, Sex};
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, Target, policy};
use domain::person::id_number::IdType;
use domain::text::{Label, Lang};
use formats::table::EXAMPLE_MARK;
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

/// Headings and a sample row, which is marked so that it is not imported; a comma-separated file has no place for notes.
fn comma_template(file: OrganisationFile) -> Result<Vec<u8>> {
    let headings = file.headings();
    let columns: Vec<Column> = headings.iter().map(|h| Column::text(h.name)).collect();
    let mut sample: Vec<String> = headings.iter().map(|h| h.sample.to_owned()).collect();
    if let Some(first) = sample.first_mut() {
        first.insert_str(0, EXAMPLE_MARK);
    }
    write_csv(&columns, [sample]).map_err(|_| ServiceError::Internal("template"))
}

/// What is needed is what the columns of an upload are asked for.
fn candidate_columns() -> Vec<TemplateColumn> {
    SourceField::ALL
        .into_iter()
        .map(|field| TemplateColumn {
            note: note(field).map(str::to_owned),
            choices: choices(field),
            ..column(
                field.label().zh,
                ColumnMapping::REQUIRED.contains(&field),
                example(field),
            )
        })
        .collect()
}

/// The values of a field that has few.
fn choices(field: SourceField) -> Vec<String> {
    let names: Vec<&str> = match field {
        SourceField::Xbdm => [Sex::Male, Sex::Female].map(|sex| sex.label().zh).to_vec(),
        SourceField::Zjlxdm => IdType::ALL.iter().map(|kind| kind.label().zh).collect(),
        SourceField::Mzdm => EthnicGroup::all().iter().map(|group| group.name).collect(),
        SourceField::Zzmmdm => PoliticalStatus::all()
            .iter()
            .map(|status| status.name)
            .collect(),
        _ => Vec::new(),
    };
    names.into_iter().map(str::to_owned).collect()
}

/// How a field is filled in, where that is not plain.
const fn note(field: SourceField) -> Option<&'static str> {
    Some(match field {
        SourceField::Ksh => {
            "文本格式。普通高考录取为 14 位数字；专升本、第二学士学位、港澳台为 10–18 位数字或大写字母，上传时选择对应的类别"
        }
        SourceField::Xm => "与身份证件一致；少数民族姓名的间隔号用“·”",
        SourceField::Xbdm => "男或女；也可填代码 1（男）、2（女）",
        SourceField::Csrq => "8 位数字，如 20080101；可以不填，按身份证号得出",
        SourceField::Mzdm => "名称或 GB/T 3304 的两位代码，如 汉族 或 01",
        SourceField::Zzmmdm => "名称或 GB/T 4762 的两位代码，如 共青团员 或 03",
        SourceField::Zjlxdm => "不填按居民身份证；港澳台类别必须填写",
        SourceField::Zjhm => "文本格式；居民身份证为 18 位，末位 X 大写",
        SourceField::Lqzy => "录取专业代号、专业代码、录取专业至少填一项，用于对应本校专业",
        SourceField::Zydm => "国标专业代码，如 070701",
        SourceField::Xh => "只在专升本等类别保留；普通高考录取不读，学号由学校编排",
        SourceField::Rxrq => "8 位数字，如 20260901；只在专升本等类别保留",
        SourceField::Tdyydm => "填写后该行按退档处理，不导入；录取的考生留空",
        SourceField::Yxdm => "本校的 5 位院校代码；可以不填",
        SourceField::Yzbm => "6 位数字，文本格式",
        SourceField::Lxsj | SourceField::Lxdh => "文本格式",
        _ => return None,
    })
}

/// The number's check character is wrong on purpose: it is nobody's.
const fn example(field: SourceField) -> &'static str {
    match field {
        SourceField::Ksh => "26310115150001",
        SourceField::Xm => "张三",
        SourceField::Xbdm => "男",
        SourceField::Csrq => "20080101",
        SourceField::Mzdm => "汉族",
        SourceField::Zzmmdm => "群众",
        SourceField::Zjlxdm => "居民身份证",
        SourceField::Zjhm => "110101200801010011",
        SourceField::Zymc => "海洋科学",
        SourceField::Zydm => "070701",
        SourceField::Ccdm => "本科",
        SourceField::Xzdm => "4",
        SourceField::Xxxs => "普通全日制",
        SourceField::Pcdm => "本科批",
        _ => "",
    }
}

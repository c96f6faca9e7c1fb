//! What is said once about a source, never once per row.

mod summary;

use crate::admission::online::OnlineField;
use crate::text::{Label as _, Lang};
use serde::{Deserialize, Serialize};

/// One line about an upload or a folder as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// A coded column has values but its dictionary is not in the folder.
    DictionaryAbsent {
        /// Folder.
        folder: String,
        /// Dictionary, for example `TD_PCDM`.
        table: String,
        /// The coded column.
        field: String,
    },
    /// Files that are no part of an admission package were not read.
    FilesIgnored {
        /// How many.
        count: u32,
        /// Some of their names.
        examples: Vec<String>,
    },
    /// Every row carries another year than the import.
    ForeignYear {
        /// The year the import is for.
        expected: u16,
        /// Rows of another year.
        rows: u64,
    },
    /// Every row names another school.
    ForeignSchool {
        /// Code of the importing school.
        expected: String,
        /// Rows of another school.
        rows: u64,
    },
    /// A table whose bytes are UTF-8 although provinces use GB 18030.
    Utf8Table {
        /// Path inside the upload.
        file: String,
    },
    /// Repaired rows were put into the source before this check.
    Repaired {
        /// Values that changed.
        changes: u64,
    },
    /// Another import, which the rows had been compared with, was undone before this check.
    CheckedAnew,
    /// Rows that a repair left out; they are neither checked nor counted.
    LeftOut {
        /// How many.
        rows: u64,
    },
    /// The columns of a worksheet were read as somebody assigned them for an earlier one with the same headings.
    ColumnsAsSaved {
        /// Name of the file.
        file: String,
    },
    /// Only the first visible worksheet of a workbook is read.
    SheetsIgnored {
        /// Names of the others.
        names: Vec<String>,
    },
    /// A code table holds text that is not GB 18030: what it says of these codes cannot be trusted.
    DictionaryDamaged {
        /// Folder.
        folder: String,
        /// The table, for example `TD_ZYDH`.
        table: String,
        /// Records of it.
        rows: u64,
    },
    /// A folder of which nothing was read, because one of its tables cannot be used; the other folders stand.
    FolderUnread {
        /// Folder.
        folder: String,
        /// The first of its files that cannot be used.
        file: String,
        /// What is wrong with them, zh-CN.
        zh: String,
        /// The same in English.
        en: String,
    },
    /// A field of 办法 三（五）1（3） without a column in the whole folder: it is due, no row is wrong.
    ColumnAbsent {
        /// Folder.
        folder: String,
        /// The field.
        field: OnlineField,
    },
    /// Repaired rows that fit no row of the source were not used.
    RepairUnmatched {
        /// How many.
        rows: u64,
    },
}

impl Notice {
    /// The line in one language.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::DictionaryAbsent {
                folder,
                table,
                field,
            } => {
                format!("“{folder}”缺少代码表 {table}，{field} 保留原代码，不逐行提示")
            }
            Self::FilesIgnored { count, examples } => {
                format!(
                    "{count} 个文件不属于录取数据，未读取：{}",
                    examples.join("、")
                )
            }
            Self::ForeignYear { expected, rows } => {
                format!("全部 {rows} 行的考生号都不是 {expected} 年的，请确认是否选错了文件或年份")
            }
            Self::ForeignSchool { expected, rows } => {
                format!("全部 {rows} 行的院校代码都不是 {expected}，请确认是否为本校文件")
            }
            Self::Utf8Table { file } => format!("{file} 的文字为 UTF-8 编码，已按 UTF-8 读取"),
            Self::Repaired { changes } => {
                format!("已用上传的改正行替换 {changes} 处，原始数据另行保存")
            }
            Self::CheckedAnew => {
                "曾与之比对的另一次导入已撤销，本次导入的各行已重新检查".to_owned()
            }
            Self::LeftOut { rows } => {
                format!("按改正行的“删除”略过 {rows} 行，原始数据另行保存")
            }
            Self::ColumnsAsSaved { file } => {
                format!("{file} 的各列按上次为同样表头保存的对应关系读取")
            }
            Self::SheetsIgnored { names } => {
                format!(
                    "只读取第一个可见的工作表，未读取：{}；如有数据请另行上传",
                    names.join("、")
                )
            }
            Self::DictionaryDamaged {
                folder,
                table,
                rows,
            } => {
                format!(
                    "“{folder}”的代码表 {table} 有 {rows} 行不是 GB 18030 文字，名称可能有误，请重新导出后再确认"
                )
            }
            Self::FolderUnread { folder, zh, .. } => {
                format!(
                    "“{folder}”没有读入，其余文件夹不受影响：{zh}；请重新导出该文件夹后单独上传"
                )
            }
            Self::ColumnAbsent { folder, field } => {
                let (name, step) = (field.label().zh, field.filled_by().label().zh);
                let alone = if *field == OnlineField::Major {
                    "；如其中不止一个专业，请补上专业列后重新上传"
                } else {
                    ""
                };
                format!("“{folder}”没有{name}列：{name}列为待补，由“{step}”补齐，不逐行提示{alone}")
            }
            Self::RepairUnmatched { rows } => {
                format!(
                    "{rows} 个改正行在原文件中没有对应的行，或考生号在几个文件夹中都有，未使用；请保留“来源文件”“来源行”两列"
                )
            }
        }
    }

    fn en(&self) -> String {
        match self {
            Self::DictionaryAbsent {
                folder,
                table,
                field,
            } => {
                format!(
                    "No code table {table} in \"{folder}\"; codes in {field} are kept as they are, rows are not flagged"
                )
            }
            Self::FilesIgnored { count, examples } => {
                format!(
                    "{count} files are no admission data and were not read: {}",
                    examples.join(", ")
                )
            }
            Self::ForeignYear { expected, rows } => {
                format!(
                    "None of the {rows} candidate numbers is of {expected}; check the file and the year chosen"
                )
            }
            Self::ForeignSchool { expected, rows } => {
                format!(
                    "None of the {rows} rows is of school {expected}; check that the file is yours"
                )
            }
            Self::Utf8Table { file } => format!("{file} is written in UTF-8 and was read as UTF-8"),
            Self::Repaired { changes } => {
                format!(
                    "{changes} values were replaced by repaired rows; the source itself is kept as it came"
                )
            }
            Self::CheckedAnew => {
                "Another import that the rows had been compared with was undone; they were checked anew"
                    .to_owned()
            }
            Self::LeftOut { rows } => {
                format!(
                    "{rows} records were left out as the repaired rows say; the source itself is kept as it came"
                )
            }
            Self::ColumnsAsSaved { file } => {
                format!(
                    "The columns of {file} were read as they were assigned for an earlier sheet with the same headings"
                )
            }
            Self::SheetsIgnored { names } => {
                format!(
                    "Only the first visible worksheet is read. Not read: {}; upload them separately if they hold data",
                    names.join(", ")
                )
            }
            Self::DictionaryDamaged {
                folder,
                table,
                rows,
            } => {
                format!(
                    "{rows} records of the code table {table} of \"{folder}\" are not GB 18030 text; names may be wrong, export it again before you confirm"
                )
            }
            Self::FolderUnread { folder, en, .. } => {
                format!(
                    "Nothing of \"{folder}\" was read; the other folders are not affected: {en}; export this folder again and upload it alone"
                )
            }
            Self::ColumnAbsent { folder, field } => {
                let (name, step) = (field.label().en, field.filled_by().label().en);
                let alone = if *field == OnlineField::Major {
                    "; if it holds more than one major, add a column for it and upload again"
                } else {
                    ""
                };
                format!(
                    "\"{folder}\" has no column for {name}: it is listed as due, filled by \"{step}\", and rows are not flagged{alone}"
                )
            }
            Self::RepairUnmatched { rows } => {
                format!(
                    "{rows} repaired rows fit no row of the source, or several folders have their number; they were not used. Keep the columns 来源文件 and 来源行"
                )
            }
        }
    }
}

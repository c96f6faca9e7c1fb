//! Why a worksheet or csv file is refused.

use crate::archive::ArchiveError;
use crate::message::UserMessage;

/// Why a table cannot be read. Nothing of it has been used then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// More bytes than accepted.
    #[error("the file is larger than the {limit} bytes allowed; split it")]
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The zip container is refused.
    #[error("the worksheet file is refused: {0}")]
    Container(ArchiveError),
    /// An xls file of before 2007, or an encrypted xlsx file: both are the same container.
    #[error("this is an .xls file or an encrypted workbook; save it as .xlsx without a password")]
    OldOrEncrypted,
    /// Macros or links to other files.
    #[error("the workbook holds macros or links to other files; save it as a plain .xlsx")]
    Active,
    /// Neither xlsx nor text.
    #[error("this is neither an .xlsx workbook nor a csv file")]
    NotATable,
    /// Claims that no real workbook makes (string tables, declarations, encodings).
    #[error(
        "the workbook is damaged or was not made by a spreadsheet program; save it again as .xlsx"
    )]
    Suspicious,
    /// The workbook cannot be parsed.
    #[error("the workbook is damaged; open it, save it again and upload that file")]
    Damaged,
    /// No worksheet with content.
    #[error("the file holds no row")]
    Empty,
    /// The first row is no row of headings but one of a person.
    #[error(
        "row {row} should hold the headings of the columns but holds numbers of a person; put a row of headings above it and upload the file again, or that person would be left out"
    )]
    NoHeadings {
        /// Row, from 1.
        row: u32,
    },
    /// Too many worksheets.
    #[error("the workbook has more than {limit} worksheets")]
    TooManySheets {
        /// Worksheets allowed.
        limit: usize,
    },
    /// Too many rows.
    #[error("the table has more than {limit} rows; split it")]
    TooManyRows {
        /// Rows allowed.
        limit: usize,
    },
    /// A cell far to the right.
    #[error("row {row} has a cell beyond column {limit}; delete the columns that are not used")]
    TooManyColumns {
        /// Row, from 1.
        row: u32,
        /// Columns allowed.
        limit: u32,
    },
    /// Too many cells.
    #[error("the table has more than {limit} cells or too much text; split it")]
    TooManyCells {
        /// Cells allowed.
        limit: usize,
    },
    /// One cell is too long; in a csv file usually a quotation mark that is not closed.
    #[error(
        "a cell that begins in row {row} is longer than {limit} characters; in a csv file look for an unclosed quotation mark"
    )]
    CellTooLong {
        /// Row, from 1.
        row: u32,
        /// Characters allowed.
        limit: usize,
    },
    /// Bytes that are no text in any of the usual encodings.
    #[error(
        "the text cannot be decoded (tried UTF-8, UTF-16 and GB 18030); save the file as UTF-8"
    )]
    Undecodable,
}

impl UserMessage for TableError {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge { limit } => format!("文件超过上限 {limit} 字节，请分批上传"),
            Self::Container(error) => format!("工作簿文件不能读取：{}", error.zh()),
            Self::OldOrEncrypted => {
                "这是 .xls 旧格式或加密的工作簿，请另存为不设密码的 .xlsx".to_owned()
            }
            Self::Active => "工作簿含宏或外部链接，请另存为普通 .xlsx".to_owned(),
            Self::NotATable => "既不是 .xlsx 工作簿，也不是 csv 文件".to_owned(),
            Self::Suspicious => "工作簿已损坏或不是表格软件生成的，请重新另存为 .xlsx".to_owned(),
            Self::Damaged => "工作簿已损坏，请打开后重新保存再上传".to_owned(),
            Self::Empty => "文件中没有数据".to_owned(),
            Self::NoHeadings { row } => format!(
                "第 {row} 行应是列名，却是一个人的数据（含证件号、考生号一类号码）；请在其上方加一行列名后重新上传，否则会漏掉此人"
            ),
            Self::TooManySheets { limit } => format!("工作表超过 {limit} 个"),
            Self::TooManyRows { limit } => format!("超过 {limit} 行，请分批上传"),
            Self::TooManyColumns { row, limit } => {
                format!("第 {row} 行在第 {limit} 列以后仍有内容，请删除多余的列")
            }
            Self::TooManyCells { limit } => format!("单元格超过 {limit} 个或文字过多，请分批上传"),
            Self::CellTooLong { row, limit } => {
                format!("从第 {row} 行开始的单元格超过 {limit} 字，csv 文件请检查未闭合的引号")
            }
            Self::Undecodable => {
                "文字无法解码（已试 UTF-8、UTF-16、GB 18030），请另存为 UTF-8".to_owned()
            }
        }
    }
}

//! What can be wrong with a table, in words that name the place.

use crate::message::UserMessage;

/// Why a table cannot be read. Nothing of it has been used when this is returned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbfError {
    /// The first byte is not one of the known dBASE versions, or the file is shorter than a header.
    #[error(
        "this is not a DBF table (it begins with byte {version:#04x}); export it again from the admission system"
    )]
    NotDbf {
        /// First byte of the file, 0 when empty.
        version: u8,
    },
    /// The file is larger than the limit.
    #[error("the table has {bytes} bytes, more than the {limit} allowed; split the package")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
    /// The header declares more records than are accepted.
    #[error("the header declares {declared} records, more than the {limit} allowed")]
    TooManyRecords {
        /// Number declared.
        declared: u32,
        /// Number allowed.
        limit: u32,
    },
    /// The column list is missing, unterminated or has no columns.
    #[error("the column list of the header is damaged")]
    BadHeader,
    /// A column definition makes no sense.
    #[error("column {index} of the header is damaged ({reason})")]
    BadField {
        /// Column, from 1.
        index: usize,
        /// What is wrong with it.
        reason: FieldFault,
    },
    /// The sum of the column widths is not the record length of the header.
    #[error("the header says {declared} bytes a record but its columns add up to {columns}")]
    LengthMismatch {
        /// Record length in the header.
        declared: usize,
        /// One plus the sum of the widths.
        columns: usize,
    },
    /// The file ends before its last record.
    #[error(
        "the table is cut short: {declared} records declared, {whole} whole records present; transfer it again"
    )]
    Truncated {
        /// Records declared in the header.
        declared: u32,
        /// Whole records readable.
        whole: u32,
    },
    /// The file holds more records than its header declares.
    #[error("the header declares {declared} records but the file holds {found}; export it again")]
    MoreRecords {
        /// Records declared in the header.
        declared: u32,
        /// Whole records present.
        found: u64,
    },
    /// A record begins with a byte that is neither "live" nor "deleted".
    #[error(
        "record {record} begins with byte {flag:#04x} instead of a blank or an asterisk; the table is damaged there"
    )]
    RecordFlag {
        /// Record, from 1.
        record: u32,
        /// The byte found.
        flag: u8,
    },
}

/// What is wrong with a column definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    /// No name.
    NoName,
    /// A name used before.
    Repeated,
    /// Width zero.
    NoWidth,
    /// A type letter that no dBASE version defines.
    UnknownType(u8),
}

impl std::fmt::Display for FieldFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoName => f.write_str("no name"),
            Self::Repeated => f.write_str("name used twice"),
            Self::NoWidth => f.write_str("width 0"),
            Self::UnknownType(letter) => write!(f, "unknown type {letter:#04x}"),
        }
    }
}

impl FieldFault {
    fn zh(self) -> String {
        match self {
            Self::NoName => "无字段名".to_owned(),
            Self::Repeated => "字段名重复".to_owned(),
            Self::NoWidth => "宽度为 0".to_owned(),
            Self::UnknownType(letter) => format!("未知类型 {letter:#04x}"),
        }
    }
}

impl UserMessage for DbfError {
    fn zh(&self) -> String {
        match self {
            Self::NotDbf { version } => {
                format!("不是 DBF 库文件（首字节 {version:#04x}），请从录取系统重新导出")
            }
            Self::TooLarge { bytes, limit } => {
                format!("文件 {bytes} 字节，超过上限 {limit} 字节，请分批上传")
            }
            Self::TooManyRecords { declared, limit } => {
                format!("文件头记 {declared} 行，超过上限 {limit} 行")
            }
            Self::BadHeader => "文件头的字段表已损坏".to_owned(),
            Self::BadField { index, reason } => {
                format!("文件头第 {index} 个字段已损坏（{}）", reason.zh())
            }
            Self::LengthMismatch { declared, columns } => {
                format!("文件头记每行 {declared} 字节，各字段合计 {columns} 字节，两者不符")
            }
            Self::Truncated { declared, whole } => {
                format!("文件不完整：文件头记 {declared} 行，完整可读 {whole} 行，请重新传输")
            }
            Self::MoreRecords { declared, found } => {
                format!("文件头记 {declared} 行，实有 {found} 行，请重新导出")
            }
            Self::RecordFlag { record, flag } => {
                format!("第 {record} 行首字节为 {flag:#04x}，既非空格也非星号，文件在此处损坏")
            }
        }
    }
}

/// Why a table was not written. Values are never quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbfWriteError {
    /// A column name is not 1–10 of `A-Z 0-9 _`, is used twice, or its width is not 1–254.
    #[error("column {column} cannot be written: name 1-10 of A-Z 0-9 _, each once, width 1-254")]
    BadColumn {
        /// Column name as asked for.
        column: String,
    },
    /// No columns, more than 255, or records longer than the format allows.
    #[error("the table would have too many or no columns")]
    BadLayout,
    /// A row has more or fewer values than there are columns.
    #[error("row {row} has {found} values for {expected} columns")]
    RowWidth {
        /// Row, from 1.
        row: u32,
        /// Values found.
        found: usize,
        /// Columns.
        expected: usize,
    },
    /// A character has no code in the target encoding (a four byte character in a GBK file, U+FFFD).
    #[error(
        "row {row}, column {column}: a character cannot be written in this encoding; enter this record by hand"
    )]
    NotEncodable {
        /// Row, from 1.
        row: u32,
        /// Column name.
        column: String,
    },
    /// A value is longer than its column.
    #[error("row {row}, column {column}: {bytes} bytes do not fit into {width}")]
    TooLong {
        /// Row, from 1.
        row: u32,
        /// Column name.
        column: String,
        /// Bytes of the value.
        bytes: usize,
        /// Bytes of the column.
        width: u8,
    },
    /// The written cell does not read back as the value (a trailing blank or a NUL).
    #[error("row {row}, column {column}: the written value does not read back the same")]
    ReadBack {
        /// Row, from 1.
        row: u32,
        /// Column name.
        column: String,
    },
    /// More rows than a table can count.
    #[error("too many rows for one table")]
    TooManyRows,
}

impl UserMessage for DbfWriteError {
    fn zh(&self) -> String {
        match self {
            Self::BadColumn { column } => {
                format!(
                    "字段 {column} 不能写入：字段名须为 1–10 位 A–Z、0–9、_，不重复，宽度 1–254"
                )
            }
            Self::BadLayout => "没有字段或字段过多，不能成表".to_owned(),
            Self::RowWidth {
                row,
                found,
                expected,
            } => format!("第 {row} 行有 {found} 个值，应为 {expected} 个"),
            Self::NotEncodable { row, column } => {
                format!("第 {row} 行 {column}：含目标编码没有的字，请在平台上手工录入该行")
            }
            Self::TooLong {
                row,
                column,
                bytes,
                width,
            } => {
                format!("第 {row} 行 {column}：{bytes} 字节，超过字段宽度 {width}")
            }
            Self::ReadBack { row, column } => {
                format!("第 {row} 行 {column}：写入后读回不一致（首尾空格或空字符）")
            }
            Self::TooManyRows => "行数超出一个库文件的上限".to_owned(),
        }
    }
}

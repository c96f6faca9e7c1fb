//! Records, candidate numbers and the tables they stand in.

use super::{EXPORT_AGAIN, PROVINCE, REPAIR, Words, words};
use crate::text::Text;

pub(super) const DELETED: Words = words(
    ("已删除行", "Deleted record"),
    (
        "该行在库文件中已作删除标记，不导入，只计数",
        "The record is flagged as deleted in the file; it is counted and not imported",
    ),
    Text::new(
        "如该考生确已录取，请从录取系统重新导出",
        "If the candidate was admitted, export again from the admission system",
    ),
);

pub(super) const WITHDRAWN: Words = words(
    ("退档", "Withdrawn"),
    (
        "退档原因不为空，该考生未被录取，不导入，只计数",
        "A reason of withdrawal is given: the candidate was not admitted; the row is counted and not imported",
    ),
    Text::new(
        "无需处理；如该考生实际报到，请与省级招生部门核实",
        "Nothing to do; ask the province if the candidate arrives all the same",
    ),
);

pub(super) const UNREAD_FOLDER: Words = words(
    ("未读入的文件夹", "Folder not read"),
    (
        "文件夹中有库文件不能读取，整个文件夹没有读入，其余文件夹不受影响",
        "A table of the folder cannot be read: nothing of the folder was read, the other folders are not affected",
    ),
    Text::new(
        "从录取系统重新导出该文件夹，单独上传",
        "Export the folder again from the admission system and upload it alone",
    ),
);

pub(super) const UNDECODABLE: Words = words(
    ("无法解码", "Undecodable text"),
    (
        "单元格中有不是 GB 18030 的字节，不能确定原文",
        "The cell holds bytes that are not GB 18030; the text cannot be known",
    ),
    EXPORT_AGAIN,
);

pub(super) const BAD_KSH: Words = words(
    ("考生号格式不符", "Malformed candidate number"),
    (
        "考生号应为 14 位数字（专升本、第二学士学位、港澳台学生，含其保留入学资格后入学的，为 10–18 位数字或大写字母）",
        "A candidate number has 14 digits (top-up, second degree, Hong Kong, Macao and Taiwan, also of those who come back: 10-18 digits or capital letters)",
    ),
    Text::new(
        "号码写错的，在问题清单的工作簿中改正该行，只上传改正过的行；号码由学校编排的，把这些行另存一表，上传时选择对应的“类别”",
        "If the number is wrong, correct the row in the workbook of findings and upload only the corrected rows; if the school made it, put these rows into a table of their own and choose its path when uploading",
    ),
);

pub(super) const OTHER_PATH: Words = words(
    ("号码属于其他类别", "Candidate number of another path"),
    (
        "考生号是学校编排的号码（专升本、第二学士学位、港澳台），本次按“普通高考录取”上传；接受后，该考生按普通高考录取入库",
        "The candidate number is one that a school makes (top-up, second degree, Hong Kong, Macao and Taiwan), and the upload is for the national examination; once accepted, the candidate goes in as admitted by the national examination",
    ),
    Text::new(
        "把这些行另存一表，上传时选择对应的“类别”；确属普通高考录取的，核对录取名册后注明理由接受",
        "Put these rows into a table of their own and choose its path when uploading; if the candidate was admitted by the national examination, compare the list of the admitted and accept it with the reason",
    ),
);

pub(super) const WRONG_YEAR: Words = words(
    ("考生号年份不符", "Candidate number of another year"),
    (
        "考生号前两位不是本次导入的录取年份",
        "The first two digits of the candidate number are not the admission year of this import",
    ),
    Text::new(
        "确认是否选错文件或年份；保留入学资格的学生沿用原考生号，请把该行另存一表，按“保留入学资格后入学”类别上传",
        "Check the file and the year; a deferred student keeps the old number: put the row into a table of its own and upload it by the path \"Entry after deferred admission\"",
    ),
);

pub(super) const WRONG_SCHOOL: Words = words(
    ("院校代码不符", "Another school"),
    (
        "院校代码不是本校代码",
        "The school code is not that of this university",
    ),
    Text::new(
        "确认文件是否属于本校；不属于本校的行请删除",
        "Check that the file is yours; remove rows of other schools",
    ),
);

pub(super) const UNKNOWN_PROVINCE: Words = words(
    ("考生号省份不存在", "No such province"),
    (
        "考生号第 3–4 位不是 GB/T 2260 的省级代码",
        "Digits 3 and 4 of the candidate number are no province of GB/T 2260",
    ),
    REPAIR,
);

pub(super) const DUPLICATE_KSH: Words = words(
    ("考生号重复", "Repeated candidate number"),
    (
        "同一文件夹内有多行使用同一考生号",
        "Several rows of one folder carry the same candidate number",
    ),
    Text::new(
        "确认保留哪一行，其余行请省级招生部门说明或从文件中删除",
        "Decide which row is right; have the others explained or removed",
    ),
);

pub(super) const CONFLICTING_PROVINCE: Words = words(
    ("两省冲突", "One candidate in two provinces"),
    (
        "同一考生出现在两个省份的数据中",
        "The same candidate appears in the data of two provinces",
    ),
    PROVINCE,
);

pub(super) const ORPHAN_TDD: Words = words(
    ("缺少报名信息", "No personal data"),
    (
        "投档单中有该考生，报名库 T_BMK 中没有，个人信息缺失",
        "The candidate is in T_TDD but not in T_BMK: personal data are missing",
    ),
    EXPORT_AGAIN,
);

pub(super) const ORPHAN_BMK: Words = words(
    ("缺少投档信息", "No offer"),
    (
        "报名库中有该考生，投档单 T_TDD 中没有，不能确认录取",
        "The candidate is in T_BMK but not in T_TDD: the admission is not proven",
    ),
    EXPORT_AGAIN,
);

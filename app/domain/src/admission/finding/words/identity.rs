//! Identity and coded fields.

use super::{PROVINCE, Words, words};
use crate::text::Text;

pub(super) const MISSING_SEX: Words = words(
    ("性别缺失", "No sex"),
    (
        "性别为空或不是男、女，学信网只接受男、女",
        "The sex is empty or neither male nor female; the platform takes no other value",
    ),
    PROVINCE,
);

pub(super) const BAD_ID_TYPE: Words = words(
    ("证件类型不明", "Unknown kind of document"),
    (
        "证件类型代码在代码表中没有，已按“其他”处理",
        "The kind of document is in no table and is taken as \"other\"",
    ),
    Text::new(
        "核对证件，必要时改正证件类型",
        "Look at the document and correct its kind if need be",
    ),
);

pub(super) const BAD_ID_NUMBER: Words = words(
    ("证件号码格式不符", "Malformed ID number"),
    (
        "证件号码不符合该类证件的格式（居民身份证应为 18 位）",
        "The number has not the form of this kind of document (a resident card has 18 characters)",
    ),
    PROVINCE,
);

pub(super) const BAD_DATE: Words = words(
    ("日期不存在", "Date does not exist"),
    (
        "身份证号中的出生日期或出生日期字段不是真实日期",
        "The birth date in the ID number or in its own field does not exist",
    ),
    PROVINCE,
);

pub(super) const BAD_CHECKSUM: Words = words(
    ("身份证号校验码错误", "Wrong check character"),
    (
        "身份证号的校验码与前 17 位不符，至少有一位写错",
        "The check character does not agree with the first 17 digits: at least one is wrong",
    ),
    PROVINCE,
);

pub(super) const SEX_MISMATCH: Words = words(
    ("性别与身份证号不符", "Sex and ID number differ"),
    (
        "性别与身份证号第 17 位不一致",
        "The sex differs from the 17th digit of the ID number",
    ),
    PROVINCE,
);

pub(super) const BIRTH_MISMATCH: Words = words(
    ("出生日期与身份证号不符", "Birth date and ID number differ"),
    (
        "出生日期与身份证号第 7–14 位不一致",
        "The birth date differs from digits 7 to 14 of the ID number",
    ),
    PROVINCE,
);

pub(super) const UNUSUAL_AGE: Words = words(
    ("年龄异常", "Unusual age"),
    ("年龄不在 14–45 岁之间", "The age is not between 14 and 45"),
    Text::new(
        "核对出生日期，确认无误后注明理由接受",
        "Check the birth date; if right, accept it with the reason",
    ),
);

pub(super) const UNKNOWN_AREA: Words = words(
    ("身份证号地区码未收录", "Unlisted area code"),
    (
        "身份证号前 6 位在行政区划沿革表中没有",
        "The first six digits of the ID number are in no list of divisions, past or present",
    ),
    Text::new(
        "核对身份证件，确认无误后注明理由接受",
        "Check the identity card; if right, accept it with the reason",
    ),
);

pub(super) const DUPLICATE_ID: Words = words(
    ("身份证号重复", "One ID number, several candidates"),
    (
        "多名考生使用同一证件号码",
        "Several candidates carry the same ID number",
    ),
    PROVINCE,
);

pub(super) const UNKNOWN_ETHNIC: Words = words(
    ("民族代码未知", "Unknown ethnic group"),
    (
        "民族代码在代码表和 GB/T 3304 中都没有",
        "The code of the ethnic group is neither in the folder's table nor in GB/T 3304",
    ),
    PROVINCE,
);

pub(super) const UNKNOWN_CODE: Words = words(
    ("代码未收录", "Code not in the table"),
    (
        "代码在本省代码表中没有，保留原代码",
        "The code is not in the province's own table and is kept as it is",
    ),
    Text::new(
        "向省级招生部门索取完整代码表，或确认后接受",
        "Ask the province for the complete table, or accept it",
    ),
);

pub(super) const NUMERIC_ID_CELL: Words = words(
    ("长号码存为数值", "Number cell"),
    (
        "号码在表格中存为数值，15 位以后的数字已经丢失，不能修复",
        "The number was kept as a number: digits after the fifteenth are lost and cannot be restored",
    ),
    Text::new(
        "从原始数据重新填写，并将该列设为文本格式",
        "Fill it in again from the source with the column set to text",
    ),
);

pub(super) const MISSING_FIELD: Words = words(
    ("必填字段为空", "Empty field"),
    (
        "注册必需的字段为空",
        "A field that registration requires is empty",
    ),
    PROVINCE,
);

pub(super) const NEAR_DOCUMENT: Words = words(
    (
        "同名且证件号码只差一位",
        "Same name, numbers one digit apart",
    ),
    (
        "两名考生姓名相同，证件号码只差一位，可能是同一人或有一处录错",
        "Two candidates have the same name and document numbers that differ in one character: one person twice, or a slip in one of them",
    ),
    Text::new(
        "核对两名考生的纸质档案和身份证件；确为两人的，注明理由后接受",
        "Compare the paper files and identity cards of both; if they are two persons, accept it with the reason",
    ),
);

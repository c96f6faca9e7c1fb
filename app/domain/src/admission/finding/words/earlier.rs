//! What differs from candidates that an earlier import brought in.

use super::{Words, words};
use crate::text::Text;

pub(super) const CHANGED: Words = words(
    ("与已入库信息不同", "Differs from what is in"),
    (
        "该考生已经入库，本次文件中的信息与已冻结的录取信息不同，已入库的信息不变",
        "The candidate is in already; this file says something else. What is in stays as it is",
    ),
    Text::new(
        "原导入有误的，撤销原导入后重新导入；录取信息确需更正的，按办法二（一）3（4）向生源地省级招生部门申请",
        "If the earlier import was wrong, undo it and import again; if the admission data must be corrected, apply to the province (办法 二（一）3（4）)",
    ),
);

pub(super) const DOCUMENT: Words = words(
    ("证件号码已入库", "Document number is in already"),
    (
        "该证件号码已由另一考生号入库",
        "This document number is in already under another candidate number",
    ),
    Text::new(
        "核对两名考生的纸质档案和身份证件；同一人再次录取（如第二学士学位）的，注明理由后接受",
        "Compare the paper files and identity cards of both; if one person was admitted again (a second bachelor's degree), accept it with the reason",
    ),
);

pub(super) const RECORD: Words = words(
    ("保留入学资格后返校", "Back after deferred admission"),
    (
        "该考生有较早年份的记录，现为保留入学资格；入库后两条记录归同一人，原记录转入报到初审，本人登录后看到新记录",
        "The candidate has a record of an earlier year with deferred admission; once this row is in, both belong to one person, the earlier one moves to the initial check and the person signs in to the new one",
    ),
    Text::new(
        "核对原记录和入学申请，确认是同一人后注明理由接受",
        "Compare the earlier record and the application; if it is the same person, accept it with the reason",
    ),
);

pub(super) const NOT_DEFERRED: Words = words(
    ("原记录未保留入学资格", "Earlier record not deferred"),
    (
        "该考生有较早年份的记录，但其状态不是保留入学资格；入库后两条记录归同一人，原记录的状态不变",
        "The candidate has a record of an earlier year whose admission is not deferred; once this row is in, both belong to one person, and the state of the earlier one stays",
    ),
    Text::new(
        "先核实原记录的状态；确属返校学生的，注明理由后接受",
        "Check the state of the earlier record first; if the person is entitled to come back, accept it with the reason",
    ),
);

pub(super) const ELSEWHERE: Words = words(
    ("返校学生类别不符", "Comes back by another path"),
    (
        "同一考生号、同一证件号码在较早年份已有记录；按本类别入库会使一人有两条互不相连的记录",
        "This candidate number and document have a record of an earlier year; by this path one person would have two records that know nothing of each other",
    ),
    Text::new(
        "保留入学资格后返校的，把该行另存一表，按“保留入学资格后入学”类别上传；较早年份选错的，撤销那次导入",
        "If the person comes back after a deferred admission, put the row into a table of its own and upload it by the path \"Entry after deferred admission\"; if the earlier year was wrong, undo that import",
    ),
);

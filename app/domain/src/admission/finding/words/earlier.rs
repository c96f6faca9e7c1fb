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

//! Names of each column: the current one, older ones, headings of worksheets, labels.

use crate::text::Text;

pub(super) struct Spec {
    pub(super) column: &'static str,
    pub(super) older: &'static [&'static str],
    pub(super) headings: &'static [&'static str],
    pub(super) label: Text,
}

const fn spec(
    column: &'static str,
    older: &'static [&'static str],
    headings: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
) -> Spec {
    Spec {
        column,
        older,
        headings,
        label: Text::new(zh, en),
    }
}

pub(super) const KSH: Spec = spec(
    "KSH",
    &[],
    &["考生号", "高考考生号"],
    "考生号",
    "Candidate number",
);
pub(super) const ZKZH: Spec = spec(
    "ZKZH",
    &[],
    &["准考证号", "高考准考证号"],
    "准考证号",
    "Examination permit number",
);
pub(super) const XM: Spec = spec("XM", &[], &["姓名", "考生姓名", "学生姓名"], "姓名", "Name");
pub(super) const XBDM: Spec = spec("XBDM", &["XB"], &["性别", "性别代码"], "性别", "Sex");
pub(super) const CSRQ: Spec = spec(
    "CSRQ",
    &["CSNY"],
    &["出生日期", "出生年月", "出生年月日"],
    "出生日期",
    "Date of birth",
);
pub(super) const MZDM: Spec = spec(
    "MZDM",
    &["MZ", "MZMC"],
    &["民族", "民族代码"],
    "民族",
    "Ethnicity",
);
pub(super) const ZZMMDM: Spec = spec(
    "ZZMMDM",
    &["ZZMM", "ZZMMMC"],
    &["政治面貌", "政治面貌代码"],
    "政治面貌",
    "Political status",
);
pub(super) const ZJLXDM: Spec = spec(
    "ZJLXDM",
    &["ZJLX", "ZJLXMC"],
    &["证件类型", "证件类型代码"],
    "证件类型",
    "Kind of document",
);
pub(super) const ZJHM: Spec = spec(
    "ZJHM",
    &["SFZH"],
    &[
        "身份证号",
        "身份证号码",
        "证件号码",
        "证件号",
        "身份证件号",
        "公民身份号码",
    ],
    "身份证号",
    "ID number",
);
pub(super) const KSLBDM: Spec = spec(
    "KSLBDM",
    &["KSLB"],
    &["考生类别"],
    "考生类别",
    "Kind of candidate",
);
pub(super) const DQDM: Spec = spec("DQDM", &[], &["地区代码", "地区"], "地区", "Area");
pub(super) const BYXXDM: Spec = spec(
    "BYXXDM",
    &["ZXDM"],
    &["毕业中学代码", "中学代码"],
    "毕业中学代码",
    "School code",
);
pub(super) const BYXXMC: Spec = spec(
    "BYXXMC",
    &["ZXMC"],
    &["毕业中学", "毕业中学名称", "毕业学校", "中学名称"],
    "毕业中学",
    "Previous school",
);
pub(super) const TXDZ: Spec = spec(
    "TXDZ",
    &["JTDZ"],
    &["通讯地址", "通信地址", "家庭地址", "地址"],
    "通讯地址",
    "Postal address",
);
pub(super) const YZBM: Spec = spec("YZBM", &[], &["邮政编码", "邮编"], "邮政编码", "Postcode");
pub(super) const LXSJ: Spec = spec(
    "LXSJ",
    &[],
    &["联系手机", "手机", "手机号", "手机号码"],
    "联系手机",
    "Mobile telephone",
);
pub(super) const LXDH: Spec = spec("LXDH", &[], &["联系电话", "电话"], "联系电话", "Telephone");
pub(super) const SJR: Spec = spec("SJR", &[], &["收件人"], "收件人", "Addressee");
pub(super) const PCDM: Spec = spec(
    "PCDM",
    &["PC", "PCMC"],
    &["批次", "录取批次"],
    "批次",
    "Batch",
);
pub(super) const KLDM: Spec = spec(
    "KLDM",
    &["KL", "KLMC"],
    &["科类", "科类代码"],
    "科类",
    "Subject group",
);
pub(super) const JHXZDM: Spec = spec(
    "JHXZDM",
    &["JHXZ", "JHXZMC"],
    &["计划性质"],
    "计划性质",
    "Kind of plan",
);
pub(super) const LQZY: Spec = spec(
    "LQZY",
    &["ZYDH"],
    &["录取专业代号", "专业代号"],
    "录取专业代号",
    "Code of the major on offer",
);
pub(super) const ZYDM: Spec = spec(
    "ZYDM",
    &[],
    &["专业代码", "专业国标代码", "录取专业代码"],
    "专业代码",
    "Major code",
);
pub(super) const ZYMC: Spec = spec(
    "ZYMC",
    &[],
    &["专业名称", "录取专业", "录取专业名称", "专业"],
    "录取专业",
    "Major",
);
pub(super) const CCDM: Spec = spec(
    "CCDM",
    &["CC", "CCMC"],
    &["层次", "培养层次"],
    "层次",
    "Level",
);
pub(super) const XZDM: Spec = spec(
    "XZDM",
    &["XZ", "XZMC"],
    &["学制"],
    "学制",
    "Length of study",
);
pub(super) const XXXS: Spec = spec(
    "XXXS",
    &["XXXSDM"],
    &["学习形式"],
    "学习形式",
    "Form of study",
);
pub(super) const XH: Spec = spec("XH", &[], &["学号"], "学号", "Student number");
pub(super) const RXRQ: Spec = spec(
    "RXRQ",
    &[],
    &["入学日期", "入学时间"],
    "入学日期",
    "Date of enrolment",
);
pub(super) const LQFSDM: Spec = spec(
    "LQFSDM",
    &["LQLXDM"],
    &["录取方式", "录取类型"],
    "录取方式",
    "Kind of admission",
);
pub(super) const TDYYDM: Spec = spec(
    "TDYYDM",
    &[],
    &["退档原因"],
    "退档原因",
    "Reason of withdrawal",
);
pub(super) const CJ: Spec = spec("CJ", &[], &["成绩", "总分", "高考成绩"], "成绩", "Score");
pub(super) const TDCJ: Spec = spec(
    "TDCJ",
    &[],
    &["投档成绩", "投档分"],
    "投档成绩",
    "Filing score",
);
pub(super) const YXDM: Spec = spec(
    "YXDM",
    &["XXDM"],
    &["院校代码", "学校代码"],
    "院校代码",
    "School code of the university",
);

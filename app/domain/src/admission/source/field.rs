//! The columns that admission needs, with the names that provinces, older systems and worksheets give them.

mod spec;

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};
use spec::Spec;

/// A column of `T_BMK` or `T_TDD` that this system uses (formats.md §1.2). Serialised as the column's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SourceField {
    /// 考生号
    Ksh,
    /// 准考证号
    Zkzh,
    /// 姓名
    Xm,
    /// 性别
    Xbdm,
    /// 出生日期
    Csrq,
    /// 民族
    Mzdm,
    /// 政治面貌
    Zzmmdm,
    /// 证件类型
    Zjlxdm,
    /// 证件号码
    Zjhm,
    /// 考生类别
    Kslbdm,
    /// 地区
    Dqdm,
    /// 毕业中学代码
    Byxxdm,
    /// 毕业中学名称
    Byxxmc,
    /// 通讯地址
    Txdz,
    /// 邮政编码
    Yzbm,
    /// 联系手机
    Lxsj,
    /// 联系电话
    Lxdh,
    /// 收件人
    Sjr,
    /// 批次
    Pcdm,
    /// 科类
    Kldm,
    /// 计划性质
    Jhxzdm,
    /// 录取专业（专业代号）
    Lqzy,
    /// 专业国标代码
    Zydm,
    /// 专业名称
    Zymc,
    /// 层次
    Ccdm,
    /// 学制
    Xzdm,
    /// 学习形式
    Xxxs,
    /// 学号, in tables that the school makes for special admissions
    Xh,
    /// 入学日期, in the same
    Rxrq,
    /// 录取方式
    Lqfsdm,
    /// 退档原因
    Tdyydm,
    /// 成绩
    Cj,
    /// 投档成绩
    Tdcj,
    /// 院校代码
    Yxdm,
}

impl SourceField {
    /// Every column, in the order in which a worksheet shows them.
    pub const ALL: [Self; 34] = [
        Self::Ksh,
        Self::Zkzh,
        Self::Xm,
        Self::Xbdm,
        Self::Csrq,
        Self::Mzdm,
        Self::Zzmmdm,
        Self::Zjlxdm,
        Self::Zjhm,
        Self::Lqzy,
        Self::Zydm,
        Self::Zymc,
        Self::Ccdm,
        Self::Xzdm,
        Self::Xxxs,
        Self::Xh,
        Self::Rxrq,
        Self::Pcdm,
        Self::Kldm,
        Self::Jhxzdm,
        Self::Lqfsdm,
        Self::Kslbdm,
        Self::Cj,
        Self::Tdcj,
        Self::Dqdm,
        Self::Byxxdm,
        Self::Byxxmc,
        Self::Txdz,
        Self::Yzbm,
        Self::Lxsj,
        Self::Lxdh,
        Self::Sjr,
        Self::Tdyydm,
        Self::Yxdm,
    ];

    /// The current name of the column.
    pub const fn column(self) -> &'static str {
        self.spec().column
    }

    /// The current name and the older names, in order of preference.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        let spec = self.spec();
        std::iter::once(spec.column).chain(spec.older.iter().copied())
    }

    /// Whether the field belongs to the offer: where personal data (`T_BMK`) and offer (`T_TDD`) both carry it, that of
    /// the offer counts. A candidate may apply in one 科类 and be admitted in another.
    pub const fn of_offer(self) -> bool {
        matches!(
            self,
            Self::Lqzy
                | Self::Zydm
                | Self::Zymc
                | Self::Ccdm
                | Self::Xzdm
                | Self::Xxxs
                | Self::Xh
                | Self::Rxrq
                | Self::Pcdm
                | Self::Kldm
                | Self::Jhxzdm
                | Self::Lqfsdm
                | Self::Cj
                | Self::Tdcj
                | Self::Tdyydm
                | Self::Yxdm
        )
    }

    /// Long numbers that a worksheet must hold as text: kept as a number they lose their last digits, or zeros in front.
    pub const fn is_long_number(self) -> bool {
        matches!(self, Self::Ksh | Self::Zjhm | Self::Xh)
    }

    /// The field whose column has this current name.
    pub fn from_column(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.column() == name)
    }

    /// Headings under which worksheets carry the column.
    pub const fn headings(self) -> &'static [&'static str] {
        self.spec().headings
    }

    /// The code table that a folder must have for this column, because its codes differ by province and year.
    /// 性别 needs none: 1 and 2 are fixed by GB/T 2261.1.
    pub const fn dictionary(self) -> Option<&'static str> {
        match self {
            Self::Mzdm => Some("TD_MZDM"),
            Self::Zzmmdm => Some("TD_ZZMMDM"),
            Self::Zjlxdm => Some("TD_ZJLXDM"),
            Self::Kslbdm => Some("TD_KSLBDM"),
            Self::Dqdm => Some("TD_DQDM"),
            Self::Pcdm => Some("TD_PCDM"),
            Self::Kldm => Some("TD_KLDM"),
            Self::Jhxzdm => Some("TD_JHXZDM"),
            Self::Ccdm => Some("TD_CCDM"),
            Self::Xzdm => Some("TD_XZDM"),
            Self::Lqfsdm => Some("TD_LQFSDM"),
            Self::Tdyydm => Some("TD_TDYYDM"),
            Self::Lqzy => Some("TD_ZYDH"),
            Self::Byxxdm => Some("TD_BYXXDM"),
            Self::Xxxs => Some("TD_XXXS"),
            Self::Ksh
            | Self::Zkzh
            | Self::Xm
            | Self::Xbdm
            | Self::Csrq
            | Self::Zjhm
            | Self::Byxxmc
            | Self::Txdz
            | Self::Yzbm
            | Self::Lxsj
            | Self::Lxdh
            | Self::Sjr
            | Self::Zydm
            | Self::Zymc
            | Self::Xh
            | Self::Rxrq
            | Self::Cj
            | Self::Tdcj
            | Self::Yxdm => None,
        }
    }

    const fn spec(self) -> Spec {
        match self {
            Self::Ksh => spec::KSH,
            Self::Zkzh => spec::ZKZH,
            Self::Xm => spec::XM,
            Self::Xbdm => spec::XBDM,
            Self::Csrq => spec::CSRQ,
            Self::Mzdm => spec::MZDM,
            Self::Zzmmdm => spec::ZZMMDM,
            Self::Zjlxdm => spec::ZJLXDM,
            Self::Zjhm => spec::ZJHM,
            Self::Kslbdm => spec::KSLBDM,
            Self::Dqdm => spec::DQDM,
            Self::Byxxdm => spec::BYXXDM,
            Self::Byxxmc => spec::BYXXMC,
            Self::Txdz => spec::TXDZ,
            Self::Yzbm => spec::YZBM,
            Self::Lxsj => spec::LXSJ,
            Self::Lxdh => spec::LXDH,
            Self::Sjr => spec::SJR,
            Self::Pcdm => spec::PCDM,
            Self::Kldm => spec::KLDM,
            Self::Jhxzdm => spec::JHXZDM,
            Self::Lqzy => spec::LQZY,
            Self::Zydm => spec::ZYDM,
            Self::Zymc => spec::ZYMC,
            Self::Ccdm => spec::CCDM,
            Self::Xzdm => spec::XZDM,
            Self::Xxxs => spec::XXXS,
            Self::Xh => spec::XH,
            Self::Rxrq => spec::RXRQ,
            Self::Lqfsdm => spec::LQFSDM,
            Self::Tdyydm => spec::TDYYDM,
            Self::Cj => spec::CJ,
            Self::Tdcj => spec::TDCJ,
            Self::Yxdm => spec::YXDM,
        }
    }
}

impl Label for SourceField {
    fn label(&self) -> Text {
        self.spec().label
    }
}

//! The kinds of identity document: JY/T 1001 SFZJLX, with two local codes for residence permits.

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// 身份证件类型. The codes are those of JY/T 1001; `C1` and `C2` are a local extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdType {
    /// 居民身份证 (GB 11643).
    ResidentIdCard,
    /// 军官证.
    OfficerCard,
    /// 士兵证.
    SoldierCard,
    /// 文职干部证.
    CivilianCadreCard,
    /// 部队离退休证.
    RetiredMilitaryCard,
    /// 香港: identity card or mainland travel permit.
    HongKong,
    /// 澳门: identity card or mainland travel permit.
    Macao,
    /// 台湾居民来往大陆通行证, or the Taiwan identity number that the platform's lists show in its place.
    TaiwanPass,
    /// 外国人永久居留身份证.
    ForeignPermanentResidence,
    /// 护照.
    Passport,
    /// 户口簿.
    HouseholdRegister,
    /// 港澳居民居住证 (number range 81, 82).
    HongKongMacaoResidencePermit,
    /// 台湾居民居住证 (number range 83).
    TaiwanResidencePermit,
    /// 其他.
    Other,
}

impl IdType {
    /// Every kind, in the order of the codes.
    pub const ALL: [Self; 14] = [
        Self::ResidentIdCard,
        Self::OfficerCard,
        Self::SoldierCard,
        Self::CivilianCadreCard,
        Self::RetiredMilitaryCard,
        Self::HongKong,
        Self::Macao,
        Self::TaiwanPass,
        Self::ForeignPermanentResidence,
        Self::Passport,
        Self::HouseholdRegister,
        Self::HongKongMacaoResidencePermit,
        Self::TaiwanResidencePermit,
        Self::Other,
    ];

    /// The code of JY/T 1001 SFZJLX, or the local `C1`/`C2`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentIdCard => "1",
            Self::OfficerCard => "2",
            Self::SoldierCard => "3",
            Self::CivilianCadreCard => "4",
            Self::RetiredMilitaryCard => "5",
            Self::HongKong => "6",
            Self::Macao => "7",
            Self::TaiwanPass => "8",
            Self::ForeignPermanentResidence => "9",
            Self::Passport => "A",
            Self::HouseholdRegister => "B",
            Self::HongKongMacaoResidencePermit => "C1",
            Self::TaiwanResidencePermit => "C2",
            Self::Other => "Z",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind with this Chinese name, as dictionaries in admission packages spell it. Two names are printed on the
    /// documents of two kinds; there the normalised number tells which it is.
    pub fn from_name(name: &str, number: &str) -> Option<Self> {
        match name.trim() {
            "港澳居民来往内地通行证" if number.starts_with('M') => Some(Self::Macao),
            "港澳台居民居住证" if number.starts_with("83") => {
                Some(Self::TaiwanResidencePermit)
            }
            name => Self::ALL
                .into_iter()
                .find(|kind| kind.label().zh == name || kind.other_names().contains(&name)),
        }
    }

    const fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::ResidentIdCard => &["身份证", "中华人民共和国居民身份证"],
            Self::HongKong => &["香港特区护照/身份证明", "港澳居民来往内地通行证"],
            Self::Macao => &["澳门特区护照/身份证明"],
            Self::TaiwanPass => &["台胞证"],
            Self::ForeignPermanentResidence => &["境外永久居住证", "外国人永久居留证"],
            Self::HongKongMacaoResidencePermit => &["港澳台居民居住证"],
            Self::Other => &["其它"],
            Self::OfficerCard
            | Self::SoldierCard
            | Self::CivilianCadreCard
            | Self::RetiredMilitaryCard
            | Self::Passport
            | Self::HouseholdRegister
            | Self::TaiwanResidencePermit => &[],
        }
    }

    /// Whether numbers of this kind follow GB 11643: area, birth date, serial number, check character.
    pub const fn is_resident_number(self) -> bool {
        matches!(
            self,
            Self::ResidentIdCard | Self::HongKongMacaoResidencePermit | Self::TaiwanResidencePermit
        )
    }
}

impl Label for IdType {
    fn label(&self) -> Text {
        match self {
            Self::ResidentIdCard => Text::new("居民身份证", "Resident identity card"),
            Self::OfficerCard => Text::new("军官证", "Military officer card"),
            Self::SoldierCard => Text::new("士兵证", "Soldier card"),
            Self::CivilianCadreCard => Text::new("文职干部证", "Military civilian cadre card"),
            Self::RetiredMilitaryCard => Text::new("部队离退休证", "Retired military card"),
            Self::HongKong => Text::new(
                "香港身份证明或通行证",
                "Hong Kong identity card or travel permit",
            ),
            Self::Macao => Text::new(
                "澳门身份证明或通行证",
                "Macao identity card or travel permit",
            ),
            Self::TaiwanPass => Text::new(
                "台湾居民来往大陆通行证",
                "Mainland travel permit for Taiwan residents",
            ),
            Self::ForeignPermanentResidence => {
                Text::new("外国人永久居留身份证", "Foreign permanent resident ID card")
            }
            Self::Passport => Text::new("护照", "Passport"),
            Self::HouseholdRegister => Text::new("户口簿", "Household register"),
            Self::HongKongMacaoResidencePermit => Text::new(
                "港澳居民居住证",
                "Residence permit for Hong Kong and Macao residents",
            ),
            Self::TaiwanResidencePermit => {
                Text::new("台湾居民居住证", "Residence permit for Taiwan residents")
            }
            Self::Other => Text::new("其他", "Other document"),
        }
    }
}

//! What the value of each parameter rests on while the school has set none, and whether it already takes effect.

use super::Parameter;
use crate::calendar::DeadlineKey;
use crate::institution::office::Step;
use crate::text::Text;

const PRACTICE: Text = Text::new(
    "系统默认，法规未规定",
    "A default of this service; no regulation says it",
);
const SCHOOL: Text = Text::new("由学校规定", "For the school to set");

const fn cited(clause: &'static str) -> Text {
    Text::new(clause, clause)
}

impl Parameter {
    /// The clause that the default rests on, parameter by parameter.
    pub const fn default_basis(self) -> Text {
        match self {
            Self::TotpRequired | Self::OfficeNetworks | Self::DataClasses | Self::DataApprover => {
                cited("办法 三（三）")
            }
            Self::BackupHours | Self::SpotCheckDays => cited("办法 三（四）"),
            Self::StaffIdleMinutes
            | Self::StudentIdleMinutes
            | Self::ImportUndoDays
            | Self::ActivationDays
            | Self::VacationsCount
            | Self::StudentNumberPattern
            | Self::LayoutVersion => PRACTICE,
            Self::StatusBegins => cited("办法 二（一）3（1）"),
            Self::ExtraYears | Self::SuspensionCount | Self::SuspensionMonths => {
                cited("教育部令第41号 第二十五条")
            }
            Self::MilitaryCounts => cited("教育部令第41号 第二十七条"),
            Self::WithdrawalCredits => cited("教育部令第41号 第三十条"),
            Self::CompletionPercent | Self::ExchangeAllowed => cited("教育部令第41号 第三十二条"),
            Self::President
            | Self::EnglishNames
            | Self::DocumentAgency
            | Self::PhotoAgency
            | Self::PhotoFeatureCode
            | Self::PhotoWindow
            | Self::PhotoStandard
            | Self::ProvinceRules
            | Self::NumberBlocks
            | Self::CampusMapping
            | Self::Contact(_) => SCHOOL,
            Self::Deadline(key) => cited(key.rule().basis.citation()),
            Self::Duty(step) => match step {
                Step::AdmissionHandover => cited("办法 二（一）1"),
                Step::ReceiveCohort | Step::AssignClass => cited("办法 二（一）2"),
                Step::RegisterFreshmen => cited("办法 二（一）3（4）"),
                Step::KeepStatusRecords => cited("办法 三（一）"),
                Step::AnswerQueries => cited("办法 三（三）"),
                Step::AnnualRegistration => cited("办法 二（二）3"),
            },
        }
    }

    /// Whether something reads the value today. The others are kept for the steps that come with later releases, and
    /// the page says so: nobody should set a value and believe that it works already.
    pub const fn is_applied(self) -> bool {
        match self {
            Self::TotpRequired
            | Self::OfficeNetworks
            | Self::StaffIdleMinutes
            | Self::StudentIdleMinutes
            | Self::ImportUndoDays
            | Self::ActivationDays
            | Self::VacationsCount
            | Self::StudentNumberPattern
            | Self::Duty(_)
            | Self::Contact(_) => true,
            Self::Deadline(key) => matches!(
                key,
                DeadlineKey::ArrivalLeaveMax
                    | DeadlineKey::ForgoListToProvince
                    | DeadlineKey::Recheck
                    | DeadlineKey::RecheckReport
                    | DeadlineKey::AnnualReg
                    | DeadlineKey::Exchange
            ),
            Self::BackupHours
            | Self::SpotCheckDays
            | Self::StatusBegins
            | Self::ExtraYears
            | Self::SuspensionCount
            | Self::SuspensionMonths
            | Self::MilitaryCounts
            | Self::President
            | Self::EnglishNames
            | Self::DocumentAgency
            | Self::PhotoAgency
            | Self::PhotoFeatureCode
            | Self::PhotoWindow
            | Self::PhotoStandard
            | Self::ProvinceRules
            | Self::NumberBlocks
            | Self::ExchangeAllowed
            | Self::CompletionPercent
            | Self::WithdrawalCredits
            | Self::DataClasses
            | Self::DataApprover
            | Self::CampusMapping
            | Self::LayoutVersion => false,
        }
    }
}

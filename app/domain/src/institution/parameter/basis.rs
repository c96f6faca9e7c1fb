//! What the value of each parameter rests on while the school has set none, and whether it already takes effect.

use super::Parameter;
use crate::calendar::DeadlineKey;
use crate::institution::office::Step;
use crate::text::{Label, Text};

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
            | Self::CampusNetworks
            | Self::LayoutVersion => PRACTICE,
            Self::StatusBegins => cited("办法 二（一）3（1）"),
            Self::ExtraYears | Self::SuspensionCount | Self::SuspensionMonths => {
                cited("教育部令第41号 第二十五条")
            }
            Self::MilitaryCounts => cited("教育部令第41号 第二十七条"),
            Self::WithdrawalCredits => cited("教育部令第41号 第三十条"),
            Self::CompletionPercent | Self::ExchangeAllowed => cited("教育部令第41号 第三十二条"),
            Self::President
            | Self::PresidentActing
            | Self::CertificateTemplates
            | Self::EnglishNames
            | Self::DocumentAgency
            | Self::DocumentTemplates
            | Self::SheetTemplate
            | Self::PhotoAgency
            | Self::PhotoFeatureCode
            | Self::PhotoWindow
            | Self::PhotoStandard
            | Self::ProvinceRules
            | Self::NumberBlocks
            | Self::CampusMapping
            | Self::Contact(_) => SCHOOL,
            Self::Deadline(key) => key.rule().basis.citation(),
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

    /// The duty whose steps come later and will read the value; nothing where it takes effect today. The page says so:
    /// nobody should set a value and believe that it works already.
    pub const fn awaits(self) -> Option<Awaited> {
        match self {
            Self::TotpRequired
            | Self::OfficeNetworks
            | Self::CampusNetworks
            | Self::StaffIdleMinutes
            | Self::StudentIdleMinutes
            | Self::BackupHours
            | Self::ImportUndoDays
            | Self::ActivationDays
            | Self::VacationsCount
            | Self::StudentNumberPattern
            | Self::Duty(_)
            | Self::Contact(_) => None,
            Self::SpotCheckDays => Some(Awaited::SpotChecks),
            Self::StatusBegins | Self::SheetTemplate => Some(Awaited::FreshmanRegistration),
            Self::ExtraYears
            | Self::SuspensionCount
            | Self::SuspensionMonths
            | Self::MilitaryCounts
            | Self::WithdrawalCredits
            | Self::ProvinceRules
            | Self::DocumentAgency
            | Self::DocumentTemplates => Some(Awaited::StatusChanges),
            Self::ExchangeAllowed | Self::CompletionPercent => Some(Awaited::Graduation),
            Self::President
            | Self::PresidentActing
            | Self::CertificateTemplates
            | Self::EnglishNames
            | Self::NumberBlocks => Some(Awaited::Certificates),
            Self::PhotoAgency
            | Self::PhotoFeatureCode
            | Self::PhotoWindow
            | Self::PhotoStandard => Some(Awaited::Photos),
            Self::DataClasses | Self::DataApprover => Some(Awaited::DataUse),
            Self::CampusMapping => Some(Awaited::CampusSystem),
            Self::LayoutVersion => Some(Awaited::PlatformFiles),
            Self::Deadline(key) => deadline_awaits(key),
        }
    }
}

const fn deadline_awaits(key: DeadlineKey) -> Option<Awaited> {
    match key {
        DeadlineKey::ArrivalLeaveMax
        | DeadlineKey::ForgoListToProvince
        | DeadlineKey::Recheck
        | DeadlineKey::RecheckReport
        | DeadlineKey::AnnualReg
        | DeadlineKey::PhotoRejectReplace
        | DeadlineKey::Exchange => None,
        DeadlineKey::DeferFormalities | DeadlineKey::MilitaryKeep => {
            Some(Awaited::FreshmanRegistration)
        }
        DeadlineKey::DeferredRegMax | DeadlineKey::UnregisteredWithdraw => {
            Some(Awaited::AnnualRegistration)
        }
        DeadlineKey::StatusUpdate
        | DeadlineKey::AbsentWithdraw
        | DeadlineKey::ResumeApply
        | DeadlineKey::PublicNotice
        | DeadlineKey::AppealStudent
        | DeadlineKey::AppealCommittee
        | DeadlineKey::AppealProvince
        | DeadlineKey::AppealProvinceDecide
        | DeadlineKey::AppealNoNoticeMax
        | DeadlineKey::SanctionTerm
        | DeadlineKey::TransferFile
        | DeadlineKey::TransferPublicity => Some(Awaited::StatusChanges),
        DeadlineKey::PhotoProofAppear => Some(Awaited::Photos),
        DeadlineKey::IssueEqRegister
        | DeadlineKey::ExchangeWindow
        | DeadlineKey::LostCertProcess => Some(Awaited::Certificates),
        DeadlineKey::IncidentReport => Some(Awaited::DataUse),
    }
}

/// A duty of the regulation whose steps are not in this release; some parameters wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Awaited {
    /// Arrival, initial check, re-check, registration of new students.
    FreshmanRegistration,
    /// Registration of each academic year.
    AnnualRegistration,
    /// Suspension, resumption, transfer, withdrawal, sanctions, appeals.
    StatusChanges,
    /// Capture and proofing of graduates' photos.
    Photos,
    /// Examination of graduates, completion and its exchange.
    Graduation,
    /// Issue and replacement of certificates.
    Certificates,
    /// Approval of the use of data.
    DataUse,
    /// Spot-checks of the data.
    SpotChecks,
    /// Exchange with the school's own campus system.
    CampusSystem,
    /// Files for the national platform.
    PlatformFiles,
}

impl Label for Awaited {
    fn label(&self) -> Text {
        match self {
            Self::FreshmanRegistration => Text::new("新生学籍注册", "registration of new students"),
            Self::AnnualRegistration => Text::new("学年注册", "the annual registration"),
            Self::StatusChanges => Text::new("学籍异动", "changes of status"),
            Self::Photos => Text::new("图像采集", "photos of graduates"),
            Self::Graduation => Text::new("毕业审核", "the examination of graduates"),
            Self::Certificates => Text::new("证书制发", "the issue of certificates"),
            Self::DataUse => Text::new("数据使用审批", "approvals of data use"),
            Self::SpotChecks => Text::new("数据抽查", "spot-checks of the data"),
            Self::CampusSystem => Text::new("教务系统对接", "the exchange with the campus system"),
            Self::PlatformFiles => Text::new("学信网报送", "files for the national platform"),
        }
    }
}

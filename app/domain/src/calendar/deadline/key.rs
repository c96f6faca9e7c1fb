//! The names of the deadlines.

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// A deadline of the registry. Its values stand in [`super::DeadlineRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeadlineKey {
    /// Longest leave at arrival.
    ArrivalLeaveMax,
    /// List of forgone admissions to the province.
    ForgoListToProvince,
    /// Re-check of admission eligibility.
    Recheck,
    /// Report on the re-check.
    RecheckReport,
    /// Formalities of deferred admission.
    DeferFormalities,
    /// Admission or status kept for military service.
    MilitaryKeep,
    /// Academic-year registration on the platform.
    AnnualReg,
    /// Status changes on the platform, after the document.
    StatusUpdate,
    /// Longest deferred registration.
    DeferredRegMax,
    /// Withdrawal of those who did not register.
    UnregisteredWithdraw,
    /// Withdrawal of those absent without leave.
    AbsentWithdraw,
    /// Application to resume, before suspension or retention ends.
    ResumeApply,
    /// Public notice.
    PublicNotice,
    /// The student's appeal to the school's committee.
    AppealStudent,
    /// The committee's conclusion.
    AppealCommittee,
    /// The student's appeal to the province.
    AppealProvince,
    /// The province's decision.
    AppealProvinceDecide,
    /// Longest time for an appeal when the decision did not state its limit.
    AppealNoNoticeMax,
    /// Term of a sanction other than expulsion.
    SanctionTerm,
    /// Filing of a transfer with the receiving province.
    TransferFile,
    /// Publicity of a transfer.
    TransferPublicity,
    /// The captured photo appears for proofing.
    PhotoProofAppear,
    /// A rejected photo is replaced.
    PhotoRejectReplace,
    /// The certificate is registered on the day of issue.
    IssueEqRegister,
    /// Registration of the exchange of completion for graduation certificates.
    Exchange,
    /// Time within which a completion certificate may be exchanged.
    ExchangeWindow,
    /// A lost certificate is replaced.
    LostCertProcess,
    /// Misuse of data is reported.
    IncidentReport,
}

impl DeadlineKey {
    /// Every deadline, in the order of the registry.
    pub const ALL: [Self; 28] = [
        Self::ArrivalLeaveMax,
        Self::ForgoListToProvince,
        Self::Recheck,
        Self::RecheckReport,
        Self::DeferFormalities,
        Self::MilitaryKeep,
        Self::AnnualReg,
        Self::StatusUpdate,
        Self::DeferredRegMax,
        Self::UnregisteredWithdraw,
        Self::AbsentWithdraw,
        Self::ResumeApply,
        Self::PublicNotice,
        Self::AppealStudent,
        Self::AppealCommittee,
        Self::AppealProvince,
        Self::AppealProvinceDecide,
        Self::AppealNoNoticeMax,
        Self::SanctionTerm,
        Self::TransferFile,
        Self::TransferPublicity,
        Self::PhotoProofAppear,
        Self::PhotoRejectReplace,
        Self::IssueEqRegister,
        Self::Exchange,
        Self::ExchangeWindow,
        Self::LostCertProcess,
        Self::IncidentReport,
    ];

    /// Stable name in the database and in settings; the same as when serialised.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ArrivalLeaveMax => "ARRIVAL_LEAVE_MAX",
            Self::ForgoListToProvince => "FORGO_LIST_TO_PROVINCE",
            Self::Recheck => "RECHECK",
            Self::RecheckReport => "RECHECK_REPORT",
            Self::DeferFormalities => "DEFER_FORMALITIES",
            Self::MilitaryKeep => "MILITARY_KEEP",
            Self::AnnualReg => "ANNUAL_REG",
            Self::StatusUpdate => "STATUS_UPDATE",
            Self::DeferredRegMax => "DEFERRED_REG_MAX",
            Self::UnregisteredWithdraw => "UNREGISTERED_WITHDRAW",
            Self::AbsentWithdraw => "ABSENT_WITHDRAW",
            Self::ResumeApply => "RESUME_APPLY",
            Self::PublicNotice => "PUBLIC_NOTICE",
            Self::AppealStudent => "APPEAL_STUDENT",
            Self::AppealCommittee => "APPEAL_COMMITTEE",
            Self::AppealProvince => "APPEAL_PROVINCE",
            Self::AppealProvinceDecide => "APPEAL_PROVINCE_DECIDE",
            Self::AppealNoNoticeMax => "APPEAL_NO_NOTICE_MAX",
            Self::SanctionTerm => "SANCTION_TERM",
            Self::TransferFile => "TRANSFER_FILE",
            Self::TransferPublicity => "TRANSFER_PUBLICITY",
            Self::PhotoProofAppear => "PHOTO_PROOF_APPEAR",
            Self::PhotoRejectReplace => "PHOTO_REJECT_REPLACE",
            Self::IssueEqRegister => "ISSUE_EQ_REGISTER",
            Self::Exchange => "EXCHANGE",
            Self::ExchangeWindow => "EXCHANGE_WINDOW",
            Self::LostCertProcess => "LOST_CERT_PROCESS",
            Self::IncidentReport => "INCIDENT_REPORT",
        }
    }

    /// The deadline with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.code() == code)
    }
}

impl Label for DeadlineKey {
    fn label(&self) -> Text {
        match self {
            Self::ArrivalLeaveMax => Text::new("新生报到请假", "Leave at arrival"),
            Self::ForgoListToProvince => Text::new(
                "报送放弃入学资格名单",
                "List of forgone admissions to the province",
            ),
            Self::Recheck => Text::new("新生入学资格复查", "Re-check of admission eligibility"),
            Self::RecheckReport => Text::new("报送复查情况", "Report on the re-check"),
            Self::DeferFormalities => {
                Text::new("办理保留入学资格手续", "Formalities of deferred admission")
            }
            Self::MilitaryKeep => Text::new(
                "服役保留入学资格或学籍",
                "Admission or status kept for military service",
            ),
            Self::AnnualReg => Text::new("学年电子注册", "Academic-year registration"),
            Self::StatusUpdate => {
                Text::new("学籍变动在学信网更新", "Status update on the platform")
            }
            Self::DeferredRegMax => Text::new("暂缓注册", "Deferred registration"),
            Self::UnregisteredWithdraw => Text::new("逾期未注册", "Registration overdue"),
            Self::AbsentWithdraw => Text::new("未经批准连续缺席教学活动", "Absence without leave"),
            Self::ResumeApply => Text::new("申请复学", "Application to resume"),
            Self::PublicNotice => Text::new("公示", "Public notice"),
            Self::AppealStudent => Text::new("向学校提出申诉", "Appeal to the school"),
            Self::AppealCommittee => {
                Text::new("学校作出复查结论", "Conclusion of the appeals committee")
            }
            Self::AppealProvince => {
                Text::new("向省级教育行政部门提出申诉", "Appeal to the province")
            }
            Self::AppealProvinceDecide => {
                Text::new("省级教育行政部门作出处理", "Decision of the province")
            }
            Self::AppealNoNoticeMax => Text::new(
                "未告知申诉期限时的最长申诉期限",
                "Appeal where no limit was stated",
            ),
            Self::SanctionTerm => Text::new("处分期限", "Term of a sanction"),
            Self::TransferFile => Text::new("转学备案", "Filing of a transfer"),
            Self::TransferPublicity => Text::new("转学公示", "Publicity of a transfer"),
            Self::PhotoProofAppear => Text::new("图像可供校对", "Photo ready for proofing"),
            Self::PhotoRejectReplace => {
                Text::new("更换不合格图像", "Replacement of a rejected photo")
            }
            Self::IssueEqRegister => Text::new(
                "学历证书即时电子注册",
                "Same-day registration of certificates",
            ),
            Self::Exchange => Text::new(
                "结业证书换毕业证书电子注册",
                "Registration of exchanged certificates",
            ),
            Self::ExchangeWindow => {
                Text::new("结业换毕业申请", "Completion-to-graduation exchange")
            }
            Self::LostCertProcess => Text::new("补办学历证明书", "Certificate of credential"),
            Self::IncidentReport => Text::new("报告数据滥用", "Report of data misuse"),
        }
    }
}

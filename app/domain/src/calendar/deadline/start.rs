//! The events from which deadlines run.

use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

/// The event whose day starts a deadline. That day is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartEvent {
    /// The reporting day.
    ReportingDay,
    /// The normal reporting deadline.
    ReportingDeadline,
    /// Enrolment.
    Enrolment,
    /// Approval or notice.
    Notice,
    /// Discharge from service.
    Discharge,
    /// First day of the first semester.
    FirstSemester,
    /// Date of the document (发文).
    DocumentIssue,
    /// Approval.
    Approval,
    /// End of the registration period.
    RegistrationEnd,
    /// First day of absence.
    FirstAbsence,
    /// Expiry of suspension or retention.
    Expiry,
    /// Publication.
    Publication,
    /// The student received the decision.
    DecisionReceived,
    /// The committee received the appeal.
    AppealReceived,
    /// The student received the re-examination decision.
    ReexaminationReceived,
    /// The province received the appeal.
    ProvinceReceived,
    /// The student knew, or should have known, of the decision.
    DecisionKnown,
    /// Day of the decision.
    Decision,
    /// The transfer is complete.
    TransferComplete,
    /// Day of capture.
    Capture,
    /// Rejection of the photo.
    Rejection,
    /// Issue of the certificate.
    Issue,
    /// Completion (结业).
    Completion,
    /// Acceptance of the application.
    Acceptance,
    /// Discovery of misuse.
    Discovery,
    /// A day of each year, no event.
    YearDay,
}

impl Label for StartEvent {
    fn label(&self) -> Text {
        match self {
            Self::ReportingDay => Text::new("报到日", "Reporting day"),
            Self::ReportingDeadline => Text::new("报到截止日", "Reporting deadline"),
            Self::Enrolment => Text::new("入学", "Enrolment"),
            Self::Notice => Text::new("批准或通知", "Approval or notice"),
            Self::Discharge => Text::new("退役", "Discharge"),
            Self::FirstSemester => Text::new("第一学期开学", "First day of the first semester"),
            Self::DocumentIssue => Text::new("发文", "Issue of the document"),
            Self::Approval => Text::new("批准", "Approval"),
            Self::RegistrationEnd => Text::new("注册截止", "End of registration"),
            Self::FirstAbsence => Text::new("首次缺席", "First absence"),
            Self::Expiry => Text::new("期满", "Expiry"),
            Self::Publication => Text::new("公布", "Publication"),
            Self::DecisionReceived => Text::new("收到处理决定", "Receipt of the decision"),
            Self::AppealReceived => Text::new("收到申诉", "Receipt of the appeal"),
            Self::ReexaminationReceived => {
                Text::new("收到复查决定", "Receipt of the re-examination decision")
            }
            Self::ProvinceReceived => {
                Text::new("省级教育行政部门收到申诉", "Receipt by the province")
            }
            Self::DecisionKnown => Text::new("知道或应当知道处理决定", "Knowledge of the decision"),
            Self::Decision => Text::new("作出决定", "Decision"),
            Self::TransferComplete => Text::new("转学完成", "Completion of the transfer"),
            Self::Capture => Text::new("图像采集", "Capture"),
            Self::Rejection => Text::new("图像不合格", "Rejection"),
            Self::Issue => Text::new("颁发证书", "Issue of the certificate"),
            Self::Completion => Text::new("结业", "Completion"),
            Self::Acceptance => Text::new("受理", "Acceptance"),
            Self::Discovery => Text::new("发现", "Discovery"),
            Self::YearDay => Text::new("每年", "Every year"),
        }
    }
}

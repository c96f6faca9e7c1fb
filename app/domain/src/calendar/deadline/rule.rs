//! The registry: value, event, basis and a school's choice for each deadline.

use super::{DeadlineKey, Span, StartEvent};
use crate::text::Text;

/// What a deadline rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The regulation of electronic registration (办法): its clause.
    Regulation(&'static str),
    /// A rule of the ministry: document and article.
    Ministry(&'static str),
    /// Schools' practice; the value is advice.
    Practice,
}

impl Basis {
    /// The citation, as a page shows it: clauses are cited as they are, in Chinese.
    pub const fn citation(self) -> Text {
        match self {
            Self::Regulation(clause) | Self::Ministry(clause) => Text::new(clause, clause),
            Self::Practice => Text::new("学校规定", "Rule of the school"),
        }
    }
}

/// What a school may set instead of the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing.
    Fixed,
    /// The same unit, at most so many.
    AtMost(u16),
    /// The same unit, at least so many.
    AtLeast(u16),
    /// The same unit, between two numbers.
    Between(u16, u16),
    /// Any span.
    Free,
}

impl Choice {
    /// Least and most of a number that may be set; `None` where there is nothing to choose.
    pub const fn bounds(self) -> Option<(u16, u16)> {
        match self {
            Self::Fixed => None,
            Self::AtMost(most) => Some((1, most)),
            Self::AtLeast(least) => Some((least, u16::MAX)),
            Self::Between(least, most) => Some((least, most)),
            Self::Free => Some((0, u16::MAX)),
        }
    }
}

/// One line of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineRule {
    /// The value where a school has set none.
    pub default: Span,
    /// The event it runs from.
    pub starts: StartEvent,
    /// What it rests on.
    pub basis: Basis,
    /// What a school may change.
    pub choice: Choice,
    /// How much it may be extended, once, in a single case.
    pub extension: Option<Span>,
}

const ANNUAL: Basis = Basis::Regulation("办法 二（二）3");
const ISSUE: Basis = Basis::Regulation("办法 三（五）2（3）");
const EXCHANGE: Basis = Basis::Regulation("办法 三（五）2（4）");
const ARTICLE_11: Basis = Basis::Ministry("教育部令第41号 第十一条");
const ARTICLE_24: Basis = Basis::Ministry("教育部令第41号 第二十四条");
const ARTICLE_27: Basis = Basis::Ministry("教育部令第41号 第二十七条");
const ARTICLE_30: Basis = Basis::Ministry("教育部令第41号 第三十条");
const ARTICLE_57: Basis = Basis::Ministry("教育部令第41号 第五十七条");
const ARTICLE_60: Basis = Basis::Ministry("教育部令第41号 第六十条");
const ARTICLE_61: Basis = Basis::Ministry("教育部令第41号 第六十一条");
const ARTICLE_62: Basis = Basis::Ministry("教育部令第41号 第六十二条");
const ARTICLE_64: Basis = Basis::Ministry("教育部令第41号 第六十四条");
const TRANSFER_2015: Basis = Basis::Ministry("教学厅〔2015〕4号");

const fn line(default: Span, starts: StartEvent, basis: Basis, choice: Choice) -> DeadlineRule {
    DeadlineRule {
        default,
        starts,
        basis,
        choice,
        extension: None,
    }
}

impl DeadlineKey {
    /// The line of the registry.
    pub const fn rule(self) -> DeadlineRule {
        use Basis::Practice;
        use Choice::{AtLeast, AtMost, Between, Fixed, Free};
        use Span::{Days, DaysBefore, Minutes, Months, Weeks, WorkingDays, YearDay, Years};
        use StartEvent as On;
        match self {
            Self::ArrivalLeaveMax => line(Days(14), On::ReportingDay, Practice, Free),
            Self::ForgoListToProvince => line(Days(20), On::ReportingDeadline, Practice, Free),
            Self::Recheck => line(Months(3), On::Enrolment, ARTICLE_11, AtMost(3)),
            Self::RecheckReport => line(YearDay { month: 9, day: 30 }, On::YearDay, Practice, Free),
            Self::DeferFormalities => line(WorkingDays(10), On::Notice, Practice, Free),
            Self::MilitaryKeep => line(Years(2), On::Discharge, ARTICLE_27, Fixed),
            Self::AnnualReg => line(Months(1), On::FirstSemester, ANNUAL, AtMost(1)),
            Self::StatusUpdate => line(WorkingDays(30), On::DocumentIssue, ANNUAL, AtMost(30)),
            Self::DeferredRegMax => line(Months(3), On::Approval, Practice, Free),
            Self::UnregisteredWithdraw => line(Weeks(2), On::RegistrationEnd, ARTICLE_30, Free),
            Self::AbsentWithdraw => line(Weeks(2), On::FirstAbsence, ARTICLE_30, Fixed),
            Self::ResumeApply => line(DaysBefore(14), On::Expiry, Practice, Free),
            Self::PublicNotice => line(WorkingDays(15), On::Publication, Practice, Free),
            Self::AppealStudent => line(Days(10), On::DecisionReceived, ARTICLE_60, Fixed),
            Self::AppealCommittee => DeadlineRule {
                extension: Some(Days(15)),
                ..line(Days(15), On::AppealReceived, ARTICLE_61, Fixed)
            },
            Self::AppealProvince => line(Days(15), On::ReexaminationReceived, ARTICLE_62, Fixed),
            Self::AppealProvinceDecide => {
                line(WorkingDays(30), On::ProvinceReceived, ARTICLE_62, Fixed)
            }
            Self::AppealNoNoticeMax => line(Months(6), On::DecisionKnown, ARTICLE_64, Fixed),
            Self::SanctionTerm => line(Months(12), On::Decision, ARTICLE_57, Between(6, 12)),
            Self::TransferFile => line(Months(3), On::TransferComplete, ARTICLE_24, AtMost(3)),
            Self::TransferPublicity => {
                line(WorkingDays(5), On::Publication, TRANSFER_2015, AtLeast(5))
            }
            Self::PhotoProofAppear => line(Days(40), On::Capture, Practice, Free),
            Self::PhotoRejectReplace => line(Days(2), On::Rejection, Practice, Free),
            Self::IssueEqRegister => line(Days(0), On::Issue, ISSUE, Fixed),
            Self::Exchange => line(YearDay { month: 10, day: 31 }, On::YearDay, EXCHANGE, Free),
            Self::ExchangeWindow => line(Years(2), On::Completion, Practice, Free),
            Self::LostCertProcess => line(WorkingDays(20), On::Acceptance, Practice, Free),
            Self::IncidentReport => line(Minutes(10), On::Discovery, Practice, Free),
        }
    }
}

//! Tenant parameters: what a university may vary, typed, with the regulation's defaults (domain.md §9, §14).

mod basis;
mod form;
mod network;
mod takes;
mod word;

use super::office::{Office, Step};
use crate::calendar::{DeadlineKey, Span};
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

pub use basis::Awaited;
pub use form::{Form, ParameterError};
pub use network::Network;
pub use takes::Unit;

/// When the legal standing as a student begins (domain.md C2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusBegins {
    /// After the initial check at arrival (the regulation).
    #[default]
    InitialCheck,
    /// After the re-check within three months.
    Recheck,
}

macro_rules! own {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $form:expr, $default:literal, $zh:literal, $en:literal;)*) => {
        /// A parameter a tenant may set. The key is stable; each value is versioned with who, basis and effective date.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Parameter {
            $($(#[$doc])* $name,)*
            /// A deadline of the registry (domain.md §9).
            Deadline(DeadlineKey),
            /// Which office performs a step.
            Duty(Step),
            /// Contact phone of an office, shown beside every refusal.
            Contact(Office),
        }

        impl Parameter {
            const OWN: &'static [Self] = &[$(Self::$name,)*];

            /// Stable key.
            pub fn key(self) -> String {
                match self {
                    $(Self::$name => $key.to_owned(),)*
                    Self::Deadline(key) => format!("{}{}", Self::DEADLINE, key.code().to_ascii_lowercase()),
                    Self::Duty(step) => step.key().to_owned(),
                    Self::Contact(office) => format!("{}{}", Self::CONTACT, office.key()),
                }
            }

            /// The form of its value.
            pub const fn form(self) -> Form {
                match self {
                    $(Self::$name => $form,)*
                    Self::Deadline(key) => Form::Span(key),
                    Self::Duty(step) => Form::OneOf(offices_of(step)),
                    Self::Contact(_) => Form::Phone,
                }
            }

            /// The value that holds until the tenant sets one.
            pub fn default_value(self) -> String {
                match self {
                    $(Self::$name => $default.to_owned(),)*
                    Self::Deadline(key) => form::span_text(key.rule().default),
                    Self::Duty(step) => step.default_office().key().to_owned(),
                    Self::Contact(_) => String::new(),
                }
            }
        }

        impl Label for Parameter {
            fn label(&self) -> Text {
                match self {
                    $(Self::$name => Text::new($zh, $en),)*
                    Self::Deadline(key) => key.label(),
                    Self::Duty(step) => step.label(),
                    Self::Contact(office) => office.label(),
                }
            }
        }
    };
}

/// Offices of the school as a whole, in the order of the regulation.
const SCHOOL_KEYS: &[&str] = &[
    "admissions",
    "student-affairs",
    "academic-affairs",
    "it-centre",
    "university-office",
    "party-office",
    "security",
    "discipline",
];
/// The same with the colleges, for what each can do for its own students.
const ALL_KEYS: &[&str] = &[
    "admissions",
    "student-affairs",
    "academic-affairs",
    "college",
    "it-centre",
    "university-office",
    "party-office",
    "security",
    "discipline",
];

/// Offices that can perform a step (ADR 0042). Candidates have no college before the hand-over, a cohort is received once
/// for the whole school, the records are kept in one place (办法 三（一）), and platform and outside queries have one door:
/// these stay with an office of the school. Class and number each college can give to its own students.
const fn offices_of(step: Step) -> &'static [&'static str] {
    match step {
        Step::AssignClass => ALL_KEYS,
        Step::AdmissionHandover
        | Step::ReceiveCohort
        | Step::RegisterFreshmen
        | Step::KeepStatusRecords
        | Step::AnnualRegistration
        | Step::AnswerQueries => SCHOOL_KEYS,
    }
}

const STATUS_KEYS: &[&str] = &["initial_check", "recheck"];

own! {
    /// A second factor is required for every office seat.
    TotpRequired = "security.totp_required", Form::Flag, "true",
        "办公岗位须用动态口令", "Second factor required for offices";
    /// Networks from which office seats may be used; empty: any.
    OfficeNetworks = "security.office_networks", Form::Networks, "",
        "办公岗位允许的网络", "Networks for office posts";
    /// Networks of the school's own, behind whose addresses many people sign in at once; empty: none.
    CampusNetworks = "security.campus_networks", Form::Networks, "",
        "校园网出口地址", "Addresses of the campus network";
    /// Minutes without a request after which a staff session ends.
    StaffIdleMinutes = "security.staff_idle_minutes", Form::Number(5, 240, Unit::Minutes), "15",
        "工作人员空闲退出（分钟）", "Staff idle limit (minutes)";
    /// Minutes without a request after which a student session ends.
    StudentIdleMinutes = "security.student_idle_minutes", Form::Number(5, 240, Unit::Minutes), "30",
        "学生空闲退出（分钟）", "Student idle limit (minutes)";
    /// Hours between two backups (办法 三（四）).
    BackupHours = "security.backup_hours", Form::Number(1, 168, Unit::Hours), "24",
        "备份间隔（小时）", "Hours between backups";
    /// Days between two spot-checks of the data (办法 三（四）).
    SpotCheckDays = "security.spot_check_days", Form::Number(1, 366, Unit::Days), "90",
        "数据抽查间隔（天）", "Days between spot-checks";
    /// Days within which a confirmed import can be undone.
    ImportUndoDays = "admission.undo_days", Form::Number(1, 90, Unit::Days), "30",
        "导入可撤销天数", "Days an import can be undone";
    /// Days an activation slip is valid.
    ActivationDays = "account.activation_days", Form::Number(1, 60, Unit::Days), "14",
        "激活单有效天数", "Days an activation slip is valid";
    /// Whether the school's vacations stop the count of working days; the regulation does not say so.
    VacationsCount = "calendar.vacations_stop_working_days", Form::Flag, "false",
        "寒暑假不计入工作日", "Vacations stop the count of working days";
    /// When status begins.
    StatusBegins = "status.begins", Form::OneOf(STATUS_KEYS), "initial_check",
        "学籍起始", "When student status begins";
    /// Years of study at most beyond the length of the programme, suspensions included (Order 41 Art. 25).
    ExtraYears = "status.extra_years", Form::Number(0, 6, Unit::Years), "2",
        "最长学习年限（学制以外，年）", "Years of study beyond the programme's length";
    /// How often a student may suspend (Order 41 Art. 25).
    SuspensionCount = "status.suspension_count", Form::Number(1, 6, Unit::Times), "2",
        "休学次数上限", "Suspensions at most";
    /// Months one suspension may last.
    SuspensionMonths = "status.suspension_months", Form::Number(1, 36, Unit::Months), "12",
        "每次休学期限（月）", "Months of one suspension at most";
    /// Whether military service counts into the years of study (domain.md §5, by school).
    MilitaryCounts = "status.military_counts", Form::Flag, "false",
        "服兵役计入学习年限", "Military service counts into the years of study";
    /// Pattern of student numbers.
    StudentNumberPattern = "student_number.pattern", Form::NumberPattern, "{yy}{college:2}{class:2}{seq:3}",
        "学号规则", "Pattern of student numbers";
    /// The president whose name is on certificates; the versions keep the dates of each.
    President = "certificate.president", Form::Text(50), "",
        "校长姓名", "The president's name";
    /// Whether the president is an acting head, which certificates say beside the name.
    PresidentActing = "certificate.president_acting", Form::Flag, "false",
        "校长系主持工作（代理）", "The president is an acting head";
    /// Layout of certificates and of the statements that stand for lost ones.
    CertificateTemplates = "certificate.templates", Form::Text(200), "",
        "证书与证明书式样（文件）", "Layouts of certificates and statements (document)";
    /// English names on certificates.
    EnglishNames = "certificate.english_names", Form::Flag, "false",
        "证书使用英文姓名", "English names on certificates";
    /// Agency code (发文机关代字) of document numbers.
    DocumentAgency = "document.agency_code", Form::Text(20), "",
        "发文机关代字", "Agency code of document numbers";
    /// Templates of notices, decisions and records of service.
    DocumentTemplates = "document.templates", Form::Text(200), "",
        "通知、决定、送达记录文书模板（文件）", "Templates of notices, decisions and records of service (document)";
    /// Layout of the sheet on which students confirm their data on paper.
    SheetTemplate = "verification.sheet_template", Form::Text(200), "",
        "信息核对表式样（文件）", "Layout of the sheet of data to confirm (document)";
    /// The province's own rules: change windows, level of approval, transfer bans, reporting forms.
    ProvinceRules = "province.rules", Form::Text(200), "",
        "本省学籍管理规定（文件）", "The province's own rules (document)";
    /// Blocks of certificate numbers in use.
    NumberBlocks = "certificate.number_blocks", Form::Text(200), "",
        "证书编号号段", "Blocks of certificate numbers";
    /// Whether a certificate of completion may be exchanged for one of graduation.
    ExchangeAllowed = "graduation.exchange_allowed", Form::Flag, "true",
        "允许结业换发毕业证书", "Completion may be exchanged for graduation";
    /// Share of credits from which a student completes without graduating.
    CompletionPercent = "graduation.completion_percent", Form::Number(50, 100, Unit::Percent), "80",
        "结业所需学分比例（%）", "Share of credits for completion (%)";
    /// Failed credits at which withdrawal is considered; 0: the school counts otherwise.
    WithdrawalCredits = "status.withdrawal_credits", Form::Number(0, 200, Unit::Credits), "0",
        "学业退学的不及格学分", "Failed credits at which withdrawal is considered";
    /// When graduates' photos are captured.
    PhotoWindow = "photo.window", Form::Text(60), "",
        "图像采集时间", "Weeks in which photos are captured";
    /// The standard that photos follow.
    PhotoStandard = "photo.standard", Form::Text(100), "",
        "图像标准（文件）", "Standard of photos (document)";
    /// Classes of data that need an approval.
    DataClasses = "disclosure.data_classes", Form::Text(200), "",
        "须审批的数据类别", "Classes of data that need an approval";
    /// The office that approves the use of data inside the school.
    DataApprover = "disclosure.approver", Form::OneOf(SCHOOL_KEYS), "student-affairs",
        "校内数据使用审批部门", "Office that approves data use";
    /// How states and fields are called in the campus system.
    CampusMapping = "campus.status_map", Form::Text(500), "",
        "教务系统状态与字段对应", "States and fields in the campus system";
    /// Edition of the platform's file layouts.
    LayoutVersion = "platform.layout_version", Form::Text(20), "2026",
        "学信网文件格式版本", "Edition of the platform's file layouts";
    /// The agency that captures graduates' photos, with its contact.
    PhotoAgency = "photo.agency", Form::Text(100), "",
        "图像采集机构与联系人", "Photo agency and contact";
    /// The school's feature code at the agency.
    PhotoFeatureCode = "photo.feature_code", Form::Text(20), "",
        "图像采集院校特征码", "The school's code at the photo agency";
}

impl Parameter {
    /// Beginning of the keys of deadlines.
    pub const DEADLINE: &str = "deadline.";
    /// Beginning of the keys of telephones.
    pub const CONTACT: &str = "contact.";

    /// Every parameter.
    pub fn all() -> Vec<Self> {
        let mut all = Self::OWN.to_vec();
        all.extend(DeadlineKey::ALL.into_iter().map(Self::Deadline));
        all.extend(Step::ALL.into_iter().map(Self::Duty));
        all.extend(
            Office::ALL
                .into_iter()
                .filter(|o| o.is_staff())
                .map(Self::Contact),
        );
        all
    }

    /// The parameter with this key.
    ///
    /// # Errors
    /// [`ParameterError::Unknown`].
    pub fn from_key(key: &str) -> Result<Self, ParameterError> {
        Self::all()
            .into_iter()
            .find(|p| p.key() == key)
            .ok_or(ParameterError::Unknown)
    }

    /// Checks a value and gives it in its stored form.
    ///
    /// # Errors
    /// [`ParameterError::Form`]; [`ParameterError::Fixed`] where the law leaves no choice.
    pub fn accept(self, value: &str) -> Result<String, ParameterError> {
        self.form().accept(value.trim())
    }

    /// What it takes, in Chinese and English: unit, range and an example.
    pub fn takes(self) -> (String, String) {
        takes::of(self)
    }

    /// An example of a value; `None` where the values are listed, are free words, or are fixed.
    pub fn example(self) -> Option<String> {
        takes::example(self)
    }

    /// Least and most of the number that it takes; `None` where it takes no number, or the law fixes it.
    pub fn bounds(self) -> Option<(i64, i64)> {
        takes::bounds(self.form())
    }

    /// The span of a deadline's stored value; the registry's own where the value is not one.
    pub fn span(self, value: &str) -> Option<Span> {
        let Self::Deadline(key) = self else {
            return None;
        };
        Some(form::span_of(key, value).unwrap_or(key.rule().default))
    }

    /// A stored value in words.
    pub fn word(self, value: &str) -> (String, String) {
        word::of(self, value)
    }
}

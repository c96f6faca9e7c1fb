//! Tenant parameters: what a university may vary, typed, with the regulation's defaults (domain.md §9, §14).

use super::office::{Office, Step};
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};

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

/// A parameter a tenant may set. The key is stable; each value is versioned with who, basis and effective date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// A second factor is required for every office seat.
    TotpRequired,
    /// Networks from which office seats may be used; empty: any.
    OfficeNetworks,
    /// Minutes without a request after which a staff session ends.
    StaffIdleMinutes,
    /// Minutes without a request after which a student session ends.
    StudentIdleMinutes,
    /// Days within which a confirmed import can be undone.
    ImportUndoDays,
    /// Days an activation slip is valid.
    ActivationDays,
    /// Days of leave at arrival (`ARRIVAL_LEAVE_MAX`).
    ArrivalLeaveDays,
    /// When status begins.
    StatusBegins,
    /// Pattern of student numbers.
    StudentNumberPattern,
    /// Which office performs a step.
    Duty(Step),
    /// Contact phone of an office, shown beside every refusal.
    Contact(Office),
}

/// The form of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// true or false
    Flag,
    /// A whole number within bounds.
    Number(i64, i64),
    /// One of these keys.
    OneOf(&'static [&'static str]),
    /// Network prefixes separated by commas.
    Networks,
    /// A pattern of student numbers.
    NumberPattern,
    /// A phone number or extension.
    Phone,
}

/// Why a value is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// There is no such parameter.
    #[error("there is no such parameter")]
    Unknown,
    /// The value does not have the form the parameter needs.
    #[error("the value does not have the form this parameter needs")]
    Form,
}

const OFFICE_KEYS: &[&str] = &[
    "admissions",
    "student-affairs",
    "academic-affairs",
    "college",
    "it-centre",
];
const STATUS_KEYS: &[&str] = &["initial_check", "recheck"];

impl Parameter {
    /// Every parameter.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::TotpRequired,
            Self::OfficeNetworks,
            Self::StaffIdleMinutes,
            Self::StudentIdleMinutes,
            Self::ImportUndoDays,
            Self::ActivationDays,
            Self::ArrivalLeaveDays,
            Self::StatusBegins,
            Self::StudentNumberPattern,
        ];
        all.extend(Step::ALL.into_iter().map(Self::Duty));
        all.extend(
            Office::ALL
                .into_iter()
                .filter(|o| o.is_staff())
                .map(Self::Contact),
        );
        all
    }

    /// Stable key.
    pub fn key(self) -> String {
        match self {
            Self::TotpRequired => "security.totp_required".to_owned(),
            Self::OfficeNetworks => "security.office_networks".to_owned(),
            Self::StaffIdleMinutes => "security.staff_idle_minutes".to_owned(),
            Self::StudentIdleMinutes => "security.student_idle_minutes".to_owned(),
            Self::ImportUndoDays => "admission.undo_days".to_owned(),
            Self::ActivationDays => "account.activation_days".to_owned(),
            Self::ArrivalLeaveDays => "deadline.arrival_leave_days".to_owned(),
            Self::StatusBegins => "status.begins".to_owned(),
            Self::StudentNumberPattern => "student_number.pattern".to_owned(),
            Self::Duty(step) => step.key().to_owned(),
            Self::Contact(office) => format!("contact.{}", office.key()),
        }
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

    /// The value that holds until the tenant sets one.
    pub fn default_value(self) -> String {
        match self {
            Self::TotpRequired => "true".to_owned(),
            Self::OfficeNetworks | Self::Contact(_) => String::new(),
            Self::StaffIdleMinutes => "15".to_owned(),
            Self::StudentIdleMinutes | Self::ImportUndoDays => "30".to_owned(),
            Self::ActivationDays | Self::ArrivalLeaveDays => "14".to_owned(),
            Self::StatusBegins => "initial_check".to_owned(),
            Self::StudentNumberPattern => "{yy}{college:2}{class:2}{seq:3}".to_owned(),
            Self::Duty(step) => step.default_office().key().to_owned(),
        }
    }

    /// The form of its value.
    pub const fn form(self) -> Form {
        match self {
            Self::TotpRequired => Form::Flag,
            Self::OfficeNetworks => Form::Networks,
            Self::StaffIdleMinutes | Self::StudentIdleMinutes => Form::Number(5, 240),
            Self::ImportUndoDays => Form::Number(1, 90),
            Self::ActivationDays | Self::ArrivalLeaveDays => Form::Number(1, 60),
            Self::StatusBegins => Form::OneOf(STATUS_KEYS),
            Self::StudentNumberPattern => Form::NumberPattern,
            Self::Duty(_) => Form::OneOf(OFFICE_KEYS),
            Self::Contact(_) => Form::Phone,
        }
    }

    /// Checks a value and gives it in its stored form.
    ///
    /// # Errors
    /// [`ParameterError::Form`].
    pub fn accept(self, value: &str) -> Result<String, ParameterError> {
        let value = value.trim();
        let ok = match self.form() {
            Form::Flag => matches!(value, "true" | "false"),
            Form::Number(low, high) => value
                .parse::<i64>()
                .is_ok_and(|n| (low..=high).contains(&n)),
            Form::OneOf(keys) => keys.contains(&value),
            Form::Networks => {
                value.is_empty() || value.split(',').all(|n| Network::parse(n.trim()).is_some())
            }
            Form::NumberPattern => value.contains("{seq:") && value.len() <= 60 && value.is_ascii(),
            Form::Phone => {
                value.len() <= 40
                    && value
                        .chars()
                        .all(|c| c.is_ascii_digit() || " -+,、转()（）".contains(c))
            }
        };
        if ok {
            Ok(value.to_owned())
        } else {
            Err(ParameterError::Form)
        }
    }
}

impl Label for Parameter {
    fn label(&self) -> Text {
        match self {
            Self::TotpRequired => {
                Text::new("办公岗位须用动态口令", "Second factor required for offices")
            }
            Self::OfficeNetworks => Text::new("办公岗位允许的网络", "Networks for office posts"),
            Self::StaffIdleMinutes => {
                Text::new("工作人员空闲退出（分钟）", "Staff idle limit (minutes)")
            }
            Self::StudentIdleMinutes => {
                Text::new("学生空闲退出（分钟）", "Student idle limit (minutes)")
            }
            Self::ImportUndoDays => Text::new("导入可撤销天数", "Days an import can be undone"),
            Self::ActivationDays => Text::new("激活单有效天数", "Days an activation slip is valid"),
            Self::ArrivalLeaveDays => {
                Text::new("新生报到请假上限（天）", "Longest leave at arrival (days)")
            }
            Self::StatusBegins => Text::new("学籍起始", "When student status begins"),
            Self::StudentNumberPattern => Text::new("学号规则", "Pattern of student numbers"),
            Self::Duty(step) => step.label(),
            Self::Contact(office) => office.label(),
        }
    }
}

/// An IPv4 or IPv6 prefix such as `10.8.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
    v4: bool,
}

impl Network {
    /// Reads `address/bits`, or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let address: std::net::IpAddr = address.parse().ok()?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(widest), |b| b.parse().ok())?;
        (bits <= widest).then(|| Self {
            base: number(address),
            bits,
            v4: address.is_ipv4(),
        })
    }

    /// Whether an address lies inside.
    pub fn contains(self, address: std::net::IpAddr) -> bool {
        let address = address.to_canonical();
        if address.is_ipv4() != self.v4 {
            return false;
        }
        let shift = if self.v4 { 32 } else { 128 } - self.bits;
        number(address).checked_shr(shift).unwrap_or(0) == self.base.checked_shr(shift).unwrap_or(0)
    }
}

fn number(address: std::net::IpAddr) -> u128 {
    match address {
        std::net::IpAddr::V4(v4) => u128::from(v4.to_bits()),
        std::net::IpAddr::V6(v6) => v6.to_bits(),
    }
}

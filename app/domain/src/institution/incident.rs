//! What the IT Centre should see: refused sign-ins, locks, attempts from elsewhere.

use crate::text::{Label, Text};

/// Kind of a security event. Its record names an account by id and a network, never a login or a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Incident {
    /// Wrong login or password, or an account that is locked or disabled.
    SignInRefused,
    /// Wrong or used second factor.
    FactorRefused,
    /// Wrong password for a step that asks for it again.
    StepUpRefused,
    /// Wrong, used or expired activation slip or one-time code.
    ActivationRefused,
    /// An account was locked after failures.
    Locked,
    /// Too many failures from one address within a minute.
    ManyAttempts,
    /// An office post from a network that the school does not allow.
    ForeignNetwork,
    /// A right password without any post that is valid today.
    NoPost,
    /// Somebody signed in here asked for something of another university.
    OtherUniversity,
    /// Somebody signed in here asked for a page or an act that the post in use has no right to.
    Denied,
    /// A form that was sent from a page of another site.
    CrossSite,
}

impl Incident {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::SignInRefused,
        Self::FactorRefused,
        Self::StepUpRefused,
        Self::ActivationRefused,
        Self::Locked,
        Self::ManyAttempts,
        Self::ForeignNetwork,
        Self::NoPost,
        Self::OtherUniversity,
        Self::Denied,
        Self::CrossSite,
    ];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SignInRefused => "sign-in-refused",
            Self::FactorRefused => "factor-refused",
            Self::StepUpRefused => "step-up-refused",
            Self::ActivationRefused => "activation-refused",
            Self::Locked => "locked",
            Self::ManyAttempts => "many-attempts",
            Self::ForeignNetwork => "foreign-network",
            Self::NoPost => "no-post",
            Self::OtherUniversity => "other-university",
            Self::Denied => "denied",
            Self::CrossSite => "cross-site",
        }
    }

    /// Whether it was a guess at a password or second factor, which counts towards the lock of an account.
    pub const fn is_guess(self) -> bool {
        match self {
            Self::SignInRefused | Self::FactorRefused | Self::StepUpRefused => true,
            Self::ActivationRefused
            | Self::Locked
            | Self::ManyAttempts
            | Self::ForeignNetwork
            | Self::NoPost
            | Self::OtherUniversity
            | Self::Denied
            | Self::CrossSite => false,
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.key() == key)
    }
}

impl Label for Incident {
    fn label(&self) -> Text {
        match self {
            Self::SignInRefused => Text::new("登录被拒绝", "Sign-in refused"),
            Self::FactorRefused => Text::new("动态口令被拒绝", "Second factor refused"),
            Self::StepUpRefused => Text::new("再次验证被拒绝", "Step-up refused"),
            Self::ActivationRefused => Text::new("激活被拒绝", "Activation refused"),
            Self::Locked => Text::new("账号锁定", "Account locked"),
            Self::ManyAttempts => {
                Text::new("同一地址尝试过多", "Too many attempts from one address")
            }
            Self::ForeignNetwork => {
                Text::new("办公岗位从其他网络登录", "Office post from another network")
            }
            Self::NoPost => Text::new("无有效岗位", "No valid post"),
            Self::OtherUniversity => {
                Text::new("试图访问其他学校", "Another university was asked for")
            }
            Self::Denied => Text::new("越权操作被拒绝", "An act without the right was refused"),
            Self::CrossSite => Text::new("跨站请求被拒绝", "A form from another site was refused"),
        }
    }
}

/// A coming or going at the platform's own door, of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatorAct {
    /// Signed in with the password alone.
    SignedIn,
    /// Signed in with the password and the second factor.
    SecondFactor,
    /// Signed out.
    SignedOut,
    /// Gave the password again, and the second factor where one is enrolled.
    SteppedUp,
    /// Began to set up a second factor.
    Enrolled,
    /// Put a second factor in force with its first code.
    Confirmed,
    /// A lost second factor was taken away from the command line.
    FactorReset,
    /// A new password was set from the command line.
    PasswordReset,
    /// Wrong login or password, or locked.
    Refused,
    /// Wrong or used second factor after a right password.
    FactorRefused,
    /// Locked after failures.
    Locked,
    /// A form from another site, of somebody who is signed in nowhere.
    CrossSite,
    /// A backup was made from the command line.
    BackedUp,
}

impl OperatorAct {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::SignedIn,
        Self::SecondFactor,
        Self::SignedOut,
        Self::SteppedUp,
        Self::Enrolled,
        Self::Confirmed,
        Self::FactorReset,
        Self::PasswordReset,
        Self::Refused,
        Self::FactorRefused,
        Self::Locked,
        Self::CrossSite,
        Self::BackedUp,
    ];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SecondFactor => "second-factor",
            Self::SignedOut => "signed-out",
            Self::SteppedUp => "stepped-up",
            Self::Enrolled => "enrolled",
            Self::Confirmed => "confirmed",
            Self::FactorReset => "factor-reset",
            Self::PasswordReset => "password-reset",
            Self::Refused => "refused",
            Self::FactorRefused => "factor-refused",
            Self::Locked => "locked",
            Self::CrossSite => "cross-site",
            Self::BackedUp => "backed-up",
        }
    }

    /// Whether strangers can bring it about, the ones who know a password included: such rows are bounded.
    pub const fn is_provoked(self) -> bool {
        match self {
            Self::Refused | Self::FactorRefused | Self::Locked | Self::CrossSite => true,
            Self::SignedIn
            | Self::SecondFactor
            | Self::SignedOut
            | Self::SteppedUp
            | Self::Enrolled
            | Self::Confirmed
            | Self::FactorReset
            | Self::PasswordReset
            | Self::BackedUp => false,
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.key() == key)
    }
}

impl Label for OperatorAct {
    fn label(&self) -> Text {
        match self {
            Self::SignedIn => Text::new("登录", "Signed in"),
            Self::SecondFactor => Text::new("以动态口令登录", "Signed in with the second factor"),
            Self::SignedOut => Text::new("退出", "Signed out"),
            Self::SteppedUp => Text::new("再次验证密码", "Gave the password again"),
            Self::Enrolled => Text::new("开始设置动态口令", "Began to set up a second factor"),
            Self::Confirmed => Text::new("启用动态口令", "Switched a second factor on"),
            Self::FactorReset => Text::new("取消动态口令", "A second factor was taken away"),
            Self::PasswordReset => Text::new("重设密码", "A new password was set"),
            Self::CrossSite => Text::new("跨站请求被拒绝", "A form from another site was refused"),
            Self::BackedUp => Text::new("完成备份", "A backup was made"),
            Self::Refused => Text::new("登录被拒绝", "Sign-in refused"),
            Self::FactorRefused => Text::new("动态口令被拒绝", "Second factor refused"),
            Self::Locked => Text::new("账号锁定", "Account locked"),
        }
    }
}

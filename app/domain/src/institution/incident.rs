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
}

impl Incident {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::SignInRefused,
        Self::FactorRefused,
        Self::StepUpRefused,
        Self::ActivationRefused,
        Self::Locked,
        Self::ManyAttempts,
        Self::ForeignNetwork,
        Self::NoPost,
        Self::OtherUniversity,
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
            | Self::OtherUniversity => false,
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
        }
    }
}

/// A coming or going at the platform's own door, of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatorAct {
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Gave the password again.
    SteppedUp,
    /// Wrong login or password, or locked.
    Refused,
    /// Locked after failures.
    Locked,
}

impl OperatorAct {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::SignedIn,
        Self::SignedOut,
        Self::SteppedUp,
        Self::Refused,
        Self::Locked,
    ];

    /// Stable name in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::SteppedUp => "stepped-up",
            Self::Refused => "refused",
            Self::Locked => "locked",
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
            Self::SignedOut => Text::new("退出", "Signed out"),
            Self::SteppedUp => Text::new("再次验证密码", "Gave the password again"),
            Self::Refused => Text::new("登录被拒绝", "Sign-in refused"),
            Self::Locked => Text::new("账号锁定", "Account locked"),
        }
    }
}

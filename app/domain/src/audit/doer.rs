//! Who did it, from where, and how it ended.

use super::{AuditError, Term, hex};
use crate::institution::{Actor, Office, PostKind};
use crate::text::{Label, Text};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use uuid::Uuid;

/// Who did something. Ids only: the person's name at that time stands in the person's own history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Doer {
    /// A person in a post.
    Person {
        /// The person.
        person: Uuid,
        /// The account.
        account: Uuid,
        /// The office of the post.
        office: Office,
        /// The post.
        post: Uuid,
        /// The kind of the post, so that the right used stays readable after the post is gone.
        role: PostKind,
        /// The person in whose place it was done (代理), where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<Uuid>,
    },
    /// Nobody known: a failed sign-in, a public query.
    Nobody,
    /// The program itself: a job without an owner, a command of the operator's console.
    Program {
        /// Which part of it.
        name: Term,
    },
}

impl Doer {
    /// The person behind a session, acting in the own name or for somebody.
    pub fn seated(actor: &Actor, on_behalf_of: Option<Uuid>) -> Self {
        let seat = actor.seat();
        Self::Person {
            person: seat.person,
            account: seat.account,
            office: seat.office,
            post: seat.post,
            role: seat.kind,
            on_behalf_of,
        }
    }
}

/// First 16 bytes of the SHA-256 of a session id: joins the acts of one session, opens none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionMark(pub [u8; 16]);

impl std::fmt::Debug for SessionMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionMark({})", hex::encode(&self.0))
    }
}

impl TryFrom<String> for SessionMark {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        hex::decode_array(&value).map(Self).ok_or(AuditError::Mark)
    }
}

impl From<SessionMark> for String {
    fn from(value: SessionMark) -> Self {
        hex::encode(&value.0)
    }
}

/// From where a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Origin {
    /// From a network.
    Network(Network),
    /// From inside the program, without a request.
    Local,
}

/// An address of which the part that tells one machine from another is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

const LOCAL: &str = "local";

impl Origin {
    /// Cuts an IPv4 address to 24 bits and an IPv6 address to 48; an IPv4 address in IPv6 dress is an IPv4 address.
    pub const fn of(address: IpAddr) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << 8))),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80))),
        };
        Self::Network(Network(network))
    }

    fn parse(text: &str) -> Result<Self, AuditError> {
        if text == LOCAL {
            return Ok(Self::Local);
        }
        let address = text
            .split_once('/')
            .and_then(|(address, _)| address.parse().ok());
        let origin = address.map(Self::of).ok_or(AuditError::Origin)?;
        if origin.to_string() == text {
            Ok(origin)
        } else {
            Err(AuditError::Origin)
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Network(Network(IpAddr::V4(network))) => write!(f, "{network}/24"),
            Self::Network(Network(IpAddr::V6(network))) => write!(f, "{network}/48"),
            Self::Local => f.write_str(LOCAL),
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = AuditError;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value)
    }
}

impl From<Origin> for String {
    fn from(value: Origin) -> Self {
        value.to_string()
    }
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused: no right, a rule against it, a wrong password.
    Refused,
    /// Tried, and failed for a reason outside the rules.
    Failed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Failed];

    /// Stable name in files and the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

impl Label for Outcome {
    fn label(&self) -> Text {
        match self {
            Self::Done => Text::new("已完成", "Done"),
            Self::Refused => Text::new("被拒绝", "Refused"),
            Self::Failed => Text::new("未成功", "Failed"),
        }
    }
}

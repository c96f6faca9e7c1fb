//! One-time codes: for one student whose identity was checked face to face (人证核对).

use super::super::secret;
use super::{Checked, after_signature, recipient};
use crate::{Result, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::Actor;
use domain::institution::activation::IdentityCheck;
use store::keys::Secret;
use store::{Subject, rows};
use uuid::Uuid;

/// The kind of an activation row.
pub(crate) const CODE: &str = "code";
/// How long a code counts.
const CODE_VALID: TimeDelta = TimeDelta::hours(24);
/// Wrong tries that end a code.
pub const MOST_TRIES: i32 = 5;

/// A one-time code as it is told to the student, this once.
#[derive(Clone)]
pub struct IssuedCode {
    /// `7K2QX-9MBTD`.
    pub code: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Name of the student it is for.
    pub name: String,
    /// 学号; before one is assigned, the 考生号, masked.
    pub number: String,
}

impl std::fmt::Debug for IssuedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedCode(until {})", self.expires_at)
    }
}

/// The hash that is stored of a code.
pub fn code_hash(key: &Secret, activation: &rows::Activation, code: &str) -> [u8; 32] {
    let tenant = activation.tenant_id.to_be_bytes();
    let id = activation.id;
    secret::keyed_hash(key, &[b"code", &tenant, id.as_bytes(), code.as_bytes()])
}

impl Services {
    /// Issues a one-time code to a student who was seen; earlier slips and codes end.
    ///
    /// # Errors
    /// [`crate::ServiceError::NotFound`] for a student who is not visible, [`crate::ServiceError::Invalid`] on `note`.
    pub async fn issue_code(
        &self,
        actor: &Actor,
        student: Uuid,
        identity: IdentityCheck,
        note: &str,
    ) -> Result<IssuedCode> {
        let checked = Checked::new(identity, note)?;
        let code = secret::code()?;
        let mut unit = self.store.begin(actor).await?;
        let (granted, recipient) = recipient::seen_student(&mut unit, actor, student).await?;
        let account = recipient.account.id;
        unit.close_activations(&[account]).await?;
        let now = unit.now();
        let mut row = rows::Activation {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            account_id: account,
            kind: CODE.to_owned(),
            secret_hash: None,
            tries: 0,
            reason: checked.note().to_owned(),
            identity_check: Some(identity.key().to_owned()),
            after_signature: after_signature(account, now),
            issued_by: actor.person(),
            issued_at: now,
            expires_at: now + CODE_VALID,
            used_at: None,
        };
        row.secret_hash = Some(code_hash(self.store.keys().activation(), &row, &code).to_vec());
        let expires_at = row.expires_at;
        unit.insert_activations(vec![row]).await?;
        let told = checked.told("发放一次性激活码");
        unit.note(&granted, Subject::new("account", account), told);
        unit.commit().await?;
        let number = recipient.number_or_mask();
        Ok(IssuedCode {
            code: secret::spaced(&code),
            expires_at,
            name: recipient.name,
            number,
        })
    }
}

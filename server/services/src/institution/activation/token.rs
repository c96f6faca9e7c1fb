//! The token on an activation slip: a JWT of one algorithm that names an activation, its university and its end.
//!
//! The token proves that the slip was printed here. Whether it still counts stands in the database alone. It is printed
//! as a QR code, so it says no more than it must: its header is always the same and left out, and no issuer or audience is
//! named, because its key signs nothing else (ADR 0080).

use crate::{Result, ServiceError};
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use store::keys::Secret;
use uuid::Uuid;

const ALGORITHM: Algorithm = Algorithm::HS256;
/// `{"typ":"JWT","alg":"HS256"}` and the dot after it, before every token.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.";

#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(with = "uuid::serde::simple")]
    jti: Uuid,
    #[serde(rename = "t")]
    tenant: i32,
    exp: i64,
}

/// The token of an activation; the same whenever it is asked for.
pub fn write(key: &Secret, tenant: TenantId, id: Uuid, expires: DateTime<Utc>) -> Result<String> {
    let claims = Claims {
        jti: id,
        tenant: tenant.0,
        exp: expires.timestamp(),
    };
    let key = EncodingKey::from_secret(key.expose());
    encode(&Header::new(ALGORITHM), &claims, &key)
        .ok()
        .and_then(|token| token.strip_prefix(HEADER).map(ToOwned::to_owned))
        .ok_or(ServiceError::Internal("activation token"))
}

/// The activation that a token names; `None` for every token that was not made here, is over, or is of another
/// university.
pub fn read(key: &Secret, tenant: TenantId, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
    let mut validation = Validation::new(ALGORITHM);
    validation.algorithms = vec![ALGORITHM];
    validation.set_required_spec_claims(&["exp"]);
    // The time is compared below: the library would ask its own clock.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key.expose());
    let whole = format!("{HEADER}{token}");
    let claims = decode::<Claims>(whole, &key, &validation).ok()?.claims;
    (claims.tenant == tenant.0 && now.timestamp() < claims.exp).then_some(claims.jti)
}

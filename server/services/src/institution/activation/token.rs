//! The token on an activation slip: a JWT of one algorithm that names an activation, its university and its end.
//!
//! The token proves that the slip was printed here. Whether it still counts stands in the database alone.

use crate::{Result, ServiceError};
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use store::keys::Secret;
use uuid::Uuid;

const ISSUER: &str = "xueji";
const AUDIENCE: &str = "activation";
const ALGORITHM: Algorithm = Algorithm::HS256;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    jti: Uuid,
    tenant: i32,
    exp: i64,
}

/// The token of an activation; the same whenever it is asked for.
pub fn write(key: &Secret, tenant: TenantId, id: Uuid, expires: DateTime<Utc>) -> Result<String> {
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        jti: id,
        tenant: tenant.0,
        exp: expires.timestamp(),
    };
    let key = EncodingKey::from_secret(key.expose());
    encode(&Header::new(ALGORITHM), &claims, &key)
        .map_err(|_| ServiceError::Internal("activation token"))
}

/// The activation that a token names; `None` for every token that was not made here, is over, or is of another
/// university.
pub fn read(key: &Secret, tenant: TenantId, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
    let mut validation = Validation::new(ALGORITHM);
    validation.algorithms = vec![ALGORITHM];
    validation.set_required_spec_claims(&["exp", "aud", "iss"]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    // The time is compared below: the library would ask its own clock.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key.expose());
    let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
    (claims.tenant == tenant.0 && now.timestamp() < claims.exp).then_some(claims.jti)
}

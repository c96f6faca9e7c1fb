//! Entering, changing and leaving a session. Every entry and every change of seat gets a new session id.

use crate::cx::Known;
use chrono::{DateTime, Utc};
use domain::institution::TenantId;
use services::ServiceError;
use services::institution::SignedIn;
use services::institution::operator::{Operator, OperatorSession};
use services::institution::second_factor::{FactorOutcome, PendingFactor};
use services::institution::sign_in::SignInOutcome;
use tower_sessions::session::Error;

/// Key of the seat in the session.
pub const SEAT: &str = "seat";
/// Key of the last request in the session.
pub const SEEN: &str = "seen";
/// Key of a sign-in that waits for its second factor.
const PENDING: &str = "pending";
/// Key of the operator's seat.
const OPERATOR: &str = "operator";

fn kept(result: Result<(), Error>) -> Result<(), ServiceError> {
    result.map_err(|_| ServiceError::Internal("session"))
}

/// The university a form names; unknown ones look like a wrong password.
///
/// # Errors
/// [`ServiceError::NotFound`].
pub async fn school(cx: &Known, slug: &str) -> Result<TenantId, ServiceError> {
    let row = cx.services.store().control().tenant_by_slug(slug).await?;
    row.filter(|t| t.state == "active")
        .map(|t| TenantId(t.id))
        .ok_or(ServiceError::NotFound)
}

/// Goes on after the password: seated, or asked for the second factor.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn enter(cx: &Known, outcome: SignInOutcome) -> Result<String, ServiceError> {
    match outcome {
        SignInOutcome::Done(seat) => {
            // A session belongs to one university: what was in it before is gone.
            kept(cx.session.flush().await)?;
            take_seat(cx, seat).await?;
            Ok("home".to_owned())
        }
        SignInOutcome::SecondFactor(pending) => {
            kept(cx.session.cycle_id().await)?;
            kept(cx.session.insert(PENDING, pending).await)?;
            Ok("sign-in?step=code".to_owned())
        }
    }
}

/// Checks the second factor of a sign-in that waits for it.
///
/// # Errors
/// [`ServiceError::SignIn`] for a wrong code or when nothing waits.
pub async fn second_factor(
    cx: &Known,
    school: TenantId,
    code: &str,
) -> Result<String, ServiceError> {
    let pending: Option<PendingFactor> = cx.session.get(PENDING).await.unwrap_or(None);
    let pending = pending
        .filter(|p| p.tenant == school)
        .ok_or(ServiceError::SignIn)?;
    match cx.services.second_factor(pending, code, cx.origin).await? {
        FactorOutcome::Done(seat) => enter(cx, SignInOutcome::Done(seat)).await,
        FactorOutcome::Again(pending) => {
            kept(cx.session.insert(PENDING, pending).await)?;
            Err(ServiceError::SignIn)
        }
    }
}

/// Takes a seat under a new session id.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn take_seat(cx: &Known, seat: SignedIn) -> Result<(), ServiceError> {
    kept(cx.session.cycle_id().await)?;
    kept(cx.session.insert(SEAT, seat).await)?;
    kept(cx.session.insert(SEEN, cx.services.store().now()).await)
}

/// Notes that the password was given again.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn stepped_up(cx: &Known, at: DateTime<Utc>) -> Result<(), ServiceError> {
    let seat: Option<SignedIn> = cx.session.get(SEAT).await.unwrap_or(None);
    let seat = seat.ok_or(ServiceError::SignIn)?;
    take_seat(
        cx,
        SignedIn {
            stepped_up: Some(at),
            ..seat
        },
    )
    .await
}

/// Ends the session.
///
/// # Errors
/// [`ServiceError::Internal`] when it cannot be ended.
pub async fn leave(cx: &Known) -> Result<(), ServiceError> {
    kept(cx.session.flush().await)
}

/// Seats the operator.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn enter_operator(cx: &Known, seat: OperatorSession) -> Result<String, ServiceError> {
    kept(cx.session.flush().await)?;
    kept(cx.session.insert(OPERATOR, seat).await)?;
    Ok("/operator/tenants".to_owned())
}

/// The operator of the session.
///
/// # Errors
/// [`ServiceError::SignIn`] when nobody is.
pub async fn operator(cx: &Known) -> Result<Operator, ServiceError> {
    let seat: Option<OperatorSession> = cx.session.get(OPERATOR).await.unwrap_or(None);
    let seat = seat.ok_or(ServiceError::SignIn)?;
    cx.services
        .present_operator(seat)
        .await
        .map_err(|_| ServiceError::SignIn)
}

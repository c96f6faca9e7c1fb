//! Entering, changing and leaving a session. Every entry and every change of seat gets a new session id.

use crate::cx::{self, Known};
use crate::wish::Wish;
use chrono::{DateTime, TimeDelta, Utc};
use domain::clause::Clause;
use domain::decision::{Reason, Refusal};
use domain::institution::{Actor, Office, TenantId};
use services::ServiceError;
use services::institution::SignedIn;
use services::institution::account::DEVICE;
use services::institution::operator::{
    NewLogin, Operator, OperatorSession, OperatorSignIn, PendingOperator,
};
use services::institution::second_factor::{FactorOutcome, PendingFactor};
use services::institution::sign_in::SignInOutcome;
use tower_sessions::session::Error;

/// Key of the seat in the session.
pub const SEAT: &str = "seat";
/// Where the session store shows the last request that counts. It is a column of its own: requests at the same time do
/// not write over what the session holds.
pub const SEEN: &str = "seen";
/// Where the session store shows the end of the session; set when somebody signs in, and never moved.
pub const UNTIL: &str = "until";
/// Longest life of a session of the staff and of operators, in hours.
const STAFF_HOURS: i64 = 8;
/// Longest life of a student's session, in hours.
const STUDENT_HOURS: i64 = 12;
/// An operator's session without a request ends after so many minutes.
const OPERATOR_IDLE_MINUTES: i64 = 15;
/// Key of a sign-in that waits for its second factor.
const PENDING: &str = "pending";
/// Key of the operator's seat.
const OPERATOR: &str = "operator";
/// Key of an operator's sign-in that waits for its second factor.
const PENDING_OPERATOR: &str = "operator-pending";
/// Key of a new university's first login, shown once.
const FIRST_LOGIN: &str = "first-login";

fn kept(result: Result<(), Error>) -> Result<(), ServiceError> {
    result.map_err(|_| ServiceError::Internal("session"))
}

/// The university a form names; unknown ones look like a wrong password.
///
/// # Errors
/// [`ServiceError::NotFound`], [`ServiceError::Suspended`].
pub async fn school(cx: &Known, slug: &str) -> Result<TenantId, ServiceError> {
    let school = cx.services.school_at(slug).await?;
    school.ok_or(ServiceError::NotFound)
}

/// Goes on after the password: seated and led to the page that was asked for, or asked for the second factor.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn enter(
    cx: &Known,
    outcome: SignInOutcome,
    wish: &Wish,
) -> Result<String, ServiceError> {
    match outcome {
        SignInOutcome::Done(seat) => {
            let actor = sit(cx, seat).await?;
            Ok(wish.landing(&actor))
        }
        SignInOutcome::SecondFactor(pending) => {
            // Whoever was signed in here before, at this university or another, is not any more.
            renew(cx).await?;
            kept(cx.session.insert(PENDING, pending).await)?;
            Ok(wish.sign_in_code())
        }
    }
}

/// Keeps what the session was begun with, for the list of the own devices. It is about a person, and the table of sessions
/// holds nothing of that kind (rule 4): sealed, like all that waits in a session.
async fn keep_device(cx: &Known, tenant: TenantId) -> Result<(), ServiceError> {
    let sealed = cx.services.seal_once(tenant, &cx.device.key())?;
    kept(cx.session.insert(DEVICE, sealed).await)
}

/// Goes on after an activation: as after the password, with the word what to sign in with the next time.
///
/// # Errors
/// As [`enter`].
pub async fn activated(cx: &Known, outcome: SignInOutcome) -> Result<String, ServiceError> {
    let SignInOutcome::Done(seat) = outcome else {
        return enter(cx, outcome, &Wish::default()).await;
    };
    let page = if sit(cx, seat).await?.office() == Office::Student {
        "me?done=activated"
    } else {
        "home?done=activated_staff"
    };
    Ok(page.to_owned())
}

/// Begins a session in a seat; answers who sits there.
async fn sit(cx: &Known, seat: SignedIn) -> Result<Actor, ServiceError> {
    let actor = cx.services.present(seat).await?.actor;
    let hours = if actor.office() == Office::Student {
        STUDENT_HOURS
    } else {
        STAFF_HOURS
    };
    begin(cx, hours).await?;
    kept(cx.session.insert(SEAT, seat).await)?;
    keep_device(cx, seat.tenant).await?;
    Ok(actor)
}

/// Ends the session there was, if there was one.
async fn forget(cx: &Known) -> Result<(), ServiceError> {
    if cx.session.id().is_none() {
        return Ok(());
    }
    kept(cx.session.flush().await)
}

/// Ends the session there was. What is kept next has an id of its own: by itself the session would take the old one again,
/// and whoever knew it before the sign-in would be signed in.
async fn renew(cx: &Known) -> Result<(), ServiceError> {
    if cx.session.id().is_none() {
        return Ok(());
    }
    kept(cx.session.flush().await)?;
    kept(cx.session.cycle_id().await)
}

/// A new session: what was in the one before is gone, for a session belongs to one university.
async fn begin(cx: &Known, hours: i64) -> Result<(), ServiceError> {
    renew(cx).await?;
    let until = cx.services.now() + TimeDelta::hours(hours);
    kept(cx.session.insert(UNTIL, until).await)
}

/// Checks the second factor of a sign-in that waits for it.
///
/// # Errors
/// [`ServiceError::Invalid`] on `code` (`wrong`) while another may be tried, [`ServiceError::SignIn`] when nothing waits.
pub async fn second_factor(
    cx: &Known,
    school: TenantId,
    code: &str,
    wish: &Wish,
) -> Result<String, ServiceError> {
    let pending: Option<PendingFactor> = cx.session.get(PENDING).await.unwrap_or(None);
    let pending = pending
        .filter(|p| p.tenant == school)
        .ok_or(ServiceError::SignIn)?;
    match cx.services.second_factor(pending, code, cx.origin).await? {
        FactorOutcome::Done(seat) => enter(cx, SignInOutcome::Done(seat), wish).await,
        // The password was right: a mistyped code costs another try and not the password.
        FactorOutcome::Again(pending) => {
            kept(cx.session.insert(PENDING, pending).await)?;
            Err(ServiceError::Invalid {
                field: "code",
                code: "wrong",
            })
        }
    }
}

async fn move_on(cx: &Known) -> Result<(), ServiceError> {
    let old = own(cx).ok_or(ServiceError::SignIn)?;
    if !cx.services.take_session(old).await? {
        return Err(ServiceError::SignIn);
    }
    kept(cx.session.cycle_id().await)
}

/// What is kept of the own session's id.
pub(crate) fn own(cx: &Known) -> Option<[u8; 32]> {
    cx.session.id().map(|id| cx::session_hash(&id))
}

/// Goes on in a seat made of the present one, under a new session id: whatever else the account went through since the
/// session was read, the session keeps the version it was begun under. The old id must still be there: a slow request
/// never brings back a session that was ended meanwhile.
///
/// # Errors
/// [`ServiceError::SignIn`] when the session has ended, [`ServiceError::Internal`] when it cannot be kept.
pub async fn reseat(
    cx: &Known,
    change: impl FnOnce(SignedIn) -> SignedIn,
) -> Result<(), ServiceError> {
    let seat: Option<SignedIn> = cx.session.get(SEAT).await.unwrap_or(None);
    let seat = change(seat.ok_or(ServiceError::SignIn)?);
    move_on(cx).await?;
    kept(cx.session.insert(SEAT, seat).await)?;
    kept(cx.session.save().await)
}

/// Notes that the password was given again.
///
/// # Errors
/// As [`reseat`].
pub async fn stepped_up(cx: &Known, at: DateTime<Utc>) -> Result<(), ServiceError> {
    reseat(cx, |seat| SignedIn {
        stepped_up: Some(at),
        ..seat
    })
    .await
}

/// Signs out of the university that the form names. Whoever is signed in nowhere is out already.
///
/// # Errors
/// [`ServiceError::NotFound`] when the session is of another university.
pub async fn sign_out(cx: &Known, tenant: &str) -> Result<(), ServiceError> {
    if cx.tenant.as_ref().is_some_and(|own| own.slug != tenant) {
        return Err(ServiceError::NotFound);
    }
    if let (Some(present), Some(own)) = (&cx.present, own(cx)) {
        cx.services.sign_out(&present.actor, own).await?;
    }
    forget(cx).await
}

/// Whether a session was used within its idle time; notes that it is used now.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be read.
pub async fn is_awake(cx: &Known, idle: TimeDelta, counts: bool) -> Result<bool, ServiceError> {
    let seen: Option<DateTime<Utc>> = cx
        .session
        .get(SEEN)
        .await
        .map_err(|_| ServiceError::Internal("session"))?;
    let (Some(seen), Some(own)) = (seen, own(cx)) else {
        return Ok(false);
    };
    let now = cx.services.now();
    if now - seen > idle {
        kept(cx.session.flush().await)?;
        return Ok(false);
    }
    if counts && now - seen > TimeDelta::minutes(1) {
        return cx.services.touch_session(own).await;
    }
    Ok(true)
}

/// Goes on after the operator's password: seated, or asked for the second factor.
///
/// # Errors
/// [`ServiceError::Internal`] when the session cannot be kept.
pub async fn enter_operator(cx: &Known, outcome: OperatorSignIn) -> Result<String, ServiceError> {
    match outcome {
        SignInOutcome::Done(seat) => {
            begin(cx, STAFF_HOURS).await?;
            kept(cx.session.insert(OPERATOR, seat).await)?;
            Ok("/operator/tenants".to_owned())
        }
        SignInOutcome::SecondFactor(pending) => {
            renew(cx).await?;
            kept(cx.session.insert(PENDING_OPERATOR, pending).await)?;
            Ok("/operator/tenants?step=code".to_owned())
        }
    }
}

/// The sign-in of an operator that waits for its second factor, while another code may be tried.
pub async fn waiting_operator(cx: &Known) -> Option<PendingOperator> {
    let pending: Option<PendingOperator> = cx.session.get(PENDING_OPERATOR).await.ok()?;
    pending.filter(|pending| pending.is_open(cx.services.now()))
}

/// Checks the second factor of an operator's sign-in that waits for it.
///
/// # Errors
/// [`ServiceError::SignIn`] for a wrong code or when nothing waits.
pub async fn operator_second_factor(cx: &Known, code: &str) -> Result<String, ServiceError> {
    let pending = waiting_operator(cx).await.ok_or(ServiceError::SignIn)?;
    let services = &cx.services;
    match services
        .second_factor_operator(pending, code, cx.origin)
        .await
    {
        Ok(FactorOutcome::Done(seat)) => enter_operator(cx, SignInOutcome::Done(seat)).await,
        Ok(FactorOutcome::Again(pending)) => {
            kept(cx.session.insert(PENDING_OPERATOR, pending).await)?;
            Err(ServiceError::SignIn)
        }
        Err(ServiceError::SignIn) => {
            // No try is left: the password is asked for again.
            forget(cx).await?;
            Err(ServiceError::SignIn)
        }
        Err(error) => Err(error),
    }
}

/// Seats the operator anew under a new session id: the password was given again, or another second factor is in force.
///
/// # Errors
/// As [`reseat`].
pub async fn reseat_operator(cx: &Known, seat: OperatorSession) -> Result<(), ServiceError> {
    move_on(cx).await?;
    kept(cx.session.insert(OPERATOR, seat).await)?;
    kept(cx.session.save().await)
}

/// Signs the operator out.
///
/// # Errors
/// As [`operator`].
pub async fn operator_sign_out(cx: &Known) -> Result<(), ServiceError> {
    let operator = operator(cx).await?;
    if let Some(own) = own(cx) {
        cx.services
            .sign_out_operator(&operator, own, cx.origin)
            .await?;
    }
    kept(cx.session.flush().await)
}

/// The operator of the session.
///
/// # Errors
/// [`Reason::NotSignedIn`] when nobody is, or was away for too long.
pub async fn operator(cx: &Known) -> Result<Operator, ServiceError> {
    let nobody = || Refusal::new(Reason::NotSignedIn, Clause::STORAGE, Office::Operator);
    let seat: Option<OperatorSession> = cx.session.get(OPERATOR).await.unwrap_or(None);
    let seat = seat.ok_or_else(nobody)?;
    let idle = TimeDelta::minutes(OPERATOR_IDLE_MINUTES);
    if !is_awake(cx, idle, true).await? {
        return Err(nobody().into());
    }
    match cx.services.present_operator(seat).await {
        Err(ServiceError::NotFound) => Err(nobody().into()),
        other => other,
    }
}

/// Keeps the first password of a new university's administrator for the operator's page, shown this once. It is sealed
/// with the keys of that university.
///
/// # Errors
/// [`ServiceError::Internal`] when it cannot be sealed or kept.
pub async fn keep_first_login(
    cx: &Known,
    (tenant, slug): (TenantId, &str),
    login: &NewLogin,
) -> Result<(), ServiceError> {
    let password = login.generated.clone().unwrap_or_default();
    let text = format!("{}\n{password}\n{slug}", login.login);
    let sealed = cx.services.seal_once(tenant, &text)?;
    kept(cx.session.insert(FIRST_LOGIN, (tenant, sealed)).await)
}

/// Login and first password of a new university's administrator, and where they sign in.
pub struct FirstLogin {
    /// First part of the university's addresses.
    pub slug: String,
    /// Login.
    pub login: String,
    /// The password, shown this once.
    pub password: String,
}

/// Takes login and first password of a new university's administrator.
pub async fn take_first_login(cx: &Known) -> Option<FirstLogin> {
    let kept: Option<(TenantId, String)> = cx.session.remove(FIRST_LOGIN).await.ok()?;
    let (tenant, sealed) = kept?;
    let text = cx.services.open_once(tenant, &sealed)?;
    let mut parts = text.split('\n').map(str::to_owned);
    Some(FirstLogin {
        login: parts.next()?,
        password: parts.next()?,
        slug: parts.next()?,
    })
}

//! Operations of room `institution`: signing in and out, activation, account, parameters.

use crate::op::OpError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::{
    cx,
    op::{respond, respond_public},
    pages::activation::told_code,
    session,
    wish::Wish,
};
#[cfg(feature = "ssr")]
use domain::institution::activation::IdentityCheck;
#[cfg(feature = "ssr")]
use services::ServiceError;
#[cfg(feature = "ssr")]
use services::institution::{
    SignedIn,
    activation::Slip,
    parameter::ValueBasis,
    school::{NameUse, NewSchoolName},
};

/// Signs in with login and password.
#[server(prefix = "/api", endpoint = "institution/sign-in")]
pub async fn sign_in(
    tenant: String,
    login: String,
    password: String,
    #[server(default)] to: String,
) -> Result<(), OpError> {
    let wish = Wish::named(&to);
    let back = wish.sign_in();
    respond_public(&tenant.clone(), &back, |cx| async move {
        let school = session::school(&cx, &tenant).await?;
        let outcome = cx
            .services
            .sign_in(school, &login, password, cx.origin)
            .await?;
        session::enter(&cx, outcome, &wish).await
    })
    .await
}

/// The second factor after the password.
#[server(prefix = "/api", endpoint = "institution/second-factor")]
pub async fn second_factor(
    tenant: String,
    code: String,
    #[server(default)] to: String,
) -> Result<(), OpError> {
    let wish = Wish::named(&to);
    let back = wish.sign_in_code();
    respond_public(&tenant.clone(), &back, |cx| async move {
        let school = session::school(&cx, &tenant).await?;
        session::second_factor(&cx, school, &code, &wish).await
    })
    .await
}

/// Signs out.
#[server(prefix = "/api", endpoint = "institution/sign-out")]
pub async fn sign_out(tenant: String) -> Result<(), OpError> {
    respond_public(&tenant.clone(), "sign-in", |cx| async move {
        session::sign_out(&cx, &tenant).await?;
        Ok("sign-in?done=signed_out".to_owned())
    })
    .await
}

/// Gives the password (and second factor) again.
#[server(prefix = "/api", endpoint = "institution/step-up")]
pub async fn step_up(
    tenant: String,
    password: String,
    #[server(default)] code: Option<String>,
    #[server(default)] back: Option<String>,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    let back = back.unwrap_or_default();
    let page = crate::op::page_back(&back).to_owned();
    respond(&tenant, &page.clone(), |services, actor| async move {
        let code = code.filter(|c| !c.is_empty());
        let at = services
            .step_up(&actor, &password, code.as_deref(), known.origin)
            .await
            // Whoever is signed in stays so; the page asks again.
            .map_err(|error| match error {
                ServiceError::SignIn => ServiceError::Invalid {
                    field: "password",
                    code: "wrong",
                },
                other => other,
            })?;
        session::stepped_up(&known, at).await?;
        let join = if page.contains('?') { '&' } else { '?' };
        Ok(format!("{page}{join}done=stepped_up"))
    })
    .await
}

/// Works in another of the own posts.
#[server(prefix = "/api", endpoint = "institution/switch-post")]
pub async fn switch_post(tenant: String, post: String) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "account", |services, actor| async move {
        let post = post.parse().map_err(|_| ServiceError::NotFound)?;
        services.switch_post(&actor, post, known.origin).await?;
        session::reseat(&known, |seat| seat.in_post(post)).await?;
        Ok("home".to_owned())
    })
    .await
}

/// Sets the first password with an activation slip.
#[server(prefix = "/api", endpoint = "institution/activate")]
pub async fn activate(tenant: String, token: String, password: String) -> Result<(), OpError> {
    // A password that is refused leads back to the same slip.
    let back = if token
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        format!("activate?t={token}")
    } else {
        "activate".to_owned()
    };
    respond_public(&tenant.clone(), &back, |cx| async move {
        let school = session::school(&cx, &tenant).await?;
        let outcome = cx
            .services
            .redeem_slip(school, &token, password, cx.origin)
            .await?;
        session::activated(&cx, outcome).await
    })
    .await
}

/// Sets the first password with candidate number, name, document number and one-time code.
#[server(prefix = "/api", endpoint = "institution/activate-by-code")]
pub async fn activate_by_code(
    tenant: String,
    ksh: String,
    name: String,
    id_number: String,
    code: String,
    password: String,
) -> Result<(), OpError> {
    respond_public(&tenant.clone(), "activate", |cx| async move {
        let school = session::school(&cx, &tenant).await?;
        let claim = services::institution::activation::CodeClaim {
            candidate_number: ksh,
            name,
            id_number,
            code,
        };
        let outcome = cx
            .services
            .redeem_code(school, claim, password, cx.origin)
            .await?;
        session::activated(&cx, outcome).await
    })
    .await
}

/// Changes the own password; other sessions end. `account` is whose page the form stood on: another tab of the browser may
/// have signed somebody else in since.
#[server(prefix = "/api", endpoint = "institution/change-password")]
pub async fn change_password(
    tenant: String,
    old: String,
    new: String,
    #[server(default)] account: String,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "account", |services, actor| async move {
        if crate::op::optional_id(&account)?.is_some_and(|id| id != actor.seat().account) {
            return Err(ServiceError::NotFound);
        }
        let keep = session::own(&known);
        let version = services
            .change_password(&actor, &old, new, keep, known.origin)
            .await?;
        session::reseat(&known, |seat| SignedIn { version, ..seat }).await?;
        Ok("account?done=password_changed".to_owned())
    })
    .await
}

/// Begins enrolment of a second factor.
#[server(prefix = "/api", endpoint = "institution/totp-enrol")]
pub async fn totp_enrol(tenant: String) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "account", |services, actor| async move {
        let enrolment = services.enrol_totp(&actor).await?;
        cx::put_enrolment(&known, &enrolment).await?;
        Ok("account".to_owned())
    })
    .await
}

/// Confirms the second factor with its first code; other sessions end.
#[server(prefix = "/api", endpoint = "institution/totp-confirm")]
pub async fn totp_confirm(tenant: String, code: String) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "account", |services, actor| async move {
        let keep = session::own(&known);
        let factor = services.confirm_totp(&actor, &code, keep).await?;
        let version = factor.version;
        cx::end_enrolment(&known).await;
        cx::put_once(&known, "recovery", &factor.recovery_codes.join("\n")).await?;
        session::reseat(&known, |seat| SignedIn { version, ..seat }).await?;
        Ok("account".to_owned())
    })
    .await
}

/// Ends one of the own sessions.
#[server(prefix = "/api", endpoint = "institution/end-session")]
pub async fn end_session(tenant: String, mark: String) -> Result<(), OpError> {
    respond(&tenant, "account", |services, actor| async move {
        services.end_session(&actor, &mark).await?;
        Ok("account?done=session_ended".to_owned())
    })
    .await
}

/// Issues activation slips for a class, or for every visible class when none is named; `anew` ends the earlier ones.
#[server(prefix = "/api", endpoint = "institution/issue-slips")]
pub async fn issue_slips(
    tenant: String,
    #[server(default)] class: String,
    #[server(default)] anew: Option<String>,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "activation", |services, actor| async move {
        let url = &known.public_url;
        let Some(unit) = crate::op::optional_id(&class)? else {
            let issued = services.issue_all_slips(&actor, url).await?;
            return Ok(sheet_of("all", &issued));
        };
        let issued = if anew.is_some() {
            services.issue_slips_anew(&actor, unit, url).await?
        } else {
            services.issue_slips(&actor, unit, url).await?
        };
        Ok(sheet_of(&class, &issued))
    })
    .await
}

/// The sheet of the slips that were issued just now; where there were none, of all that are open.
#[cfg(feature = "ssr")]
fn sheet_of(which: &str, issued: &[Slip]) -> String {
    let since = issued.iter().map(|slip| slip.issued_at.timestamp_millis());
    since.min().map_or_else(
        || format!("files/slips/{which}"),
        |since| format!("files/slips/{which}?issued={since}"),
    )
}

/// A student to whom nothing can be issued is told of at the number that was typed: who is hidden and who is not there
/// look the same.
#[cfg(feature = "ssr")]
fn at_number(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::NotFound => ServiceError::Invalid {
            field: "number",
            code: "unknown",
        },
        other => other,
    }
}

/// How somebody was checked, as it was chosen.
#[cfg(feature = "ssr")]
fn identity_check(key: &str) -> Result<IdentityCheck, ServiceError> {
    IdentityCheck::from_key(key).ok_or(ServiceError::Invalid {
        field: "identity",
        code: if key.is_empty() { "missing" } else { "unknown" },
    })
}

/// Issues a new slip or a one-time code to one student who was seen.
#[server(prefix = "/api", endpoint = "institution/reissue-slip")]
pub async fn reissue_slip(
    tenant: String,
    number: String,
    kind: String,
    #[server(default)] identity: String,
    #[server(default)] note: String,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "activation", |services, actor| async move {
        let found = services.student_id(&actor, &number).await;
        let student = found.map_err(at_number)?;
        let identity = identity_check(&identity)?;
        if kind == "code" {
            let issued = services
                .issue_code(&actor, student, identity, &note)
                .await
                .map_err(at_number)?;
            told_code::put(&known, &issued).await?;
            return Ok("activation".to_owned());
        }
        let slip = services
            .reissue_slip(&actor, student, identity, &note, &known.public_url)
            .await
            .map_err(at_number)?;
        Ok(format!("files/slips/one/{}", slip.activation))
    })
    .await
}

/// Issues activation slips to the staff who have none.
#[server(prefix = "/api", endpoint = "institution/issue-staff-slips")]
pub async fn issue_staff_slips(tenant: String) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "staff", |services, actor| async move {
        services
            .issue_staff_slips(&actor, &known.public_url)
            .await?;
        Ok("files/slips/staff".to_owned())
    })
    .await
}

/// Issues a new slip to one member of the staff who was seen.
#[server(prefix = "/api", endpoint = "institution/reissue-staff-slip")]
pub async fn reissue_staff_slip(
    tenant: String,
    account: String,
    #[server(default)] identity: String,
    #[server(default)] note: String,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "staff", |services, actor| async move {
        let account = crate::op::id(&account)?;
        let identity = identity_check(&identity)?;
        let slip = services
            .reissue_staff_slip(&actor, account, identity, &note, &known.public_url)
            .await?;
        Ok(format!("files/slips/one/{}", slip.activation))
    })
    .await
}

/// Disables an account of the staff.
#[server(prefix = "/api", endpoint = "institution/disable-account")]
pub async fn disable_account(
    tenant: String,
    account: String,
    reason: String,
) -> Result<(), OpError> {
    respond(&tenant, "staff", |services, actor| async move {
        services
            .disable_account(&actor, crate::op::id(&account)?, &reason)
            .await?;
        Ok("staff?done=saved".to_owned())
    })
    .await
}

/// Lets a disabled account be used again.
#[server(prefix = "/api", endpoint = "institution/enable-account")]
pub async fn enable_account(
    tenant: String,
    account: String,
    reason: String,
) -> Result<(), OpError> {
    respond(&tenant, "staff", |services, actor| async move {
        services
            .enable_account(&actor, crate::op::id(&account)?, &reason)
            .await?;
        Ok("staff?done=saved".to_owned())
    })
    .await
}

/// Takes a lost second factor away.
#[server(prefix = "/api", endpoint = "institution/reset-totp")]
pub async fn reset_totp(tenant: String, account: String, reason: String) -> Result<(), OpError> {
    respond(&tenant, "staff", |services, actor| async move {
        services
            .reset_totp(&actor, crate::op::id(&account)?, &reason)
            .await?;
        Ok("staff?done=saved".to_owned())
    })
    .await
}

/// Confirms an import of units or staff, as it was shown.
#[server(prefix = "/api", endpoint = "institution/import-confirm")]
pub async fn import_confirm(
    tenant: String,
    import: String,
    page: String,
    seen: String,
) -> Result<(), OpError> {
    let back = crate::op::organisation_page(&page);
    respond(&tenant, back, move |services, actor| async move {
        let counts = services
            .confirm_organisation(&actor, crate::op::id(&import)?, Some(&seen))
            .await?;
        Ok(match counts.good + counts.changed {
            // Sent twice: the first time has written.
            0 => format!("{back}?done=already"),
            rows => format!("{back}?done=written&rows={rows}"),
        })
    })
    .await
}

/// Undoes an import of units or staff.
#[server(prefix = "/api", endpoint = "institution/import-undo")]
pub async fn import_undo(tenant: String, import: String, page: String) -> Result<(), OpError> {
    let back = crate::op::organisation_page(&page);
    respond(&tenant, back, move |services, actor| async move {
        services
            .undo_organisation(&actor, crate::op::id(&import)?)
            .await?;
        Ok(format!("{back}?done=undone"))
    })
    .await
}

/// Sets a parameter with its basis and the date it takes effect.
#[server(prefix = "/api", endpoint = "institution/set-parameter")]
pub async fn set_parameter(
    tenant: String,
    key: String,
    value: String,
    #[server(default)] basis: String,
    #[server(default)] rule: String,
    effective_from: String,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    respond(&tenant, "parameters", |services, actor| async move {
        let from = crate::op::day("effective_from", &effective_from)?;
        let basis = match crate::op::optional_id(&rule)? {
            Some(id) => ValueBasis::Rule(id),
            None => ValueBasis::from(basis.as_str()),
        };
        services
            .set_parameter(&actor, &key, &value, basis, from, Some(known.origin))
            .await?;
        Ok("parameters?done=saved".to_owned())
    })
    .await
}

/// Gives the school another name or code from a day on, or a second code beside its own.
#[server(prefix = "/api", endpoint = "institution/set-school-name")]
pub async fn set_school_name(
    tenant: String,
    name: String,
    code: String,
    valid_from: String,
    used: Option<String>,
) -> Result<(), OpError> {
    respond(&tenant, "school", |services, actor| async move {
        let used = used.as_deref().and_then(NameUse::from_key);
        let new = NewSchoolName {
            used: used.unwrap_or_default(),
            code,
            name,
            valid_from: crate::op::day("valid_from", &valid_from)?,
        };
        services.set_school_name(&actor, new).await?;
        Ok("school?done=saved".to_owned())
    })
    .await
}

/// Days of a cohort as they are typed; each may be left empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TypedDays {
    /// Day on which freshmen report.
    #[serde(default)]
    pub arrival_on: String,
    /// Last day to check the data and sign.
    #[serde(default)]
    pub verify_until: String,
    /// Last day to look oneself up.
    #[serde(default)]
    pub self_check_until: String,
    /// Last day for the photo and its proof.
    #[serde(default)]
    pub photo_until: String,
}

/// Sets a term of the academic calendar as its next version.
#[server(prefix = "/api", endpoint = "institution/set-term")]
pub async fn set_term(
    tenant: String,
    year: String,
    semester: String,
    starts_on: String,
    ends_on: String,
    #[server(flatten)] days: TypedDays,
) -> Result<(), OpError> {
    respond(&tenant, "school", |services, actor| async move {
        let term = crate::op::term(&year, &semester, &starts_on, &ends_on, &days)?;
        services.set_term(&actor, term).await?;
        Ok("school?done=saved".to_owned())
    })
    .await
}

/// Sets province and colour.
#[server(prefix = "/api", endpoint = "institution/set-branding")]
pub async fn set_branding(tenant: String, province: String, colour: String) -> Result<(), OpError> {
    respond(&tenant, "school", |services, actor| async move {
        services.set_branding(&actor, &colour, &province).await?;
        Ok("school?done=saved".to_owned())
    })
    .await
}

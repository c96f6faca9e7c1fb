//! Operations of the platform's operator.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{cx, op::respond_operator, session};
#[cfg(feature = "ssr")]
use services::ServiceError;
#[cfg(feature = "ssr")]
use services::institution::tenant::{FirstAdministrator, NewUniversity};

/// The page of the universities, and of the sign-in, below `/operator/`.
#[cfg(feature = "ssr")]
const TENANTS: &str = "tenants";
/// The page of the operator's own account, below `/operator/`.
#[cfg(feature = "ssr")]
const ACCOUNT: &str = "account";

/// Signs the operator in with login and password.
#[server(prefix = "/api", endpoint = "operator/sign-in")]
pub async fn operator_sign_in(login: String, password: String) -> Result<(), OpError> {
    respond_operator(TENANTS, |cx| async move {
        let outcome = cx
            .services
            .sign_in_operator(&login, password, cx.origin)
            .await?;
        session::enter_operator(&cx, outcome).await
    })
    .await
}

/// The operator's second factor after the password.
#[server(prefix = "/api", endpoint = "operator/second-factor")]
pub async fn operator_second_factor(code: String) -> Result<(), OpError> {
    respond_operator("tenants?step=code", |cx| async move {
        session::operator_second_factor(&cx, &code).await
    })
    .await
}

/// Signs the operator out.
#[server(prefix = "/api", endpoint = "operator/sign-out")]
pub async fn operator_sign_out() -> Result<(), OpError> {
    respond_operator(TENANTS, |cx| async move {
        session::operator_sign_out(&cx).await?;
        Ok("/operator/tenants?done=signed_out".to_owned())
    })
    .await
}

/// Gives the operator's password (and second factor) again.
#[server(prefix = "/api", endpoint = "operator/step-up")]
pub async fn operator_step_up(
    password: String,
    #[server(default)] code: Option<String>,
    #[server(default)] back: Option<String>,
) -> Result<(), OpError> {
    let page = if back.as_deref() == Some("account") {
        ACCOUNT
    } else {
        TENANTS
    };
    respond_operator(page, move |cx| async move {
        let operator = session::operator(&cx).await?;
        let code = code.filter(|c| !c.is_empty());
        let seat = cx
            .services
            .step_up_operator(&operator, password, code.as_deref(), cx.origin)
            .await?;
        session::reseat_operator(&cx, seat).await?;
        Ok(format!("/operator/{page}?done=stepped_up"))
    })
    .await
}

/// Begins enrolment of the operator's second factor.
#[server(prefix = "/api", endpoint = "operator/totp-enrol")]
pub async fn operator_totp_enrol() -> Result<(), OpError> {
    respond_operator(ACCOUNT, |cx| async move {
        let operator = session::operator(&cx).await?;
        let enrolment = cx
            .services
            .enrol_operator_totp(&operator, cx.origin)
            .await?;
        cx::put_enrolment(&cx, &enrolment).await?;
        Ok("/operator/account".to_owned())
    })
    .await
}

/// Confirms the operator's second factor with its first code.
#[server(prefix = "/api", endpoint = "operator/totp-confirm")]
pub async fn operator_totp_confirm(code: String) -> Result<(), OpError> {
    respond_operator(ACCOUNT, |cx| async move {
        let operator = session::operator(&cx).await?;
        let (codes, seat) = cx
            .services
            .confirm_operator_totp(&operator, &code, cx.origin)
            .await?;
        session::reseat_operator(&cx, seat).await?;
        cx::end_enrolment(&cx).await;
        cx::put_once(&cx, "recovery", &codes.join("\n")).await?;
        Ok("/operator/account".to_owned())
    })
    .await
}

/// Creates a university with its first administrator, whose password is shown once.
#[server(prefix = "/api", endpoint = "operator/create-tenant")]
pub async fn create_tenant(
    slug: String,
    school_code: String,
    name: String,
    province: String,
    admin_login: String,
    admin_name: String,
) -> Result<(), OpError> {
    respond_operator(TENANTS, |cx| async move {
        let operator = session::operator(&cx).await?;
        let new = NewUniversity {
            slug,
            school_code,
            name,
            province,
            colour: "#14507a".to_owned(),
        };
        let admin = FirstAdministrator {
            login: admin_login,
            name: admin_name,
        };
        let (tenant, login) = cx.services.open_tenant(&operator, &new, admin).await?;
        session::keep_first_login(&cx, (tenant, new.slug.trim()), &login).await?;
        Ok("/operator/tenants?done=saved".to_owned())
    })
    .await
}

/// Suspends a university: its people are let in no more, its jobs wait. Whoever does it says so once more.
#[server(prefix = "/api", endpoint = "operator/suspend-tenant")]
pub async fn suspend_tenant(
    slug: String,
    #[server(default)] confirmed: Option<String>,
) -> Result<(), OpError> {
    set_active(slug, false, confirmed.as_deref() == Some("1")).await
}

/// Lets a suspended university work again.
#[server(prefix = "/api", endpoint = "operator/resume-tenant")]
pub async fn resume_tenant(slug: String) -> Result<(), OpError> {
    set_active(slug, true, true).await
}

#[cfg(feature = "ssr")]
async fn set_active(slug: String, active: bool, confirmed: bool) -> Result<(), OpError> {
    respond_operator(TENANTS, move |cx| async move {
        let operator = session::operator(&cx).await?;
        let missing = |field| ServiceError::Invalid {
            field,
            code: "missing",
        };
        if slug.is_empty() {
            return Err(missing("slug"));
        }
        if !confirmed {
            return Err(missing("confirmed"));
        }
        cx.services
            .set_tenant_active(&operator, &slug, active)
            .await?;
        Ok("/operator/tenants?done=saved".to_owned())
    })
    .await
}

//! Operations of the platform's operator.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{op::respond_operator, session};
#[cfg(feature = "ssr")]
use services::institution::tenant::{FirstAdministrator, NewUniversity};

/// Signs the operator in.
#[server(prefix = "/api", endpoint = "operator/sign-in")]
pub async fn operator_sign_in(login: String, password: String) -> Result<(), OpError> {
    respond_operator(|cx| async move {
        let seat = cx
            .services
            .sign_in_operator(&login, password, cx.origin)
            .await?;
        session::enter_operator(&cx, seat).await
    })
    .await
}

/// Signs the operator out.
#[server(prefix = "/api", endpoint = "operator/sign-out")]
pub async fn operator_sign_out() -> Result<(), OpError> {
    respond_operator(|cx| async move {
        session::operator_sign_out(&cx).await?;
        Ok("/operator/tenants?done=signed_out".to_owned())
    })
    .await
}

/// Gives the operator's password again.
#[server(prefix = "/api", endpoint = "operator/step-up")]
pub async fn operator_step_up(password: String) -> Result<(), OpError> {
    respond_operator(|cx| async move {
        let operator = session::operator(&cx).await?;
        let seat = cx
            .services
            .step_up_operator(&operator, password, cx.origin)
            .await?;
        session::operator_stepped_up(&cx, seat).await?;
        Ok("/operator/tenants?done=stepped_up".to_owned())
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
    respond_operator(|cx| async move {
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
        session::keep_first_login(&cx, tenant, &login).await?;
        Ok("/operator/tenants?done=saved".to_owned())
    })
    .await
}

/// Suspends a university: its people are let in no more, its jobs wait.
#[server(prefix = "/api", endpoint = "operator/suspend-tenant")]
pub async fn suspend_tenant(slug: String) -> Result<(), OpError> {
    set_active(slug, false).await
}

/// Lets a suspended university work again.
#[server(prefix = "/api", endpoint = "operator/resume-tenant")]
pub async fn resume_tenant(slug: String) -> Result<(), OpError> {
    set_active(slug, true).await
}

#[cfg(feature = "ssr")]
async fn set_active(slug: String, active: bool) -> Result<(), OpError> {
    respond_operator(move |cx| async move {
        let operator = session::operator(&cx).await?;
        cx.services
            .set_tenant_active(&operator, &slug, active)
            .await?;
        Ok("/operator/tenants?done=saved".to_owned())
    })
    .await
}

//! Operations of the platform's operator.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{op::respond_operator, session};

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

/// Creates a university.
#[server(prefix = "/api", endpoint = "operator/create-tenant")]
pub async fn create_tenant(
    slug: String,
    school_code: String,
    name: String,
    province: String,
) -> Result<(), OpError> {
    respond_operator(|cx| async move {
        let operator = session::operator(&cx).await?;
        let colour = "#14507a".to_owned();
        let new = services::institution::tenant::NewUniversity {
            slug,
            school_code,
            name,
            province,
            colour,
        };
        cx.services.create_tenant(&operator, &new).await?;
        Ok("/operator/tenants?done=saved".to_owned())
    })
    .await
}

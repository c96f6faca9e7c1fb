//! Operations of room `disclosure`: showing one value, finding by document, exports.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    cx,
    op::{id, respond},
};
#[cfg(feature = "ssr")]
use services::ServiceError;

/// Shows one masked value of one person, once, with a reason.
#[server(prefix = "/api", endpoint = "disclosure/reveal")]
pub async fn reveal(
    tenant: String,
    student: String,
    field: String,
    reason: String,
) -> Result<(), OpError> {
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    let back = format!("students/{student}");
    respond(&tenant, &back.clone(), |services, actor| async move {
        let named =
            domain::view::record::RevealField::from_key(&field).ok_or(ServiceError::NotFound)?;
        let value = services
            .reveal(&actor, id(&student)?, named, &reason)
            .await?;
        cx::put_once(&known, &field, &value).await?;
        Ok(back)
    })
    .await
}

/// Looks a person up by the whole document number.
#[server(prefix = "/api", endpoint = "disclosure/find")]
pub async fn find(tenant: String, kind: String, number: String) -> Result<(), OpError> {
    respond(&tenant, "students", |services, actor| async move {
        let kind =
            domain::person::id_number::IdType::from_code(&kind).ok_or(ServiceError::NotFound)?;
        let found = services.find_by_document(&actor, kind, &number).await?;
        Ok(found.map_or_else(
            || "students?refused=not_found".to_owned(),
            |student| format!("students/{student}"),
        ))
    })
    .await
}

/// Asks for an export of the list on the screen.
#[server(prefix = "/api", endpoint = "disclosure/export")]
pub async fn export(
    tenant: String,
    list: String,
    #[server(default)] columns: Vec<String>,
    reason: String,
) -> Result<(), OpError> {
    respond(&tenant, "students", |services, actor| async move {
        let (query, columns) = crate::op::export_request(&list, &columns);
        services
            .request_export(&actor, query, &columns, &reason)
            .await?;
        Ok("exports?done=export".to_owned())
    })
    .await
}

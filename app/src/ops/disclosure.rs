//! Operations of room `disclosure`: showing one value, finding by document, searching, exports.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    cx,
    op::{id, page_of, respond},
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
    let back = page_of("students", &student);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let named =
            domain::view::record::RevealField::from_key(&field).ok_or(ServiceError::NotFound)?;
        let student = id(&student)?;
        let value = services.reveal(&actor, student, named, &reason).await?;
        cx::put_once(&known, &cx::revealed(student, named), &value).await?;
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
            || "students?refused=no_match&op=disclosure%2Ffind".to_owned(),
            |student| format!("students/{student}"),
        ))
    })
    .await
}

/// Filters and searches the list. What is searched for is sealed before it goes into the address.
#[server(prefix = "/api", endpoint = "disclosure/search")]
pub async fn search(
    tenant: String,
    #[server(default)] filter: std::collections::BTreeMap<String, String>,
    #[server(default)] col: Vec<String>,
) -> Result<(), OpError> {
    respond(&tenant, "students", |services, actor| async move {
        let pairs = filter.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        let query = domain::view::list::ListQuery::from_pairs(pairs);
        crate::op::list_address(&services, &actor, &query, &col)
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
    let Some(known) = cx::get() else {
        return Err(crate::op::no_request());
    };
    let (query, shown, chosen) = crate::op::export_request(&list, &columns);
    let back = known
        .actor()
        .ok()
        .and_then(|actor| crate::op::list_address(&known.services, &actor, &query, &shown).ok());
    let back = back.unwrap_or_else(|| "students".to_owned());
    respond(&tenant, &back, |services, actor| async move {
        services
            .request_export(&actor, query, &chosen, &reason)
            .await?;
        Ok("exports?done=export".to_owned())
    })
    .await
}

//! Files of the school itself: its own rules, its logo, its colour.

use super::{allowed, answer, attachment, failure, form, refused};
use app::cx::Known;
use axum::extract::{Extension, Path, Request};
use axum::response::{IntoResponse, Response};
use domain::institution::branding::{Colour, style_sheet};
use domain::institution::policy::{UploadLogo, UploadRule};
use http::{StatusCode, header};
use services::ServiceError;
use services::institution::parameter::{NewRule, RuleFile};
use std::sync::Arc;
use uuid::Uuid;

/// How long a browser keeps a logo or colour; their addresses change with them.
const KEPT: &str = "public, max-age=86400";

pub async fn upload_rule(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (allowed::<UploadRule>(&cx)?, form(&cx, request).await?);
        let (name, bytes) = form.one_file()?;
        let effective_from =
            form.text("effective_from")
                .parse()
                .map_err(|_| ServiceError::Invalid {
                    field: "effective_from",
                    code: "invalid",
                })?;
        let new = NewRule {
            title: form.text("title").to_owned(),
            number: form.text("number").to_owned(),
            effective_from,
            file: Some(RuleFile { name, bytes }),
        };
        cx.services
            .run(move |services| async move { services.add_rule_version(&actor, new).await })
            .await?;
        Ok("parameters?done=saved".to_owned())
    };
    let done = done.await;
    answer(&cx, "parameters", done)
}

pub async fn upload_logo(Extension(cx): Extension<Arc<Known>>, request: Request) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let done = async {
        let (actor, mut form) = (allowed::<UploadLogo>(&cx)?, form(&cx, request).await?);
        let (name, bytes) = form.one_file()?;
        cx.services
            .run(move |services| async move { services.upload_logo(&actor, &name, bytes).await })
            .await?;
        Ok("school?done=saved".to_owned())
    };
    let done = done.await;
    answer(&cx, "school", done)
}

pub async fn rule(
    Extension(cx): Extension<Arc<Known>>,
    Path((_, id)): Path<(String, Uuid)>,
) -> Response {
    if let Some(refused) = refused(&cx) {
        return refused;
    }
    let found = match cx.actor() {
        Ok(actor) => {
            cx.services
                .run(move |services| async move { services.rule_file(&actor, id).await })
                .await
        }
        Err(error) => Err(error),
    };
    match found {
        Ok((name, bytes)) => attachment(&name, "application/pdf", bytes),
        Err(error) => failure(&cx, "", &error),
    }
}

pub async fn logo(Extension(cx): Extension<Arc<Known>>) -> Response {
    let Some(tenant) = cx.tenant.as_ref().map(|t| t.id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let found = cx
        .services
        .run(move |services| async move { services.logo(tenant).await })
        .await;
    match found {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, "image/png"),
                (header::CONTENT_DISPOSITION, "inline"),
                (header::CACHE_CONTROL, KEPT),
            ],
            bytes,
        )
            .into_response(),
        Err(error) => failure(&cx, "", &error),
    }
}

pub async fn style(Extension(cx): Extension<Arc<Known>>) -> Response {
    let colour = cx
        .tenant
        .as_ref()
        .and_then(|t| Colour::primary(&t.colour).ok());
    let Some(colour) = colour else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, KEPT),
        ],
        style_sheet(colour),
    )
        .into_response()
}

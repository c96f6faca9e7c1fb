//! Operations of room `admission`: imports, majors, hand-over, class and number.

use crate::op::OpError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::op::{id, optional_id, page_of, respond};
#[cfg(feature = "ssr")]
use domain::admission::assign::Order;
#[cfg(feature = "ssr")]
use domain::admission::{finding::FindingKind, source::SourceField};
#[cfg(feature = "ssr")]
use services::assign::{Correction, RuleChoice};
#[cfg(feature = "ssr")]
use services::{ServiceError, admission::Seen};

/// Accepts the open warnings of one kind with a reason.
#[server(prefix = "/api", endpoint = "admission/accept-warnings")]
pub async fn accept_warnings(
    tenant: String,
    import: String,
    version: i32,
    kind: String,
    reason: String,
) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let kind = FindingKind::from_key(&kind).ok_or(ServiceError::NotFound)?;
        services
            .accept_warnings(&actor, id(&import)?, version, (kind, &reason))
            .await?;
        Ok(format!("{back}?done=accepted"))
    })
    .await
}

/// Confirms the good rows of an import.
#[server(prefix = "/api", endpoint = "admission/confirm")]
pub async fn confirm(
    tenant: String,
    import: String,
    version: i32,
    rows: u64,
) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let seen = Seen { version, rows };
        services.confirm_import(&actor, id(&import)?, seen).await?;
        Ok(format!("{back}?done=confirmed"))
    })
    .await
}

/// Undoes a confirmed import.
#[server(prefix = "/api", endpoint = "admission/undo")]
pub async fn undo(tenant: String, import: String, version: i32) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        services.undo_import(&actor, id(&import)?, version).await?;
        Ok(format!("{back}?done=undone"))
    })
    .await
}

/// Puts aside an upload of which nothing went in.
#[server(prefix = "/api", endpoint = "admission/discard")]
pub async fn discard(tenant: String, import: String, version: i32) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        services
            .discard_import(&actor, id(&import)?, version)
            .await?;
        Ok("admission/imports?done=discarded".to_owned())
    })
    .await
}

/// Starts the work on an import again after it failed.
#[server(prefix = "/api", endpoint = "admission/resume")]
pub async fn resume(tenant: String, import: String) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        services.resume_import(&actor, id(&import)?).await?;
        Ok(format!("{back}?done=resumed"))
    })
    .await
}

/// Says which column of a worksheet is which field, in the order of its headings.
#[server(prefix = "/api", endpoint = "admission/assign-columns")]
pub async fn assign_columns(
    tenant: String,
    import: String,
    version: i32,
    #[server(default)] columns: Vec<String>,
) -> Result<(), OpError> {
    let back = page_of("admission/imports", &import);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let fields: Vec<Option<SourceField>> = columns
            .iter()
            .map(|column| SourceField::from_column(column))
            .collect();
        services
            .assign_columns(&actor, id(&import)?, version, &fields)
            .await?;
        Ok(format!("{back}?done=uploaded"))
    })
    .await
}

/// Follows every suggestion for the admitted majors of a year.
#[server(prefix = "/api", endpoint = "admission/map-suggested")]
pub async fn map_suggested(tenant: String, year: i32, lines: u64) -> Result<(), OpError> {
    let back = format!("admission/majors?year={year}");
    respond(&tenant, &back.clone(), |services, actor| async move {
        services.map_suggested(&actor, year, lines).await?;
        Ok(format!("{back}&done=saved"))
    })
    .await
}

/// Maps an admitted major to a major of the school.
#[server(prefix = "/api", endpoint = "admission/map-major")]
pub async fn map_major(
    tenant: String,
    map: String,
    major: String,
    year: String,
    #[server(default)] broad: Option<String>,
) -> Result<(), OpError> {
    let back = format!(
        "admission/majors?year={}",
        year.parse::<i32>().unwrap_or_default()
    );
    respond(&tenant, &back.clone(), |services, actor| async move {
        if major.is_empty() {
            let (field, code) = ("major", "missing");
            return Err(ServiceError::Invalid { field, code });
        }
        services
            .map_major(&actor, id(&map)?, id(&major)?, broad.is_some())
            .await?;
        Ok(format!("{back}&done=saved"))
    })
    .await
}

/// Offers a cohort to Student Affairs and the colleges.
#[server(prefix = "/api", endpoint = "admission/offer")]
pub async fn offer(
    tenant: String,
    year: i32,
    total: u64,
    hash: String,
    note: String,
) -> Result<(), OpError> {
    let back = format!("handovers?year={year}");
    respond(&tenant, &back.clone(), |services, actor| async move {
        services
            .offer_handover(&actor, year, total, &hash, &note)
            .await?;
        Ok(format!("{back}&done=handed_over"))
    })
    .await
}

/// Accepts a hand-over.
#[server(prefix = "/api", endpoint = "admission/accept")]
pub async fn accept(
    tenant: String,
    receipt: String,
    handover: String,
    hash: String,
) -> Result<(), OpError> {
    let back = page_of("handovers", &handover);
    respond(&tenant, &back.clone(), |services, actor| async move {
        services
            .accept_receipt(&actor, id(&receipt)?, &hash)
            .await?;
        Ok(format!("{back}?done=received"))
    })
    .await
}

/// Returns a hand-over with reasons.
#[server(prefix = "/api", endpoint = "admission/return")]
pub async fn return_handover(
    tenant: String,
    receipt: String,
    handover: String,
    reasons: String,
) -> Result<(), OpError> {
    let back = page_of("handovers", &handover);
    respond(&tenant, &back.clone(), |services, actor| async move {
        services
            .return_receipt(&actor, id(&receipt)?, &reasons)
            .await?;
        Ok(format!("{back}?done=returned"))
    })
    .await
}

/// Assigns class and student number by the school's pattern.
#[server(prefix = "/api", endpoint = "admission/assign")]
pub async fn assign(
    tenant: String,
    year: i32,
    college: String,
    #[server(default)] order: String,
    hash: String,
) -> Result<(), OpError> {
    let (college, order) = (optional_id(&college), Order::from_key(&order));
    let back = assign_page(year, college.as_ref().ok().copied().flatten(), order);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let choice = RuleChoice {
            year,
            college: college?,
            order: order.unwrap_or_default(),
        };
        services.assign_by_rule(&actor, choice, &hash).await?;
        Ok(format!("{back}&done=saved"))
    })
    .await
}

/// The page of an assignment, open at the college and the order that were looked at.
#[cfg(feature = "ssr")]
fn assign_page(year: i32, college: Option<uuid::Uuid>, order: Option<Order>) -> String {
    let college = college.map(|id| format!("&college={id}"));
    let order = order.map(|order| format!("&order={}", order.key()));
    format!(
        "assign?year={year}{}{}",
        college.unwrap_or_default(),
        order.unwrap_or_default()
    )
}

/// Carries out an assignment workbook.
#[server(prefix = "/api", endpoint = "admission/assign-confirm")]
pub async fn assign_confirm(
    tenant: String,
    sheet: String,
    year: i32,
    hash: String,
) -> Result<(), OpError> {
    // Refused, the list is shown again as it is now.
    let shown = optional_id(&sheet).ok().flatten();
    let shown = shown.map(|sheet| format!("&sheet={sheet}"));
    let back = format!("assign?year={year}{}", shown.unwrap_or_default());
    respond(&tenant, &back, |services, actor| async move {
        services
            .confirm_assignment(&actor, id(&sheet)?, &hash)
            .await?;
        Ok(format!("assign?year={year}&done=saved"))
    })
    .await
}

/// Puts an assignment workbook aside.
#[server(prefix = "/api", endpoint = "admission/assign-discard")]
pub async fn assign_discard(tenant: String, sheet: String, year: i32) -> Result<(), OpError> {
    let back = format!("assign?year={year}");
    respond(&tenant, &back.clone(), |services, actor| async move {
        services.discard_assignment(&actor, id(&sheet)?).await?;
        Ok(format!("{back}&done=discarded_list"))
    })
    .await
}

/// Takes an assignment back.
#[server(prefix = "/api", endpoint = "admission/assign-undo")]
pub async fn assign_undo(tenant: String, batch: String, year: i32) -> Result<(), OpError> {
    let back = format!("assign?year={year}");
    respond(&tenant, &back.clone(), |services, actor| async move {
        services.undo_assignment(&actor, id(&batch)?).await?;
        Ok(format!("{back}&done=undone"))
    })
    .await
}

/// Puts one student into another class, with the reason.
#[server(prefix = "/api", endpoint = "admission/correct-class")]
pub async fn correct_class(
    tenant: String,
    student: String,
    version: i32,
    class: String,
    reason: String,
) -> Result<(), OpError> {
    let back = page_of("students", &student);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let correction = correction(&student, version, reason)?;
        services
            .correct_class(&actor, &correction, id(&class)?)
            .await?;
        Ok(format!("{back}?done=saved"))
    })
    .await
}

#[cfg(feature = "ssr")]
fn correction(student: &str, version: i32, reason: String) -> Result<Correction, ServiceError> {
    Ok(Correction {
        student: id(student)?,
        version,
        reason,
    })
}

/// Gives one student another number, with the reason.
#[server(prefix = "/api", endpoint = "admission/correct-number")]
pub async fn correct_number(
    tenant: String,
    student: String,
    version: i32,
    number: String,
    reason: String,
) -> Result<(), OpError> {
    let back = page_of("students", &student);
    respond(&tenant, &back.clone(), |services, actor| async move {
        let correction = correction(&student, version, reason)?;
        services
            .correct_number(&actor, &correction, &number)
            .await?;
        Ok(format!("{back}?done=saved"))
    })
    .await
}

/// How far the work on an import is; nothing once it has moved on.
#[server(prefix = "/api", endpoint = "admission/progress", input = server_fn::codec::PostUrl)]
pub async fn import_progress(
    tenant: String,
    import: String,
) -> Result<Option<(i32, i32)>, OpError> {
    crate::op::ask(&tenant, |services, actor| async move {
        let view = services.import_view(&actor, id(&import)?).await?;
        Ok(crate::op::running(&view))
    })
    .await
}

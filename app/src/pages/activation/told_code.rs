//! A one-time code on its way from the operation that issued it to the page that shows it once: with whose it is, until when
//! it counts, and where it is used.

use super::sheet::typed_address;
use crate::cx::{self, Cx, Known};
use crate::pages::say;
use chrono::{DateTime, Utc};
use domain::text::Lang;
use leptos::prelude::*;
use services::ServiceError;
use services::institution::activation::IssuedCode;
use ui::prelude::*;

/// Kind of the value shown once.
const KIND: &str = "code";

/// Keeps a code for the page of slips, sealed in the session.
///
/// # Errors
/// As [`cx::put_once`].
pub(crate) async fn put(known: &Known, issued: &IssuedCode) -> Result<(), ServiceError> {
    let until = issued.expires_at.to_rfc3339();
    let lines = [&issued.code, &until, &issued.number, &issued.name];
    let text = lines.map(String::as_str).join("\n");
    cx::put_once(known, KIND, &text).await
}

/// What was kept by [`put`].
struct Told {
    code: String,
    until: DateTime<Utc>,
    whose: String,
}

fn read(text: &str) -> Option<Told> {
    let mut lines = text.splitn(4, '\n');
    let code = lines.next()?.to_owned();
    let until = DateTime::parse_from_rfc3339(lines.next()?).ok()?.to_utc();
    let (number, name) = (lines.next()?, lines.next()?);
    Some(Told {
        code,
        until,
        whose: format!("{name} {number}"),
    })
}

/// The notice of a code that was just issued; it is taken and gone.
pub(super) async fn shown(cx: Cx) -> Option<AnyView> {
    let text = cx::take_once(&cx.known(), KIND).await?;
    let told = read(&text)?;
    let until = say::deadline(cx, told.until);
    let until = match cx.lang {
        Lang::Zh => format!("有效期至 {until}，只能用一次。"),
        Lang::En => format!("It counts until {until}, and once."),
    };
    let address = typed_address(cx);
    Some(
        view! {
            <Notice tone=Tone::Success title=cx.pick("一次性代码，只显示这一次", "One-time code, shown once")>
                <p><strong>{told.whose}</strong></p>
                <Copyable label=cx.pick("代码", "Code") value=told.code/>
                <p>{until}</p>
                <p>
                    {cx.pick("本人使用：打开本校登录页，点“用激活单或一次性代码激活账号”，或直接打开 ", "The student opens the sign-in page and follows “Activate your account with your slip or one-time code”, or opens ")}
                    <span class="xj-nowrap">{address}</span>
                </p>
            </Notice>
        }
        .into_any(),
    )
}

//! The document around every page: head, policy, body, and the loader of the islands' bundle.

use crate::cx::{self, Known};
use domain::institution::Office;
use domain::text::Text;
use http::{HeaderValue, header};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use ui::prelude::tab_title;

/// The primary colour of the style sheet.
const OWN_COLOUR: &str = "#14507a";

/// The document. `translate="no"`: names and numbers of a register are never rewritten by a browser.
pub fn shell() -> impl IntoView {
    let cx = cx::get();
    let cx = cx.as_deref();
    let nonce = use_nonce();
    policy(nonce.as_ref().map(ToString::to_string));
    let lang = cx.map_or("zh-CN", |c| c.lang.tag());
    let css = cx.map(|c| c.assets.css.clone()).unwrap_or_default();
    let print = cx
        .map(|c| c.assets.print.clone())
        .filter(|address| !address.is_empty())
        .map(|address| view! { <link rel="stylesheet" href=address media="print"/> });
    let icon = cx.map(|c| c.assets.icon.clone()).unwrap_or_default();
    let loader = cx.and_then(bundle).map(|(js, wasm)| {
        let source = cx.map(|c| c.assets.loader.clone()).unwrap_or_default();
        view! {
            <script type="module" src=source nonce=nonce data-islands="" data-js=js data-wasm=wasm></script>
        }
    });
    let title = cx.map(title).unwrap_or_default();
    let brand = cx
        .and_then(brand)
        .map(|href| view! { <link rel="stylesheet" href=href/> });
    view! {
        <!DOCTYPE html>
        <html lang=lang translate="no">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                {tab_title(&title)}
                <link rel="icon" href=icon type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                {brand}
                {print}
                {loader}
            </head>
            <body>
                <crate::routes::App/>
            </body>
        </html>
    }
}

/// The school's own colour, where it is not the service's.
fn brand(cx: &Known) -> Option<String> {
    let tenant = cx.tenant.as_ref().filter(|t| t.colour != OWN_COLOUR)?;
    let version = tenant.colour.trim_start_matches('#');
    Some(cx.href(&format!("files/brand/style?v={version}")))
}

fn title(cx: &Known) -> String {
    let school = cx
        .tenant
        .as_ref()
        .map(|t| t.name.clone())
        .unwrap_or_default();
    let name = match (cx.rule, &cx.tenant) {
        (Some(rule), _) => crate::frame::page_name(rule.op),
        (None, Some(_)) => Some(Text::new("没有这一页", "There is no such page")),
        (None, None) => Some(Text::new("选择学校", "Choose your university")),
    };
    let page = name.map(|name| name.in_lang(cx.lang).to_owned());
    let product = Some(cx.pick("学籍", "Xueji").to_owned());
    [page, product, Some(school).filter(|name| !name.is_empty())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The bundle of the post in use: a student never loads the offices' code.
fn bundle(cx: &Known) -> Option<(String, String)> {
    let present = cx.present.as_ref()?;
    let files = if present.actor.office() == Office::Student {
        &cx.assets.student
    } else {
        &cx.assets.staff
    };
    (!files.0.is_empty()).then(|| files.clone())
}

fn policy(nonce: Option<String>) {
    let (Some(options), Some(nonce)) = (use_context::<ResponseOptions>(), nonce) else {
        return;
    };
    let text = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&text) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

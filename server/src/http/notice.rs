//! What a browser shows where there is no page of the pages: an unknown university, a missing file, a body that took too
//! long, a database that does not answer. The status stays; whatever else the answer said, a person reads a sentence.

use super::gate;
use super::router::State;
use app::cx::{Assets, Known};
use app::frame::whom_to_ask;
use app::told::Told;
use axum::extract::{Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::clause::Clause;
use domain::institution::{Actor, Office};
use domain::text::{Lang, Text};
use http::{HeaderValue, StatusCode, header};
use services::institution::post::OwnCollege;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::csrf::ProtectionError;

/// The policy of such a page: nothing runs, the style sheet loads.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
);

/// Whom the page of a failure names: from what the gate leaves with every answer. Where no university was reached, offices
/// are named without telephones.
struct Whom {
    clause: Clause,
    help: Office,
    known: Option<Arc<Known>>,
}

impl Whom {
    /// Whom a university names for what is asked of it.
    fn of(known: Arc<Known>) -> Option<Self> {
        known.tenant.as_ref()?;
        let told = Told::of_code(&known, "");
        Some(Self {
            clause: told.clause,
            help: told.help,
            known: Some(known),
        })
    }

    fn nowhere() -> Self {
        Self {
            clause: Clause::RESPONSIBILITY,
            help: Office::ItCentre,
            known: None,
        }
    }

    /// Who asked, where somebody is signed in.
    fn actor(&self) -> Option<&Actor> {
        let present = self.known.as_ref()?.present.as_ref()?;
        Some(&present.actor)
    }

    /// The own record, where a student asked.
    fn own(&self) -> Option<String> {
        let student = self.actor()?.office() == Office::Student;
        let known = self.known.as_ref().filter(|_| student)?;
        Some(known.href("me"))
    }

    /// The office that helps. What broke on the way is no matter of the office that does the step.
    fn help(&self, status: StatusCode) -> Office {
        let broken = status == StatusCode::PAYLOAD_TOO_LARGE || status.is_server_error();
        if broken { Office::ItCentre } else { self.help }
    }

    /// The college of whoever asked, where the college helps. The page comes without it rather than not at all.
    async fn college(&self, state: &State, status: StatusCode) -> Option<OwnCollege> {
        let asked = self.help(status) == Office::College;
        let actor = self.actor().filter(|_| asked)?;
        match state.services.own_college(actor).await {
            Ok(college) => college,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "own college");
                None
            }
        }
    }

    async fn lines(&self, state: &State, status: StatusCode, lang: Lang) -> String {
        let refused = status == StatusCode::FORBIDDEN;
        let clause = refused.then_some(&self.clause);
        let (help, college) = (self.help(status), self.college(state, status).await);
        let (known, none) = (self.known.as_ref(), BTreeMap::new());
        let contacts = known.map_or(&none, |known| &*known.contacts);
        whom_to_ask(lang, clause, help, contacts, college.as_ref())
    }
}

/// Marks the answer of a university that is suspended.
#[derive(Clone, Copy, Debug)]
struct Suspended;

/// The answer for whatever is asked of a university that is suspended. That it exists is no secret: its name stood on the
/// first page.
pub fn suspended() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(Suspended);
    response
}

/// Gives a browser a page for every failure that brings none of its own.
pub async fn explain(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let (browser, lang) = (gate::wants_html(&request), gate::language(&request));
    let platform = is_of_the_platform(request.uri().path());
    let response = next.run(request).await;
    let status = response.status();
    if !browser || !(status.is_client_error() || status.is_server_error()) || is_page(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let elsewhere = parts.extensions.get::<ProtectionError>().is_some();
    let known = parts.extensions.remove::<Arc<Known>>();
    let whom = known.and_then(Whom::of);
    let suspended = parts.extensions.get::<Suspended>().is_some();
    // An address that leads nowhere is no university's: there is nobody to name.
    let nobody = suspended || platform || status == StatusCode::NOT_FOUND;
    let whom = whom.or_else(|| (!nobody).then(Whom::nowhere));
    let own = whom.as_ref().and_then(Whom::own);
    let said = if suspended {
        STANDS_STILL
    } else {
        words(status, elsewhere, own.is_some())
    };
    let lines = match &whom {
        Some(whom) => whom.lines(&state, status, lang).await,
        None => String::new(),
    };
    let page = page(said, (&lines, own.as_deref()), lang, &state.assets);
    let mut explained = (status, axum::response::Html(page)).into_response();
    let headers = explained.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
        for value in parts.headers.get_all(&name) {
            headers.append(name.clone(), value.clone());
        }
    }
    explained
}

/// Whether a path is the platform's own, which has none of a university's offices.
fn is_of_the_platform(path: &str) -> bool {
    let path = path.strip_prefix("/api").unwrap_or(path);
    path == "/operator" || path.starts_with("/operator/")
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"))
}

/// What people of a suspended university read.
const STANDS_STILL: (Text, Text) = (
    Text::new(
        "本校服务已暂停",
        "The service of this university is suspended",
    ),
    Text::new(
        "数据不受影响，没有改变任何内容。请联系本校管理员或平台运营。",
        "Its data are as they were, and nothing was changed. Ask the administrator of the university or the operator of this service.",
    ),
);

/// What happened, and what to do now. `elsewhere`: the request was refused because another site sent it; `student`: a
/// student sent it, who has no other post.
fn words(status: StatusCode, elsewhere: bool, student: bool) -> (Text, Text) {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => (
            Text::new("没有这一页", "There is no such page"),
            Text::new(
                "地址有误，或这里没有你可以查看的内容。请从首页重新进入。",
                "The address is wrong, or there is nothing here that you may see. Go back to the start.",
            ),
        ),
        StatusCode::FORBIDDEN if elsewhere => (
            Text::new("没有接受这个请求", "This request was not accepted"),
            Text::new(
                "它不是从本系统的页面发出的。请从首页重新进入后再办理。没有改变任何内容。",
                "It was not sent from a page of this system. Go back to the start and try again. Nothing was changed.",
            ),
        ),
        StatusCode::FORBIDDEN if student => (
            Text::new(
                "这里只供学校各部门办理工作",
                "This is for the offices of the university",
            ),
            Text::new(
                "你用学生账号登录，这一步由学校的部门办理，没有改变任何内容。请回到“我的学籍”。",
                "You are signed in as a student; this step belongs to an office. Nothing was changed. Go back to My registration.",
            ),
        ),
        StatusCode::FORBIDDEN => (
            Text::new("由其他部门办理", "Another office does this"),
            Text::new(
                "你现在使用的岗位没有这项权限，没有改变任何内容。如果你还有其他岗位，请在“账号”页切换岗位后再办理。",
                "The post you are working in has no right to this. Nothing was changed. If you have another post, switch to it on the account page.",
            ),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            Text::new("内容太大", "This is too large"),
            Text::new(
                "文件或表单超过了允许的大小。请返回上一页，拆分后再提交。没有改变任何内容。",
                "The file or form is larger than allowed. Go back, split it, and send it again. Nothing was changed.",
            ),
        ),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => (
            Text::new(
                "系统暂时无法使用",
                "The system is out of reach for a moment",
            ),
            Text::new(
                "请过一会儿再试。已经保存的内容不会丢失。",
                "Try again in a moment. What was saved is still there.",
            ),
        ),
        status if status.is_server_error() => (
            Text::new("系统遇到没有料到的情况", "Something unexpected happened"),
            Text::new(
                "情况已记录。请返回上一页再试；仍不成功请联系现代信息与教育技术中心。",
                "It was recorded. Go back and try again; if it happens again, ask the IT Centre.",
            ),
        ),
        _ => (
            Text::new("没有读懂这个请求", "This request could not be read"),
            Text::new(
                "请返回上一页，核对后再提交一次。没有改变任何内容。",
                "Go back, check it, and send it again. Nothing was changed.",
            ),
        ),
    }
}

/// A whole page without a script. Nothing of the request is in it, so there is nothing to escape; `whom` is HTML, and `own`
/// the address of a student's own record.
fn page(
    (what, now): (Text, Text),
    (whom, own): (&str, Option<&str>),
    lang: Lang,
    assets: &Assets,
) -> String {
    let (css, icon) = (&assets.css, &assets.icon);
    let (what, now) = (what.in_lang(lang), now.in_lang(lang));
    let (tag, product) = (lang.tag(), lang.pick("学籍", "Xueji"));
    let (home, start) = match own {
        Some(own) => (own, lang.pick("回到我的学籍", "Back to My registration")),
        None => ("/", lang.pick("回到首页", "Back to the start")),
    };
    let sheet = if css.is_empty() {
        String::new()
    } else {
        format!(
            "<link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{css}\">"
        )
    };
    format!(
        "<!DOCTYPE html><html lang=\"{tag}\" translate=\"no\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{what} · {product}</title>{sheet}</head>\
         <body><div class=\"xj-plain-page\"><header class=\"xj-plain-head\"><a class=\"xj-plain-brand\" href=\"/\">\
         <span>{product}</span></a></header><main class=\"xj-plain-main\" id=\"content\"><h1 class=\"xj-h1\">{what}</h1>\
         <p class=\"xj-lead\">{now}</p>{whom}<p><a class=\"xj-link\" href=\"{home}\">{start}</a></p></main></div></body></html>"
    )
}

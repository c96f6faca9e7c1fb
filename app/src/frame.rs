//! The frames around pages: phone, office, plain; refusals and the notice an operation leaves behind.

mod nav;
mod refused;

use crate::cx::{self, Cx};
use crate::pages::say;
use crate::told::TOLD;
use domain::institution::branding;
use domain::text::Lang;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::ServiceError;
use ui::prelude::*;

pub use nav::page_name;
pub use refused::{contact, explainers, left_behind, refusal, stands_in_words, whom_to_ask};

/// What a page gives or why it does not.
pub type Page = Result<AnyView, ServiceError>;

/// Renders a page whole on the server: refused, found, or explained.
pub fn page<F>(build: fn(Cx) -> F) -> AnyView
where
    F: Future<Output = Page> + Send + 'static,
{
    let Some(cx) = cx::get().map(Cx::new) else {
        return ().into_any();
    };
    let response = use_context::<ResponseOptions>();
    // Not inside a closure: the framework walks over the view several times before it renders it, and a closure would
    // begin the page anew, with all its reads and their lines in the access log, at each of them.
    let shown = Suspend::new(async move {
        cx.arrive().await;
        if let Some(reason) = cx.known().refused {
            return refusal(cx, reason);
        }
        match build(cx).await {
            Ok(view) => view,
            Err(error) => {
                cx.find_college().await;
                refused::failed(cx, response.as_ref(), &error)
            }
        }
    });
    view! {
        <Suspense fallback=|| ()>
            {shown}
        </Suspense>
    }
    .into_any()
}

/// The switch between the languages; it keeps the page.
pub fn language(cx: Cx) -> AnyView {
    let other = match cx.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    let kept = kept(cx);
    let query = if kept.is_empty() {
        String::new()
    } else {
        format!("&{kept}")
    };
    let href = format!("?lang={}{query}", other.tag());
    view! { <LangSwitch label=cx.pick("EN", "中文") tag=other.tag() href=href/> }.into_any()
}

/// The query of the page without what an operation told in it.
fn kept(cx: Cx) -> String {
    cx.known()
        .query
        .iter()
        .filter(|(key, _)| !TOLD.contains(&key.as_str()))
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// This page with its query, below the university: where a form that steps in between leads back to.
pub fn this_page(cx: Cx) -> String {
    match (cx.path(), kept(cx)) {
        (path, query) if query.is_empty() => path,
        (path, query) => format!("{path}?{query}"),
    }
}

/// Percent-encodes a value for a query.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            // In capitals, as browsers write it: forms are read that way too.
            out.extend(
                [byte >> 4, byte & 15]
                    .into_iter()
                    .filter_map(|n| char::from_digit(n.into(), 16))
                    .map(|digit| digit.to_ascii_uppercase()),
            );
        }
        out
    })
}

/// Reads the pairs of a query that [`encode`] wrote.
pub fn decode_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits = (byte == b'%').then(|| [rest.next(), rest.next()]);
        match digits {
            Some([Some(high), Some(low)]) => {
                let code = std::str::from_utf8(&[high, low])
                    .ok()
                    .and_then(|d| u8::from_str_radix(d, 16).ok());
                bytes.extend(code);
            }
            Some(_) => {}
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The school's logo; a menu has no room for a mere letter beside the name.
fn logo(cx: Cx) -> Option<Badge> {
    let known = cx.known();
    let has = known.tenant.as_ref().is_some_and(|t| t.logo.is_some());
    has.then(|| badge(cx))
}

/// The school's sign.
pub fn badge(cx: Cx) -> Badge {
    let known = cx.known();
    let Some(tenant) = &known.tenant else {
        return Badge::initial(String::new());
    };
    if let Some(logo) = &tenant.logo {
        return Badge::logo(cx.href(&format!("files/brand/logo?v={logo}")));
    }
    let initial = branding::initial(&tenant.name, &tenant.province);
    Badge::initial(initial.map(String::from).unwrap_or_default())
}

/// What an office page says about itself.
pub struct Head {
    /// Title.
    pub title: String,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Beside the title: a deadline, a state.
    pub aside: AnyView,
    /// Buttons, always in the same corner.
    pub actions: AnyView,
    /// Whether the page shows personal data and carries a watermark.
    pub personal: bool,
    /// Whether a file can be downloaded or picked on the page.
    pub files: bool,
    /// How many things wait for this post, where the page has counted them.
    pub todo: Option<u64>,
}

impl Head {
    /// A title and nothing else.
    pub fn new(title: impl Into<String>) -> Self {
        let title = title.into();
        Self {
            title,
            crumbs: Vec::new(),
            aside: ().into_any(),
            actions: ().into_any(),
            personal: false,
            files: false,
            todo: None,
        }
    }

    /// A file can be downloaded or picked on the page.
    #[must_use]
    pub fn with_files(mut self) -> Self {
        self.files = true;
        self
    }
}

/// Where the browser inside WeChat may lose a file: how to go on in another one.
fn open_in_browser(cx: Cx) -> AnyView {
    if !cx.known().device.is_inside_wechat() {
        return ().into_any();
    }
    view! {
        <Notice tone=Tone::Warning title=cx.pick("请在浏览器打开本页", "Open this page in a browser")>
            {cx.pick("微信内可能无法下载或选择文件。请点右上角“…”，选“在浏览器打开”，登录后再办理。", "Files may not download or be picked inside WeChat. Tap “…” at the top right, choose “Open in browser”, sign in there and go on.")}
        </Notice>
    }
    .into_any()
}

/// An office's page.
pub fn office(cx: Cx, head: Head, body: impl IntoView + 'static) -> AnyView {
    let school = cx.school();
    let name = cx
        .known()
        .present
        .as_ref()
        .map(|p| p.name.clone())
        .unwrap_or_default();
    let login = cx
        .known()
        .present
        .as_ref()
        .map(|p| p.login.clone())
        .unwrap_or_default();
    // Who looks, and when (办法 三（三）): a photograph of the screen still tells.
    let watermark = if head.personal {
        format!("{name} {login} {}", say::moment(cx.services().now()))
    } else {
        String::new()
    };
    let in_browser = head.files.then(|| open_in_browser(cx));
    view! {
        <OfficeShell
            product=cx.pick("学籍", "Xueji")
            school=school
            home=cx.href("home")
            badge=logo(cx)
            skip=cx.pick("跳到正文", "Skip to content")
            identity=identity(cx)
            nav_label=cx.pick("主菜单", "Main menu")
            menu_label=cx.pick("菜单", "Menu")
            nav=nav::navigation(cx, head.todo)
            account=account(cx)
            crumbs_label=cx.pick("位置", "You are here")
            crumbs=head.crumbs
            title=head.title
            deadline=head.aside
            actions=head.actions
            watermark=watermark
            footer=refused::helpers(cx)
        >
            {left_behind(cx)}
            {in_browser}
            {body}
        </OfficeShell>
    }
    .into_any()
}

fn identity(cx: Cx) -> AnyView {
    let known = cx.known();
    let Some(present) = &known.present else {
        return ().into_any();
    };
    let words = say::pair(cx, &present.post_label);
    let posts = cx.href("account");
    view! {
        <IdentitySwitch
            before=cx.pick("现以", "Working as")
            identity=words
            after=cx.pick("身份办理", "")
        >
            <a class="xj-link" href=posts>{cx.pick("切换岗位与账号设置", "Posts and account")}</a>
        </IdentitySwitch>
    }
    .into_any()
}

fn account(cx: Cx) -> AnyView {
    let name = cx
        .known()
        .present
        .as_ref()
        .map(|p| p.name.clone())
        .unwrap_or_default();
    view! {
        <div class="xj-row">
            <span>{name}</span>
            {language(cx)}
            <PostForm action="/api/institution/sign-out" tenant=cx.slug()>
                <SubmitButton label=cx.pick("退出", "Sign out") weight=Weight::Link/>
            </PostForm>
        </div>
    }
    .into_any()
}

/// A plain page: signing in, activation.
pub fn plain(cx: Cx, title: &str, lead: &str, body: impl IntoView + 'static) -> AnyView {
    let brand = cx
        .known()
        .tenant
        .as_ref()
        .map_or_else(|| cx.pick("学籍", "Xueji").to_owned(), |t| t.name.clone());
    let (title, lead) = (title.to_owned(), lead.to_owned());
    view! {
        <PlainShell
            brand=brand
            badge=badge(cx)
            skip=cx.pick("跳到正文", "Skip to content")
            title=title
            lead=lead
            language=language(cx)
            footer=refused::helpers(cx)
        >
            {left_behind(cx)}
            {body}
        </PlainShell>
    }
    .into_any()
}

//! The frames around pages: phone, office, plain; refusals and the notice an operation leaves behind.

use crate::cx::{self, Cx};
use crate::op;
use crate::pages::say;
use domain::clause::Clause;
use domain::decision::Reason;
use domain::institution::policy::{self, Kind};
use domain::institution::{Action, Office, POLICY, Rule, branding};
use domain::text::{Label, Lang};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::ServiceError;
use ui::prelude::*;

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
    if let Some(reason) = cx.known().refused {
        return refusal(cx, reason);
    }
    // Not inside a closure: the framework walks over the view several times before it renders it, and a closure would
    // begin the page anew, with all its reads and their lines in the access log, at each of them.
    let shown = Suspend::new(async move {
        match build(cx).await {
            Ok(view) => view,
            Err(error) => failed(cx, response.as_ref(), &error),
        }
    });
    view! {
        <Suspense fallback=|| ()>
            {shown}
        </Suspense>
    }
    .into_any()
}

fn failed(cx: Cx, response: Option<&ResponseOptions>, error: &ServiceError) -> AnyView {
    let (status, code, _) = op::code_of(error);
    if let Some(response) = response {
        response.set_status(status);
    }
    if status.is_server_error() {
        tracing::error!(error = error as &dyn std::error::Error, code, "page failed");
    }
    explained(cx, code)
}

/// A page that is not shown: what happened, why, who helps, what to do now.
pub fn refusal(cx: Cx, reason: Reason) -> AnyView {
    let code = match reason {
        Reason::WrongOffice => "wrong_office",
        Reason::NotSignedIn
        | Reason::NotVisible
        | Reason::StepUpNeeded
        | Reason::FactorNeeded
        | Reason::SamePerson
        | Reason::IllegalMove
        | Reason::Stale
        | Reason::BuiltOn
        | Reason::TooLate
        | Reason::Incomplete
        | Reason::Invalid => "not_found",
    };
    explained(cx, code)
}

fn explained(cx: Cx, code: &str) -> AnyView {
    let home = cx
        .known()
        .tenant
        .as_ref()
        .map_or_else(|| "/".to_owned(), |_| cx.href("home"));
    let words = crate::pages::words::of(code, cx.lang);
    let refusal = refusal_box(cx, code, None);
    let brand = cx
        .known()
        .tenant
        .as_ref()
        .map_or_else(|| "学籍".to_owned(), |t| t.name.clone());
    view! {
        <PlainShell brand=brand skip=cx.pick("跳到正文", "Skip to content") title=words.what.clone() language=language(cx)>
            {refusal}
            <LinkButton label=cx.pick("回到首页", "Back to the start") href=home weight=Weight::Secondary/>
        </PlainShell>
    }
    .into_any()
}

/// Clause and helping office of an operation or page.
fn rule_of(op: Option<&str>) -> Option<&'static Rule> {
    POLICY.iter().find(|rule| Some(rule.op) == op)
}

/// The box that explains a refusal by its code.
pub fn refusal_box(cx: Cx, code: &str, op: Option<&str>) -> AnyView {
    let words = crate::pages::words::of(code, cx.lang);
    let rule = rule_of(op);
    let clause = rule.map_or(Clause::RESPONSIBILITY, |r| r.clause.clone());
    let known = cx.known();
    let actor = known.present.as_ref().map(|p| &p.actor);
    let help = rule
        .zip(actor)
        .map_or(Office::ItCentre, |(rule, actor)| rule.help(actor));
    let who = cx.text(help.label()).to_owned();
    view! {
        <Refusal
            what=words.what
            why=Line::new(cx.pick("原因", "Why"), words.why)
            clause=clause.as_str().to_owned()
            who=Line::new(cx.pick("谁能帮助", "Who can help"), who)
            now=Line::new(cx.pick("现在可以", "What to do"), words.now)
        />
    }
    .into_any()
}

/// The notice an operation left in the address: done, or refused with its code.
pub fn left_behind(cx: Cx) -> AnyView {
    if let Some(code) = cx.query("refused") {
        return refusal_box(cx, &code, cx.query("op").as_deref());
    }
    if let Some(done) = cx.query("done") {
        let words = crate::pages::words::done(&done, cx.lang);
        return view! { <Notice tone=Tone::Success title=words announce=true/> }.into_any();
    }
    ().into_any()
}

/// The switch between the languages; it keeps the page.
pub fn language(cx: Cx) -> AnyView {
    let other = match cx.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    let kept: Vec<String> = cx
        .known()
        .query
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "lang" | "refused" | "done" | "field" | "op"))
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect();
    let query = if kept.is_empty() {
        String::new()
    } else {
        format!("&{}", kept.join("&"))
    };
    let href = format!("?lang={}{query}", other.tag());
    view! { <a class="xj-lang" href=href hreflang=other.tag() lang=other.tag()>{cx.pick("EN", "中文")}</a> }.into_any()
}

/// Percent-encodes a value for a query.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(
                [byte >> 4, byte & 15]
                    .into_iter()
                    .filter_map(|n| char::from_digit(n.into(), 16)),
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

struct Entry {
    label: (&'static str, &'static str),
    path: &'static str,
    shown: bool,
}

fn entry<A: Action>(cx: Cx, label: (&'static str, &'static str)) -> Entry {
    let rule = A::rule();
    let shown = rule.kind == Kind::Page
        && cx
            .known()
            .present
            .as_ref()
            .is_some_and(|p| p.actor.may::<A>());
    Entry {
        label,
        path: rule.op,
        shown,
    }
}

/// The navigation of the post in use: what it may not do is not there.
fn navigation(cx: Cx) -> Vec<NavItem> {
    let entries = [
        entry::<policy::HomePage>(cx, ("待办", "To do")),
        entry::<policy::ImportsPage>(cx, ("录取数据导入", "Admission imports")),
        entry::<policy::MajorsPage>(cx, ("专业对应", "Majors")),
        entry::<policy::HandoversPage>(cx, ("录取信息移交", "Hand-overs")),
        entry::<policy::AssignPage>(cx, ("编班编学号", "Class and number")),
        entry::<policy::StudentsPage>(cx, ("考生与学生", "Candidates and students")),
        entry::<policy::SlipsPage>(cx, ("激活单", "Activation slips")),
        entry::<policy::ExportsPage>(cx, ("导出", "Exports")),
        entry::<policy::UnitsPage>(cx, ("组织机构", "Organisation")),
        entry::<policy::StaffPage>(cx, ("人员与岗位", "Staff and posts")),
        entry::<policy::ParametersPage>(cx, ("参数与实施细则", "Parameters and rules")),
        entry::<policy::SchoolPage>(cx, ("学校", "School")),
        entry::<policy::SecurityPage>(cx, ("安全", "Security")),
    ];
    let path = cx.path();
    entries
        .into_iter()
        .filter(|e| e.shown)
        .map(|e| {
            let here = path == e.path || path.starts_with(&format!("{}/", e.path));
            NavItem::new(cx.pick(e.label.0, e.label.1), cx.href(e.path)).current(here)
        })
        .collect()
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
        }
    }
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
    let watermark = if head.personal {
        format!("{name} {login}")
    } else {
        String::new()
    };
    view! {
        <OfficeShell
            product=cx.pick("学籍", "Xueji")
            school=school
            home=cx.href("home")
            badge=badge(cx)
            skip=cx.pick("跳到正文", "Skip to content")
            identity=identity(cx)
            nav_label=cx.pick("主菜单", "Main menu")
            menu_label=cx.pick("菜单", "Menu")
            nav=navigation(cx)
            account=account(cx)
            crumbs_label=cx.pick("位置", "You are here")
            crumbs=head.crumbs
            title=head.title
            deadline=head.aside
            actions=head.actions
            watermark=watermark
        >
            {left_behind(cx)}
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
        >
            {left_behind(cx)}
            {body}
        </PlainShell>
    }
    .into_any()
}

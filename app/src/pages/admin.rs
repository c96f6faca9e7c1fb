//! The school's administrator and the IT Centre: parameters, the school's own rules, refused sign-ins and locks.

use super::paged::pager;
use super::say;
use crate::cx::Cx;
use crate::draft::Filled;
use crate::frame::{Head, Page, office, page};
use crate::told::mark_of;
use domain::institution::Incident;
use domain::institution::parameter::{Form, Parameter};
use leptos::prelude::*;
use services::institution::parameter::{ParameterVersion, ParameterView, RuleVersion};
use services::institution::security::{LastBackup, SecurityQuery, SecurityView};
use ui::prelude::*;

/// Parameters and the school's own rules.
#[component]
pub fn ParametersPage() -> impl IntoView {
    page(parameters)
}

/// Refused sign-ins, locks and attacks.
#[component]
pub fn SecurityPage() -> impl IntoView {
    page(security)
}

async fn parameters(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let reader = actor.clone();
    let values = cx
        .services()
        .run(|services| async move { services.parameters_view(&reader).await })
        .await?;
    let rules = cx
        .services()
        .run(|services| async move { services.rule_versions(&actor).await })
        .await?;
    let tables = GROUPS
        .into_iter()
        .map(|group| group.table(cx, &values, &rules))
        .collect::<Vec<_>>();
    let rule_rows = rules
        .iter()
        .map(|rule| {
            let href = cx.href(&format!("files/rules/{}", rule.id));
            let title = rule.title.clone();
            let title = if rule.document {
                view! { <a class="xj-link" href=href download="">{title}</a> }.into_any()
            } else {
                title.into_any()
            };
            Row::new()
                .cell(title)
                .cell(rule.number.clone())
                .cell(rule.version.to_string())
                .cell(rule.effective_from.to_string())
                .cell(format!("{} {}", rule.added_by, say::moment(rule.added_at)))
        })
        .collect::<Vec<_>>();
    let rule_columns = vec![
        Column::new(cx.pick("实施细则", "Rule")).title(),
        Column::new(cx.pick("文号", "Number")),
        Column::new(cx.pick("版本", "Version")).numeric(),
        Column::new(cx.pick("生效", "In force from")),
        Column::new(cx.pick("登记人", "Added by")),
    ];
    let empty =
        view! { <EmptyState title=cx.pick("还没有登记实施细则", "No rules of the school yet")/> };
    let body = view! {
        {tables}
        <DataTable caption=cx.pick("实施细则", "The school's own rules") columns=rule_columns rows=rule_rows empty=empty/>
        {rule_form(cx)}
    };
    Ok(office(
        cx,
        Head::new(cx.pick("参数与实施细则", "Parameters and rules")).with_files(),
        body,
    ))
}

/// A new version of a rule, with its document.
fn rule_form(cx: Cx) -> AnyView {
    let action = cx.href("files/rule");
    let today = domain::calendar::local_date(cx.services().now()).to_string();
    let form = cx.form("files/rule");
    view! {
        <Fold summary=cx.pick("登记实施细则的新版本", "Add a version of a rule") open=form.open()>
            <PostForm action=action tenant=cx.slug() multipart=true>
                <TextInput name="title" label=cx.pick("名称（同名即为新版本）", "Title (the same title is its next version)") required=true maxlength=200 error=form.error("title")/>
                <TextInput name="number" label=cx.pick("文号", "Document number") required=true maxlength=200 error=form.error("number")/>
                <DateInput name="effective_from" label=cx.pick("生效日期", "In force from") value=today required=true error=form.error("effective_from")/>
                <FileInput name="file" error=form.error("file") label=cx.pick("文件（PDF，不超过 16 MB）", "Document (PDF, at most 16 MB)") accept=".pdf" required=true/>
                <FormActions><SubmitButton label=cx.pick("登记", "Add") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

/// Parameters that are shown together.
#[derive(Clone, Copy)]
enum Group {
    Rules,
    Deadlines,
    Duties,
    Contacts,
}

const GROUPS: [Group; 4] = [
    Group::Rules,
    Group::Deadlines,
    Group::Duties,
    Group::Contacts,
];

impl Group {
    const fn of(parameter: Parameter) -> Self {
        match parameter {
            Parameter::Deadline(_) => Self::Deadlines,
            Parameter::Duty(_) => Self::Duties,
            Parameter::Contact(_) => Self::Contacts,
            _ => Self::Rules,
        }
    }

    fn title(self, cx: Cx) -> &'static str {
        match self {
            Self::Rules => cx.pick("安全与办理规则", "Security and rules"),
            Self::Deadlines => cx.pick("期限", "Deadlines"),
            Self::Duties => cx.pick("各步骤的负责部门", "Office in charge of each step"),
            Self::Contacts => cx.pick("各部门联系电话", "Telephones of the offices"),
        }
    }

    fn table(self, cx: Cx, values: &[ParameterView], rules: &[RuleVersion]) -> AnyView {
        let columns = vec![
            Column::new(self.title(cx)).title(),
            Column::new(cx.pick("现值", "Now")),
            Column::new(cx.pick("默认", "Default")),
            Column::new(cx.pick("依据与生效", "Basis and date")),
            Column::new(cx.pick("更改", "Change")).width(Width::Wide),
        ];
        let rows = values
            .iter()
            .filter(|value| Self::of(value.parameter) as u8 == self as u8)
            .map(|value| parameter_row(cx, value, rules))
            .collect::<Vec<_>>();
        view! { <DataTable caption=self.title(cx) columns=columns rows=rows/> }.into_any()
    }
}

/// A value in words.
fn shown(cx: Cx, parameter: Parameter, value: &str) -> AnyView {
    let words = say::pair(cx, &parameter.word(value));
    match parameter {
        Parameter::Contact(_) => say::phone(words),
        _ => words.into_any(),
    }
}

fn parameter_row(cx: Cx, value: &ParameterView, rules: &[RuleVersion]) -> Row {
    let word = |text: &str| shown(cx, value.parameter, text);
    let said = |v: &ParameterVersion| format!("{} · {}", basis_of(cx, v), say::by(cx, &v.set_by));
    let in_force = value
        .versions
        .iter()
        .find(|v| Some(v.version) == value.in_force);
    let basis = in_force.map_or_else(|| cx.text(value.parameter.default_basis()).to_owned(), said);
    let others = value
        .versions
        .iter()
        .filter(|v| Some(v.version) != value.in_force)
        .map(|v| {
            view! { <li>{version(cx, v.version)} {word(&v.value)} " · " {said(v)}</li> }
        })
        .collect::<Vec<_>>();
    let history = (!others.is_empty()).then(|| {
        view! {
            <Fold summary=cx.pick("其他版本", "Other versions")><ul class="xj-list">{others}</ul></Fold>
        }
    });
    let history = view! { {basis} {history} };
    let later = value.parameter.awaits().map(|duty| {
        let duty = say::label(cx, &duty);
        let words = match cx.lang {
            domain::text::Lang::Zh => format!("（“{duty}”办理上线后生效，现在只作登记）"),
            domain::text::Lang::En => format!("(kept for now; takes effect with {duty})"),
        };
        view! { <span class="xj-muted">" "{words}</span> }
    });
    let form = if value.form.is_fixed() {
        view! { <span class="xj-muted">{cx.pick("法规规定，不能更改", "Fixed by the regulation")}</span> }
            .into_any()
    } else {
        change(cx, value, rules)
    };
    Row::new()
        .cell(view! { {say::label(cx, &value.parameter)} {later} })
        .cell(view! { {word(&value.current)} {upcoming(cx, value)} })
        .cell(word(&value.default))
        .cell(history)
        .cell(form)
}

/// A basis with the day from which a value rests on it.
fn basis_of(cx: Cx, version: &ParameterVersion) -> String {
    let (basis, from) = (&version.basis, version.effective_from);
    match cx.lang {
        domain::text::Lang::Zh => format!("{basis} · 自 {from} 起"),
        domain::text::Lang::En => format!("{basis} · from {from}"),
    }
}

/// The number of a version, before its value.
fn version(cx: Cx, number: i32) -> String {
    match cx.lang {
        domain::text::Lang::Zh => format!("第 {number} 版："),
        domain::text::Lang::En => format!("Version {number}: "),
    }
}

/// Values that are set and take effect on a later day, beside the one that holds.
fn upcoming(cx: Cx, value: &ParameterView) -> Vec<AnyView> {
    let today = domain::calendar::local_date(cx.services().now());
    let mut later: Vec<&ParameterVersion> = value
        .versions
        .iter()
        .filter(|v| v.effective_from > today)
        .collect();
    later.sort_by_key(|v| (v.effective_from, v.version));
    later
        .into_iter()
        .map(|v| {
            let day = say::short_date(cx, v.effective_from);
            let from = match cx.lang {
                domain::text::Lang::Zh => format!("自 {day} 起："),
                domain::text::Lang::En => format!("From {day}: "),
            };
            view! { <p class="xj-note">{from} {shown(cx, value.parameter, &v.value)}</p> }
                .into_any()
        })
        .collect()
}

fn change(cx: Cx, value: &ParameterView, rules: &[RuleVersion]) -> AnyView {
    let today = domain::calendar::local_date(cx.services().now()).to_string();
    let form = cx.form_of("institution/set-parameter", mark_of(value.parameter));
    let hidden = form.hidden(vec![Hidden::new("key", value.key.clone())]);
    let input = new_value(cx, value, &form);
    let none = Choice::new(
        "",
        cx.pick(
            "其他文件或决定（写在下面）",
            "Another document or decision (named below)",
        ),
    );
    let listed = rules.iter().map(|rule| {
        let words = format!("{}（{}）v{}", rule.title, rule.number, rule.version);
        let id = rule.id.to_string();
        let chosen = form.typed("rule") == Some(id.as_str());
        Choice::new(id, words).checked(chosen)
    });
    let rule_choices = std::iter::once(none).chain(listed).collect::<Vec<_>>();
    let rule = (!rules.is_empty()).then(|| {
        view! { <SelectInput name="rule" id=form.id("rule") label=cx.pick("依据的实施细则", "Rule it rests on") choices=rule_choices error=form.error("rule")/> }
    });
    let (basis, from) = (form.value("basis", ""), form.value("effective_from", today));
    view! {
        <Fold summary=cx.pick("更改", "Change") open=form.open()>
            <PostForm action="/api/institution/set-parameter" tenant=cx.slug() hidden=hidden>
                {input}
                {rule}
                <TextInput name="basis" id=form.id("basis") label=cx.pick("其他依据（文件或决定）", "Another basis (document or decision)") value=basis maxlength=200 error=form.error("basis")/>
                <DateInput name="effective_from" id=form.id("effective_from") label=cx.pick("生效日期", "In force from") value=from required=true error=form.error("effective_from")/>
                <FormActions><SubmitButton label=cx.pick("保存为新版本", "Save as a new version") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn new_value(cx: Cx, value: &ParameterView, form: &Filled) -> AnyView {
    let label = cx.pick("新值", "New value");
    let (id, error) = (form.id("value"), form.error("value"));
    let current = form.value("value", value.current.clone());
    let keys: &[&str] = match value.form {
        Form::Flag => &["true", "false"],
        Form::OneOf(keys) => keys,
        _ => &[],
    };
    if keys.is_empty() {
        let hint = say::pair(cx, &value.parameter.takes());
        return match value.form.longest() {
            Some(most) => view! { <TextInput name="value" id=id label=label value=current maxlength=most hint=hint error=error/> }.into_any(),
            None => view! { <TextInput name="value" id=id label=label value=current hint=hint error=error/> }.into_any(),
        };
    }
    let choices = keys
        .iter()
        .map(|key| {
            let word = say::pair(cx, &value.parameter.word(key));
            Choice::new(*key, word).checked(*key == current)
        })
        .collect();
    view! { <SelectInput name="value" id=id label=label choices=choices error=error/> }.into_any()
}

async fn security(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let query = SecurityQuery {
        incident: cx.query("kind").and_then(|k| Incident::from_key(&k)),
        origin: cx.query("network"),
        page: cx.query("page").and_then(|p| p.parse().ok()).unwrap_or(1),
    };
    let asked = query.clone();
    let view = cx
        .services()
        .run(|services| async move { services.security_view(&actor, &query).await })
        .await?;
    let lock_columns = vec![
        Column::new(cx.pick("账号", "Account")).title(),
        Column::new(cx.pick("类别", "Kind")),
        Column::new(cx.pick("失败次数", "Failures")).numeric(),
        Column::new(cx.pick("锁定至", "Locked until")),
    ];
    let locks = view
        .locks
        .iter()
        .map(|lock| {
            let kind = if lock.staff {
                cx.pick("工作人员", "Staff")
            } else {
                cx.pick("学生", "Student")
            };
            Row::new()
                .cell(lock.login.to_string())
                .cell(kind)
                .cell(lock.failures.to_string())
                .cell(say::moment(lock.until))
        })
        .collect::<Vec<_>>();
    let columns = vec![
        Column::new(cx.pick("时间", "When")).title(),
        Column::new(cx.pick("事件", "Event")),
        Column::new(cx.pick("账号", "Account")),
        Column::new(cx.pick("网络", "Network")),
        Column::new(cx.pick("说明", "Particulars")),
    ];
    let rows = view
        .events
        .iter()
        .map(|event| {
            Row::new()
                .cell(say::moment(event.at))
                .cell(say::label(cx, &event.incident))
                .text(event.login.as_ref().map(ToString::to_string))
                .text(event.origin.clone())
                .text(particulars(cx, &event.detail))
        })
        .collect::<Vec<_>>();
    let none = view! { <EmptyState title=cx.pick("没有锁定的账号", "No account is locked")/> };
    let quiet = view! { <EmptyState title=cx.pick("没有被拒绝的登录", "No refused sign-ins")/> };
    let locked = cx.pick("锁定中的账号", "Locked accounts");
    let happened = cx.pick("安全事件", "Events");
    let body = view! {
        {last_backup(cx, view.backup)}
        {security_totals(cx, &view)}
        <Panel title=locked><DataTable caption=locked columns=lock_columns rows=locks empty=none/></Panel>
        <Panel title=happened>
            {narrowed(cx, &asked)}
            <DataTable caption=happened columns=columns rows=rows empty=quiet/>
            {security_pages(cx, &asked, &view)}
        </Panel>
    };
    Ok(office(cx, Head::new(cx.pick("安全", "Security")), body))
}

/// Particulars of an event: the length of a lock in words, anything else as it was kept.
fn particulars(cx: Cx, text: &str) -> String {
    let minutes = text.strip_suffix(" min").and_then(|n| n.parse().ok());
    match (minutes.map(say::number), cx.lang) {
        (Some(minutes), domain::text::Lang::Zh) => format!("锁定 {minutes} 分钟"),
        (Some(minutes), domain::text::Lang::En) => format!("locked for {minutes} minutes"),
        (None, _) => text.to_owned(),
    }
}

/// When all of it was last backed up; a warning when that is too long ago.
fn last_backup(cx: Cx, backup: LastBackup) -> AnyView {
    let when = backup.at.map_or_else(
        || cx.pick("没有记录", "none is recorded").to_owned(),
        say::moment,
    );
    let line = match cx.lang {
        domain::text::Lang::Zh => format!(
            "最近一次备份：{when}；本校要求每 {} 小时至少一次（办法 三（四）3）。",
            backup.hours
        ),
        domain::text::Lang::En => format!(
            "Last backup: {when}. The school asks for one every {} hours (办法 三（四）3).",
            backup.hours
        ),
    };
    if !backup.late {
        return view! { <p class="xj-muted">{line}</p> }.into_any();
    }
    view! {
        <Notice tone=Tone::Warning title=cx.pick("备份已逾期", "The backup is overdue")>
            <p>{line}</p>
            <p>{cx.pick("请联系平台运维执行 xj backup。", "Ask the operator of the platform to run xj backup.")}</p>
        </Notice>
    }
    .into_any()
}

fn security_href(cx: Cx, kind: Option<&str>, network: Option<&str>, page: u32) -> String {
    let part = |name: &str, value: Option<&str>| {
        value.map(|v| format!("&{name}={}", crate::frame::encode(v)))
    };
    let kind = part("kind", kind).unwrap_or_default();
    let network = part("network", network).unwrap_or_default();
    format!("{}?page={page}{kind}{network}", cx.href("security"))
}

/// Counts by kind and by network; each narrows the list below.
fn security_totals(cx: Cx, view: &SecurityView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("事件", "Event")).title(),
        Column::new(cx.pick("24 小时", "24 hours")).numeric(),
        Column::new(cx.pick("7 天", "7 days")).numeric(),
    ];
    let rows = view
        .totals
        .iter()
        .map(|total| {
            let href = security_href(cx, Some(total.incident.key()), None, 1);
            let label = say::label(cx, &total.incident);
            Row::new()
                .cell(view! { <a class="xj-link" href=href>{label}</a> })
                .cell(total.day.to_string())
                .cell(total.week.to_string())
        })
        .collect::<Vec<_>>();
    let network_columns = vec![
        Column::new(cx.pick("网络", "Network")).title(),
        Column::new(cx.pick("7 天", "7 days")).numeric(),
    ];
    let networks = view
        .networks
        .iter()
        .map(|(network, count)| {
            let href = security_href(cx, None, Some(network), 1);
            let network = network.clone();
            Row::new()
                .cell(view! { <a class="xj-link" href=href>{network}</a> })
                .cell(count.to_string())
        })
        .collect::<Vec<_>>();
    if rows.is_empty() {
        return ().into_any();
    }
    let by_event = cx.pick("按事件统计", "By event");
    let by_network = cx.pick("来源最多的网络", "Most frequent networks");
    view! {
        <div class="xj-columns">
            <Panel title=by_event><DataTable caption=by_event columns=columns rows=rows/></Panel>
            <Panel title=by_network><DataTable caption=by_network columns=network_columns rows=networks/></Panel>
        </div>
    }
    .into_any()
}

/// What the list is narrowed to, with the way back to all of it.
fn narrowed(cx: Cx, query: &SecurityQuery) -> Option<AnyView> {
    let kind = query.incident.map(|i| say::label(cx, &i));
    let words: Vec<String> = kind.into_iter().chain(query.origin.clone()).collect();
    if words.is_empty() {
        return None;
    }
    let (words, href) = (words.join(" · "), security_href(cx, None, None, 1));
    Some(view! { <p>{cx.pick("只显示：", "Only: ")}{words}" "<a class="xj-link" href=href>{cx.pick("显示全部", "Show all")}</a></p> }.into_any())
}

fn security_pages(cx: Cx, query: &SecurityQuery, view: &SecurityView) -> AnyView {
    let found = say::number(view.found);
    let summary = match cx.lang {
        domain::text::Lang::Zh => format!("共 {found} 条，第 {} / {} 页", view.page, view.last),
        domain::text::Lang::En => {
            let events = if view.found == 1 { "event" } else { "events" };
            format!("{found} {events}, page {} of {}", view.page, view.last)
        }
    };
    let (kind, network) = (query.incident.map(Incident::key), query.origin.clone());
    pager(cx, (view.page, view.last), summary, |page| {
        security_href(cx, kind, network.as_deref(), page)
    })
}

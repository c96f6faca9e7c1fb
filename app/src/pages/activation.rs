//! Activation: the page a slip leads to, and the page on which slips are issued and printed.

mod sheet;
pub(crate) mod told_code;

use super::{account, say};
use crate::cx::Cx;
use crate::draft::Filled;
use crate::frame::{Head, Page, contact, explainers, office, page, plain};
use domain::clause::Clause;
use domain::institution::Office;
use domain::institution::activation::IdentityCheck;
use domain::text::{Label as _, Lang, Tone as StateTone};
use leptos::prelude::*;
use services::ServiceError;
use services::institution::activation::{ClassSlips, MOST_SHOWN, Reissue, SlipDays, SlipHolder};
use ui::prelude::*;

/// The page a slip's code leads to.
#[component]
pub fn ActivatePage() -> impl IntoView {
    page(activate)
}

/// Slips by class.
#[component]
pub fn SlipsPage() -> impl IntoView {
    page(classes)
}

/// The slips of one class, for printing.
#[component]
pub fn PrintSlipsPage() -> impl IntoView {
    page(sheet::print)
}

/// The slips of every visible class, for printing.
#[component]
pub fn PrintAllSlipsPage() -> impl IntoView {
    page(sheet::print_all)
}

/// The slips of the staff, for printing.
#[component]
pub fn PrintStaffSlipsPage() -> impl IntoView {
    page(sheet::print_staff)
}

/// One slip, for printing.
#[component]
pub fn PrintOneSlipPage() -> impl IntoView {
    page(sheet::print_one)
}

fn passwords(cx: Cx) -> AnyView {
    view! {
        <PasswordInput name="password" label=cx.pick("设置密码", "Choose a password") autocomplete="new-password" hint=account::password_hint(cx) error=cx.error("password")/>
    }
    .into_any()
}

/// Whose slip it is; none where the slip does not count. That a slip could not be looked at says nothing about it.
fn counted(holder: Result<SlipHolder, ServiceError>) -> Result<Option<SlipHolder>, ServiceError> {
    match holder {
        Err(ServiceError::SignIn) => Ok(None),
        other => other.map(Some),
    }
}

async fn activate(cx: Cx) -> Page {
    let token = cx.query("t");
    let title = cx.pick("激活账号", "Activate your account");
    let Some((tenant, token)) = cx.known().tenant.as_ref().map(|t| t.id).zip(token) else {
        return Ok(plain(cx, title, cx.pick("有激活单的，用手机扫描单上的二维码。没有激活单的，用学院核验身份后给你的一次性代码。", "If you have a slip, scan its code with your phone. Without one, use the one-time code your college gives you after seeing your identity card."), by_code(cx)));
    };
    let (origin, held) = (cx.known().origin, token.clone());
    let holder = cx
        .services()
        .run(move |services| async move { services.peek_slip(tenant, &held, origin).await })
        .await;
    let Some(holder) = counted(holder)? else {
        let sign_in = cx.href("sign-in");
        let body = view! {
            <Refusal
                what=cx.pick("激活单不能使用", "This slip cannot be used")
                why=Line::new(cx.pick("原因", "Why"), cx.pick("激活单已使用、已过期，或已重新签发。", "It was used, has expired, or was issued anew."))
                who=Line::new(cx.pick("谁能帮助", "Who can help"), view! {
                    {cx.pick("辅导员或学院教学秘书，请带身份证", "Your counsellor or the college's teaching secretary; bring your identity card")}
                    {contact(cx, Office::College)}
                })
                explained=Line::new(cx.pick("解释单位", "Explained by"), explainers(cx))
                clause=Clause::CONFIDENTIALITY.as_str().to_owned()
                now=Line::new(cx.pick("现在可以", "What to do"), view! {
                    {cx.pick("已激活的请直接", "If the account is active, ")}
                    <a class="xj-link" href=sign_in>{cx.pick("登录", "sign in")}</a>
                    {cx.pick("；否则请到学院重新领取。", "; otherwise fetch a new slip.")}
                })
            />
            <h2 class="xj-h2">{cx.pick("用一次性代码激活", "Activate with a one-time code")}</h2>
            {by_code(cx)}
        };
        return Ok(plain(cx, title, "", body));
    };
    let who = format!("{} · {}", holder.name, holder.number);
    let body = view! {
        <PostForm action="/api/institution/activate" tenant=cx.slug() hidden=vec![Hidden::new("token", token)]>
            <p><strong>{who}</strong></p>
            {passwords(cx)}
            <FormActions><SubmitButton label=cx.pick("激活", "Activate") wide=true/></FormActions>
        </PostForm>
    };
    Ok(plain(
        cx,
        title,
        cx.pick(
            "请确认是你本人的激活单。",
            "Make sure that this is your own slip.",
        ),
        body,
    ))
}

/// The form for a one-time code; who somebody is stands in it again when it was refused.
fn by_code(cx: Cx) -> AnyView {
    let form = cx.form("institution/activate-by-code");
    let (ksh, name) = (form.value("ksh", ""), form.value("name", ""));
    view! {
        <PostForm action="/api/institution/activate-by-code" tenant=cx.slug()>
            <TextInput name="ksh" label=cx.pick("考生号", "Candidate number") value=ksh required=true maxlength=18 autocomplete="off"/>
            <TextInput name="name" label=cx.pick("姓名", "Name") value=name required=true maxlength=50 autocomplete="name"/>
            <TextInput name="id_number" label=cx.pick("证件号码", "Number of your identity document") required=true maxlength=20 autocomplete="off"/>
            <TextInput name="code" label=cx.pick("一次性代码", "One-time code") required=true maxlength=20 autocomplete="one-time-code"/>
            {passwords(cx)}
            <FormActions><SubmitButton label=cx.pick("激活", "Activate") wide=true/></FormActions>
        </PostForm>
    }
    .into_any()
}

async fn classes(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let lines = cx
        .services()
        .run(|services| async move { services.slip_classes(&actor).await })
        .await?;
    let reader = cx.actor()?;
    let anew = cx
        .services()
        .run(|services| async move { services.reissues(&reader).await })
        .await?;
    let asker = cx.actor()?;
    let days = cx
        .services()
        .run(|services| async move { services.slip_days(&asker).await })
        .await?;
    let once = told_code::shown(cx).await;
    let missing: u64 = lines.iter().map(ClassSlips::without).sum();
    let columns = vec![
        Column::new(cx.pick("班级", "Class")).title(),
        Column::new(cx.pick("学生", "Students")).numeric(),
        Column::new(cx.pick("已激活", "Active")).numeric(),
        Column::new(cx.pick("已发未激活", "Issued, not active")).numeric(),
        Column::new(cx.pick("未发单", "No slip")).numeric(),
        Column::new(cx.pick("操作", "Action")),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            let hidden = vec![Hidden::new("class", line.class.to_string())];
            let print = cx.href(&format!("files/slips/{}", line.class));
            let open = (line.open + line.reissued > 0).then(|| view! { <a class="xj-link" href=print>{cx.pick("打印", "Print")}</a> });
            let again = (line.open > 0).then(|| all_anew(cx, line.class));
            let issue = (line.without() > 0).then(|| {
                view! {
                    <PostForm action="/api/institution/issue-slips" tenant=cx.slug() hidden=hidden>
                        <SubmitButton label=cx.pick("签发激活单", "Issue slips") weight=Weight::Secondary/>
                    </PostForm>
                }
            });
            let count = say::number;
            Row::new()
                .cell(line.name.clone())
                .cell(count(line.students))
                .cell(count(line.active))
                .cell(count(line.open + line.coded))
                .cell(count(line.without()))
                .cell(view! { <div class="xj-row">{issue}{open}{again}</div> })
        })
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有可发激活单的班级", "No class yet")
            text=cx.pick("新生名册接收并编班之后，这里按班级列出。", "Classes appear once the cohort was received and assigned.")
        />
    };
    let body = view! {
        {once}
        <p class="xj-muted">{cx.pick("激活单一人一张，核验身份后当面发给本人；不设默认密码。", "One slip a person, handed over after the identity check; there is no default password.")}</p>
        {valid_until(cx, days, missing)}
        <DataTable caption=cx.pick("激活单", "Activation slips") columns=columns rows=rows empty=empty/>
        {reissue(cx)}
        {issued_anew(cx, &anew)}
    };
    let mut head = Head::new(cx.pick("激活单", "Activation slips"));
    head.actions = every_class(cx, &lines, missing);
    Ok(office(cx, head, body))
}

/// Until when slips count that are issued now; a warning where that is before the newest cohort can use them.
fn valid_until(cx: Cx, days: SlipDays, missing: u64) -> AnyView {
    let until = say::deadline(cx, days.until);
    let late = days.arrival.zip(days.better_from());
    let Some((arrival, from)) = late.filter(|_| missing > 0) else {
        let text = match cx.lang {
            Lang::Zh => format!("今天签发的激活单有效期至 {until}。"),
            Lang::En => format!("Slips issued today count until {until}."),
        };
        return view! { <p class="xj-muted">{text}</p> }.into_any();
    };
    let (arrival, from) = (say::date(cx, arrival), say::date(cx, from));
    let text = match cx.lang {
        Lang::Zh => format!(
            "今天签发的激活单有效期至 {until}，新生 {arrival} 报到。报到时发放的，请在 {from} 或之后签发。"
        ),
        Lang::En => format!(
            "Slips issued today count until {until}; freshmen report on {arrival}. Slips that are handed out then should be issued on {from} or later."
        ),
    };
    view! {
        <Notice tone=Tone::Warning title=cx.pick("今天签发的激活单到新生报到时可能已失效", "Slips issued today may have ended when freshmen report")>{text}</Notice>
    }
    .into_any()
}

/// Everything in one go: issue what is missing, print what is open.
fn every_class(cx: Cx, lines: &[ClassSlips], missing: u64) -> AnyView {
    let open: u64 = lines.iter().map(|line| line.open + line.reissued).sum();
    let href = cx.href("files/slips/all");
    let label = match cx.lang {
        Lang::Zh => format!("签发全部 {missing} 人"),
        Lang::En => format!("Issue to all {missing}"),
    };
    let issue = (missing > 0).then(|| {
        view! {
            <PostForm action="/api/institution/issue-slips" tenant=cx.slug()>
                <SubmitButton label=label weight=Weight::Secondary/>
            </PostForm>
        }
    });
    let print = (open > 0).then(
        || view! { <LinkButton label=cx.pick("按班级打印全部", "Print all by class") href=href weight=Weight::Quiet/> },
    );
    view! { {issue} {print} }.into_any()
}

/// A whole class anew, with the warning that slips handed out before end.
fn all_anew(cx: Cx, class: uuid::Uuid) -> AnyView {
    let hidden = vec![
        Hidden::new("class", class.to_string()),
        Hidden::new("anew", "yes"),
    ];
    view! {
        <Fold summary=cx.pick("全部重新签发", "Issue all anew")>
            <p>{cx.pick("已发出而未使用的激活单随即作废；已告知的一次性代码继续有效。", "Slips that were handed out and not used end at once; one-time codes that were told go on counting.")}</p>
            <PostForm action="/api/institution/issue-slips" tenant=cx.slug() hidden=hidden>
                <SubmitButton label=cx.pick("作废并重新签发", "End them and issue anew") weight=Weight::Secondary/>
            </PostForm>
        </Fold>
    }
    .into_any()
}

/// What was issued anew: by whom, why, and whether after a signature.
fn issued_anew(cx: Cx, list: &[Reissue]) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(cx.pick("时间", "When")),
        Column::new(cx.pick("学生", "Student")).title(),
        Column::new(cx.pick("班级", "Class")),
        Column::new(cx.pick("方式", "How")),
        Column::new(cx.pick("核验方式", "Identity check")),
        Column::new(cx.pick("说明", "Note")).width(Width::Wide),
        Column::new(cx.pick("签发人", "Issued by")),
        Column::new(cx.pick("有效期至", "Until")),
        Column::new(cx.pick("使用", "Used")),
        Column::new(cx.pick("签名之后", "After signature")),
    ];
    let rows = list
        .iter()
        .map(|line| {
            let href = cx.href(&format!("students/{}", line.student));
            let name = format!("{} {}", line.name, line.number);
            let how = if line.code {
                cx.pick("一次性代码", "One-time code")
            } else {
                cx.pick("激活单", "Slip")
            };
            let flag = line.after_signature.then(|| after_signature(cx));
            Row::new()
                .cell(say::moment(line.at))
                .cell(view! { <a class="xj-link" href=href>{name}</a> })
                .cell(line.class.clone())
                .cell(how)
                .cell(line.identity.map(|way| checked(cx, way)))
                .cell(line.note.clone())
                .cell(line.by.clone())
                .cell(say::moment(line.expires_at))
                .text(line.used_at.map(say::moment))
                .cell(flag)
        })
        .collect::<Vec<_>>();
    let caption = if list.len() as u64 == MOST_SHOWN {
        match cx.lang {
            Lang::Zh => format!("补发记录（最近 {MOST_SHOWN} 条）"),
            Lang::En => format!("Issued anew, the newest {MOST_SHOWN}"),
        }
    } else {
        cx.pick("补发记录", "Issued anew").to_owned()
    };
    let title = caption.clone();
    Some(
        view! { <Panel title=title><DataTable caption=caption columns=columns rows=rows/></Panel> }
            .into_any(),
    )
}

/// The flag of what was issued after its holder had signed.
pub(super) fn after_signature(cx: Cx) -> AnyView {
    let word = cx.pick("签名后补发", "After the signature").to_owned();
    say::word_chip(word, StateTone::Warning)
}

/// How the identity of somebody was checked; a check without any document carries a flag.
pub(super) fn checked(cx: Cx, way: IdentityCheck) -> AnyView {
    let word = way.label().in_lang(cx.lang);
    match way.tone() {
        StateTone::Neutral => word.into_any(),
        tone @ (StateTone::Success | StateTone::Warning | StateTone::Error | StateTone::Info) => {
            say::word_chip(word.to_owned(), tone)
        }
    }
}

/// How somebody was checked, and what there is to add; of the form that issues a slip or code anew. No way is chosen
/// beforehand: whoever issues says which it was.
pub(super) fn identity_fields(cx: Cx, form: &Filled) -> AnyView {
    let chosen = form.typed("identity").and_then(IdentityCheck::from_key);
    let unchosen = Choice::new("", cx.pick("请选择", "Choose")).checked(chosen.is_none());
    let ways = IdentityCheck::ALL.into_iter().map(|way| {
        Choice::new(way.key(), way.label().in_lang(cx.lang)).checked(chosen == Some(way))
    });
    let choices: Vec<Choice> = std::iter::once(unchosen).chain(ways).collect();
    let (identity, note) = (form.id("identity"), form.id("note"));
    let (wrong, wrong_note) = (form.error("identity"), form.error("note"));
    let typed = form.value("note", "");
    view! {
        <SelectInput name="identity" id=identity label=cx.pick("核验方式", "How the identity was checked") choices=choices required=true error=wrong/>
        <TextInput name="note" id=note label=cx.pick("说明（选填）", "Note (optional)") value=typed maxlength=200 hint=cx.pick("例如：忘记密码、激活单遗失", "Such as: password forgotten, slip lost") error=wrong_note/>
    }
    .into_any()
}

fn reissue(cx: Cx) -> AnyView {
    let form = cx.form("institution/reissue-slip");
    let slip = form.typed("kind") == Some("slip");
    let kinds = vec![
        Choice::new(
            "code",
            cx.pick("一次性代码（口头告知）", "One-time code (told in person)"),
        )
        .checked(!slip),
        Choice::new("slip", cx.pick("新的激活单", "A new slip")).checked(slip),
    ];
    let number = form.value("number", "");
    let fields = identity_fields(cx, &form);
    view! {
        <Fold summary=cx.pick("为一名学生重新签发（须见到本人）", "Issue anew for one student (who was seen in person)") open=form.open()>
            <PostForm action="/api/institution/reissue-slip" tenant=cx.slug()>
                <TextInput name="number" label=cx.pick("学号或考生号", "Student or candidate number") value=number required=true maxlength=18 error=form.error("number")/>
                <RadioGroup name="kind" label=cx.pick("方式", "How") choices=kinds inline=true/>
                {fields}
                <FormActions><SubmitButton label=cx.pick("签发", "Issue") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

//! Sheets of activation slips, for printing: of a class, of every class, of the staff, or one.

use crate::cx::Cx;
use crate::frame::Page;
use crate::pages::say;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use services::ServiceError;
use services::institution::activation::Slip as IssuedSlip;
use ui::prelude::*;
use uuid::Uuid;

/// The id at the end of the address.
fn last_id(cx: Cx) -> Result<Uuid, ServiceError> {
    let path = cx.path();
    let id = path.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or(ServiceError::NotFound)
}

pub(super) async fn print(cx: Cx) -> Page {
    let class = last_id(cx)?;
    of_students(cx, Some(class)).await
}

pub(super) async fn print_all(cx: Cx) -> Page {
    of_students(cx, None).await
}

/// The moment from which slips are printed, where the sheet follows an issue.
fn since(cx: Cx) -> Option<DateTime<Utc>> {
    let millis = cx.query("issued")?.parse().ok()?;
    DateTime::from_timestamp_millis(millis)
}

/// The open slips of a class, or of every visible class; after an issue, those that it has made.
async fn of_students(cx: Cx, class: Option<Uuid>) -> Page {
    let (actor, since) = (cx.actor()?, since(cx));
    let url = cx.known().public_url.to_string();
    let (slips, phone) = cx
        .services()
        .run(move |services| async move {
            let slips = match (since, class) {
                (Some(since), _) => {
                    services
                        .slips_issued_since(&actor, class, since, &url)
                        .await?
                }
                (None, Some(class)) => services.open_slips(&actor, class, &url).await?,
                (None, None) => services.all_open_slips(&actor, &url).await?,
            };
            Ok((slips, services.slip_phone(&actor).await?))
        })
        .await?;
    Ok(sheet(cx, slips, &Handed::ToStudents { phone }))
}

pub(super) async fn print_staff(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let url = cx.known().public_url.to_string();
    let slips = cx
        .services()
        .run(move |services| async move { services.open_staff_slips(&actor, &url).await })
        .await?;
    Ok(sheet(cx, slips, &Handed::ToStaff))
}

pub(super) async fn print_one(cx: Cx) -> Page {
    let (actor, activation) = (cx.actor()?, last_id(cx)?);
    let url = cx.known().public_url.to_string();
    let (slip, handed) = cx
        .services()
        .run(move |services| async move {
            let slip = services.one_slip(&actor, activation, &url).await?;
            if slip.candidate_number.is_none() {
                return Ok((slip, Handed::ToStaff));
            }
            let phone = services.slip_phone(&actor).await?;
            Ok((slip, Handed::ToStudents { phone }))
        })
        .await?;
    Ok(sheet(cx, vec![slip], &handed))
}

/// Whom the slips of a sheet are for.
enum Handed {
    /// Students, with the telephone of their college.
    ToStudents {
        /// As the university has entered it.
        phone: Option<String>,
    },
    /// Members of the staff.
    ToStaff,
}

impl Handed {
    /// The page that the sheet was opened from.
    const fn back(&self) -> &'static str {
        match self {
            Self::ToStudents { .. } => "activation",
            Self::ToStaff => "staff",
        }
    }

    fn phone(&self) -> Option<&str> {
        match self {
            Self::ToStudents { phone } => phone.as_deref(),
            Self::ToStaff => None,
        }
    }
}

/// After an issue the sheet holds what it has made; the earlier slips that still count are one step away.
fn all_open(cx: Cx) -> Option<AnyView> {
    since(cx)?;
    let href = cx.href(&cx.path());
    Some(
        view! {
            <strong>{cx.pick("本页只有刚才签发的激活单。", "This sheet holds the slips issued just now.")}</strong>
            <a class="xj-link" href=href>{cx.pick("连同以前签发、仍有效的一起打印", "Print the earlier ones that still count, too")}</a>
        }
        .into_any(),
    )
}

/// Slips by class, each class on sheets of its own.
fn sheet(cx: Cx, slips: Vec<IssuedSlip>, handed: &Handed) -> AnyView {
    let school = cx.school();
    let mut classes: Vec<(String, Vec<Slip>)> = Vec::new();
    for slip in slips {
        let place = slip.place.clone();
        let printed = printed(cx, &school, handed.phone(), slip);
        // Staff are few: their posts share sheets.
        let shares = |name: &str| matches!(handed, Handed::ToStaff) || name == place;
        match classes.last_mut() {
            Some((name, list)) if shares(name.as_str()) => list.push(printed),
            _ => classes.push((place, vec![printed])),
        }
    }
    let title = cx.pick("账号激活单", "Activation slips");
    let sheets = classes
        .into_iter()
        .map(|(name, list)| {
            let label = format!("{title} {name}");
            view! { <div class="xj-slip-class"><SlipSheet label=label slips=list/></div> }
        })
        .collect::<Vec<_>>();
    let none = sheets.is_empty().then(|| {
        view! { <p>{cx.pick("没有待领取的激活单。", "No slip is open.")}</p> }
    });
    let back = cx.href(handed.back());
    let toolbar = view! {
        <a class="xj-link" href=back>{cx.pick("返回", "Back")}</a>
        {all_open(cx)}
        <span class="xj-muted">{cx.pick("用浏览器打印（Ctrl+P）：A4 纵向、实际大小；沿虚线裁开。", "Print with the browser (Ctrl+P): A4 upright, actual size; cut along the lines.")}</span>
    };
    view! {
        <PrintShell school=school title=title toolbar=toolbar>
            {none}
            {sheets}
        </PrintShell>
    }
    .into_any()
}

fn printed(cx: Cx, school: &str, phone: Option<&str>, slip: IssuedSlip) -> Slip {
    // One-time codes are for students.
    let below = slip.candidate_number.is_some().then(|| by_hand(cx));
    let head = format!("{school} {}", cx.pick("账号激活单", "account activation"));
    let mut facts = match &slip.candidate_number {
        Some(number) => vec![
            Fact::new(cx.pick("学号", "Student number"), slip.number.clone()),
            Fact::new(cx.pick("考生号", "Candidate number"), number.to_string()),
            Fact::new(cx.pick("班级", "Class"), slip.place.clone()),
        ],
        None => vec![
            Fact::new(cx.pick("工号", "Staff number"), slip.number.clone()),
            Fact::new(cx.pick("岗位", "Post"), slip.place.clone()),
        ],
    };
    let phone = phone.map(ToOwned::to_owned);
    facts.extend(
        phone.map(|phone| Fact::new(cx.pick("学院电话", "College phone"), say::phone(phone))),
    );
    let until = format!(
        "{} {}",
        cx.pick(
            "本人扫码设置密码，有效期至",
            "Scan and choose a password, until"
        ),
        say::deadline(cx, slip.expires_at)
    );
    Slip::new(head, slip.name)
        .facts(facts)
        .code(say::qr(&slip.qr, cx.pick("激活二维码", "Activation code")))
        .note(until)
        .below(below)
}

/// What to do where the code cannot be scanned, with the address as it is typed; nothing of it is the student's.
fn by_hand(cx: Cx) -> AnyView {
    let address = typed_address(cx);
    view! {
        {cx.pick("扫不了码：持证件向学院领一次性代码，在此激活", "Cannot scan? Fetch a one-time code at your college and use it at")}
        <br/>
        {address}
    }
    .into_any()
}

/// The address of the page for one-time codes, as somebody types it.
pub(super) fn typed_address(cx: Cx) -> String {
    let known = cx.known();
    let base = known.public_url.trim_end_matches('/');
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    format!("{host}{}", cx.href("activate"))
}

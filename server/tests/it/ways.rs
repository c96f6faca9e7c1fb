//! Where pages and answers lead: back to what was looked at, to exactly whom a number counts, and never to a panic.

use crate::entrances::ID;
use crate::forms::{encode, form, forms};
use crate::house::{Answer, House};
use crate::uploads;
use app::told::TOLD;
use axum::body::Body;
use domain::institution::{Actor, Office, TenantId};
use http::{Request, StatusCode, header};
use services::institution::lock::{FAILURES, FIRST_LOCK, LONGEST_LOCK};

const STUDENTS: u32 = 8 * 12;

/// A demonstration, and somebody of it.
pub async fn demonstration(house: &House, login: &str) -> (TenantId, Actor) {
    services::demo::seed(&house.services, 7, STUDENTS)
        .await
        .unwrap();
    let control = house.bed.store().control();
    let tenant = TenantId(control.tenant_by_slug("shou").await.unwrap().unwrap().id);
    let actor = house.services.actor_by_login(tenant, login).await.unwrap();
    (tenant, actor)
}

async fn school(house: &House, office: Office) -> (TenantId, String) {
    let tenant = house.school("shou").await;
    let actor = house.bed.officer(tenant, office).await;
    let cookie = house.cookie(&actor).await;
    (tenant, cookie)
}

/// A form with one file, as a browser sends it.
async fn upload(
    house: &House,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
    bytes: &[u8],
) -> Answer {
    let file = [("f".to_owned(), bytes.to_vec())];
    let request = uploads::upload(path, Some(cookie), fields, &file);
    house.send(request).await
}

fn links(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().replace("&amp;", "&"))
        .collect()
}

/// How many records a list says it has: `第 1–50 / 1,204 条`, or `0 条`.
fn counted(page: &str) -> u64 {
    let Some((before, _)) = page.split_once(" 条 · 每页") else {
        assert!(page.contains(">0 条<"), "{page}");
        return 0;
    };
    let digits = before.rsplit(" / ").next().unwrap();
    digits.replace(',', "").parse().unwrap()
}

/// A pasted list of networks is not cut: cut at 200 characters its last prefix would open wide.
#[tokio::test]
async fn a_list_of_networks_is_as_long_as_it_is() {
    House::on_each(|house| async move {
        let (_, cookie) = school(&house, Office::TenantAdmin).await;
        let page = house.get("/shou/parameters", Some(&cookie)).await;
        let input = |key: &str| {
            let hidden = format!("value=\"{key}\"");
            let rest = page.body.split(&hidden).nth(1).unwrap();
            let tag = rest.split('<').find(|tag| tag.contains("name=\"value\""));
            tag.unwrap().to_owned()
        };
        for key in ["security.office_networks", "security.campus_networks"] {
            let input = input(key);
            assert!(
                input.starts_with("input") && !input.contains("maxlength"),
                "{input}"
            );
        }
        assert!(input("campus.status_map").contains("maxlength=\"500\""));
        assert!(input("certificate.president").contains("maxlength=\"50\""));
        let networks: Vec<String> = (0..60).map(|n| format!("10.20.{n}.0/24")).collect();
        let networks = format!("127.0.0.1,{}", networks.join(","));
        for (value, answer) in [
            (networks.clone(), "done=saved"),
            (
                format!("{networks},10.20.60.0/2"),
                "refused=form&field=value",
            ),
        ] {
            let filled = forms(&page.body).into_iter().find(|f| {
                f.fields
                    .contains(&("key".into(), "security.campus_networks".into()))
            });
            let filled = filled
                .unwrap()
                .with("value", &value)
                .with("basis", "网络中心");
            let sent = house
                .submit(&filled.action, Some(&cookie), &filled.body())
                .await;
            assert!(
                sent.header("location").contains(answer),
                "{}",
                sent.header("location")
            );
        }
    })
    .await;
}

/// A cohort that is not the newest is chosen, handed over, and stayed with.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_cohort_is_handed_over_from_its_page() {
    House::on_each(|house| async move {
        let (tenant, admissions) = demonstration(&house, "zb01").await;
        let cookie = house.cookie(&admissions).await;
        let page = house.get("/shou/handovers", Some(&cookie)).await;
        let bar = page.body.split("name=\"year\"").nth(1).unwrap();
        let years: Vec<&str> = bar
            .split("</select>")
            .next()
            .unwrap()
            .split("value=\"")
            .skip(1)
            .map(|part| part.split('"').next().unwrap())
            .collect();
        assert!(years.len() > 1, "{years:?}");
        let older = years[1];
        let path = format!("/shou/handovers?year={older}");
        // Nobody of it is held any more, as after an import of late candidates.
        house
            .bed
            .tamper(tenant, "handover_receipt", "state = 'returned'")
            .await;
        let page = house.get(&path, Some(&cookie)).await;
        let offer = form(&page.body, "/api/admission/offer");
        assert!(offer.fields.contains(&("year".into(), older.to_owned())));
        let stale = offer.with("total", "7").with("note", "补充移交");
        let answer = house
            .submit(&stale.action, Some(&cookie), &stale.body())
            .await;
        let to = answer.header("location").to_owned();
        assert!(to.starts_with(&format!("{path}&refused=stale")), "{to}");
        let page = house.get(&to, Some(&cookie)).await;
        let again = form(&page.body, "/api/admission/offer");
        let note = ("note".to_owned(), "补充移交".to_owned());
        assert!(again.fields.contains(&note), "{again:?}");
        assert!(again.fields.contains(&("year".into(), older.to_owned())));
    })
    .await;
}

/// Each number of the funnel opens the list of those whom it counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_opens_the_persons_it_counts() {
    House::on_each(|house| async move {
        let (_, affairs) = demonstration(&house, "xsc01").await;
        let cookie = house.cookie(&affairs).await;
        let home = house.get("/shou/home", Some(&cookie)).await;
        let funnel = home.body.split("xj-funnel\"").nth(1).unwrap();
        let funnel = funnel.split("</table>").next().unwrap();
        assert!(funnel.contains("standing=registered,arrived"), "{funnel}");
        let mut opened = 0;
        for part in funnel.split("href=\"").skip(1) {
            let (href, rest) = part.split_once('"').unwrap();
            let href = href.replace("&amp;", "&");
            let text = rest.split_once('>').unwrap().1.split('<').next().unwrap();
            let stated = text.rsplit(' ').next().unwrap().replace(',', "");
            let Ok(stated) = stated.parse::<u64>() else {
                continue;
            };
            let list = house.get(&href, Some(&cookie)).await;
            assert_eq!(counted(&list.body), stated, "{href}");
            opened += 1;
        }
        assert!(opened > 3, "{funnel}");
    })
    .await;
}

/// A filter that fits nobody is seen, and taken away with one link, to the first page.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_narrows_a_list_unseen() {
    House::on_each(|house| async move {
        let (_, affairs) = demonstration(&house, "xsc01").await;
        let cookie = house.cookie(&affairs).await;
        let page = house.get("/shou/students", Some(&cookie)).await;
        let select = page.body.split("name=\"filter[class]\"").nth(1).unwrap();
        let class = select.split("value=\"").nth(2).unwrap();
        let class = class.split('"').next().unwrap();
        let path = format!("/shou/students?year=1999&class={class}&page=3");
        let page = house.get(&path, Some(&cookie)).await;
        assert_eq!(counted(&page.body), 0);
        let select = page.body.split("name=\"filter[class]\"").nth(1).unwrap();
        let select = select.split("</select>").next().unwrap();
        let chosen = select
            .split("<option ")
            .find(|option| option.contains("selected"))
            .unwrap();
        assert!(chosen.contains(class), "{chosen}");
        let removes: Vec<String> = page
            .body
            .split("<a ")
            .filter(|tag| tag.contains("aria-label=\"取消 "))
            .flat_map(links)
            .collect();
        assert_eq!(removes.len(), 2, "{removes:?}");
        assert!(
            removes.iter().all(|to| !to.contains("page=")),
            "{removes:?}"
        );
        assert!(
            removes
                .iter()
                .any(|to| !to.contains("class=") && to.contains("year=1999"))
        );
        let unknown = format!("/shou/students?college={ID}");
        let page = house.get(&unknown, Some(&cookie)).await;
        assert!(page.body.contains("本校没有的单位"));
    })
    .await;
}

/// A refused assignment is shown again with its college and its order; a refused file with its page and year.
#[tokio::test]
async fn a_refusal_leads_back_to_what_was_looked_at() {
    House::on_each(|house| async move {
        let (tenant, cookie) = school(&house, Office::StudentAffairs).await;
        let body = format!("tenant=shou&year=2025&college={ID}&order=name&hash=00");
        let orders =
            domain::admission::assign::Order::ALL.map(domain::admission::assign::Order::key);
        let body = body.replace("order=name", &format!("order={}", orders[1]));
        let answer = house
            .submit("/api/admission/assign", Some(&cookie), &body)
            .await;
        let to = answer.header("location");
        let back = format!(
            "/shou/assign?year=2025&college={ID}&order={}&refused=",
            orders[1]
        );
        assert!(to.starts_with(&back), "{to}");
        let fields = [("tenant", "shou"), ("year", "2025")];
        let answer = upload(
            &house,
            &cookie,
            "/shou/files/assignment",
            &fields,
            b"no sheet",
        )
        .await;
        let to = answer.header("location");
        assert!(to.starts_with("/shou/assign?year=2025&refused="), "{to}");
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        for (kind, page) in [("staff", "staff"), ("units", "organisation")] {
            let fields = [("tenant", "shou"), ("kind", kind)];
            let answer = upload(&house, &cookie, "/shou/files/organisation", &fields, b"").await;
            let to = answer.header("location");
            assert!(
                to.starts_with(&format!("/shou/{page}?refused=empty")),
                "{to}"
            );
        }
    })
    .await;
}

/// What is said fits what was done.
#[tokio::test]
async fn a_refusal_names_the_limit_and_the_day_it_is_about() {
    House::on_each(|house| async move {
        let (tenant, cookie) = school(&house, Office::TenantAdmin).await;
        let large = vec![0; 300 << 10];
        let fields = [("tenant", "shou")];
        let answer = upload(&house, &cookie, "/shou/files/logo", &fields, &large).await;
        let page = house.get(answer.header("location"), Some(&cookie)).await;
        assert!(page.body.contains("256 KB。") && !page.body.contains("200 MB"));
        let named = async |from: &str| {
            let name = encode("东海海洋大学");
            let form = format!("tenant=shou&name={name}&code=10264&valid_from={from}");
            let path = "/api/institution/set-school-name";
            house.submit(path, Some(&cookie), &form).await
        };
        let answer = named("2026-01-01").await;
        assert_eq!(answer.header("location"), "/shou/school?done=saved");
        let answer = named("1900-01-01").await;
        let to = answer.header("location");
        assert!(to.contains("refused=past&field=valid_from"), "{to}");
        let page = house.get(to, Some(&cookie)).await;
        assert!(page.body.contains("不能早于现用校名的起用日期"));
        assert!(
            page.body.contains("href=\"#f-valid_from\"") && !page.body.contains("参数只能从今天")
        );
        // A major that nobody chose is said to be missing, not a page.
        let admissions = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&admissions).await;
        let form = format!("tenant=shou&map={ID}&major=&year=2026&form={ID}");
        let answer = house
            .submit("/api/admission/map-major", Some(&cookie), &form)
            .await;
        let to = answer.header("location");
        let told =
            format!("/shou/admission/majors?year=2026&refused=missing&field=major&form={ID}");
        assert!(to.starts_with(&told), "{to}");
        let page = house.get(to, Some(&cookie)).await;
        assert!(page.body.contains("没有选择本校专业") && !page.body.contains("没有这一页"));
    })
    .await;
}

#[tokio::test]
async fn a_post_that_cannot_be_used_from_here_is_no_wrong_password() {
    House::on_each(|house| async move {
        let (tenant, _) = school(&house, Office::TenantAdmin).await;
        let student_side = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&student_side).await;
        let query = "refused=sign_in&op=institution%2Fswitch-post";
        let page = house
            .get(&format!("/shou/account?{query}"), Some(&cookie))
            .await;
        assert!(page.body.contains("这个岗位不能在当前网络使用"));
        assert!(!page.body.contains("没有登录成功"));
        let page = house
            .get(
                "/shou/sign-in?refused=sign_in&op=institution%2Fsign-in",
                None,
            )
            .await;
        assert!(page.body.contains("没有登录成功") && page.body.contains("教职工请本校系统管理员"));
        // How long a lock lasts is said of every login alike, as it is: it tells nobody whether there is one.
        let (first, most) = (FIRST_LOCK.num_minutes(), LONGEST_LOCK.num_hours());
        assert_eq!((FAILURES, most), (5, 4));
        let lasts = format!("连续失败五次锁定 {first} 分钟，之后每再失败五次加倍，最长四小时");
        assert!(page.body.contains(&lasts), "{}", page.body);
        // Who is sent to the college finds it among those who help.
        let helps = page.body.split("谁能帮助").nth(1).unwrap();
        let helps = helps.split("解释单位").next().unwrap();
        assert!(
            helps.contains("学院") && helps.contains("现代信息与教育技术中心"),
            "{helps}"
        );
        let page = house
            .get(
                "/operator/tenants?refused=sign_in&op=operator%2Fsign-in",
                None,
            )
            .await;
        assert!(page.body.contains("没有登录成功") && !page.body.contains("学院重新激活"));
    })
    .await;
}

/// A slip that counts no more leads to the sign-in; that the slips are being guessed at is said as such.
#[tokio::test]
async fn a_slip_that_could_not_be_looked_at_is_not_called_used() {
    House::on_each(|house| async move {
        school(&house, Office::TenantAdmin).await;
        let page = house.get("/shou/activate?t=nothing", None).await;
        assert!(page.body.contains("激活单不能使用"));
        assert!(links(&page.body).contains(&"/shou/sign-in".to_owned()));
        let mut last = page;
        for _ in 0..400 {
            last = house.get("/shou/activate?t=nothing", None).await;
            if last.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
        }
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(last.body.contains("尝试次数过多") && !last.body.contains("激活单不能使用"));
    })
    .await;
}

/// The page a form stood on is led back to without anything that an operation told it before.
#[tokio::test]
async fn an_unreadable_form_leaves_no_old_refusal_behind() {
    House::on_each(|house| async move {
        let (_, cookie) = school(&house, Office::Admissions).await;
        let told: Vec<String> = TOLD.iter().map(|key| format!("{key}=x")).collect();
        let referer = format!(
            "http://127.0.0.1:3000/shou/home?page=2&{}&year=2025",
            told.join("&")
        );
        let request = Request::post("/api/admission/offer")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &cookie)
            .header(header::REFERER, referer)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("nothing=1"))
            .unwrap();
        let answer = house.send(request).await;
        assert_eq!(
            answer.header("location"),
            "/shou/home?page=2&year=2025&refused=malformed"
        );
    })
    .await;
}

/// Addresses and forms that somebody has written by hand.
#[tokio::test]
async fn no_address_and_no_form_breaks_a_page() {
    House::on_each(|house| async move {
        let (tenant, cookie) = school(&house, Office::Admissions).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let affairs = house.cookie(&affairs).await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let admin = house.cookie(&admin).await;
        let (most, least) = (i32::MAX, i32::MIN);
        for (cookie, path) in [
            (&cookie, format!("admission/imports?year={most}")),
            (&cookie, format!("admission/imports?year={least}")),
            (&cookie, format!("admission/imports?page={}", u64::MAX)),
            (&cookie, format!("admission/imports?page={}", u32::MAX)),
            (&cookie, format!("admission/majors?year={most}")),
            (&cookie, format!("admission/majors?year={least}&page=0")),
            (&cookie, format!("handovers?year={least}")),
            (&affairs, format!("assign?year={most}")),
            (&affairs, format!("students?year={least}&page={}", u32::MAX)),
            (&admin, format!("staff?page={}", u32::MAX)),
            (&admin, "organisation?page=-1&import=x".to_owned()),
            (&admin, format!("security?page={}", u32::MAX)),
        ] {
            let page = house.get(&format!("/shou/{path}"), Some(cookie)).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
        }
        let broken = encode("x\r\nset-cookie: a=b\u{7f}");
        for (cookie, op, field) in [
            (&cookie, "admission/confirm", "import"),
            (&cookie, "admission/undo", "import"),
            (&cookie, "admission/discard", "import"),
            (&cookie, "admission/resume", "import"),
            (&cookie, "admission/assign-columns", "import"),
            (&cookie, "admission/accept-warnings", "import"),
            (&affairs, "admission/accept", "handover"),
            (&affairs, "admission/return", "handover"),
            (&affairs, "admission/assign-confirm", "sheet"),
            (&affairs, "admission/correct-class", "student"),
            (&affairs, "admission/correct-number", "student"),
            (&affairs, "disclosure/reveal", "student"),
            (&admin, "institution/set-term", "year"),
        ] {
            let known = crate::entrances::form(op, "shou");
            let pairs = known.split('&').map(|pair| match pair.split_once('=') {
                Some((name, _)) if name == field => format!("{name}={broken}"),
                _ => pair.to_owned(),
            });
            let body = pairs.collect::<Vec<_>>().join("&");
            let answer = house
                .submit(&format!("/api/{op}"), Some(cookie), &body)
                .await;
            assert_eq!(answer.status, StatusCode::FOUND, "{op}: {}", answer.body);
            assert!(answer.header("location").starts_with("/shou/"), "{op}");
            assert!(!answer.header("location").contains("cookie"), "{op}");
        }
        let body = crate::entrances::form("institution/set-term", "shou")
            .replace("year=2026", &format!("year={most}"));
        let body = body.replace("semester=autumn", "semester=spring");
        let answer = house
            .submit("/api/institution/set-term", Some(&admin), &body)
            .await;
        assert!(
            answer.header("location").contains("refused=year"),
            "{}",
            answer.header("location")
        );
    })
    .await;
}

/// Whoever works in another office is told so; only what another site has sent is said to come from there.
#[tokio::test]
async fn a_file_of_another_office_is_not_called_a_request_from_elsewhere() {
    House::on_each(|house| async move {
        let (_, cookie) = school(&house, Office::Discipline).await;
        let path = format!("/shou/files/findings/{ID}");
        for (lang, words) in [
            ("zh-CN", "由其他部门办理"),
            ("en", "Another office does this"),
        ] {
            let answer = house
                .get(&format!("{path}?lang={lang}"), Some(&cookie))
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.body.contains(words), "{}", answer.body);
            assert!(!answer.body.contains("不是从本系统的页面发出的"));
        }
        let request = Request::post("/api/institution/sign-out")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("tenant=shou"))
            .unwrap();
        let answer = house.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.body.contains("不是从本系统的页面发出的"),
            "{}",
            answer.body
        );
    })
    .await;
}

/// Asking on after the session has ended, or for what is another office's, would go on for ever.
#[tokio::test]
async fn figures_that_are_refused_are_not_asked_for_again() {
    House::on_each(|house| async move {
        let (tenant, cookie) = school(&house, Office::Admissions).await;
        let other = house.bed.officer(tenant, Office::Discipline).await;
        let other = house.cookie(&other).await;
        let body = format!("tenant=shou&import={ID}");
        for cookie in [None, Some(&other), Some(&cookie)] {
            let answer = house
                .call("/api/admission/progress", cookie.map(String::as_str), &body)
                .await;
            let code = answer.body.split("\"code\":\"").nth(1).unwrap_or_default();
            let code = code.split('"').next().unwrap();
            assert!(
                app::islands::staff::is_over(code),
                "{code}: {}",
                answer.body
            );
        }
        assert!(!app::islands::staff::is_over("unreachable"));
    })
    .await;
}

/// A cohort of thirty provinces has two thousand admitted majors; no page holds them all, nor every major in each line.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_majors_has_its_bounds() {
    House::on_each(|house| async move {
        let (_, admissions) = demonstration(&house, "zb01").await;
        let cookie = house.cookie(&admissions).await;
        let page = house.get("/shou/admission/majors", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::OK);
        let links = links(&page.body);
        let ways: Vec<&String> = links.iter().filter(|to| to.contains("&line=")).collect();
        let options = page.body.matches("<option").count();
        let year = ways[0].split("year=").nth(1).unwrap();
        let year = year.split('&').next().unwrap().parse().unwrap();
        let view = house.services.major_map_view(&admissions, year);
        let view = view.await.unwrap();
        assert!(!ways.is_empty() && ways.len() <= 50);
        // Two in each line at most, every major in one of them, and the years.
        assert!(
            options <= ways.len() * 2 + view.majors.len() + view.years.len() + 1,
            "{options}"
        );
        let other = ways.last().map(|to| (*to).clone());
        let opened = house.get(&other.unwrap(), Some(&cookie)).await;
        let most = opened.body.split("<select ").skip(1).map(|select| {
            let select = select.split("</select>").next().unwrap();
            select.matches("<option").count()
        });
        assert_eq!(
            most.max(),
            Some(view.majors.len() + 1),
            "one line offers them all"
        );
    })
    .await;
}

/// The list shows the columns that were chosen, in its own order; what it may not show on a screen, and what is none,
/// leaves nothing behind.
#[tokio::test]
async fn the_list_has_the_columns_that_were_chosen() {
    House::on_each(|house| async move {
        let (_, actor) = demonstration(&house, "xsc01").await;
        let cookie = house.cookie(&actor).await;
        let headings = async |query: &str| -> Vec<String> {
            let path = format!("/shou/students{query}");
            let page = house.get(&path, Some(&cookie)).await;
            let table = page.body.split("<thead").nth(1).unwrap();
            let head = table.split("</thead>").next().unwrap();
            let cells = head.split("<th").skip(1);
            cells
                .map(|cell| {
                    let texts = cell.split('<').filter_map(|part| part.split_once('>'));
                    let text: String = texts.map(|(_, text)| text).collect();
                    text.trim().to_owned()
                })
                .collect()
        };
        assert_eq!(headings("?col=sex&col=name").await, ["姓名", "性别"]);
        let more = "?col=name&col=sex&col=id_number&col=none&col=%3Cb%3E";
        assert_eq!(headings(more).await, ["姓名", "性别"]);
        assert!(headings("").await.len() > 5);
    })
    .await;
}

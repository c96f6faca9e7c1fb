//! What every page has: a title of its own, the bundle of the post in use, somebody to ask, words in its language.

use crate::forms::seats;
use crate::house::House;
use app::cx::Assets;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Office, POLICY, PersonalScope, PostKind};
use domain::text::Label as _;
use http::StatusCode;
use services::Services;
use services::parser::InProcess;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::testkit::Bed;

fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split(start).nth(1).unwrap_or_default();
    rest.split(end).next().unwrap_or_default()
}

/// The text of markup.
fn text(markup: &str) -> String {
    markup
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect()
}

#[tokio::test]
async fn every_page_has_a_title_of_its_own_and_somebody_to_ask() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let mut titles = BTreeMap::<String, &str>::new();
    for actor in seats(&house, tenant).await {
        let cookie = house.cookie(&actor).await;
        for rule in POLICY
            .iter()
            .filter(|r| r.kind == Kind::Page && r.allows(&actor))
        {
            if rule.op.is_empty() || rule.op.contains(':') || rule.op.starts_with("operator/") {
                continue;
            }
            let page = house
                .get(&format!("/shou/{}", rule.op), Some(&cookie))
                .await;
            assert_eq!(page.status, StatusCode::OK, "{}", rule.op);
            let title = between(&page.body, "<title>", "</title>");
            let heading = text(between(&page.body, "<h1", "</h1>"));
            let name = title.split(" · ").next().unwrap();
            assert!(
                heading.contains(name) || name.contains(&heading),
                "{}: {title}, {heading}",
                rule.op
            );
            // A browser shows what stands there letter by letter: markup too.
            assert!(!title.contains('<'), "{title}");
            assert!(title.contains(" · 学籍 · "), "{title}");
            let known = titles.insert(title.to_owned(), rule.op);
            assert!(
                known.is_none_or(|op| op == rule.op),
                "{title}: {known:?} and {}",
                rule.op
            );
            // Which post one works in is shown wherever one works.
            let shown = text(between(&page.body, "\"xj-identity\"", "</summary>"));
            let (office, kind) = (actor.office().label().zh, actor.seat().kind);
            let post = if kind == PostKind::Officer {
                office
            } else {
                kind.label().zh
            };
            assert!(
                rule.who == Who::Anyone || kind == PostKind::Student || shown.contains(post),
                "{}: {shown}",
                rule.op
            );
            let footer = between(&page.body, "<footer", "</footer>");
            assert!(
                footer.contains("现代信息与教育技术中心") && footer.contains("教务处"),
                "{}: {footer}",
                rule.op
            );
        }
    }
    assert!(titles.len() > 12, "{titles:?}");
}

/// A client that was built.
pub fn client() -> Assets {
    let pair = |name: &str| (format!("/pkg/{name}.js"), format!("/pkg/{name}.wasm"));
    Assets {
        loader: "/islands.js".to_owned(),
        student: pair("student-1"),
        staff: pair("staff-1"),
        ..Assets::default()
    }
}

#[tokio::test]
async fn the_bundle_is_that_of_the_post_in_use() {
    let house = House::built(store::testkit::Bed::sqlite().await, client());
    let tenant = house.school("shou").await;
    let scope = PersonalScope::Own(house.bed.store().id());
    let student = house
        .bed
        .person_in(tenant, Office::Student, PostKind::Student, scope)
        .await;
    let mut all = seats(&house, tenant).await;
    all.push(student);
    for actor in all {
        let cookie = house.cookie(&actor).await;
        let page = house.get("/shou/account", Some(&cookie)).await.body;
        let (own, other) = match actor.office() {
            Office::Student => ("student", "staff"),
            _ => ("staff", "student"),
        };
        let tag = between(&page, "data-islands", ">");
        assert!(
            tag.contains(&format!("data-js=\"/pkg/{own}-1.js\"")),
            "{tag}"
        );
        assert!(
            tag.contains(&format!("data-wasm=\"/pkg/{own}-1.wasm\"")),
            "{tag}"
        );
        assert!(!page.contains(&format!("/pkg/{other}-1")));
    }
    let nobody = house.get("/shou/sign-in", None).await;
    assert!(
        !nobody.body.contains("/pkg/"),
        "nobody is signed in: no island, no bundle"
    );
}

#[tokio::test]
async fn an_english_page_is_english() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let chinese = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let mut seats: Vec<_> = seats(&house, tenant).await.into_iter().map(Some).collect();
    seats.push(None);
    for actor in seats {
        let cookie = match &actor {
            Some(actor) => Some(house.cookie(actor).await),
            None => None,
        };
        for rule in POLICY
            .iter()
            .filter(|r| r.kind == Kind::Page && !r.op.contains(':'))
        {
            let open = rule.who == Who::Anyone;
            let allowed = actor.as_ref().map_or(open, |actor| rule.allows(actor));
            // Parameters, units and staff show the school's own words and the law's.
            let data = ["parameters", "organisation", "staff"].contains(&rule.op);
            if !allowed || data || rule.op.starts_with("operator/") {
                continue;
            }
            let page = house
                .get(&format!("/shou/{}?lang=en", rule.op), cookie.as_deref())
                .await;
            let main = text(between(&page.body, "<main", "</main>"))
                .replace("中文", "")
                .replace('办', "");
            let stray: String = main.chars().filter(chinese).collect();
            // Names of people and of the school are data.
            let stray = stray.replace("上海海洋大学", "").replace("测试", "");
            assert!(stray.chars().count() < 12, "{}: {stray}", rule.op);
        }
    }
}

#[tokio::test]
async fn pages_with_personal_data_say_who_looks_and_when() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
    let cookie = house.cookie(&affairs).await;
    let now = domain::calendar::local_time(house.bed.store().now());
    let page = house.get("/shou/students", Some(&cookie)).await;
    let mark = between(&page.body, "id=\"xj-watermark\"", "</pattern>");
    assert!(
        mark.contains(&now.format("%Y-%m-%d %H:%M").to_string()),
        "{mark}"
    );
}

/// The ids of a page that stand on it more than once.
fn twice(page: &str) -> Vec<&str> {
    let mut met = std::collections::BTreeSet::new();
    let ids = page.split(" id=\"").skip(1);
    let ids = ids.map(|part| part.split('"').next().unwrap());
    ids.filter(|id| !met.insert(*id)).collect()
}

#[tokio::test]
async fn no_id_stands_twice() {
    let house = House::sqlite().await;
    let tenant = house.school("shou").await;
    house.school("haida").await;
    let nothing: Vec<&str> = Vec::new();
    for actor in seats(&house, tenant).await {
        let cookie = house.cookie(&actor).await;
        for rule in POLICY
            .iter()
            .filter(|r| r.kind == Kind::Page && r.allows(&actor))
        {
            if rule.op.contains(':') || rule.op.starts_with("operator/") {
                continue;
            }
            // With the form for the password too, where an operation may have asked for it.
            let asks = "?refused=step_up&op=institution%2Fset-parameter";
            let query = if rule.who == Who::Anyone { "" } else { asks };
            let path = format!("/shou/{}{query}", rule.op);
            let page = house.get(&path, Some(&cookie)).await;
            assert_eq!(twice(&page.body), nothing, "{path}");
        }
    }
    // One university to suspend and one to resume, and the form of a new one.
    let operator = house.operator().await;
    house
        .submit(
            "/api/operator/suspend-tenant",
            Some(&operator),
            "slug=haida&confirmed=1",
        )
        .await;
    let page = house.get("/operator/tenants", Some(&operator)).await;
    for id in ["f-slug", "suspend-slug", "resume-slug"] {
        assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert_eq!(twice(&page.body), nothing);
}

/// The telephone numbers that a page shows, each with the tag it stands in. What a form or a tag holds is not shown.
fn telephones(page: &str) -> Vec<(&str, &str)> {
    let main = between(page, "<main", "</main>");
    let parts = main.split('<').filter_map(|part| part.split_once('>'));
    let number = |text: &str| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let dialled = text.chars().all(|c| c.is_ascii_digit() || "- ".contains(c));
        text.starts_with('0') && text.contains('-') && dialled && digits > 9
    };
    parts
        .flat_map(|(tag, text)| text.split([' ', '·', '，']).map(move |word| (tag, word)))
        .filter(|(_, word)| number(word))
        .collect()
}

/// 021-⏎61900401 is read as two numbers.
#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_number_stays_on_one_line() {
    let house = House::sqlite().await;
    services::demo::seed(&house.services, 7, 8 * 12)
        .await
        .unwrap();
    let control = house.bed.store().control();
    let tenant = control.tenant_by_slug("shou").await.unwrap().unwrap().id;
    let tenant = domain::institution::TenantId(tenant);
    let admin = house
        .services
        .actor_by_login(tenant, "admin")
        .await
        .unwrap();
    let cookie = house.cookie(&admin).await;
    let units = "类别,代码,名称,上级代码,电话\n部门,90,档案馆,,021-61900777\n";
    let fields = [("tenant", "shou"), ("kind", "units")];
    let files = [("组织机构.csv".to_owned(), units.as_bytes().to_vec())];
    let sent = crate::uploads::upload("/shou/files/organisation", Some(&cookie), &fields, &files);
    let preview = house.send(sent).await.header("location").to_owned();
    assert!(
        preview.starts_with("/shou/organisation?import="),
        "{preview}"
    );
    for path in [
        "/shou/organisation",
        preview.as_str(),
        "/shou/parameters",
        "/shou/nothing",
    ] {
        let page = house.get(path, Some(&cookie)).await.body;
        let shown = telephones(&page);
        assert!(!shown.is_empty(), "{path}");
        for (tag, number) in shown {
            assert!(tag.contains("xj-nowrap"), "{path}: {number} in <{tag}>");
        }
    }
}

/// The demonstration has the second factor off, and says so where one signs in; in earnest nothing of it is said.
#[tokio::test]
async fn the_demonstration_says_that_it_is_one() {
    for demo in [true, false] {
        let bed = Bed::sqlite().await;
        let services = Services::new(bed.store().clone(), Arc::new(InProcess));
        let house = House::set_up(bed, services, |state| state.demo = demo);
        house.school("shou").await;
        house.school("nanhu").await;
        // A university that the operator added asks for a second factor, beside a demonstration too.
        let added = house.get("/nanhu/sign-in", None).await;
        assert!(!added.body.contains("不要求动态口令"), "{}", added.body);
        for path in ["/shou/sign-in", "/operator/tenants"] {
            let page = house.get(path, None).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert_eq!(page.body.contains("这是演示系统"), demo, "{path}");
            assert_eq!(page.body.contains("不要求动态口令"), demo, "{path}");
        }
    }
}

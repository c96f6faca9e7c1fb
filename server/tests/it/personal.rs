//! T-PII-04, T-PII-05, T-ISO-04 over rendered pages: every post of a full demonstration walks to every page it is led to,
//! and nothing that is sealed and nobody of the other university stands in any of them; the operator is led to none of it.

use crate::entrances::knock;
use crate::house::House;
use chrono::{DateTime, TimeDelta, Utc};
use domain::institution::activation::IdentityCheck;
use domain::institution::policy::Who;
use domain::institution::{Actor, Office, POLICY, TenantId};
use domain::person::id_number::{IdNumber, IdType};
use domain::person::mask::{MIN_CANDIDATES, Observer, candidates_left};
use http::StatusCode;
use services::admission::snapshot;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use store::{StudentFilter, StudentPage, StudentSort};
use uuid::Uuid;

const SLUG: &str = "shou";
const OTHER: &str = "jsut";
/// The smallest demonstration: four cohorts at each university.
const STUDENTS: u32 = 8 * 12;
/// Pages that one post opens; more are pages of the same kinds.
const PAGES: usize = 70;
/// Posts that see students, and those that must not.
const POSTS: [&str; 9] = [
    "zb01", "xsc01", "jwc01", "xy01", "fdy01", "it01", "admin", "jw01", "bwc01",
];

/// Somebody of the demonstration, with what only a reveal may show.
pub struct Known {
    pub ksh: String,
    pub number: String,
    pub student_no: Option<String>,
    pub name: String,
    pub sealed: Vec<String>,
}

/// Who sees every record of a university of the demonstration.
async fn reader(house: &House, tenant: TenantId) -> Actor {
    let services = &house.services;
    services.actor_by_login(tenant, "xsc01").await.unwrap()
}

/// Everybody whom a post sees.
pub async fn known(house: &House, reader: &Actor) -> BTreeMap<Uuid, Known> {
    let unit = house.bed.store().read(reader).await.unwrap();
    let page = StudentPage {
        sort: StudentSort::CandidateNumber,
        descending: false,
        offset: 0,
        limit: 5_000,
    };
    let all = unit
        .students(&reader.visible(), &StudentFilter::default(), page)
        .await
        .unwrap();
    let ids: Vec<Uuid> = all.iter().map(|student| student.candidate_id).collect();
    let candidates = unit.candidates_by_id(&ids).await.unwrap();
    let one = |student: &store::rows::Student| {
        let facts = snapshot::facts(unit.keys(), &candidates[&student.candidate_id]).unwrap();
        let contact = serde_json::to_value(&facts.contact).unwrap();
        let texts = contact.as_object().unwrap().values();
        let texts = texts.filter_map(|value| value.as_str().map(str::to_owned));
        let number = facts.id_number.clone().unwrap_or_default();
        let sealed = texts.chain([number.clone()]);
        Known {
            ksh: student.ksh.clone(),
            number,
            student_no: student.student_no.clone(),
            name: student.name.clone(),
            // A postal code or a short word stands in a page by chance.
            sealed: sealed.filter(|text| text.chars().count() > 7).collect(),
        }
    };
    all.iter()
        .map(|student| (student.id, one(student)))
        .collect()
}

/// Names and numbers of the other university that nobody here has, in whole or in part, and its own name.
async fn elsewhere(house: &House, own: TenantId) -> BTreeSet<String> {
    let control = house.bed.store().control();
    let row = control.tenant_by_slug(OTHER).await.unwrap().unwrap();
    let words = |people: BTreeMap<Uuid, Known>| {
        let of = |one: Known| [Some(one.ksh), one.student_no, Some(one.name)];
        let words = people.into_values().flat_map(of).flatten();
        words.collect::<BTreeSet<String>>()
    };
    let theirs = words(known(house, &reader(house, TenantId(row.id)).await).await);
    let reader = reader(house, own).await;
    let mut ours = words(known(house, &reader).await);
    let unit = house.bed.store().read(&reader).await.unwrap();
    let staff = unit.staff().await.unwrap();
    ours.extend(staff.into_iter().map(|(_, person, _)| person.name));
    // Two characters stand in a page by chance.
    let alone = |word: &String| {
        word.chars().count() > 2 && !ours.iter().any(|own| own.contains(word.as_str()))
    };
    let mut words: BTreeSet<String> = theirs.into_iter().filter(alone).collect();
    assert!(words.len() > 40, "{words:?}");
    words.insert(row.name);
    words
}

/// The addresses below the university that a page leads to.
fn leads(page: &str) -> BTreeSet<String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .filter(|href| href.starts_with(&format!("/{SLUG}/")))
        .filter(|href| !href.contains("/files/") || href.contains("/files/slips/"))
        .filter(|href| !href.contains("lang="))
        .collect()
}

/// Every page that somebody is led to, from the first, with the time at which it was asked for.
async fn walk(house: &House, actor: &Actor) -> Vec<(String, DateTime<Utc>, String)> {
    let cookie = house.cookie(actor).await;
    let start = if actor.office() == Office::Student {
        "me"
    } else {
        "home"
    };
    let mut open = VecDeque::from([format!("/{SLUG}/{start}")]);
    let mut met: BTreeSet<String> = open.iter().cloned().collect();
    let mut pages = Vec::new();
    while let Some(path) = open.pop_front() {
        house.bed.advance(TimeDelta::seconds(1));
        let page = house.get(&path, Some(&cookie)).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.body);
        for next in leads(&page.body) {
            if met.len() < PAGES && met.insert(next.clone()) {
                open.push_back(next);
            }
        }
        pages.push((path, house.bed.store().now(), page.body));
    }
    pages
}

/// Texts of 18 characters of digits and stars that hide something.
fn masked(page: &str) -> impl Iterator<Item = &str> {
    page.split(|c: char| !(c.is_ascii_digit() || c == '*' || c == 'X'))
        .filter(|word| word.len() == 18 && word.contains('*'))
}

/// On a record's page the mask leaves a hundred numbers to whoever knows area, birth date and sex.
fn hides_enough(path: &str, page: &str, people: &BTreeMap<Uuid, Known>) -> usize {
    let id = path.rsplit('/').next().and_then(|id| id.parse().ok());
    let Some(person) = id.and_then(|id: Uuid| people.get(&id)) else {
        return 0;
    };
    let Ok(number) = IdNumber::parse(IdType::ResidentIdCard, &person.number) else {
        return 0;
    };
    let (Some(born), sex) = (number.birth_date(), number.sex()) else {
        return 0;
    };
    let mut seen = 0;
    for text in masked(page) {
        let left = candidates_left(
            text,
            &Observer {
                areas: &[&person.number[..6]],
                born: born..=born,
                sex,
            },
        );
        assert!(
            left >= u64::from(MIN_CANDIDATES),
            "{path}: {text} leaves {left}"
        );
        seen += 1;
    }
    seen
}

/// A code for a student of the secretary's, so that there is something on the page of what was issued anew.
async fn issue_anew(house: &House, tenant: TenantId, people: &BTreeMap<Uuid, Known>) {
    let services = &house.services;
    let secretary = services.actor_by_login(tenant, "xy01").await.unwrap();
    let mut issued = 0;
    for student in people.keys() {
        let code = services.issue_code(&secretary, *student, IdentityCheck::IdCard, "");
        issued += usize::from(code.await.is_ok());
    }
    assert!(issued > 0, "nobody of the college waits for an account");
}

/// Pages of one kind that are compared with the access log, for each post.
const LOOKED_AT: usize = 2;

/// An address without what tells pages of one kind apart.
fn kind_of(path: &str) -> String {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = bare.split('/').map(|part| match Uuid::parse_str(part) {
        Ok(_) => "*",
        Err(_) => part,
    });
    // The list of the people of a hand-over names whom its page does not.
    let list = if query.starts_with("list=") {
        "?list"
    } else {
        ""
    };
    format!("{}{list}", parts.collect::<Vec<_>>().join("/"))
}

/// Rule 8: whoever is named on a page sees in the own access log that this post has looked, at this moment.
async fn is_told_of(
    house: &House,
    actor: &Actor,
    (path, at, page): (&str, DateTime<Utc>, &str),
    people: &BTreeMap<Uuid, Known>,
) -> usize {
    let unit = house.bed.store().read(actor).await.unwrap();
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for one in people.values() {
        *bearers.entry(one.name.as_str()).or_default() += 1;
    }
    let staff = unit.staff().await.unwrap();
    for (_, person, _) in &staff {
        *bearers.entry(person.name.as_str()).or_default() += 1;
    }
    // A short name may be part of another text.
    let telling = |one: &Known| bearers[one.name.as_str()] == 1 && one.name.chars().count() > 2;
    let named = people.iter().filter(|(_, one)| {
        let number = one.student_no.as_deref().unwrap_or(&one.ksh);
        page.contains(number) || (telling(one) && page.contains(&one.name))
    });
    let mut told = 0;
    for (student, one) in named {
        let lines = unit.access_to(*student, 2_000).await.unwrap();
        let seen = lines
            .iter()
            .any(|line| line.person_id == actor.person() && line.at == at);
        assert!(
            seen,
            "{} at {path} names {} and no log says so",
            actor.office().key(),
            one.name
        );
        told += 1;
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sealed_and_nobody_of_elsewhere_stands_in_any_page_that_a_post_is_led_to() {
    House::on_each(walks).await;
}

async fn walks(house: House) {
    let printed = services::demo::seed(&house.services, 7, STUDENTS)
        .await
        .unwrap();
    let control = house.bed.store().control();
    let row = control.tenant_by_slug(SLUG).await.unwrap().unwrap();
    let tenant = TenantId(row.id);
    let people = known(&house, &reader(&house, tenant).await).await;
    let sealed: Vec<&String> = people.values().flat_map(|one| &one.sealed).collect();
    assert!(sealed.len() > 100, "{}", sealed.len());
    let elsewhere = elsewhere(&house, tenant).await;
    insta::assert_snapshot!("slip", slip(&house, tenant).await);
    issue_anew(&house, tenant, &people).await;

    let students = printed
        .iter()
        .filter(|a| a.tenant == SLUG && a.role_zh.starts_with("学生（"));
    let logins: Vec<String> = POSTS
        .iter()
        .map(|login| (*login).to_owned())
        .chain(students.map(|account| account.login.clone()))
        .collect();
    let (mut opened, mut records, mut looks) = (BTreeSet::new(), 0, 0);
    for login in &logins {
        let actor = house.services.actor_by_login(tenant, login).await.unwrap();
        let mut kinds: HashMap<String, usize> = HashMap::new();
        for (path, at, page) in walk(&house, &actor).await {
            let visits = kinds.entry(kind_of(&path)).or_default();
            *visits += 1;
            if *visits <= LOOKED_AT && actor.office() != Office::Student {
                looks += is_told_of(&house, &actor, (&path, at, &page), &people).await;
            }
            for text in &sealed {
                assert!(
                    !page.contains(text.as_str()),
                    "{login} reads {text} at {path}"
                );
            }
            let stranger = elsewhere.iter().find(|word| page.contains(word.as_str()));
            assert_eq!(stranger, None, "{login} at {path}");
            records += hides_enough(&path, &page, &people);
            if actor.office() == Office::Student {
                let stranger = people.values().find(|one| page.contains(&one.number));
                assert!(stranger.is_none(), "{path}");
            }
            opened.insert(path.split('?').next().unwrap_or_default().to_owned());
        }
    }
    assert!(records > 10, "records were read: {records}");
    assert!(looks > 100, "students were named: {looks}");
    for kind in [
        "students/",
        "admission/imports/",
        "handovers/",
        "activation",
        "assign",
        "me",
        "security",
    ] {
        let found = opened
            .iter()
            .any(|path| path.starts_with(&format!("/{SLUG}/{kind}")));
        assert!(found, "nobody was led to {kind}: {opened:?}");
    }
}

/// The text of markup, a line for each element.
fn text(markup: &str) -> String {
    let parts = markup.split('<').filter_map(|part| part.split_once('>'));
    let lines = parts
        .map(|(_, text)| text.trim())
        .filter(|text| !text.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What a freshman is handed, word for word, in both languages.
async fn slip(house: &House, tenant: TenantId) -> String {
    let secretary = house.services.actor_by_login(tenant, "xy01").await.unwrap();
    let cookie = house.cookie(&secretary).await;
    let form = format!("tenant={SLUG}");
    let issue = "/api/institution/issue-slips";
    let issued = house.submit(issue, Some(&cookie), &form).await;
    assert!(
        !issued.header("location").contains("refused"),
        "{}",
        issued.header("location")
    );
    let mut slips = Vec::new();
    for lang in ["zh-CN", "en"] {
        let address = format!("/{SLUG}/files/slips/all?lang={lang}");
        let page = house.get(&address, Some(&cookie)).await.body;
        let first = page
            .split("<li class=\"xj-slip\">")
            .nth(1)
            .unwrap_or_else(|| panic!("{page}"));
        slips.push(text(&format!(
            "<li>{}",
            first.split("</li>").next().unwrap()
        )));
    }
    slips.join("\n\n")
}

/// Rules of a university that are not for everybody.
fn of_a_university() -> impl Iterator<Item = &'static domain::institution::Rule> {
    POLICY.iter().filter(|rule| {
        rule.who != Who::Anyone
            && rule.kind != domain::institution::policy::Kind::Internal
            && !rule.op.starts_with("operator/")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sees_no_student() {
    House::on_each(is_shown_to_no_operator).await;
}

async fn is_shown_to_no_operator(house: House) {
    services::demo::seed(&house.services, 7, STUDENTS)
        .await
        .unwrap();
    let control = house.bed.store().control();
    let row = control.tenant_by_slug(SLUG).await.unwrap().unwrap();
    let people = known(&house, &reader(&house, TenantId(row.id)).await).await;
    let cookie = house.operator().await;
    let page = house.get("/operator/tenants", Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    for one in people.values() {
        for text in one.sealed.iter().chain(&one.student_no).chain([&one.name]) {
            assert!(!page.body.contains(text.as_str()), "{text}");
        }
    }
    // At a university the operator is nobody.
    for rule in of_a_university() {
        let answer = knock(&house, rule, Some(&cookie), SLUG).await;
        let nobody = knock(&house, rule, None, SLUG).await;
        assert_eq!(answer.status, nobody.status, "{}: {}", rule.op, answer.body);
        // One of the operations before has ended the session, which the sign-in tells.
        let [led, usual] = [&answer, &nobody].map(|to| {
            let led = to.header("location").replace("ended=1&", "");
            led.trim_end_matches("?ended=1").to_owned()
        });
        assert_eq!(led, usual, "{}", rule.op);
    }
    let students = house.get(&format!("/{SLUG}/students"), Some(&cookie)).await;
    assert_eq!(students.status, StatusCode::SEE_OTHER);
}

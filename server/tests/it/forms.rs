//! Forms as a browser reads them from a page, and what becomes of them when they are posted just so.

use crate::entrances::secretary;
use crate::house::House;
use crate::uploads::admission::intake;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY};
use http::StatusCode;
use std::collections::BTreeMap;

/// A form of a page: where it posts, and the fields with the values it would post untouched.
#[derive(Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Types into a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => panic!("{} has no field {name}: {:?}", self.action, self.fields),
        }
        self
    }

    pub fn body(&self) -> String {
        self.fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

pub fn encode(text: &str) -> String {
    app::frame::encode(text)
}

pub fn plain(markup: &str) -> String {
    markup
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// The values of a page that somebody copies from it: keys, codes, first passwords.
pub fn copied(page: &str) -> impl Iterator<Item = &str> {
    let values = page.split("class=\"xj-copy\">").skip(1);
    values.filter_map(|rest| rest.split('<').next())
}

/// The recovery codes of a page, which shows them once.
pub fn recovery_codes(page: &str) -> impl Iterator<Item = &str> {
    let values = page.split("<li class=\"xj-num\">").skip(1);
    values.filter_map(|rest| rest.split('<').next())
}

/// The attributes of a tag.
fn attributes(tag: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = tag.trim_start_matches(|c: char| !c.is_whitespace());
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let name: String = rest
            .chars()
            .take_while(|c| !c.is_whitespace() && !"=>/".contains(*c))
            .collect();
        if name.is_empty() {
            return found;
        }
        rest = &rest[name.len()..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap();
            value = plain(&quoted[..end]);
            rest = &quoted[end + 1..];
        }
        found.insert(name, value);
    }
}

/// The forms of a page that post.
pub fn forms(page: &str) -> Vec<Form> {
    page.split("<form ")
        .skip(1)
        .filter_map(|rest| {
            let (head, rest) = rest.split_once('>').unwrap();
            let head = attributes(&format!("form {head}"));
            let body = rest.split("</form>").next().unwrap();
            (head.get("method").map(String::as_str) == Some("post")).then(|| Form {
                action: head.get("action").cloned().unwrap_or_default(),
                fields: fields(body),
            })
        })
        .collect()
}

fn fields(body: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut select: Option<(String, Option<String>)> = None;
    for tag in body.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let of = attributes(tag);
        let get = |name: &str| of.get(name).cloned();
        match tag.split([' ', '/']).next().unwrap() {
            "input" => {
                let ticks = matches!(get("type").as_deref(), Some("checkbox" | "radio"));
                if let Some(name) = get("name").filter(|_| !ticks || of.contains_key("checked")) {
                    found.push((name, get("value").unwrap_or_default()));
                }
            }
            "textarea" => found.extend(get("name").map(|name| (name, String::new()))),
            "select" => select = get("name").map(|name| (name, None)),
            "option" => {
                if let Some((_, chosen)) = &mut select
                    && (chosen.is_none() || of.contains_key("selected"))
                {
                    *chosen = Some(get("value").unwrap_or_default());
                }
            }
            // The end of an option is not the end of its select.
            "" if tag == "/select" => {
                if let Some((name, chosen)) = select.take() {
                    found.extend(chosen.map(|chosen| (name, chosen)));
                }
            }
            _ => {}
        }
    }
    found
}

/// The form of a page that posts to an operation.
pub fn form(page: &str, action: &str) -> Form {
    let all = forms(page);
    let known: Vec<String> = all.iter().map(|form| form.action.clone()).collect();
    all.into_iter()
        .find(|form| form.action == action)
        .unwrap_or_else(|| panic!("no form for {action} among {known:?}"))
}

/// Somebody of each office.
pub async fn seats(house: &House, tenant: domain::institution::TenantId) -> Vec<Actor> {
    let mut all = Vec::new();
    for office in Office::ALL {
        if !matches!(office, Office::Operator | Office::College | Office::Student) {
            all.push(house.bed.officer(tenant, office).await);
        }
    }
    all
}

#[tokio::test]
async fn an_export_is_asked_for_as_the_page_says() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        intake(&house, tenant).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        let page = house.get("/shou/students", Some(&cookie)).await;
        let form = form(&page.body, "/api/disclosure/export").with("reason", "迎新现场核对");
        let columns = form.fields.iter().filter(|(name, _)| name == "columns[]");
        assert!(columns.count() > 3, "{:?}", form.fields);
        let answer = house
            .submit(&form.action, Some(&cookie), &form.body())
            .await;
        assert_eq!(answer.header("location"), "/shou/exports?done=export");
        let page = house.get("/shou/exports", Some(&cookie)).await;
        assert!(page.body.contains("迎新现场核对") && page.body.contains("考生号"));
        // The reason of an export that was asked for does not wait for the next one.
        let again = house.get("/shou/students", Some(&cookie)).await;
        assert!(!again.body.contains("迎新现场核对"));
    })
    .await;
}

/// Where no record fits there is nothing to export: neither the form nor the way to it is there.
#[tokio::test]
async fn a_list_without_a_record_offers_no_export() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        intake(&house, tenant).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        for (lang, title) in [("zh", "导出全部"), ("en", "Export all")] {
            for (year, offered) in [("2026", true), ("1999", false)] {
                let path = format!("/shou/students?year={year}&lang={lang}");
                let page = house.get(&path, Some(&cookie)).await.body;
                for sign in [title, "/api/disclosure/export", "href=\"#export\""] {
                    assert_eq!(page.contains(sign), offered, "{path}: {sign}");
                }
            }
        }
    })
    .await;
}

/// And each of them names the university it was shown by, once: the sign-in too.
#[tokio::test]
async fn every_form_of_every_page_can_be_read() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let mut seen = BTreeMap::<String, usize>::new();
        let mut all = seats(&house, tenant)
            .await
            .into_iter()
            .map(Some)
            .collect::<Vec<_>>();
        all.push(Some(secretary(&house, tenant).await));
        all.push(None);
        for actor in all {
            for rule in POLICY.iter().filter(|rule| rule.kind == Kind::Page) {
                if rule.op.contains(':') || rule.op.starts_with("operator/") {
                    continue;
                }
                let open = rule.who == Who::Anyone;
                if actor.as_ref().map_or(!open, |actor| !rule.allows(actor)) {
                    continue;
                }
                let cookie = match &actor {
                    Some(actor) => Some(house.cookie(actor).await),
                    None => None,
                };
                let page = house
                    .get(&format!("/shou/{}", rule.op), cookie.as_deref())
                    .await;
                for form in forms(&page.body) {
                    if !form.action.starts_with("/api/") {
                        continue;
                    }
                    let tenant = form.fields.iter().filter(|(name, _)| name == "tenant");
                    let named: Vec<&str> = tenant.map(|(_, slug)| slug.as_str()).collect();
                    assert_eq!(named, ["shou"], "{}: {form:?}", rule.op);
                    // Some of them end the session.
                    let cookie = match &actor {
                        Some(actor) => Some(house.cookie(actor).await),
                        None => None,
                    };
                    let answer = house
                        .submit(&form.action, cookie.as_deref(), &form.body())
                        .await;
                    let told = format!(
                        "{} {}: {} {}",
                        rule.op,
                        form.action,
                        answer.header("location"),
                        answer.body
                    );
                    assert!(
                        !told.contains("__err") && !told.contains("malformed"),
                        "{told}"
                    );
                    *seen.entry(form.action).or_default() += 1;
                }
            }
        }
        assert!(seen.len() > 10, "{seen:?}");
        for entrance in ["sign-in", "activate-by-code"] {
            let entrance = format!("/api/institution/{entrance}");
            assert!(seen.contains_key(&entrance), "{entrance}: {seen:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_searched_for_is_not_in_the_address() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        let page = house.get("/shou/students?sort=name", Some(&cookie)).await;
        let search = form(&page.body, "/api/disclosure/search").with("filter[q]", "张三丰");
        let answer = house
            .submit(&search.action, Some(&cookie), &search.body())
            .await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
        let to = answer.header("location");
        assert!(to.starts_with("/shou/students?sort=name&s="), "{to}");
        assert!(
            !to.contains(&encode("张三丰")) && !to.contains("q="),
            "{to}"
        );
        let list = house.get(to, Some(&cookie)).await;
        assert!(list.body.contains("value=\"张三丰\""));
        for link in list.body.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap();
            assert!(
                !link.contains(&encode("张三丰")) && !link.contains("张三丰"),
                "{link}"
            );
        }
        // It opens for the account that searched; for a colleague the list is simply not searched.
        let colleague = house.bed.officer(tenant, Office::StudentAffairs).await;
        let other = house.get(to, Some(&house.cookie(&colleague).await)).await;
        assert_eq!(other.status, StatusCode::OK);
        assert!(!other.body.contains("张三丰"));
        // A name written into an address by hand is not read.
        let typed = house
            .get(
                &format!("/shou/students?q={}", encode("张三丰")),
                Some(&cookie),
            )
            .await;
        assert!(!typed.body.contains("value=\"张三丰\""));
    })
    .await;
}

#[tokio::test]
async fn a_value_shown_once_goes_to_its_own_page_only() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let secretary = secretary(&house, tenant).await;
        let number = "310115200801010017";
        let sealed = house.services.seal_once(tenant, number).unwrap();
        let waiting =
            serde_json::json!([["01900000-0000-7000-8000-000000000000/id_number", sealed]]);
        let cookie = house.cookie_with(&secretary, "once", waiting).await;
        for page in ["activation", "account"] {
            let page = house.get(&format!("/shou/{page}"), Some(&cookie)).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains(number));
        }
        let told = "ABCD-EFGH\n2026-08-21T01:00:00+00:00\n26080001\n张三";
        let code = house.services.seal_once(tenant, told).unwrap();
        let cookie = house
            .cookie_with(&secretary, "once", serde_json::json!([["code", code]]))
            .await;
        let first = house.get("/shou/activation", Some(&cookie)).await;
        let second = house.get("/shou/activation", Some(&cookie)).await;
        assert!(first.body.contains("ABCD-EFGH") && !second.body.contains("ABCD-EFGH"));
    })
    .await;
}

//! What was typed into a form that was refused stands in it again, in its own form among many; secrets never do.

use crate::forms::{Form, encode, form, forms, seats};
use crate::house::{Answer, House};
use crate::uploads;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY, TenantId};
use store::{StudentFilter, StudentPage, StudentSort};

/// The smallest demonstration: it has a student with a number, staff with accounts, and everything else to correct.
struct Stage {
    house: House,
    tenant: TenantId,
    admin: Actor,
    affairs: Actor,
}

const STUDENTS: u32 = 8 * 12;

async fn stage(house: House) -> Stage {
    let seeded = services::demo::seed(&house.services, 7, STUDENTS).await;
    seeded.unwrap();
    let control = house.bed.store().control();
    let tenant = TenantId(control.tenant_by_slug("shou").await.unwrap().unwrap().id);
    let login = async |login: &str| house.services.actor_by_login(tenant, login).await.unwrap();
    let (admin, affairs) = (login("admin").await, login("xsc01").await);
    Stage {
        house,
        tenant,
        admin,
        affairs,
    }
}

impl Stage {
    /// A record without status whose number may be corrected.
    async fn record(&self) -> String {
        let unit = self.house.bed.store().read(&self.affairs).await.unwrap();
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: true,
            offset: 0,
            limit: 500,
        };
        let seen = self.affairs.visible();
        let all = unit
            .students(&seen, &StudentFilter::default(), page)
            .await
            .unwrap();
        drop(unit);
        for student in all {
            let path = format!("students/{}", student.id);
            let cookie = self.house.cookie(&self.affairs).await;
            let page = self
                .house
                .get(&format!("/shou/{path}"), Some(&cookie))
                .await;
            if page.body.contains("/api/admission/correct-number") {
                return path;
            }
        }
        panic!("no number can be corrected");
    }
}

fn mark(form: &Form) -> Option<&str> {
    let found = form.fields.iter().find(|(name, _)| name == "form");
    found.map(|(_, mark)| mark.as_str())
}

fn value<'a>(form: &'a Form, field: &str) -> &'a str {
    let found = form.fields.iter().find(|(name, _)| name == field);
    &found.unwrap_or_else(|| panic!("no {field}: {form:?}")).1
}

/// The last form of an operation: where there are many, the first is what a link without a mark would reach.
fn last(page: &str, action: &str) -> Form {
    let mut of = forms(page).into_iter().filter(|f| f.action == action);
    of.next_back()
        .unwrap_or_else(|| panic!("no form for {action}"))
}

/// The same form on another page.
fn same(page: &str, like: &Form) -> Form {
    let mut all = forms(page).into_iter();
    all.find(|f| f.action == like.action && mark(f) == mark(like))
        .unwrap_or_else(|| panic!("{like:?} is gone"))
}

/// The field of a form with this id, and whether everything that folds around it is open.
pub fn open_at(page: &str, id: &str) -> bool {
    let before = page
        .split_once(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id}"))
        .0;
    let mut folds = Vec::new();
    for part in before.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        if tag.starts_with("details") {
            folds.push(tag.contains(" open"));
        } else if tag.starts_with("/details") {
            folds.pop();
        }
    }
    folds.into_iter().all(|open| open)
}

/// The first page of a list that has a form of an operation, with its address.
async fn found(house: &House, cookie: &str, path: &str, op: &str) -> (String, Answer) {
    for number in 1..=4 {
        let at = format!("{path}?page={number}");
        let page = house.get(&at, Some(cookie)).await;
        if page.body.contains(&format!("action=\"/api/{op}\"")) {
            return (at, page);
        }
    }
    panic!("no form for {op} on {path}");
}

async fn submit(house: &House, form: &Form, cookie: &str) -> Answer {
    house.submit(&form.action, Some(cookie), &form.body()).await
}

/// Every operation that asks for the password again, with what is typed into its form.
fn typed(op: &str) -> Option<&'static [(&'static str, &'static str)]> {
    Some(match op {
        "institution/set-parameter" => &[
            ("value", "021-61900000"),
            ("basis", "校长办公会 2026-8 号 & 附件"),
            ("effective_from", "2031-09-01"),
        ],
        "institution/set-school-name" => &[
            ("name", "东海海洋大学"),
            ("code", "10264"),
            ("used", "beside"),
            ("valid_from", "2026-01-02"),
        ],
        "institution/set-term" => &[
            ("year", "2031"),
            ("semester", "spring"),
            ("starts_on", "2032-02-23"),
            ("ends_on", "2032-06-30"),
        ],
        "institution/disable-account" | "institution/enable-account" | "institution/reset-totp" => {
            &[("reason", "本人到场，+ 已核验 100%")]
        }
        "institution/reissue-staff-slip" => &[
            ("identity", "school_card"),
            ("note", "本人到场，+ 已核验 100%"),
        ],
        "admission/correct-number" => &[("number", "2699001"), ("reason", "录入时错了一位")],
        "disclosure/reveal" => &[("reason", "核对报到材料")],
        "disclosure/export" => &[("reason", "迎新现场核对")],
        // Buttons alone.
        "institution/totp-enrol" | "admission/undo" | "admission/assign-undo" => return None,
        other => panic!("{other} asks for the password again; say here what its form holds"),
    })
}

fn page_of(op: &str, record: &str) -> String {
    match op {
        "institution/set-parameter" => "parameters",
        "institution/set-school-name" | "institution/set-term" => "school",
        "admission/correct-number" | "disclosure/reveal" => record,
        "disclosure/export" => "students",
        _ => "staff",
    }
    .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_that_asks_for_the_password_keeps_what_was_typed() {
    House::on_each(|house| async move {
    let stage = stage(house).await;
    let house = &stage.house;
    let record = stage.record().await;
    // One of the staff has a second factor, another is disabled.
    let set = "totp_confirmed = CASE WHEN lower(login) = 'jwc01' THEN true ELSE totp_confirmed END, \
               state = CASE WHEN lower(login) = 'bwc01' THEN 'disabled' ELSE state END";
    house.bed.tamper(stage.tenant, "account", set).await;
    let mut kept = 0;
    for rule in POLICY
        .iter()
        .filter(|r| r.kind == Kind::Operation && r.step_up && !r.op.starts_with("operator/"))
    {
        assert!(app::draft::keeps(rule.op), "{}", rule.op);
        let Some(fields) = typed(rule.op) else {
            continue;
        };
        let actor = if rule.allows(&stage.admin) {
            &stage.admin
        } else {
            &stage.affairs
        };
        let cookie = house.cookie_late(actor).await;
        let path = format!("/shou/{}", page_of(rule.op, &record));
        let (at, page) = found(house, &cookie, &path, rule.op).await;
        let mut filled = last(&page.body, &format!("/api/{}", rule.op));
        for (name, value) in fields {
            filled = filled.with(name, value);
        }
        let answer = submit(house, &filled, &cookie).await;
        let to = answer.header("location").to_owned();
        assert!(to.starts_with(&path), "{}: {to}", rule.op);
        assert!(to.contains("refused=step_up"), "{}: {to}", rule.op);
        assert!(!to.contains(&encode(fields[0].1)), "{}: {to}", rule.op);
        let told = house.get(&to, Some(&cookie)).await;
        assert!(told.body.contains("已填写的内容保留着"), "{}", rule.op);
        // After the password was given the page comes again.
        let again = house
            .get(&format!("{path}?done=stepped_up"), Some(&cookie))
            .await;
        for (place, page) in [("told", &told), ("again", &again)] {
            let found = same(&page.body, &filled);
            for (name, text) in fields {
                assert_eq!(value(&found, name), *text, "{} {place} {name}", rule.op);
            }
            let field = fields.last().unwrap().0;
            let id = mark(&filled)
                .map_or_else(|| format!("f-{field}"), |mark| format!("f-{field}-{mark}"));
            assert!(
                open_at(&page.body, &id),
                "{} {place}: {id} is folded",
                rule.op
            );
        }
        // Whoever comes another day finds the form as it is for everybody.
        let plain = house.get(&at, Some(&cookie)).await;
        let found = same(&plain.body, &filled);
        assert_ne!(value(&found, fields[0].0), fields[0].1, "{}", rule.op);
        kept += 1;
    }
    assert_eq!(kept, 10);
    }).await;
}

#[tokio::test]
async fn a_refusal_leads_to_its_own_form_among_many() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let page = house.get("/shou/parameters", Some(&cookie)).await;
        let idle = |page: &str| {
            let mut all = forms(page).into_iter();
            all.find(|f| {
                f.fields
                    .contains(&("key".into(), "security.student_idle_minutes".into()))
            })
            .unwrap()
        };
        let filled = idle(&page.body)
            .with("value", "很久")
            .with("basis", "学生处 2026-8 号");
        let answer = submit(&house, &filled, &cookie).await;
        let to = answer.header("location").to_owned();
        let mark = "security-student_idle_minutes";
        assert!(
            to.contains(&format!("refused=form&field=value&form={mark}")),
            "{to}"
        );
        let told = house.get(&to, Some(&cookie)).await;
        let id = format!("f-value-{mark}");
        assert!(told.body.contains(&format!("href=\"#{id}\"")), "{id}");
        assert!(open_at(&told.body, &id));
        let invalid = told.body.matches("aria-invalid=\"true\"").count();
        assert_eq!(invalid, 1, "the field in error, and no other of its name");
        let input = told.body.split(&format!("id=\"{id}\"")).nth(1).unwrap();
        assert!(input.split('>').next().unwrap().contains("aria-invalid"));
        let takes = "这个参数应填：5 至 240 的整数，单位：分钟，如 30。";
        let said = told.body.matches(takes).count();
        assert!(said >= 2, "in the box and at the field: {said}");
        let again = idle(&told.body);
        assert_eq!(value(&again, "value"), "很久");
        assert_eq!(value(&again, "basis"), "学生处 2026-8 号");
        // Done, nothing of it is left.
        let done = submit(&house, &again.with("value", "45"), &cookie).await;
        assert_eq!(done.header("location"), "/shou/parameters?done=saved");
        let page = house.get(&to, Some(&cookie)).await;
        assert_eq!(value(&idle(&page.body), "value"), "45");
    })
    .await;
}

/// A mark of an address is part of an id at most.
#[tokio::test]
async fn a_mark_that_is_none_is_not_read() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let query =
            "refused=form&field=value&op=institution%2Fset-parameter&form=x%22%20onclick%3D1";
        let page = house
            .get(&format!("/shou/parameters?{query}"), Some(&cookie))
            .await;
        assert!(page.body.contains("href=\"#f-value\"") && !page.body.contains("onclick"));
    })
    .await;
}

/// No form with a password, a code or a whole document number is kept.
#[tokio::test]
async fn secrets_are_not_kept() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let mut met = 0;
        for actor in seats(&house, tenant).await {
            let cookie = house.cookie(&actor).await;
            for rule in POLICY
                .iter()
                .filter(|r| r.kind == Kind::Page && r.allows(&actor))
            {
                if rule.op.contains(':')
                    || rule.op.starts_with("operator/")
                    || rule.who == Who::Anyone
                {
                    continue;
                }
                let page = house
                    .get(&format!("/shou/{}", rule.op), Some(&cookie))
                    .await;
                for part in page.body.split("<form ").skip(1) {
                    let body = part.split("</form>").next().unwrap();
                    let secret = body.contains("type=\"password\"");
                    let action = part.split("action=\"").nth(1).unwrap_or_default();
                    let action = action.split('"').next().unwrap_or_default();
                    if let (true, Some(op)) = (secret, action.strip_prefix("/api/")) {
                        assert!(!app::draft::keeps(op), "{op}");
                        met += 1;
                    }
                }
            }
        }
        assert!(met > 10, "{met}");
        for op in [
            "disclosure/find",
            "institution/sign-in",
            "institution/activate",
            "institution/activate-by-code",
            "operator/sign-in",
            "operator/second-factor",
            "operator/step-up",
            "operator/totp-confirm",
        ] {
            assert!(!app::draft::keeps(op), "{op}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_must_be_chosen_again_is_not_promised() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie_late(&admin).await;
        let request = uploads::upload("/shou/files/rule", Some(&cookie), &[], &[]);
        let answer = house.send(request).await;
        let to = answer.header("location").to_owned();
        assert!(to.starts_with("/shou/parameters?refused=step_up"), "{to}");
        let page = house.get(&to, Some(&cookie)).await;
        assert!(page.body.contains("重新填写并选择文件"), "{to}");
        assert!(!page.body.contains("已填写的内容保留着"));
    })
    .await;
}

/// A recovery code has letters and is longer than six: the field for it takes both wherever the password is asked again.
#[tokio::test]
async fn a_recovery_code_fits_where_the_password_is_asked_again() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        house
            .bed
            .tamper(tenant, "account", "totp_confirmed = true")
            .await;
        let cookie = house.cookie_late(&admin).await;
        for path in [
            "/shou/account",
            "/shou/parameters?refused=step_up&op=institution%2Fset-parameter",
        ] {
            let page = house.get(path, Some(&cookie)).await;
            let part = page
                .body
                .split("action=\"/api/institution/step-up\"")
                .nth(1)
                .unwrap();
            let form = part.split("</form>").next().unwrap();
            let code = form
                .split('<')
                .find(|tag| tag.contains("name=\"code\""))
                .unwrap();
            assert!(code.contains("maxlength=\"20\""), "{path}: {code}");
            assert!(!code.contains("inputmode"), "{path}: {code}");
            assert!(form.contains("恢复码"), "{path}");
        }
        assert_eq!(
            form(
                &house.get("/shou/account", Some(&cookie)).await.body,
                "/api/institution/step-up"
            )
            .fields
            .len(),
            3
        );
    })
    .await;
}

/// Somebody on the third page of the staff is found again by whoever is led back to the form.
#[tokio::test]
async fn a_form_far_down_a_long_list_is_found_again() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        for _ in 0..120 {
            house.bed.officer(tenant, Office::Security).await;
        }
        let cookie = house.cookie_late(&admin).await;
        let first = house.get("/shou/staff", Some(&cookie)).await;
        let act = "/api/institution/disable-account";
        let count = |page: &str| forms(page).iter().filter(|f| f.action == act).count();
        assert!(count(&first.body) <= 50, "{}", count(&first.body));
        assert!(
            first.body.contains("/shou/staff?page=3"),
            "the way to the others"
        );
        let page = house.get("/shou/staff?page=3", Some(&cookie)).await;
        let filled = last(&page.body, act).with("reason", "离职");
        let answer = submit(&house, &filled, &cookie).await;
        let to = answer.header("location").to_owned();
        assert!(to.starts_with("/shou/staff?refused=step_up"), "{to}");
        let told = house.get(&to, Some(&cookie)).await;
        assert_eq!(value(&same(&told.body, &filled), "reason"), "离职");
    })
    .await;
}

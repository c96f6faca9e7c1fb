//! A refusal says why by its clause, who can help with telephone, who explains the regulation, and what to do now.

use crate::forms::{form, seats};
use crate::house::House;
use crate::student_days::freshman;
use crate::uploads::{admission, upload};
use crate::ways::demonstration;
use domain::institution::parameter::Parameter;
use domain::institution::policy::Kind;
use domain::institution::{Actor, Office, POLICY, PersonalScope, PostKind, Rule, Step, TenantId};
use domain::text::Label as _;
use http::StatusCode;
use store::{StudentFilter, StudentPage, StudentSort};

const ID: &str = "01900000-0000-7000-8000-000000000000";

/// A university that has entered a telephone for every office.
async fn reachable(house: &House) -> TenantId {
    let tenant = house.school("shou").await;
    for office in Office::ALL {
        if let Some(phone) = phone(office) {
            set(house, tenant, Parameter::Contact(office), &phone).await;
        }
    }
    tenant
}

/// Puts a value of a university in force today.
async fn set(house: &House, tenant: TenantId, parameter: Parameter, value: &str) {
    let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
    let today = domain::calendar::local_date(house.bed.store().now());
    let key = parameter.key();
    let set = house
        .services
        .set_parameter(&admin, &key, value, "测试", today, None);
    set.await.unwrap();
}

fn phone(office: Office) -> Option<String> {
    let place = Office::ALL.iter().position(|o| *o == office).unwrap();
    let entered = office.is_staff() && !matches!(office, Office::Operator | Office::TenantAdmin);
    entered.then(|| format!("021-6190{place:04}"))
}

fn assert_explained(page: &str, rule: &Rule, help: Office, place: &str) {
    let refusal = page
        .split_once("<section class=\"xj-refusal")
        .unwrap_or_else(|| panic!("{place}: no refusal"))
        .1;
    let refusal = refusal.split("</section>").next().unwrap();
    assert!(refusal.contains(rule.clause.as_str()), "{place}: {refusal}");
    assert_names(refusal, help, place);
}

/// The office that helps and those that explain the regulation stand there, with their telephones.
fn assert_names(refusal: &str, help: Office, place: &str) {
    assert!(refusal.contains(help.label().zh), "{place}: {refusal}");
    assert!(refusal.contains("解释单位"), "{place}: {refusal}");
    for office in [help, Office::AcademicAffairs, Office::StudentAffairs] {
        if let Some(phone) = phone(office) {
            let link = format!("href=\"tel:{}\"", phone.replace('-', ""));
            assert!(refusal.contains(&link), "{place}: {link} in {refusal}");
        }
    }
}

async fn student(house: &House, tenant: TenantId) -> Actor {
    let scope = PersonalScope::Own(house.bed.store().id());
    house
        .bed
        .person_in(tenant, Office::Student, PostKind::Student, scope)
        .await
}

/// Asks for everything of a kind that a post may not have, for each post; whatever is refused says who helps.
async fn all_explained(house: House, kind: Kind) {
    let tenant = reachable(&house).await;
    let mut all = seats(&house, tenant).await;
    all.push(student(&house, tenant).await);
    let mut told = 0;
    for actor in all {
        let cookie = house.cookie(&actor).await;
        let of_kind = POLICY.iter().filter(|rule| rule.kind == kind);
        let of_school = of_kind.filter(|rule| !rule.op.starts_with("operator/"));
        for rule in of_school.filter(|rule| !rule.allows(&actor)) {
            let path = rule.op.replace(":id", ID).replace(":name", "units");
            let page = house.get(&format!("/shou/{path}"), Some(&cookie)).await;
            let place = format!("{:?} {path}", actor.office());
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{place}");
            assert_explained(&page.body, rule, rule.help(&actor), &place);
            told += 1;
        }
    }
    assert!(told > 40, "{told}");
}

#[tokio::test]
async fn every_page_that_is_not_shown_says_who_helps() {
    House::on_each(|house| all_explained(house, Kind::Page)).await;
}

#[tokio::test]
async fn every_file_that_is_not_given_says_who_helps() {
    House::on_each(|house| all_explained(house, Kind::File)).await;
}

/// A refused sign-in and a slip that is used up: nobody is signed in, and the telephones stand there all the same.
#[tokio::test]
async fn who_is_not_signed_in_is_told_whom_to_ask_too() {
    House::on_each(|house| async move {
        reachable(&house).await;
        for path in ["/shou/sign-in?refused=sign_in", "/shou/activate?t=used"] {
            let page = house.get(path, None).await;
            let refusal = page.body.split_once("<section class=\"xj-refusal");
            let refusal = refusal.unwrap_or_else(|| panic!("{path}: {}", page.body)).1;
            let refusal = refusal.split("</section>").next().unwrap();
            assert_names(refusal, Office::StudentAffairs, path);
        }
    })
    .await;
}

/// A student has one post: nobody is told to switch who cannot, and the way back is the own record.
#[tokio::test]
async fn a_student_is_told_that_a_page_is_for_offices() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        let student = student(&house, tenant).await;
        let cookie = house.cookie(&student).await;
        let path = "/shou/students";
        let page = house.get(path, Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("这里只供学校各部门办理工作"), "{path}");
        let english = house.get("/shou/students?lang=en", Some(&cookie)).await;
        assert!(english.body.contains("This is for the offices"), "{path}");
        for asked in ["students", "parameters", "files/findings/:id"] {
            let path = format!("/shou/{}", asked.replace(":id", ID));
            let page = house.get(&path, Some(&cookie)).await.body;
            assert!(!page.contains("切换岗位"), "{path}: {page}");
            assert!(page.contains("href=\"/shou/me\""), "{path}: {page}");
            assert!(page.contains("回到我的学籍"), "{path}: {page}");
        }
        // Whoever works in an office may have another post.
        let officer = house.bed.officer(tenant, Office::Discipline).await;
        let cookie = house.cookie(&officer).await;
        let page = house.get(path, Some(&cookie)).await;
        assert!(page.body.contains("请先切换岗位") && page.body.contains("回到首页"));
    })
    .await;
}

/// 'The college' is to a student the own one, by its name and its own telephone, as on the own page.
#[tokio::test]
async fn a_student_is_sent_to_the_own_college() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let me = house.get("/shou/me", Some(&cookie)).await.body;
        let look = house.bed.store().look(tenant).await.unwrap();
        let units = look.units().await.unwrap();
        drop(look);
        let colleges = units.iter().filter(|unit| unit.kind == "college");
        let mut own = colleges.filter(|unit| me.contains(&unit.name));
        let college = own.next().unwrap();
        assert!(own.next().is_none(), "one college");
        let phone = college.phone.clone().unwrap().replace('-', "");
        let link = format!("href=\"tel:{phone}\"");
        assert!(me.contains(&link), "{link}");
        let general = Parameter::Contact(Office::College).key();
        let look = house.bed.store().look(tenant).await.unwrap();
        let values = look.parameter_values().await.unwrap();
        drop(look);
        let general = values.iter().find(|row| row.key == general).unwrap();
        let general = general.value.replace('-', "");
        assert_ne!(phone, general);
        let mut met = 0;
        // A page that is another's, a file that is another's, and a refusal that an operation left in the address.
        let file = format!("files/slips/{ID}");
        let left = "account?refused=wrong_office&op=institution%2Fissue-slips&help=college";
        for path in ["activation", file.as_str(), left] {
            let page = house.get(&format!("/shou/{path}"), Some(&cookie)).await;
            let refusal = page.body.split("<section class=\"xj-refusal").nth(1);
            let refusal = refusal.unwrap_or_else(|| panic!("{path}: {}", page.body));
            let refusal = refusal.split("</section>").next().unwrap();
            assert!(refusal.contains(&college.name), "{path}: {refusal}");
            assert!(refusal.contains(&link), "{path}: {refusal}");
            assert!(!refusal.contains(&general), "{path}: {refusal}");
            met += 1;
        }
        assert_eq!(met, 3);
        // Whoever is nobody yet has no college: the number of all of them stands there.
        let nobody = "/shou/sign-in?refused=sign_in&op=institution%2Fsign-in";
        let page = house.get(nobody, None).await.body;
        assert!(page.contains(&format!("href=\"tel:{general}\"")), "{page}");
    })
    .await;
}

/// Whoever works in a college has that one in mind too; an office of the whole school has none.
#[tokio::test]
async fn a_post_in_a_college_has_that_college() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let mut met = 0;
        for actor in crate::entrances::seats(&house, tenant).await {
            let inside = matches!(
                actor.seat().scope,
                PersonalScope::College(_) | PersonalScope::Classes { .. }
            );
            let college = house.services.own_college(&actor).await.unwrap();
            let name = college.map(|college| college.name);
            assert_eq!(name.as_deref(), inside.then_some("海洋学院"), "{actor:?}");
            met += usize::from(inside);
        }
        assert!(met > 2, "{met}");
    })
    .await;
}

/// A body that is too large for an operation ends before it is read: the page is not one of the app's.
#[tokio::test]
async fn what_is_too_large_says_who_helps() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
        let cookie = house.cookie(&admin).await;
        let body = "x".repeat(server::http::router::OPERATION_LIMIT + 1);
        let page = house
            .submit("/api/institution/set-parameter", Some(&cookie), &body)
            .await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(page.body.contains("内容太大"));
        assert_names(&page.body, Office::ItCentre, "413");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_who_helps() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        let officer = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&officer).await;
        let fields = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];
        let broken = [("名单.xlsx".to_owned(), b"PK\x03\x04 and no more".to_vec())];
        let sent = upload("/shou/files/admission", Some(&cookie), &fields, &broken);
        let import = admission::led_to(&house.send(sent).await);
        admission::work(&house).await;
        let page = house
            .get(&format!("/shou/admission/imports/{import}"), Some(&cookie))
            .await;
        let refusal = page.body.split("<section class=\"xj-refusal").nth(1);
        let refusal = refusal.and_then(|rest| rest.split("</section>").next());
        let refusal = refusal.unwrap();
        assert!(refusal.contains("文件无法读取"), "{refusal}");
        assert_names(refusal, Office::ItCentre, "a file that cannot be read");
    })
    .await;
}

#[tokio::test]
async fn every_operation_of_another_office_says_who_helps() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        let admin = house.bed.officer(tenant, Office::Discipline).await;
        let mut told = 0;
        for rule in POLICY
            .iter()
            .filter(|r| r.kind == Kind::Operation && !r.allows(&admin))
        {
            if rule.op.starts_with("operator/") {
                continue;
            }
            let cookie = house.cookie(&admin).await;
            let form = crate::entrances::form(rule.op, "shou");
            let answer = house
                .submit(&format!("/api/{}", rule.op), Some(&cookie), &form)
                .await;
            let to = answer.header("location");
            if !to.contains("refused=wrong_office") {
                // What is loaded first is not found, and that looks the same to everybody.
                continue;
            }
            told += 1;
            // The page it leads back to is another office's too; any page of the own tells the same.
            let query = to.split_once('?').unwrap().1;
            let page = house
                .get(&format!("/shou/account?{query}"), Some(&cookie))
                .await;
            assert_explained(&page.body, rule, rule.help(&admin), rule.op);
        }
        assert!(told > 8, "{told}");
    })
    .await;
}

#[tokio::test]
async fn help_is_where_the_university_has_put_the_step() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        let duty = Parameter::Duty(Step::AssignClass);
        set(&house, tenant, duty, Office::AcademicAffairs.key()).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        let page = house.get("/shou/assign", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let rule = POLICY.iter().find(|r| r.op == "assign").unwrap();
        assert_explained(&page.body, rule, Office::AcademicAffairs, "assign");
    })
    .await;
}

#[tokio::test]
async fn the_last_day_stands_beside_a_refusal_and_nothing_else_from_the_address() {
    House::on_each(|house| async move {
    let tenant = reachable(&house).await;
    let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
    let cookie = house.cookie(&affairs).await;
    let query = "refused=too_late&op=admission%2Fundo&until=2026-10-16&clause=Pay%20here&help=nobody&field=Pay%20there";
    let page = house
        .get(&format!("/shou/home?{query}"), Some(&cookie))
        .await;
    assert!(page.body.contains("2026年10月16日 星期五"));
    assert!(page.body.contains("已过期限"));
    let shown = page.body.split("<main").nth(1).unwrap();
    assert!(!shown.contains("Pay here") && !shown.contains("Pay there"));
    }).await;
}

#[tokio::test]
async fn whoever_must_confirm_loses_nothing() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        admission::intake(&house, tenant).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie_late(&affairs).await;
        let page = house
            .get("/shou/students?sort=name&col=name&col=sex", Some(&cookie))
            .await;
        let export = form(&page.body, "/api/disclosure/export").with("reason", "迎新现场核对");
        let answer = house
            .submit(&export.action, Some(&cookie), &export.body())
            .await;
        let to = answer.header("location").to_owned();
        assert!(
            to.starts_with("/shou/students?sort=name&col=name&col=sex&refused=step_up"),
            "{to}"
        );
        let page = house.get(&to, Some(&cookie)).await;
        assert!(
            page.body.contains("value=\"迎新现场核对\""),
            "the reason is kept"
        );
        let again =
            form(&page.body, "/api/institution/step-up").with("password", "not the password");
        let back = again
            .fields
            .iter()
            .find(|(name, _)| name == "back")
            .unwrap();
        assert_eq!(back.1, "students?sort=name&col=name&col=sex");
        let answer = house
            .submit(&again.action, Some(&cookie), &again.body())
            .await;
        let to = answer.header("location").to_owned();
        assert!(
            to.starts_with(
                "/shou/students?sort=name&col=name&col=sex&refused=wrong&field=password"
            ),
            "{to}"
        );
        let page = house.get(&to, Some(&cookie)).await;
        assert!(page.body.contains("密码或动态口令不对"));
        assert!(
            page.body.contains("href=\"#f-password\"") && page.body.contains("id=\"f-password\"")
        );
        form(&page.body, "/api/institution/step-up");
        assert!(page.body.contains("value=\"迎新现场核对\""), "and still is");
    })
    .await;
}

#[tokio::test]
async fn a_field_in_error_is_named_and_led_to() {
    House::on_each(|house| async move {
        let tenant = reachable(&house).await;
        admission::intake(&house, tenant).await;
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        let page = house.get("/shou/students", Some(&cookie)).await;
        let export = form(&page.body, "/api/disclosure/export").with("reason", "无");
        let answer = house
            .submit(&export.action, Some(&cookie), &export.body())
            .await;
        let to = answer.header("location").to_owned();
        assert!(to.contains("refused=too_short&field=reason"), "{to}");
        let page = house.get(&to, Some(&cookie)).await;
        assert!(page.body.contains("理由太短") && !page.body.contains("密码太短"));
        assert!(page.body.contains("href=\"#f-reason\""));
        let input = page.body.split("id=\"f-reason\"").nth(1).unwrap();
        let input = input.split('>').next().unwrap();
        assert!(input.contains("aria-invalid=\"true\""), "{input}");
        assert!(
            input.contains("aria-describedby=\"f-reason-hint f-reason-error\""),
            "{input}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_not_called_a_wrong_password() {
    House::on_each(|house| async move {
        house.school("shou").await;
        let form = crate::entrances::form("disclosure/export", "shou");
        let answer = house.submit("/api/disclosure/export", None, &form).await;
        let to = answer.header("location").to_owned();
        assert!(
            to.starts_with("/shou/sign-in?to=students") && to.contains("&refused=not_signed_in"),
            "{to}"
        );
        let page = house.get(&to, None).await;
        assert!(page.body.contains("请先登录") && !page.body.contains("没有登录成功"));
    })
    .await;
}

/// Each receipt of a page has a form of its own: the error stands at that one.
#[tokio::test(flavor = "multi_thread")]
async fn reasons_that_say_nothing_are_asked_for_again_at_their_form() {
    House::on_each(|house| async move {
        let (tenant, affairs) = demonstration(&house, "xsc01").await;
        let offered = "state = 'offered', person_id = NULL, at = NULL";
        house.bed.tamper(tenant, "handover_receipt", offered).await;
        let cookie = house.cookie(&affairs).await;
        let list = house.get("/shou/handovers", Some(&cookie)).await;
        let handover = list.body.split("/shou/handovers/").nth(1).unwrap();
        let handover = handover.split('"').next().unwrap();
        let path = format!("/shou/handovers/{handover}");
        let page = house.get(&path, Some(&cookie)).await;
        let back = form(&page.body, "/api/admission/return").with("reasons", "不行");
        let answer = house
            .submit(&back.action, Some(&cookie), &back.body())
            .await;
        let page = house.get(answer.header("location"), Some(&cookie)).await;
        let led = page.body.split("href=\"#f-reasons-").nth(1).unwrap();
        let id = format!("id=\"f-reasons-{}\"", led.split('"').next().unwrap());
        let input = page.body.split(&id).nth(1).unwrap();
        assert!(
            input
                .split('>')
                .next()
                .unwrap()
                .contains("aria-invalid=\"true\"")
        );
        assert!(page.body.contains("不行</textarea>"), "and it is kept");
    })
    .await;
}

/// A status that has begun says so with its own clause, the office that handles changes of status, and whom it is about.
#[tokio::test]
async fn a_status_that_has_begun_is_named_with_its_clause() {
    House::on_each(|house| async move {
        let (_, affairs) = demonstration(&house, "xsc01").await;
        let unit = house.bed.store().read(&affairs).await.unwrap();
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: false,
            offset: 0,
            limit: 400,
        };
        let filter = StudentFilter::default();
        let all = unit.students(&affairs.visible(), &filter, page).await;
        drop(unit);
        let mut all = all.unwrap().into_iter();
        let registered = |own: &store::rows::Student| own.status == "registered";
        let student = all.find(registered).unwrap();
        let cookie = house.cookie(&affairs).await;
        let body = format!(
            "tenant=shou&student={}&version={}&class={}&reason=registered+in+error",
            student.id,
            student.version,
            student.class_id.unwrap()
        );
        let answer = house
            .submit("/api/admission/correct-class", Some(&cookie), &body)
            .await;
        let page = house.get(answer.header("location"), Some(&cookie)).await;
        let led = answer.header("location");
        assert!(
            page.body.contains("学籍已开始，不能在这里改班级或学号"),
            "{led}"
        );
        assert!(page.body.contains("办法 三（二）"));
        assert!(page.body.contains("教务处"));
        let named = format!("考生号末四位 {}", student.ksh_tail);
        assert!(page.body.contains(&named), "{named}");
    })
    .await;
}

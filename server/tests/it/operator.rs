//! The platform's own page: universities are opened, suspended and resumed there, and nobody's data are seen.

use crate::entrances::{knock, seats as seats_of};
use crate::forms::{copied, form, forms};
use crate::house::{House, PASSWORD};
use crate::personal::known;
use crate::uploads::admission::intake;
use crate::uploads::upload;
use chrono::TimeDelta;
use domain::institution::policy::{Kind, Who};
use domain::institution::{Actor, Office, POLICY, Rule};
use domain::text::{Lang, size};
use http::StatusCode;
use services::Upkeep;
use services::institution::authenticator::Authenticator;
use services::worker::{Ran, Worker};

const NEW: &str = "slug=nanhu&school_code=10999&name=%E5%8D%97%E6%B9%96%E5%A4%A7%E5%AD%A6&province=31&admin_login=g001&admin_name=%E5%AD%99%E4%B9%99";
const CREATE: &str = "/api/operator/create-tenant";
const PAGE: &str = "/operator/tenants";
const ACCOUNT: &str = "/operator/account";
const FACTOR: &str = "/api/operator/second-factor";

/// The values that the page shows once: login and password.
fn shown(page: &str) -> (&str, &str) {
    let mut values = copied(page);
    let mut next = || values.next().unwrap_or_else(|| panic!("{page}"));
    (next(), next())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_university_is_opened_with_its_first_administrator() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let made = house.submit(CREATE, Some(&cookie), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let page = house.get(PAGE, Some(&cookie)).await.body;
        let (login, password) = shown(&page);
        assert_eq!((login, password.len()), ("G001", 17), "{page}");
        let again = house.get(PAGE, Some(&cookie)).await.body;
        assert!(!again.contains(password), "it is shown once");
        let form = format!("tenant=nanhu&login=g001&password={password}");
        let admin = house.submit("/api/institution/sign-in", None, &form).await;
        assert_eq!(admin.header("location"), "/nanhu/home");
        let first = house.get("/nanhu/home", Some(&admin.cookie())).await;
        assert_eq!(first.header("location"), "/nanhu/account");
    })
    .await;
}

/// Whatever stands in the way, nothing of the university is there, and its address is free.
#[tokio::test(flavor = "multi_thread")]
async fn a_university_is_opened_whole_or_not_at_all() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let control = || house.bed.store().control();
        for (from, to, field) in [
            ("g001", "", "admin_login"),
            (
                "admin_name=%E5%AD%99%E4%B9%99",
                "admin_name=%20",
                "admin_name",
            ),
            ("province=31", "province=99", "province"),
        ] {
            let made = house
                .submit(CREATE, Some(&cookie), &NEW.replace(from, to))
                .await;
            let led = made.header("location");
            assert!(led.contains("refused="), "{field}: {led}");
            assert!(led.contains(&format!("&field={field}&")), "{led}");
            assert_eq!(control().tenants().await.unwrap().len(), 0, "{field}");
        }
        let made = house.submit(CREATE, Some(&cookie), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let twice = house.submit(CREATE, Some(&cookie), NEW).await;
        assert!(
            twice
                .header("location")
                .contains("refused=taken&field=slug")
        );
        assert_eq!(control().tenants().await.unwrap().len(), 1);
    })
    .await;
}

/// What the operator typed comes back with the word beside its field, and is gone once the university is there.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_operator_typed_comes_back_with_what_is_wrong_beside_it() {
    House::on_each(|house| async move {
        let cookie = house.operator().await;
        let page = house.get(PAGE, Some(&cookie)).await.body;
        let typed = [
            ("name", "南湖大学 & 附属"),
            ("slug", "南湖"),
            ("school_code", "10999"),
            ("province", "31"),
            ("admin_login", "g001"),
            ("admin_name", "孙乙"),
        ];
        let mut filled = form(&page, CREATE);
        for (name, value) in typed {
            filled = filled.with(name, value);
        }
        let refused = house.submit(CREATE, Some(&cookie), &filled.body()).await;
        let to = refused.header("location");
        assert!(to.contains("&field=slug&"), "{to}");
        let told = house.get(to, Some(&cookie)).await.body;
        let again = form(&told, CREATE);
        assert_eq!(again.fields, filled.fields);
        assert_eq!(told.matches("aria-invalid=\"true\"").count(), 1);
        let input = told.split("id=\"f-slug\"").nth(1).unwrap();
        assert!(input.split('>').next().unwrap().contains("aria-invalid"));
        // Another visit finds the form as it is for everybody.
        let plain = house.get(PAGE, Some(&cookie)).await.body;
        assert!(!plain.contains("南湖大学"));
        let right = again.with("slug", "nanhu").body();
        let made = house.submit(CREATE, Some(&cookie), &right).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let later = house.get(to, Some(&cookie)).await.body;
        assert_eq!(form(&later, CREATE).fields, form(&plain, CREATE).fields);
    })
    .await;
}

/// A password that is asked for again costs nothing of what was typed; passwords and codes are never kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_asked_for_again_costs_the_operator_nothing() {
    House::on_each(|house| async move {
        for slug in ["shou", "haida"] {
            house.school(slug).await;
        }
        let (mut cookie, app) = house.operator_with_app().await;
        let suspend = "/api/operator/suspend-tenant";
        for (action, body, field, value) in [
            (CREATE, NEW, "admin_login", "g001"),
            (suspend, "slug=shou&confirmed=1", "slug", "shou"),
        ] {
            house.bed.advance(TimeDelta::minutes(6));
            let refused = house.submit(action, Some(&cookie), body).await;
            let page = house.get(refused.header("location"), Some(&cookie)).await;
            assert!(page.body.contains("已填写的内容保留着"), "{}", page.body);
            let secret = "wrong-harbour-lantern-62";
            let wrong = form(&page.body, "/api/operator/step-up")
                .with("password", secret)
                .with("code", "123456");
            let wrong = house
                .submit(&wrong.action, Some(&cookie), &wrong.body())
                .await;
            let page = house.get(wrong.header("location"), Some(&cookie)).await;
            assert!(!page.body.contains(secret) && !page.body.contains("123456"));
            let right = form(&page.body, "/api/operator/step-up")
                .with("password", PASSWORD)
                .with("code", &house.code(&app));
            let right = house
                .submit(&right.action, Some(&cookie), &right.body())
                .await;
            cookie = right.cookie();
            let page = house.get(right.header("location"), Some(&cookie)).await;
            let filled = form(&page.body, action);
            let kept = filled.fields.iter().find(|(name, _)| name == field);
            assert_eq!(kept.unwrap().1, value, "{action}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_minutes_the_page_asks_for_the_password_and_goes_on() {
    House::on_each(|house| async move {
        let (cookie, app) = house.operator_with_app().await;
        assert!(house.get(PAGE, Some(&cookie)).await.body.contains(CREATE));
        house.bed.advance(TimeDelta::minutes(6));
        let refused = house.submit(CREATE, Some(&cookie), NEW).await;
        let led = refused.header("location");
        assert!(
            led.starts_with("/operator/tenants?refused=step_up&"),
            "{led}"
        );
        let page = house.get(refused.header("location"), Some(&cookie)).await;
        assert!(page.body.contains("/api/operator/step-up"), "{}", page.body);
        assert!(!page.body.contains(CREATE), "{}", page.body);
        let step_up = "/api/operator/step-up";
        let wrong = house
            .submit(step_up, Some(&cookie), "password=something-else-altogether")
            .await;
        assert!(wrong.header("location").contains("refused=sign_in"));
        let alone = house
            .submit(step_up, Some(&cookie), &format!("password={PASSWORD}"))
            .await;
        assert!(alone.header("location").contains("refused=sign_in"));
        let both = form(&page.body, step_up)
            .with("password", PASSWORD)
            .with("code", &house.code(&app));
        let right = house.submit(step_up, Some(&cookie), &both.body()).await;
        let fresh = right.cookie();
        assert_ne!(fresh, cookie);
        let old = house.get(PAGE, Some(&cookie)).await.body;
        assert!(old.contains("/api/operator/sign-in"), "{old}");
        let made = house.submit(CREATE, Some(&fresh), NEW).await;
        assert_eq!(made.header("location"), "/operator/tenants?done=saved");
        let page = house.get(PAGE, Some(&fresh)).await.body;
        for told in [
            "登录被拒绝",
            "动态口令被拒绝",
            "启用动态口令",
            "再次验证密码",
            "李丙",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
    })
    .await;
}

/// The platform is no university: the pages of universities are not below its address, with or without a session.
#[tokio::test]
async fn the_platform_has_its_own_pages_and_no_other() {
    let house = House::sqlite().await;
    let cookie = house.operator().await;
    for cookie in [None, Some(cookie.as_str())] {
        let pages = POLICY.iter().filter(|rule| rule.kind == Kind::Page);
        let own: Vec<&str> = pages.map(|rule| rule.op).collect();
        let is_own = |op: &str| op.is_empty() || own.contains(&format!("operator/{op}").as_str());
        let others = own
            .iter()
            .filter(|op| !op.starts_with("operator/") && !is_own(op));
        for op in others {
            let page = house.get(&format!("/operator/{op}"), cookie).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{op}");
            assert!(page.body.contains("没有这一页"), "{op}");
        }
        for short in ["/operator", "/operator/"] {
            let answer = house.get(short, cookie).await;
            assert_eq!(answer.header("location"), PAGE, "{short}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_was_away_or_signed_out_is_out() {
    House::on_each(|house| async move {
        let (cookie, app) = house.operator_with_app().await;
        let signed_in = async |cookie: &str| {
            let page = house.get(PAGE, Some(cookie)).await.body;
            page.contains("/api/operator/sign-out")
        };
        house.bed.advance(TimeDelta::minutes(14));
        assert!(signed_in(&cookie).await);
        house.bed.advance(TimeDelta::minutes(14));
        assert!(signed_in(&cookie).await);
        house.bed.advance(TimeDelta::minutes(16));
        assert!(!signed_in(&cookie).await);
        let waits = house.operator_password().await.cookie();
        assert!(!signed_in(&waits).await);
        let code = format!("code={}", house.code(&app));
        let answer = house.submit(FACTOR, Some(&waits), &code).await;
        let cookie = answer.cookie();
        assert!(signed_in(&cookie).await);
        let out = house
            .submit("/api/operator/sign-out", Some(&cookie), "")
            .await;
        assert_eq!(out.header("location"), "/operator/tenants?done=signed_out");
        assert!(!signed_in(&cookie).await);
        let told = house
            .bed
            .store()
            .control()
            .operator_events(9)
            .await
            .unwrap();
        let kinds: Vec<&str> = told.iter().map(|(e, _)| e.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "signed-out",
                "second-factor",
                "confirmed",
                "enrolled",
                "signed-in"
            ]
        );
    })
    .await;
}

/// The rules of the platform's own pages and operations for operators.
fn of_operators() -> impl Iterator<Item = &'static Rule> {
    let of_platform = POLICY.iter().filter(|r| r.op.starts_with("operator/"));
    of_platform.filter(|r| r.who != Who::Anyone)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_without_a_second_factor_is_led_to_enrol_and_nowhere_else() {
    const MAY: [&str; 4] = [
        "operator/step-up",
        "operator/totp-enrol",
        "operator/totp-confirm",
        "operator/sign-out",
    ];
    House::on_each(|house| async move {
        let cookie = house.new_operator().await;
        let led = house.get(PAGE, Some(&cookie)).await;
        assert_eq!(led.header("location"), ACCOUNT);
        let page = house.get(ACCOUNT, Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("平台运维人员须先启用动态口令"));
        let forms = forms(&page.body);
        let actions: Vec<&str> = forms.iter().map(|form| form.action.as_str()).collect();
        assert_eq!(
            actions,
            ["/api/operator/sign-out", "/api/operator/totp-enrol"]
        );
        for rule in of_operators().filter(|r| r.kind == Kind::Operation) {
            // Each has a session of its own: some of them end it.
            let cookie = house.operator_password().await.cookie();
            let path = format!("/api/{}", rule.op);
            let form = crate::entrances::form(rule.op, "shou");
            let answer = house.call(&path, Some(&cookie), &form).await;
            let place = format!("{}: {} {}", rule.op, answer.status, answer.body);
            if MAY.contains(&rule.op) {
                assert!(!answer.body.contains("enrol_first"), "{place}");
                continue;
            }
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
            assert!(answer.body.contains("enrol_first"), "{place}");
            let plain = house.submit(&path, Some(&cookie), &form).await;
            let to = plain.header("location").to_owned();
            assert!(to.contains("refused=enrol_first"), "{place}: {to}");
            let led = house.get(&to, Some(&cookie)).await;
            assert_eq!(led.header("location"), ACCOUNT, "{place}");
        }
        let tenants = house.bed.store().control().tenants().await.unwrap();
        assert_eq!(tenants, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_on_one_page_and_the_codes_are_shown_once() {
    House::on_each(|house| async move {
        let cookie = house.new_operator().await;
        let page = house.get(ACCOUNT, Some(&cookie)).await.body;
        let enrol = form(&page, "/api/operator/totp-enrol");
        assert_eq!(enrol.fields, [], "of no university");
        let begun = house.submit(&enrol.action, Some(&cookie), "").await;
        assert_eq!(begun.header("location"), ACCOUNT);
        let page = house.get(ACCOUNT, Some(&cookie)).await.body;
        let secret = copied(&page).next().unwrap().to_owned();
        assert!(page.contains("aria-label=\"动态口令二维码\"") && page.contains("otpauth://"));
        let confirm = "/api/operator/totp-confirm";
        let wrong = form(&page, confirm).with("code", "000000");
        let led = house.submit(confirm, Some(&cookie), &wrong.body()).await;
        let to = led.header("location").to_owned();
        assert!(
            to.starts_with(ACCOUNT) && to.contains("refused=wrong"),
            "{to}"
        );
        let again = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(
            copied(&again).next(),
            Some(secret.as_str()),
            "the key stays"
        );
        assert!(again.contains("动态口令不对"), "{again}");
        let app = Authenticator::typed(&secret).unwrap();
        let right = form(&again, confirm).with("code", &house.code(&app));
        let done = house.submit(confirm, Some(&cookie), &right.body()).await;
        assert_eq!(done.header("location"), ACCOUNT);
        let fresh = done.cookie();
        assert_ne!(fresh, cookie);
        let shown = house.get(ACCOUNT, Some(&fresh)).await.body;
        assert_eq!(
            shown.matches("<li class=\"xj-num\">").count(),
            10,
            "{shown}"
        );
        let later = house.get(ACCOUNT, Some(&fresh)).await.body;
        assert!(!later.contains("<li class=\"xj-num\">"), "shown once");
        assert!(later.contains("更换动态口令") && !later.contains(&secret));
        let old = house.get(PAGE, Some(&cookie)).await.body;
        assert!(old.contains("/api/operator/sign-in"), "the old id is over");
        let open = house.get(PAGE, Some(&fresh)).await;
        assert_eq!(open.status, StatusCode::OK);
        assert!(open.body.contains(CREATE));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_second_factor_the_password_alone_opens_nothing() {
    House::on_each(|house| async move {
        let (_, app) = house.operator_with_app().await;
        house.bed.advance(TimeDelta::seconds(60));
        let answer = house.operator_password().await;
        assert_eq!(answer.header("location"), "/operator/tenants?step=code");
        let waits = answer.cookie();
        for rule in of_operators() {
            if rule.kind == Kind::Operation {
                let path = format!("/api/{}", rule.op);
                let form = crate::entrances::form(rule.op, "shou");
                let answer = house.call(&path, Some(&waits), &form).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", rule.op);
            }
        }
        let own = house.get(ACCOUNT, Some(&waits)).await;
        assert_eq!(own.header("location"), PAGE);
        let page = house
            .get(answer.header("location"), Some(&waits))
            .await
            .body;
        assert!(!page.contains("/api/operator/sign-out") && !page.contains("李丙"));
        let wrong = form(&page, FACTOR).with("code", "000000");
        let refused = house.submit(FACTOR, Some(&waits), &wrong.body()).await;
        let to = refused.header("location").to_owned();
        assert!(
            to.starts_with("/operator/tenants?step=code&refused=sign_in"),
            "{to}"
        );
        let again = house.get(&to, Some(&waits)).await.body;
        assert!(again.contains("没有登录成功"), "{again}");
        let right = form(&again, FACTOR).with("code", &house.code(&app));
        let done = house.submit(FACTOR, Some(&waits), &right.body()).await;
        assert_eq!(done.header("location"), PAGE);
        let inside = house.get(PAGE, Some(&done.cookie())).await.body;
        assert!(inside.contains(CREATE));
        let left = house.get(PAGE, Some(&waits)).await.body;
        assert!(
            left.contains("/api/operator/sign-in"),
            "the old id is over: {left}"
        );
        // Five wrong ones: the password is asked for again, and the operator is locked.
        house.bed.advance(TimeDelta::seconds(60));
        let waits = house.operator_password().await.cookie();
        for _ in 0..5 {
            house.submit(FACTOR, Some(&waits), "code=000000").await;
        }
        let code = format!("code={}", house.code(&app));
        let late = house.submit(FACTOR, Some(&waits), &code).await;
        assert!(late.header("location").contains("refused=sign_in"));
        let page = house.get(late.header("location"), Some(&waits)).await.body;
        form(&page, "/api/operator/sign-in");
        let locked = house.operator_password().await;
        assert!(locked.header("location").contains("refused=sign_in"));
    })
    .await;
}

/// T-ISO-21: the operator opens nothing of a university, and nobody of a university anything of the operator's.
#[tokio::test(flavor = "multi_thread")]
async fn t_iso_21_the_operator_and_the_universities_are_apart() {
    House::on_each(|house| async move {
        let tenant = house.school("shou").await;
        let operator = house.operator().await;
        for rule in POLICY.iter().filter(|r| !r.op.starts_with("operator/")) {
            // What anybody may ask for is answered to the operator as to anybody, and whoever is signed in nowhere may
            // sign out.
            let open = rule.who == Who::Anyone || rule.op == "institution/sign-out";
            if open || rule.kind == Kind::Internal {
                continue;
            }
            let answer = knock(&house, rule, Some(&operator), "shou").await;
            let place = format!("{}: {} {}", rule.op, answer.status, answer.body);
            if rule.kind == Kind::Operation {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{place}");
            } else {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{place}");
                let led = answer.header("location");
                assert!(led.starts_with("/shou/sign-in"), "{place}: {led}");
            }
        }
        let mut seats = vec![None];
        seats.extend(seats_of(&house, tenant).await.into_iter().map(Some));
        for seat in seats {
            let office = seat
                .as_ref()
                .map(|actor| (actor.office(), actor.seat().kind));
            let cookie = match &seat {
                Some(actor) => Some(house.cookie(actor).await),
                None => None,
            };
            for rule in POLICY.iter().filter(|r| {
                r.op.starts_with("operator/")
                    && r.kind == Kind::Operation
                    && r.op != "operator/sign-in"
            }) {
                let form = crate::entrances::form(rule.op, "shou");
                let path = format!("/api/{}", rule.op);
                let answer = house.call(&path, cookie.as_deref(), &form).await;
                assert_eq!(
                    answer.status,
                    StatusCode::UNAUTHORIZED,
                    "{office:?} {}",
                    rule.op
                );
            }
            let page = house.get(PAGE, cookie.as_deref()).await;
            assert!(page.body.contains("/api/operator/sign-in"), "{office:?}");
            assert!(!page.body.contains("create-tenant"), "{office:?}");
            let own = house.get(ACCOUNT, cookie.as_deref()).await;
            assert_eq!(own.header("location"), PAGE, "{office:?}");
        }
    })
    .await;
}

/// The words of markup, one after the other.
fn words(markup: &str) -> Vec<&str> {
    let texts = markup.split('<').filter_map(|part| part.split_once('>'));
    let texts = texts.map(|(_, text)| text.trim());
    texts.filter(|text| !text.is_empty()).collect()
}

/// What the operator's page says of the university at an address: candidates, students, accounts, bytes of files.
fn sizes(page: &str, slug: &str) -> Vec<String> {
    let mut rows = page.split("<tr").map(words);
    let address = format!("/{slug}");
    let row = rows.find(|row| row.contains(&address.as_str())).unwrap();
    let at = row.iter().position(|word| *word == address).unwrap();
    // Behind the address stands the school code.
    row[at + 2..at + 6]
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The figure beside a label.
fn figure(page: &str, label: &str) -> String {
    let words = words(page);
    let at = words.iter().position(|word| *word == label).unwrap();
    words[at + 1].to_owned()
}

/// A university of six students with a job that was put aside and one that waits, and a university of four accounts.
async fn two_universities(house: &House) -> Actor {
    let (shou, jsut) = (house.school("shou").await, house.school("jsut").await);
    intake(house, shou).await;
    for office in [Office::Admissions, Office::StudentAffairs, Office::ItCentre] {
        house.bed.officer(jsut, office).await;
    }
    let admissions = house.bed.officer(shou, Office::Admissions).await;
    let cookie = house.cookie(&admissions).await;
    let send = async |name: &str| {
        let fields = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];
        let file = [(name.to_owned(), name.as_bytes().to_vec())];
        let sent = house.send(upload(
            "/shou/files/admission",
            Some(&cookie),
            &fields,
            &file,
        ));
        assert!(sent.await.header("location").ends_with("done=uploaded"));
    };
    send("一.csv").await;
    let (files, away) = (
        house.bed.folder().join("files"),
        house.bed.folder().join("away"),
    );
    std::fs::rename(&files, &away).unwrap();
    let worker = Worker::new(house.services.clone(), "test");
    assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Failed));
    std::fs::rename(&away, &files).unwrap();
    send("二.csv").await;
    house.bed.officer(shou, Office::StudentAffairs).await
}

/// How large each university is and how the service is, in the numbers that were planted; and no person.
#[tokio::test(flavor = "multi_thread")]
async fn sizes_and_health_are_told_and_no_student_is() {
    House::on_each(|house| async move {
        let affairs = two_universities(&house).await;
        let cookie = house.operator().await;
        let before = house.get(PAGE, Some(&cookie)).await.body;
        assert_eq!(sizes(&before, "shou"), ["—"; 4], "nothing is counted yet");
        Upkeep::new(house.services.clone()).round().await.unwrap();
        let page = house.get(PAGE, Some(&cookie)).await.body;
        // Two more for whoever took the six in and whoever set the university up.
        // Three files: the package of the six, and the two that were sent afterwards.
        let look = house.bed.store().look(affairs.tenant()).await.unwrap();
        let bytes = u64::try_from(look.bytes_of_files().await.unwrap()).unwrap();
        assert!(bytes > 1_024, "{bytes}");
        let files = size(Lang::Zh, bytes);
        assert_eq!(sizes(&page, "shou"), ["6", "6", "4", &files]);
        assert_eq!(sizes(&page, "jsut"), ["0", "0", "4", "0 字节"]);
        let health = ["数据库", "等待的任务", "搁置的任务"].map(|label| figure(&page, label));
        assert_eq!(health, ["正常", "1", "1"]);
        let people = known(&house, &affairs).await;
        assert_eq!(people.len(), 6);
        for one in people.values() {
            for text in one.sealed.iter().chain([&one.ksh, &one.number, &one.name]) {
                assert!(!page.contains(text.as_str()), "{text}");
            }
        }
    })
    .await;
}

//! The last days that a school sets for its students: entered on the school's page, shown on the student's own.

use crate::forms::{Form, forms};
use crate::house::House;
use crate::ways::demonstration;
use chrono::{Days, NaiveDate};
use domain::calendar::{format_date_en, format_date_zh, local_date};
use domain::institution::{Office, TenantId};

const UNSET: [(&str, &str); 2] = [
    ("zh-CN", "学校没有在本系统设定日期，请询问"),
    ("en", "the university has set no day in this system; ask "),
];

/// A freshman of the demonstration: the cookie.
pub async fn freshman(house: &House, tenant: TenantId) -> String {
    let look = house.bed.store().look(tenant).await.unwrap();
    let slips = look.activations_because("演示：待报到新生").await.unwrap();
    let login = look.account(slips[0].account_id).await.unwrap().login;
    drop(look);
    let student = house.services.actor_by_login(tenant, &login).await.unwrap();
    house.cookie(&student).await
}

/// An administrator who has just given the password: the cookie.
async fn admin(house: &House, tenant: TenantId) -> String {
    let admin = house.bed.officer(tenant, Office::TenantAdmin).await;
    house.cookie(&admin).await
}

/// What stands on the card of the next step.
pub async fn card(house: &House, cookie: &str, lang: &str) -> String {
    let path = format!("/shou/me?lang={lang}");
    let page = house.get(&path, Some(cookie)).await;
    let card = page.body.split("<section class=\"xj-now").nth(1).unwrap();
    card.split("</section>").next().unwrap().to_owned()
}

/// The form of this year's autumn on the school's page.
async fn autumn(house: &House, cookie: &str, year: &str) -> Form {
    let page = house.get("/shou/school", Some(cookie)).await;
    let of_year = |form: &Form| {
        let has = |name: &str, value: &str| form.fields.contains(&(name.into(), value.into()));
        form.action == "/api/institution/set-term" && has("year", year) && has("semester", "autumn")
    };
    forms(&page.body).into_iter().find(of_year).unwrap()
}

/// The day stands on the card with its weekday; where the school takes it away, the card says so and whom to ask.
#[tokio::test]
async fn a_day_of_the_school_is_on_the_students_page() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let (student, admin) = (freshman(&house, tenant).await, admin(&house, tenant).await);
        let today = local_date(house.bed.store().now());
        let year = today.format("%Y").to_string();
        for (lang, words) in UNSET {
            let card = card(&house, &student, lang).await;
            assert!(card.contains("<time") && !card.contains(words), "{card}");
        }
        // Arrived, and to check the data and sign: the demonstration says until when.
        let states = "registration = 'not_due', qualification = 'qualified'";
        house.bed.tamper(tenant, "student", states).await;
        let form = autumn(&house, &admin, &year).await;
        let typed = |form: &Form, name: &str| -> NaiveDate {
            let field = form.fields.iter().find(|field| field.0 == name);
            field.unwrap().1.parse().unwrap()
        };
        let until = typed(&form, "verify_until");
        let says = async |day: NaiveDate| {
            let zh = card(&house, &student, "zh-CN").await;
            let en = card(&house, &student, "en").await;
            assert!(zh.contains(&format_date_zh(day)), "{zh}");
            assert!(format_date_zh(day).contains("星期"));
            assert!(en.contains(&format_date_en(day)), "{en}");
        };
        says(until).await;
        // The stages that wait have their days too.
        let page = house.get("/shou/me?lang=zh-CN", Some(&student)).await.body;
        let day = format!("截止：{}", format_date_zh(until));
        let mut days = page.split("xj-step-day\">").skip(1);
        assert!(days.any(|rest| rest.starts_with(&day)), "{day}: {page}");
        let later = until + Days::new(3);
        let form = form.with("verify_until", &later.to_string());
        let sent = house.submit(&form.action, Some(&admin), &form.body()).await;
        assert!(sent.header("location").contains("done=saved"));
        says(later).await;
        let form = form.with("verify_until", "");
        house.submit(&form.action, Some(&admin), &form.body()).await;
        for (lang, words) in UNSET {
            let card = card(&house, &student, lang).await;
            assert!(!card.contains("<time") && card.contains(words), "{card}");
            assert!(card.contains("学院（") || card.contains("学院 ("), "{card}");
        }
    })
    .await;
}

/// How long an admission is deferred is in the notice: the card does not call that the school's omission.
#[tokio::test]
async fn a_deferred_admission_refers_to_its_notice() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let student = freshman(&house, tenant).await;
        let states = "qualification = 'deferred'";
        house.bed.tamper(tenant, "student", states).await;
        for (lang, words) in [("zh-CN", "请以学院通知为准"), ("en", "see your college")] {
            let card = card(&house, &student, lang).await;
            assert!(!card.contains("<time") && card.contains(words), "{card}");
        }
    })
    .await;
}

/// A day that cannot be is told beside its field, in the form of its term, with what was typed.
#[tokio::test]
async fn a_wrong_day_is_told_beside_its_field() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let admin = admin(&house, tenant).await;
        let year = local_date(house.bed.store().now()).format("%Y").to_string();
        for (field, typed, told) in [
            (
                "self_check_until",
                format!("{year}-01-01"),
                "截止日期早于新生报到",
            ),
            ("photo_until", "2199-06-30".to_owned(), "截止日期太晚"),
            ("verify_until", format!("{year}-02-30"), ""),
        ] {
            let form = autumn(&house, &admin, &year).await.with(field, &typed);
            let sent = house.submit(&form.action, Some(&admin), &form.body()).await;
            let back = sent.header("location").to_owned();
            assert!(back.contains(&format!("field={field}")), "{back}");
            let page = house.get(&back, Some(&admin)).await.body;
            let at = page.find(&format!("value=\"{typed}\"")).unwrap();
            let input = page[..at].rfind('<').unwrap();
            let tag = &page[input..at + page[at..].find('>').unwrap()];
            assert!(tag.contains(field) && tag.contains("aria-invalid"), "{tag}");
            assert!(page.contains(told), "{told}");
        }
    })
    .await;
}

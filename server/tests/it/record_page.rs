//! One record's page: its sections as a phone opens them, and the difference view.

use crate::forms::form;
use crate::house::House;
use crate::isolation::fresh;
use crate::ways::demonstration;
use domain::decision::Machine as _;
use domain::registration::PlatformAnswer;
use domain::view::list::ListQuery;

/// Titles of the sections that a phone shows open.
fn open(page: &str) -> Vec<&str> {
    let folds = page.split("<details").skip(1);
    let tag = |fold: &&str| fold.split('>').next().unwrap().to_owned();
    folds
        .filter(|fold| tag(fold).contains("xj-section-fold") && tag(fold).contains(" open"))
        .map(|fold| {
            let summary = fold.split("</summary>").next().unwrap();
            let title = summary.rsplit("<span>").next().unwrap();
            title.split('<').next().unwrap()
        })
        .collect()
}

#[tokio::test]
async fn a_phone_opens_one_section_of_a_record() {
    House::on_each(|house| async move {
        let (_, actor) = demonstration(&house, "xsc01").await;
        let list = house.services.students(&actor, ListQuery::default()).await;
        let id = list.unwrap().rows[0].id;
        let now = house.bed.store().now();
        let cookie = house.cookie(&fresh(&actor, now)).await;
        let path = format!("/shou/students/{id}");
        let page = house.get(&path, Some(&cookie)).await.body;
        assert!(page.matches("xj-section-fold").count() > 5);
        assert_eq!(open(&page), ["状态"]);
        // Both values of every field stand side by side, in a table of its own.
        let mut tables = page
            .split("<table")
            .skip(1)
            .map(|rest| rest.split("</table>").next().unwrap());
        let table = tables.find(|table| table.contains("录取数据与校内信息"));
        let table = table.expect("a difference view");
        for field in ["姓名", "性别", "考生号", "专业", "学制"] {
            assert!(table.contains(field), "{field}: {table}");
        }
        // Where something was asked for, its section is the one that is open.
        let reveal = form(&page, "/api/disclosure/reveal").with("reason", "看");
        let sent = house
            .submit(&reveal.action, Some(&cookie), &reveal.body())
            .await;
        let to = sent.header("location").to_owned();
        assert!(to.contains("refused=too_short"), "{to}");
        let refused = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(open(&refused), ["身份信息"]);
        let reason = reveal.with("reason", "核对报到材料");
        let sent = house
            .submit(&reason.action, Some(&cookie), &reason.body())
            .await;
        let to = sent.header("location").to_owned();
        let shown = house.get(&to, Some(&cookie)).await.body;
        assert_eq!(open(&shown), ["身份信息"]);
    })
    .await;
}

/// Lines of 尚缺的注册信息: what is missing, and the step that fills it.
fn missing(page: &str, title: &str) -> Vec<(String, String)> {
    let heading = format!("xj-wide-only\">{title}<");
    let Some(section) = page.split(&heading).nth(1) else {
        return Vec::new();
    };
    let section = section.split("</section>").next().unwrap();
    let facts = section.split("<dt>").skip(1);
    facts
        .map(|fact| {
            let (what, rest) = fact.split_once('<').unwrap();
            let step = rest.split("<dd><div>").nth(1).unwrap();
            let step = step.split('<').next().unwrap();
            (what.to_owned(), step.to_owned())
        })
        .collect()
}

/// What registration needs and admission data lack stands on the record with the step that fills it, until it is filled.
#[tokio::test]
async fn a_record_lists_what_is_due_with_the_step_that_fills_it() {
    House::on_each(|house| async move {
        let (tenant, actor) = demonstration(&house, "xsc01").await;
        let list = house.services.students(&actor, ListQuery::default()).await;
        let placed = list
            .unwrap()
            .rows
            .into_iter()
            .find(|row| row.class.is_some());
        let id = placed.unwrap().id;
        let cookie = house.cookie(&actor).await;
        let open = async |lang: &str| {
            let path = format!("/shou/students/{id}?lang={lang}");
            house.get(&path, Some(&cookie)).await.body
        };
        let told = async |lang, title| missing(&open(lang).await, title);
        let pair = |(what, step): (&str, &str)| (what.to_owned(), step.to_owned());
        let zh = "尚缺的注册信息";
        let answered = async |answer: PlatformAnswer| {
            let state = format!("registration = '{}'", answer.key());
            house.bed.tamper(tenant, "student", &state).await;
        };
        answered(PlatformAnswer::NotDue).await;
        let enrolment = ("入学日期", "新生学籍电子注册");
        let image = ("电子图像", "照片导入与图像采集");
        assert_eq!(told("zh-CN", zh).await, [enrolment, image].map(pair));
        let nowhere = "student_no = NULL, class_id = NULL, major_id = NULL, college_id = NULL";
        house.bed.tamper(tenant, "student", nowhere).await;
        let all = [
            enrolment,
            ("学号", "编班编学号"),
            ("层次", "录取专业对应"),
            ("学习形式", "录取专业对应"),
            ("学制", "录取专业对应"),
            image,
        ];
        assert_eq!(told("zh-CN", zh).await, all.map(pair));
        let all = [
            ("Date of enrolment", "New-student registration"),
            ("Student number", "Class and student number"),
            ("Level", "Mapping of majors"),
            ("Form of study", "Mapping of majors"),
            ("Length of study", "Mapping of majors"),
            ("Digital image", "Photos and image capture"),
        ];
        let en = "Still missing for registration";
        assert_eq!(told("en", en).await, all.map(pair));
        // Whoever is registered waits for no registration.
        answered(PlatformAnswer::Accepted).await;
        let left = told("en", en).await;
        assert_eq!(left, all[1..].iter().copied().map(pair).collect::<Vec<_>>());
    })
    .await;
}

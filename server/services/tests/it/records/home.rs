//! The home of each office: what waits, what is due, what there is.

use super::campus::{Campus, YEAR};
use crate::admission::ground::{Ground, package};
use crate::counting::counting;
use chrono::TimeDelta;
use domain::admission::funnel::Standing;
use domain::admission::qualification::QualificationEvent;
use domain::institution::activation::IdentityCheck;
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Office};
use domain::text::Tone;
use domain::view::home::{Level, OfficeHomeView};
use domain::view::list::ListQuery;
use std::sync::atomic::Ordering;
use store::testkit::{Bed, on_both};

async fn home(campus: &Campus, actor: &Actor) -> OfficeHomeView {
    campus.services.office_home(actor).await.unwrap()
}

fn todo(view: &OfficeHomeView) -> Vec<(&str, u64, &str)> {
    let items = view.todo.iter().flat_map(|group| &group.items);
    items
        .map(|item| (item.title.0.as_str(), item.count, item.path.as_str()))
        .collect()
}

#[tokio::test]
async fn each_office_sees_what_waits_for_it() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        assert_eq!(
            todo(&home(&campus, &campus.admissions).await),
            [
                ("处理有问题的记录", 3, "admission/imports"),
                ("对应录取专业", 4, "admission/majors?year=2026"),
                ("移交录取信息", 8, "handovers?year=2026"),
            ]
        );
        campus.map_majors().await;
        let handover = campus.offer().await;
        let link = format!("handovers/{handover}");
        let affairs = home(&campus, &campus.affairs).await;
        assert_eq!(
            todo(&affairs),
            [("接收录取信息", 8, link.as_str())],
            "nobody waits for a class before the hand-over"
        );
        let college = home(&campus, &campus.secretaries[1]).await;
        assert_eq!(todo(&college), [("接收录取信息", 4, link.as_str())]);
        // A post of classes looks at the hand-over and answers nothing: it waits for nobody there.
        let counsellor = campus.counsellor(&campus.classes[..2]).await;
        let waiting = home(&campus, &counsellor).await;
        assert!(todo(&waiting).iter().all(|item| item.0 != "接收录取信息"));
        assert_eq!(college.office.0, "第2学院");
        let view = campus
            .services
            .handover(&campus.secretaries[1], handover)
            .await
            .unwrap();
        campus
            .services
            .return_receipt(
                &campus.secretaries[1],
                view.line.receipts[0].id,
                "名单与纸质名册不符",
            )
            .await
            .unwrap();
        let admissions = home(&campus, &campus.admissions).await;
        assert!(todo(&admissions).contains(&("处理退回的移交", 1, "handovers?year=2026")));
        assert!(todo(&admissions).contains(&("移交录取信息", 4, "handovers?year=2026")));
    })
    .await;
}

/// How many statements a home takes.
async fn statements(bed: &Bed, actor: &Actor) -> u64 {
    let (services, sent) = counting(bed).await;
    services.office_home(actor).await.unwrap();
    sent.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_home_asks_once_about_all_imports() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let _import = ground.checked(&package(61, 3, &[])).await;
        let one = statements(&ground.bed, &ground.officer).await;
        for seed in 62..65 {
            let _import = ground.checked(&package(seed, 3, &[])).await;
        }
        assert_eq!(statements(&ground.bed, &ground.officer).await, one);
        let view = ground.services.office_home(&ground.officer).await.unwrap();
        assert_eq!(todo(&view)[0], ("确认录取数据", 4, "admission/imports"));
    })
    .await;
}

/// A late candidate of last year waits as those of this year do.
#[tokio::test]
async fn every_cohort_that_is_open_is_named() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        let late = &campus.people[0].ksh;
        let earlier = format!("year = CASE WHEN ksh = '{late}' THEN 2025 ELSE year END");
        campus.bed.tamper(campus.tenant, "student", &earlier).await;
        let view = home(&campus, &campus.admissions).await;
        let told = todo(&view);
        assert!(told.contains(&("移交录取信息", 7, "handovers?year=2026")));
        let older = ("移交录取信息（2025 级）", 1, "handovers?year=2025");
        assert!(told.contains(&older), "{told:?}");
        let open = async |year| {
            let preview = campus
                .services
                .handover_preview(&campus.admissions, year)
                .await
                .unwrap();
            (preview.year, preview.total, preview.years)
        };
        let years = vec![2026, 2025];
        assert_eq!(open(None).await, (2026, 7, years.clone()));
        assert_eq!(open(Some(2025)).await, (2025, 1, years));
        // What was returned waits in its own cohort: with the receipt of the school, that of the college.
        let preview = campus
            .services
            .handover_preview(&campus.admissions, Some(2025))
            .await
            .unwrap();
        let handover = campus
            .services
            .offer_handover(&campus.admissions, 2025, 1, &preview.hash, "")
            .await
            .unwrap();
        let view = campus
            .services
            .handover(&campus.affairs, handover)
            .await
            .unwrap();
        let receipt = view.line.receipts.iter().find(|r| r.can_answer).unwrap().id;
        campus
            .services
            .return_receipt(&campus.affairs, receipt, "名单与纸质名册不符")
            .await
            .unwrap();
        let view = home(&campus, &campus.admissions).await;
        let told = todo(&view);
        let returned = ("处理退回的移交（2025 级）", 2, "handovers?year=2025");
        assert!(told.contains(&returned), "{told:?}");
    })
    .await;
}

/// Who will not come waits for no class: the item goes away when everybody else has one.
#[tokio::test]
async fn classes_wait_for_those_who_come() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let waits = ("编班编学号", 8, "assign?year=2026");
        assert_eq!(todo(&home(&campus, &campus.affairs).await), [waits]);
        campus.qualify(0, QualificationEvent::Defer).await;
        let view = home(&campus, &campus.affairs).await;
        assert_eq!(todo(&view), [("编班编学号", 7, "assign?year=2026")]);
        campus.number().await;
        assert!(todo(&home(&campus, &campus.affairs).await).is_empty());
        let unassigned = view.figures.iter().find(|f| f.path.contains("unassigned"));
        assert_eq!(unassigned.unwrap().count, 7);
    })
    .await;
}

#[tokio::test]
async fn classes_wait_in_every_cohort() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let one = statements(&campus.bed, &campus.affairs).await;
        let late = &campus.people[0].ksh;
        let earlier = format!("year = CASE WHEN ksh = '{late}' THEN 2025 ELSE year END");
        campus.bed.tamper(campus.tenant, "student", &earlier).await;
        assert_eq!(
            todo(&home(&campus, &campus.affairs).await),
            [
                ("编班编学号", 7, "assign?year=2026"),
                ("编班编学号（2025 级）", 1, "assign?year=2025"),
            ]
        );
        let both = statements(&campus.bed, &campus.affairs).await;
        assert_eq!(both, one, "one statement for all cohorts");
    })
    .await;
}

#[tokio::test]
async fn slips_wait_where_classes_are() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let secretary = home(&campus, &campus.secretaries[0]).await;
        assert_eq!(todo(&secretary), [("签发激活单", 4, "activation")]);
        let counsellor = campus.counsellor(&campus.classes[..1]).await;
        assert_eq!(
            todo(&home(&campus, &counsellor).await),
            [("签发激活单", 1, "activation")]
        );
        assert!(todo(&home(&campus, &campus.academic).await).is_empty());
    })
    .await;
}

/// Whoever holds a slip that counts, or was told a code that does, waits for none.
#[tokio::test]
async fn slips_wait_for_those_who_have_nothing_that_counts() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let (services, secretary) = (&campus.services, &campus.secretaries[0]);
        let waiting = async || {
            let view = home(&campus, secretary).await;
            todo(&view).iter().map(|item| item.1).sum::<u64>()
        };
        let class = campus.stored(campus.people[0].student).await.class_id;
        let slips = services.issue_slips(secretary, class.unwrap(), "").await;
        let issued = u64::try_from(slips.unwrap().len()).unwrap();
        assert!(issued > 0 && issued < 4);
        assert_eq!(waiting().await, 4 - issued);
        let mut others = Vec::new();
        for person in &campus.people {
            let row = campus.stored(person.student).await;
            if row.college_id == Some(campus.colleges[0]) && row.class_id != class {
                others.push(person.student);
            }
        }
        let seen = IdentityCheck::IdCard;
        let code = services.issue_code(secretary, others[0], seen, "").await;
        code.unwrap();
        assert_eq!(waiting().await, 4 - issued - 1);
        campus.bed.advance(TimeDelta::hours(24));
        assert_eq!(waiting().await, 4 - issued);
        campus.bed.advance(TimeDelta::days(14));
        assert_eq!(waiting().await, 4);
    })
    .await;
}

/// Every refusal names the two offices: until both have a telephone, the administrator is asked for it.
#[tokio::test]
async fn telephones_are_asked_for_until_they_are_there() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 4).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let title = "填写教务处、学生处电话";
        let set = async |office, phone: &str| {
            let key = Parameter::Contact(office).key();
            let today = domain::calendar::local_date(campus.bed.store().now());
            let services = &campus.services;
            services
                .set_parameter(&admin, &key, phone, "校长办公会", today, None)
                .await
                .unwrap();
        };
        assert_eq!(
            todo(&home(&campus, &admin).await),
            [(title, 2, "parameters")]
        );
        set(Office::AcademicAffairs, "0519-86950001").await;
        set(Office::College, "0519-86950002").await;
        assert_eq!(
            todo(&home(&campus, &admin).await),
            [(title, 1, "parameters")]
        );
        let affairs = home(&campus, &campus.affairs).await;
        assert!(todo(&affairs).iter().all(|item| item.0 != title));
        set(Office::StudentAffairs, "0519-86950003").await;
        assert!(todo(&home(&campus, &admin).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn figures_and_funnel_are_those_of_the_own_reach() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        // Who has not been received is no figure of a college, which sees nobody of them.
        let reach = [
            (&campus.affairs, 8, vec![8, 0, 0, 8, 0, 0, 0]),
            (&campus.secretaries[0], 4, vec![4, 4, 0, 0, 0]),
        ];
        for (actor, count, told) in reach {
            let view = home(&campus, actor).await;
            let figures: Vec<u64> = view.figures.iter().map(|f| f.count).collect();
            assert_eq!(figures, told);
            assert_eq!((view.year, view.funnel.admitted), (YEAR, count));
            assert_eq!(view.funnel.count(Standing::Awaited), count);
            assert!(
                view.figures
                    .iter()
                    .all(|f| f.path.starts_with("students?year=2026"))
            );
        }
        let it = campus.bed.officer(campus.tenant, Office::ItCentre).await;
        let view = home(&campus, &it).await;
        assert!(view.figures.is_empty() && view.funnel.admitted == 0);
    })
    .await;
}

/// The figures of the hand-over, each with the number of those in the list that it opens.
async fn stages(campus: &Campus) -> Vec<(String, u64)> {
    let view = home(campus, &campus.admissions).await;
    let mut told = Vec::new();
    for figure in view.figures {
        if figure.path.contains("handed_over") {
            let pairs = figure.path.trim_start_matches("students?").split('&');
            let query = ListQuery::from_pairs(pairs.filter_map(|pair| pair.split_once('=')));
            let list = campus.services.students(&campus.admissions, query).await;
            assert_eq!(list.unwrap().total, figure.count, "{}", figure.path);
            told.push((figure.label.0, figure.count));
        }
    }
    told
}

/// Where people wait between Admissions and the college: three words, and everybody is counted under one of them.
#[tokio::test]
async fn the_hand_over_has_one_vocabulary_and_its_figures_add_up() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 16).await;
        let stand = |counts: [u64; 3]| {
            let words = ["待移交", "已移交待接收", "已接收"];
            let words = words.map(str::to_owned);
            words.into_iter().zip(counts).collect::<Vec<_>>()
        };
        assert_eq!(stages(&campus).await, stand([16, 0, 0]));
        let handover = campus.offer().await;
        assert_eq!(stages(&campus).await, stand([0, 16, 0]));
        campus.accept(&campus.affairs, handover).await.unwrap();
        assert_eq!(stages(&campus).await, stand([0, 16, 0]), "one side alone");
        campus
            .accept(&campus.secretaries[0], handover)
            .await
            .unwrap();
        assert_eq!(stages(&campus).await, stand([0, 8, 8]));
        let view = campus.services.handover(&campus.secretaries[1], handover);
        let own = view.await.unwrap().line.receipts[0].id;
        campus
            .services
            .return_receipt(&campus.secretaries[1], own, "名单与纸质名册不符")
            .await
            .unwrap();
        assert_eq!(stages(&campus).await, stand([8, 0, 8]));
        // What Admissions is asked to hand over are those who wait for it.
        let view = home(&campus, &campus.admissions).await;
        assert!(todo(&view).contains(&("移交录取信息", 8, "handovers?year=2026")));
    })
    .await;
}

#[tokio::test]
async fn bars_show_how_far_each_college_or_major_is() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 8).await;
        campus.hand_over().await;
        let told = async |actor| -> Vec<(String, u64, u64, u64)> {
            let view = home(&campus, actor).await;
            view.completion
                .into_iter()
                .map(|line| (line.name.0, line.total, line.handed_over, line.assigned))
                .collect()
        };
        let line =
            |name: &str, counts: (u64, u64, u64)| (name.to_owned(), counts.0, counts.1, counts.2);
        let colleges = [line("第1学院", (4, 4, 0)), line("第2学院", (4, 4, 0))];
        assert_eq!(told(&campus.affairs).await, colleges);
        campus.number().await;
        let colleges = [line("第1学院", (4, 4, 4)), line("第2学院", (4, 4, 4))];
        assert_eq!(told(&campus.affairs).await, colleges);
        // A college sees its own majors.
        let majors = told(&campus.secretaries[0]).await;
        assert_eq!(majors.len(), 2, "{majors:?}");
        assert!(
            majors.iter().all(|line| (line.1, line.3) == (2, 2)),
            "{majors:?}"
        );
        // Whoever looks after classes sees those, each leading to its own list.
        let counsellor = campus.counsellor(&campus.classes[..2]).await;
        let view = home(&campus, &counsellor).await;
        assert_eq!(view.by, Level::Class);
        let unit = campus.bed.store().read(&counsellor).await.unwrap();
        let units = unit.units().await.unwrap();
        drop(unit);
        assert!(!view.completion.is_empty());
        for line in &view.completion {
            let class = units.iter().find(|u| u.name == line.name.0).unwrap();
            assert!(campus.classes[..2].contains(&class.id), "{line:?}");
            assert!(line.path.ends_with(&format!("&class={}", class.id)));
            assert_eq!((line.handed_over, line.assigned), (line.total, line.total));
        }
        let it = campus.bed.officer(campus.tenant, Office::ItCentre).await;
        assert!(told(&it).await.is_empty());
    })
    .await;
}

/// Nobody falls out of the bars: whoever has no college, or no major yet, has a line and a list of the own.
#[tokio::test]
async fn the_bars_add_up_to_the_figure() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 8).await;
        for mapped in [false, true] {
            if mapped {
                campus.map_majors().await;
            }
            let view = home(&campus, &campus.admissions).await;
            let sum: u64 = view.completion.iter().map(|line| line.total).sum();
            assert_eq!((sum, view.figures[0].count), (8, 8), "{mapped}");
            for line in &view.completion {
                let pairs = line.path.trim_start_matches("students?").split('&');
                let query = ListQuery::from_pairs(pairs.filter_map(|pair| pair.split_once('=')));
                let list = campus.services.students(&campus.admissions, query).await;
                assert_eq!(list.unwrap().total, line.total, "{mapped}: {line:?}");
            }
            let open = view.completion.iter().any(|l| l.name.0 == "未定学院");
            assert_eq!(open, !mapped);
        }
    })
    .await;
}

#[tokio::test]
async fn deadlines_come_from_the_schools_own_calendar() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        assert!(
            home(&campus, &campus.academic)
                .await
                .deadlines
                .iter()
                .all(|d| d.basis.contains("2（4）"))
        );
        campus.term().await;
        let board = home(&campus, &campus.academic).await.deadlines;
        let told: Vec<(&str, &str, i64)> = board
            .iter()
            .map(|d| (d.label.0.as_str(), d.date.0.as_str(), d.remaining))
            .collect();
        assert_eq!(
            told,
            [
                ("学年电子注册", "2026年10月7日 星期三", 48),
                ("结业证书换毕业证书电子注册", "2026年10月31日 星期六", 72),
                ("新生入学资格复查", "2026年12月5日 星期六", 107),
            ]
        );
        assert!(board.iter().all(|d| d.tone == Tone::Info));
        let college = home(&campus, &campus.secretaries[0]).await.deadlines;
        assert_eq!(
            (college[0].label.0.as_str(), college[0].remaining),
            ("新生报到请假", 30)
        );
        campus.bed.advance(chrono::TimeDelta::days(31));
        let college = home(&campus, &campus.secretaries[0]).await.deadlines;
        assert_eq!((college[0].remaining, college[0].tone), (-1, Tone::Error));
    })
    .await;
}

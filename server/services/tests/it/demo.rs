//! The demonstration: the same for the same seed, complete, and open to everybody it prints.

use crate::admission::ground::services;
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use domain::calendar::local_date;
use domain::decision::Machine as _;
use domain::institution::{Actor, Office, PostKind, TenantId};
use domain::person::id_number::{IdNumber, IdType};
use domain::photo::PhotoState;
use domain::view::admission::{FindingLine, ImportCounts, ImportView, RowState};
use domain::view::student::{Progress, Stage, Turn};
use formats::sample::Defect;
use services::Services;
use services::admission::{FINDINGS_PER_PAGE, snapshot};
use services::demo::{DemoAccount, seed};
use services::institution::sign_in::SignInOutcome;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use store::testkit::{Bed, long, on_both};
use store::{FindingFilter, StudentFilter, StudentPage, StudentSort, rows};
use uuid::Uuid;

const SEED: u64 = 7;
/// Both universities, four cohorts each.
const SMALL: u32 = 8 * 40;

struct Demo {
    services: Services,
    accounts: Vec<DemoAccount>,
    bed: Bed,
}

async fn demo(bed: Bed, number: u64, students: u32) -> Demo {
    let services = services(bed.store().clone());
    let accounts = seed(&services, number, students).await.unwrap();
    Demo {
        services,
        accounts,
        bed,
    }
}

impl Demo {
    async fn tenant(&self, slug: &str) -> TenantId {
        let control = self.bed.store().control();
        TenantId(control.tenant_by_slug(slug).await.unwrap().unwrap().id)
    }

    async fn students(&self, slug: &str) -> Vec<rows::Student> {
        let tenant = self.tenant(slug).await;
        let reader = self.services.actor_by_login(tenant, "xsc01").await.unwrap();
        let unit = self.bed.store().read(&reader).await.unwrap();
        let mut all = Vec::new();
        loop {
            let page = StudentPage {
                sort: StudentSort::CandidateNumber,
                descending: false,
                offset: all.len() as u64,
                limit: 5_000,
            };
            let filter = StudentFilter::default();
            let more = unit.students(&reader.visible(), &filter, page).await;
            let more = more.unwrap();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    /// The names of the units by their ids.
    async fn units(&self, slug: &str) -> BTreeMap<Uuid, String> {
        let tenant = self.tenant(slug).await;
        let reader = self.services.actor_by_login(tenant, "xsc01").await.unwrap();
        let unit = self.bed.store().read(&reader).await.unwrap();
        let units = unit.units_ever().await.unwrap();
        let named = |u: rows::Unit| (u.id, format!("{} {}", u.code, u.name));
        units.into_iter().map(named).collect()
    }

    /// The document numbers by candidate. What a blind index is made of: the index itself hangs on the installation's keys.
    async fn documents(&self, slug: &str, students: &[rows::Student]) -> BTreeMap<Uuid, String> {
        let tenant = self.tenant(slug).await;
        let reader = self.services.actor_by_login(tenant, "zb01").await.unwrap();
        let unit = self.bed.store().read(&reader).await.unwrap();
        let ids: Vec<Uuid> = students.iter().map(|s| s.candidate_id).collect();
        let candidates = unit.candidates_by_id(&ids).await.unwrap();
        let number = |candidate: rows::Candidate| {
            let identity = snapshot::identity(unit.keys(), &candidate).unwrap();
            (candidate.id, identity.id_number.unwrap_or_default())
        };
        candidates.into_values().map(number).collect()
    }

    /// Who is who: everything that may not change between two runs.
    async fn people(&self) -> Vec<[String; 16]> {
        let mut people = Vec::new();
        for slug in ["shou", "jsut"] {
            let units = self.units(slug).await;
            let named = |id: Option<Uuid>| id.map_or_else(String::new, |id| units[&id].clone());
            let students = self.students(slug).await;
            let documents = self.documents(slug, &students).await;
            let dated = |day: Option<NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
            for student in students {
                people.push([
                    documents[&student.candidate_id].clone(),
                    student.ksh,
                    student.name,
                    student.student_no.unwrap_or_default(),
                    student.qualification,
                    student.status,
                    student.registration,
                    student.photo,
                    named(student.college_id),
                    named(student.major_id),
                    named(student.class_id),
                    dated(student.qualification_on),
                    dated(student.status_on),
                    dated(student.registration_on),
                    dated(student.photo_on),
                    dated(student.handed_over_on),
                ]);
            }
        }
        people
    }

    /// What every import counted and found.
    async fn findings(&self) -> Vec<(String, ImportCounts, Vec<FindingLine>)> {
        let mut all = Vec::new();
        for slug in ["shou", "jsut"] {
            let tenant = self.tenant(slug).await;
            let officer = self.services.actor_by_login(tenant, "zb01").await.unwrap();
            for (name, view) in self.imports(slug).await {
                let filter = FindingFilter {
                    limit: FINDINGS_PER_PAGE,
                    ..FindingFilter::default()
                };
                let found = self
                    .services
                    .findings(&officer, view.line.id, filter)
                    .await
                    .unwrap();
                assert_eq!(found.lines.len() as u64, found.total, "{slug} {name}");
                all.push((format!("{slug} {name}"), view.line.counts, found.lines));
            }
        }
        all
    }

    async fn imports(&self, slug: &str) -> BTreeMap<String, ImportView> {
        let tenant = self.tenant(slug).await;
        let officer = self.services.actor_by_login(tenant, "zb01").await.unwrap();
        let unit = self.bed.store().read(&officer).await.unwrap();
        let mut imports = BTreeMap::new();
        for import in unit.imports("admission", 20).await.unwrap() {
            let view = self
                .services
                .import_view(&officer, import.id)
                .await
                .unwrap();
            imports.insert(import.file_name, view);
        }
        imports
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_people_and_another_seed_others() {
    let first = demo(Bed::sqlite().await, SEED, SMALL).await;
    let second = demo(Bed::sqlite().await, SEED, SMALL).await;
    let other = demo(Bed::sqlite().await, SEED + 1, SMALL).await;
    assert_eq!(first.accounts, second.accounts);
    let people = first.people().await;
    assert_eq!(people, second.people().await);
    assert_ne!(people, other.people().await);
    let dated = |person: &[String; 16]| person[11..].iter().any(|day| !day.is_empty());
    assert!(people.iter().any(dated), "no day is compared");
    let findings = first.findings().await;
    assert!(findings.iter().any(|(_, _, lines)| !lines.is_empty()));
    assert_eq!(findings, second.findings().await);
    let again = seed(&first.services, SEED, SMALL).await.unwrap();
    assert_eq!(again, first.accounts);
    assert_eq!(people, first.people().await, "a second run changes nothing");
    assert_eq!(findings, first.findings().await);
}

/// Whom nobody takes for a person: numbers of the reserved block, with valid check digits; and the names that break lists.
#[tokio::test]
async fn its_people_are_made_up_and_bear_the_names_that_break_lists() {
    let demo = demo(Bed::sqlite().await, SEED, SMALL).await;
    let people = demo.people().await;
    let resident = people.iter().map(|person| person[0].as_str());
    let resident: Vec<&str> = resident.filter(|number| number.len() == 18).collect();
    assert!(resident.len() * 10 > people.len() * 9);
    for number in resident {
        assert!(&number[14..17] <= "009", "not of the reserved block");
        // What was planted and confirmed with a reason is no wrong number.
        assert!(IdNumber::parse(IdType::ResidentIdCard, number).is_ok());
    }
    let names = people.iter().map(|person| person[2].as_str());
    let with = |wanted: &[char]| names.clone().filter(|name| name.contains(wanted)).count();
    assert!(with(&['·']) > 0, "nobody of a minority with a dot");
    assert!(with(&['䶮', '㛃', '𬭎', '𠅤']) > 0, "no rare character");
    // The longest name is one of the group that bears such names.
    let mut accounts = demo.accounts.iter();
    let long = accounts.find(|a| a.tenant == "shou" && a.role_zh.contains("长姓名"));
    let tenant = demo.tenant("shou").await;
    let actor = demo.services.actor_by_login(tenant, &long.unwrap().login);
    let view = demo
        .services
        .my_record(&actor.await.unwrap())
        .await
        .unwrap();
    let mut facts = view.facts.iter();
    let group = facts.find(|fact| fact.label.0 == "民族").unwrap();
    assert_eq!(group.value.0, "维吾尔族");
}

/// On another day of the same year it has the same people, though their states are those of that day.
#[tokio::test]
async fn another_day_of_the_year_gives_the_same_people() {
    let named = async |days: i64| -> Vec<[String; 3]> {
        let bed = Bed::sqlite().await;
        bed.advance(TimeDelta::days(days));
        let demo = demo(bed, SEED, SMALL).await;
        let people = demo.people().await.into_iter();
        people
            .map(|[document, ksh, name, ..]| [document, ksh, name])
            .collect()
    };
    let begin = local_date(Bed::sqlite().await.store().now());
    let later = 20;
    let day = begin + TimeDelta::days(later);
    assert_eq!(day.year(), begin.year(), "the test's clock stands too late");
    assert_eq!(named(0).await, named(later).await);
}

#[tokio::test]
async fn everybody_printed_can_sign_in_on_both_databases() {
    on_both(|bed| async move {
        let demo = demo(bed, SEED, SMALL).await;
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut offices = BTreeSet::new();
        let mut posts = BTreeSet::new();
        for account in &demo.accounts {
            if account.tenant == "operator" {
                let password = account.password.clone();
                let session = demo
                    .services
                    .sign_in_operator(&account.login, password, here)
                    .await;
                assert!(session.is_ok());
                continue;
            }
            let tenant = demo.tenant(&account.tenant).await;
            let password = account.password.clone();
            let outcome = demo
                .services
                .sign_in(tenant, &account.login, password, here)
                .await;
            let Ok(SignInOutcome::Done(signed_in)) = outcome else {
                panic!("{} cannot sign in", account.role_en);
            };
            let present = demo.services.present(signed_in).await.unwrap();
            assert!(!present.must_enrol);
            offices.insert((account.tenant.clone(), present.actor.office()));
            posts.insert((account.tenant.clone(), present.actor.seat().kind));
        }
        for slug in ["shou", "jsut"] {
            for kind in PostKind::ALL {
                assert!(posts.contains(&(slug.to_owned(), kind)), "{slug} {kind:?}");
            }
            for office in Office::ALL.into_iter().filter(|o| *o != Office::Operator) {
                assert!(
                    offices.contains(&(slug.to_owned(), office)),
                    "{slug} {office:?}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_planted_is_found_and_nothing_else() {
    let demo = demo(Bed::sqlite().await, SEED, SMALL).await;
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for defect in Defect::DEMONSTRATED {
        *expected.entry(defect.kind().key()).or_default() += 1;
    }
    // Two people share one document.
    *expected
        .entry(Defect::DuplicateId.kind().key())
        .or_default() += 1;
    let imports = demo.imports("shou").await;
    let found = |name: &str| -> BTreeMap<String, u64> {
        let totals = &imports[name].line.counts.source;
        totals
            .iter()
            .filter(|(kind, count)| *kind != "rows" && **count > 0)
            .map(|(kind, count)| (kind.clone(), *count))
            .collect()
    };
    let expected: BTreeMap<String, u64> = expected
        .into_iter()
        .map(|(kind, count)| (kind.to_owned(), count))
        .collect();
    assert_eq!(found("2026年本科录取数据.zip"), expected);
    let waiting = BTreeMap::from([
        ("bad_checksum".to_owned(), 1),
        ("dot_variant".to_owned(), 1),
    ]);
    assert_eq!(found("2026年征集志愿录取数据.zip"), waiting);
    let accepted = BTreeMap::from([("name_too_long".to_owned(), 1)]);
    assert_eq!(found("2025年本科录取数据.zip"), accepted);
    for name in [
        "2023年本科录取数据.zip",
        "2024年本科录取数据.zip",
        "2026年补录数据.zip",
    ] {
        assert_eq!(found(name), BTreeMap::new(), "{name}");
    }
    let left = &imports["2026年征集志愿录取数据.zip"].line.counts;
    assert_eq!(left.in_state(RowState::Confirmed), 0);
}

/// The second university has few defects, each with its number.
#[tokio::test]
async fn what_was_planted_at_the_second_university() {
    let demo = demo(Bed::sqlite().await, SEED, SMALL).await;
    let imports = demo.imports("jsut").await;
    let totals = &imports["2026年本科录取数据.zip"].line.counts.source;
    let found: BTreeMap<&str, u64> = totals
        .iter()
        .filter(|(kind, count)| *kind != "rows" && **count > 0)
        .map(|(kind, count)| (kind.as_str(), *count))
        .collect();
    let planted = [
        ("bad_checksum", 2),
        ("dot_variant", 1),
        ("missing_glyph", 1),
    ];
    assert_eq!(found, BTreeMap::from(planted));
}

/// Two universities, twelve colleges, four cohorts; a broad intake in classes of its own, without a major.
#[tokio::test]
async fn it_has_the_parts_that_it_promises() {
    let demo = demo(Bed::sqlite().await, SEED, SMALL).await;
    let (mut colleges, mut broad) = (0, 0);
    for slug in ["shou", "jsut"] {
        let tenant = demo.tenant(slug).await;
        let reader = demo.services.actor_by_login(tenant, "xsc01").await.unwrap();
        let unit = demo.bed.store().read(&reader).await.unwrap();
        let units = unit.units().await.unwrap();
        colleges += units.iter().filter(|u| u.kind == "college").count();
        drop(unit);
        let students = demo.students(slug).await;
        let years: BTreeSet<i32> = students.iter().map(|s| s.year).collect();
        assert_eq!(years, BTreeSet::from([2023, 2024, 2025, 2026]), "{slug}");
        for student in students.iter().filter(|s| s.handed_over_on.is_some()) {
            if student.major_id.is_none() {
                broad += 1;
                let class = units.iter().find(|u| Some(u.id) == student.class_id);
                assert_eq!(class.unwrap().parent_id, student.college_id);
            }
        }
    }
    assert_eq!(colleges, 12);
    assert!(broad > 0, "nobody of a broad intake");
}

/// Everything that is over was over when it was made, and the new cohort has its arrival before it.
async fn is_coherent(month: u32, day: u32) {
    let bed = Bed::sqlite().await;
    let begin = local_date(bed.store().now());
    let named = |year| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let day = Some(named(begin.year())).filter(|day| *day >= begin);
    let day = day.unwrap_or_else(|| named(begin.year() + 1));
    bed.advance(day - begin);
    let demo = demo(bed, SEED, SMALL).await;
    let now = demo.bed.store().now();
    let today = local_date(now);
    let student = async |role: &str| -> Actor {
        let account = demo
            .accounts
            .iter()
            .find(|a| a.tenant == "shou" && a.role_zh.contains(role))
            .unwrap();
        let tenant = demo.tenant("shou").await;
        let login = &account.login;
        demo.services.actor_by_login(tenant, login).await.unwrap()
    };
    let arriving = demo
        .services
        .my_record(&student("待报到").await)
        .await
        .unwrap();
    assert_eq!(arriving.year, today.year());
    let next = arriving.next.unwrap();
    assert_eq!(next.stage, Stage::Arrival);
    let until = next.day().unwrap();
    assert!((1..=30).contains(&(until - today).num_days()), "{until}");
    let registered = demo
        .services
        .my_record(&student("已注册").await)
        .await
        .unwrap();
    assert_eq!(registered.year, today.year() - 2);
    // Checked and signed before the list of 20 September, whatever the platform answered later.
    let mut stages = registered.stages.iter();
    let checked = stages
        .find(|stage| stage.stage == Stage::Verification)
        .unwrap();
    let listed = chrono::NaiveDate::from_ymd_opt(registered.year, 9, 20);
    assert_eq!((checked.progress, checked.date), (Progress::Done, listed));
    for account in demo
        .accounts
        .iter()
        .filter(|a| a.role_zh.starts_with("学生（"))
    {
        let tenant = demo.tenant(&account.tenant).await;
        let actor = demo.services.actor_by_login(tenant, &account.login).await;
        let view = demo.services.my_record(&actor.unwrap()).await.unwrap();
        if let Some(next) = view.next {
            let asks = next.turn == Turn::Ask;
            assert!(
                asks || next.day().is_some_and(|day| day >= today),
                "{next:?}"
            );
        } else {
            let mut stages = view.stages.iter();
            let kept = stages.find(|line| line.stage.is_the_students() && line.planned.is_some());
            assert_eq!(kept, None, "a day to keep, and nothing on the card");
        }
    }
    for slug in ["shou", "jsut"] {
        let tenant = demo.tenant(slug).await;
        let reader = demo.services.actor_by_login(tenant, "xsc01").await.unwrap();
        let unit = demo.bed.store().read(&reader).await.unwrap();
        let entries = unit.audit_after(0, 10_000).await.unwrap();
        assert!(entries.iter().all(|entry| entry.at < now), "{slug}");
        let mut terms = unit.terms().await.unwrap();
        terms.sort_by_key(|term| term.starts_on);
        for pair in terms.windows(2) {
            assert!(pair[0].ends_on < pair[1].starts_on, "{pair:?}");
        }
        drop(unit);
        for student in demo.students(slug).await {
            let waits = student.qualification == "awaiting_arrival";
            assert_eq!(waits, student.year == today.year(), "{}", student.ksh);
        }
    }
}

#[tokio::test]
async fn it_is_coherent_in_late_autumn() {
    Box::pin(is_coherent(11, 29)).await;
}

#[tokio::test]
async fn it_is_coherent_in_the_first_days_of_a_year() {
    Box::pin(is_coherent(1, 2)).await;
}

#[tokio::test]
async fn it_is_coherent_in_spring() {
    Box::pin(is_coherent(3, 1)).await;
}

#[tokio::test]
async fn it_is_coherent_in_summer() {
    Box::pin(is_coherent(8, 1)).await;
}

#[tokio::test]
async fn earlier_cohorts_have_numbers_and_this_one_is_handed_over() {
    let demo = demo(Bed::sqlite().await, SEED, SMALL).await;
    for slug in ["shou", "jsut"] {
        let students = demo.students(slug).await;
        let mut numbers = BTreeSet::new();
        for student in &students {
            if student.year < 2026 {
                assert!(student.handed_over_on.is_some() && student.class_id.is_some());
                assert!(student.qualification_on.is_some());
            }
            if let Some(number) = &student.student_no {
                assert!(numbers.insert(number.clone()), "a number given twice");
            }
        }
        let (here, waiting): (Vec<_>, Vec<_>) = students
            .iter()
            .filter(|s| s.year == 2026)
            .partition(|s| s.handed_over_on.is_some());
        assert!(here.len() >= 30, "{slug}: {}", here.len());
        assert_eq!(
            waiting.len(),
            10,
            "the supplementary intake is offered, not accepted"
        );
        let photos: BTreeSet<&str> = students
            .iter()
            .filter(|s| s.year == 2023)
            .map(|s| s.photo.as_str())
            .collect();
        assert_eq!(photos.len(), PhotoState::STATES.len());
    }
}

#[tokio::test]
async fn the_usual_demo_has_two_thousand_students() {
    if !long() {
        println!("usual-demo: absent");
        return;
    }
    println!("usual-demo: ran");
    let demo = demo(Bed::sqlite().await, SEED, 2_000).await;
    let students = demo.students("shou").await.len() + demo.students("jsut").await.len();
    assert!((1_950..=2_050).contains(&students));
    assert!(
        demo.accounts
            .iter()
            .filter(|a| a.role_zh.starts_with("学生（"))
            .count()
            >= 7
    );
}

/// The size that the demonstration is made in on purpose: everybody is there, and no class is larger than a room.
#[tokio::test]
async fn a_demo_for_size_has_twenty_thousand_students() {
    if !long() {
        println!("large-demo: absent");
        return;
    }
    println!("large-demo: ran");
    let demo = demo(Bed::sqlite().await, SEED, 20_000).await;
    let mut number = 0;
    for slug in ["shou", "jsut"] {
        let students = demo.students(slug).await;
        number += students.len();
        let mut classes = BTreeMap::<Uuid, u32>::new();
        for class in students.iter().filter_map(|s| s.class_id) {
            *classes.entry(class).or_default() += 1;
        }
        let largest = classes.values().max();
        assert!(largest.is_some_and(|n| *n <= 50), "{slug}: {largest:?}");
    }
    assert!((19_900..=20_100).contains(&number), "{number}");
}

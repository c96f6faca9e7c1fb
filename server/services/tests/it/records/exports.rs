//! Exports (T-PII-07, T-AZ-09, T-AZ-12): every row, in the order of the screen, for one owner, for seven days.

mod pieces;

use super::campus::{Campus, REASON, YEAR, reason_of};
use chrono::{NaiveDate, TimeDelta};
use domain::decision::Reason;
use domain::institution::{Actor, Office};
use domain::view::export::ExportState;
use domain::view::list::{Column, ListFilter, ListQuery, ListSort};
use formats::table::{Sheet, TableLimits, read};
use services::parser::InProcess;
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::Store;
use store::testkit::{Hooks, OnStatement, long, on_both};
use uuid::Uuid;

async fn ask(campus: &Campus, actor: &Actor, query: ListQuery, columns: &[Column]) -> Uuid {
    campus
        .services
        .request_export(actor, query, columns, REASON)
        .await
        .unwrap()
}

async fn sheet(campus: &Campus, actor: &Actor, job: Uuid) -> Sheet {
    let file = campus.services.download_export(actor, job).await.unwrap();
    read(&file.bytes, &TableLimits::default()).unwrap()
}

const COLUMNS: [Column; 4] = [
    Column::Name,
    Column::StudentNumber,
    Column::Class,
    Column::IdNumber,
];

#[tokio::test]
async fn what_goes_in_comes_out() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 40).await;
        let query = ListQuery {
            filter: ListFilter {
                college: Some(campus.colleges[0]),
                ..ListFilter::default()
            },
            sort: ListSort::Name,
            descending: true,
            page: 2,
            per_page: 5,
        };
        let job = ask(&campus, &campus.affairs, query.clone(), &COLUMNS).await;
        campus.work().await;
        let screen = campus
            .services
            .students(
                &campus.affairs,
                ListQuery {
                    page: 1,
                    per_page: 500,
                    ..query
                },
            )
            .await
            .unwrap();
        let sheet = sheet(&campus, &campus.affairs, job).await;
        assert_eq!(
            sheet.headings,
            ["学号", "姓名", "班级", "身份证号", "导出标记"]
        );
        assert_eq!(sheet.rows.len(), 20, "all rows, not the page");
        let shown: Vec<&str> = screen
            .rows
            .iter()
            .map(|r| r.student_no.as_deref().unwrap())
            .collect();
        let written: Vec<&str> = sheet.rows.iter().map(|r| r.text(0)).collect();
        assert_eq!(written, shown);
        for row in &sheet.rows {
            let person = campus
                .people
                .iter()
                .find(|p| p.number == row.text(3))
                .unwrap();
            assert_eq!(row.text(1), person.name);
            // Who, when, what for: in each row.
            assert!(row.text(4).contains("student-affairs") && row.text(4).contains(REASON));
            assert!(row.text(4).contains("2026-08-20 09:00"));
        }
    })
    .await;
}

/// Provinces write the long name of the standard or the short one; the page and the file say the short one.
#[tokio::test]
async fn a_file_has_the_words_of_the_page() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let columns = [Column::StudentNumber, Column::Political];
        let job = ask(&campus, &campus.affairs, ListQuery::default(), &columns).await;
        campus.work().await;
        let sheet = sheet(&campus, &campus.affairs, job).await;
        let record = campus
            .services
            .student_record(&campus.affairs, campus.people[0].student);
        let sections = record.await.unwrap().sections;
        let mut facts = sections.iter().flat_map(|section| &section.facts);
        let word = &facts.find(|fact| fact.key == "political").unwrap().value.0;
        assert_eq!(word, "共青团员");
        assert!(sheet.rows.iter().all(|row| row.text(1) == word));
    })
    .await;
}

#[tokio::test]
async fn every_student_sees_the_export_that_holds_them() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 8).await;
        let query = ListQuery {
            filter: ListFilter {
                college: Some(campus.colleges[0]),
                ..ListFilter::default()
            },
            ..ListQuery::default()
        };
        let job = ask(&campus, &campus.affairs, query, &COLUMNS).await;
        campus.work().await;
        campus
            .services
            .download_export(&campus.affairs, job)
            .await
            .unwrap();
        for (place, person) in campus.people.iter().enumerate() {
            let lines = campus.looks(&campus.student(place).await).await;
            let inside = person.major < 2;
            assert_eq!(lines.len(), 2 * usize::from(inside), "made and taken out");
            if inside {
                assert_eq!((lines[0].count, lines[0].reason.as_str()), (4, REASON));
                assert!(lines[0].fields.iter().any(|f| f.0 == "身份证号"));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_college_gets_its_own_rows_without_identity_columns() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 16).await;
        let secretary = &campus.secretaries[0];
        for column in [Column::IdNumber, Column::CandidateNumberFull] {
            let refused = campus
                .services
                .request_export(
                    secretary,
                    ListQuery::default(),
                    &[Column::Name, column],
                    REASON,
                )
                .await;
            assert!(matches!(
                refused,
                Err(ServiceError::Invalid {
                    code: "not_allowed",
                    ..
                })
            ));
        }
        let columns = [
            Column::Name,
            Column::IdNumberMasked,
            Column::BirthDate,
            Column::Sex,
            Column::CandidateNumber,
        ];
        let job = ask(&campus, secretary, ListQuery::default(), &columns).await;
        campus.work().await;
        let sheet = sheet(&campus, secretary, job).await;
        assert_eq!(sheet.rows.len(), 8);
        for row in &sheet.rows {
            let born: NaiveDate = row.text(sheet.column("出生日期").unwrap()).parse().unwrap();
            let masked = row.text(sheet.column("身份证号（部分隐藏）").unwrap());
            let person = campus
                .people
                .iter()
                .find(|p| p.born == born && p.name == row.text(0))
                .unwrap();
            let observer = domain::person::mask::Observer {
                areas: &[&person.number[..6]],
                born: born..=born,
                sex: Some(person.sex),
            };
            assert!(
                domain::person::mask::candidates_left(masked, &observer) >= 100,
                "{masked}"
            );
            assert!(
                row.cells
                    .iter()
                    .all(|cell| !cell.text().contains(&person.ksh))
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_export_needs_step_up_reason_and_columns() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let ask = async |actor: &Actor, columns: &[Column], reason: &str| {
            campus
                .services
                .request_export(actor, ListQuery::default(), columns, reason)
                .await
        };
        let late = campus.late(&campus.affairs);
        let refused = ask(&late, &COLUMNS, REASON).await.unwrap_err();
        assert_eq!(reason_of(&refused), Some(Reason::StepUpNeeded));
        assert!(matches!(
            ask(&campus.affairs, &[], REASON).await,
            Err(ServiceError::Invalid {
                field: "columns",
                ..
            })
        ));
        assert!(matches!(
            ask(&campus.affairs, &COLUMNS, "").await,
            Err(ServiceError::Invalid {
                field: "reason",
                ..
            })
        ));
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        assert_eq!(
            reason_of(&ask(&admin, &COLUMNS, REASON).await.unwrap_err()),
            Some(Reason::WrongOffice)
        );
        assert!(
            campus
                .services
                .exports(&campus.affairs)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_has_one_owner_and_an_end() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let job = ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        let state = async || campus.services.exports(&campus.affairs).await.unwrap()[0].clone();
        assert_eq!(state().await.state, ExportState::Waiting);
        let early = campus
            .services
            .download_export(&campus.affairs, job)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&early), Some(Reason::Incomplete));
        campus.work().await;
        let ready = state().await;
        assert_eq!(
            (ready.state, ready.done, ready.total),
            (ExportState::Ready, 4, 4)
        );
        assert_eq!(ready.reason, REASON);
        assert_eq!(ready.expires_on, NaiveDate::from_ymd_opt(2026, 8, 27));
        for other in [&campus.academic, &campus.secretaries[0]] {
            let refused = campus.services.download_export(other, job).await;
            assert!(matches!(refused, Err(ServiceError::NotFound)));
            assert!(campus.services.exports(other).await.unwrap().is_empty());
        }
        assert_eq!(
            campus
                .services
                .remove_expired_exports(campus.tenant)
                .await
                .unwrap(),
            0
        );
        campus
            .services
            .download_export(&campus.affairs, job)
            .await
            .unwrap();
        // Everybody in the file sees that it was taken out.
        for place in 0..4 {
            let student = campus.student(place).await;
            let lines = campus.services.my_access(&student).await.unwrap();
            let kinds: Vec<&str> = lines.iter().map(|line| line.kind.0.as_str()).collect();
            assert!(
                kinds.contains(&"导出名单") && kinds.contains(&"下载导出文件"),
                "{kinds:?}"
            );
        }
        // The server was off for longer than a file is kept.
        campus.bed.advance(TimeDelta::days(40));
        assert_eq!(state().await.state, ExportState::Expired);
        let over = campus
            .services
            .download_export(&campus.affairs, job)
            .await
            .unwrap_err();
        assert_eq!(reason_of(&over), Some(Reason::TooLate));
        let files = || walk(&campus.bed.folder().join("files"));
        let before = files();
        assert_eq!(
            campus
                .services
                .remove_expired_exports(campus.tenant)
                .await
                .unwrap(),
            1
        );
        assert_eq!(files(), before - 1, "the file is gone from the disk");
        let again = campus.services.remove_expired_exports(campus.tenant).await;
        assert_eq!(again.unwrap(), 0, "what is gone is not removed again");
        let over = campus.services.download_export(&campus.affairs, job).await;
        assert_eq!(reason_of(&over.unwrap_err()), Some(Reason::TooLate));
        assert_eq!(state().await.state, ExportState::Expired);
    })
    .await;
}

fn walk(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path) } else { 1 }
        })
        .sum()
}

/// T-JOB-07: a worker that lost its lease writes neither a file nor a line.
#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_nothing() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let job = ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        let lost = campus
            .bed
            .store()
            .control()
            .claim_job("slow")
            .await
            .unwrap()
            .unwrap();
        campus.bed.advance(TimeDelta::minutes(1));
        campus.work().await;
        let late = campus.services.run_export(&lost).await;
        assert!(matches!(
            late,
            Err(ServiceError::Store(store::StoreError::FenceLost))
        ));
        assert_eq!(sheet(&campus, &campus.affairs, job).await.rows.len(), 4);
        let student = campus.student(0).await;
        let lines = campus.services.my_access(&student).await.unwrap();
        let made = lines.iter().filter(|line| line.kind.0 == "导出名单");
        assert_eq!(made.count(), 1);
    })
    .await;
}

/// The files of a campus in the file store.
fn kept(campus: &Campus) -> usize {
    walk(&campus.bed.folder().join("files"))
}

/// The services of a second server, with something that happens at one of its statements.
async fn hooked(campus: &Campus, statement: OnStatement) -> Services {
    let hooks = Hooks {
        statement: Some(statement),
        fenced: true,
    };
    let (settings, source) = (campus.bed.settings(), campus.bed.source().clone());
    let store = Store::hooked(&settings, campus.bed.folder(), source, hooks).await;
    Services::new(store, Arc::new(InProcess))
}

/// A server that dies right before it commits what it made of an export.
async fn dying(campus: &Campus) -> Services {
    let ending = AtomicBool::new(false);
    let at = move |sql: &str| {
        if sql.starts_with("INSERT INTO \"stored_file\"") {
            ending.store(true, Ordering::SeqCst);
        }
        assert!(sql != "COMMIT" || !ending.load(Ordering::SeqCst), "dies");
    };
    hooked(campus, Arc::new(at)).await
}

/// One attempt at the next job that dies, its connections with it; the lease runs out.
async fn attempt_that_dies(campus: &Campus) {
    let control = campus.bed.store().control();
    let claimed = control.claim_job("dies").await.unwrap().unwrap();
    let dying = dying(campus).await;
    let ending = dying.clone();
    let died = tokio::spawn(async move { ending.run_export(&claimed).await }).await;
    assert!(died.unwrap_err().is_panic());
    // Until its connection is gone the transaction holds the row of the job.
    dying.store().close().await.unwrap();
    campus.bed.advance(TimeDelta::seconds(31));
}

/// T-JOB-07: the file was put, the worker died before the commit. The next attempt writes over it.
#[tokio::test]
async fn an_attempt_that_died_leaves_no_second_file() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let before = kept(&campus);
        let job = ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        for _ in 0..2 {
            attempt_that_dies(&campus).await;
            assert_eq!(kept(&campus), before + 1);
        }
        campus.work().await;
        assert_eq!(kept(&campus), before + 1);
        assert_eq!(sheet(&campus, &campus.affairs, job).await.rows.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn an_export_that_is_given_up_leaves_no_file() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let before = kept(&campus);
        ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        for _ in 0..5 {
            attempt_that_dies(&campus).await;
        }
        let worker = Worker::new(campus.services.clone(), "knows");
        assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Failed));
        assert_eq!(kept(&campus), before);
        let lines = campus.services.exports(&campus.affairs).await.unwrap();
        assert_eq!(lines[0].state, ExportState::Failed);
    })
    .await;
}

/// T-JOB-07: the lease is lost between the last checkpoint and the end. The file is the successor's to put.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_that_lost_its_lease_at_the_end_puts_no_file() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let before = kept(&campus);
        ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        let control = campus.bed.store().control();
        let claimed = control.claim_job("slow").await.unwrap().unwrap();
        let (store, source) = (campus.bed.store().clone(), campus.bed.source().clone());
        let taken = AtomicBool::new(false);
        let at = move |sql: &str| {
            if sql == "COMMITTED" && !taken.swap(true, Ordering::SeqCst) {
                source.advance(TimeDelta::minutes(1));
                tokio::task::block_in_place(|| {
                    tokio::runtime::Handle::current().block_on(async {
                        let successor = store.control().claim_job("successor").await;
                        assert!(successor.unwrap().is_some());
                    });
                });
            }
        };
        let slow = hooked(&campus, Arc::new(at)).await;
        let late = slow.run_export(&claimed).await;
        assert!(matches!(
            late,
            Err(ServiceError::Store(store::StoreError::FenceLost))
        ));
        assert_eq!(kept(&campus), before);
    })
    .await;
}

/// More rows than are read between two checkpoints; a whole university with `XJ_LONG=1`.
#[tokio::test]
async fn an_export_of_many_rows_is_complete() {
    let students = if long() { 30_000 } else { 2_100 };
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, students).await;
        let query = ListQuery {
            sort: ListSort::CandidateNumber,
            ..ListQuery::default()
        };
        let columns = [Column::Name, Column::CandidateNumberFull, Column::IdNumber];
        let job = ask(&campus, &campus.affairs, query, &columns).await;
        campus.work().await;
        let sheet = sheet(&campus, &campus.affairs, job).await;
        let mut expected: Vec<(&str, &str, &str)> = campus
            .people
            .iter()
            .map(|p| (p.ksh.as_str(), p.name.as_str(), p.number.as_str()))
            .collect();
        expected.sort_unstable();
        let written: Vec<(&str, &str, &str)> = sheet
            .rows
            .iter()
            .map(|row| (row.text(2), row.text(0), row.text(1)))
            .collect();
        assert_eq!(written, expected);
    })
    .await;
}

/// T-AZ-09: the right of the owner is read again when the job runs.
#[tokio::test]
async fn an_owner_who_left_gets_nothing() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        ask(&campus, &campus.affairs, ListQuery::default(), &COLUMNS).await;
        let admin = campus.bed.officer(campus.tenant, Office::TenantAdmin).await;
        let mut unit = campus.bed.store().begin(&admin).await.unwrap();
        let school = domain::institution::Target::school(campus.tenant);
        let granted = admin
            .authorize::<domain::institution::policy::ImportOrganisation>(&school, unit.now())
            .unwrap();
        let post = campus.affairs.seat().post;
        let yesterday = unit.today() - chrono::Days::new(1);
        unit.end_posts(&[post], yesterday).await.unwrap();
        unit.note(
            &granted,
            store::Subject::new("post", post),
            store::Detail::none(),
        );
        unit.commit().await.unwrap();
        let worker = Worker::new(campus.services.clone(), "test");
        assert_eq!(worker.run_one().await.unwrap(), Some(Ran::Failed));
        assert!(campus.looks(&campus.student(0).await).await.is_empty());
    })
    .await;
}

/// Plain values of a sealed export stand nowhere in the job, the database file or the file store.
#[tokio::test]
async fn nothing_personal_is_kept_in_clear() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 4).await;
        let person = &campus.people[0];
        let query = ListQuery {
            filter: ListFilter {
                search: Some(person.name.clone()),
                year: Some(YEAR),
                ..ListFilter::default()
            },
            ..ListQuery::default()
        };
        let job = ask(&campus, &campus.affairs, query, &COLUMNS).await;
        campus.work().await;
        let unit = campus.bed.store().read(&campus.affairs).await.unwrap();
        let stored = unit.job(job).await.unwrap();
        assert!(!stored.payload.contains(&person.name) && !stored.payload.contains(REASON));
        for path in [
            campus.bed.folder().join("files"),
            campus.bed.folder().to_owned(),
        ] {
            for bytes in contents(&path) {
                let found = bytes
                    .windows(18)
                    .any(|window| window == person.number.as_bytes());
                assert!(
                    !found,
                    "the number stands in clear below {}",
                    path.display()
                );
            }
        }
    })
    .await;
}

fn contents(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.push(std::fs::read(path).unwrap());
        }
    }
    all
}

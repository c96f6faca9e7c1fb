//! What a page says when something did not go through: a stopped import and how it goes on, a file with repaired rows that
//! cannot be read, a first code that was mistyped.

use crate::forms::{copied, encode, form, forms};
use crate::house::{Answer, House};
use crate::uploads;
use domain::institution::{Actor, Office, TenantId};
use domain::view::admission::{RowState, UploadOutcome};
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape, ZipNames};
use services::admission::{AdmissionUpload, Content};
use services::worker::{Ran, Worker};
use std::collections::BTreeMap;
use uuid::Uuid;

const SLUG: &str = "shou";

async fn school(house: &House) -> (TenantId, Actor) {
    let tenant = house.school(SLUG).await;
    (tenant, house.bed.officer(tenant, Office::Admissions).await)
}

/// Uploads a package with one wrong row; nobody has looked at it yet.
async fn uploaded(house: &House, officer: &Actor) -> Uuid {
    let province = ProvinceSpec {
        code: "31".to_owned(),
        rows: 8,
        shape: Shape::default(),
        defects: BTreeMap::from([(Defect::BadChecksum, 1)]),
    };
    let package = PackageSpec {
        seed: 5,
        year: 2026,
        provinces: vec![province],
    };
    let upload = AdmissionUpload {
        year: 2026,
        path: domain::admission::path::AdmissionPath::Ordinary,
        file_name: "录取数据.zip".to_owned(),
        content: Content::File(package.generate().zip(ZipNames::Gbk)),
        columns: None,
    };
    let outcome = house.services.upload_admission(officer, upload).await;
    match outcome.unwrap() {
        UploadOutcome::Started { import } => import,
        UploadOutcome::Already { import, .. } => panic!("{import} is there already"),
    }
}

async fn work(house: &House) -> Option<Ran> {
    let worker = Worker::new(house.services.clone(), "test");
    worker.run_one().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stopped_has_a_button_that_starts_it_again() {
    House::on_each(|house| async move {
        let (_, officer) = school(&house).await;
        let import = uploaded(&house, &officer).await;
        let page = format!("/{SLUG}/admission/imports/{import}");
        let cookie = house.cookie(&officer).await;
        let waits = house.get(&page, Some(&cookie)).await.body;
        let resume = "/api/admission/resume";
        assert!(!waits.contains(resume), "nothing has stopped yet");
        // The disk with the files is away while the worker looks for them.
        let files = house.bed.folder().join("files");
        let away = house.bed.folder().join("away");
        std::fs::rename(&files, &away).unwrap();
        assert_eq!(work(&house).await, Some(Ran::Failed));
        std::fs::rename(&away, &files).unwrap();

        let stopped = house.get(&page, Some(&cookie)).await.body;
        assert!(stopped.contains("后台任务没有完成") && stopped.contains("没有写入一半的内容"));
        assert!(!stopped.contains("<progress"), "nothing goes on: {stopped}");
        let again = form(&stopped, resume);
        assert!(
            again
                .fields
                .contains(&("import".to_owned(), import.to_string()))
        );
        let answer = house.submit(resume, Some(&cookie), &again.body()).await;
        assert!(
            answer.header("location").starts_with(&page),
            "{}",
            answer.header("location")
        );
        let goes_on = house.get(&page, Some(&cookie)).await.body;
        assert!(goes_on.contains("<progress") && !goes_on.contains(resume));
        assert_eq!(work(&house).await, Some(Ran::Done));
        let done = house.get(&page, Some(&cookie)).await.body;
        assert!(done.contains("确认入库 7 人"), "{done}");
        assert!(!done.contains(resume));
    })
    .await;
}

async fn send_repaired(house: &House, cookie: &str, import: Uuid, file: &[u8]) -> Answer {
    let import = import.to_string();
    let fields = [
        ("tenant", SLUG),
        ("repair", import.as_str()),
        ("year", "2026"),
    ];
    let path = format!("/{SLUG}/files/admission");
    let file = [("a.xlsx".to_owned(), file.to_vec())];
    let request = uploads::upload(&path, Some(cookie), &fields, &file);
    house.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn repaired_rows_that_cannot_be_read_are_told_in_one_sentence_once() {
    House::on_each(|house| async move {
        let (_, officer) = school(&house).await;
        let import = uploaded(&house, &officer).await;
        assert_eq!(work(&house).await, Some(Ran::Done));
        let cookie = house.cookie(&officer).await;
        let answer = send_repaired(&house, &cookie, import, b"PK not a workbook").await;
        let led = answer.header("location").to_owned();
        assert!(
            led.contains(&import.to_string()) && led.contains("refused=file"),
            "{led}"
        );
        let page = house.get(&led, Some(&cookie)).await.body;
        let said = page.split("文件里的问题").nth(1).expect(&page);
        let sentence = said.split("</div>").next().unwrap();
        assert!(
            sentence.contains("文件") || sentence.contains("Excel"),
            "{sentence}"
        );
        let later = house.get(&led, Some(&cookie)).await.body;
        assert!(!later.contains("文件里的问题"), "it is told once");
        let view = house.services.import_view(&officer, import).await.unwrap();
        assert_eq!(
            view.line.counts.in_state(RowState::Bad),
            1,
            "nothing was changed"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_on_one_page_that_outlives_a_mistyped_code() {
    House::on_each(|house| async move {
        let (_, officer) = school(&house).await;
        let cookie = house.cookie(&officer).await;
        let account = format!("/{SLUG}/account");
        let before = house.get(&account, Some(&cookie)).await.body;
        let enrol = form(&before, "/api/institution/totp-enrol");
        let begun = house
            .submit("/api/institution/totp-enrol", Some(&cookie), &enrol.body())
            .await;
        assert!(begun.header("location").starts_with(&account));

        let page = house.get(&account, Some(&cookie)).await.body;
        let drawings = page.split("<svg ").skip(1);
        let mut drawings = drawings.filter_map(|rest| rest.split('>').next());
        let code = drawings.find(|tag| tag.contains("\"xj-qr\"")).expect(&page);
        assert!(
            code.contains("role=\"img\"") && code.contains("aria-label=\"动态口令二维码\""),
            "{code}"
        );
        let secret = copied(&page).next().unwrap().to_owned();
        assert!(
            secret.len() >= 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()),
            "{secret}"
        );
        assert!(
            page.contains("otpauth://totp/"),
            "a phone opens its own app"
        );
        assert!(
            !forms(&page)
                .iter()
                .any(|form| form.action.ends_with("totp-enrol")),
            "one way at a time"
        );
        let confirm = form(&page, "/api/institution/totp-confirm").with("code", "000000");
        let wrong = house
            .submit(
                "/api/institution/totp-confirm",
                Some(&cookie),
                &confirm.body(),
            )
            .await;
        let led = wrong.header("location").to_owned();
        assert!(
            led.contains("refused=wrong") && led.contains("field=code"),
            "{led}"
        );
        let again = house.get(&led, Some(&cookie)).await.body;
        assert_eq!(
            copied(&again).next(),
            Some(secret.as_str()),
            "the key stays"
        );
        assert!(
            again.contains("aria-invalid=\"true\""),
            "the field says what is wrong"
        );
        assert!(!led.contains(&encode(&secret)), "no secret in an address");
    })
    .await;
}

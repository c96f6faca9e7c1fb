//! Photos, the workbook of findings and repaired rows over HTTP: by the office that may, by others, at other universities.

use super::{admissions, upload};
use crate::forms::form;
use crate::house::{Answer, House};
use domain::institution::{Actor, Office, TenantId};
use domain::view::admission::RowState;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, SamplePackage, Shape, ZipNames};
use formats::table::{TableLimits, read};
use formats::workbook::{Column, write_table};
use http::StatusCode;
use services::worker::{Ran, Worker};
use std::collections::BTreeMap;
use uuid::Uuid;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn post(
    house: &House,
    actor: &Actor,
    path: &str,
    fields: &[(&str, &str)],
    file: (&str, Vec<u8>),
) -> Answer {
    let cookie = house.cookie(actor).await;
    let files = [(file.0.to_owned(), file.1)];
    house
        .send(upload(path, Some(&cookie), fields, &files))
        .await
}

/// Runs every job that is due to its end.
pub async fn work(house: &House) {
    let worker = Worker::new(house.services.clone(), "test");
    while let Some(ran) = worker.run_one().await.unwrap() {
        assert_eq!(ran, Ran::Done);
    }
}

/// The import that an answer leads to.
pub fn led_to(answer: &Answer) -> Uuid {
    let place = answer.header("location");
    assert!(place.ends_with("done=uploaded"), "{place}");
    let id = place.rsplit('/').next().unwrap().split('?').next().unwrap();
    id.parse().unwrap()
}

/// A package of eight people; two have a wrong check character.
pub fn sample() -> SamplePackage {
    PackageSpec {
        seed: 6,
        year: 2026,
        provinces: vec![ProvinceSpec {
            code: "31".to_owned(),
            rows: 8,
            shape: Shape::default(),
            defects: BTreeMap::from([(Defect::BadChecksum, 2)]),
        }],
    }
    .generate()
}

/// The people of the sample without the two who have to be mended: they are in.
pub async fn intake(house: &House, tenant: TenantId) {
    let officer = house.bed.officer(tenant, Office::Admissions).await;
    let zip = ("录取.zip", sample().zip(ZipNames::Gbk));
    let sent = post(house, &officer, "/shou/files/admission", &FIELDS, zip).await;
    confirm(house, &officer, led_to(&sent)).await;
}

/// Confirms what is good of an import, once it is checked.
pub async fn confirm(house: &House, officer: &Actor, import: Uuid) {
    work(house).await;
    let cookie = house.cookie(officer).await;
    let path = format!("/shou/admission/imports/{import}");
    let page = house.get(&path, Some(&cookie)).await;
    let confirm = form(&page.body, "/api/admission/confirm");
    let body = confirm.body();
    let done = house.submit(&confirm.action, Some(&cookie), &body).await;
    assert!(done.header("location").ends_with("done=confirmed"));
    work(house).await;
}

const FIELDS: [(&str, &str); 3] = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];

#[tokio::test]
async fn photos_come_to_the_office_that_may_send_them() {
    House::on_each(|house| async move {
        let (tenant, officer) = admissions(&house).await;
        let limits = formats::photos::PhotoLimits::default().files;
        let photos = [("26310000150001.jpg".to_owned(), b"no photo".to_vec())];
        let zip = formats::archive::pack(photos.to_vec(), &limits).unwrap();
        let send = async |actor: &Actor, path: &str, fields: &[(&str, &str)]| {
            let file = ("照片.zip", zip.clone());
            post(&house, actor, path, fields, file).await
        };
        let answer = send(&officer, "/shou/files/photos", &FIELDS).await;
        let import = led_to(&answer);
        work(&house).await;
        let view = house.services.import_view(&officer, import).await.unwrap();
        assert_eq!(view.line.file_name, "照片.zip");
        assert_eq!(view.line.counts.source["photos"], 1, "the file came whole");
        let tally = view.line.tally();
        assert_eq!((tally.all, tally.inside, tally.wrong), (1, 0, 1));
        let cookie = house.cookie(&officer).await;
        let path = format!("/shou/admission/imports/{import}");
        let page = house.get(&path, Some(&cookie)).await.body;
        assert!(page.contains("匹配并入库") && page.contains("没有新入库"));
        for foreign in ["最近确认", "/api/admission/undo"] {
            assert!(
                !page.contains(foreign),
                "nobody confirmed anything: {foreign}"
            );
        }
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let answer = send(&affairs, "/shou/files/photos", &FIELDS).await;
        assert!(
            !answer.header("location").contains("done="),
            "{:?}",
            answer.headers
        );
        // Another university, in the address or in the form.
        let elsewhere = house.school("haida").await;
        let stranger = house.bed.officer(elsewhere, Office::Admissions).await;
        let answer = send(&stranger, "/shou/files/photos", &FIELDS).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let answer = send(&stranger, "/haida/files/photos", &FIELDS).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let (lines, _) = house.services.imports(&officer, 0, 10).await.unwrap();
        assert_eq!(lines.len(), 1);
        let (lines, _) = house.services.imports(&stranger, 0, 10).await.unwrap();
        assert_eq!(lines.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn findings_are_downloaded_mended_and_sent_back() {
    House::on_each(|house| async move {
        let (tenant, officer) = admissions(&house).await;
        let zip = ("录取.zip", sample().zip(ZipNames::Gbk));
        let answer = post(&house, &officer, "/shou/files/admission", &FIELDS, zip).await;
        let import = led_to(&answer);
        work(&house).await;
        let path = format!("/shou/files/findings/{import}");
        let cookie = house.cookie(&officer).await;
        let answer = house.get(&path, Some(&cookie)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), XLSX);
        let kept = answer.header("content-disposition");
        let name = crate::forms::encode("录取-检查结果.xlsx");
        assert!(kept.starts_with("attachment"), "{kept}");
        assert!(
            kept.ends_with(&format!("filename*=UTF-8''{name}")),
            "{kept}"
        );
        let sheet = read(&answer.bytes, &TableLimits::default()).unwrap();
        assert_eq!(sheet.rows.len(), 2, "the rows to be mended and no others");
        let mended = mended(&answer.bytes);
        // Neither another office nor another university gets it, whatever address they ask under.
        let affairs = house.bed.officer(tenant, Office::StudentAffairs).await;
        let cookie = house.cookie(&affairs).await;
        let answer = house.get(&path, Some(&cookie)).await;
        assert_ne!(answer.status, StatusCode::OK);
        assert_ne!(answer.header("content-type"), XLSX);
        let elsewhere = house.school("haida").await;
        let stranger = house.bed.officer(elsewhere, Office::Admissions).await;
        let cookie = house.cookie(&stranger).await;
        assert_eq!(
            house.get(&path, Some(&cookie)).await.status,
            StatusCode::NOT_FOUND
        );
        let own = format!("/haida/files/findings/{import}");
        let answer = house.get(&own, Some(&cookie)).await;
        assert_ne!(answer.header("content-type"), XLSX);
        // Repaired rows change the import of the office that may, and of nobody else.
        let id = import.to_string();
        let with_import = |tenant: &'static str| [("tenant", tenant), ("repair", id.as_str())];
        let send = async |actor: &Actor, slug: &'static str| {
            let path = format!("/{slug}/files/admission");
            let file = ("改正.xlsx", mended.clone());
            post(&house, actor, &path, &with_import(slug), file).await
        };
        for (actor, slug) in [
            (&affairs, "shou"),
            (&stranger, "haida"),
            (&stranger, "shou"),
        ] {
            let answer = send(actor, slug).await;
            assert!(
                !answer.header("location").contains("done="),
                "{:?}",
                answer.headers
            );
        }
        let view = house.services.import_view(&officer, import).await.unwrap();
        assert_eq!(view.line.counts.in_state(RowState::Bad), 2);
        assert_eq!(led_to(&send(&officer, "shou").await), import);
        work(&house).await;
        let view = house.services.import_view(&officer, import).await.unwrap();
        assert_eq!(view.line.counts.in_state(RowState::Bad), 0);
        assert_eq!(view.line.counts.in_state(RowState::Good), 8);
    })
    .await;
}

/// The rows of the workbook with the right check character.
pub fn mended(book: &[u8]) -> Vec<u8> {
    let sheet = read(book, &TableLimits::default()).unwrap();
    let at = sheet.column("身份证号").unwrap();
    let rows: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .map(|row| {
            let cells = (0..sheet.headings.len()).map(|place| row.text(place).to_owned());
            let mut cells: Vec<String> = cells.collect();
            let digit = domain::person::id_number::check_digit(&cells[at][..17]).unwrap();
            cells[at] = format!("{}{digit}", &cells[at][..17]);
            cells
        })
        .collect();
    let columns: Vec<Column> = sheet.headings.iter().map(|h| Column::text(h)).collect();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap();
    write_table("改正", &columns, rows, day).unwrap()
}

const HEAD: &str = "考生号,姓名,性别,证件类型,身份证号,出生日期,民族,录取专业\n";

/// One row of a list, with the check digit of the number.
fn person(ksh: &str, number: &str) -> String {
    let digit = domain::person::id_number::check_digit(number).unwrap();
    let born = &number[6..14];
    format!("{ksh},赵七,男,居民身份证,{number}{digit},{born},汉族,会计学\n")
}

async fn list(house: &House, officer: &Actor, year: &str, rows: &str) -> Uuid {
    let fields = [("tenant", "shou"), ("year", year), ("path", "ordinary")];
    let file = ("名单.csv", format!("{HEAD}{rows}").into_bytes());
    led_to(&post(house, officer, "/shou/files/admission", &fields, file).await)
}

/// The candidate numbers of the findings that a page shows.
fn found(page: &str) -> Vec<&str> {
    let table = page.split("aria-label=\"检查发现\"").nth(1).unwrap();
    let body = table.split("<tbody>").nth(1).unwrap();
    let body = body.split("</tbody>").next().unwrap();
    let rows = body.split("<tr").skip(1);
    rows.map(|row| {
        row.split("<div>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
    })
    .collect()
}

/// One kind may weigh differently from row to row: a figure counts one weight of it, and leads to just these rows.
#[tokio::test]
async fn a_figure_shows_the_findings_of_its_kind_and_weight_alone() {
    House::on_each(|house| async move {
        let (_, officer) = admissions(&house).await;
        let (last_year, this_year) = ("31010120040301001", "31010120040301003");
        for (year, ksh, number) in [
            ("2025", "25310115150001", last_year),
            ("2026", "26310115150001", this_year),
        ] {
            let import = list(&house, &officer, year, &person(ksh, number)).await;
            confirm(&house, &officer, import).await;
        }
        let (error, warning, other) = ("26310115150003", "26310115150002", "26310115150004");
        let wrong = person(other, "31010120040301005").replace(",男,", ",女,");
        let rows = [person(warning, last_year), person(error, this_year), wrong];
        let import = list(&house, &officer, "2026", &rows.concat()).await;
        work(&house).await;
        let cookie = house.cookie(&officer).await;
        let path = format!("/shou/admission/imports/{import}");
        let all = house.get(&path, Some(&cookie)).await;
        assert_eq!(found(&all.body).len(), 3, "{:?}", found(&all.body));
        for label in ["证件号码已入库（错误）", "证件号码已入库（提示）"] {
            assert!(all.body.contains(label), "{label}");
        }
        for (severity, ksh) in [("error", error), ("warning", warning)] {
            let query = format!("?kind=earlier_document&severity={severity}");
            let href = format!("{path}{}", query.replace('&', "&amp;"));
            assert!(all.body.contains(&format!("href=\"{href}\"")), "{href}");
            let page = house.get(&format!("{path}{query}"), Some(&cookie)).await;
            assert_eq!(found(&page.body), [ksh], "{query}");
            assert!(page.body.contains("1 条"), "{query}: the count is of these");
        }
        // Neither alone is a figure of the page: everything is shown.
        let half = format!("{path}?kind=earlier_document");
        let half = house.get(&half, Some(&cookie)).await;
        assert_eq!(found(&half.body).len(), 3);
    })
    .await;
}

//! A list of 20,000 as a workbook, beside the writer alone.

use crate::ground::{Ground, ROUNDS};
use crate::import::{candidates, package};
use crate::report::{Figure, Goal, median};
use domain::admission::path::AdmissionPath;
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, TenantId};
use domain::view::list::{Column, ListQuery};
use formats::table::{TableLimits, read};
use rust_xlsxwriter::{Format, Workbook};
use services::worker::{Ran, Worker};
use std::time::Instant;
use store::floors::Floors;

/// A college, a major of it and a class of that, as the school's own list has them.
const UNITS: &str = "类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级
学院,01,海洋科学与生态环境学院,,,,,
专业,0101,海洋科学,01,070701,2026,4,
班级,260101,海科2601,0101,,,,2026
";

/// From the request to the finished file: seconds, and the bytes of the workbook.
async fn own(ground: &Ground, officer: &Actor) -> (f64, Vec<u8>) {
    let officer = ground.fresh(officer);
    // Everything that the office may take along, whole ID numbers too: opening what is sealed is part of the work.
    let open = |column: &Column| column.sensitivity().open_to(&officer);
    let columns: Vec<Column> = Column::ALL.into_iter().filter(open).collect();
    let services = &ground.services;
    let begun = Instant::now();
    let job = services
        .request_export(&officer, ListQuery::default(), &columns, "给学院核对名单")
        .await
        .expect("a request");
    let ran = Worker::new(services.clone(), "bench").run_one().await;
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(ran.expect("a worker"), Some(Ran::Done));
    let file = services.download_export(&officer, job).await;
    (took, file.expect("the file").bytes)
}

/// The same workbook by the writer alone: the columns are text, and an empty cell is none. Seconds.
fn floor(cells: &[Vec<String>]) -> f64 {
    let begun = Instant::now();
    let text = Format::new().set_num_format("@");
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_constant_memory().expect("a sheet");
    let width = cells.first().map_or(0, Vec::len);
    for at in (0_u16..).take(width) {
        page.set_column_format(at, &text).expect("a column");
    }
    for (row, cells) in (0_u32..).zip(cells) {
        for (at, cell) in (0_u16..).zip(cells) {
            if !cell.is_empty() {
                page.write_string(row, at, cell.as_str()).expect("a cell");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    assert!(bytes.len() > cells.len());
    begun.elapsed().as_secs_f64()
}

/// The cells of a workbook.
fn cells_of(bytes: &[u8]) -> Vec<Vec<String>> {
    let sheet = read(bytes, &TableLimits::default()).expect("the workbook");
    let width = sheet.headings.len();
    let rows = sheet.rows.iter();
    let rows = rows.map(|row| (0..width).map(|at| row.text(at).to_owned()).collect());
    std::iter::once(sheet.headings.clone())
        .chain(rows)
        .collect()
}

async fn list(ground: &Ground, rows: u32) -> Actor {
    let tenant = ground.university("list").await;
    let officer = ground.officer(tenant).await;
    let path = package(ground, 43, rows);
    let services = &ground.services;
    services
        .import_path(&officer, &path, 2026, AdmissionPath::Ordinary, &[])
        .await
        .expect("an import");
    place(ground, tenant).await;
    officer
}

/// Gives everybody a college, a major, a class, a number and a hand-over, so that no column is empty for want of them.
async fn place(ground: &Ground, tenant: TenantId) {
    let admin = ground.admin(tenant).await;
    let services = &ground.services;
    let sent = services
        .upload_organisation(&admin, OrganisationFile::Units, "单位.csv", UNITS.into())
        .await
        .expect("an upload");
    let counts = services
        .confirm_organisation(&admin, sent.import, None)
        .await;
    assert_eq!(counts.expect("units").good, 3);
    let unit = services.store().read(&admin).await.expect("a look");
    let units = unit.units().await.expect("units");
    let id = |kind: &str| {
        let unit = units.iter().find(|unit| unit.kind == kind);
        unit.expect("a unit").id
    };
    let places = format!(
        "college_id = '{}', major_id = '{}', class_id = '{}', student_no = ksh, handed_over_on = '2026-08-10'",
        id("college"),
        id("major"),
        id("class"),
    );
    drop(unit);
    ground.bed.tamper(tenant, "student", &places).await;
    // PostgreSQL does so by itself within a minute.
    let analyzed = Floors::analyze(&ground.bed.owner().url).await;
    analyzed.expect("statistics of the planner");
}

/// Time.
pub async fn figures() -> Vec<Figure> {
    let ground = Ground::new().await;
    let size = candidates();
    let officer = list(&ground, size.number).await;
    let (_, bytes) = own(&ground, &officer).await;
    let cells = cells_of(&bytes);
    let rows = usize::try_from(size.number).unwrap_or(usize::MAX);
    assert_eq!(cells.len(), rows + 1, "a heading and every student");
    let filled = |at: usize| {
        cells
            .iter()
            .skip(1)
            .any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()))
    };
    let headings = cells.first().into_iter().flatten().enumerate();
    let empty: Vec<&String> = headings
        .filter(|(at, _)| !filled(*at))
        .map(|(_, name)| name)
        .collect();
    assert!(empty.is_empty(), "columns without a value: {empty:?}");
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.push(own(&ground, &officer).await.0);
        floors.push(floor(&cells));
    }
    ground.end().await;
    let (time, floor) = (median(times), median(floors));
    vec![Figure {
        name: "export_time",
        value: time / floor,
        unit: "x floor",
        goal: Goal::AtMost(1.5),
        floor: Some((time, floor, "s")),
        reduced: size.reduced,
    }]
}

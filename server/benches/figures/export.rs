//! A list of 20,000 as a workbook, beside the writer alone.

use crate::ground::{Ground, ROUNDS};
use crate::import::{candidates, package};
use crate::report::{Figure, Goal, median};
use domain::admission::path::AdmissionPath;
use domain::institution::Actor;
use domain::view::list::{Column, ListQuery};
use formats::table::{TableLimits, read};
use rust_xlsxwriter::{Format, Workbook};
use services::worker::{Ran, Worker};
use std::time::Instant;

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

/// The same cells, in the same format for text, by the writer alone: seconds.
fn floor(cells: &[Vec<String>]) -> f64 {
    let begun = Instant::now();
    let text = Format::new().set_num_format("@");
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_constant_memory().expect("a sheet");
    for (row, cells) in (0_u32..).zip(cells) {
        for (at, cell) in (0_u16..).zip(cells) {
            page.write_string_with_format(row, at, cell.as_str(), &text)
                .expect("a cell");
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
    officer
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

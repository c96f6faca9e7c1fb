//! Worksheets: columns are assigned once and read like that the next time; nobody passes for another province's offer.

use crate::admission::ground::{Ground, YEAR, upload_of};
use domain::admission::check::CheckContext;
use domain::admission::import::ImportState;
use domain::admission::path::AdmissionPath;
use domain::admission::source::{ColumnMapping, Notice, SourceField, suggest_mapping};
use domain::decision::Reason;
use domain::text::{Label as _, Lang};
use domain::view::admission::RowState;
use formats::table::{TableLimits, read};
use formats::workbook::{Column, RESULT_HEADING, write_table};
use services::ServiceError;
use store::testkit::on_both;
use uuid::Uuid;

const FIELDS: [(&str, SourceField); 6] = [
    ("编号", SourceField::Ksh),
    ("名", SourceField::Xm),
    ("男女", SourceField::Xbdm),
    ("证", SourceField::Zjhm),
    ("族别", SourceField::Mzdm),
    ("去向", SourceField::Zymc),
];
const NUMBERS: [&str; 3] = [
    "310115200803150010",
    "310115200803150037",
    "310115200803150053",
];

async fn send(ground: &Ground, name: &str, text: &str) -> Uuid {
    ground.sent(upload_of(name, text.as_bytes().to_vec())).await
}

async fn assign(
    ground: &Ground,
    import: Uuid,
    fields: &[Option<SourceField>],
) -> Result<Uuid, ServiceError> {
    let version = ground.view(import).await.version;
    ground
        .services
        .assign_columns(&ground.officer, import, version, fields)
        .await
}

#[tokio::test]
async fn the_command_line_reads_a_sheet_as_the_pages_do() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sheet = |number: &str| {
            format!("编号,名,男女,证,族别,去向\n26310115150001,张三,男,{number},汉族,海洋科学\n")
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("二.csv");
        std::fs::write(&file, sheet(NUMBERS[1])).unwrap();
        let context = || CheckContext {
            year: YEAR,
            school_codes: Vec::new(),
            today: chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap(),
            path: AdmissionPath::Ordinary,
        };
        let check = async || {
            ground
                .services
                .check_path(ground.tenant, &file, context())
                .await
        };
        assert!(matches!(check().await, Err(ServiceError::File(_))));
        let import = send(&ground, "一.csv", &sheet(NUMBERS[0])).await;
        let fields = FIELDS.map(|(_, field)| Some(field));
        assign(&ground, import, &fields).await.unwrap();
        ground.work().await;
        let report = check().await.unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(report.candidates[0].facts.name, "张三");
        let said = |notice: &Notice| matches!(notice, Notice::ColumnsAsSaved { .. });
        assert!(report.notices.iter().any(said), "{:?}", report.notices);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_is_kept_for_the_next_sheet() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let first = format!(
            "编号,名,男女,证,族别,去向\n26310115150001,张三,男,{},汉族,海洋科学\n",
            NUMBERS[0]
        );
        let import = send(&ground, "一.csv", &first).await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Unreadable);
        let columns = view.columns.unwrap();
        let headings: Vec<&str> = columns.columns.iter().map(|(h, _)| h.as_str()).collect();
        assert_eq!(headings, FIELDS.map(|(heading, _)| heading));
        assert!(!columns.assigned);
        // Without the number of the candidate nobody can be registered, and one field has one column.
        let mut fields = FIELDS.map(|(_, field)| Some(field));
        fields[0] = None;
        let missing = assign(&ground, import, &fields).await;
        assert!(matches!(
            missing,
            Err(ServiceError::Invalid {
                code: "columns_missing",
                ..
            })
        ));
        fields[0] = Some(SourceField::Xm);
        let twice = assign(&ground, import, &fields).await;
        assert!(matches!(
            twice,
            Err(ServiceError::Invalid {
                code: "columns_repeated",
                ..
            })
        ));
        assert_eq!(
            ground.view(import).await.line.state,
            ImportState::Unreadable
        );
        fields[0] = Some(SourceField::Ksh);
        assign(&ground, import, &fields).await.unwrap();
        let stale = ground
            .services
            .assign_columns(&ground.officer, import, 1, &fields)
            .await;
        assert!(
            matches!(stale, Err(ServiceError::Refused(refusal)) if refusal.reason == Reason::Stale)
        );
        ground.work().await;
        let view = ground.view(import).await;
        assert_eq!(view.line.state, ImportState::Checked);
        assert_eq!(view.unreadable, None);
        assert!(view.columns.unwrap().assigned);
        assert_eq!(
            view.line.counts.in_state(RowState::Good),
            1,
            "{:?}",
            view.totals
        );
        ground.confirm(import).await;
        // The next sheet, in another order: nobody is asked again.
        let next = format!(
            "名,编号,证,男女,去向,族别\n李四,26310115150002,{},女,海洋科学,汉族\n",
            "310115200803150029"
        );
        let import = send(&ground, "二.csv", &next).await;
        let view = ground.view(import).await;
        assert_eq!(
            view.line.state,
            ImportState::Checked,
            "{:?}",
            view.unreadable
        );
        assert!(view.columns.unwrap().assigned);
        assert!(
            view.notices.iter().any(|(zh, _)| zh.contains("上次")),
            "{:?}",
            view.notices
        );
        // Other headings are no such sheet.
        let other = "号,名字,男女,证\n26310115150003,王五,男,310115200803150053\n";
        let import = send(&ground, "三.csv", other).await;
        assert_eq!(
            ground.view(import).await.line.state,
            ImportState::Unreadable
        );
        ground.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn repaired_rows_are_read_by_the_columns_of_their_sheet() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let wrong = "310115200803150011";
        let text = format!(
            "编号,名,男女,证,族别,去向\n26310115150001,张三,男,{wrong},汉族,海洋科学\n\
             26310115150002,李四,男,{},汉族,海洋科学\n",
            NUMBERS[1]
        );
        let import = send(&ground, "名单.csv", &text).await;
        assign(&ground, import, &FIELDS.map(|(_, field)| Some(field)))
            .await
            .unwrap();
        ground.work().await;
        assert_eq!(ground.rows(import).await[&RowState::Bad], 1);
        let (services, officer) = (&ground.services, &ground.officer);
        let book = services
            .findings_workbook(officer, import, Lang::Zh)
            .await
            .unwrap();
        let sheet = read(&book, &TableLimits::default()).unwrap();
        assert!(sheet.column(RESULT_HEADING).is_some());
        let at = sheet.column("证").unwrap();
        let rows: Vec<Vec<String>> = sheet
            .rows
            .iter()
            .filter(|row| row.text(at) == wrong)
            .map(|row| {
                (0..sheet.headings.len())
                    .map(|place| {
                        if place == at {
                            NUMBERS[0]
                        } else {
                            row.text(place)
                        }
                        .to_owned()
                    })
                    .collect()
            })
            .collect();
        let columns: Vec<Column> = sheet.headings.iter().map(|h| Column::text(h)).collect();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 8, 20).unwrap();
        let mended = write_table("改正", &columns, rows, day).unwrap();
        services
            .repair(officer, import, "改正.xlsx", mended)
            .await
            .unwrap();
        ground.work().await;
        let rows = ground.rows(import).await;
        assert_eq!(
            (rows.get(&RowState::Good), rows.get(&RowState::Bad)),
            (Some(&2), None)
        );
        let notices = ground.view(import).await.notices;
        assert!(
            notices.iter().any(|(zh, _)| zh.contains("替换 1 处")),
            "{notices:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn two_provinces_under_one_file_name_keep_their_majors_apart() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let sheet = |ksh: &str, number: &str, code: &str, name: &str| {
            format!(
                "考生号,姓名,性别,证件号码,民族,录取专业代号,专业代码,专业名称\n\
                 {ksh},张三,男,{number},汉族,01,{code},{name}\n"
            )
        };
        let shanghai = sheet("26310115150001", NUMBERS[0], "070701", "海洋科学");
        let import = send(&ground, "名单.csv", &shanghai).await;
        ground.confirm(import).await;
        let jiangsu = sheet("26320115150001", NUMBERS[1], "090601", "水产养殖学");
        let import = send(&ground, "名单.csv", &jiangsu).await;
        ground.confirm(import).await;
        let unit = ground.bed.store().read(&ground.officer).await.unwrap();
        let maps = unit.major_maps(i32::from(YEAR)).await.unwrap();
        let mut names: Vec<(&str, &str)> = maps
            .iter()
            .map(|map| (map.admitted_code.as_str(), map.national_name.as_str()))
            .collect();
        names.sort_unstable();
        assert_eq!(names, [("01", "水产养殖学"), ("01", "海洋科学")]);
        for map in &maps {
            assert_eq!(unit.students_to_place(map).await.unwrap().len(), 1);
        }
        let view = ground
            .services
            .major_map_view(&ground.officer, i32::from(YEAR))
            .await
            .unwrap();
        assert!(view.lines.iter().all(|line| line.students == 1));
    })
    .await;
}

/// The template marks what the form for columns asks for, says how cells are filled in, and its example is no candidate.
#[tokio::test]
async fn the_template_asks_for_what_the_form_asks_for() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let made = ground
            .services
            .template(&ground.officer, "candidates", Lang::Zh);
        let sheet = read(&made.unwrap().bytes, &TableLimits::default()).unwrap();
        assert!(sheet.rows.is_empty(), "the example is passed over");
        let marked = sheet
            .headings
            .iter()
            .filter(|heading| heading.ends_with('*'));
        let marked: Vec<&str> = marked
            .map(|heading| heading.trim_end_matches('*'))
            .collect();
        let needed = ColumnMapping::REQUIRED.map(|field| field.label().zh);
        let mut needed = needed.to_vec();
        needed.sort_by_key(|name| marked.iter().position(|own| own == name));
        assert_eq!(marked, needed);
        let mapping = suggest_mapping(&sheet.headings);
        assert_eq!(mapping.0.len(), SourceField::ALL.len());
    })
    .await;
}

//! The import wizard: upload → check → look → confirm; and the mapping of majors.

mod look;
mod majors;
mod one;
mod steps;

use super::paged::{last_page, page_number, page_of, pager};
use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page};
use domain::admission::path::AdmissionPath;
use domain::view::admission::ImportLine;
use leptos::prelude::*;
use services::admission::UploadLimits;
use ui::prelude::*;

/// The list of imports with the upload form.
#[component]
pub fn ImportsPage() -> impl IntoView {
    page(list)
}

/// One import.
#[component]
pub fn ImportPage() -> impl IntoView {
    page(one::one)
}

/// The mapping of majors.
#[component]
pub fn MajorsPage() -> impl IntoView {
    page(majors::majors)
}

/// Mark of the form that sends a whole folder.
const FOLDER: &str = "folder";
/// Mark of the form that sends photos.
const PHOTOS: &str = "photos";
/// Imports on one page of the list.
const LISTED: u64 = 50;

/// The year of four digits that is asked for; else this one.
fn this_year(cx: Cx) -> i32 {
    use chrono::Datelike;
    cx.query("year")
        .and_then(|y| y.parse().ok())
        .filter(|year| (1_000..10_000).contains(year))
        .unwrap_or_else(|| domain::calendar::local_date(cx.services().now()).year())
}

fn standing(cx: Cx, line: &ImportLine) -> AnyView {
    let (label, tone) = line.standing();
    say::word_chip(cx.text(label).to_owned(), tone)
}

async fn list(cx: Cx) -> Page {
    let (actor, page) = (cx.actor()?, page_number(cx));
    let (lines, total) = cx
        .services()
        .run(move |services| async move {
            services
                .imports(&actor, u64::from(page - 1) * LISTED, LISTED)
                .await
        })
        .await?;
    let columns = vec![
        Column::new(cx.pick("文件", "File")).title(),
        Column::new(cx.pick("内容", "Content")),
        Column::new(cx.pick("年份", "Year")).numeric(),
        Column::new(cx.pick("状态", "State")),
        Column::new(cx.pick("行数或张数", "Rows or photos")).numeric(),
        Column::new(cx.pick("已入库", "In")).numeric(),
        Column::new(cx.pick("有错误", "With errors")).numeric(),
        Column::new(cx.pick("上传人", "Uploaded by")),
        Column::new(cx.pick("时间", "When")).numeric(),
    ];
    let rows = lines
        .iter()
        .map(|line| import_row(cx, line))
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("还没有导入录取数据", "No admission data yet")
            text=cx.pick("上传各省录取数据文件夹的压缩包，或一张 Excel / CSV 表。检查完成之前不会写入任何内容。", "Upload a zip of the provinces' folders, or one Excel or CSV sheet. Nothing is written before the check is done.")
        />
    };
    let list = cx.href("admission/imports");
    let summary = format!("{} {}", say::number(total), cx.pick("次导入", "imports"));
    let footer = pager(cx, (page, last_page(total, LISTED)), summary, |n| {
        page_of(&list, n)
    });
    let body = view! {
        {upload(cx)}
        {folder(cx)}
        <DataTable caption=cx.pick("导入记录", "Imports") columns=columns rows=rows empty=empty footer=footer/>
        {photos(cx)}
    };
    let mut head = Head::new(cx.pick("录取数据导入", "Admission imports")).with_files();
    let template = cx.href("files/templates/candidates");
    head.actions = view! { <LinkButton label=cx.pick("模板", "Template") href=template weight=Weight::Quiet download=true/> }.into_any();
    Ok(office(cx, head, body))
}

fn import_row(cx: Cx, line: &ImportLine) -> Row {
    let href = cx.href(&format!("admission/imports/{}", line.id));
    let name = line.file_name.clone();
    let tally = line.tally();
    Row::new()
        .cell(view! { <a class="xj-link" href=href>{name}</a> })
        .cell(say::label(cx, &line.kind))
        .cell(line.year.to_string())
        .cell(standing(cx, line))
        .cell(say::number(tally.all))
        .cell(say::number(tally.inside))
        .cell(say::number(tally.wrong))
        .cell(line.uploaded_by.clone())
        .cell(say::moment(line.uploaded_at))
}

/// The years an upload may be for: this one first.
fn years(cx: Cx) -> Vec<Choice> {
    let year = this_year(cx);
    (year - 5..=year + 1)
        .rev()
        .map(|y| Choice::new(y.to_string(), y.to_string()).checked(y == year))
        .collect()
}

fn paths(cx: Cx) -> Vec<Choice> {
    AdmissionPath::ALL
        .into_iter()
        .map(|path| {
            Choice::new(path.key(), say::label(cx, &path)).checked(path == AdmissionPath::Ordinary)
        })
        .collect()
}

fn upload(cx: Cx) -> AnyView {
    let action = cx.href("files/admission");
    let (years, paths) = (years(cx), paths(cx));
    let form = cx.form("files/admission");
    let (wrong_year, wrong_file) = (form.error("year"), form.error("file"));
    view! {
        <Panel title=cx.pick("上传录取数据", "Upload admission data")>
            <PostForm action=action tenant=cx.slug() multipart=true>
                <FieldRow>
                    <SelectInput name="year" error=wrong_year label=cx.pick("录取年份", "Admission year") choices=years/>
                    <SelectInput name="path" label=cx.pick("类别", "Path") choices=paths/>
                </FieldRow>
                <FileInput
                    name="file"
                    error=wrong_file
                    label=cx.pick("文件", "File")
                    accept=".zip,.xlsx,.csv,.dbf"
                    multiple=true
                    required=true
                    hint=limits(cx)
                />
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

/// What may be sent, and how large it may be.
fn limits(cx: Cx) -> String {
    let UploadLimits {
        sheet,
        table,
        package,
    } = UploadLimits::of_readers();
    match cx.lang {
        domain::text::Lang::Zh => format!(
            "各省文件夹的 zip（T_BMK、T_TDD、TD_*）或一个省的几个 dbf：解压后最大 {package} MB，单个 dbf 最大 {table} MB；或一张 xlsx / csv 表：最大 {sheet} MB"
        ),
        domain::text::Lang::En => format!(
            "A zip of province folders (T_BMK, T_TDD, TD_*) or the dbf files of one province: at most {package} MB unpacked, {table} MB a dbf file; or one xlsx or csv sheet of at most {sheet} MB"
        ),
    }
}

/// The address of one of several forms that send files: its mark stands there, for the form may be refused before its
/// fields are read.
fn marked(cx: Cx, path: &str, mark: &str) -> String {
    cx.href(&format!("{path}?form={mark}"))
}

fn folder(cx: Cx) -> AnyView {
    let action = marked(cx, "files/admission", FOLDER);
    let (years, paths) = (years(cx), paths(cx));
    let form = cx.form_of("files/admission", FOLDER);
    let (wrong_year, wrong_file) = (form.error("year"), form.error("file"));
    let (year, path, file) = (form.id("year"), form.id("path"), form.id("file"));
    view! {
        <Fold open=form.open() summary=cx.pick("改为上传整个文件夹（各省一个子文件夹）", "Upload a whole folder instead (one folder a province in it)")>
            <PostForm action=action tenant=cx.slug() multipart=true>
                <FieldRow>
                    <SelectInput name="year" id=year error=wrong_year label=cx.pick("录取年份", "Admission year") choices=years/>
                    <SelectInput name="path" id=path label=cx.pick("类别", "Path") choices=paths/>
                </FieldRow>
                <FileInput
                    name="file"
                    id=file
                    error=wrong_file
                    label=cx.pick("文件夹", "Folder")
                    directory=true
                    multiple=true
                    required=true
                    hint=cx.pick("选择包含各省文件夹的那一层；子文件夹的名称即省份批次，请保持录取系统导出时的样子", "Choose the folder that holds the provinces' folders; leave their names as the admission system made them")
                />
                <FormActions><SubmitButton label=cx.pick("上传文件夹并检查", "Upload the folder and check") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn photos(cx: Cx) -> AnyView {
    let action = marked(cx, "files/photos", PHOTOS);
    let years = years(cx);
    let form = cx.form_of("files/photos", PHOTOS);
    view! {
        <Fold open=form.open() summary=cx.pick("上传录取照片（zip，文件名为考生号）", "Upload admission photos (zip, named by candidate number)")>
            <PostForm action=action tenant=cx.slug() multipart=true>
                <SelectInput name="year" id=form.id("year") error=form.error("year") label=cx.pick("录取年份", "Admission year") choices=years/>
                <FileInput name="file" id=form.id("file") error=form.error("file") label=cx.pick("照片压缩包", "Zip of photos") accept=".zip" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传照片", "Upload photos") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

//! The school's own page: names and codes over time, province, colour and logo, academic calendar.

use super::say;
use crate::cx::Cx;
use crate::draft::Filled;
use crate::frame::{Head, Page, office, page};
use domain::calendar::Semester;
use domain::institution::term::StudentDays;
use leptos::prelude::*;
use services::institution::school::{NameUse, SchoolView, TermView, semester_key};
use ui::prelude::*;

/// The page.
#[component]
pub fn SchoolPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let view = cx
        .services()
        .run(|services| async move { services.school_view(&actor).await })
        .await?;
    let body = view! {
        {names(cx, &view)}
        {calendar(cx, &view)}
        {branding(cx, &view)}
    };
    Ok(office(
        cx,
        Head::new(cx.pick("学校", "School")).with_files(),
        body,
    ))
}

fn today(cx: Cx) -> String {
    domain::calendar::local_date(cx.services().now()).to_string()
}

fn names(cx: Cx, view: &SchoolView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("校名", "Name")).title(),
        Column::new(cx.pick("国标代码", "National code")),
        Column::new(cx.pick("起", "From")),
        Column::new(cx.pick("止", "Until")),
    ];
    let rows = view
        .names
        .iter()
        .map(|name| {
            Row::new()
                .cell(name.name.clone())
                .cell(name.code.clone())
                .cell(name.valid_from.to_string())
                .text(name.valid_to.map(|d| d.to_string()))
        })
        .collect::<Vec<_>>();
    let code = view
        .names
        .first()
        .map(|n| n.code.clone())
        .unwrap_or_default();
    let form = cx.form("institution/set-school-name");
    let (name, code, from) = (
        form.value("name", ""),
        form.value("code", code),
        form.value("valid_from", today(cx)),
    );
    let title = cx.pick("校名与代码", "Names and codes");
    view! {
        <Panel title=title>
        <DataTable caption=title columns=columns rows=rows/>
        <Fold summary=cx.pick("更名或换代码", "Another name or code") open=form.open()>
            <PostForm action="/api/institution/set-school-name" tenant=cx.slug()>
                <TextInput name="name" label=cx.pick("校名", "Name") value=name required=true maxlength=60 error=form.error("name")/>
                <TextInput name="code" label=cx.pick("国标代码（五位数字）", "National code (five digits)") value=code required=true maxlength=5 error=form.error("code")/>
                <SelectInput name="used" label=cx.pick("与现有代码的关系", "What becomes of the present code") choices=uses(cx, &form)/>
                <DateInput name="valid_from" label=cx.pick("自何日起", "From") value=from required=true error=form.error("valid_from")/>
                <FormActions><SubmitButton label=cx.pick("登记", "Record") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
        </Panel>
    }
    .into_any()
}

/// What a new name or code does: provinces may send two codes of one university.
fn uses(cx: Cx, form: &Filled) -> Vec<Choice> {
    let chosen = form.typed("used").and_then(NameUse::from_key);
    let chosen = chosen.unwrap_or_default();
    let words = |used: NameUse| match used {
        NameUse::Instead => cx.pick(
            "取代现有校名和代码",
            "It takes the place of the present one",
        ),
        NameUse::Beside => cx.pick("与现有代码并用", "Both hold"),
        NameUse::Ends => cx.pick("并用的这个代码停用", "This second code holds no more"),
    };
    NameUse::ALL
        .into_iter()
        .map(|used| Choice::new(used.key(), words(used)).checked(used == chosen))
        .collect()
}

fn calendar(cx: Cx, view: &SchoolView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("学年", "Year")).title(),
        Column::new(cx.pick("学期", "Semester")),
        Column::new(cx.pick("上课", "Teaching begins")),
        Column::new(cx.pick("结束", "Ends")),
        Column::new(cx.pick("新生报到", "Freshmen report")),
        Column::new(cx.pick("学生办理截止", "Last days for students")),
        Column::new(cx.pick("登记", "Set by")),
        Column::new(cx.pick("更改", "Change")),
    ];
    let rows = view
        .terms
        .iter()
        .map(|line| {
            let term = line.term;
            let by = format!(
                "{} {} v{}",
                say::by(cx, &line.set_by),
                say::moment(line.set_at),
                line.version
            );
            Row::new()
                .cell(format!("{}–{}", term.year, term.year + 1))
                .cell(say::label(cx, &term.semester))
                .cell(term.starts_on.to_string())
                .cell(term.ends_on.to_string())
                .text(term.arrival_on.map(|d| d.to_string()))
                .cell(student_days(cx, term.student_days))
                .cell(by)
                .cell(term_form(cx, Some(line), cx.pick("更改", "Change")))
        })
        .collect::<Vec<_>>();
    let title = cx.pick("校历", "Academic calendar");
    view! {
        <Panel title=title>
            <DataTable caption=title columns=columns rows=rows/>
            {term_form(cx, None, cx.pick("增加学期", "Add a semester"))}
        </Panel>
    }
    .into_any()
}

/// The last days of a cohort, those that are set.
fn student_days(cx: Cx, days: StudentDays) -> Slot {
    let lines: Vec<_> = days
        .fields()
        .into_iter()
        .filter_map(|(field, day)| Some((day?, student_day(cx, field))))
        .map(|(day, (short, _))| view! { <div>{format!("{short} {day}")}</div> })
        .collect();
    if lines.is_empty() {
        Slot::empty()
    } else {
        lines.into_any().into()
    }
}

/// What a last day is called in the table, and in the form.
fn student_day(cx: Cx, field: &str) -> (&'static str, &'static str) {
    match field {
        "verify_until" => (
            cx.pick("核对", "Check"),
            cx.pick(
                "信息核对并签名截止日",
                "Last day to check the data and sign",
            ),
        ),
        "self_check_until" => (
            cx.pick("自查", "CHSI"),
            cx.pick("学信网自查截止日", "Last day to look oneself up on CHSI"),
        ),
        _ => (
            cx.pick("图像", "Photo"),
            cx.pick(
                "图像采集、照片校对和本人核验截止日",
                "Last day for photo session, proof and verification",
            ),
        ),
    }
}

/// The form of a term, a new one or the next version of one, in its fold.
fn term_form(cx: Cx, line: Option<&TermView>, summary: &'static str) -> AnyView {
    let term = line.map(|l| l.term);
    let mark = term.map_or_else(
        || "new".to_owned(),
        |t| format!("{}-{}", t.year, semester_key(t.semester)),
    );
    let form = cx.form_of("institution/set-term", mark);
    let hidden = form.hidden(term.map_or_else(Vec::new, |t| {
        vec![
            Hidden::new("year", t.year.to_string()),
            Hidden::new("semester", semester_key(t.semester)),
        ]
    }));
    let which = term.is_none().then(|| {
        let choices = [Semester::Autumn, Semester::Spring]
            .into_iter()
            .map(|s| {
                let key = semester_key(s);
                Choice::new(key, say::label(cx, &s)).checked(form.typed("semester") == Some(key))
            })
            .collect::<Vec<_>>();
        let year = form.value("year", "");
        view! {
            <TextInput name="year" id=form.id("year") label=cx.pick("学年起始年份", "Year in which it begins") value=year typed=Typed::Digits required=true maxlength=4 error=form.error("year")/>
            <SelectInput name="semester" id=form.id("semester") label=cx.pick("学期", "Semester") choices=choices error=form.error("semester")/>
        }
    });
    let day = |field: &str, date: Option<chrono::NaiveDate>| {
        let now = date.map(|d| d.to_string()).unwrap_or_default();
        (form.id(field), form.value(field, now), form.error(field))
    };
    let starts = day("starts_on", term.map(|t| t.starts_on));
    let ends = day("ends_on", term.map(|t| t.ends_on));
    let arrival = day("arrival_on", term.and_then(|t| t.arrival_on));
    // A cohort begins in autumn; a spring term that is there has no days for it.
    let begins = term.is_none_or(|t| t.semester == Semester::Autumn);
    let days = term.map_or_else(StudentDays::default, |t| t.student_days);
    let until: Vec<_> = days
        .fields()
        .into_iter()
        .filter(|_| begins)
        .map(|(field, date)| {
            let (id, value, error) = day(field, date);
            let label = student_day(cx, field).1;
            view! { <DateInput name=field id=id label=label value=value error=error/> }
        })
        .collect();
    let hint = begins.then(|| view! { <p class="xj-note">{cx.pick("以下截止日显示在学生本人的页面上，由秋季入学的年级办理；没有确定的可以留空。", "Students see these last days on their own page; they hold for the cohort that enters in autumn. Leave empty what is not decided.")}</p> });
    let open = form.open();
    view! {
        <Fold summary=summary open=open>
        <PostForm action="/api/institution/set-term" tenant=cx.slug() hidden=hidden>
            {which}
            <DateInput name="starts_on" id=starts.0 label=cx.pick("上课第一天", "First day of teaching") value=starts.1 required=true error=starts.2/>
            <DateInput name="ends_on" id=ends.0 label=cx.pick("学期最后一天", "Last day") value=ends.1 required=true error=ends.2/>
            <DateInput name="arrival_on" id=arrival.0 label=cx.pick("新生报到日（秋季学期）", "Day freshmen report (autumn)") value=arrival.1 error=arrival.2/>
            {hint}
            {until}
            <FormActions><SubmitButton label=cx.pick("保存为新版本", "Save as a new version") weight=Weight::Secondary/></FormActions>
        </PostForm>
        </Fold>
    }
    .into_any()
}

fn branding(cx: Cx, view: &SchoolView) -> AnyView {
    let form = cx.form("institution/set-branding");
    let province = form.value("province", view.province.clone());
    let choices = say::provinces(cx, &province);
    let colour = form.value("colour", view.colour.clone());
    let picture = cx.form("files/logo").error("file");
    let action = cx.href("files/logo");
    // Browsers keep a logo for a day: the address of a new one is another.
    let version = cx.known().tenant.as_ref().and_then(|t| t.logo.clone());
    let version = version.unwrap_or_default();
    let logo = cx.href(&format!("files/brand/logo?v={version}"));
    let shown = view.logo.then(
        || view! { <p><img class="xj-badge" src=logo alt=cx.pick("校徽", "Logo") width="48" height="48"/></p> },
    );
    view! {
        <Panel title=cx.pick("省份与页面颜色", "Province and colour")>
            <PostForm action="/api/institution/set-branding" tenant=cx.slug()>
                <SelectInput name="province" label=cx.pick("省份", "Province") choices=choices/>
                <TextInput name="colour" label=cx.pick("主色", "Primary colour") value=colour error=form.error("colour") required=true maxlength=7 hint=cx.pick("形如 #14507a；与白底的对比度不低于 4.5，深色模式自动调亮", "Like #14507a; contrast to white at least 4.5; lightened for the dark theme")/>
                <FormActions><SubmitButton label=cx.pick("保存", "Save") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
        <Panel title=cx.pick("校徽", "Logo")>
            {shown}
            <PostForm action=action tenant=cx.slug() multipart=true>
                <FileInput name="file" error=picture label=cx.pick("校徽图片", "Picture") hint=cx.pick("方形 PNG，不超过 256 KB", "A square PNG of at most 256 KB") accept=".png" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传", "Upload") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

//! Class and student number: by the school's pattern, or by workbook.

use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, office, page, stands_in_words};
use domain::admission::assign::{NumberPattern, Order};
use domain::admission::finding::Severity;
use domain::clause::Clause;
use domain::text::Lang;
use domain::view::assign::{AssignPreview, AssignView, SheetView, UndoLook};
use leptos::prelude::*;
use services::assign::RuleChoice;
use ui::prelude::*;

/// The page.
#[component]
pub fn AssignPage() -> impl IntoView {
    page(build)
}

async fn build(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let year = cx.query("year").and_then(|y| y.parse().ok());
    let order = cx.query("order").and_then(|o| Order::from_key(&o));
    let college = cx.query("college").and_then(|c| c.parse().ok());
    let sheet = cx.query("sheet").and_then(|s| s.parse().ok());
    let undo = cx.query("undo").and_then(|u| u.parse().ok());
    let (reader, planner, undoer) = (actor.clone(), actor.clone(), actor.clone());
    let view = cx
        .services()
        .run(move |services| async move { services.assign_view(&reader, year).await })
        .await?;
    let choice = RuleChoice {
        year: view.year,
        college,
        order: order.unwrap_or_default(),
    };
    let preview = cx
        .services()
        .run(move |services| async move { services.assign_preview_by_rule(&planner, choice).await })
        .await?;
    let checked = match sheet {
        Some(id) => Some(
            cx.services()
                .run(move |services| async move { services.assignment_sheet(&actor, id).await })
                .await?,
        ),
        None => None,
    };
    let undone = match undo {
        Some(id) => cx
            .services()
            .run(move |services| async move { services.assignment_undo_look(&undoer, id).await })
            .await
            .ok(),
        None => None,
    };
    let body = view! {
        {undone.as_ref().map(|look| undo_panel(cx, &view, look))}
        {checked.as_ref().map(|sheet| sheet_panel(cx, sheet))}
        {waiting(cx, &view)}
        {rule_panel(cx, &view, &preview, college)}
        {upload_panel(cx, &view)}
        {history(cx, &view)}
    };
    let mut head = Head::new(format!(
        "{} {}",
        view.year,
        cx.pick("级编班编学号", "cohort: class and number")
    ));
    let template = cx.href("files/templates/assignment");
    head.actions = view! { <LinkButton label=cx.pick("模板", "Template") href=template weight=Weight::Quiet download=true/> }.into_any();
    head.personal = true;
    head.files = true;
    Ok(office(cx, head, body))
}

/// What will be written. `named` tells the plan of a list from that of the rule, which may stand below it.
fn plan(cx: Cx, preview: &AssignPreview, named: &'static str) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("班级", "Class")).title(),
        Column::new(cx.pick("专业", "Major")),
        Column::new(cx.pick("学院", "College")),
        Column::new(cx.pick("原有", "Before")).numeric(),
        Column::new(cx.pick("新增", "Added")).numeric(),
        Column::new(cx.pick("学号", "Numbers")),
    ];
    let rows = preview
        .classes
        .iter()
        .map(|class| {
            let numbers = class
                .numbers
                .as_ref()
                .map(|(first, last)| format!("{first} – {last}"))
                .unwrap_or_default();
            Row::new()
                .cell(class.class.clone())
                .cell(class.major.clone())
                .cell(class.college.clone())
                .cell(say::number(class.before))
                .cell(say::number(class.added))
                .cell(numbers)
        })
        .collect::<Vec<_>>();
    let gaps = preview
        .gaps
        .iter()
        .map(|(why, count)| {
            let text = match cx.lang {
                Lang::Zh => format!("{}：{} 人", say::pair(cx, why), say::number(*count)),
                Lang::En => format!("{}: {}", say::pair(cx, why), say::number(*count)),
            };
            view! { <li>{text}</li> }
        })
        .collect::<Vec<_>>();
    let first = sample(cx, preview, named);
    let left_out = (!gaps.is_empty()).then(|| view! { <Notice tone=Tone::Warning title=cx.pick("未编入的学生", "Left out")><ul class="xj-list">{gaps}</ul></Notice> });
    view! {
        {left_out}
        {(!rows.is_empty()).then(|| view! { <DataTable caption=named columns=columns rows=rows/> })}
        {first}
    }
    .into_any()
}

/// Who gets what: the first lines of what will be written.
fn sample(cx: Cx, preview: &AssignPreview, named: &str) -> Option<AnyView> {
    let columns = vec![
        Column::new(cx.pick("姓名", "Name")).title(),
        Column::new(cx.pick("考生号末四位", "Candidate no. ends in")),
        Column::new(cx.pick("班级", "Class")),
        Column::new(cx.pick("学号", "Student number")).numeric(),
    ];
    let rows = preview
        .sample
        .iter()
        .map(|line| {
            Row::new()
                .cell(line.name.clone())
                .cell(line.ksh_tail.clone())
                .cell(line.class.clone())
                .cell(line.number.clone().unwrap_or_default())
        })
        .collect::<Vec<_>>();
    let (shown, total) = (rows.len() as u64, preview.total);
    let caption = match cx.lang {
        Lang::Zh if shown < total => format!("将写入的前 {shown} 人，共 {} 人", say::number(total)),
        Lang::Zh => format!("将写入的 {} 人", say::number(total)),
        Lang::En if shown < total => {
            format!("The first {shown} of {} students", say::number(total))
        }
        Lang::En => format!("All {} students", say::number(total)),
    };
    let caption = format!("{named} · {caption}");
    (shown > 0).then(|| view! { <DataTable caption=caption columns=columns rows=rows/> }.into_any())
}

/// Lists that were uploaded and checked, and are neither carried out nor forgotten.
fn waiting(cx: Cx, view: &AssignView) -> Option<AnyView> {
    let lists = view
        .waiting
        .iter()
        .map(|(id, name, at)| {
            let href = cx.href(&format!("assign?year={}&sheet={id}", view.year));
            let text = format!("{name} · {}", say::time(*at));
            view! { <li><a class="xj-link" href=href>{text}</a></li> }
        })
        .collect::<Vec<_>>();
    (!lists.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Info title=cx.pick("已检查、未确认的名单", "Lists checked and not confirmed yet")>
                <ul class="xj-list">{lists}</ul>
            </Notice>
        }
        .into_any()
    })
}

fn rule_panel(
    cx: Cx,
    view: &AssignView,
    preview: &AssignPreview,
    college: Option<uuid::Uuid>,
) -> AnyView {
    let years = view
        .years
        .iter()
        .map(|year| Choice::new(year.to_string(), year.to_string()).checked(*year == view.year))
        .collect::<Vec<_>>();
    let years = FilterSelect::new("year", cx.pick("年级", "Cohort"), years);
    if view.unassigned == 0 {
        return view! {
            <FilterBar label=cx.pick("范围", "Scope") submit=cx.pick("查看", "Show") selects=vec![years]/>
            <EmptyState
                title=cx.pick("没有待编班的学生", "Nobody waits for a class")
                text=cx.pick("学生处和学院都接收之后，未编班的学生会列在这里。", "Students without a class appear here once Student Affairs and the college have both received them.")
            />
        }
        .into_any();
    }
    let orders = Order::ALL
        .into_iter()
        .map(|order| {
            Choice::new(order.key(), say::label(cx, &order)).checked(order == preview.order)
        })
        .collect::<Vec<_>>();
    let mut choices =
        vec![Choice::new("", cx.pick("全部学院", "All colleges")).checked(college.is_none())];
    choices.extend(
        view.colleges.iter().map(|(id, name)| {
            Choice::new(id.to_string(), name.clone()).checked(Some(*id) == college)
        }),
    );
    let selects = vec![
        years,
        FilterSelect::new("college", cx.pick("学院", "College"), choices),
        FilterSelect::new("order", cx.pick("顺序", "Order"), orders),
    ];
    let title = match cx.lang {
        Lang::Zh => format!("按规则编班 {} 人", say::number(preview.total)),
        Lang::En => format!("By rule: {} students", say::number(preview.total)),
    };
    let hidden = vec![
        Hidden::new("year", view.year.to_string()),
        Hidden::new(
            "college",
            college.map(|c| c.to_string()).unwrap_or_default(),
        ),
        Hidden::new("order", preview.order.key()),
        Hidden::new("hash", preview.hash.clone()),
    ];
    let form = (preview.total > 0).then(|| {
        let label = match cx.lang {
            Lang::Zh => format!("编入 {} 人", say::number(preview.total)),
            Lang::En => format!("Assign {} students", say::number(preview.total)),
        };
        view! {
            <PostForm action="/api/admission/assign" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=label/></FormActions>
            </PostForm>
        }
    });
    let plan = plan(cx, preview, cx.pick("按规则的分班方案", "Plan by rule"));
    let pattern = NumberPattern::parse(&preview.pattern).ok();
    let pattern = pattern.map(|pattern| {
        let rule = cx.pick("学号规则：", "Student numbers: ");
        format!("{rule}{}", pattern.text(cx.lang))
    });
    view! {
        <Panel title=title note=pattern>
            <FilterBar label=cx.pick("范围", "Scope") submit=cx.pick("查看", "Show") selects=selects/>
            {plan}
            {form}
        </Panel>
    }
    .into_any()
}

fn upload_panel(cx: Cx, view: &AssignView) -> AnyView {
    let action = cx.href("files/assignment");
    let hidden = vec![Hidden::new("year", view.year.to_string())];
    view! {
        <Panel title=cx.pick("按名单编班（xlsx / csv）", "By workbook (xlsx, csv)")>
            <PostForm action=action tenant=cx.slug() multipart=true hidden=hidden>
                <FileInput name="file" error=cx.form("files/assignment").error("file") label=cx.pick("名单文件", "Workbook") hint=cx.pick("列：考生号、学号、学院、专业、班级、辅导员；辅导员写入其所带班级，学院、专业只核对", "Columns: candidate number, student number, college, major, class, counsellor; the counsellor gets the class, college and major are compared") accept=".xlsx,.csv" required=true/>
                <FormActions><SubmitButton label=cx.pick("上传并检查", "Upload and check") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

fn sheet_panel(cx: Cx, sheet: &SheetView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("行", "Row")).numeric(),
        Column::new(cx.pick("考生号末四位", "Candidate no. ends in")),
        Column::new(cx.pick("列", "Column")),
        Column::new(cx.pick("级别", "Weight")),
        Column::new(cx.pick("问题", "Finding")).title(),
        Column::new(cx.pick("怎么办", "What to do")),
        Column::new(cx.pick("依据", "Clause")),
    ];
    let rows = sheet
        .findings
        .iter()
        .map(|f| {
            Row::new()
                .cell(f.row.to_string())
                .cell(f.ksh_tail.clone())
                .cell(f.field.clone())
                .cell(severity(cx, f.severity))
                .cell(say::pair(cx, &f.message))
                .cell(say::pair(cx, &f.suggestion))
                .cell(f.clause.as_ref().map_or("—", Clause::as_str).to_owned())
        })
        .collect::<Vec<_>>();
    let items = vec![
        Figure::new(cx.pick("行数", "Rows"), say::number(sheet.rows)),
        Figure::new(
            cx.pick("将编入", "To assign"),
            say::number(sheet.preview.total),
        )
        .tone(Tone::Success),
        Figure::new(
            cx.pick("学生无变化", "Students unchanged"),
            say::number(sheet.unchanged),
        ),
        Figure::new(cx.pick("有错误", "With errors"), say::number(sheet.refused)).tone(Tone::Error),
    ];
    let kinds = kinds(cx, sheet);
    let hidden = vec![
        Hidden::new("sheet", sheet.id.to_string()),
        Hidden::new("year", sheet.year.to_string()),
        Hidden::new("hash", sheet.preview.hash.clone()),
    ];
    let changes = sheet.preview.total > 0 || !sheet.counsellors.is_empty();
    let form = (!sheet.confirmed && changes).then(|| {
        view! {
            <PostForm action="/api/admission/assign-confirm" tenant=cx.slug() hidden=hidden>
                <FormActions><SubmitButton label=cx.pick("确认编班", "Confirm")/></FormActions>
            </PostForm>
        }
    });
    let discard = discard(cx, sheet);
    let title = sheet.file_name.clone();
    let plan = plan(
        cx,
        &sheet.preview,
        cx.pick("名单的分班方案", "Plan of the workbook"),
    );
    let counsellors = counsellors(cx, sheet);
    view! {
        <Panel title=title>
            <Figures label=cx.pick("检查结果", "Result") items=items/>
            {kinds}
            {(!rows.is_empty()).then(|| view! { <DataTable caption=cx.pick("检查发现", "Findings") columns=columns rows=rows/> })}
            {plan}
            {counsellors}
            {form}
            {discard}
        </Panel>
    }
    .into_any()
}

/// A list that was checked and is not wanted: nothing of it is in.
fn discard(cx: Cx, sheet: &SheetView) -> Option<AnyView> {
    let hidden = vec![
        Hidden::new("sheet", sheet.id.to_string()),
        Hidden::new("year", sheet.year.to_string()),
    ];
    (!sheet.confirmed).then(|| {
        view! {
            <Fold summary=cx.pick("放弃这份名单", "Put this list aside")>
                <PostForm action="/api/admission/assign-discard" tenant=cx.slug() hidden=hidden>
                    <p class="xj-muted">{cx.pick("没有写入任何内容；名单不再列为待确认。", "Nothing was written, and the list waits for nobody any more.")}</p>
                    <FormActions><SubmitButton label=cx.pick("放弃", "Put aside") weight=Weight::Danger/></FormActions>
                </PostForm>
            </Fold>
        }
        .into_any()
    })
}

/// Which class each counsellor gets.
fn counsellors(cx: Cx, sheet: &SheetView) -> Option<AnyView> {
    let columns = vec![
        Column::new(cx.pick("班级", "Class")).title(),
        Column::new(cx.pick("辅导员", "Counsellor")),
    ];
    let lines = sheet.counsellors.iter();
    let rows = lines
        .map(|(class, name)| Row::new().cell(class.clone()).cell(name.clone()))
        .collect::<Vec<_>>();
    let caption = cx.pick("辅导员新带的班级", "Classes that counsellors get");
    (!rows.is_empty())
        .then(|| view! { <DataTable caption=caption columns=columns rows=rows/> }.into_any())
}

fn severity(cx: Cx, severity: Severity) -> AnyView {
    let tone = match severity {
        Severity::Error => domain::text::Tone::Error,
        Severity::Warning => domain::text::Tone::Warning,
    };
    say::word_chip(say::label(cx, &severity), tone)
}

/// How often each kind was found, and how many of the findings are in the table below.
fn kinds(cx: Cx, sheet: &SheetView) -> Option<AnyView> {
    let lines = sheet
        .kinds
        .iter()
        .map(|(kind, weight, count)| {
            let colon = cx.pick("：", ": ");
            let text = format!(" {}{colon}{}", say::pair(cx, kind), say::number(*count));
            view! { <li>{severity(cx, *weight)}{text}</li> }
        })
        .collect::<Vec<_>>();
    let shown = sheet.findings.len() as u64;
    let cut = (shown < sheet.found).then(|| match cx.lang {
        Lang::Zh => format!("下表为前 {shown} 条，共 {} 条。", say::number(sheet.found)),
        Lang::En => format!(
            "The table has the first {shown} of {}.",
            say::number(sheet.found)
        ),
    });
    (!lines.is_empty()).then(|| {
        view! {
            <ul class="xj-list">{lines}</ul>
            {cut.map(|cut| view! { <p class="xj-muted">{cut}</p> })}
        }
        .into_any()
    })
}

/// What an undo would take back, with what stands against it, before anybody presses anything.
fn undo_panel(cx: Cx, view: &AssignView, look: &UndoLook) -> AnyView {
    let alone = look.total == 0;
    let title = match cx.lang {
        Lang::Zh if alone => format!("撤销 {} 的名单：只涉及辅导员", say::time(look.at)),
        Lang::En if alone => format!("Undo the list of {}: counsellors alone", say::time(look.at)),
        Lang::Zh => format!(
            "撤销 {} 的编班：{} 人，收回学号 {} 个",
            say::time(look.at),
            say::number(look.total),
            say::number(look.numbers)
        ),
        Lang::En => format!(
            "Undo the assignment of {}: {} students, {} numbers taken back",
            say::time(look.at),
            say::number(look.total),
            say::number(look.numbers)
        ),
    };
    let stands = stands_in_words(cx, &look.built_on);
    let back = cx.href(&format!("assign?year={}", view.year));
    let hidden = vec![
        Hidden::new("batch", look.id.to_string()),
        Hidden::new("year", view.year.to_string()),
    ];
    let label = match cx.lang {
        _ if alone => cx
            .pick("收回辅导员的班级", "Take the classes back")
            .to_owned(),
        Lang::Zh => format!("撤销 {} 人的班级和学号", say::number(look.total)),
        Lang::En => format!(
            "Take back classes and numbers of {}",
            say::number(look.total)
        ),
    };
    let posts = (look.counsellors > 0).then(|| match cx.lang {
        Lang::Zh => format!(
            "辅导员因此新带的 {} 个班级一并收回。",
            say::number(look.counsellors)
        ),
        Lang::En => format!(
            "Counsellors lose {} classes that the list gave them.",
            say::number(look.counsellors)
        ),
    });
    // What has no words here stands on it all the same.
    let inside = if look.built_on.is_empty() {
        view! {
            {posts.map(|line| view! { <p>{line}</p> })}
            <p>{cx.pick("没有任何内容建立在这次编班之上，可以撤销；每人恢复到编班前的班级和学号。", "Nothing was built on this assignment. Everybody gets the class and number of before.")}</p>
            <PostForm action="/api/admission/assign-undo" tenant=cx.slug() hidden=hidden>
                <FormActions>
                    <SubmitButton label=label weight=Weight::Danger/>
                    <LinkButton label=cx.pick("不撤销", "Keep it") href=back weight=Weight::Quiet/>
                </FormActions>
            </PostForm>
        }
        .into_any()
    } else {
        let items = stands
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect::<Vec<_>>();
        view! {
            <Notice tone=Tone::Warning title=cx.pick("不能整批撤销：已有内容建立在这次编班之上", "It cannot be undone as a whole: something was built on it")>
                <ul class="xj-list">{items}</ul>
            </Notice>
            <p>{cx.pick("个别学生有误的，在该生的学生页上更正班级或学号。", "Where single students are wrong, correct their class or number on their own page.")}</p>
            <FormActions><LinkButton label=cx.pick("返回", "Back") href=back weight=Weight::Quiet/></FormActions>
        }
        .into_any()
    };
    view! { <Panel title=title>{inside}</Panel> }.into_any()
}

fn history(cx: Cx, view: &AssignView) -> AnyView {
    let columns = vec![
        Column::new(cx.pick("时间", "When")).title(),
        Column::new(cx.pick("方式", "How")),
        Column::new(cx.pick("人数", "People")).numeric(),
        Column::new(cx.pick("操作", "Action")),
    ];
    let rows = view
        .assignments
        .iter()
        .map(|line| {
            let how = line.file_name.clone().unwrap_or_else(|| {
                let word = if line.by_list {
                    cx.pick("按名单", "By a list")
                } else {
                    cx.pick("按规则", "By rule")
                };
                word.to_owned()
            });
            let action = if line.undone {
                say::word_chip(cx.pick("已撤销", "Undone").to_owned(), domain::text::Tone::Neutral)
            } else if line.can_undo {
                let href = cx.href(&format!("assign?year={}&undo={}", view.year, line.id));
                view! { <a class="xj-link" href=href>{cx.pick("撤销…", "Undo…")}</a> }.into_any()
            } else {
                view! { <span class="xj-muted">{cx.pick("含其他学院的学生", "With students of other colleges")}</span> }.into_any()
            };
            Row::new().cell(say::time(line.at)).cell(how).cell(say::number(line.total)).cell(action)
        })
        .collect::<Vec<_>>();
    if rows.is_empty() {
        return ().into_any();
    }
    let title = cx.pick("编班记录", "Assignments");
    view! { <Panel title=title><DataTable caption=title columns=columns rows=rows/></Panel> }
        .into_any()
}

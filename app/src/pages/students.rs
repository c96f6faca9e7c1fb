//! Candidates and students: the dense list, and one record with its timeline.

mod record;

use super::paged::pager;
use super::say;
use crate::cx::Cx;
use crate::frame::{Head, Page, encode, office, page};
use domain::institution::Actor;
use domain::text::{Label, Lang};
use domain::view::home::Level;
use domain::view::list::{
    Column as Field, Facet, ListFilter, ListQuery, ListSort, NO_PLACE, StudentListView, StudentRow,
    UnitOption,
};
use leptos::prelude::*;
use ui::prelude::*;

/// The list.
#[component]
pub fn StudentsPage() -> impl IntoView {
    page(list)
}

/// One record.
#[component]
pub fn StudentPage() -> impl IntoView {
    page(record::build)
}

/// What the address asks for. What is searched for stands in it sealed (ADR 0050).
fn asked(cx: Cx, actor: &Actor) -> ListQuery {
    let known = cx.known();
    let pairs = known.query.iter().filter(|(key, _)| key != "q");
    let mut query = ListQuery::from_pairs(pairs.map(|(key, value)| (key.as_str(), value.as_str())));
    query.filter.search = known
        .query("s")
        .and_then(|sealed| known.services.open_search(actor, sealed));
    query
}

fn chosen(cx: Cx) -> Vec<Field> {
    let named: Vec<Field> = cx
        .known()
        .query
        .iter()
        .filter(|(key, _)| key == "col")
        .filter_map(|(_, value)| Field::from_key(value))
        .collect();
    let shown = |f: &Field| f.on_screen();
    if named.is_empty() {
        Field::ALL.into_iter().filter(|f| f.by_default()).collect()
    } else {
        Field::ALL
            .into_iter()
            .filter(|f| named.contains(f))
            .filter(shown)
            .collect()
    }
}

/// The address of this list with some pairs changed.
fn address(cx: Cx, query: &ListQuery, change: impl FnOnce(&mut ListQuery)) -> String {
    let mut query = query.clone();
    change(&mut query);
    let sealed = cx.query("s").filter(|_| query.filter.search.is_some());
    let pairs = query
        .to_pairs()
        .into_iter()
        .filter(|(key, _)| *key != "q")
        .map(|(key, value)| format!("{key}={}", encode(&value)))
        .chain(sealed.map(|sealed| format!("s={sealed}")))
        .chain(
            cx.known()
                .query
                .iter()
                .filter(|(key, _)| key == "col")
                .map(|(_, v)| format!("col={}", encode(v))),
        )
        .collect::<Vec<_>>()
        .join("&");
    format!("{}?{pairs}", cx.href("students"))
}

async fn list(cx: Cx) -> Page {
    let actor = cx.actor()?;
    let query = asked(cx, &actor);
    let view = cx
        .services()
        .run(|services| async move { services.students(&actor, query).await })
        .await?;
    let fields = chosen(cx);
    let columns = fields
        .iter()
        .map(|field| column(cx, &view.query, *field))
        .collect::<Vec<_>>();
    let rows = view
        .rows
        .iter()
        .map(|row| table_row(cx, row, &fields))
        .collect::<Vec<_>>();
    let empty = view! {
        <EmptyState
            title=cx.pick("没有符合条件的记录", "No record fits")
            text=cx.pick("请放宽筛选条件。学院和辅导员只看到已接收的本学院、本班学生。", "Widen the filter. Colleges and counsellors see their own students once Student Affairs and the college have received them.")
        />
    };
    let facets = view
        .facets
        .iter()
        .map(|facet| figures(cx, &view.query, facet))
        .collect::<Vec<_>>();
    let body = view! {
        <div class="xj-facets">{facets}</div>
        {filter(cx, &view)}
        {by_document(cx)}
        <DataTable
            caption=cx.pick("考生与学生", "Candidates and students")
            columns=columns
            rows=rows
            frozen=Frozen::Two
            empty=empty
            footer=pagination(cx, &view)
        />
        {export(cx, &view, &fields)}
    };
    let mut head = Head::new(cx.pick("考生与学生", "Candidates and students"));
    head.personal = true;
    if exports(&view) {
        let href = "#export";
        head.actions = view! { <LinkButton label=cx.pick("导出", "Export") href=href weight=Weight::Secondary/> }.into_any();
    }
    Ok(office(cx, head, body))
}

fn figures(cx: Cx, query: &ListQuery, facet: &Facet) -> AnyView {
    let key = facet.key.clone();
    let with = |value: &str| {
        address(cx, query, |q| {
            let value = value.to_owned();
            q.page = 1;
            match key.as_str() {
                "qualification" => {
                    q.filter.qualification = domain::decision::Machine::from_key(&value);
                }
                _ => q.filter.registration = domain::decision::Machine::from_key(&value),
            }
        })
    };
    let none = facet.totals.iter().all(|t| !t.selected);
    let mut items = vec![
        Figure::new(cx.pick("全部", "All"), say::number(facet.all))
            .href(with(""))
            .selected(none),
    ];
    items.extend(facet.totals.iter().map(|t| {
        Figure::new(say::pair(cx, &t.label), say::number(t.count))
            .href(with(if t.selected { "" } else { &t.key }))
            .tone(say::tone(t.tone))
            .selected(t.selected)
    }));
    let label = say::pair(cx, &facet.label);
    view! { <Figures label=label named=true items=items/> }.into_any()
}

fn column(cx: Cx, query: &ListQuery, field: Field) -> Column {
    let made = Column::new(cx.text(field.label()));
    let sort = match field {
        Field::StudentNumber => Some(ListSort::Number),
        Field::Name => Some(ListSort::Name),
        Field::CandidateNumber => Some(ListSort::CandidateNumber),
        Field::Class => Some(ListSort::Class),
        _ => None,
    };
    let made = if field == Field::Name {
        made.title()
    } else {
        made
    };
    let Some(sort) = sort else { return made };
    let now = match (query.sort == sort, query.descending) {
        (false, _) => Sort::None,
        (true, false) => Sort::Ascending,
        (true, true) => Sort::Descending,
    };
    let href = address(cx, query, |q| {
        q.descending = q.sort == sort && !q.descending;
        q.sort = sort;
        q.page = 1;
    });
    made.sort(href, now)
}

fn table_row(cx: Cx, row: &StudentRow, fields: &[Field]) -> Row {
    fields.iter().fold(Row::new(), |line, field| {
        if is_drawn(*field) {
            line.cell(cell(cx, row, *field))
        } else {
            line.text(text_of(cx, row, *field))
        }
    })
}

/// The cells that are plain texts; what the record does not have is left out on a phone's card.
fn text_of(cx: Cx, row: &StudentRow, field: Field) -> Option<String> {
    match field {
        Field::StudentNumber => row.student_no.clone(),
        Field::Sex => row.sex.map(|sex| say::label(cx, &sex)),
        Field::CandidateNumber => Some(row.ksh.to_string()),
        Field::Year => Some(row.year.to_string()),
        Field::College => row.college.clone(),
        Field::Major => row.major.clone(),
        Field::Class => row.class.clone(),
        Field::HandedOver => row.handed_over_on.map(|d| d.to_string()),
        _ => None,
    }
}

/// Whether a field is shown as a link or a chip rather than as text.
const fn is_drawn(field: Field) -> bool {
    matches!(
        field,
        Field::Name | Field::Qualification | Field::Status | Field::Registration | Field::Photo
    )
}

fn cell(cx: Cx, row: &StudentRow, field: Field) -> AnyView {
    match field {
        Field::Name => {
            let (href, name) = (cx.href(&format!("students/{}", row.id)), row.name.clone());
            view! { <a class="xj-link" href=href>{name}</a> }.into_any()
        }
        Field::Qualification => state(cx, &row.qualification),
        Field::Status => state(cx, &row.status),
        Field::Registration => state(cx, &row.registration),
        Field::Photo => state(cx, &row.photo),
        _ => ().into_any(),
    }
}

fn state(cx: Cx, state: &impl domain::text::Explained) -> AnyView {
    say::word_chip(say::label(cx, state), state.tone())
}

fn units(
    cx: Cx,
    view: &StudentListView,
    level: Level,
    all: &[UnitOption],
    now: Option<uuid::Uuid>,
    everything: &'static str,
) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", everything).checked(now.is_none())];
    choices.extend(all.iter().map(|unit| {
        Choice::new(unit.id.to_string(), counted(cx, &unit.name, unit.count))
            .checked(now == Some(unit.id))
    }));
    let without = view.options.without.iter().find(|(of, _)| *of == level);
    choices.extend(without.map(|(_, count)| {
        let name = cx.text(level.without());
        Choice::new(NO_PLACE, counted(cx, name, *count))
            .checked(view.query.filter.without == Some(level))
    }));
    choices
}

/// A name with how many there are.
fn counted(cx: Cx, name: &str, count: u64) -> String {
    let count = say::number(count);
    match cx.lang {
        Lang::Zh => format!("{name} （{count}）"),
        Lang::En => format!("{name} ({count})"),
    }
}

fn filter(cx: Cx, view: &StudentListView) -> AnyView {
    let filter = &view.query.filter;
    let mut years =
        vec![Choice::new("", cx.pick("全部年级", "All cohorts")).checked(filter.year.is_none())];
    years.extend(
        view.options
            .years
            .iter()
            .map(|y| Choice::new(y.to_string(), y.to_string()).checked(filter.year == Some(*y))),
    );
    let mut selects = vec![
        FilterSelect::new("filter[year]", cx.pick("年级", "Cohort"), years),
        FilterSelect::new(
            "filter[college]",
            cx.pick("学院", "College"),
            units(
                cx,
                view,
                Level::College,
                &view.options.colleges,
                filter.college,
                cx.pick("全部学院", "All colleges"),
            ),
        ),
        FilterSelect::new(
            "filter[major]",
            cx.pick("专业", "Major"),
            units(
                cx,
                view,
                Level::Major,
                &view.options.majors,
                filter.major,
                cx.pick("全部专业", "All majors"),
            ),
        ),
        FilterSelect::new(
            "filter[class]",
            cx.pick("班级", "Class"),
            units(
                cx,
                view,
                Level::Class,
                &view.options.classes,
                filter.class,
                cx.pick("全部班级", "All classes"),
            ),
        ),
    ];
    selects.push(FilterSelect::new(
        "filter[per_page]",
        cx.pick("每页", "Rows a page"),
        [50, 100, 200, 500]
            .map(|rows| {
                let label = format!("{} {rows}", cx.pick("每页", "Rows a page:"));
                Choice::new(rows.to_string(), label).checked(view.query.per_page == rows)
            })
            .to_vec(),
    ));
    let shown = chosen(cx);
    let columns = view
        .columns
        .iter()
        .filter(|c| c.on_screen)
        .map(|c| {
            Choice::new(c.column.key(), say::pair(cx, &c.label)).checked(shown.contains(&c.column))
        })
        .collect();
    let hidden = view
        .query
        .to_pairs()
        .into_iter()
        .filter(|(key, _)| {
            matches!(
                *key,
                "qualification"
                    | "registration"
                    | "standing"
                    | "sort"
                    | "order"
                    | "handed_over"
                    | "unassigned"
            )
        })
        .map(|(key, value)| Hidden::new(format!("filter[{key}]"), value))
        .collect::<Vec<_>>();
    let search = Search::new(
        "filter[q]",
        cx.pick(
            "姓名、拼音、学号或考生号",
            "Name, pinyin, student or candidate number",
        ),
        filter.search.clone().unwrap_or_default(),
    );
    view! {
        <FilterBar
            label=cx.pick("筛选", "Filter")
            action="/api/disclosure/search"
            tenant=cx.slug()
            submit=cx.pick("筛选", "Filter")
            search=search
            selects=selects
            columns=ColumnChooser::new("col[]", cx.pick("列", "Columns"), columns)
            hidden=hidden
            aside=in_force(cx, view)
        />
    }
    .into_any()
}

/// Takes one filter away.
type Change = fn(&mut ListFilter);

/// What narrows the list beside the search, each with the way out of it, and the way out of all.
fn in_force(cx: Cx, view: &StudentListView) -> Option<AnyView> {
    let (query, filter) = (&view.query, &view.query.filter);
    // Without one of its filters a list begins anew: the page it was open at may be beyond its end, or before it.
    let without = |change: Change| {
        address(cx, query, |q| {
            change(&mut q.filter);
            q.page = 1;
        })
    };
    let mut named: Vec<(String, String)> = Vec::new();
    if let Some(year) = filter.year {
        let word = match cx.lang {
            Lang::Zh => format!("{year} 级"),
            Lang::En => format!("Cohort {year}"),
        };
        named.push((word, without(|f| f.year = None)));
    }
    let options = &view.options;
    let units: [(_, _, Change); 3] = [
        (filter.college, &options.colleges, |f| f.college = None),
        (filter.major, &options.majors, |f| f.major = None),
        (filter.class, &options.classes, |f| f.class = None),
    ];
    for (chosen, known, away) in units {
        if let Some(id) = chosen {
            named.push((unit_name(cx, known, id), without(away)));
        }
    }
    if let Some(level) = filter.without {
        let word = cx.text(level.without());
        named.push((word.to_owned(), without(|f| f.without = None)));
    }
    if filter.unassigned {
        let word = cx.pick("未编班编学号", "Without class or number");
        named.push((word.to_owned(), without(|f| f.unassigned = false)));
    }
    if let Some(stage) = filter.handed_over {
        named.push((say::label(cx, &stage), without(|f| f.handed_over = None)));
    }
    if !filter.standing.is_empty() {
        let labels = filter.standing.iter().map(|one| say::label(cx, one));
        let word = labels.collect::<Vec<_>>().join(cx.pick("、", ", "));
        named.push((word, without(|f| f.standing.clear())));
    }
    if let Some(state) = filter.qualification {
        named.push((say::label(cx, &state), without(|f| f.qualification = None)));
    }
    if let Some(state) = filter.registration {
        named.push((say::label(cx, &state), without(|f| f.registration = None)));
    }
    let whole = filter == &ListFilter::default();
    let items: Vec<_> = named
        .into_iter()
        .map(|(word, href)| {
            let label = format!("{} {word}", cx.pick("取消", "Remove"));
            view! { <a class="xj-link" href=href aria-label=label>{word} <span aria-hidden="true">" ✕"</span></a> }
        })
        .collect();
    let clear = address(cx, query, |q| {
        q.filter = ListFilter::default();
        q.page = 1;
    });
    (!whole).then(|| {
        view! {
            <span class="xj-row">
                {items}
                <a class="xj-link" href=clear>{cx.pick("清除全部筛选", "Clear all filters")}</a>
            </span>
        }
        .into_any()
    })
}

/// The name of a unit that narrows the list; one that the university does not have narrows it all the same.
fn unit_name(cx: Cx, known: &[UnitOption], id: uuid::Uuid) -> String {
    let found = known.iter().find(|unit| unit.id == id);
    found.map_or_else(
        || cx.pick("本校没有的单位", "A unit there is not").to_owned(),
        |unit| unit.name.clone(),
    )
}

fn by_document(cx: Cx) -> AnyView {
    let kinds = domain::person::id_number::IdType::ALL
        .into_iter()
        .map(|kind| Choice::new(kind.code(), say::label(cx, &kind)))
        .collect::<Vec<_>>();
    view! {
        <Fold summary=cx.pick("按完整证件号码查找（留下记录）", "Find by the whole document number (leaves a trace)")>
            <PostForm action="/api/disclosure/find" tenant=cx.slug()>
                <SelectInput name="kind" label=cx.pick("证件类型", "Kind of document") choices=kinds/>
                <TextInput name="number" label=cx.pick("证件号码", "Document number") required=true maxlength=20 autocomplete="off"/>
                <FormActions><SubmitButton label=cx.pick("查找", "Find") weight=Weight::Secondary/></FormActions>
            </PostForm>
        </Fold>
    }
    .into_any()
}

fn pagination(cx: Cx, view: &StudentListView) -> AnyView {
    let query = &view.query;
    let first = u64::from(query.page - 1) * u64::from(query.per_page) + 1;
    let last = (u64::from(query.page) * u64::from(query.per_page)).min(view.total);
    let summary = match cx.lang {
        Lang::Zh if view.total == 0 => "0 条".to_owned(),
        Lang::En if view.total == 0 => "0 records".to_owned(),
        Lang::Zh => format!(
            "第 {first}–{last} / {} 条 · 每页 {}",
            say::number(view.total),
            query.per_page
        ),
        Lang::En => format!(
            "{first}–{last} of {} · {} a page",
            say::number(view.total),
            query.per_page
        ),
    };
    pager(cx, (query.page, view.pages), summary, |n| {
        address(cx, query, |q| q.page = n)
    })
}

/// Whether the list can be exported by whoever looks at it; where no record fits there is nothing to export.
const fn exports(view: &StudentListView) -> bool {
    view.may_export && view.total > 0
}

/// The form of an export, as it was filled in before the password was asked for again.
fn export(cx: Cx, view: &StudentListView, shown: &[Field]) -> AnyView {
    if !exports(view) {
        return ().into_any();
    }
    let form = cx.form("disclosure/export");
    let ticked: Option<Vec<&str>> = form.all("columns[]").map(Iterator::collect);
    let choices = view
        .columns
        .iter()
        .map(|c| {
            let checked = ticked.as_ref().map_or_else(
                || shown.contains(&c.column),
                |ticked| ticked.contains(&c.column.key()),
            );
            Choice::new(c.column.key(), say::pair(cx, &c.label)).checked(checked)
        })
        .collect::<Vec<_>>();
    let mut list = view.query.clone();
    list.page = 1;
    let known = cx.known();
    let chosen = known
        .query
        .iter()
        .filter(|(key, _)| key == "col")
        .map(|(key, value)| format!("{key}={}", encode(value)));
    let pairs = list
        .to_pairs()
        .into_iter()
        .map(|(key, value)| format!("{key}={}", encode(&value)))
        .chain(chosen)
        .collect::<Vec<_>>()
        .join("&");
    let hidden = vec![Hidden::new("list", pairs)];
    let (reason, error) = (form.value("reason", ""), form.error("reason"));
    let title = format!(
        "{} {} {}",
        cx.pick("导出全部", "Export all"),
        say::number(view.total),
        cx.pick("条", "records")
    );
    view! {
        <Panel id="export" title=title>
            <PostForm action="/api/disclosure/export" tenant=cx.slug() hidden=hidden>
                <RadioGroup name="columns[]" label=cx.pick("列", "Columns") choices=choices take=Take::Many inline=true/>
                <TextInput name="reason" label=cx.pick("用途", "Purpose") required=true maxlength=100 hint=cx.pick("写入导出文件和本人可见的查看记录", "Written into the file and into the log each student sees") value=reason error=error/>
                <FormActions><SubmitButton label=cx.pick("导出 Excel", "Export to Excel")/></FormActions>
            </PostForm>
        </Panel>
    }
    .into_any()
}

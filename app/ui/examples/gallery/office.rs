use leptos::prelude::*;
use ui::prelude::*;

/// The frame of the sample office.
pub fn shell(
    current: &str,
    title: &str,
    crumbs: Vec<Crumb>,
    deadline: impl Into<Slot>,
    actions: impl Into<Slot>,
    content: AnyView,
) -> AnyView {
    let item = |label: &str| NavItem::new(label, format!("/{label}")).current(label == current);
    let nav = vec![
        item("待办").badge("12", "项待办"),
        item("入学报到"),
        item("信息核对"),
        item("差错登记"),
        item("学籍注册").items(vec![item("新生注册"), item("学年注册"), item("比对")]),
        item("学籍异动"),
        item("图像采集"),
        item("毕业审核"),
        item("统计"),
    ];
    let deadline: Slot = deadline.into();
    let actions: Slot = actions.into();
    view! {
        <OfficeShell
            product="学籍"
            school="上海海洋大学"
            skip="跳到正文"
            identity=view! {
                <IdentitySwitch before="现以" identity="海洋学院 教学秘书" after="身份办理">
                    <PostForm action="/identity" tenant="shou">
                        <SubmitButton label="海洋学院 辅导员" weight=Weight::Link name="office" value="2"/>
                        <SubmitButton label="教务处 学籍管理" weight=Weight::Link name="office" value="3"/>
                    </PostForm>
                </IdentitySwitch>
            }
            nav_label="主导航"
            menu_label="菜单"
            nav=nav
            account=view! { <p>"赵敏 · 021-6190 0000"</p> }
            crumbs_label="位置"
            crumbs=crumbs
            title=title
            deadline=deadline
            actions=actions
            watermark="赵敏 2026-10-13 10:42"
            footer=view! { <Contact office="教务处学籍科" phone="021-6190 1111" hours="工作日 8:30–16:30"/> }
        >
            {content}
        </OfficeShell>
    }
    .into_any()
}

fn figures() -> AnyView {
    let bar = view! {
        <CompletionBar
            caption="完成率 86.3% · 按目前速度截止前约 97%"
            part_head="方式"
            count_head="人数"
            total=1204
            note="手机 942 · 纸质 79 · 代签 18"
            parts=vec![
                Part::new("本人已确认", 1021, Tone::Success),
                Part::new("代签", 18, Tone::Neutral),
                Part::new("有误", 28, Tone::Error),
            ]
        />
    };
    view! {
        <Figures
            label="按状态"
            items=vec![
                Figure::new("应核对", "1,204").href("?"),
                Figure::new("本人已确认", "1,021").href("?state=confirmed").tone(Tone::Success),
                Figure::new("代签", "18").href("?state=proxy"),
                Figure::new("有误", "28").href("?state=wrong").tone(Tone::Error).selected(true),
                Figure::new("未核对", "137").href("?state=open").tone(Tone::Warning),
            ]
            aside=bar
        />
    }
    .into_any()
}

fn filter() -> AnyView {
    view! {
        <FilterBar
            label="筛选名单"
            submit="筛选"
            search=Search::new("q", "姓名 / 拼音 / 学号 / 证件后四位", "")
            selects=vec![
                FilterSelect::new("major", "专业", vec![Choice::new("", "全部专业").checked(true), Choice::new("1", "海洋科学")]),
                FilterSelect::new("class", "班级", vec![Choice::new("", "全部班级").checked(true), Choice::new("1", "海科 1 班")]),
            ]
            columns=ColumnChooser::new("cols", "列", vec![
                Choice::new("no", "学号").checked(true).disabled(true),
                Choice::new("class", "班级").checked(true),
                Choice::new("photo", "图像"),
            ])
            aside=view! { <a class="xj-link" href="?">"清除筛选"</a> }
        />
    }
    .into_any()
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("学号").sort("?sort=-no", Sort::Ascending),
        Column::new("姓名").sort("?sort=name", Sort::None).title(),
        Column::new("班级"),
        Column::new("状态"),
        Column::new("有误项"),
        Column::new("原因与去向").width(Width::Wide),
        Column::new("经办"),
        Column::new("更新").numeric(),
    ]
}

struct Person(
    &'static str,
    &'static str,
    &'static str,
    Tone,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const PEOPLE: [Person; 5] = [
    Person(
        "2612040117",
        "阿卜杜拉·买买提",
        "海科 1 班",
        Tone::Error,
        "有误",
        "姓名（间隔号）",
        "录取数据有误 → 省招办更正中，第 6 天",
        "招办 陈老师",
        "10:42",
    ),
    Person(
        "2612040236",
        "王铉",
        "海科 2 班",
        Tone::Error,
        "有误",
        "姓名（生僻字）",
        "高考采集有误 → 待学生提交证明",
        "本人",
        "昨天",
    ),
    Person(
        "2612040251",
        "陈思远",
        "海科 2 班",
        Tone::Warning,
        "未核对",
        "",
        "已催办 2 次，最近 10月12日",
        "辅导员 赵老师",
        "10月12日",
    ),
    Person(
        "2612040302",
        "周雨欣",
        "海科 3 班",
        Tone::Neutral,
        "代签",
        "",
        "外出就医，电话核实 138****5678",
        "辅导员 赵老师",
        "09:15",
    ),
    Person(
        "2612040319",
        "黄子墨",
        "海科 3 班",
        Tone::Success,
        "已确认",
        "",
        "纸质第 3 页第 19 行",
        "本人签名",
        "08:50",
    ),
];

fn rows(count: usize) -> Vec<Row> {
    PEOPLE
        .iter()
        .cycle()
        .take(count)
        .enumerate()
        .map(|(index, person)| {
            Row::new()
                .selectable(format!("{index}"), format!("选择 {}", person.1))
                .checked(index < 2)
                .cell(person.0)
                .cell(person.1)
                .cell(person.2)
                .cell(view! { <StatusChip tone=person.3 label=person.4/> })
                .text(person.5)
                .cell(person.6)
                .cell(person.7)
                .cell(person.8)
        })
        .collect()
}

fn list(count: usize, summary: &str) -> AnyView {
    let footer = view! {
        <Pagination
            label="分页"
            summary=summary
            previous="上一页"
            next="下一页"
            pages=Pages::new(1, 25, |page| format!("?page={page}"))
        />
    };
    view! {
        <SelectableList form="picked" action="/remind" tenant="shou">
            <DataTable
                caption="2026 级新生信息核对"
                columns=columns()
                rows=rows(count)
                select=RowSelect::new("picked", "id", "选择").all("all", "选择全部 1,204 人")
                frozen=Frozen::Two
                footer=footer
            />
            <SelectionBar before="已选" after="人" all="已选全部 1,204 人">
                <SubmitButton label="催办" form="picked" formaction="/remind"/>
                <SubmitButton label="登记代签" form="picked" formaction="/proxy" weight=Weight::Secondary/>
            </SelectionBar>
        </SelectableList>
    }
    .into_any()
}

fn actions() -> AnyView {
    view! {
        <LinkButton label="模板" href="/template" weight=Weight::Quiet download=true/>
        <LinkButton label="导出" href="/export" weight=Weight::Quiet/>
        <LinkButton label="打印核对表" href="/print" weight=Weight::Quiet/>
        <LinkButton label="催办未核对 137 人" href="/remind"/>
    }
    .into_any()
}

fn board_crumbs() -> Vec<Crumb> {
    vec![
        Crumb::new("信息核对", "/drives"),
        Crumb::here("2026 级新生"),
    ]
}

pub fn board() -> AnyView {
    let content = view! {
        {figures()}
        {filter()}
        {list(5, "第 1–5 / 1,204 条 · 每页 50")}
    };
    shell(
        "信息核对",
        "2026 级新生信息核对",
        board_crumbs(),
        "截止 10月16日 周五 18:00 · 还剩 3 天",
        actions(),
        content.into_any(),
    )
}

pub fn table() -> AnyView {
    let content = view! {
        {figures()}
        {filter()}
        {list(50, "第 1–50 / 1,204 条 · 每页 50")}
    };
    shell(
        "新生注册",
        "2026 级新生信息核对",
        board_crumbs(),
        "截止 10月16日 周五 18:00 · 还剩 3 天",
        actions(),
        content.into_any(),
    )
}

pub fn empty() -> AnyView {
    let nothing = view! {
        <EmptyState
            title="没有符合条件的学生"
            text="“海科 9 班”没有未核对的学生。清除班级条件可以看到全学院 137 人。"
            action=view! { <LinkButton label="清除筛选" href="?" weight=Weight::Secondary/> }
        />
    };
    let content = view! {
        {filter()}
        <DataTable caption="名单" columns=columns() rows=Vec::new() empty=nothing/>
    };
    shell(
        "信息核对",
        "2026 级新生信息核对",
        board_crumbs(),
        Slot::empty(),
        Slot::empty(),
        content.into_any(),
    )
}

pub fn english() -> AnyView {
    let college = |name: &'static str, done: u64, wrong: u64, total: u64| {
        let bar = view! {
            <CompletionBar
                caption=format!("{name}: {done} of {total}")
                part_head="State"
                count_head="Students"
                total=total
                compact=true
                parts=vec![Part::new("Confirmed", done, Tone::Success), Part::new("Disputed", wrong, Tone::Error)]
            />
        };
        Row::new()
            .cell(name)
            .cell(bar)
            .cell(done.to_string())
            .cell(wrong.to_string())
            .cell(total.to_string())
    };
    let content = view! {
        <Panel title="Completion by college" note="as of 10:42" flush=true>
            <DataTable
                caption="Completion by college"
                columns=vec![
                    Column::new("College").title(),
                    Column::new("Completion").width(Width::Wide),
                    Column::new("Confirmed").numeric().sort("?sort=done", Sort::Descending),
                    Column::new("Disputed").numeric(),
                    Column::new("Total").numeric(),
                ]
                rows=vec![
                    college("Marine Sciences and Ecology", 1021, 28, 1204),
                    college("Fisheries and Life Science", 640, 3, 702),
                    college("Food Science and Technology", 233, 41, 655),
                ]
            />
        </Panel>
        <div class="xj-columns">
            <Panel title="Course">
                <Trend
                    caption="1,039 of 1,204 confirmed; about 97% expected by the deadline"
                    day_head="Day"
                    count_head="Confirmed"
                    total=1204
                    readings=[("1 Oct", 40), ("3 Oct", 220), ("5 Oct", 380), ("7 Oct", 610), ("9 Oct", 840), ("11 Oct", 930), ("13 Oct", 1039)]
                        .map(|(day, count)| Reading::new(day, count))
                        .to_vec()
                    forecast=vec![1110, 1168]
                    deadline=8
                    deadline_label="Fri 16 Oct 18:00"
                />
            </Panel>
            <Panel title="Admission to registration" flush=true>
                <Funnel
                    caption="Admission to registration"
                    stage_head="Stage"
                    count_head="Students"
                    leaving_head="Not in the next stage"
                    unexplained="unexplained"
                    stages=vec![
                        Stage::new("Admitted", 1221).href("?s=1").leaving("not arrived", 12, "?l=1").leaving("deferred", 5, "?l=2"),
                        Stage::new("Arrived", 1204).leaving("disputed", 28, "?l=3").leaving("not checked", 137, "?l=4"),
                        Stage::new("Confirmed", 1037),
                    ]
                />
            </Panel>
        </div>
        <Multiples
            label="By college"
            items=vec![
                Multiple::new("Marine Sciences and Ecology", "86.3%", vec![40, 220, 380, 610, 840, 930, 1039], 1204).href("?c=1"),
                Multiple::new("Fisheries and Life Science", "91.2%", vec![100, 300, 420, 500, 560, 600, 640], 702).href("?c=2"),
                Multiple::new("Food Science and Technology", "35.6%", vec![0, 10, 40, 90, 120, 180, 233], 655).href("?c=3").tone(Tone::Warning),
                Multiple::new("Engineering", "60.0%", vec![30, 80, 120, 200, 260, 280, 300], 500).href("?c=4"),
            ]
        />
        <LiveProgress label="Sending reminders" value=Some(420) max=1204 text="420 of 1,204 · about 2 minutes left"/>
    };
    shell(
        "统计",
        "Information check, entry 2026",
        vec![Crumb::here("Statistics")],
        "Due Fri 16 Oct 18:00 · 3 days left",
        Slot::empty(),
        content.into_any(),
    )
}

use leptos::prelude::*;
use ui::prelude::*;

use super::office::shell;

pub fn record() -> AnyView {
    let timeline = view! {
        <Panel title="学籍经过">
            <Timeline label="学籍经过" events=vec![
                TimelineEntry::new("2026年10月13日 10:42", "姓名更正申请已受理").who("招办 陈老师").text("省招办更正中，第 6 天。").tone(Tone::Warning),
                TimelineEntry::new("2026年9月6日", "入学资格初审合格").iso("2026-09-06").who("海洋学院").source(view! { <a class="xj-link" href="/d/1">"沪海洋学〔2026〕118号"</a> }).tone(Tone::Success),
                TimelineEntry::new("2026年8月21日", "录取信息移交").iso("2026-08-21").who("招生办公室").source(view! { <a class="xj-link" href="/d/2">"移交清单 第 2 批"</a> }).tone(Tone::Success),
            ]/>
        </Panel>
    };
    let reveal = view! {
        <Fold summary="显示完整号码">
            <PostForm action="/reveal" tenant="shou" hidden=vec![Hidden::new("field", "id_number")]>
                <TextInput name="reason" label="查看原因" required=true hint="会留下记录，学生本人可以看到"/>
                <SubmitButton label="显示" weight=Weight::Secondary/>
            </PostForm>
        </Fold>
    };
    let content = view! {
        <Record side=timeline>
            <RecordSection title="身份信息" open=true aside=view! { <StatusChip tone=Tone::Error label="有误"/> } facts=vec![
                Fact::new("姓名", "阿卜杜拉·买买提").source("录取数据"),
                Fact::new("性别", "男"),
                Fact::new("民族", "维吾尔族"),
                Fact::new("出生日期", "2008年3月12日"),
                Fact::new("身份证件号码", "6501**********1234").action(reveal),
                Fact::new("考生号", "26650101110234"),
            ]/>
            <RecordSection title="学籍信息" facts=vec![
                Fact::new("学号", view! { <Copyable label="学号" value="2612040117"/> }),
                Fact::new("学院", "海洋科学与生态环境学院"),
                Fact::new("专业", "海洋科学"),
                Fact::new("班级", "海洋资源与环境中外合作办学卓越班二〇二六级第一班"),
                Fact::new("学制", "4 年"),
                Fact::new("入学日期", "2026年9月6日"),
            ]/>
            <RecordSection title="三方比对">
                <DifferenceTable
                    caption="录取数据、学校记录与学信网的差异"
                    word="不一致"
                    heads=vec!["项目".into(), "录取数据".into(), "学校记录".into(), "学信网".into(), "负责".into()]
                    rows=vec![
                        Difference::new("姓名").differs("阿卜杜拉.买买提").same("阿卜杜拉·买买提").same("阿卜杜拉·买买提").same("招生办公室"),
                        Difference::new("民族").same("维吾尔族").same("维吾尔族").same("维吾尔族").same(""),
                        Difference::new("专业代码").same("070701").same("070701").differs("070702").same("教务处"),
                    ]
                />
            </RecordSection>
        </Record>
    };
    shell(
        "差错登记",
        "阿卜杜拉·买买提",
        vec![Crumb::new("差错登记", "/cases"), Crumb::here("2612040117")],
        "2026 级 · 海洋科学 · 海科 1 班",
        view! {
            <LinkButton label="打印" href="/print" weight=Weight::Quiet/>
            <LinkButton label="上一人" href="/prev" weight=Weight::Quiet/>
            <LinkButton label="下一人" href="/next" weight=Weight::Secondary/>
        },
        content.into_any(),
    )
}

pub fn todo() -> AnyView {
    let content = view! {
        <Notice tone=Tone::Warning title="学籍注册还差 2 件事，10月20日 星期二截止">
            "未完成前不能上报学信网。"
        </Notice>
        <TodoList groups=vec![
            TodoGroup::new("阻碍新生电子注册", vec![
                Todo::new("催办未核对的学生", "/1").count("137").text("海科 2 班最多，46 人").deadline("10月16日 星期五 18:00", "还剩 3 天", Tone::Warning),
                Todo::new("处理有误项", "/2").count("28").text("其中 6 件超过 5 天").deadline("10月14日 星期三", "已逾期 1 天", Tone::Error),
            ]).note("上报学信网截止 10月20日 星期二"),
            TodoGroup::new("阻碍学年注册", vec![
                Todo::new("确认未缴费名单", "/3").count("9").deadline("10月30日 星期五", "还剩 17 天", Tone::Neutral),
            ]),
        ]/>
        <div class="xj-columns">
            <Panel title="截止一览" flush=true>
                <DataTable
                    caption="截止一览"
                    columns=vec![Column::new("事项").title(), Column::new("截止").nowrap(), Column::new("剩余").numeric()]
                    rows=vec![
                        Row::new().cell("新生信息核对").cell("10月16日 星期五").cell("3 天").tone(Tone::Warning),
                        Row::new().cell("新生电子注册").cell("10月20日 星期二").cell("7 天"),
                    ]
                />
            </Panel>
            <Panel title="各阶段人数">
                <Figures label="各阶段人数" items=vec![
                    Figure::new("录取", "1,221"), Figure::new("报到", "1,204").note("未报到 17"), Figure::new("已注册", "0"),
                ]/>
            </Panel>
        </div>
    };
    shell(
        "待办",
        "待办",
        vec![Crumb::here("海洋学院")],
        Slot::empty(),
        Slot::empty(),
        content.into_any(),
    )
}

pub fn task() -> AnyView {
    let content = view! {
        <SideSheet
            title="阿卜杜拉·买买提"
            close=Crumb::new("关闭", "?")
            previous=Crumb::new("上一人", "?open=1")
            next=Crumb::new("下一人", "?open=3")
            actions=view! {
                <SubmitButton label="核实无误" form="decide"/>
                <SubmitButton label="退回学生" form="decide" weight=Weight::Secondary/>
            }
        >
            <Facts narrow=true facts=vec![
                Fact::new("学号", "2612040117"),
                Fact::new("班级", "海洋资源与环境中外合作办学卓越班二〇二六级第一班"),
                Fact::new("有误项", "姓名（间隔号）"),
            ]/>
            <PostForm action="/decide" tenant="shou" id="decide">
                <TextArea name="opinion" label="意见" hint="学生可以看到" rows=3/>
            </PostForm>
        </SideSheet>
        <DataTable
            caption="差错"
            columns=vec![Column::new("学号"), Column::new("姓名").title(), Column::new("有误项")]
            rows=(0..12).map(|_| Row::new().cell("2612040117").cell("阿卜杜拉·买买提").cell("姓名（间隔号）")).collect()
        />
    };
    shell(
        "差错登记",
        "差错登记",
        vec![Crumb::here("差错登记")],
        "28 件待处理",
        Slot::empty(),
        content.into_any(),
    )
}

pub fn wizard() -> AnyView {
    let content = view! {
        <WizardSteps
            label="导入步骤"
            done="已完成"
            steps=vec!["上传".into(), "校验".into(), "查看".into(), "确认".into()]
            current=2
        />
        <Figures label="校验结果" items=vec![
            Figure::new("读入", "5,000"),
            Figure::new("可导入", "4,962").tone(Tone::Success),
            Figure::new("需修改", "38").tone(Tone::Error).selected(true),
            Figure::new("提醒", "112").tone(Tone::Warning),
        ]/>
        <Panel title="需修改 38 行" actions=view! { <LinkButton label="下载带校验结果的原表" href="/file" weight=Weight::Secondary download=true/> }>
            <Fold summary="身份证件号码校验位不符 · 21 行" open=true>
                <DataTable
                    caption="身份证件号码校验位不符"
                    columns=vec![Column::new("行").numeric().width(Width::Narrow), Column::new("姓名").title(), Column::new("原值"), Column::new("说明").width(Width::Wide)]
                    rows=vec![
                        Row::new().cell("18").cell("王铉").cell("3101**********123X").cell("第 18 位应为 4，请与身份证核对。"),
                        Row::new().cell("204").cell("陈思远").cell("3101**********0021").cell("第 18 位应为 7，请与身份证核对。"),
                    ]
                />
            </Fold>
            <Fold summary="学号重复 · 12 行">"…"</Fold>
            <Fold summary="专业代码不在本校目录 · 5 行">"…"</Fold>
        </Panel>
        <LiveProgress label="正在写入" value=Some(3120) max=4962 text="3,120 / 4,962 · 约剩 20 秒"/>
        <LiveProgress label="等待校验" text="前面还有 1 个文件"/>
        <PostForm action="/import" tenant="shou" multipart=true>
            <FileInput name="file" label="重新上传" accept=".xlsx,.csv,.dbf" hint=".xlsx、.csv 或 .dbf，不超过 20 MB" error="这不是 Excel 文件，请用模板另存后再上传"/>
            <FormActions note="导入前会先给出差异，不会立即写入。">
                <SubmitButton label="导入可用的 4,962 行"/>
                <SubmitButton label="放弃本次导入" weight=Weight::Danger/>
            </FormActions>
        </PostForm>
    };
    shell(
        "入学报到",
        "导入录取数据",
        vec![Crumb::new("入学报到", "/admission"), Crumb::here("导入")],
        "录取数据.xlsx · 5,000 行",
        view! { <LinkButton label="模板" href="/template" weight=Weight::Quiet/> },
        content.into_any(),
    )
}

use leptos::prelude::*;
use ui::prelude::*;

fn language() -> AnyView {
    view! {
        <LangSwitch
            label="语言"
            action="/language"
            tenant="shou"
            languages=vec![Language::new("中", "zh-CN", true), Language::new("EN", "en", false)]
        />
    }
    .into_any()
}

fn footer() -> AnyView {
    view! { <Contact office="海洋科学与生态环境学院 教学秘书" phone="021-6190 0000" hours="工作日 8:30–16:30"/> }
        .into_any()
}

fn steps() -> Vec<Step> {
    vec![
        Step::new(StepState::Done, "已完成", "录取信息移交")
            .aside("8月21日")
            .text("招生办公室已把你的录取数据交给学生处和学院。"),
        Step::new(StepState::Done, "已完成", "报到与初审")
            .aside("9月6日")
            .text("海洋科学与生态环境学院初审合格。"),
        Step::new(StepState::Current, "待你完成", "信息核对签名")
            .text("核对无误并签名后，学院汇总上报。")
            .office("海洋科学与生态环境学院", "021-6190 0000"),
        Step::new(StepState::Waiting, "未开始", "学信网新生电子注册")
            .text("注册后以学信网下载名单为准，在这里显示日期。")
            .link("https://www.chsi.com.cn", "在学信网查看我的学籍"),
    ]
}

pub fn home() -> AnyView {
    view! {
        <PhoneShell
            school="上海海洋大学"
            badge=Badge::initial("海")
            title="我的学籍"
            skip="跳到正文"
            heading="李*然，你好"
            subline="2026 级 · 海洋科学 · 学号 26****17"
            language=language()
            raised=true
            bottom=view! { <LinkButton label="开始核对（0/8）" href="/check" wide=true/> }
            footer=footer()
        >
            <NowCard
                eyebrow="现在要做 · 还剩 3 天"
                title="核对你的学籍信息并签名"
                text="共 8 项，一般一分钟。发现有误请当场标出，不要自行修改证件。"
                deadline_label="截止"
                deadline="2026年10月16日 星期五 18:00"
                deadline_iso="2026-10-16T18:00:00+08:00"
            />
            <ProgressSteps title="学籍注册进度" steps=steps()/>
        </PhoneShell>
    }
    .into_any()
}

pub fn check() -> AnyView {
    view! {
        <PhoneShell
            school="上海海洋大学"
            badge=Badge::initial("海")
            title="信息核对"
            skip="跳到正文"
            heading="姓名是否与身份证一致"
            back=Crumb::new("我的学籍", "/")
            language=language()
            bottom=view! {
                <SubmitButton label="下一项" form="line" wide=true/>
            }
            footer=footer()
        >
            <StepMeter label="核对进度" current=3 total=8/>
            <Panel>
                <Facts facts=vec![
                    Fact::new("姓名", "阿卜杜拉·买买提").source("录取数据"),
                    Fact::new("身份证件", "3101**********1234").source("录取数据"),
                ]/>
            </Panel>
            <PostForm action="/check/3" tenant="shou" id="line">
                <RadioGroup
                    name="answer"
                    label="你的回答"
                    choices=vec![
                        Choice::new("right", "一致").checked(true),
                        Choice::new("wrong", "有误").hint("需要当场标出正确的写法，并由学院核实"),
                    ]
                />
                <TextInput name="value" label="正确的写法" mark="有误时填写" hint="与身份证完全一致，间隔号写作“·”"/>
                <TextArea name="remark" label="说明" mark="选填" value="户口簿与身份证 <不同>" rows=3 maxlength=200/>
            </PostForm>
            <Notice tone=Tone::Info title="草稿已保存">"可以随时离开，回来时从第 3 项继续。"</Notice>
        </PhoneShell>
    }
    .into_any()
}

pub fn refusal() -> AnyView {
    view! {
        <PhoneShell school="上海海洋大学" badge=Badge::initial("海") title="信息核对" skip="跳到正文" language=language() footer=footer()>
            <Refusal
                tone=Tone::Warning
                what="现在不能签名"
                why=Line::new("原因", "你标出的“姓名”有误，学院正在核实。核实以前，签名不会生效。")
                clause="《办法》二（一）3（2）"
                who=Line::new("谁来帮助", view! { <Contact office="海洋学院 教学秘书 赵老师" phone="021-6190 0000"/> })
                until=Line::new("截止", "2026年10月16日 星期五 18:00，还剩 3 天")
                now=Line::new("现在可以做", "带身份证和户口簿到学院 A302 当面核实。")
                reference=Line::new("查询号", view! { <Copyable label="查询号" value="R-7F3K-20"/> })
                actions=view! { <LinkButton label="查看已标出的项" href="/check"/> }
            />
            <EmptyState title="没有其他待办" text="学院核实后，这里会出现新的任务。"/>
        </PhoneShell>
    }
    .into_any()
}

pub fn long() -> AnyView {
    let name = "阿卜杜热合曼·阿卜杜克热木·艾合买提江·买买提吐尔逊";
    view! {
        <PhoneShell
            school="中国某某民族职业技术与海洋科学应用大学（临港校区）"
            badge=Badge::initial("中")
            title="我的学籍与学历注册"
            skip="跳到正文"
            heading=format!("{name}，你好")
            subline="2026 级 · 海洋资源与环境（中外合作办学、卓越农林人才教育培养计划） · 学号 26****17"
            language=language()
            raised=true
            bottom=view! { <LinkButton label="开始核对本人学籍注册信息并完成电子签名（0/8）" href="/check" wide=true/> }
            footer=footer()
        >
            <NowCard
                eyebrow="现在要做 · 还剩 3 天"
                title="核对你的学籍信息并签名"
                text="ThisIsAVeryLongUnbrokenWordThatMustNotPushThePageWiderThanThePhoneItIsShownOn"
                deadline_label="截止"
                deadline="2026年10月16日 星期五 18:00"
            />
            <RecordSection title="基本信息" open=true aside=view! { <StatusChip tone=Tone::Success label="已确认"/> } facts=vec![
                Fact::new("姓名", name),
                Fact::new("班级", "海洋资源与环境中外合作办学卓越班二〇二六级第一班"),
                Fact::new("身份证件", "3101**********1234").action(view! { <LinkButton label="显示" href="/reveal" weight=Weight::Link/> }),
            ]/>
            <RecordSection title="联系方式" facts=vec![Fact::new("手机", "138****5678")]/>
            <DataTable
                caption="注册记录"
                columns=vec![Column::new("学年").title(), Column::new("状态"), Column::new("经办"), Column::new("日期").numeric()]
                rows=vec![
                    Row::new().cell("2026–2027 学年").cell(view! { <StatusChip tone=Tone::Success label="已注册"/> }).cell("海洋科学与生态环境学院教学秘书办公室").cell("2026年9月6日"),
                    Row::new().cell("2027–2028 学年").cell(view! { <StatusChip label="未开始"/> }).cell("").cell("—"),
                ]
            />
        </PhoneShell>
    }
    .into_any()
}

use leptos::prelude::*;
use ui::prelude::*;

pub fn sign_in() -> AnyView {
    view! {
        <PlainShell
            brand="学籍 · 上海海洋大学"
            badge=Badge::initial("海")
            skip="跳到正文"
            title="登录"
            lead="学生用学号登录；首次登录用激活单上的二维码。"
            language=view! {
                <LangSwitch label="语言" action="/language" languages=vec![Language::new("中", "zh-CN", true), Language::new("EN", "en", false)]/>
            }
            footer=view! { <Contact office="信息化办公室" phone="021-6190 2222"/> }
        >
            <ErrorSummary title="有 1 处需要修改" errors=vec![("password".into(), "密码不正确，还可以再试 4 次".into())]/>
            <PostForm action="/sign-in" tenant="shou" unchecked=true>
                <TextInput name="login" label="学号或工号" value="2612040117" autocomplete="username" typed=Typed::Digits/>
                <PasswordInput name="password" label="密码" error="密码不正确，还可以再试 4 次"/>
                <Checkbox name="keep" label="在这台设备上保持登录" hint="公用电脑请不要勾选"/>
                <FormActions>
                    <SubmitButton label="登录" wide=true/>
                    <LinkButton label="忘记密码" href="/forgot" weight=Weight::Link/>
                </FormActions>
            </PostForm>
        </PlainShell>
    }
    .into_any()
}

pub fn parts() -> AnyView {
    let chips = Tone::ALL
        .into_iter()
        .zip(["代签", "已确认", "未核对", "有误", "已上报"])
        .map(|(tone, label)| view! { <StatusChip tone label=label/> })
        .collect_view();
    let notices = Tone::ALL
        .into_iter()
        .map(|tone| view! { <Notice tone title="名单已冻结">"两位审核人签名后才会生成上报文件。"</Notice> })
        .collect_view();
    view! {
        <PlainShell brand="学籍" skip="跳到正文" title="部件" measure=Measure::Wide
            actions=view! { <LinkButton label="新建学校" href="/new"/> }>
            <Panel title="状态" note="词、颜色与形状"><div class="xj-row">{chips}</div></Panel>
            {notices}
            <Panel title="表单">
                <PostForm action="/x">
                    <FieldRow>
                        <TextInput name="a" label="姓名" mark="必填" required=true/>
                        <DateInput name="b" label="截止日期" value="2026-10-16" hint="含当日"/>
                        <SelectInput name="c" label="学院" choices=vec![Choice::new("1", "海洋科学与生态环境学院"), Choice::new("2", "水产与生命学院")]/>
                    </FieldRow>
                    <RadioGroup name="d" label="意见" inline=true choices=vec![Choice::new("1", "同意").checked(true), Choice::new("2", "退回"), Choice::new("3", "转办")] error="请选择一项"/>
                    <RadioGroup name="g" label="材料" take=Take::Many choices=vec![Choice::new("1", "身份证复印件").checked(true), Choice::new("2", "户口簿").hint("首页与本人页"), Choice::new("3", "派出所证明").disabled(true).checked(true)]/>
                    <TextArea name="e" label="说明" error="请写明原因" value="</textarea><b>x</b>" hint="不超过 500 字"/>
                    <FormActions>
                        <SubmitButton label="提交审核"/>
                        <SubmitButton label="保存草稿" weight=Weight::Secondary unchecked=true/>
                        <SubmitButton label="撤销" weight=Weight::Danger/>
                        <SubmitButton label="暂不可用" disabled=true/>
                        <SubmitButton label="稍后再填" weight=Weight::Link/>
                    </FormActions>
                </PostForm>
            </Panel>
            <Refusal
                what="这批数据不能上报"
                why=Line::new("原因", "有 2 名学生没有完成信息核对签名。")
                clause="《办法》二（一）3（4）"
                who=Line::new("谁来帮助", view! { <Contact office="教务处学籍科" phone="021-6190 1111"/> })
                until=Line::new("截止", "2026年10月20日 星期二")
                now=Line::new("现在可以做", "催办这 2 名学生，或将其移出本批。")
                actions=view! { <LinkButton label="查看 2 名学生" href="/x"/> <LinkButton label="移出本批" href="/y" weight=Weight::Secondary/> }
            />
            <ProgressSteps title="办理进度" steps=vec![
                Step::new(StepState::Done, "已完成", "学院初审").aside("9月6日").text("合格"),
                Step::new(StepState::Failed, "退回", "教务处审核").text("缺少证明材料。").office("教务处学籍科", view! { <Contact office="陈老师" phone="021-6190 1111"/> }),
                Step::new(StepState::Waiting, "未开始", "归档"),
            ]/>
        </PlainShell>
    }
    .into_any()
}

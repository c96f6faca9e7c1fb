use leptos::prelude::*;
use ui::prelude::*;

pub fn sheet() -> AnyView {
    let rows = (1..=40)
        .map(|line| {
            Row::new()
                .cell(line.to_string())
                .cell(format!("26120402{line:02}"))
                .cell(if line % 7 == 0 {
                    "阿卜杜热合曼·阿卜杜克热木"
                } else {
                    "陈思远"
                })
                .cell("3101**********1234")
                .cell("")
                .cell("")
        })
        .collect();
    view! {
        <PrintShell
            school="上海海洋大学"
            title="2026 级新生学籍信息核对表"
            meta=vec![
                ("班级".into(), "海洋资源与环境中外合作办学卓越班".into()),
                ("打印时间".into(), "2026年10月13日 10:42".into()),
                ("校验码".into(), "7F3K-20".into()),
            ]
            toolbar=view! { <LinkButton label="返回" href="/" weight=Weight::Secondary/> <span class="xj-muted">"用 A4 纸打印"</span> }
            foot=view! {
                <SignatureLine labels=vec!["核对人".into(), "辅导员".into(), "负责人".into()]/>
                <SealBox text="（学院公章）" date="年　　月　　日"/>
            }
        >
            <DataTable
                caption="核对表"
                always_table=true
                columns=vec![
                    Column::new("序号").numeric(), Column::new("学号"), Column::new("姓名"),
                    Column::new("身份证件号码"), Column::new("签名").width(Width::Wide), Column::new("备注").width(Width::Wide),
                ]
                rows=rows
            />
        </PrintShell>
    }
    .into_any()
}

pub fn slips() -> AnyView {
    let slips = (1..=10)
        .map(|number| {
            let modules = Modules::new(33, |row, column| {
                (row * 7 + column * 11 + row * column) % 3 == 0
            });
            Slip::new("上海海洋大学 · 学籍账号激活单", "陈思远")
                .facts(vec![
                    Fact::new("学号", format!("26120402{number:02}")),
                    Fact::new("班级", "海洋资源与环境中外合作办学卓越班二〇二六级第一班"),
                ])
                .code(view! { <QrCode label="激活链接" modules=modules/> })
                .note("扫码激活，2026年9月20日 星期日前有效。请勿转借。")
        })
        .collect();
    view! { <PrintShell school="上海海洋大学" title="激活单"><SlipSheet label="激活单" slips=slips/></PrintShell> }
        .into_any()
}

//! The names of the pages, and the navigation of the post in use.

use crate::cx::Cx;
use crate::pages::say;
use domain::institution::Action;
use domain::institution::policy::{self, Kind};
use domain::text::Text;
use ui::prelude::NavItem;

/// What a page is called, by its path in the policy table: in the menu and in the window's title. The name of a person
/// is in neither, since a browser keeps titles.
pub fn page_name(op: &str) -> Option<Text> {
    Some(match op {
        "sign-in" => Text::new("登录", "Sign in"),
        "activate" => Text::new("激活账号", "Activate your account"),
        "home" => Text::new("待办", "To do"),
        "account" => Text::new("账号", "Account"),
        "me" => Text::new("我的学籍", "My registration"),
        "me/access" => Text::new("谁看过我的信息", "Who looked at me"),
        "admission/imports" => Text::new("录取数据导入", "Admission imports"),
        "admission/imports/:id" => Text::new("一次导入", "One import"),
        "admission/majors" => Text::new("专业对应", "Majors"),
        "handovers" => Text::new("录取信息移交", "Hand-overs"),
        "handovers/:id" => Text::new("一次移交", "One hand-over"),
        "assign" => Text::new("编班编学号", "Class and number"),
        "students" => Text::new("考生与学生", "Candidates and students"),
        "students/:id" => Text::new("学籍信息", "One record"),
        "exports" => Text::new("导出", "Exports"),
        "activation" => Text::new("激活单", "Activation slips"),
        "school" => Text::new("学校", "School"),
        "files/slips/all" => Text::new("打印全部激活单", "Print all activation slips"),
        "files/slips/staff" => Text::new("打印教职工激活单", "Print slips of staff"),
        "files/slips/one/:id" => Text::new("打印一张激活单", "Print one activation slip"),
        "files/slips/:class" => Text::new("打印激活单", "Print activation slips"),
        "organisation" => Text::new("组织机构", "Organisation"),
        "staff" => Text::new("人员与岗位", "Staff and posts"),
        "parameters" => Text::new("参数与实施细则", "Parameters and rules"),
        "security" => Text::new("安全", "Security"),
        "operator/tenants" => Text::new("平台运营", "Platform"),
        "operator/account" => Text::new("平台运营账号", "Operator's account"),
        _ => return None,
    })
}

/// An entry of the menu, where the post in use may see the page.
fn entry<A: Action>(cx: Cx) -> Option<(&'static str, Text)> {
    let rule = A::rule();
    let known = cx.known();
    let present = known.present.as_ref()?;
    let shown = rule.kind == Kind::Page && present.actor.may::<A>();
    shown
        .then(|| page_name(rule.op))
        .flatten()
        .map(|name| (rule.op, name))
}

/// The navigation of the post in use: what it may not do is not there.
pub(super) fn navigation(cx: Cx, todo: Option<u64>) -> Vec<NavItem> {
    let entries = [
        entry::<policy::HomePage>(cx),
        entry::<policy::ImportsPage>(cx),
        entry::<policy::MajorsPage>(cx),
        entry::<policy::HandoversPage>(cx),
        entry::<policy::AssignPage>(cx),
        entry::<policy::StudentsPage>(cx),
        entry::<policy::SlipsPage>(cx),
        entry::<policy::ExportsPage>(cx),
        entry::<policy::UnitsPage>(cx),
        entry::<policy::StaffPage>(cx),
        entry::<policy::ParametersPage>(cx),
        entry::<policy::SchoolPage>(cx),
        entry::<policy::SecurityPage>(cx),
    ];
    let path = cx.path();
    entries
        .into_iter()
        .flatten()
        .map(|(op, name)| {
            let here = path == op || path.starts_with(&format!("{op}/"));
            let item = NavItem::new(cx.text(name), cx.href(op)).current(here);
            match todo.filter(|count| *count > 0 && op == "home") {
                Some(count) => item.badge(say::number(count), cx.pick("件待办", "to do")),
                None => item,
            }
        })
        .collect()
}

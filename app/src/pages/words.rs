//! The codes of operations in words: what happened, why, what to do now.

mod admission;
mod files;
mod forms;
mod rights;
mod school;

use domain::text::{Lang, Text};

/// What is said about a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do now.
    pub now: String,
}

/// The words of a code; with a field, those for this field, operation (`files/logo`) or area (`operator`) alone.
struct Entry {
    code: &'static str,
    field: Option<&'static str>,
    zh: (&'static str, &'static str, &'static str),
    en: (&'static str, &'static str, &'static str),
}

const UNKNOWN: Entry = Entry {
    code: "internal",
    field: None,
    zh: (
        "没有完成",
        "系统遇到没有料到的情况，已记录。没有写入一半的内容。",
        "请稍后再试；仍然不行请联系现代信息与教育技术中心。",
    ),
    en: (
        "It was not done",
        "Something unexpected happened and was recorded. Nothing was half written.",
        "Try again later, or tell the IT Centre.",
    ),
};

fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        rights::ENTRIES,
        forms::ENTRIES,
        admission::ENTRIES,
        files::ENTRIES,
        school::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// Every code with what its words are about.
pub fn listed() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    entries().map(|entry| (entry.code, entry.field))
}

fn entry(code: &str, about: &[&str]) -> Option<&'static Entry> {
    let named = |of: Option<&str>| entries().find(|e| e.code == code && e.field == of);
    about
        .iter()
        .find_map(|name| named(Some(name)))
        .or_else(|| named(None))
}

/// Whether a code has words of its own for this field, or for any.
pub fn known(code: &str, field: Option<&str>) -> bool {
    entry(code, field.as_slice()).is_some()
}

/// The words for a code: those for the first of the names that has some, else those for any. Names are operations,
/// fields and areas.
pub fn of(code: &str, about: &[&str], lang: Lang) -> Words {
    let entry = entry(code, about).unwrap_or(&UNKNOWN);
    let (what, why, now) = match lang {
        Lang::Zh => entry.zh,
        Lang::En => entry.en,
    };
    Words {
        what: what.to_owned(),
        why: why.to_owned(),
        now: now.to_owned(),
    }
}

/// What a field of a form is called; some names mean something else in one operation.
pub fn field(name: &str, op: Option<&str>) -> Option<Text> {
    Some(match (name, op) {
        ("number", Some("files/rule")) => Text::new("文号", "Document number"),
        ("number", Some("disclosure/find")) => Text::new("证件号码", "Document number"),
        ("number", Some("admission/correct-number")) => Text::new("学号", "Student number"),
        ("code", Some("institution/set-school-name")) => Text::new("国标代码", "National code"),
        ("code", Some("institution/activate-by-code")) => Text::new("一次性代码", "One-time code"),
        ("name", Some("institution/set-school-name" | "operator/create-tenant")) => {
            Text::new("校名", "Name")
        }
        _ => return plain_field(name),
    })
}

fn plain_field(name: &str) -> Option<Text> {
    Some(match name {
        "reason" => Text::new("理由或用途", "Reason or purpose"),
        "identity" => Text::new("核验方式", "How the identity was checked"),
        "reasons" => Text::new("退回的理由", "Reasons for the return"),
        "columns" => Text::new("列", "Columns"),
        "password" => Text::new("密码", "Password"),
        "new" => Text::new("新密码", "New password"),
        "old" => Text::new("现在的密码", "Present password"),
        "code" => Text::new("动态口令或恢复码", "Code"),
        "login" => Text::new("账号", "Login"),
        "account" => Text::new("账号", "Account"),
        "name" => Text::new("名称", "Name"),
        "number" => Text::new("学号或考生号", "Student or candidate number"),
        "file" => Text::new("文件", "File"),
        "import" => Text::new("导入", "Import"),
        "year" => Text::new("年份", "Year"),
        "value" => Text::new("参数值", "Value"),
        "basis" => Text::new("依据", "Basis"),
        "effective_from" => Text::new("生效日期", "Takes effect on"),
        "key" => Text::new("参数", "Parameter"),
        "slug" => Text::new("地址标识", "Address"),
        "confirmed" => Text::new("确认停用", "Confirmation"),
        "school_code" => Text::new("院校代码", "School code"),
        "province" => Text::new("省份", "Province"),
        "colour" => Text::new("颜色", "Colour"),
        "post" => Text::new("岗位", "Post"),
        "college" => Text::new("学院", "College"),
        "major" => Text::new("专业", "Major"),
        "note" => Text::new("说明", "Note"),
        "pattern" => Text::new("学号规则", "Pattern of student numbers"),
        "classes" => Text::new("班级", "Classes"),
        "rows" => Text::new("行", "Rows"),
        "title" => Text::new("名称", "Title"),
        "rule" => Text::new("依据的实施细则", "Rule it rests on"),
        "class" => Text::new("班级", "Class"),
        "valid_from" => Text::new("自何日起", "From"),
        "starts_on" => Text::new("上课第一天", "First day of teaching"),
        "ends_on" => Text::new("学期最后一天", "Last day"),
        "arrival_on" => Text::new("新生报到日", "Day freshmen report"),
        "verify_until" => Text::new("信息核对截止日", "Last day to check the data"),
        "self_check_until" => Text::new("学信网自查截止日", "Last day to look up CHSI"),
        "photo_until" => Text::new("图像采集和校对截止日", "Last day for photo and proof"),
        "semester" => Text::new("学期", "Semester"),
        "admin_login" => Text::new(
            "首个管理员的工号",
            "Staff number of the first administrator",
        ),
        "admin_name" => Text::new("首个管理员的姓名", "Name of the first administrator"),
        _ => return None,
    })
}

/// What stands on something that is to be undone, where the service names it by kind and count.
pub fn stands(kind: &str) -> Option<Text> {
    Some(match kind {
        "students" => Text::new("学生", "students"),
        "units" => Text::new("下级单位", "units below"),
        "majors" => Text::new("专业对应", "mapped majors"),
        "receipts" => Text::new("移交接收", "receipts of hand-overs"),
        "posts" => Text::new("岗位", "posts"),
        "accounts" => Text::new("账号", "accounts"),
        "changes" => Text::new("之后的导入所作的更改", "changes by later imports"),
        "changed" => Text::new("之后又改动的记录", "records changed since"),
        "slips" => Text::new("激活单", "activation slips"),
        "classes" => Text::new(
            "编班名单给这些岗位的班级",
            "classes that lists gave to these posts",
        ),
        "status" => Text::new("学籍已开始的学生", "students whose status has begun"),
        "registered" => Text::new("已报学信网的学生", "students given to CHSI"),
        _ => return None,
    })
}

/// The words for rows that were written.
pub fn written(rows: u64, lang: Lang) -> String {
    match (lang, rows) {
        (Lang::Zh, _) => format!("已写入 {rows} 行"),
        (Lang::En, 1) => "1 row was written".to_owned(),
        (Lang::En, _) => format!("{rows} rows were written"),
    }
}

/// The words for something done.
pub fn done(code: &str, lang: Lang) -> String {
    let (zh, en) = match code {
        "signed_out" => ("已退出登录", "You are signed out"),
        "activated" => (
            "账号已激活，下次用学号或考生号登录",
            "The account is active; next time sign in with your student or candidate number",
        ),
        "activated_staff" => (
            "账号已激活，下次用工号登录",
            "The account is active; next time sign in with your staff number",
        ),
        "password_changed" => (
            "密码已更改，其他设备已退出",
            "The password is changed; all other devices are signed out",
        ),
        "session_ended" => ("该设备已退出", "That device is signed out"),
        "confirmed" => ("确认已提交", "The confirmation was sent"),
        "accepted" => ("已接受并记录原因", "Accepted, with the reason kept"),
        "undone" => ("已撤销", "Undone"),
        "discarded_list" => (
            "已放弃这份名单，没有写入任何内容",
            "The list was put aside; nothing was written",
        ),
        "discarded" => (
            "已放弃这次上传，没有任何考生入库",
            "The upload was put aside; nobody is in",
        ),
        "resumed" => ("已重新开始", "It has been started again"),
        // Not that the check has begun: by the time this is read it may have ended, and badly.
        "uploaded" => ("文件已收到", "The file has arrived"),
        "already" => (
            "这个文件之前已导入，没有改变任何内容",
            "This file was imported before; nothing has changed",
        ),
        "handed_over" => ("已移交，等待接收", "Handed over, waiting to be received"),
        "received" => ("已接收", "Received"),
        "returned" => ("已退回并写明原因", "Returned with the reason"),
        "stepped_up" => ("身份已确认，五分钟内有效", "Confirmed, for five minutes"),
        "export" => (
            "导出已开始，完成后在本页下载",
            "The export has begun; fetch it here when it is done",
        ),
        _ => ("已保存", "Saved"),
    };
    lang.pick(zh, en).to_owned()
}

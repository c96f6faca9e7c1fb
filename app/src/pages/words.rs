//! The codes of operations in words: what happened, why, what to do now.

mod admission;

use domain::text::Lang;

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

struct Entry {
    code: &'static str,
    zh: (&'static str, &'static str, &'static str),
    en: (&'static str, &'static str, &'static str),
}

const ENTRIES: &[Entry] = &[
    Entry {
        code: "not_found",
        zh: (
            "没有这一页",
            "地址有误，或这条记录不在你的岗位可见范围内。",
            "从首页重新进入；确有需要请联系相关部门。",
        ),
        en: (
            "There is no such page",
            "The address is wrong, or the record is outside what your post may see.",
            "Go back to the start, or ask the office in charge.",
        ),
    },
    Entry {
        code: "contrast",
        zh: (
            "这个颜色看不清",
            "与白底的对比度低于 4.5，视力不好的人读不出文字。",
            "请换深一些的颜色。",
        ),
        en: (
            "This colour cannot be read",
            "Its contrast to white is below 4.5, so that people with weak sight cannot read it.",
            "Choose a darker one.",
        ),
    },
    Entry {
        code: "not_png",
        zh: (
            "校徽须是 PNG 图片",
            "上传的文件不是 PNG。",
            "请另存为 PNG 后再上传。",
        ),
        en: (
            "The logo must be a PNG picture",
            "The file is no PNG.",
            "Save it as PNG and upload it again.",
        ),
    },
    Entry {
        code: "not_pdf",
        zh: (
            "实施细则须是 PDF",
            "上传的文件不是 PDF。",
            "请导出为 PDF 后再上传。",
        ),
        en: (
            "The rule must be a PDF",
            "The file is no PDF.",
            "Export it as PDF and upload it again.",
        ),
    },
    Entry {
        code: "rule_later",
        zh: (
            "所选细则在该日尚未生效",
            "参数的生效日期早于实施细则的生效日期。",
            "请把生效日期改到细则生效之后，或选较早的版本。",
        ),
        en: (
            "The rule is not in force on that day",
            "The value would hold before the rule does.",
            "Choose a later day, or an earlier version of the rule.",
        ),
    },
    Entry {
        code: "overlap",
        zh: (
            "学期日期重叠",
            "这个学期与另一学期重叠。",
            "请核对起止日期。",
        ),
        en: (
            "The terms overlap",
            "This term overlaps another one.",
            "Check first and last day.",
        ),
    },
    Entry {
        code: "year",
        zh: (
            "日期不在该学期",
            "上课日期不在所选学年、学期之内。",
            "请核对学年、学期和日期。",
        ),
        en: (
            "The day is not in that semester",
            "The first day does not lie in the academic year and semester chosen.",
            "Check year, semester and day.",
        ),
    },
    Entry {
        code: "length",
        zh: ("学期长度不对", "一个学期为八至三十周。", "请核对结束日期。"),
        en: (
            "The length is not that of a semester",
            "A semester lasts eight to thirty weeks.",
            "Check the last day.",
        ),
    },
    Entry {
        code: "arrival",
        zh: (
            "报到日期不对",
            "新生在秋季学期开学前八周至开学后四周之间报到。",
            "请核对报到日期。",
        ),
        en: (
            "The day of arrival is not right",
            "Freshmen report from eight weeks before to four weeks after the autumn term begins.",
            "Check the day.",
        ),
    },
    Entry {
        code: "not_yet",
        zh: (
            "日期还没有到",
            "更名从当日或更早的日期起登记。",
            "请在当日或之后登记。",
        ),
        en: (
            "The day has not come",
            "A name is recorded on its first day or later.",
            "Record it on that day.",
        ),
    },
    Entry {
        code: "own_account",
        zh: (
            "不能这样办理自己的账号",
            "停用、恢复和重置动态口令须由另一位管理员办理。",
            "请另一位本校管理员办理；没有时请平台运维用命令行处理。",
        ),
        en: (
            "Not for your own account",
            "Another administrator disables an account, lets it be used again or resets its second factor.",
            "Ask another administrator of the school; if there is none, the operator does it on the command line.",
        ),
    },
    Entry {
        code: "wrong_office",
        zh: (
            "这一步由其他部门办理",
            "你现在使用的岗位没有办理这一步的权限。",
            "如果你还有其他岗位，请先切换岗位；否则请联系负责部门。",
        ),
        en: (
            "Another office does this",
            "The post you are working in has no right to this step.",
            "Switch to another of your posts, or ask the office in charge.",
        ),
    },
    Entry {
        code: "sign_in",
        zh: (
            "没有登录成功",
            "账号、密码或验证码不对，或账号暂时锁定。为安全起见不说明是哪一种。",
            "请核对后再试；连续失败五次会锁定十五分钟。忘记密码请持证件到学院重新激活。",
        ),
        en: (
            "Sign-in did not succeed",
            "Login, password or code is wrong, or the account is locked for a while. Which of these is not said, for safety.",
            "Check and try again; five failures lock the account for fifteen minutes. If you have forgotten the password, bring your identity card to your college.",
        ),
    },
    Entry {
        code: "not_signed_in",
        zh: (
            "请先登录",
            "没有登录，或登录已因长时间未操作而结束。",
            "请重新登录，之前保存的内容不会丢失。",
        ),
        en: (
            "Please sign in",
            "You are not signed in, or the session ended after a long pause.",
            "Sign in again; what was saved is still there.",
        ),
    },
    Entry {
        code: "too_many",
        zh: (
            "尝试次数过多",
            "同一网络在一分钟内尝试次数过多。",
            "请等一分钟再试。",
        ),
        en: (
            "Too many attempts",
            "There were too many attempts from this network within a minute.",
            "Wait a minute and try again.",
        ),
    },
    Entry {
        code: "step_up",
        zh: (
            "需要再次确认身份",
            "这一步涉及重要数据，要求五分钟内输入过密码。",
            "请在“账号”页再次输入密码，然后回到这里。",
        ),
        en: (
            "Confirm that it is you",
            "This step touches important data and needs the password within the last five minutes.",
            "Give your password again on the account page, then come back.",
        ),
    },
    Entry {
        code: "enrol_first",
        zh: (
            "请先启用动态口令",
            "办公岗位须启用动态口令后才能办理业务。",
            "请在“账号”页启用，然后回到这里。",
        ),
        en: (
            "Set up your second factor first",
            "An office post may act only with a second factor.",
            "Set it up on the account page, then come back.",
        ),
    },
    Entry {
        code: "malformed",
        zh: (
            "表单没有读懂",
            "有必填项没有填写，或填写的不是要求的形式。没有改变任何内容。",
            "请核对每一项后再提交一次。",
        ),
        en: (
            "The form could not be read",
            "A required field is empty or does not have the form that is asked for. Nothing was changed.",
            "Check each field and send it again.",
        ),
    },
    Entry {
        code: "same_person",
        zh: (
            "须由另一个人办理",
            "经办人和复核人不能是同一个人。",
            "请另一位同事办理这一步。",
        ),
        en: (
            "Another person must do this",
            "Handler and checker cannot be the same person.",
            "Ask a colleague to take this step.",
        ),
    },
    Entry {
        code: "stale",
        zh: (
            "内容已有变化",
            "你打开页面之后，别人修改了同一条记录。没有覆盖任何内容。",
            "请刷新页面，看过新的内容后再办理。",
        ),
        en: (
            "It has changed",
            "Somebody changed the same record after you opened the page. Nothing was overwritten.",
            "Reload, look at the new content and try again.",
        ),
    },
    Entry {
        code: "taken",
        zh: (
            "已经存在",
            "同样的编号或名称已在使用。",
            "请换一个，或查看已有的记录。",
        ),
        en: (
            "It exists already",
            "The same number or name is in use.",
            "Choose another one, or look at the existing record.",
        ),
    },
    Entry {
        code: "illegal_move",
        zh: (
            "现在不能办理这一步",
            "记录当前的状态不允许这样做。",
            "请刷新页面查看当前状态和下一步。",
        ),
        en: (
            "This step is not possible now",
            "The record's state does not allow it.",
            "Reload to see the state and the next step.",
        ),
    },
    Entry {
        code: "built_on",
        zh: (
            "不能撤销",
            "已有后续工作以它为基础。",
            "请先处理后续工作，页面上列出了是哪一项。",
        ),
        en: (
            "It cannot be undone",
            "Later work rests on it.",
            "Deal with that work first; the page says which it is.",
        ),
    },
    Entry {
        code: "too_late",
        zh: ("已过期限", "办理期限已过。", "请联系负责部门，说明原因。"),
        en: (
            "The time is over",
            "The time for this step has passed.",
            "Ask the office in charge and give the reason.",
        ),
    },
    Entry {
        code: "incomplete",
        zh: ("还缺内容", "这一步需要的内容没有填全。", "请补全后再办理。"),
        en: (
            "Something is missing",
            "Not everything this step needs has been given.",
            "Complete it and try again.",
        ),
    },
    Entry {
        code: "too_short",
        zh: (
            "密码太短",
            "密码至少需要 12 个字符。",
            "可以用几个不相关的词组成一句话。",
        ),
        en: (
            "The password is too short",
            "A password needs at least 12 characters.",
            "A sentence of unrelated words works well.",
        ),
    },
    Entry {
        code: "too_common",
        zh: (
            "密码太常见",
            "密码里有容易被猜到的词、学校名称或账号。",
            "请换一个别人想不到的。",
        ),
        en: (
            "The password is too common",
            "It contains words that are guessed first, the school's name or your login.",
            "Choose one that nobody would think of.",
        ),
    },
    Entry {
        code: "too_long",
        zh: ("内容太长", "超过了允许的长度。", "请缩短后再试。"),
        en: (
            "Too long",
            "It is longer than allowed.",
            "Shorten it and try again.",
        ),
    },
    Entry {
        code: "file",
        zh: (
            "文件无法读取",
            "文件已损坏、格式不对或超过限制。没有导入任何内容。",
            "请重新导出文件后再上传；导入页面会说明是哪一个文件、哪一处。",
        ),
        en: (
            "The file cannot be read",
            "It is damaged, of another format or too large. Nothing was imported.",
            "Export it again and upload; the import page says which file and where.",
        ),
    },
    Entry {
        code: "unreachable",
        zh: (
            "系统正忙",
            "数据库暂时无法连接。没有丢失任何内容。",
            "请稍等片刻再试。",
        ),
        en: (
            "The system is busy",
            "The database cannot be reached for the moment. Nothing was lost.",
            "Wait a moment and try again.",
        ),
    },
    Entry {
        code: "invalid",
        zh: (
            "内容不符合要求",
            "有一项的格式不对。",
            "请按提示修改后再提交。",
        ),
        en: (
            "Something is not in the right form",
            "One of the values does not have the form it needs.",
            "Correct it as the hint says and send again.",
        ),
    },
];

const UNKNOWN: Entry = Entry {
    code: "internal",
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

/// The words for a code.
pub fn of(code: &str, lang: Lang) -> Words {
    let mut entries = ENTRIES.iter().chain(admission::ENTRIES);
    let entry = entries.find(|e| e.code == code).unwrap_or(&UNKNOWN);
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

/// The words for something done.
pub fn done(code: &str, lang: Lang) -> String {
    let (zh, en) = match code {
        "signed_out" => ("已退出登录", "You are signed out"),
        "activated" => (
            "账号已激活，请登录",
            "The account is active; please sign in",
        ),
        "confirmed" => (
            "已开始写入，完成后这里会更新",
            "Writing has begun; this page will show the end",
        ),
        "accepted" => ("已接受并记录原因", "Accepted, with the reason kept"),
        "undone" => ("已撤销", "Undone"),
        "discarded" => (
            "已放弃这次上传，没有任何考生入库",
            "The upload was put aside; nobody is in",
        ),
        "resumed" => ("已重新开始", "It has been started again"),
        "uploaded" => (
            "文件已收到，检查已开始",
            "The file has arrived and the check has begun",
        ),
        "already" => (
            "这个文件之前已导入，没有改变任何内容",
            "This file was imported before; nothing has changed",
        ),
        "handed_over" => ("已移交，等待接收", "Handed over, waiting to be received"),
        "received" => ("已接收", "Received"),
        "returned" => ("已退回并写明原因", "Returned with the reason"),
        "stepped_up" => ("身份已确认，五分钟内有效", "Confirmed, for five minutes"),
        "export" => (
            "导出已开始，完成后在“导出”页下载",
            "The export has begun; fetch it on the exports page",
        ),
        _ => ("已保存", "Saved"),
    };
    lang.pick(zh, en).to_owned()
}

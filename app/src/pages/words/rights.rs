//! Refusals by right, time and state.

use super::Entry;

/// The entries.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "not_found",
        field: None,
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
        code: "not_found",
        field: Some("institution/change-password"),
        zh: (
            "刚才那一页属于另一个账号",
            "你打开那一页之后，这个浏览器登录了另一个账号。密码没有更改。",
            "请核对本页上方的姓名和账号，再重新填写。",
        ),
        en: (
            "That page belonged to another account",
            "After you opened it, this browser signed in to another account. No password was changed.",
            "Check the name and the login at the top of this page, then fill in the form again.",
        ),
    },
    Entry {
        code: "not_found",
        field: Some("institution/end-session"),
        zh: (
            "没有这个登录",
            "它已经退出，或刚才那一页属于另一个账号。",
            "请看本页下方现在的列表。",
        ),
        en: (
            "There is no such session",
            "It has ended already, or the page belonged to another account.",
            "Look at the list on this page.",
        ),
    },
    Entry {
        code: "wrong_office",
        field: None,
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
        code: "offices_only",
        field: None,
        zh: (
            "这里只供学校各部门办理工作",
            "你用学生账号登录，这一步由学校的部门办理。",
            "请回到“我的学籍”查看本人的学籍信息和办理进度；有疑问请联系上面的部门。",
        ),
        en: (
            "This is for the offices of the university",
            "You are signed in as a student; this step belongs to an office.",
            "Go back to My registration for your own record and its progress, or ask the office named above.",
        ),
    },
    Entry {
        code: "sign_in",
        field: None,
        zh: (
            "没有登录成功",
            "账号、密码或验证码不对，或账号暂时锁定。为安全起见不说明是哪一种。",
            "请核对后再试；连续失败五次锁定 15 分钟，之后每再失败五次加倍，最长四小时，到时自动解除。忘记密码的，学生持证件到学院重新激活，教职工请本校系统管理员重新签发激活单；系统使用问题请问现代信息与教育技术中心。",
        ),
        en: (
            "Sign-in did not succeed",
            "Login, password or code is wrong, or the account is locked for a while. Which of these is not said, for safety.",
            "Check and try again; five failures lock the account for 15 minutes, every five more for twice as long, four hours at most, and the lock ends by itself. If you have forgotten the password: students bring their identity card to their college, staff ask the school's administrator for a new slip. For questions about this service ask the IT Centre.",
        ),
    },
    Entry {
        code: "sign_in",
        field: Some("operator"),
        zh: (
            "没有登录成功",
            "账号、密码或验证码不对，或账号暂时锁定。为安全起见不说明是哪一种。",
            "请核对后再试；连续失败五次锁定 15 分钟，之后每再失败五次加倍，最长四小时，到时自动解除。忘记密码的，请在服务器的命令行上重设（xj operator reset-password）。",
        ),
        en: (
            "Sign-in did not succeed",
            "Login, password or code is wrong, or the account is locked for a while. Which of these is not said, for safety.",
            "Check and try again; five failures lock the account for 15 minutes, every five more for twice as long, four hours at most, and the lock ends by itself. If the password is forgotten, set a new one on the server's command line (xj operator reset-password).",
        ),
    },
    Entry {
        code: "sign_in",
        field: Some("institution/second-factor"),
        zh: (
            "动态口令不对",
            "动态口令或恢复码不对、已经用过，或账号暂时锁定。",
            "请等手机上出现新的六位数字再试，或用一个没有用过的恢复码。手机遗失的，请本校系统管理员重置动态口令。",
        ),
        en: (
            "The code is wrong",
            "The code is wrong or was used before, or the account is locked for a while.",
            "Wait for the next six digits, or use a recovery code that was not used. If the phone is lost, the school's administrator resets the second factor.",
        ),
    },
    Entry {
        code: "sign_in",
        field: Some("institution/switch-post"),
        zh: (
            "这个岗位不能在当前网络使用",
            "学校规定办公岗位只能在指定的网络中使用，你现在的网络不在其中。",
            "请到校内办公网络再切换；现在仍以原岗位办理。",
        ),
        en: (
            "This post cannot be used from here",
            "The school lets office posts be used from certain networks only, and yours is none of them.",
            "Switch to it from the school's office network; until then you work in the post you had.",
        ),
    },
    Entry {
        code: "sign_in",
        field: Some("institution/activate"),
        zh: (
            "激活单不能使用",
            "激活单已使用、已过期，或已重新签发。",
            "已激活的请直接登录；否则请持证件到学院重新领取，教职工请本校系统管理员重新签发。",
        ),
        en: (
            "This slip cannot be used",
            "It was used, has expired, or was issued anew.",
            "If the account is active, sign in; otherwise fetch a new slip at your college, staff from the school's administrator.",
        ),
    },
    Entry {
        code: "sign_in",
        field: Some("institution/activate-by-code"),
        zh: (
            "没有激活成功",
            "考生号、姓名、证件号码或一次性代码有一项不对，或代码已失效。为安全起见不说明是哪一种。",
            "请核对四项内容后再试；错五次代码即作废，请持证件到学院重新领取。",
        ),
        en: (
            "The account was not activated",
            "Candidate number, name, document number or code is wrong, or the code counts no more. Which of these is not said, for safety.",
            "Check all four and try again; after five failures the code ends and your college gives a new one.",
        ),
    },
    Entry {
        code: "not_signed_in",
        field: None,
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
        field: None,
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
        field: None,
        zh: (
            "需要再次确认身份",
            "这一步涉及重要数据，要求五分钟内输入过密码。",
            "请在下面再次输入密码，然后再办理；已填写的内容保留着。",
        ),
        en: (
            "Confirm that it is you",
            "This step touches important data and needs the password within the last five minutes.",
            "Give your password again below, then go on; what you typed is kept.",
        ),
    },
    Entry {
        code: "step_up",
        field: Some("files"),
        zh: (
            "需要再次确认身份",
            "这一步涉及重要数据，要求五分钟内输入过密码。",
            "请在下面再次输入密码，然后重新填写并选择文件；浏览器不让系统保留文件。",
        ),
        en: (
            "Confirm that it is you",
            "This step touches important data and needs the password within the last five minutes.",
            "Give your password again below, then fill in the form and choose the file once more: a file cannot be kept for you.",
        ),
    },
    Entry {
        code: "step_up",
        field: Some("operator"),
        zh: (
            "需要再次确认身份",
            "这一步涉及重要数据，要求五分钟内输入过密码。",
            "请再次输入密码，然后重新填写并办理。",
        ),
        en: (
            "Confirm that it is you",
            "This step touches important data and needs the password within the last five minutes.",
            "Give your password again, then fill in the form once more.",
        ),
    },
    Entry {
        code: "same_person",
        field: None,
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
        field: None,
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
        code: "illegal_move",
        field: None,
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
        field: None,
        zh: (
            "不能撤销",
            "已有后续工作以它为基础。",
            "请先处理这里列出的后续工作，再来撤销。",
        ),
        en: (
            "It cannot be undone",
            "Later work rests on it.",
            "Deal with the work listed here first, then undo it.",
        ),
    },
    Entry {
        code: "status_begun",
        field: None,
        zh: (
            "学籍已开始，不能在这里改班级或学号",
            "所列学生的学籍已经注册或状态已变动。此后班级、专业、学号的变更属于学籍异动，不是编班。没有写入任何内容。",
            "转班、转专业请按学籍管理条例由教务处办理；名单请重新查看检查结果，再确认其余各行。",
        ),
        en: (
            "The student status has begun: class and number do not change here",
            "The status of the students named here is registered or has changed. From then on another class, major or number is a change of status and no assignment. Nothing was written.",
            "Academic Affairs handles a change of status. Look at a list again and confirm the rows that are left.",
        ),
    },
    Entry {
        code: "too_late",
        field: None,
        zh: ("已过期限", "办理期限已过。", "请联系负责部门，说明原因。"),
        en: (
            "The time is over",
            "The time for this step has passed.",
            "Ask the office in charge and give the reason.",
        ),
    },
    Entry {
        code: "unreachable",
        field: None,
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
        code: "no_match",
        field: None,
        zh: (
            "没有查到",
            "没有这个证件号码，或对应的记录不在你的岗位可见范围内。为安全起见不说明是哪一种。",
            "请核对证件类型和号码；查询已留下记录。",
        ),
        en: (
            "Nobody was found",
            "There is no such number, or the record is outside what your post may see. Which of these is not said, for safety.",
            "Check kind and number; the search has left a trace.",
        ),
    },
    Entry {
        code: "too_many",
        field: Some("disclosure"),
        zh: (
            "查询次数过多",
            "一小时内查看或查询的次数已到上限。",
            "请一小时后再试；工作需要更多时，请到学生处办理数据使用手续。",
        ),
        en: (
            "Too many look-ups",
            "The number of values you may see within an hour is used up.",
            "Try again in an hour; for more, ask Student Affairs for a data permit.",
        ),
    },
    Entry {
        code: "interrupted",
        field: None,
        zh: (
            "没有完成",
            "服务正在重新启动，这一步没有写入任何内容。",
            "请稍等片刻再办理一次。",
        ),
        en: (
            "It was not done",
            "The service is being restarted; nothing was written.",
            "Wait a moment and do it once more.",
        ),
    },
    Entry {
        code: "enrol_first",
        field: Some("operator"),
        zh: (
            "请先启用动态口令",
            "平台运维人员须启用动态口令后才能办理业务。",
            "请在“账号”页启用，然后回到这里。",
        ),
        en: (
            "Set up your second factor first",
            "An operator may act only with a second factor.",
            "Set it up on the account page, then come back.",
        ),
    },
    Entry {
        code: "enrol_first",
        field: None,
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
        field: None,
        zh: (
            "没有收到完整的内容",
            "页面提交的内容不完整，可能是页面打开太久或浏览器改动了它。",
            "请刷新页面后再填写一次。",
        ),
        en: (
            "The form did not arrive whole",
            "Something was missing in what the page sent; it may have been open too long, or the browser changed it.",
            "Reload the page and fill it in once more.",
        ),
    },
    Entry {
        code: "locks_out",
        field: None,
        zh: (
            "会把自己挡在外面",
            "按这个设置，你现在所在的网络不能再登录办公岗位。",
            "请把本机所在的网段也写进去。",
        ),
        en: (
            "It would lock you out",
            "With this value, office posts could not be used from where you are now.",
            "Add the network of this computer.",
        ),
    },
    Entry {
        code: "not_allowed",
        field: None,
        zh: (
            "有一列不能导出",
            "所选的列中，有你的部门不能取得的内容。",
            "请去掉这一列；确有需要请到学生处办理数据使用手续。",
        ),
        en: (
            "One column may not be taken out",
            "Your office may not have one of the chosen columns.",
            "Leave it out, or ask Student Affairs for a data permit.",
        ),
    },
];

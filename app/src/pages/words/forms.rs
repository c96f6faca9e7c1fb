//! Values of a form that do not have the form they need.

use super::Entry;

/// A staff number, whichever field it stands in.
const fn login_form(field: &'static str) -> Entry {
    Entry {
        code: "form",
        field: Some(field),
        zh: (
            "账号不符合要求",
            "工号为 2 至 32 个字母、数字、点、连字符或下划线。",
            "请改用工号。",
        ),
        en: (
            "The login is not in the right form",
            "A staff number has 2 to 32 letters, digits, dots, hyphens and underscores.",
            "Use the staff number.",
        ),
    }
}

/// The entries.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "taken",
        field: None,
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
        code: "incomplete",
        field: None,
        zh: ("还缺内容", "这一步需要的内容没有填全。", "请补全后再办理。"),
        en: (
            "Something is missing",
            "Not everything this step needs has been given.",
            "Complete it and try again.",
        ),
    },
    Entry {
        code: "too_common",
        field: None,
        zh: (
            "密码太常见",
            "密码里有容易被猜到的词，或一再重复同样的字符。",
            "请换一个别人想不到的。",
        ),
        en: (
            "The password is too common",
            "It is made of words that are guessed first, or repeats the same characters.",
            "Choose one that nobody would think of.",
        ),
    },
    Entry {
        code: "too_long",
        field: None,
        zh: ("内容太长", "超过了允许的长度。", "请缩短后再试。"),
        en: (
            "Too long",
            "It is longer than allowed.",
            "Shorten it and try again.",
        ),
    },
    Entry {
        code: "invalid",
        field: None,
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
    Entry {
        code: "too_short",
        field: Some("password"),
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
        code: "too_short",
        field: Some("new"),
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
        code: "too_short",
        field: None,
        zh: (
            "内容太短",
            "这一项至少需要四个字。",
            "请写清楚，再办理一次。",
        ),
        en: (
            "Too short",
            "This needs at least four characters.",
            "Say a little more and try again.",
        ),
    },
    Entry {
        code: "too_short",
        field: Some("reason"),
        zh: (
            "理由太短",
            "理由至少四个字；它会写入记录，有关的学生能看到。",
            "请写明用途，例如“核对报到材料”。",
        ),
        en: (
            "The reason is too short",
            "A reason has at least four characters; it is kept, and the student concerned reads it.",
            "Say what it is for, such as “checking papers at arrival”.",
        ),
    },
    Entry {
        code: "too_short",
        field: Some("reasons"),
        zh: (
            "理由太短",
            "每一个理由至少四个字；移交的一方会看到。",
            "请写明是哪里不对，再退回。",
        ),
        en: (
            "The reason is too short",
            "Each reason has at least four characters; the office that handed over reads it.",
            "Say what is wrong, then return it.",
        ),
    },
    Entry {
        code: "about_you",
        field: None,
        zh: (
            "密码与本人或学校有关",
            "密码里有学校名称，或你的账号、姓名、学号、生日、证件号码。",
            "请换一个与自己和学校都无关的。",
        ),
        en: (
            "The password is about you or the school",
            "It contains the school's name, or your login, name, number, birthday or document number.",
            "Choose one that has nothing to do with you or the school.",
        ),
    },
    Entry {
        code: "wrong",
        field: Some("password"),
        zh: (
            "密码或动态口令不对",
            "再次确认身份没有成功；多次失败会暂时锁定账号。",
            "请核对后再输入一次。",
        ),
        en: (
            "Password or code is wrong",
            "You were not confirmed; repeated failures lock the account for a while.",
            "Check and type it once more.",
        ),
    },
    Entry {
        code: "unchanged",
        field: Some("new"),
        zh: (
            "新密码与现在的密码相同",
            "没有更改密码，其他设备也没有退出。",
            "请换一个与现在不同的密码。",
        ),
        en: (
            "The new password is the present one",
            "Nothing was changed, and no other device was signed out.",
            "Choose another one.",
        ),
    },
    Entry {
        code: "wrong",
        field: Some("old"),
        zh: (
            "现在的密码不对",
            "填写的不是这个账号现在使用的密码；多次失败会暂时锁定账号。",
            "请核对大小写和输入法后再试。",
        ),
        en: (
            "The present password is wrong",
            "It is not the one this account uses now; repeated failures lock the account for a while.",
            "Check capitals and keyboard, then try again.",
        ),
    },
    Entry {
        code: "wrong",
        field: Some("code"),
        zh: (
            "动态口令不对",
            "六位数字已变化，或手机时间不准。",
            "请用应用里最新的六位数字再试。",
        ),
        en: (
            "The code is wrong",
            "The six digits have changed, or the clock of the phone is off.",
            "Type the digits that the app shows now.",
        ),
    },
    Entry {
        code: "wrong",
        field: None,
        zh: ("内容不对", "与系统保存的不一致。", "请核对后再试。"),
        en: (
            "It does not match",
            "It differs from what is kept here.",
            "Check and try again.",
        ),
    },
    Entry {
        code: "not_begun",
        field: None,
        zh: (
            "还没有开始启用动态口令",
            "启用的密钥已失效，或在另一个窗口中重新开始了。",
            "请重新点“启用动态口令”。",
        ),
        en: (
            "The second factor was not begun",
            "The key is no longer valid, or it was begun anew in another window.",
            "Press “Set up the second factor” again.",
        ),
    },
    Entry {
        code: "form",
        field: None,
        zh: (
            "格式不符合要求",
            "有一项的写法不对。",
            "请按这一项下面的说明修改。",
        ),
        en: (
            "Not in the right form",
            "One of the values is not written as it must be.",
            "Correct it as the hint below it says.",
        ),
    },
    Entry {
        code: "form",
        field: Some("value"),
        zh: (
            "参数值的格式不对",
            "这个参数有规定的写法和范围。",
            "请按输入框下面的写法填写。",
        ),
        en: (
            "The value has the wrong form",
            "This parameter has its unit and its range.",
            "Enter it as the hint below the field says.",
        ),
    },
    Entry {
        code: "form",
        field: Some("slug"),
        zh: (
            "地址标识不符合要求",
            "只能用小写字母、数字和连字符，以字母开头。",
            "请改写后再试，例如 shou。",
        ),
        en: (
            "The address is not in the right form",
            "Only small letters, digits and hyphens, beginning with a letter.",
            "Write it anew, such as shou.",
        ),
    },
    Entry {
        code: "form",
        field: Some("school_code"),
        zh: (
            "院校代码不对",
            "国家院校代码是五位数字。",
            "请按教育部公布的代码填写。",
        ),
        en: (
            "The school code is wrong",
            "A national school code has five digits.",
            "Use the code that the ministry has published.",
        ),
    },
    login_form("login"),
    login_form("admin_login"),
    Entry {
        code: "form",
        field: Some("number"),
        zh: (
            "学号不符合要求",
            "学号为 4 至 15 位字母或数字：学信网的学号字段最多 15 位。",
            "请填写另一个这样的学号。",
        ),
        en: (
            "The student number is not in the right form",
            "It has 4 to 15 letters and digits: the platform's field takes no more than 15.",
            "Enter another number of this form.",
        ),
    },
    Entry {
        code: "login",
        field: Some("number"),
        zh: (
            "学号与教职工工号相同",
            "以这个号码登录的是教职工，学生用它登录不了。",
            "请换一个学号。",
        ),
        en: (
            "The number is a login of the staff",
            "With it the member of the staff signs in, and the student cannot.",
            "Use another number.",
        ),
    },
    Entry {
        code: "fixed",
        field: None,
        zh: (
            "这个值不能改",
            "法规没有留给学校选择的余地。",
            "请按页面上列出的依据执行。",
        ),
        en: (
            "This value cannot be changed",
            "The law leaves the school no choice.",
            "Follow the basis that the page names.",
        ),
    },
    Entry {
        code: "past",
        field: Some("effective_from"),
        zh: (
            "生效日期已过",
            "参数只能从今天或以后的日期起生效。",
            "请改为今天或以后的日期。",
        ),
        en: (
            "The date is over",
            "A parameter takes effect today or later.",
            "Choose today or a later date.",
        ),
    },
    Entry {
        code: "past",
        field: Some("valid_from"),
        zh: (
            "日期早于现用校名",
            "新的校名或代码不能早于现用校名的起用日期。",
            "请核对批准更名的日期，填写现用校名起用之后的日期。",
        ),
        en: (
            "The day is before the present name",
            "A new name or code cannot begin before the present one did.",
            "Check the day of the decision; it lies after the first day of the present name.",
        ),
    },
    Entry {
        code: "unknown",
        field: None,
        zh: (
            "没有这一项",
            "所填的编号或名称在本校没有登记，或已停用。",
            "请从列表中选择，或核对后再填。",
        ),
        en: (
            "There is no such entry",
            "This number or name is not known at the university, or no longer in use.",
            "Choose from the list, or check and try again.",
        ),
    },
    Entry {
        code: "unknown",
        field: Some("number"),
        zh: (
            "没有查到这名学生",
            "学号或考生号有误，或这名学生不在你的岗位可见范围内。",
            "请核对号码后再试。",
        ),
        en: (
            "This student was not found",
            "The number is wrong, or the student is outside what your post may see.",
            "Check the number and try again.",
        ),
    },
    Entry {
        code: "missing",
        field: None,
        zh: ("还有一项没有填", "这一项必须填写。", "请填好后再提交。"),
        en: (
            "Something was left out",
            "This must be filled in.",
            "Fill it in and send again.",
        ),
    },
    Entry {
        code: "missing",
        field: Some("identity"),
        zh: (
            "没有选择核验方式",
            "补发之前须见到本人并核验身份；用什么核验的会写入记录。",
            "请选择实际采用的核验方式，再签发。",
        ),
        en: (
            "How the identity was checked is not chosen",
            "A slip or code is issued anew only to somebody who was seen and checked, and how is kept.",
            "Choose the check that was made, then issue.",
        ),
    },
    Entry {
        code: "missing",
        field: Some("major"),
        zh: (
            "没有选择本校专业",
            "“未对应”不能保存为决定。",
            "请选择本校专业或学院，再点“保存”。",
        ),
        en: (
            "No major of the school was chosen",
            "“Not mapped” is no decision.",
            "Choose a major or a college of the school, then save.",
        ),
    },
    Entry {
        code: "empty",
        field: None,
        zh: (
            "没有选择任何内容",
            "这一步至少需要一项。",
            "请选好后再办理。",
        ),
        en: (
            "Nothing was chosen",
            "This needs at least one.",
            "Choose and try again.",
        ),
    },
    Entry {
        code: "empty",
        field: Some("columns"),
        zh: (
            "没有选择要导出的列",
            "导出至少需要一列。",
            "请勾选需要的列。",
        ),
        en: (
            "No column was chosen",
            "An export needs at least one column.",
            "Tick the columns you need.",
        ),
    },
    Entry {
        code: "pattern",
        field: None,
        zh: (
            "学号规则无法使用",
            "学号规则的写法不对，与本年级不符，或学号超过 15 位（学信网学号字段的长度）。",
            "请让本校管理员在“参数与实施细则”中改正学号规则。",
        ),
        en: (
            "The pattern of student numbers cannot be used",
            "It is not written correctly, does not fit this cohort, or gives more than the 15 characters of the platform's field.",
            "Ask the administrator to correct it among the parameters.",
        ),
    },
];

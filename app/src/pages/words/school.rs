//! What the administrator of a university gives: its page, its rules, its people.

use super::Entry;

/// The entries.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "suspended",
        field: None,
        zh: (
            "本校服务已暂停",
            "平台运营已暂停本校的服务，数据不受影响。",
            "请联系本校管理员或平台运营。",
        ),
        en: (
            "The service of this university is suspended",
            "The operator of this service has suspended it; its data are as they were.",
            "Ask the administrator of the university or the operator of this service.",
        ),
    },
    Entry {
        code: "form",
        field: Some("name"),
        zh: (
            "名称不符合要求",
            "校名为 2 至 60 个字；名称里不能有换行等控制字符。",
            "请改写后再提交。",
        ),
        en: (
            "The name is not in the right form",
            "The name of a university has 2 to 60 characters; no name has control characters in it.",
            "Write it anew and send it again.",
        ),
    },
    Entry {
        code: "form",
        field: Some("colour"),
        zh: (
            "颜色的写法不对",
            "颜色写作 # 和六位十六进制数字。",
            "请改写后再提交，例如 #14507a。",
        ),
        en: (
            "The colour is not in the right form",
            "A colour is # and six hexadecimal digits, such as #14507a.",
            "Write it anew and send it again.",
        ),
    },
    Entry {
        code: "no_colleges",
        field: None,
        zh: (
            "本校还没有学院",
            "学院内的岗位属于某个学院，而本校尚未导入学院。",
            "请先在“组织机构”导入学院，再建立这个账号。",
        ),
        en: (
            "There are no colleges yet",
            "A post in a college belongs to one, and the university has none yet.",
            "Import the colleges first, then make the account.",
        ),
    },
    Entry {
        code: "contrast",
        field: None,
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
        field: None,
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
        code: "not_square",
        field: None,
        zh: (
            "校徽须是方形图片",
            "图片的宽和高相差超过二十分之一，在菜单和页眉里会变形。",
            "请裁成方形后再上传。",
        ),
        en: (
            "The logo must be square",
            "Width and height differ by more than a twentieth; menus and page heads would distort it.",
            "Crop the picture to a square and upload it again.",
        ),
    },
    Entry {
        code: "not_pdf",
        field: None,
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
        field: None,
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
        field: None,
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
        field: None,
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
        field: None,
        zh: ("学期长度不对", "一个学期为八至三十周。", "请核对结束日期。"),
        en: (
            "The length is not that of a semester",
            "A semester lasts eight to thirty weeks.",
            "Check the last day.",
        ),
    },
    Entry {
        code: "arrival",
        field: None,
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
        code: "day_spring",
        field: None,
        zh: (
            "春季学期不登记这个日期",
            "新生办理事项的截止日期随入学的秋季学期登记。",
            "请清空这个日期，在该年级入学的秋季学期中填写。",
        ),
        en: (
            "A spring semester has no such day",
            "The last days of a cohort are kept with the autumn semester in which it enters.",
            "Leave it empty here and enter it with that autumn semester.",
        ),
    },
    Entry {
        code: "day_early",
        field: None,
        zh: (
            "截止日期早于新生报到",
            "截止日期不能早于新生报到日；没有报到日的，不能早于上课第一天。",
            "请核对这个日期和报到日。",
        ),
        en: (
            "The last day lies before the freshmen report",
            "It may not lie before the day of arrival or, where there is none, the first day of teaching.",
            "Check this day and the day of arrival.",
        ),
    },
    Entry {
        code: "day_late",
        field: None,
        zh: (
            "截止日期太晚",
            "截止日期不能晚于上课第一天之后八年，那时该年级已经离校。",
            "请核对年份。",
        ),
        en: (
            "The last day is too late",
            "It may not lie more than eight years after the first day: the cohort has left by then.",
            "Check the year.",
        ),
    },
    Entry {
        code: "not_yet",
        field: None,
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
        field: None,
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
        code: "last_administrator",
        field: None,
        zh: (
            "此后本校没有管理员",
            "撤销会收回最后一位管理员的岗位，之后没有人能管理人员和参数。",
            "请先让另一位本校管理员激活账号，再撤销。",
        ),
        en: (
            "The university would have no administrator",
            "Taking it back would end the post of the last administrator; nobody could keep staff and parameters.",
            "Let another administrator activate an account first, then take it back.",
        ),
    },
    Entry {
        code: "which_college",
        field: None,
        zh: (
            "没有写明学院",
            "本校有多个学院，需要写明是哪一个。",
            "请填写学院的代码或名称。",
        ),
        en: (
            "Which college is not said",
            "There are several colleges.",
            "Name one by its code or name.",
        ),
    },
    Entry {
        code: "ambiguous",
        field: None,
        zh: ("名称不唯一", "有多个单位使用这个名称。", "请改用代码。"),
        en: (
            "The name is not unique",
            "Several units have this name.",
            "Use the code.",
        ),
    },
    Entry {
        code: "elsewhere",
        field: None,
        zh: (
            "不属于这个学院",
            "这个班级或专业属于另一个学院。",
            "请核对学院和班级、专业。",
        ),
        en: (
            "It belongs elsewhere",
            "This class or major belongs to another college.",
            "Check college and class or major.",
        ),
    },
    Entry {
        code: "unchanged",
        field: None,
        zh: (
            "没有变化",
            "填写的与现在的相同，没有改变任何内容。",
            "请核对后再提交，或不必办理。",
        ),
        en: (
            "Nothing has changed",
            "What was given is what stands there already.",
            "Check it, or leave it as it is.",
        ),
    },
];

//! What imports answer: files, columns, reasons.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "too_many_files",
        field: None,
        zh: (
            "文件太多",
            "一个文件夹里的文件数超过了上限。",
            "请只选择录取数据的文件夹，或按省份分别上传。",
        ),
        en: (
            "Too many files",
            "The folder holds more files than one upload may have.",
            "Choose the folder of the admission data only, or upload province by province.",
        ),
    },
    Entry {
        code: "repeated_name",
        field: None,
        zh: (
            "有同名文件",
            "几个文件用了同一个名称，无法分清各属于哪个省份。",
            "请用“上传整个文件夹”，或先把各省文件夹压缩成 zip 再上传。",
        ),
        en: (
            "Files with the same name",
            "Several files carry one name; it cannot be told which belongs to which province.",
            "Upload the whole folder instead, or pack the provinces' folders into a zip.",
        ),
    },
    Entry {
        code: "no_tables",
        field: None,
        zh: (
            "没有找到录取库",
            "选择的多个文件里没有 T_BMK 或 T_TDD 这样的 dbf；Excel 或 CSV 表一次只能上传一张。",
            "请选择各省文件夹、它们的 zip，或一张表。",
        ),
        en: (
            "No admission table was found",
            "None of the files is a dbf such as T_BMK or T_TDD; Excel and CSV sheets are uploaded one at a time.",
            "Choose the provinces' folders, a zip of them, or one sheet.",
        ),
    },
    Entry {
        code: "no_rows",
        field: None,
        zh: (
            "没有改正的行",
            "文件里除表头外没有任何行。",
            "请在下载的检查结果中改正，保留改过的行再上传。",
        ),
        en: (
            "No mended rows",
            "There is no row below the headings.",
            "Mend rows in the downloaded findings, keep those you changed and upload them.",
        ),
    },
    Entry {
        code: "too_many_rows",
        field: None,
        zh: (
            "行数太多",
            "超过一个工作表能容纳的行数，不能生成文件。",
            "请分省上传和下载。",
        ),
        en: (
            "Too many rows",
            "There are more rows than a worksheet holds, so no file can be made.",
            "Upload and download province by province.",
        ),
    },
    Entry {
        code: "out_of_range",
        field: None,
        zh: (
            "年份不对",
            "录取年份须为四位数字，例如 2026。",
            "请重新选择年份。",
        ),
        en: (
            "The year cannot be",
            "The admission year has four digits, for example 2026.",
            "Choose the year again.",
        ),
    },
    Entry {
        code: "reason_too_short",
        field: None,
        zh: (
            "理由太短",
            "理由至少 4 个字，将来核查时要看得懂。",
            "请写明核对了什么，例如“与身份证件一致”。",
        ),
        en: (
            "The reason is too short",
            "A reason has at least 4 characters; somebody must understand it years later.",
            "Say what was compared, for example \"the same as on the identity card\".",
        ),
    },
    Entry {
        code: "reason_too_long",
        field: None,
        zh: ("理由太长", "理由最多 200 个字。", "请缩短后再提交。"),
        en: (
            "The reason is too long",
            "A reason has at most 200 characters.",
            "Shorten it and send it again.",
        ),
    },
    Entry {
        code: "columns_missing",
        field: None,
        zh: (
            "还有必须的列没有指定",
            "考生号、姓名、性别、身份证号缺一不可，否则无法注册学籍。",
            "请为这四项各选一列。",
        ),
        en: (
            "A needed column is not assigned",
            "Candidate number, name, sex and ID number are all needed for registration.",
            "Choose a column for each of the four.",
        ),
    },
    Entry {
        code: "columns_repeated",
        field: None,
        zh: (
            "两列指定为同一项",
            "同一项内容只能来自一列。",
            "请把其中一列改为“不使用”。",
        ),
        en: (
            "Two columns for one field",
            "A field comes from one column only.",
            "Set one of the two to \"not used\".",
        ),
    },
    Entry {
        code: "unknown_major",
        field: None,
        zh: (
            "没有这个专业",
            "选择的不是本校某个学院现有的专业。",
            "请重新选择；列表里没有的，请系统管理员先在组织机构中添加。",
        ),
        en: (
            "There is no such major",
            "What was chosen is no major of one of the colleges today.",
            "Choose again; if it is not in the list, the administrator adds it to the organisation first.",
        ),
    },
];

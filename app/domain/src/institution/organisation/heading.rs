//! The columns of the two files: headings, notes and a sample, for the template and for reading.

use super::OrganisationFile;

/// One column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The heading.
    pub name: &'static str,
    /// Whether a file without this column cannot be read.
    pub required: bool,
    /// What to enter.
    pub note: &'static str,
    /// Values to choose from; empty for free text.
    pub choices: &'static [&'static str],
    /// A sample.
    pub sample: &'static str,
}

const fn required(name: &'static str, note: &'static str, sample: &'static str) -> Heading {
    Heading {
        name,
        required: true,
        note,
        choices: &[],
        sample,
    }
}

const fn optional(name: &'static str, note: &'static str, sample: &'static str) -> Heading {
    Heading {
        required: false,
        ..required(name, note, sample)
    }
}

/// Name of the column of telephone numbers.
pub const TELEPHONE: &str = "电话";

/// Columns of the file of units.
pub const UNIT_HEADINGS: [Heading; 13] = [
    Heading {
        choices: &["学院", "专业", "班级", "部门"],
        ..required("类别", "学院、专业、班级或部门", "专业")
    },
    required(
        "代码",
        "校内代码：字母、数字、连字符，最多 20 位；同一类别内不重复",
        "0801",
    ),
    required("名称", "全称", "计算机科学与技术"),
    optional(
        "上级代码",
        "专业填学院代码；班级填专业代码，大类招生的班级填学院代码",
        "08",
    ),
    optional(
        "国家专业代码",
        "专业必填，如 080901；以《普通高等学校本科专业目录》为准",
        "080901",
    ),
    optional("目录年份", "国家专业代码所依据目录的年份", "2024"),
    optional("学制", "专业必填，年数，如 4 或 5", "4"),
    optional("年级", "班级必填，四位年份", ""),
    optional(TELEPHONE, "联系电话", "021-55550000"),
    optional(
        "学信网简称",
        "学院、班级名称超过 24 字节，专业名称超过 50 字节时填写；一个汉字 2 字节",
        "计算机",
    ),
    optional(
        "起始日期",
        "设立日期，如 2026-09-01；不填为导入当日。更改已有单位时填更改生效的日期，更名必填",
        "2026-09-01",
    ),
    optional("截止日期", "停用的最后一天；不填为继续使用", ""),
    optional(
        "省报简称",
        "省级特殊类别录取报表用：学院、班级超过 24 字节，专业超过 30 字节时填写",
        "",
    ),
];

/// Columns of the file of staff.
pub const STAFF_HEADINGS: [Heading; 9] = [
    required(
        "工号",
        "登录账号：字母、数字、连字符，2 至 32 位",
        "T2026001",
    ),
    required("姓名", "与身份证件一致", "张三"),
    optional("学院", "学院岗位必填：学院代码或名称", "08"),
    Heading {
        choices: &[
            "辅导员",
            "教学秘书",
            "分管院领导",
            "党委书记",
            "专业负责人",
            "招生办公室",
            "学生处",
            "教务处",
            "现代信息与教育技术中心",
            "学校办公室",
            "党委办公室",
            "保卫处",
            "纪委",
            "本校管理员",
        ],
        ..required(
            "岗位",
            "学院岗位填岗位名称，其他填部门名称；一人多岗分多行",
            "辅导员",
        )
    },
    optional(
        "班级",
        "辅导员必填：班级代码或名称，多个用顿号分隔",
        "计科2601、计科2602",
    ),
    optional(
        TELEPHONE,
        "联系电话，加密保存；已有人员填新号码即更改",
        "13800000000",
    ),
    optional("专业", "专业负责人必填：专业代码或名称，多个用顿号分隔", ""),
    optional("原姓名", "更名时填现有姓名，否则留空", ""),
    optional("截止日期", "岗位的最后一天；不填为继续任职", ""),
];

/// A file without a column that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the column {0} is missing")]
pub struct Missing(pub &'static str);

impl OrganisationFile {
    /// Where each column of this file stands among the headings of a sheet. An asterisk after a heading, as templates
    /// have it, does not count.
    ///
    /// # Errors
    /// [`Missing`] for a required column that is not there.
    pub fn columns(self, headings: &[String]) -> Result<Vec<Option<usize>>, Missing> {
        let place = |own: &Heading| {
            let name = |h: &String| h.trim().trim_end_matches(['*', '＊']).trim() == own.name;
            match headings.iter().position(name) {
                None if own.required => Err(Missing(own.name)),
                found => Ok(found),
            }
        };
        self.headings().iter().map(place).collect()
    }
}

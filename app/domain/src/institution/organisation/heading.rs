//! The columns of the two files: headings, notes and a sample, for the template and for reading.

use super::OrganisationFile;
use crate::text::{Lang, Text};

/// One column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The heading.
    pub name: &'static str,
    /// Whether a file without this column cannot be read.
    pub required: bool,
    /// What to enter.
    pub note: Text,
    /// Values to choose from; empty for free text.
    pub choices: &'static [&'static str],
    /// A sample.
    pub sample: &'static str,
}

const fn required(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    sample: &'static str,
) -> Heading {
    Heading {
        name,
        required: true,
        note: Text::new(zh, en),
        choices: &[],
        sample,
    }
}

const fn optional(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    sample: &'static str,
) -> Heading {
    Heading {
        required: false,
        ..required(name, zh, en, sample)
    }
}

/// Name of the column of telephone numbers.
pub const TELEPHONE: &str = "电话";

/// Columns of the file of units.
pub const UNIT_HEADINGS: [Heading; 13] = [
    Heading {
        choices: &["学院", "专业", "班级", "部门"],
        ..required("类别", "单位的类别", "Kind of the unit", "专业")
    },
    required(
        "代码",
        "校内代码：字母、数字、连字符、下划线，最多 20 位；同一类别内不重复",
        "Code of the school: letters, digits, hyphens, underscores, at most 20; once in its kind",
        "0801",
    ),
    required(
        "名称",
        "全称，最多 60 个字",
        "Full name, at most 60 characters",
        "计算机科学与技术",
    ),
    optional(
        "上级代码",
        "专业填学院代码；班级填专业代码，大类招生的班级填学院代码",
        "For a major the code of its college; for a class that of its major, or of the college where the intake is broad",
        "08",
    ),
    optional(
        "国家专业代码",
        "专业必填，如 080901；以《普通高等学校本科专业目录》为准",
        "Needed for a major, such as 080901, as in the national catalogue of undergraduate majors",
        "080901",
    ),
    optional(
        "目录年份",
        "专业必填，国家专业代码所依据目录的年份，四位数字，如 2024",
        "Needed for a major: year of the catalogue that the code is of, four digits, such as 2024",
        "2024",
    ),
    optional(
        "学制",
        "专业必填，2 至 8 年，可有半年，如 4 或 2.5",
        "Needed for a major: 2 to 8 years, halves allowed, such as 4 or 2.5",
        "4",
    ),
    optional(
        "年级",
        "班级必填，入学年份，四位数字，如 2026",
        "Needed for a class: year of the intake, four digits, such as 2026",
        "",
    ),
    optional(
        TELEPHONE,
        "联系电话：数字、空格、括号、- 和“转”，最多 40 位",
        "Telephone: digits, spaces, brackets, - and 转, at most 40",
        "021-55550000",
    ),
    optional(
        "学信网简称",
        "学院、班级名称超过 24 字节，专业名称超过 50 字节时填写；一个汉字 2 字节",
        "Where the name of a college or class has more than 24 bytes, of a major more than 50; a Chinese character has 2",
        "计算机",
    ),
    optional(
        "起始日期",
        "设立日期，如 2026-09-01；不填为导入当日。更改已有单位时填更改生效的日期，更名必填",
        "First day, such as 2026-09-01; empty: the day of the import. For a unit that is there, the day of the change, needed for a new name",
        "2026-09-01",
    ),
    optional(
        "截止日期",
        "停用的最后一天，如 2030-08-31；不填为继续使用",
        "Last day in use, such as 2030-08-31; empty: it goes on",
        "",
    ),
    optional(
        "省报简称",
        "省级特殊类别录取报表用：学院、班级超过 24 字节，专业超过 30 字节时填写",
        "For the province's report of special admissions: where a college or class has more than 24 bytes, a major more than 30",
        "",
    ),
];

/// Columns of the file of staff.
pub const STAFF_HEADINGS: [Heading; 9] = [
    required(
        "工号",
        "登录账号：字母、数字、点、连字符、下划线，2 至 32 位",
        "Login: letters, digits, dots, hyphens, underscores, 2 to 32",
        "T2026001",
    ),
    required(
        "姓名",
        "与身份证件一致",
        "As the document of identity has it",
        "张三",
    ),
    optional(
        "学院",
        "学院岗位必填：学院代码或名称",
        "Needed for posts in a college: its code or name",
        "08",
    ),
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
            "The post in a college, else the office; one row for each post of a person",
            "辅导员",
        )
    },
    optional(
        "班级",
        "辅导员必填：班级代码或名称，多个用顿号分隔",
        "Needed for a counsellor: codes or names of classes, 、 between them",
        "计科2601、计科2602",
    ),
    optional(
        TELEPHONE,
        "联系电话：数字、空格、括号、- 和“转”，最多 40 位；加密保存，已有人员填新号码即更改",
        "Telephone: digits, spaces, brackets, - and 转, at most 40; kept sealed, a new number replaces the one that is there",
        "13800000000",
    ),
    optional(
        "专业",
        "专业负责人必填：专业代码或名称，多个用顿号分隔",
        "Needed for a head of majors: codes or names of majors, 、 between them",
        "",
    ),
    optional(
        "原姓名",
        "更名时填现有姓名，否则留空",
        "The present name where the name changes, else empty",
        "",
    ),
    optional(
        "截止日期",
        "岗位的最后一天，如 2030-08-31；不填为继续任职",
        "Last day of the post, such as 2030-08-31; empty: it goes on",
        "",
    ),
];

impl Heading {
    /// What the column takes: what to enter, and the values to choose from.
    pub fn rule(&self, lang: Lang) -> String {
        let note = self.note.in_lang(lang);
        if self.choices.is_empty() {
            return note.to_owned();
        }
        let choices = self.choices.join("、");
        match lang {
            Lang::Zh => format!("{note}。可填：{choices}"),
            Lang::En => format!("{note}. One of: {choices}"),
        }
    }

    /// The line of this column in the notes of a template.
    pub fn line(&self, lang: Lang) -> String {
        let rule = self.rule(lang);
        match (lang, self.required) {
            (Lang::Zh, true) => format!("{}（必填）：{rule}", self.name),
            (Lang::Zh, false) => format!("{}：{rule}", self.name),
            (Lang::En, true) => format!("{} (required): {rule}", self.name),
            (Lang::En, false) => format!("{}: {rule}", self.name),
        }
    }

    /// Where it stands among the headings of a sheet.
    fn place(&self, headings: &[String]) -> Option<usize> {
        let name = |h: &String| h.trim().trim_end_matches(['*', '＊']).trim() == self.name;
        headings.iter().position(name)
    }
}

/// Why a sheet is no file of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadingError {
    /// It is the other of the two files.
    #[error("{}", .0.other_file().en)]
    Other(OrganisationFile),
    /// None of the required headings is there: no template of this service.
    #[error(
        "the first row holds none of the headings of the template; download it and keep its headings"
    )]
    NoTemplate,
    /// Headings that it needs are not there.
    #[error("missing columns: {}", .0.join("、"))]
    Missing(Vec<&'static str>),
}

impl HeadingError {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Other(found) => found.other_file().zh.to_owned(),
            Self::NoTemplate => {
                "第一行没有模板的任何必填列名，不是本页的模板：请下载模板，保留表头后填写"
                    .to_owned()
            }
            Self::Missing(names) => format!("缺少列：{}", names.join("、")),
        }
    }
}

impl OrganisationFile {
    /// The column with this heading.
    pub fn heading(self, name: &str) -> Option<&'static Heading> {
        self.headings().iter().find(|heading| heading.name == name)
    }

    /// What to say where this file was brought instead of the other.
    const fn other_file(self) -> Text {
        match self {
            Self::Units => Text::new(
                "这是组织机构的表格：请在“组织机构”页上传",
                "this is a file of units: upload it on the page of the organisation",
            ),
            Self::Staff => Text::new(
                "这是人员与岗位的表格：请在“人员与岗位”页上传",
                "this is a file of staff: upload it on the page of staff and posts",
            ),
        }
    }

    /// Where each column of this file stands among the headings of a sheet. An asterisk after a heading, as templates
    /// have it, does not count.
    ///
    /// # Errors
    /// [`HeadingError`] when a required column is not there.
    pub fn columns(self, headings: &[String]) -> Result<Vec<Option<usize>>, HeadingError> {
        let missing = self.missing(headings);
        if missing.is_empty() {
            let own = self.headings().iter();
            return Ok(own.map(|heading| heading.place(headings)).collect());
        }
        let mut others = Self::ALL.into_iter().filter(|file| *file != self);
        if let Some(found) = others.find(|file| file.missing(headings).is_empty()) {
            return Err(HeadingError::Other(found));
        }
        let needed = self.headings().iter().filter(|h| h.required).count();
        if missing.len() == needed {
            return Err(HeadingError::NoTemplate);
        }
        Err(HeadingError::Missing(missing))
    }

    /// Required columns that are not among the headings of a sheet.
    fn missing(self, headings: &[String]) -> Vec<&'static str> {
        let own = self.headings().iter().filter(|h| h.required);
        own.filter(|heading| heading.place(headings).is_none())
            .map(|heading| heading.name)
            .collect()
    }
}

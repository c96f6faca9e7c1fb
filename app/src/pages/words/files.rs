//! Files that cannot be used.

use super::Entry;

/// The entries.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        code: "file",
        field: None,
        zh: (
            "文件无法读取",
            "文件已损坏、格式不对或超过限制。没有导入任何内容。",
            "请重新导出文件后再上传；原来的文件没有改变任何内容。",
        ),
        en: (
            "The file cannot be read",
            "It is damaged, of another format or too large. Nothing was imported.",
            "Export it again and upload; the old file has changed nothing.",
        ),
    },
    Entry {
        code: "empty",
        field: Some("file"),
        zh: (
            "文件是空的",
            "收到的文件里没有内容。没有导入任何内容。",
            "请检查文件后重新上传。",
        ),
        en: (
            "The file is empty",
            "There is nothing in the file. Nothing was imported.",
            "Check the file and upload it again.",
        ),
    },
    Entry {
        code: "too_large",
        field: None,
        zh: (
            "文件太大",
            "文件或其中的内容超过了允许的大小。没有导入任何内容。",
            "请分成几个文件上传。",
        ),
        en: (
            "The file is too large",
            "The file, or what it holds, is larger than allowed. Nothing was imported.",
            "Split it and upload the parts.",
        ),
    },
    Entry {
        code: "too_many_files",
        field: None,
        zh: (
            "文件数量太多",
            "压缩包里的文件超过了允许的数量。没有导入任何内容。",
            "请按省份分成几个压缩包上传。",
        ),
        en: (
            "Too many files",
            "The archive holds more files than allowed. Nothing was imported.",
            "Make one archive for each province.",
        ),
    },
    Entry {
        code: "repeated_name",
        field: None,
        zh: (
            "文件名重复",
            "压缩包里有两个同名的文件，无法判断用哪一个。没有导入任何内容。",
            "请去掉重复的文件后重新上传。",
        ),
        en: (
            "A name stands twice",
            "The archive holds two files of one name; which of them counts cannot be told. Nothing was imported.",
            "Remove one of them and upload again.",
        ),
    },
    Entry {
        code: "headings",
        field: None,
        zh: (
            "表头与模板不符",
            "第一行缺少模板规定的列名。没有导入任何内容。",
            "请下载模板，按模板的列名填写。",
        ),
        en: (
            "The headings differ from the template",
            "The first row lacks a heading of the template. Nothing was imported.",
            "Download the template and keep its headings.",
        ),
    },
    Entry {
        code: "no_rows",
        field: None,
        zh: (
            "没有可以更正的记录",
            "文件里没有一行与等待更正的记录对应。",
            "请下载检查结果，在其中修改后上传。",
        ),
        en: (
            "There are no rows to repair",
            "No row of the file fits a row that waits to be repaired.",
            "Download the findings, correct them there and upload.",
        ),
    },
    Entry {
        code: "unreadable",
        field: None,
        zh: (
            "文件无法读取",
            "文件已损坏或格式不对。没有导入任何内容。",
            "请重新导出文件后再上传。",
        ),
        en: (
            "The file cannot be read",
            "It is damaged or of another format. Nothing was imported.",
            "Export it again and upload.",
        ),
    },
    Entry {
        code: "incomplete",
        field: Some("file"),
        zh: (
            "没有收到文件",
            "没有选择文件，或文件没有传完。",
            "请选择文件后再上传一次。",
        ),
        en: (
            "No file arrived",
            "No file was chosen, or it did not arrive whole.",
            "Choose the file and upload it once more.",
        ),
    },
    Entry {
        code: "too_many",
        field: Some("rows"),
        zh: (
            "发现的问题太多",
            "一个工作簿放不下这么多行。",
            "请先按问题种类处理，再下载。",
        ),
        en: (
            "Too many findings",
            "One workbook cannot hold so many rows.",
            "Deal with one kind of finding first, then download.",
        ),
    },
];

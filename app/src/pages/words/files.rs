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
        code: "too_large",
        field: Some("files/admission"),
        zh: (
            "文件太大",
            "一次上传不能超过 200 MB，解压后也有上限。",
            "请按省份分成几个压缩包分别上传；照片同样可以分批。",
        ),
        en: (
            "The file is too large",
            "One upload holds at most 200 MB, and there is a limit to what is packed in it.",
            "Split it by province and upload the parts one after the other; photos too.",
        ),
    },
    Entry {
        code: "too_large",
        field: Some("files/photos"),
        zh: (
            "文件太大",
            "一次上传不能超过 200 MB，解压后也有上限。",
            "请按省份分成几个压缩包分别上传；照片同样可以分批。",
        ),
        en: (
            "The file is too large",
            "One upload holds at most 200 MB, and there is a limit to what is packed in it.",
            "Split it by province and upload the parts one after the other; photos too.",
        ),
    },
    Entry {
        code: "too_large",
        field: Some("files/organisation"),
        zh: (
            "文件太大",
            "组织机构和人员的表格不能超过 16 MB。",
            "请去掉多余的工作表和图片，或分成几个文件上传。",
        ),
        en: (
            "The file is too large",
            "A sheet of units or staff has at most 16 MB.",
            "Leave out other sheets and pictures, or upload it in parts.",
        ),
    },
    Entry {
        code: "too_large",
        field: Some("files/rule"),
        zh: (
            "文件太大",
            "实施细则的 PDF 不能超过 16 MB。",
            "请降低扫描分辨率，或导出为文字 PDF 后再上传。",
        ),
        en: (
            "The file is too large",
            "The PDF of a rule has at most 16 MB.",
            "Scan it at a lower resolution, or export it as text, and upload it again.",
        ),
    },
    Entry {
        code: "too_large",
        field: Some("files/logo"),
        zh: (
            "图片太大",
            "校徽图片不能超过 256 KB。",
            "请缩小图片的尺寸后再上传。",
        ),
        en: (
            "The picture is too large",
            "A logo has at most 256 KB.",
            "Make the picture smaller and upload it again.",
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
];

//! Names.

use super::{PROVINCE, REPAIR, Words, words};
use crate::text::Text;

pub(super) const MISSING_NAME: Words = words(
    ("姓名为空", "No name"),
    ("姓名为空", "The name is empty"),
    PROVINCE,
);

pub(super) const MISSING_GLYPH: Words = words(
    ("姓名缺字", "Missing character in a name"),
    (
        "姓名中有代替缺字的符号（?、□、〓、* 等）或夹有拼音，学历证书将照此印制",
        "A question mark, an empty box or pinyin stands for a character of the name; a certificate would print it",
    ),
    Text::new(
        "按身份证件补入本字，不得猜测；本字不能录入的，记为待补字",
        "Enter the character as the identity card shows it, never by guess; otherwise note it as to be completed",
    ),
);

pub(super) const PRIVATE_USE_GLYPH: Words = words(
    ("姓名含自造字", "Private-use character in a name"),
    (
        "姓名中有专用区编码的字，在别的计算机上显示为空白或别的字",
        "The name holds a private-use code, which other computers show blank or differently",
    ),
    Text::new(
        "按身份证件改为 GB 18030-2022 的正式编码",
        "Replace it by the standard code of GB 18030-2022 as the identity card shows it",
    ),
);

pub(super) const DOT_VARIANT: Words = words(
    ("间隔号不规范", "Look-alike dot in a name"),
    (
        "姓名中的间隔号不是 U+00B7，与公安、学信网信息比对会不一致",
        "The dot in the name is not U+00B7 and will not compare equal elsewhere",
    ),
    Text::new(
        "核对后注明理由接受，入库时统一为“·”（U+00B7）",
        "Accept it with a reason; it is stored as U+00B7",
    ),
);

pub(super) const SPACED_NAME: Words = words(
    ("姓名中有空格", "Blank inside a name"),
    (
        "姓名的汉字之间有空格，入库时去掉空格",
        "There is a blank between the Han characters of the name; it is stored without",
    ),
    Text::new(
        "与身份证件核对：只是排版空格的，注明理由后接受；空格处缺字或缺间隔号的，在问题清单的工作簿中改正该行",
        "Compare the identity card: if the blank is only there for the layout, accept it with a reason; if a character or a dot is missing there, correct the row in the workbook of findings",
    ),
);

pub(super) const BAD_NAME_CHARACTER: Words = words(
    ("姓名含不允许的字符", "Character not allowed in a name"),
    (
        "姓名中有汉字、间隔号、拉丁字母以外的字符",
        "The name holds something other than Han characters, the dot and Latin letters",
    ),
    REPAIR,
);

pub(super) const NAME_TOO_LONG: Words = words(
    ("姓名过长", "Long name"),
    (
        "姓名超过学信网字段的 40 字节，不能随文件上报",
        "The name exceeds the 40 bytes of the platform's field",
    ),
    Text::new(
        "可以入库；上报时在平台上手工录入该生",
        "It can be imported; enter the student by hand on the platform",
    ),
);

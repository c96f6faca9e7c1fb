//! Names that nobody need have: surnames by rough frequency, given names from common characters.

use super::rng::Rng;

/// Surnames; those at the front are drawn more often (see [`surname`]).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦柳左霍单仇解查";
const COMPOUND: [&str; 6] = ["欧阳", "上官", "司马", "诸葛", "尉迟", "慕容"];
const GIVEN: &str = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀兰霞平刚桂英华玉萍红鹏飞宇浩然子轩梓涵欣怡佳琪思雨晨阳嘉豪俊熙诗雅梦瑶雪婷博文志远建国海波春燕晓东立新永康天佑若兮语桐沐辰景行清源承泽书航一诺可心安然悦宁舒畅锦程知行望舒云帆启明星河映月";
/// Characters that old fonts and code pages lack; the first has two bytes in GB 18030, the others four.
pub(super) const RARE: [char; 4] = ['䶮', '㛃', '𬭎', '𠅤'];
const FIRST: [&str; 10] = [
    "阿卜杜拉",
    "买买提",
    "古丽娜尔",
    "阿依古丽",
    "热依罕",
    "艾力",
    "帕提古丽",
    "努尔兰",
    "迪丽努尔",
    "阿力木",
];
const SECOND: [&str; 8] = [
    "买买提",
    "吐尔逊",
    "热合曼",
    "艾合买提",
    "依明",
    "库尔班",
    "阿不都热依木",
    "玉素甫",
];

/// 维吾尔族 in GB/T 3304: whose candidates bear the names made of [`FIRST`] and [`SECOND`].
pub(super) const UYGHUR: &str = "05";

/// Codes of GB/T 3304 from which minority candidates are drawn; 05 (维吾尔族) and 17 (哈萨克族) bear dotted names.
pub(super) const MINORITIES: [&str; 14] = [
    "02", "03", "04", "05", "06", "07", "08", "10", "11", "12", "15", "17", "23", "32",
];

/// A name of two to four characters, about 0.3 % of them rare.
pub(super) fn han(rng: &mut Rng, rare: bool) -> String {
    let mut name = if rng.chance(8) {
        rng.pick(&COMPOUND).copied().unwrap_or_default().to_owned()
    } else {
        surname(rng)
    };
    let given: Vec<char> = GIVEN.chars().collect();
    name.extend(rng.pick(&given));
    if rng.chance(3) {
        let characters = if rare {
            RARE.as_slice()
        } else {
            RARE.get(..1).unwrap_or_default()
        };
        name.extend(rng.pick(characters));
    } else if rng.chance(720) {
        name.extend(rng.pick(&given));
    }
    name
}

/// The smaller of two draws: half of all people bear one of the first third.
pub(super) fn surname(rng: &mut Rng) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let count = u32::try_from(surnames.len()).unwrap_or(u32::MAX);
    let at = rng.below(count).min(rng.below(count));
    surnames
        .get(usize::try_from(at).unwrap_or_default())
        .map(char::to_string)
        .unwrap_or_default()
}

/// Two parts divided by a dot of the caller's choice.
pub(super) fn dotted(rng: &mut Rng, dot: char) -> String {
    let first = rng.pick(&FIRST).copied().unwrap_or_default();
    let second = rng.pick(&SECOND).copied().unwrap_or_default();
    format!("{first}{dot}{second}")
}

/// 47 bytes: correct, but longer than the platform's field.
pub(super) fn long(rng: &mut Rng) -> String {
    let first: String = FIRST.iter().take(4).copied().collect();
    let second = rng.pick(&SECOND).copied().unwrap_or_default();
    let han: String = format!("{first}{second}玉素甫库尔班依明")
        .chars()
        .take(22)
        .collect();
    format!("{han}·明")
}

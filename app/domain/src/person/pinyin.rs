//! Search keys in pinyin, with the readings that surnames have.

use super::name::name_key;
use ::pinyin::ToPinyin;

/// Surnames whose reading differs from the usual one of the character; longer ones first.
const SURNAMES: [(&str, &[&str]); 33] = [
    ("万俟", &["mo", "qi"]),
    ("尉迟", &["yu", "chi"]),
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("长孙", &["zhang", "sun"]),
    ("单", &["shan"]),
    ("翟", &["zhai"]),
    ("曾", &["zeng"]),
    ("仇", &["qiu"]),
    ("解", &["xie"]),
    ("查", &["zha"]),
    ("区", &["ou"]),
    ("盖", &["ge"]),
    ("朴", &["piao"]),
    ("乐", &["yue"]),
    ("秘", &["bi"]),
    ("洗", &["xian"]),
    ("折", &["she"]),
    ("员", &["yun"]),
    ("贠", &["yun"]),
    ("召", &["shao"]),
    ("缪", &["miao"]),
    ("种", &["chong"]),
    ("繁", &["po"]),
    ("覃", &["qin"]),
    ("祭", &["zhai"]),
    ("句", &["gou"]),
    ("黑", &["he"]),
    ("都", &["du"]),
    ("佴", &["nai"]),
    ("薄", &["bo"]),
    ("乜", &["nie"]),
    ("率", &["shuai"]),
];
/// Characters that names read differently from the table's first reading, at any place.
const IN_NAMES: [(char, &str); 3] = [('卜', "bu"), ('长', "chang"), ('晟', "sheng")];

/// What a person may be searched by. Lower-case letters only; ü is written v.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PinyinKeys {
    /// Every syllable: `zhangsanfeng`.
    pub full: String,
    /// First letters: `zsf`.
    pub initials: String,
}

/// The search keys of a name. Latin letters stand for themselves; a run of them gives one initial.
pub fn search_keys(name: &str) -> PinyinKeys {
    let name = name_key(name);
    let (surname, given) = split_surname(&name);
    let mut keys = PinyinKeys::default();
    for syllable in surname {
        keys.push(syllable);
    }
    let mut in_word = false;
    for c in given.chars() {
        if let Some(syllable) = reading(c) {
            keys.push(syllable);
        } else if c.is_ascii_alphabetic() {
            let letter = c.to_ascii_lowercase();
            keys.full.push(letter);
            if !in_word {
                keys.initials.push(letter);
            }
        }
        in_word = c.is_ascii_alphabetic();
    }
    keys
}

fn reading(c: char) -> Option<&'static str> {
    let in_names = IN_NAMES
        .iter()
        .find(|(character, _)| *character == c)
        .map(|(_, syllable)| *syllable);
    in_names.or_else(|| c.to_pinyin().map(::pinyin::Pinyin::plain))
}

impl PinyinKeys {
    fn push(&mut self, syllable: &str) {
        let plain = syllable.replace('ü', "v");
        self.initials.extend(plain.chars().next());
        self.full.push_str(&plain);
    }
}

/// The override of the surname, where there is one, and the rest of the name. A name with a dot has no surname.
fn split_surname(name: &str) -> (&'static [&'static str], &str) {
    if name.contains(super::name::DOT) {
        return (&[], name);
    }
    SURNAMES
        .iter()
        .find_map(|(surname, reading)| name.strip_prefix(surname).map(|given| (*reading, given)))
        .unwrap_or((&[], name))
}

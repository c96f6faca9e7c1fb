use super::hostile_text;
use domain::person::pinyin::search_keys;
use proptest::prelude::*;

proptest! {
    #[test]
    fn keys_are_lower_case_letters_and_initials_are_part_of_them(text in hostile_text()) {
        let keys = search_keys(&text);
        prop_assert!(keys.full.chars().all(|c| c.is_ascii_lowercase()), "{}", keys.full);
        prop_assert!(keys.initials.len() <= keys.full.len());
        prop_assert_eq!(keys.initials.is_empty(), keys.full.is_empty());
    }
}

#[test]
fn readings() {
    let cases = [
        ("张三丰", "zhangsanfeng", "zsf"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("翟天", "zhaitian", "zt"),
        ("曾子", "zengzi", "zz"),
        ("仇和", "qiuhe", "qh"),
        ("解缙", "xiejin", "xj"),
        ("万俟卨", "moqixie", "mqx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("单于", "chanyu", "cy"),
        ("任贤", "renxian", "rx"),
        ("长孙长乐", "zhangsunchangle", "zscl"),
        ("卜算", "busuan", "bs"),
        ("欧阳娜", "ouyangna", "oyn"),
        ("吕布", "lvbu", "lb"),
        ("王𬭎", "wanghong", "wh"),
        ("阿卜杜拉·买买提", "abudulamaimaiti", "abdlmmt"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
    ];
    for (name, full, initials) in cases {
        let keys = search_keys(name);
        assert_eq!(
            (keys.full.as_str(), keys.initials.as_str()),
            (full, initials),
            "{name}"
        );
    }
}

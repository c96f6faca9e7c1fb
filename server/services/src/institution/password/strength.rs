//! What a new password must be: long, not about the person or the school, and not made of pieces that are tried first.
//!
//! There is no rule about kinds of characters. What is counted is what must be guessed: a known word, a run along the
//! keyboard or the alphabet, a repeated character and a year count as one character each, a long number as three.

use super::{MAX_CHARS, MIN_CHARS};

/// Characters that must be left when every known piece counts as one.
const MIN_LEFT: usize = 8;
/// Shortest word of the context that is looked for, in Latin letters and digits; Han words count from two.
const MIN_WORD: usize = 4;
/// Shortest run along a keyboard row or the alphabet.
const MIN_RUN: usize = 3;

/// Digits in a row from which on they are taken for a date, a telephone or a document number, which others know.
const LONG_NUMBER: usize = 6;
/// What such a number counts for.
const NUMBER_COUNTS: usize = 3;

/// Why a new password is not accepted: `too_short`, `too_long`, `about_you` (it holds a word of the context: school,
/// login, name), or `too_common`.
pub fn weakness(password: &str, context: &[&str]) -> Option<&'static str> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Some("too_short");
    }
    if chars > MAX_CHARS {
        return Some("too_long");
    }
    let lower: Vec<char> = password.to_lowercase().chars().collect();
    let text: String = lower.iter().collect();
    if context.iter().any(|word| holds(&text, word)) {
        return Some("about_you");
    }
    (left(&lower) < MIN_LEFT || repeats(&lower)).then_some("too_common")
}

fn holds(text: &str, word: &str) -> bool {
    let word = word.trim().to_lowercase();
    let least = if word.is_ascii() { MIN_WORD } else { 2 };
    word.chars().count() >= least && text.contains(&word)
}

/// Characters that are left when every known piece counts as one.
fn left(chars: &[char]) -> usize {
    let mut rest = chars;
    let mut count = 0;
    while !rest.is_empty() {
        let number = number(rest);
        if number >= LONG_NUMBER {
            rest = rest.get(number..).unwrap_or_default();
            count += NUMBER_COUNTS;
            continue;
        }
        let piece = [
            word(rest),
            row(rest),
            alphabet(rest),
            same(rest),
            year(rest),
        ]
        .into_iter()
        .max()
        .unwrap_or(0)
        .max(1);
        rest = rest.get(piece..).unwrap_or_default();
        count += 1;
    }
    count
}

/// Length of a number here, with the X that the number of an identity document may end in.
fn number(chars: &[char]) -> usize {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let checked = digits > 0 && chars.get(digits) == Some(&'x');
    digits + usize::from(checked)
}

/// Whether the whole is one block of at most six characters, again and again.
fn repeats(chars: &[char]) -> bool {
    (1..=6).any(|period| {
        chars
            .iter()
            .zip(chars.iter().skip(period))
            .all(|(a, b)| a == b)
    })
}

/// Length of a known word here; letters may be written as the digits and signs that look like them.
fn word(chars: &[char]) -> usize {
    let reads = |word: &&&str| {
        word.chars().count() <= chars.len()
            && word
                .chars()
                .zip(chars)
                .all(|(w, c)| w == *c || w == plain(*c))
    };
    let longest = WORDS.iter().filter(reads).map(|w| w.chars().count()).max();
    longest.unwrap_or(0)
}

const fn plain(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Length of a run along a row of the keyboard, forwards or backwards.
fn row(chars: &[char]) -> usize {
    let along = |row: &[char]| {
        (0..row.len())
            .map(|from| {
                row.iter()
                    .skip(from)
                    .zip(chars)
                    .take_while(|(a, b)| a == b)
                    .count()
            })
            .max()
            .unwrap_or(0)
    };
    let run = ROWS
        .iter()
        .map(|row| {
            let forwards: Vec<char> = row.chars().collect();
            let backwards: Vec<char> = row.chars().rev().collect();
            along(&forwards).max(along(&backwards))
        })
        .max()
        .unwrap_or(0);
    if run >= MIN_RUN { run } else { 0 }
}

/// Length of a run of neighbours in the order of characters: `abcd`, `9876`.
fn alphabet(chars: &[char]) -> usize {
    let steps = |by: i64| {
        let pairs = chars.iter().zip(chars.iter().skip(1));
        pairs
            .take_while(|(a, b)| i64::from(u32::from(**b)) - i64::from(u32::from(**a)) == by)
            .count()
    };
    let run = steps(1).max(steps(-1)) + 1;
    if run >= MIN_RUN { run } else { 0 }
}

/// Length of a run of one character.
fn same(chars: &[char]) -> usize {
    let first = chars.first();
    let run = chars.iter().take_while(|c| Some(*c) == first).count();
    if run >= 2 { run } else { 0 }
}

/// A year from 1900 to 2099.
fn year(chars: &[char]) -> usize {
    match chars {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
            4
        }
        _ => 0,
    }
}

/// Rows that fingers follow.
const ROWS: [&str; 12] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "147258369",
];

/// Words that the lists of leaked passwords begin with, and those that a university's users think of first.
const WORDS: [&str; 112] = [
    "password",
    "passwd",
    "pass",
    "word",
    "mima",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "login",
    "welcome",
    "letmein",
    "master",
    "secret",
    "change",
    "changeme",
    "default",
    "test",
    "temp",
    "qwerty",
    "azerty",
    "asdf",
    "zxcv",
    "iloveyou",
    "loveyou",
    "love",
    "lovely",
    "baby",
    "angel",
    "princess",
    "sunshine",
    "flower",
    "monkey",
    "dragon",
    "tiger",
    "panda",
    "football",
    "basketball",
    "baseball",
    "soccer",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "shadow",
    "michael",
    "jordan",
    "computer",
    "internet",
    "windows",
    "google",
    "baidu",
    "weixin",
    "wechat",
    "taobao",
    "alipay",
    "tencent",
    "huawei",
    "xiaomi",
    "apple",
    "iphone",
    "samsung",
    "hello",
    "world",
    "helloworld",
    "freedom",
    "whatever",
    "trustno",
    "mustang",
    "access",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "friday",
    "money",
    "lucky",
    "happy",
    "forever",
    "student",
    "teacher",
    "school",
    "college",
    "university",
    "daxue",
    "xuesheng",
    "laoshi",
    "xueyuan",
    "xuehao",
    "xuexiao",
    "xueji",
    "xuexin",
    "zhaosheng",
    "jiaowu",
    "chsi",
    "china",
    "zhongguo",
    "beijing",
    "shanghai",
    "woaini",
    "woaiwojia",
    "aini",
    "nihao",
    "wangyut",
    "caonima",
    "5201314",
    "520",
    "1314",
    "888",
    "666",
];

//! What people type into the search of a list.

use crate::entity::student;
use domain::person::id_number::normalise;
use domain::person::name::name_part;
use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{ColumnTrait, Condition};

/// Characters of a number that stand beside it in a column with an index.
pub const TAIL: usize = 4;

fn like(column: student::Column, pattern: String) -> Expr {
    column.like(LikeExpr::new(pattern).escape('\\'))
}

/// A text in which nothing stands for something else.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// Numbers that end so, whole ones too: the index of their last characters finds them.
fn ends(number: student::Column, tail: student::Column, end: &str) -> Condition {
    let last = end.len().checked_sub(TAIL).and_then(|from| end.get(from..));
    Condition::all()
        .add_option(last.map(|last| tail.eq(last)))
        .add(like(number, format!("%{end}")))
}

/// What a list is searched for: a candidate or student number or its end, a name in pinyin or Latin letters from its
/// beginning, a part of any other name.
pub(super) fn condition(text: &str) -> Condition {
    let mut any = Condition::any();
    let number = normalise(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain && (digits > 0 || number.len() >= TAIL) {
        let (ksh, own) = (student::Column::Ksh, student::Column::StudentNo);
        any = any
            .add(ends(ksh, student::Column::KshTail, &number))
            .add(ends(own, student::Column::NoTail, &number));
    }
    if plain && digits == number.len() {
        return any;
    }
    if text.is_ascii() {
        let plain = escaped(text);
        let lower = plain.to_lowercase().replace(' ', "");
        any.add(like(student::Column::Pinyin, format!("{lower}%")))
            .add(like(student::Column::Initials, format!("{lower}%")))
            .add(like(
                student::Column::NameKey,
                format!("{}%", plain.to_uppercase()),
            ))
    } else {
        let part = escaped(&name_part(text));
        any.add(like(student::Column::NameKey, format!("%{part}%")))
    }
}

//! Rules on coded values (rule V7): codes resolve in the folder's own tables; nationally fixed codes also in ours.

use super::CheckContext;
use super::candidate::StatedMajor;
use super::reading::Reading;
use super::row::{Entry, Findings};
use crate::admission::finding::FindingKind as Kind;
use crate::admission::online::OnlineField;
use crate::admission::source::{Notice, ProvinceFolder, SourceField as Field, Table};
use crate::codes::{EthnicGroup, PoliticalStatus, Sex};
use std::collections::{BTreeMap, BTreeSet};

/// Coded fields whose meaning only the folder's own table knows.
const LOCAL: [Field; 10] = [
    Field::Kslbdm,
    Field::Dqdm,
    Field::Pcdm,
    Field::Kldm,
    Field::Jhxzdm,
    Field::Lqfsdm,
    Field::Ccdm,
    Field::Xzdm,
    Field::Xxxs,
    Field::Byxxdm,
];

/// A coded value: code and text as far as known.
pub(super) struct Coded {
    pub(super) code: Option<String>,
    pub(super) name: Option<String>,
    /// Whether the folder has a table for the field that lacks this code.
    pub(super) unlisted: bool,
}

/// Text of a value in the folder's own table: by its code, or because it already is such a text.
fn in_folder<'a>(table: Option<&'a BTreeMap<String, String>>, value: &'a str) -> Option<&'a str> {
    let table = table?;
    table
        .get(value)
        .map(String::as_str)
        .or_else(|| table.values().any(|text| text == value).then_some(value))
}

/// What the folder's own table says of a value.
pub(super) fn text_in<'a>(
    folder: &'a ProvinceFolder,
    field: Field,
    value: &'a str,
) -> Option<&'a str> {
    in_folder(folder.dictionary(field), value)
}

/// Whether the folder has a table for the field that does not hold the value.
pub(super) fn is_unlisted(folder: &ProvinceFolder, field: Field, value: &str) -> bool {
    folder.dictionary(field).is_some() && text_in(folder, field, value).is_none()
}

fn dictionary<'a>(entry: Entry<'_, 'a>, field: Field) -> Option<&'a BTreeMap<String, String>> {
    entry.folder.dictionary(field)
}

/// `1` stands for `01` where a province drops the zero.
fn two_digits(code: &str) -> String {
    format!("{code:0>2}")
}

/// 民族.
pub(super) fn ethnic(entry: Entry<'_, '_>) -> Coded {
    let value = entry.value(Field::Mzdm);
    let table = dictionary(entry, Field::Mzdm);
    let named = in_folder(table, value);
    let standard =
        || EthnicGroup::from_code(&two_digits(value)).or_else(|| EthnicGroup::from_name(value));
    let group = named.map_or_else(standard, EthnicGroup::from_name);
    Coded {
        code: group
            .map(|group| group.code.to_owned())
            .or_else(|| entry.optional(Field::Mzdm)),
        name: group.map(|group| group.name.to_owned()),
        unlisted: table.is_some() && named.is_none(),
    }
}

/// 政治面貌.
pub(super) fn political(entry: Entry<'_, '_>) -> Coded {
    let value = entry.value(Field::Zzmmdm);
    let table = dictionary(entry, Field::Zzmmdm);
    let named = in_folder(table, value);
    let standard = || {
        PoliticalStatus::from_code(&two_digits(value)).or_else(|| PoliticalStatus::from_name(value))
    };
    let status = if value.is_empty() {
        None
    } else {
        named.map_or_else(standard, PoliticalStatus::from_name)
    };
    Coded {
        code: status
            .map(|status| status.code.to_owned())
            .or_else(|| entry.optional(Field::Zzmmdm)),
        name: status
            .map(|status| status.name.to_owned())
            .or_else(|| named.map(str::to_owned)),
        unlisted: table.is_some() && named.is_none() && !value.is_empty(),
    }
}

/// A value of the folder's own tables as text, or as it stands.
pub(super) fn local(entry: Entry<'_, '_>, field: Field) -> Option<String> {
    let value = entry.value(field);
    if value.is_empty() {
        return None;
    }
    let text = in_folder(dictionary(entry, field), value).unwrap_or(value);
    Some(text.to_owned())
}

/// The major: by the offer code in `TD_ZYDH`, else as the row states it.
pub(super) fn major(entry: Entry<'_, '_>) -> StatedMajor {
    let offered = entry
        .folder
        .major(entry.value(Field::Lqzy), entry.value(Field::Kldm));
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let from_table = |field: Field, code: &str| {
        in_folder(dictionary(entry, field), code)
            .map(str::to_owned)
            .or_else(|| known(code))
    };
    StatedMajor {
        offer_code: entry.optional(Field::Lqzy),
        national_code: offered
            .and_then(|major| known(&major.national_code))
            .or_else(|| entry.optional(Field::Zydm)),
        name: offered
            .and_then(|major| known(&major.name))
            .or_else(|| entry.optional(Field::Zymc)),
        level: local(entry, Field::Ccdm)
            .or_else(|| offered.and_then(|major| from_table(Field::Ccdm, &major.level_code))),
        study_form: local(entry, Field::Xxxs),
        length: local(entry, Field::Xzdm)
            .or_else(|| offered.and_then(|major| from_table(Field::Xzdm, &major.length_code))),
    }
}

/// Columns of which one must be there for a source to say something of the major.
const MAJOR: [Field; 3] = [Field::Lqzy, Field::Zydm, Field::Zymc];

/// 民族 is there and known. Without a column for it nothing is wrong with a row: 办法 三（五）1（3） lists it as due.
pub(super) fn ethnic_known(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let value = reading.entry.value(Field::Mzdm);
    let ethnic = ethnic(reading.entry);
    if value.is_empty() {
        if reading.entry.has(Field::Mzdm) {
            out.add(Kind::MissingField, Field::Mzdm, Field::Mzdm.column());
        }
    } else if ethnic.name.is_none() {
        out.add(Kind::UnknownEthnic, Field::Mzdm, value);
    } else if ethnic.unlisted {
        out.add(Kind::UnknownCode, Field::Mzdm, &format!("MZDM={value}"));
    }
}

/// 政治面貌, where given, is in the folder's table or, without one, in the standard.
pub(super) fn political_known(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    if political(reading.entry).unlisted {
        out.add(
            Kind::UnknownCode,
            Field::Zzmmdm,
            &format!("ZZMMDM={}", reading.entry.value(Field::Zzmmdm)),
        );
    }
}

/// Codes that the folder's own tables define.
pub(super) fn local_codes_known(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    // A kind of document that the standard alone explains: what the table does not hold may mean something else there.
    let understood = reading.document.as_ref().is_some_and(|d| d.kind_known);
    let kind = understood.then_some(Field::Zjlxdm);
    for field in LOCAL.into_iter().chain(kind) {
        let value = reading.entry.value(field);
        if value.is_empty() {
            continue;
        }
        if is_unlisted(reading.entry.folder, field, value) {
            out.add(
                Kind::UnknownCode,
                field,
                &format!("{}={value}", field.column()),
            );
        }
    }
}

/// Codes in columns that nothing else here uses, where the folder has a table for the column.
pub(super) fn further_codes_known(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    // Both tables of a candidate may carry the column: the same code is told once.
    let mut told = BTreeSet::new();
    for row in reading.entry.rows() {
        for column in &row.columns.further {
            let value = row.row.value(column.at).trim();
            // What could not be read is told already.
            let unlisted = !value.is_empty()
                && !value.contains(char::REPLACEMENT_CHARACTER)
                && in_folder(Some(column.codes), value).is_none();
            if unlisted && told.insert((column.name, value)) {
                let particulars = format!("{}={value}", column.name);
                out.add_in(Kind::UnknownCode, row, column.name, &particulars);
            }
        }
    }
}

/// 性别: 1 and 2 are fixed by GB/T 2261.1; another code counts where the folder's table has it.
pub(super) fn sex(entry: Entry<'_, '_>) -> Option<Sex> {
    let value = entry.value(Field::Xbdm);
    let known = |text: &str| Sex::from_text(text).filter(|sex| sex.platform_text().is_some());
    known(value).or_else(|| in_folder(dictionary(entry, Field::Xbdm), value).and_then(known))
}

/// There is a major, and its code resolves, also where the row names the major itself. A source without any column for
/// it leaves the major to the mapping.
pub(super) fn major_known(reading: &Reading<'_, '_>, _: &CheckContext, out: &mut Findings<'_, '_>) {
    let entry = reading.entry;
    let stated = major(entry);
    let Some(code) = &stated.offer_code else {
        let said = stated.name.is_some() || stated.national_code.is_some();
        if !said && MAJOR.into_iter().any(|field| entry.has(field)) {
            out.add(Kind::MissingField, Field::Lqzy, Field::Lqzy.column());
        }
        return;
    };
    let folder = entry.folder;
    let listed = |code: &str| folder.majors.iter().any(|major| major.offer_code == code);
    match folder.major(code, entry.value(Field::Kldm)) {
        Some(offered) => {
            for (field, code) in [
                (Field::Ccdm, &offered.level_code),
                (Field::Xzdm, &offered.length_code),
            ] {
                // What the row says itself is looked up with the other codes of the row.
                let taken = entry.value(field).is_empty() && !code.is_empty();
                if taken && is_unlisted(folder, field, code) {
                    let particulars = format!("TD_ZYDH.{}={code}", field.column());
                    out.add(Kind::UnknownCode, Field::Lqzy, &particulars);
                }
            }
        }
        None if folder.majors.is_empty() => {}
        None if folder.majors.iter().any(|major| major.name == *code) => {}
        // Lines for other 科类 hold the code, and the row itself says which major it is.
        None if stated.name.is_some() && listed(code) => {}
        None => out.add(Kind::UnknownCode, Field::Lqzy, &format!("LQZY={code}")),
    }
}

/// One line for every coded column of a folder whose table is absent. A worksheet cannot have one.
pub(super) fn absent_dictionaries(folder: &ProvinceFolder) -> Vec<Notice> {
    let tables = || folder.bmk.iter().chain(&folder.tdd);
    let absent = Field::ALL.into_iter().filter_map(|field| {
        let table = field.dictionary().filter(|_| !is_present(folder, field))?;
        // A school that is named needs no code.
        let named = field == Field::Byxxdm
            && tables().any(|source| source.column_of(Field::Byxxmc).is_some());
        tables()
            .any(|source| !named && !source.is_worksheet() && holds_codes(source, field))
            .then(|| Notice::DictionaryAbsent {
                folder: folder.name.clone(),
                table: table.to_owned(),
                field: field.column().to_owned(),
            })
    });
    absent.collect()
}

/// Fields that are due for everybody of a folder, because none of its tables has a column for them.
pub(super) fn absent_columns(folder: &ProvinceFolder) -> Vec<Notice> {
    let tables = || folder.bmk.iter().chain(&folder.tdd);
    let absent = |fields: &[Field]| {
        let has = |table: &Table| fields.iter().any(|field| table.column_of(*field).is_some());
        tables().next().is_some() && !tables().any(has)
    };
    let watched = [
        (OnlineField::Ethnic, [Field::Mzdm].as_slice()),
        (OnlineField::Major, MAJOR.as_slice()),
    ];
    watched
        .into_iter()
        .filter(|(_, fields)| absent(fields))
        .map(|(field, _)| Notice::ColumnAbsent {
            folder: folder.name.clone(),
            field,
        })
        .collect()
}

fn is_present(folder: &ProvinceFolder, field: Field) -> bool {
    if field == Field::Lqzy {
        !folder.majors.is_empty()
    } else {
        folder.dictionary(field).is_some()
    }
}

/// Whether some cell of the column holds a code rather than a text or nothing.
fn holds_codes(table: &Table, field: Field) -> bool {
    let Some(column) = table.column_of(field) else {
        return false;
    };
    table
        .rows
        .iter()
        .map(|row| row.value(column).trim())
        .any(|value| !value.is_empty() && value.is_ascii())
}

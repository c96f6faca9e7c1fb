//! The kinds of finding, their weight and the rule behind each.

use super::Severity;
use serde::{Deserialize, Serialize};

/// What was found. Serialised in `snake_case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The record is flagged as deleted: skipped, counted.
    Deleted,
    /// 退档: not admitted; skipped, counted.
    Withdrawn,
    /// A folder of which nothing was read, because one of its tables cannot be used.
    UnreadFolder,
    /// A cell holds bytes that are no GB 18030 text.
    Undecodable,
    /// 考生号 has a wrong form.
    BadKsh,
    /// 考生号 as a school makes it, in a source of the national examination.
    OtherPath,
    /// 考生号 of another year.
    WrongYear,
    /// 院校代码 of another school.
    WrongSchool,
    /// Digits 3 and 4 of the 考生号 are no province.
    UnknownProvince,
    /// The same 考生号 twice in one folder: one finding per group.
    DuplicateKsh,
    /// One candidate in two provinces.
    ConflictingProvince,
    /// `T_TDD` without a record in `T_BMK`.
    OrphanTdd,
    /// `T_BMK` without a record in `T_TDD`.
    OrphanBmk,
    /// No name.
    MissingName,
    /// `?`, □, 〓 and the like stand for a character the source could not write.
    MissingGlyph,
    /// A private-use character: it looks right on one computer only.
    PrivateUseGlyph,
    /// A dot other than U+00B7 in a name.
    DotVariant,
    /// Blanks inside a name in Han characters, which the stored form does not have.
    SpacedName,
    /// A character that cannot stand in a name.
    BadNameCharacter,
    /// Longer than the platform's field.
    NameTooLong,
    /// No sex, or neither 男 nor 女.
    MissingSex,
    /// A required field is empty.
    MissingField,
    /// A kind of document that is not known.
    BadIdType,
    /// Not the form of a number of this kind of document.
    BadIdNumber,
    /// The birth date in the ID number, or the 出生日期, does not exist.
    BadDate,
    /// The check character of the ID number is wrong.
    BadChecksum,
    /// 性别 differs from the ID number.
    SexMismatch,
    /// 出生日期 differs from the ID number.
    BirthMismatch,
    /// Outside 14–45 years (outside 10–80 it is an error).
    UnusualAge,
    /// The area code of the ID number is in no list.
    UnknownArea,
    /// Two candidates, one ID number: a finding for each.
    DuplicateId,
    /// The same name and document numbers that differ in one character: a finding for each.
    NearDocument,
    /// 民族 is in no list.
    UnknownEthnic,
    /// A code that the folder's own code table lacks.
    UnknownCode,
    /// A long number was kept as a number: its last digits may be lost.
    NumericIdCell,
    /// The candidate is in already with other values.
    Changed,
    /// The document number is in already under another 考生号.
    EarlierDocument,
    /// Somebody comes back to an admission that was deferred: the earlier record is named and moves when this one goes in.
    EarlierRecord,
    /// The same person has an earlier record whose admission is not deferred.
    EarlierNotDeferred,
    /// The same person has an earlier record under this number, and the upload is not for those who come back.
    ReturnsElsewhere,
    /// A photo whose name is no 考生号 of the year.
    PhotoUnmatched,
    /// A candidate of the year without a photo.
    PhotoAbsent,
    /// A file that is no usable photo.
    PhotoUnusable,
    /// One picture for two candidates.
    PhotoShared,
    /// Another photo of the candidate is in already; it is kept.
    PhotoReplaced,
}

impl FindingKind {
    /// Every kind, in the order in which totals are shown.
    pub const ALL: [Self; 45] = [
        Self::Deleted,
        Self::Withdrawn,
        Self::UnreadFolder,
        Self::Undecodable,
        Self::BadKsh,
        Self::OtherPath,
        Self::WrongYear,
        Self::WrongSchool,
        Self::UnknownProvince,
        Self::DuplicateKsh,
        Self::ConflictingProvince,
        Self::OrphanTdd,
        Self::OrphanBmk,
        Self::MissingName,
        Self::MissingGlyph,
        Self::PrivateUseGlyph,
        Self::DotVariant,
        Self::SpacedName,
        Self::BadNameCharacter,
        Self::NameTooLong,
        Self::MissingSex,
        Self::MissingField,
        Self::BadIdType,
        Self::BadIdNumber,
        Self::BadDate,
        Self::BadChecksum,
        Self::SexMismatch,
        Self::BirthMismatch,
        Self::UnusualAge,
        Self::UnknownArea,
        Self::DuplicateId,
        Self::NearDocument,
        Self::UnknownEthnic,
        Self::UnknownCode,
        Self::NumericIdCell,
        Self::Changed,
        Self::EarlierDocument,
        Self::EarlierRecord,
        Self::EarlierNotDeferred,
        Self::ReturnsElsewhere,
        Self::PhotoUnmatched,
        Self::PhotoAbsent,
        Self::PhotoUnusable,
        Self::PhotoShared,
        Self::PhotoReplaced,
    ];

    /// The key in counts and files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Withdrawn => "withdrawn",
            Self::UnreadFolder => "unread_folder",
            Self::Undecodable => "undecodable",
            Self::BadKsh => "bad_ksh",
            Self::WrongYear => "wrong_year",
            Self::OtherPath => "other_path",
            Self::WrongSchool => "wrong_school",
            Self::UnknownProvince => "unknown_province",
            Self::DuplicateKsh => "duplicate_ksh",
            Self::ConflictingProvince => "conflicting_province",
            Self::OrphanTdd => "orphan_tdd",
            Self::OrphanBmk => "orphan_bmk",
            Self::MissingName => "missing_name",
            Self::MissingGlyph => "missing_glyph",
            Self::PrivateUseGlyph => "private_use_glyph",
            Self::DotVariant => "dot_variant",
            Self::SpacedName => "spaced_name",
            Self::BadNameCharacter => "bad_name_character",
            Self::NameTooLong => "name_too_long",
            Self::MissingSex => "missing_sex",
            Self::MissingField => "missing_field",
            Self::BadIdType => "bad_id_type",
            Self::BadIdNumber => "bad_id_number",
            Self::BadDate => "bad_date",
            Self::BadChecksum => "bad_checksum",
            Self::SexMismatch => "sex_mismatch",
            Self::BirthMismatch => "birth_mismatch",
            Self::UnusualAge => "unusual_age",
            Self::UnknownArea => "unknown_area",
            Self::DuplicateId => "duplicate_id",
            Self::NearDocument => "near_document",
            Self::UnknownEthnic => "unknown_ethnic",
            Self::UnknownCode => "unknown_code",
            Self::NumericIdCell => "numeric_id_cell",
            Self::Changed => "changed",
            Self::EarlierDocument => "earlier_document",
            Self::EarlierRecord => "earlier_record",
            Self::EarlierNotDeferred => "earlier_not_deferred",
            Self::ReturnsElsewhere => "returns_elsewhere",
            Self::PhotoUnmatched => "photo_unmatched",
            Self::PhotoAbsent => "photo_absent",
            Self::PhotoUnusable => "photo_unusable",
            Self::PhotoShared => "photo_shared",
            Self::PhotoReplaced => "photo_replaced",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The usual weight.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Deleted
            | Self::Withdrawn
            | Self::OtherPath
            | Self::DotVariant
            | Self::SpacedName
            | Self::NameTooLong
            | Self::UnusualAge
            | Self::UnknownArea
            | Self::UnknownCode
            | Self::BadIdType
            | Self::NearDocument
            | Self::EarlierRecord
            | Self::EarlierNotDeferred
            | Self::PhotoUnmatched
            | Self::PhotoAbsent
            | Self::PhotoReplaced => Severity::Warning,
            Self::UnreadFolder
            | Self::Undecodable
            | Self::BadKsh
            | Self::WrongYear
            | Self::WrongSchool
            | Self::UnknownProvince
            | Self::DuplicateKsh
            | Self::ConflictingProvince
            | Self::OrphanTdd
            | Self::OrphanBmk
            | Self::MissingName
            | Self::MissingGlyph
            | Self::PrivateUseGlyph
            | Self::BadNameCharacter
            | Self::MissingSex
            | Self::MissingField
            | Self::BadIdNumber
            | Self::BadDate
            | Self::BadChecksum
            | Self::SexMismatch
            | Self::BirthMismatch
            | Self::DuplicateId
            | Self::UnknownEthnic
            | Self::NumericIdCell
            | Self::Changed
            | Self::EarlierDocument
            | Self::ReturnsElsewhere
            | Self::PhotoUnusable
            | Self::PhotoShared => Severity::Error,
        }
    }

    /// Whether the row is counted and nothing else: no admitted candidate waits for anybody's decision about it.
    pub const fn is_counted_only(self) -> bool {
        matches!(self, Self::Deleted | Self::Withdrawn)
    }

    /// Whether a finding of this kind can be a warning, so that its rows go in once somebody accepts it with a reason.
    pub const fn may_be_accepted(self) -> bool {
        matches!(self.severity(), Severity::Warning)
            || matches!(
                self,
                Self::Undecodable
                    | Self::BadKsh
                    | Self::WrongYear
                    | Self::UnknownProvince
                    | Self::MissingField
                    | Self::EarlierDocument
            )
    }

    /// The import rule and what stands behind it.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Undecodable => "V2 GB 18030",
            Self::Deleted => "V3",
            Self::SpacedName => "V4",
            Self::BadNameCharacter | Self::NameTooLong => "V4 民委发〔2016〕33号",
            Self::MissingGlyph | Self::PrivateUseGlyph => "V4 GB 18030 民委发〔2016〕33号",
            Self::DotVariant => "V4 民委发〔2016〕33号 间隔号 U+00B7",
            Self::BadKsh
            | Self::OtherPath
            | Self::DuplicateKsh
            | Self::ConflictingProvince
            | Self::WrongYear => "V5",
            Self::UnknownProvince => "V5 GB/T 2260",
            Self::Withdrawn => "V6",
            Self::UnknownCode => "V7",
            Self::UnknownEthnic => "V7 GB/T 3304",
            Self::BadIdType => "V8 JY/T 1001",
            Self::BadIdNumber
            | Self::BadDate
            | Self::BadChecksum
            | Self::SexMismatch
            | Self::BirthMismatch
            | Self::UnusualAge => "V8 GB 11643",
            Self::UnknownArea => "V8 GB/T 2260",
            Self::DuplicateId | Self::NearDocument | Self::EarlierDocument => {
                "V8 办法 二（一）3（4）"
            }
            Self::EarlierRecord | Self::EarlierNotDeferred | Self::ReturnsElsewhere => {
                "V5 办法 一 2"
            }
            Self::NumericIdCell => "V9",
            Self::Changed => "V9 办法 三（五）1（2）",
            Self::PhotoUnmatched
            | Self::PhotoAbsent
            | Self::PhotoUnusable
            | Self::PhotoShared
            | Self::PhotoReplaced => "办法 三（五）1（3）",
            Self::MissingName
            | Self::MissingSex
            | Self::MissingField
            | Self::OrphanTdd
            | Self::OrphanBmk
            | Self::UnreadFolder
            | Self::WrongSchool => "V1 办法 二（一）3（1）",
        }
    }
}

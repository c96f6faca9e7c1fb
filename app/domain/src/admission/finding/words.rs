//! The words of each kind: a label for totals, a sentence that says what and why, a suggestion that says what to do.

mod earlier;
mod identity;
mod names;
mod photos;
mod rows;

use super::FindingKind;
use crate::text::{Label, Text};

struct Words {
    label: Text,
    sentence: Text,
    suggestion: Text,
}

/// Where data must be corrected by the province, the way is that of 办法 二（一）3（4）.
const PROVINCE: Text = Text::new(
    "核对考生纸质档案和身份证件；确属录取数据有误的，按办法二（一）3（4）向生源地省级招生部门申请更正，在此之前该行不入库",
    "Compare the paper file and the identity card; if the admission data are wrong, apply to the province's admissions authority (办法 二（一）3（4）). The row stays out until then",
);
const REPAIR: Text = Text::new(
    "在问题清单的工作簿中改正该行，只上传改正过的行",
    "Correct the row in the workbook of findings and upload only the corrected rows",
);
const EXPORT_AGAIN: Text = Text::new(
    "从录取系统重新导出该省数据后重新上传",
    "Export the province's data again from the admission system and upload them",
);

impl Label for FindingKind {
    fn label(&self) -> Text {
        self.words().label
    }
}

impl FindingKind {
    /// What was found and why it matters, one sentence without a full stop.
    pub const fn sentence(self) -> Text {
        self.words().sentence
    }

    /// What to do about it.
    pub const fn suggestion(self) -> Text {
        self.words().suggestion
    }

    const fn words(self) -> Words {
        match self {
            Self::Deleted => rows::DELETED,
            Self::Withdrawn => rows::WITHDRAWN,
            Self::UnreadFolder => rows::UNREAD_FOLDER,
            Self::Undecodable => rows::UNDECODABLE,
            Self::BadKsh => rows::BAD_KSH,
            Self::OtherPath => rows::OTHER_PATH,
            Self::WrongYear => rows::WRONG_YEAR,
            Self::WrongSchool => rows::WRONG_SCHOOL,
            Self::UnknownProvince => rows::UNKNOWN_PROVINCE,
            Self::DuplicateKsh => rows::DUPLICATE_KSH,
            Self::ConflictingProvince => rows::CONFLICTING_PROVINCE,
            Self::OrphanTdd => rows::ORPHAN_TDD,
            Self::OrphanBmk => rows::ORPHAN_BMK,
            Self::MissingName => names::MISSING_NAME,
            Self::MissingGlyph => names::MISSING_GLYPH,
            Self::PrivateUseGlyph => names::PRIVATE_USE_GLYPH,
            Self::DotVariant => names::DOT_VARIANT,
            Self::SpacedName => names::SPACED_NAME,
            Self::BadNameCharacter => names::BAD_NAME_CHARACTER,
            Self::NameTooLong => names::NAME_TOO_LONG,
            Self::MissingSex => identity::MISSING_SEX,
            Self::MissingField => identity::MISSING_FIELD,
            Self::BadIdType => identity::BAD_ID_TYPE,
            Self::BadIdNumber => identity::BAD_ID_NUMBER,
            Self::BadDate => identity::BAD_DATE,
            Self::BadChecksum => identity::BAD_CHECKSUM,
            Self::SexMismatch => identity::SEX_MISMATCH,
            Self::BirthMismatch => identity::BIRTH_MISMATCH,
            Self::UnusualAge => identity::UNUSUAL_AGE,
            Self::UnknownArea => identity::UNKNOWN_AREA,
            Self::DuplicateId => identity::DUPLICATE_ID,
            Self::NearDocument => identity::NEAR_DOCUMENT,
            Self::UnknownEthnic => identity::UNKNOWN_ETHNIC,
            Self::UnknownCode => identity::UNKNOWN_CODE,
            Self::NumericIdCell => identity::NUMERIC_ID_CELL,
            Self::Changed => earlier::CHANGED,
            Self::EarlierDocument => earlier::DOCUMENT,
            Self::EarlierRecord => earlier::RECORD,
            Self::EarlierNotDeferred => earlier::NOT_DEFERRED,
            Self::ReturnsElsewhere => earlier::ELSEWHERE,
            Self::PhotoUnmatched => photos::UNMATCHED,
            Self::PhotoAbsent => photos::ABSENT,
            Self::PhotoUnusable => photos::UNUSABLE,
            Self::PhotoShared => photos::SHARED,
            Self::PhotoReplaced => photos::REPLACED,
        }
    }
}

const fn words(
    label: (&'static str, &'static str),
    sentence: (&'static str, &'static str),
    suggestion: Text,
) -> Words {
    Words {
        label: Text::new(label.0, label.1),
        sentence: Text::new(sentence.0, sentence.1),
        suggestion,
    }
}

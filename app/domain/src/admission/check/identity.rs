//! Rules on sex, birth date and document number (rule V8).

use super::CheckContext;
use super::reading::{Birth, Document, Reading};
use super::row::Findings;
use crate::admission::finding::{FindingKind as Kind, Severity};
use crate::admission::source::SourceField as Field;
#[cfg(feature = "tables")]
use crate::codes::Division;
use crate::codes::Sex;
use crate::person::id_number::{AgeFinding, IdNumberError, age_finding};
#[cfg(feature = "tables")]
use crate::person::id_number::{IdNumber, ResidentId};
use chrono::Datelike as _;

/// Sex is there and one that the platform takes.
pub(super) fn sex_present(reading: &Reading<'_, '_>, _: &CheckContext, out: &mut Findings<'_, '_>) {
    if reading.sex.is_none() {
        out.add(
            Kind::MissingSex,
            Field::Xbdm,
            reading.entry.value(Field::Xbdm),
        );
    }
}

/// A number cell has lost digits; nothing else is said about it. A 学号 is looked at where it is kept (ADR 0089).
pub(super) fn number_cells(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let own = context.path.keeps_school_values().then_some(Field::Xh);
    for field in [Field::Ksh, Field::Zjhm].into_iter().chain(own) {
        if reading.entry.is_numeric(field) {
            out.add(Kind::NumericIdCell, field, field.column());
        }
    }
}

/// The document number is there and its kind is known, or stated where no kind can be taken for granted.
pub(super) fn document_present(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    if let Some(severity) = context.path.unstated_document_kind()
        && reading.entry.value(Field::Zjlxdm).is_empty()
    {
        let field = Field::Zjlxdm;
        out.weigh(Kind::MissingField, severity, field, field.column());
    }
    match &reading.document {
        None if !reading.entry.is_numeric(Field::Zjhm) => {
            out.add(Kind::MissingField, Field::Zjhm, "ZJHM");
        }
        Some(document) if !document.kind_known => {
            out.add(
                Kind::BadIdType,
                Field::Zjlxdm,
                reading.entry.value(Field::Zjlxdm),
            );
        }
        Some(_) | None => {}
    }
}

/// The form and the check character of the number.
pub(super) fn document_form(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let Some(Err(error)) = reading.document.as_ref().map(|document| &document.parsed) else {
        return;
    };
    match error {
        IdNumberError::BadChecksum => out.add(Kind::BadChecksum, Field::Zjhm, ""),
        IdNumberError::WrongLength { found } => {
            out.add(Kind::BadIdNumber, Field::Zjhm, &found.to_string());
        }
        IdNumberError::WrongCharacter { position } => {
            out.add(Kind::BadIdNumber, Field::Zjhm, &format!("#{position}"));
        }
        IdNumberError::UnknownFormat => out.add(Kind::BadIdNumber, Field::Zjhm, ""),
        // One finding for both dates of a row: see `dates_exist`.
        IdNumberError::BadDate => {}
    }
}

/// The dates are real ones. One finding a row, for the ID number before the field.
pub(super) fn dates_exist(reading: &Reading<'_, '_>, _: &CheckContext, out: &mut Findings<'_, '_>) {
    let in_number = reading
        .document
        .as_ref()
        .filter(|document| matches!(document.parsed, Err(IdNumberError::BadDate)));
    if let Some(document) = in_number {
        out.add(Kind::BadDate, Field::Zjhm, &written_birth(document));
    } else if reading.birth == Birth::Wrong {
        out.add(Kind::BadDate, Field::Csrq, reading.entry.value(Field::Csrq));
    } else if reading.birth_date().is_none()
        && reading
            .document
            .as_ref()
            .is_some_and(|document| document.parsed.is_ok())
    {
        // A number that is missing or wrong is a finding already, and brings the date along once it is there.
        out.add(Kind::MissingField, Field::Csrq, Field::Csrq.column());
    }
}

/// Digits 7 to 14 as a date, for the message.
fn written_birth(document: &Document) -> String {
    let digits = |from, to| document.text.get(from..to).unwrap_or_default();
    format!("{}-{}-{}", digits(6, 10), digits(10, 12), digits(12, 14))
}

/// Sex and the 17th digit agree. The digit is read even where the check character is wrong: it is one of 18 that may be.
pub(super) fn sex_agrees(reading: &Reading<'_, '_>, _: &CheckContext, out: &mut Findings<'_, '_>) {
    let in_number = reading.document.as_ref().and_then(written_sex);
    if let (Some(stated), Some(written)) = (reading.sex, in_number)
        && stated != written
    {
        out.add(
            Kind::SexMismatch,
            Field::Xbdm,
            &format!("{} ≠ {}", stated.code(), written.code()),
        );
    }
}

fn written_sex(document: &Document) -> Option<Sex> {
    match &document.parsed {
        Ok(number) => number.sex(),
        Err(IdNumberError::BadChecksum | IdNumberError::BadDate)
            if document.kind.is_resident_number() =>
        {
            let serial = document
                .text
                .chars()
                .nth(16)
                .and_then(|digit| digit.to_digit(10))?;
            Some(if serial % 2 == 1 {
                Sex::Male
            } else {
                Sex::Female
            })
        }
        Err(_) => None,
    }
}

/// Birth date and ID number agree. A number that does not parse says nothing: its date may be the wrong part.
pub(super) fn birth_agrees(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let Some(written) = reading.document_birth() else {
        return;
    };
    let differs = match reading.birth {
        Birth::Day(stated) => (stated != written).then(|| stated.to_string()),
        Birth::Month(year, month) => ((year, month) != (written.year(), written.month()))
            .then(|| format!("{year}-{month:02}")),
        Birth::Absent | Birth::Wrong => None,
    };
    if let Some(stated) = differs {
        out.add(
            Kind::BirthMismatch,
            Field::Csrq,
            &format!("{stated} ≠ {written}"),
        );
    }
}

/// The age is that of a freshman.
pub(super) fn age_is_usual(
    reading: &Reading<'_, '_>,
    context: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let Some(birth) = reading.birth_date() else {
        return;
    };
    match age_finding(birth, context.today) {
        None => {}
        Some(AgeFinding::InFuture) => out.weigh(
            Kind::UnusualAge,
            Severity::Error,
            Field::Csrq,
            &birth.to_string(),
        ),
        Some(AgeFinding::Implausible { age }) => {
            out.weigh(
                Kind::UnusualAge,
                Severity::Error,
                Field::Csrq,
                &age.to_string(),
            );
        }
        Some(AgeFinding::Unusual { age }) => {
            out.add(Kind::UnusualAge, Field::Csrq, &age.to_string());
        }
    }
}

/// The area code is, or was, one of GB/T 2260.
#[cfg(feature = "tables")]
pub(super) fn area_is_known(
    reading: &Reading<'_, '_>,
    _: &CheckContext,
    out: &mut Findings<'_, '_>,
) {
    let number = reading
        .document
        .as_ref()
        .and_then(|document| document.parsed.as_ref().ok());
    let Some(resident) = number.and_then(IdNumber::resident) else {
        return;
    };
    let unlisted = |resident: &ResidentId| Division::history(resident.area()).is_empty();
    if !resident.is_residence_permit() && unlisted(resident) {
        out.add(Kind::UnknownArea, Field::Zjhm, resident.area());
    }
}

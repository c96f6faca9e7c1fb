//! Rows with named columns, and one candidate's rows joined.

use crate::admission::finding::{Finding, FindingKind, Place, Severity};
use crate::admission::source::{ProvinceFolder, SourceField, SourceRow, Table, TableField};
use std::collections::BTreeMap;

/// A column that no field names and whose codes the folder has a table for.
pub(super) struct FurtherCodes<'a> {
    pub(super) at: usize,
    pub(super) name: &'a str,
    pub(super) codes: &'a BTreeMap<String, String>,
}

/// A table with the positions of the fields it has.
pub(super) struct Columns<'a> {
    pub(super) table: &'a Table,
    positions: BTreeMap<SourceField, usize>,
    pub(super) further: Vec<FurtherCodes<'a>>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(table: &'a Table, folder: &'a ProvinceFolder) -> Self {
        let position = |field: SourceField| table.column_of(field).map(|at| (field, at));
        Self {
            table,
            positions: SourceField::ALL.into_iter().filter_map(position).collect(),
            further: further(table, folder),
        }
    }

    /// A cell without blanks at its ends; empty when the table has no such column.
    pub(super) fn text<'r>(&self, row: &'r SourceRow, field: SourceField) -> &'r str {
        self.positions
            .get(&field)
            .map_or("", |at| row.value(*at).trim())
    }

    fn is_numeric(&self, row: &SourceRow, field: SourceField) -> bool {
        self.positions
            .get(&field)
            .is_some_and(|at| row.is_numeric(*at))
    }

    fn has(&self, field: SourceField) -> bool {
        self.positions.contains_key(&field)
    }

    /// Whether some field is read from the column of this name.
    pub(super) fn is_kept(&self, column: &str) -> bool {
        let name = |at: &usize| self.table.fields.get(*at).map(|field| field.name.as_str());
        self.positions.values().any(|at| name(at) == Some(column))
    }
}

/// The columns of a table that are no field's, each with the folder's own code table for it.
fn further<'a>(table: &'a Table, folder: &'a ProvinceFolder) -> Vec<FurtherCodes<'a>> {
    let coded = |(at, column): (usize, &'a TableField)| {
        let name = column.name.as_str();
        let codes = folder.codes_of(name)?;
        (!is_of_a_field(name)).then_some(FurtherCodes { at, name, codes })
    };
    table.fields.iter().enumerate().filter_map(coded).collect()
}

fn is_of_a_field(column: &str) -> bool {
    SourceField::ALL
        .into_iter()
        .any(|field| field.columns().any(|name| name == column))
}

/// One row of one table.
#[derive(Clone, Copy)]
pub(super) struct RowRef<'c, 'a> {
    pub(super) columns: &'c Columns<'a>,
    pub(super) row: &'a SourceRow,
}

/// The rows of one candidate: personal data, and the offer where it stands in a table of its own.
#[derive(Clone, Copy)]
pub(super) struct Entry<'c, 'a> {
    pub(super) folder: &'a ProvinceFolder,
    pub(super) person: RowRef<'c, 'a>,
    pub(super) offer: Option<RowRef<'c, 'a>>,
}

impl<'c, 'a> Entry<'c, 'a> {
    /// The value of a field: from the table it belongs to, else from the other one.
    pub(super) fn value(&self, field: SourceField) -> &'a str {
        let own = self.person.columns.text(self.person.row, field);
        let offered = self
            .offer
            .map_or("", |offer| offer.columns.text(offer.row, field));
        let (first, second) = if field.of_offer() {
            (offered, own)
        } else {
            (own, offered)
        };
        if first.is_empty() { second } else { first }
    }

    /// The value, `None` when empty.
    pub(super) fn optional(&self, field: SourceField) -> Option<String> {
        Some(self.value(field))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// The name as it came, blanks at its ends included.
    pub(super) fn raw_name(&self) -> &'a str {
        let positions = self.person.columns;
        positions
            .positions
            .get(&SourceField::Xm)
            .map_or("", |at| self.person.row.value(*at))
    }

    /// Whether one of the candidate's tables has a column for the field.
    pub(super) fn has(&self, field: SourceField) -> bool {
        self.rows().any(|row| row.columns.has(field))
    }

    /// Whether the cell was a number in a worksheet.
    pub(super) fn is_numeric(&self, field: SourceField) -> bool {
        self.rows()
            .any(|row| row.columns.is_numeric(row.row, field))
    }

    /// The candidate's rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = RowRef<'c, 'a>> {
        std::iter::once(self.person).chain(self.offer)
    }

    /// The row in which a finding about a field is to be looked for.
    fn row_of(&self, field: SourceField) -> RowRef<'c, 'a> {
        match self.offer {
            Some(offer)
                if offer.columns.has(field)
                    && (field.of_offer() || !self.person.columns.has(field)) =>
            {
                offer
            }
            Some(_) | None => self.person,
        }
    }
}

/// Collects the findings of one candidate.
pub(super) struct Findings<'c, 'a> {
    entry: Entry<'c, 'a>,
    ksh: String,
    pub(super) found: Vec<Finding>,
}

impl<'c, 'a> Findings<'c, 'a> {
    pub(super) fn new(entry: Entry<'c, 'a>, ksh: &str) -> Self {
        Self {
            entry,
            ksh: ksh.to_owned(),
            found: Vec::new(),
        }
    }

    /// Adds a finding of the usual weight.
    pub(super) fn add(&mut self, kind: FindingKind, field: SourceField, particulars: &str) {
        self.weigh(kind, kind.severity(), field, particulars);
    }

    /// Adds a finding whose weight depends on the case.
    pub(super) fn weigh(
        &mut self,
        kind: FindingKind,
        severity: Severity,
        field: SourceField,
        particulars: &str,
    ) {
        let row = self.entry.row_of(field);
        let place = Place {
            ksh: &self.ksh,
            file: &row.columns.table.file,
            row: row.row.row,
            field: field.column(),
        };
        self.found
            .push(Finding::with_severity(kind, severity, place, particulars));
    }

    /// Adds a finding about a column that need not be a known field.
    pub(super) fn add_in(
        &mut self,
        kind: FindingKind,
        row: RowRef<'_, '_>,
        column: &str,
        particulars: &str,
    ) {
        self.weigh_in(kind, kind.severity(), row, column, particulars);
    }

    /// The same, with a weight that depends on the case.
    pub(super) fn weigh_in(
        &mut self,
        kind: FindingKind,
        severity: Severity,
        row: RowRef<'_, '_>,
        column: &str,
        particulars: &str,
    ) {
        let place = Place {
            ksh: &self.ksh,
            file: &row.columns.table.file,
            row: row.row.row,
            field: column,
        };
        self.found
            .push(Finding::with_severity(kind, severity, place, particulars));
    }
}

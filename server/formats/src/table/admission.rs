//! A worksheet as an admission source: one folder, columns renamed by a mapping.

use super::{Cell, Sheet, SheetRow};
use domain::admission::source::{
    AdmissionPackage, ColumnMapping, MappingError, Notice, ProvinceFolder, SourceField, SourceRow,
    Table, TableField,
};

/// Turns a sheet into a package with one folder named after the file. Columns without a field keep their heading in
/// brackets: the source is kept whole, and no heading passes for a column that it was not assigned to.
///
/// # Errors
/// [`MappingError`] when a required field has no column, or a field two.
pub fn to_package(
    sheet: &Sheet,
    file: &str,
    mapping: &ColumnMapping,
) -> Result<AdmissionPackage, MappingError> {
    let fields = mapping.resolve(&sheet.headings)?;
    let name = |(field, heading): (&Option<SourceField>, &String)| TableField {
        name: field.map_or_else(|| format!("[{heading}]"), |field| field.column().to_owned()),
        width: 0,
    };
    let table = Table {
        file: file.to_owned(),
        fields: fields.iter().zip(&sheet.headings).map(name).collect(),
        rows: sheet
            .rows
            .iter()
            .map(|row| source_row(row, sheet.headings.len()))
            .collect(),
    };
    let ignored = (!sheet.others.is_empty()).then(|| Notice::SheetsIgnored {
        names: sheet.others.clone(),
    });
    let folder = ProvinceFolder {
        name: file.to_owned(),
        tdd: Some(table),
        ..ProvinceFolder::default()
    };
    Ok(AdmissionPackage {
        folders: vec![folder],
        notices: ignored.into_iter().collect(),
    })
}

fn source_row(row: &SheetRow, columns: usize) -> SourceRow {
    let cells = || row.cells.iter().take(columns);
    let is_number = |cell: &Cell| matches!(cell, Cell::Number { .. });
    let numeric = (0_u16..)
        .zip(cells())
        .filter(|(_, cell)| is_number(cell))
        .map(|(at, _)| at);
    SourceRow {
        row: row.row,
        deleted: false,
        left_out: false,
        before: Vec::new(),
        undecodable: false,
        values: cells()
            .map(|cell| cell.text().trim_end().to_owned())
            .collect(),
        numeric: numeric.collect(),
        raw: serde_json::to_vec(&row.cells).unwrap_or_default(),
    }
}

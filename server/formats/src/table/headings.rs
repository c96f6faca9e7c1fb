//! Which row of a table holds its headings.

use super::{Cell, TableError};
use domain::person::mask::holds_number;

/// Fewest cells of a row above which a single cell is the title of the table.
const TABLE: usize = 3;

type Row = (u32, Vec<Cell>);

/// The row of the headings. Titles above it are left out: cells that stand alone in their rows over a row of several. The
/// rows below are left.
///
/// # Errors
/// [`TableError::Empty`], and [`TableError::NoHeadings`] where the row is one of a person: taken for headings, that person
/// would be missing without a word, and the numbers would stand among the names of columns.
pub(super) fn take(
    rows: &mut impl Iterator<Item = Row>,
    titles: usize,
) -> Result<(u32, Vec<String>), TableError> {
    let (row, cells) = rows.nth(titles).ok_or(TableError::Empty)?;
    if cells.iter().any(|cell| holds_number(cell.text())) {
        return Err(TableError::NoHeadings { row });
    }
    let headings = cells.iter().map(|cell| cell.text().trim().to_owned());
    Ok((row, headings.collect()))
}

/// How many rows above the headings are titles.
pub(super) fn titles<'r>(rows: impl Iterator<Item = &'r Vec<Cell>>) -> usize {
    let filled = |cells: &Vec<Cell>| cells.iter().filter(|cell| !cell.is_blank()).count();
    let wider = rows
        .map(filled)
        .enumerate()
        .find(|(_, filled)| *filled != 1);
    wider
        .filter(|(_, filled)| *filled >= TABLE)
        .map_or(0, |(at, _)| at)
}

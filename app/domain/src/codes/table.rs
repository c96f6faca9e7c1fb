//! Reads the embedded tables: comma-separated, one header line, no quotes (a test keeps it so).

/// The rows after the header, each cut into `N` cells; a missing cell is empty.
pub(crate) fn rows<const N: usize>(csv: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    csv.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

/// The parts of a cell that holds several values, divided by `|`.
pub(crate) fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split('|').filter(|part| !part.is_empty())
}

/// An empty cell is no value.
#[cfg(feature = "tables")]
pub(crate) fn optional(cell: &'static str) -> Option<&'static str> {
    (!cell.is_empty()).then_some(cell)
}

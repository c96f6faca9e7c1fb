//! Lines of an export on their way from those who read them to the one who writes: one text for thousands of them, since
//! hundreds of thousands of small ones would have to be made by one thread and let go by another.

use std::ops::Range;

/// Lines of as many cells each, in an order of their own.
#[derive(Debug)]
pub(super) struct Lines {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// The cells of each line; none where it is not there yet.
    cells: Vec<Option<Range<usize>>>,
}

impl Lines {
    /// So many lines, none of them there yet.
    pub(super) fn awaited(count: usize) -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            cells: vec![None; count],
        }
    }

    /// Puts a line in its place; `write` adds its cells.
    pub(super) fn put<E>(
        &mut self,
        at: usize,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let first = self.ends.len();
        write(self)?;
        let cells = first..self.ends.len();
        if let Some(line) = self.cells.get_mut(at) {
            *line = Some(cells);
        }
        Ok(())
    }

    /// Adds a cell to the line that is being put.
    pub(super) fn cell(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Whether every line is there.
    pub(super) fn whole(&self) -> bool {
        self.cells.iter().all(Option::is_some)
    }

    /// The lines in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        let lines = self.cells.iter().flatten().cloned();
        lines.map(|cells| cells.map(|at| self.at(at)))
    }

    fn at(&self, cell: usize) -> &str {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or_default();
        let begin = cell.checked_sub(1).map_or(0, end);
        self.text.get(begin..end(cell)).unwrap_or_default()
    }
}

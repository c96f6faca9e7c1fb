//! The form of every key file: one line that says what it is, then one line for each key.

use domain::audit::hex;
use zeroize::Zeroizing;

const FIRST_WORD: &str = "xueji.keys/1";

/// One key of a file.
pub(super) struct Entry {
    /// What the key is for.
    pub word: String,
    /// Its number.
    pub id: u32,
    /// The key, in clear in `root.key`, wrapped everywhere else.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// A key file in memory.
pub(super) struct KeyFile {
    header: String,
    entries: Vec<Entry>,
}

impl KeyFile {
    /// A file without keys.
    pub fn new(header: &str) -> Self {
        Self {
            header: header.to_owned(),
            entries: Vec::new(),
        }
    }

    /// What the file is, for example `tenant 7`.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// Its keys, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a key at the end.
    pub fn push(&mut self, word: &str, id: u32, bytes: Zeroizing<Vec<u8>>) {
        self.entries.push(Entry {
            word: word.to_owned(),
            id,
            bytes,
        });
    }

    /// Reads a file; `None` when it is anything but what [`KeyFile::to_text`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let header = lines.next()?.strip_prefix(FIRST_WORD)?.strip_prefix(' ')?;
        let mut file = Self::new(header);
        for line in lines {
            let (word, rest) = line.split_once(' ')?;
            let (id, digits) = rest.split_once(' ')?;
            let bytes = Zeroizing::new(hex::decode(digits)?);
            file.push(word, id.parse().ok()?, bytes);
        }
        (file.to_text().as_str() == text).then_some(file)
    }

    /// The file as text; sized before it is filled, so that no copy of a key is left behind by growing.
    pub fn to_text(&self) -> Zeroizing<String> {
        let size = self
            .entries
            .iter()
            .map(|e| e.word.len() + 2 * e.bytes.len() + 16)
            .sum::<usize>();
        let mut text = Zeroizing::new(String::with_capacity(
            FIRST_WORD.len() + self.header.len() + 2 + size,
        ));
        text.push_str(FIRST_WORD);
        text.push(' ');
        text.push_str(&self.header);
        text.push('\n');
        for entry in &self.entries {
            text.push_str(&entry.word);
            text.push(' ');
            text.push_str(&entry.id.to_string());
            text.push(' ');
            hex::push(&entry.bytes, &mut text);
            text.push('\n');
        }
        text
    }
}

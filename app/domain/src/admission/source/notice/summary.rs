//! The notices of an import as a page shows them: what many folders have in common is one line, not one per folder.

use super::Notice;
use crate::admission::online::OnlineField;
use crate::text::Lang;

/// What a folder lacks.
#[derive(PartialEq, Eq)]
enum Lack<'n> {
    /// Code tables, each with its field.
    Tables(Vec<(&'n str, &'n str)>),
    /// The column of a field.
    Column(OnlineField),
}

/// Something that the folders named here lack.
struct Shared<'n> {
    lack: Lack<'n>,
    folders: Vec<&'n str>,
}

impl Notice {
    /// The lines of an import's notices: first what concerns the upload or one folder, then what folders lack, each
    /// line naming all the folders it is true of.
    pub fn lines(notices: &[&Self], lang: Lang) -> Vec<String> {
        let alone = notices.iter().filter(|notice| notice.lack().is_none());
        let mut lines: Vec<String> = alone.map(|notice| notice.text(lang)).collect();
        lines.extend(shared(notices).iter().map(|shared| shared.text(lang)));
        lines
    }

    fn lack(&self) -> Option<(&str, Lack<'_>)> {
        match self {
            Self::DictionaryAbsent {
                folder,
                table,
                field,
            } => Some((folder, Lack::Tables(vec![(table, field)]))),
            Self::ColumnAbsent { folder, field } => Some((folder, Lack::Column(*field))),
            Self::FilesIgnored { .. }
            | Self::ForeignYear { .. }
            | Self::ForeignSchool { .. }
            | Self::Utf8Table { .. }
            | Self::Repaired { .. }
            | Self::CheckedAnew
            | Self::LeftOut { .. }
            | Self::ColumnsAsSaved { .. }
            | Self::SheetsIgnored { .. }
            | Self::DictionaryDamaged { .. }
            | Self::FolderUnread { .. }
            | Self::RepairUnmatched { .. } => None,
        }
    }
}

/// Folders that lack the same, in the order of the notices.
fn shared<'n>(notices: &[&'n Notice]) -> Vec<Shared<'n>> {
    let mut lacks: Vec<(&str, Lack<'n>)> = Vec::new();
    for (folder, lack) in notices.iter().filter_map(|notice| notice.lack()) {
        // The tables of one folder stand together.
        let known = lacks
            .iter_mut()
            .find_map(|(name, known)| match (known, &lack) {
                (Lack::Tables(known), Lack::Tables(more)) if *name == folder => Some((known, more)),
                _ => None,
            });
        match known {
            Some((known, more)) => known.extend(more),
            None => lacks.push((folder, lack)),
        }
    }
    let mut all: Vec<Shared<'n>> = Vec::new();
    for (folder, lack) in lacks {
        match all.iter_mut().find(|shared| shared.lack == lack) {
            Some(shared) => shared.folders.push(folder),
            None => all.push(Shared {
                lack,
                folders: vec![folder],
            }),
        }
    }
    all
}

impl Shared<'_> {
    fn text(&self, lang: Lang) -> String {
        // The sentence puts the first folder and the last into quotes.
        let (between, quoted) = match lang {
            Lang::Zh => ("、", "”、“"),
            Lang::En => (", ", "\", \""),
        };
        let folder = self.folders.join(quoted);
        match &self.lack {
            Lack::Tables(tables) => {
                let (tables, fields): (Vec<&str>, Vec<&str>) = tables.iter().copied().unzip();
                let (table, field) = (tables.join(between), fields.join(between));
                Notice::DictionaryAbsent {
                    folder,
                    table,
                    field,
                }
            }
            Lack::Column(field) => Notice::ColumnAbsent {
                folder,
                field: *field,
            },
        }
        .text(lang)
    }
}

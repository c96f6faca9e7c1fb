//! Which file is which table of which province, by names alone: any case, with or without a prefix, one folder a
//! province or all provinces in one folder told apart by prefixes.

use super::{FileFault, FileProblem};
use domain::admission::source::Notice;
use domain::person::mask::document_numbers_in;
use std::collections::BTreeMap;

/// Names of ignored files that a notice mentions.
const EXAMPLES: usize = 5;
/// Files that belong to a DBF table or to the file system and are passed over without a word.
const COMPANIONS: [&str; 7] = [
    ".fpt",
    ".dbt",
    ".cdx",
    ".idx",
    ".ntx",
    ".ds_store",
    "thumbs.db",
];

/// The plan of majors, which some provinces send in place of `TD_ZYDH`.
pub(super) const PLAN: &str = "T_JHK";

/// Where a table lies.
pub(super) struct PlannedFile {
    pub(super) path: String,
    pub(super) index: usize,
    /// Table name in upper case.
    pub(super) table: String,
}

/// The tables of one province.
#[derive(Default)]
pub(super) struct FolderPlan {
    pub(super) name: String,
    pub(super) bmk: Option<PlannedFile>,
    pub(super) tdd: Option<PlannedFile>,
    pub(super) dictionaries: Vec<PlannedFile>,
    /// What its file names alone show to be wrong.
    pub(super) problems: Vec<FileProblem>,
}

/// A package before its tables are read.
pub(super) struct Layout {
    pub(super) folders: Vec<FolderPlan>,
    pub(super) notices: Vec<Notice>,
}

enum Part {
    /// A table of this system: folder, prefix, table.
    Table {
        folder: String,
        prefix: String,
        table: String,
    },
    /// A table of the admission system that is not needed.
    Unused,
    Foreign,
}

pub(super) fn plan(paths: &[String], root: &str) -> Layout {
    let mut plans: BTreeMap<(String, String), FolderPlan> = BTreeMap::new();
    let mut layout = Layout {
        folders: Vec::new(),
        notices: Vec::new(),
    };
    let mut ignored = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        match part_of(path) {
            Part::Table {
                folder,
                prefix,
                table,
            } => {
                let file = PlannedFile {
                    path: path.clone(),
                    index,
                    table,
                };
                let plan = plans.entry((folder, prefix)).or_default();
                let problem = place(plan, file);
                plan.problems.extend(problem);
            }
            Part::Unused => {}
            // Photos and scans that lie beside the tables are often called by the number of a document.
            Part::Foreign => ignored.push(document_numbers_in(path)),
        }
    }
    if !ignored.is_empty() {
        let count = u32::try_from(ignored.len()).unwrap_or(u32::MAX);
        ignored.truncate(EXAMPLES);
        layout.notices.push(Notice::FilesIgnored {
            count,
            examples: ignored,
        });
    }
    layout.folders = settle(plans, root);
    layout
}

/// Takes the last table name in a file name; what stands before it is a prefix.
fn part_of(path: &str) -> Part {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let upper = file.to_uppercase();
    let lower = path.to_lowercase();
    let Some(stem) = upper.strip_suffix(".DBF") else {
        let companion =
            COMPANIONS.iter().any(|suffix| lower.ends_with(suffix)) || lower.contains("__macosx/");
        return if companion {
            Part::Unused
        } else {
            Part::Foreign
        };
    };
    let table = |at: usize| {
        let (prefix, table) = stem.split_at_checked(at).unwrap_or(("", stem));
        Part::Table {
            folder: folder.to_owned(),
            prefix: prefix.to_owned(),
            table: table.to_owned(),
        }
    };
    if lower.contains("__macosx/") {
        return Part::Unused;
    }
    for main in ["T_BMK", "T_TDD", PLAN] {
        if let Some(prefix) = stem.strip_suffix(main) {
            return table(prefix.len());
        }
    }
    match stem.rfind("TD_") {
        Some(at) => table(at),
        None if stem.contains("T_") => Part::Unused,
        None => Part::Foreign,
    }
}

/// Puts a file into its plan; a second file for the same table is a problem.
fn place(plan: &mut FolderPlan, file: PlannedFile) -> Option<FileProblem> {
    let slot = match file.table.as_str() {
        "T_BMK" => &mut plan.bmk,
        "T_TDD" => &mut plan.tdd,
        _ => {
            let twin = plan
                .dictionaries
                .iter()
                .find(|known| known.table == file.table);
            if let Some(twin) = twin {
                return Some(FileProblem {
                    file: file.path,
                    fault: FileFault::Repeated(twin.path.clone()),
                });
            }
            plan.dictionaries.push(file);
            return None;
        }
    };
    if let Some(twin) = slot {
        return Some(FileProblem {
            file: file.path,
            fault: FileFault::Repeated(twin.path.clone()),
        });
    }
    *slot = Some(file);
    None
}

/// Names the folders; dictionaries that stand alone serve every province of their folder.
fn settle(mut plans: BTreeMap<(String, String), FolderPlan>, root: &str) -> Vec<FolderPlan> {
    let is_main = |plan: &FolderPlan| plan.bmk.is_some() || plan.tdd.is_some();
    let shared: Vec<((String, String), FolderPlan)> =
        plans.extract_if(.., |_, plan| !is_main(plan)).collect();
    for ((folder, _), dictionaries) in &shared {
        for (_, plan) in plans.iter_mut().filter(|((own, _), _)| own == folder) {
            plan.problems.extend(dictionaries.problems.iter().cloned());
            for file in &dictionaries.dictionaries {
                if plan
                    .dictionaries
                    .iter()
                    .all(|known| known.table != file.table)
                {
                    let copy = PlannedFile {
                        path: file.path.clone(),
                        index: file.index,
                        table: file.table.clone(),
                    };
                    plan.dictionaries.push(copy);
                }
            }
        }
    }
    let last = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = plans.keys().map(|(folder, _)| last(folder)).collect();
    let unique = |name: &str| names.iter().filter(|other| *other == name).count() == 1;
    let name_of = |folder: &str, prefix: &str| {
        let base = if folder.is_empty() {
            root.to_owned()
        } else {
            last(folder)
        };
        let prefix = prefix.trim_end_matches(['_', '-', ' ']);
        match (prefix, unique(&last(folder))) {
            ("", true) => base,
            ("", false) => folder.to_owned(),
            (prefix, _) => format!("{base} {prefix}").trim().to_owned(),
        }
    };
    plans
        .into_iter()
        .map(|((folder, prefix), plan)| FolderPlan {
            name: name_of(&folder, &prefix),
            ..plan
        })
        .collect()
}

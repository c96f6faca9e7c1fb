//! An admission package: the folders of DBF tables that the provinces' admission system exports, from a zip file or a
//! folder, read into [`AdmissionPackage`].

mod files;
mod layout;
mod table;

use crate::archive::{Archive, ArchiveError, ArchiveLimits};
use crate::dbf::{DbfError, DbfLimits};
use crate::message::UserMessage;
use domain::admission::source::{AdmissionPackage, Notice, ProvinceFolder, SourceField};
use files::{Files, Folder, Given};
use layout::{FolderPlan, PlannedFile};
use std::io::{Read, Seek};
use std::path::Path;

/// How much a package may hold.
#[derive(Clone, Copy, Debug)]
pub struct PackageLimits {
    /// Number and sizes of files.
    pub files: ArchiveLimits,
    /// Size of one table.
    pub table: DbfLimits,
}

impl Default for PackageLimits {
    /// 5,000 files, 32 MiB each, 96 MiB together: four times an intake of 20,000 with wide tables.
    fn default() -> Self {
        Self {
            files: ArchiveLimits {
                entries: 5_000,
                entry_bytes: 32 << 20,
                total_bytes: 96 << 20,
            },
            table: DbfLimits::default(),
        }
    }
}

/// Why a package cannot be read. Nothing of it has been used then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The zip file is refused.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The path does not exist or cannot be read.
    #[error("the path cannot be read")]
    Path,
    /// Folders inside folders beyond any that an admission system makes.
    #[error("folders lie more than {limit} deep; give the folder that holds the provinces")]
    TooDeep {
        /// Folders allowed inside each other.
        limit: usize,
    },
    /// No folder with T_TDD or T_BMK.
    #[error(
        "no admission table (T_BMK.DBF, T_TDD.DBF) was found; choose the folder or zip file that holds them"
    )]
    NoTables,
    /// No folder can be used; all tables that stand against it are named.
    #[error("{}", list(.0, FileProblem::to_string))]
    Tables(Vec<FileProblem>),
}

/// A table that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Path inside the upload, or the folder.
    pub file: String,
    /// What is wrong with it.
    pub fault: FileFault,
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The DBF itself.
    Dbf(DbfError),
    /// Columns without which nobody can be registered (rule V1).
    MissingColumns(Vec<&'static str>),
    /// Another file of the folder is the same table.
    Repeated(String),
    /// The folder has T_BMK but no T_TDD: nobody is proven to be admitted.
    NoOffers,
    /// Its content does not match the checksum of the zip file.
    Damaged,
}

impl std::fmt::Display for FileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.file)?;
        match &self.fault {
            FileFault::Dbf(error) => error.fmt(f),
            FileFault::MissingColumns(columns) => {
                write!(f, "columns are missing: {}", columns.join(", "))
            }
            FileFault::Repeated(other) => write!(f, "the same table as {other}; keep one of them"),
            FileFault::NoOffers => f.write_str("T_TDD is missing"),
            FileFault::Damaged => f.write_str("it is damaged; pack it again"),
        }
    }
}

impl FileProblem {
    fn zh(&self) -> String {
        let fault = match &self.fault {
            FileFault::Dbf(error) => error.zh(),
            FileFault::MissingColumns(columns) => format!("缺少字段 {}", columns.join("、")),
            FileFault::Repeated(other) => format!("与 {other} 是同一个库，请只保留一个"),
            FileFault::NoOffers => "缺少投档单 T_TDD".to_owned(),
            FileFault::Damaged => "已损坏，请重新打包".to_owned(),
        };
        format!("{}：{fault}", self.file)
    }
}

impl UserMessage for PackageError {
    fn zh(&self) -> String {
        match self {
            Self::Archive(error) => error.zh(),
            Self::Path => "路径不存在或不能读取".to_owned(),
            Self::TooDeep { limit } => {
                format!("文件夹嵌套超过 {limit} 层，请选择直接包含各省文件夹的那一层")
            }
            Self::NoTables => {
                "没有找到录取库（T_BMK.DBF、T_TDD.DBF），请选择包含它们的文件夹或 zip 文件"
                    .to_owned()
            }
            Self::Tables(problems) => list(problems, FileProblem::zh),
        }
    }
}

fn list(problems: &[FileProblem], line: impl Fn(&FileProblem) -> String) -> String {
    problems.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// Reads a package from a zip file. `name` stands for tables that lie in no folder.
///
/// # Errors
/// See [`PackageError`].
pub fn read_zip<R: Read + Seek>(
    reader: R,
    name: &str,
    limits: &PackageLimits,
) -> Result<AdmissionPackage, PackageError> {
    collect(|emit| read(&mut open_zip(reader, limits)?, name, limits, emit))
}

/// Reads a package from files already in memory, given as path and bytes.
///
/// # Errors
/// See [`PackageError`].
pub fn read_files(
    files: Vec<(String, Vec<u8>)>,
    name: &str,
    limits: &PackageLimits,
) -> Result<AdmissionPackage, PackageError> {
    collect(|emit| read(&mut Given::new(files, limits.files)?, name, limits, emit))
}

/// Reads a package from a folder or a zip file on disk. Links are not followed.
///
/// # Errors
/// See [`PackageError`].
pub fn read_path(path: &Path, limits: &PackageLimits) -> Result<AdmissionPackage, PackageError> {
    collect(|emit| stream_path(path, limits, emit))
}

/// Reads a package from disk one folder at a time, so that no more than one is in memory. What was emitted counts only
/// when the end is reached without an error.
///
/// # Errors
/// See [`PackageError`].
pub fn stream_path(
    path: &Path,
    limits: &PackageLimits,
    emit: &mut dyn FnMut(ProvinceFolder),
) -> Result<Vec<Notice>, PackageError> {
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    if path.is_dir() {
        return read(&mut Folder::open(path, limits.files)?, &name, limits, emit);
    }
    let file = std::fs::File::open(path).map_err(|_| PackageError::Path)?;
    read(
        &mut open_zip(std::io::BufReader::new(file), limits)?,
        &name,
        limits,
        emit,
    )
}

fn open_zip<R: Read + Seek>(reader: R, limits: &PackageLimits) -> Result<Archive<R>, PackageError> {
    let archive = Archive::open(reader, limits.files)?;
    archive.refuse_nested()?;
    Ok(archive)
}

fn collect(
    run: impl FnOnce(&mut dyn FnMut(ProvinceFolder)) -> Result<Vec<Notice>, PackageError>,
) -> Result<AdmissionPackage, PackageError> {
    let mut folders = Vec::new();
    let notices = run(&mut |folder| folders.push(folder))?;
    Ok(AdmissionPackage { folders, notices })
}

fn read(
    files: &mut impl Files,
    name: &str,
    limits: &PackageLimits,
    emit: &mut dyn FnMut(ProvinceFolder),
) -> Result<Vec<Notice>, PackageError> {
    let layout = layout::plan(&files.paths(), name);
    if layout.folders.is_empty() {
        return Err(PackageError::NoTables);
    }
    let mut notices = layout.notices;
    let mut unread = Vec::new();
    let mut sound = false;
    for plan in &layout.folders {
        match read_folder(files, plan, limits)? {
            Ok((folder, said)) => {
                emit(folder);
                notices.extend(said);
                sound = true;
            }
            Err(problems) => unread.push((plan.name.as_str(), problems)),
        }
    }
    if sound {
        notices.extend(unread.into_iter().filter_map(unread_folder));
        Ok(notices)
    } else {
        let problems = unread.into_iter().flat_map(|(_, problems)| problems);
        Err(PackageError::Tables(problems.collect()))
    }
}

/// The province folder is the unit that is refused: thirty sound ones do not wait for the one that is not.
fn unread_folder((folder, problems): (&str, Vec<FileProblem>)) -> Option<Notice> {
    let first = problems.first()?;
    Some(Notice::FolderUnread {
        folder: folder.to_owned(),
        file: first.file.clone(),
        zh: list(&problems, FileProblem::zh),
        en: list(&problems, FileProblem::to_string),
    })
}

/// A folder with what is said about it, or everything that stands against it.
type FolderRead = Result<(ProvinceFolder, Vec<Notice>), Vec<FileProblem>>;

fn read_folder(
    files: &mut impl Files,
    plan: &FolderPlan,
    limits: &PackageLimits,
) -> Result<FolderRead, PackageError> {
    const PERSON: &[SourceField] = &[
        SourceField::Ksh,
        SourceField::Xm,
        SourceField::Xbdm,
        SourceField::Zjhm,
    ];
    let mut folder = ProvinceFolder {
        name: plan.name.clone(),
        ..ProvinceFolder::default()
    };
    let mut notices = Vec::new();
    let mut problems = plan.problems.clone();
    let mut note = |file: &str, outcome: Result<(), FileFault>| {
        problems.extend(outcome.err().map(|fault| FileProblem {
            file: file.to_owned(),
            fault,
        }));
    };
    let majors_are_told = plan.dictionaries.iter().any(|d| d.table == "TD_ZYDH");
    for dictionary in &plan.dictionaries {
        if dictionary.table == layout::PLAN && majors_are_told {
            continue;
        }
        let read = bytes_of(files, dictionary)?.and_then(|bytes| {
            if dictionary.table == layout::PLAN {
                table::plan(&bytes, &limits.table, &mut folder)
            } else {
                let (table, limits) = (&dictionary.table, &limits.table);
                table::dictionary(&bytes, table, limits, &mut folder, &mut notices)
            }
        });
        note(&dictionary.path, read);
    }
    if let Some(file) = &plan.bmk {
        let read = bytes_of(files, file)?
            .and_then(|bytes| table::main(&bytes, &file.path, PERSON, &limits.table, &mut notices));
        note(&file.path, read.map(|table| folder.bmk = Some(table)));
    }
    match &plan.tdd {
        Some(file) => {
            let required = if plan.bmk.is_some() {
                &[SourceField::Ksh]
            } else {
                PERSON
            };
            let read = bytes_of(files, file)?.and_then(|bytes| {
                table::main(&bytes, &file.path, required, &limits.table, &mut notices)
            });
            note(&file.path, read.map(|table| folder.tdd = Some(table)));
        }
        None => note(&plan.name, Err(FileFault::NoOffers)),
    }
    Ok(if problems.is_empty() {
        Ok((folder, notices))
    } else {
        Err(problems)
    })
}

/// The bytes of a file. One that is damaged in its archive is a fault of its folder; whatever else stands against an
/// archive refuses all of it.
fn bytes_of(
    files: &mut impl Files,
    file: &PlannedFile,
) -> Result<Result<Vec<u8>, FileFault>, PackageError> {
    match files.read(file.index) {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(PackageError::Archive(ArchiveError::DamagedEntry { .. })) => {
            Ok(Err(FileFault::Damaged))
        }
        Err(error) => Err(error),
    }
}

//! `xj admission`: the same check and import as on the pages, for the IT Centre.

use super::{CommandError, Outcome, Result, print, university, with};
use crate::settings::Settings;
use clap::Subcommand;
use domain::admission::check::{CheckContext, CheckReport};
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::decision::Machine as _;
use domain::institution::TenantId;
use domain::text::{Label, Lang};
use services::admission::{Accept, ImportSummary, LONGEST_REASON, SHORTEST_REASON};
use services::{ServiceError, Services};
use std::path::{Path, PathBuf};

/// Admission data.
#[derive(Debug, Subcommand)]
pub enum Admission {
    /// Check a package and write nothing. Exit 0: no finding of severity error, 1: at least one, 2: unreadable.
    Check {
        /// A folder of province folders, a zip file of them, one table (.dbf), or a worksheet (.xlsx, .csv).
        path: PathBuf,
        /// The university.
        #[arg(long)]
        tenant: String,
        /// Admission year.
        #[arg(long, value_parser = clap::value_parser!(u16).range(2000..=2099))]
        year: u16,
        /// The way of admission: ordinary, top_up, second_bachelor, hmt, returner.
        #[arg(long, default_value = "ordinary", value_parser = way_of)]
        path_kind: AdmissionPath,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Check a package and confirm the good rows; the others wait. Exit 64: the account may not import, 2: unreadable.
    Import {
        /// A folder of province folders, a zip file of them, one table (.dbf), or a worksheet (.xlsx, .csv).
        path: PathBuf,
        /// The university.
        #[arg(long)]
        tenant: String,
        /// Admission year.
        #[arg(long, value_parser = clap::value_parser!(u16).range(2000..=2099))]
        year: u16,
        /// The account that imports.
        #[arg(long = "as")]
        login: String,
        /// Accept the warnings of a kind: KIND=REASON.
        #[arg(long, value_parser = acceptance)]
        accept: Vec<Accept>,
        /// The way of admission: ordinary, top_up, second_bachelor, hmt, returner.
        #[arg(long, default_value = "ordinary", value_parser = way_of)]
        path_kind: AdmissionPath,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

fn acceptance(text: &str) -> std::result::Result<Accept, String> {
    let parts = text
        .split_once('=')
        .map(|(kind, reason)| (FindingKind::from_key(kind.trim()), reason.trim()));
    let Some((Some(kind), reason)) = parts else {
        return Err("KIND=REASON, for example dot_variant=与身份证一致".to_owned());
    };
    if !kind.may_be_accepted() {
        return Err(format!(
            "{} is an error: its rows are repaired, not accepted",
            kind.key()
        ));
    }
    let length = reason.chars().count();
    if !(SHORTEST_REASON..=LONGEST_REASON).contains(&length) {
        return Err(format!(
            "a reason has {SHORTEST_REASON} to {LONGEST_REASON} characters"
        ));
    }
    Ok(Accept {
        kind,
        reason: reason.to_owned(),
    })
}

fn way_of(text: &str) -> std::result::Result<AdmissionPath, String> {
    AdmissionPath::from_key(text)
        .ok_or_else(|| "ordinary, top_up, second_bachelor, hmt or returner".to_owned())
}

/// What a person reads of an import: the package as the line named it, whatever the one of before was called.
fn print_import(summary: &ImportSummary, path: &Path) -> Result<()> {
    let line = &summary.view.line;
    print(format_args!(
        "{}\t{}",
        path.display(),
        line.state.label().zh
    ))?;
    if summary.already {
        print("同样的数据此前已导入，没有改变任何内容；各行现在的状态：")?;
    }
    for (rows, count) in &line.counts.rows {
        print(format_args!("{}\t{count}", rows.label().zh))?;
    }
    for (zh, _) in &summary.view.unread {
        print(format_args!("- {zh}"))?;
    }
    Ok(())
}

fn print_summary(summary: &ImportSummary, path: &Path, json: bool) -> Result<Outcome> {
    let line = &summary.view.line;
    tracing::info!(import = %line.id, state = line.state.key(), already = summary.already, "admission import");
    if json {
        let object = serde_json::json!({
            "import": line.id,
            "already": summary.already,
            "state": line.state,
            "accepted_warnings": summary.accepted,
            "counts": line.counts.source,
            "rows": line.counts.rows,
            "unread_folders": summary.view.unread.iter().map(|(zh, _)| zh).collect::<Vec<_>>(),
        });
        print(object)?;
    } else {
        print_import(summary, path)?;
    }
    match &summary.view.unreadable {
        Some(why) => Err(CommandError::Unreadable(why.reason.1.clone())),
        None => Ok(Outcome::Done),
    }
}

/// Whether the name of a path is that of something that is read.
fn is_of_a_kind(path: &Path) -> bool {
    let ending = path.extension().and_then(std::ffi::OsStr::to_str);
    let known = |ending: &str| {
        ["zip", "dbf", "xlsx", "csv"]
            .iter()
            .any(|kind| ending.eq_ignore_ascii_case(kind))
    };
    path.is_dir() || ending.is_some_and(known)
}

fn unreadable(error: ServiceError, path: &Path) -> CommandError {
    match error {
        ServiceError::File(_) if !is_of_a_kind(path) => CommandError::Unreadable(format!(
            "{}: what is read is a folder of province folders, a zip file of them (.zip), one table (.dbf), or a worksheet \
             (.xlsx, .csv)",
            path.display()
        )),
        ServiceError::File(file) => CommandError::Unreadable(file.to_string()),
        ServiceError::Invalid {
            field: "path" | "file",
            code,
        } => CommandError::Unreadable(
            match code {
                "empty" => "the file or folder holds no admission table",
                "no_tables" => "none of the files is an admission table",
                "too_large" => "the upload is larger than 200 MB",
                "too_many_files" => "the folder holds too many files",
                "repeated_name" => "two files have the same path",
                _ => "the file or folder cannot be read",
            }
            .to_owned(),
        ),
        other => CommandError::Service(other),
    }
}

impl Admission {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.work(&services).await).await
    }

    async fn work(self, services: &Services) -> Result<Outcome> {
        match self {
            Self::Check {
                path,
                tenant,
                year,
                path_kind: way,
                json,
            } => {
                let row = university(services, &tenant).await?;
                let today = domain::calendar::local_date(services.store().now());
                let context = CheckContext {
                    year,
                    path: way,
                    school_codes: services.school_codes(TenantId(row.id), today).await?,
                    today,
                };
                let report = services
                    .check_path(TenantId(row.id), &path, context)
                    .await
                    .map_err(|error| unreadable(error, &path))?;
                print_report(&report, json)?;
                Ok(if report.is_clean() {
                    Outcome::Done
                } else {
                    Outcome::Findings
                })
            }
            Self::Import {
                path,
                tenant,
                year,
                login,
                accept,
                path_kind: way,
                json,
            } => {
                let row = university(services, &tenant).await?;
                let actor = match services.actor_by_login(TenantId(row.id), &login).await {
                    Err(ServiceError::NotFound) => {
                        let why = format!("--as: {tenant} has no account of this name in office");
                        return Err(CommandError::Usage(why));
                    }
                    other => other?,
                };
                let done = services
                    .import_path(&actor, &path, i32::from(year), way, &accept)
                    .await;
                let summary = done.map_err(|error| unreadable(error, &path))?;
                print_summary(&summary, &path, json)
            }
        }
    }
}

fn print_report(report: &CheckReport, json: bool) -> Result<()> {
    if json {
        let text = serde_json::to_string(&report.printable(Lang::Zh))
            .map_err(|e| CommandError::Plain(e.to_string()))?;
        return print(text);
    }
    for (kind, count) in &report.counts {
        print(format_args!("{kind}\t{count}"))?;
    }
    let printable = report.printable(Lang::Zh);
    for notice in &printable.notices {
        print(format_args!("- {notice}"))?;
    }
    for finding in printable.findings {
        print(format_args!(
            "{}\t{}\t{}\t{}",
            finding.file, finding.row, finding.ksh, finding.message
        ))?;
    }
    Ok(())
}

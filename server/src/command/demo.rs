//! `xj demo`.

use super::{CommandError, Outcome, Result, migrate, print, with};
use crate::settings::Settings;
use clap::Args;
use std::path::PathBuf;

/// Makes a demonstration in a folder of its own, and prints its accounts.
#[derive(Debug, Args)]
pub struct Demo {
    /// Data folder of the demonstration; XJ_DATA when it is not given.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number of students, both universities together.
    #[arg(long, default_value_t = 2_000)]
    students: u32,
    /// The same people for the same seed.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

impl Demo {
    /// Runs the command. A folder that holds data and is not marked `.demo` is refused.
    pub async fn run(self, mut settings: Settings) -> Result<Outcome> {
        if let Some(data) = self.data {
            settings.move_to(data);
        }
        let mark = settings.data.join(".demo");
        if !mark.exists() {
            let holds_data = settings
                .data
                .read_dir()
                .is_ok_and(|mut entries| entries.next().is_some());
            if holds_data {
                return Err(CommandError::Plain(format!(
                    "{}: this folder holds data and is not marked as a demo (.demo); nothing was touched",
                    settings.data.display()
                )));
            }
            std::fs::create_dir_all(&settings.data).map_err(CommandError::file(&settings.data))?;
            std::fs::write(&mark, b"made-up people; passwords are printed\n")
                .map_err(CommandError::file(&mark))?;
        }
        migrate::prepare(&settings).await?;
        with(&settings, async |services| {
            let accounts = services::demo::seed(&services, self.seed, self.students).await?;
            for account in accounts {
                print(account)?;
            }
            Ok(Outcome::Done)
        })
        .await
    }
}

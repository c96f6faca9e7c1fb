//! `xj operator`: the way back for an operator who lost the second factor.

use super::{CommandError, Outcome, Result, print, with};
use crate::settings::Settings;
use clap::Subcommand;
use services::{ServiceError, Services};

/// Operators of the platform.
#[derive(Debug, Subcommand)]
pub enum Operator {
    /// Take a lost second factor away, with its recovery codes. The sessions of the operator end, the password stays, and
    /// the next sign-in sets a new second factor up.
    ResetFactor {
        /// Login of the operator.
        #[arg(long)]
        login: String,
    },
}

impl Operator {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.work(&services).await).await
    }

    async fn work(self, services: &Services) -> Result<Outcome> {
        let Self::ResetFactor { login } = self;
        services
            .reset_operator_totp(&login)
            .await
            .map_err(|error| match error {
                ServiceError::NotFound => {
                    CommandError::Usage(format!("there is no operator {login}"))
                }
                other => other.into(),
            })?;
        print(format_args!("{login}: the second factor was taken away"))?;
        Ok(Outcome::Done)
    }
}

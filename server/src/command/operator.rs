//! `xj operator`: the way back for an operator who lost the second factor or the password.

use super::account::password;
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
    /// Set a new password. It is made at random and printed once, unless one is given on standard input. The sessions of
    /// the operator end, a lock is opened, and the second factor stays.
    ResetPassword {
        /// Login of the operator.
        #[arg(long)]
        login: String,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

impl Operator {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.work(&services).await).await
    }

    async fn work(self, services: &Services) -> Result<Outcome> {
        match self {
            Self::ResetFactor { login } => {
                let reset = services.reset_operator_totp(&login).await;
                let said = if reset.map_err(|error| unknown(&login, error))? {
                    "the second factor was taken away"
                } else {
                    "there was no second factor; nothing was changed"
                };
                print(format_args!("{login}: {said}"))?;
            }
            Self::ResetPassword {
                login,
                password_stdin,
            } => {
                let given = password(password_stdin)?;
                let reset = services.reset_operator_password(&login, given).await;
                let made = reset.map_err(|error| unknown(&login, error))?;
                match made.generated {
                    Some(password) => print(format_args!("{}\t{password}", made.login))?,
                    None => print(format_args!("{}: the new password holds", made.login))?,
                }
            }
        }
        Ok(Outcome::Done)
    }
}

fn unknown(login: &str, error: ServiceError) -> CommandError {
    match error {
        ServiceError::NotFound => CommandError::Usage(format!("there is no operator {login}")),
        other => other.into(),
    }
}

//! `xj parameter`: the way back for a school that shut itself out, for example with its list of networks.

use super::{CommandError, Outcome, Result, print, university, with};
use crate::settings::Settings;
use chrono::NaiveDate;
use clap::Subcommand;
use domain::institution::TenantId;
use services::{ServiceError, Services};

/// Parameters of a university.
#[derive(Debug, Subcommand)]
pub enum Parameter {
    /// Print every parameter with its value of today.
    List {
        /// The university.
        #[arg(long)]
        tenant: String,
    },
    /// Set a parameter as its next version. An allow-list of networks that shuts everybody out is taken back with
    /// `--key security.office_networks --value ""`.
    Set {
        /// The university.
        #[arg(long)]
        tenant: String,
        /// Which one, as `xj parameter list` names it.
        #[arg(long)]
        key: String,
        /// The value.
        #[arg(long, allow_hyphen_values = true)]
        value: String,
        /// What it rests on: a document or a decision.
        #[arg(long)]
        basis: String,
        /// First day it holds; today when none is given.
        #[arg(long)]
        from: Option<NaiveDate>,
    },
}

impl Parameter {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.work(&services).await).await
    }

    async fn work(self, services: &Services) -> Result<Outcome> {
        match self {
            Self::List { tenant } => {
                let row = university(services, &tenant).await?;
                for (key, value) in services.parameters_in_force(TenantId(row.id)).await? {
                    print(format_args!("{key}\t{value}"))?;
                }
            }
            Self::Set {
                tenant,
                key,
                value,
                basis,
                from,
            } => {
                let row = university(services, &tenant).await?;
                let console = services.console();
                let from = services
                    .set_parameter_by_operator(
                        &console,
                        TenantId(row.id),
                        &key,
                        &value,
                        &basis,
                        from,
                    )
                    .await
                    .map_err(|error| which(&key, error))?;
                match from {
                    Some(day) => print(format_args!("{key}\t{value}\tfrom {day}"))?,
                    None => print(format_args!(
                        "{key}\t{value}\tunchanged: it is set so already"
                    ))?,
                }
            }
        }
        Ok(Outcome::Done)
    }
}

fn which(key: &str, error: ServiceError) -> CommandError {
    let ServiceError::Invalid { field, code } = error else {
        return error.into();
    };
    CommandError::Usage(match (field, code) {
        ("key", _) => "there is no such parameter; `xj parameter list` names them".to_owned(),
        ("value", "fixed") => "the regulation leaves no choice here".to_owned(),
        ("effective_from", _) => "a value holds from today or later".to_owned(),
        ("value", _) => takes(key),
        ("basis", _) => "a basis is needed: the document or decision it rests on".to_owned(),
        _ => format!("--{field}: it does not have the form it needs"),
    })
}

/// What a parameter takes, as its page says it.
fn takes(key: &str) -> String {
    match domain::institution::parameter::Parameter::from_key(key) {
        Ok(parameter) => format!("--value: {key} takes {}", parameter.takes().1),
        Err(error) => error.to_string(),
    }
}

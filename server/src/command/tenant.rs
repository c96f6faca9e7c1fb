//! `xj tenant`.

use super::{CommandError, Outcome, Result, print, with};
use crate::settings::Settings;
use clap::Subcommand;
use domain::institution::{SchoolCode, Slug};
use services::Services;
use services::institution::tenant::NewUniversity;

/// Universities.
#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Create a university.
    Create {
        /// First part of its addresses: 2–20 characters of a–z, 0–9 and hyphens.
        #[arg(long)]
        slug: String,
        /// National school code: five digits.
        #[arg(long)]
        code: String,
        /// Name of the university.
        #[arg(long)]
        name: String,
        /// Province: two digits of GB/T 2260; taken from the national list of schools when it is there.
        #[arg(long)]
        province: Option<String>,
        /// Primary colour of its pages.
        #[arg(long, default_value = "#14507a")]
        colour: String,
    },
    /// List universities with their sizes.
    List,
    /// Suspend a university: its people are signed out and let in no more, its jobs wait. No data change.
    Suspend {
        /// The university.
        #[arg(long)]
        slug: String,
    },
    /// Let a suspended university work again.
    Resume {
        /// The university.
        #[arg(long)]
        slug: String,
    },
}

impl Tenant {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.work(&services).await).await
    }

    async fn work(self, services: &Services) -> Result<Outcome> {
        match self {
            Self::Create {
                slug,
                code,
                name,
                province,
                colour,
            } => {
                let wrong = |e: domain::institution::tenant::TenantNameError| {
                    CommandError::Usage(e.to_string())
                };
                Slug::parse(&slug).map_err(wrong)?;
                SchoolCode::parse(&code).map_err(wrong)?;
                let new = NewUniversity {
                    slug: slug.clone(),
                    school_code: code.clone(),
                    province: match province {
                        Some(province) => province,
                        None => province_of(&code)?,
                    },
                    name,
                    colour,
                };
                let id = services.create_tenant(&services.console(), &new).await?;
                print(format_args!("created {slug} ({code}), tenant {id}"))?;
            }
            Self::Suspend { slug } => set_active(services, &slug, false).await?,
            Self::Resume { slug } => set_active(services, &slug, true).await?,
            Self::List => {
                for (tenant, stat) in services.store().control().tenants().await? {
                    let students = stat.map_or(0, |s| s.students);
                    let state = if tenant.is_active() {
                        "active"
                    } else {
                        "suspended"
                    };
                    print(format_args!(
                        "{}\t{}\t{}\t{students}\t{state}",
                        tenant.slug, tenant.school_code, tenant.name
                    ))?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}

async fn set_active(services: &Services, slug: &str, active: bool) -> Result<()> {
    super::university(services, slug).await?;
    let by = services.console();
    services.set_tenant_active(&by, slug, active).await?;
    print(format_args!(
        "{} {slug}",
        if active { "resumed" } else { "suspended" }
    ))
}

/// The province of a school in the national list, as two digits. The list that is built in is of a certain day: a school
/// of later must be told where it lies.
fn province_of(code: &str) -> Result<String> {
    domain::codes::School::from_code(code)
        .and_then(|school| domain::codes::Province::from_name(school.province))
        .map(|province| province.code.to_owned())
        .ok_or_else(|| {
            CommandError::Usage(format!(
                "no school {code} is in the list of schools that is built in, so the province is not known: say it with --province, for instance --province 31"
            ))
        })
}

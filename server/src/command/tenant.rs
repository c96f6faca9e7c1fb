//! `xj tenant`.

use super::{CommandError, Outcome, Result, print, with};
use crate::settings::Settings;
use clap::Subcommand;
use domain::institution::{SchoolCode, Slug};
use services::Services;
use services::institution::tenant::{NewUniversity, TenantLine, TenantSizes};

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
    /// List universities with their sizes, as the service counted them last, below a line that names the columns.
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
                warn_of_name(&code, &new.name);
                warn_of_code(
                    &services.tenant_list(&services.console()).await?,
                    &slug,
                    &code,
                );
            }
            Self::Suspend { slug } => set_active(services, &slug, false).await?,
            Self::Resume { slug } => set_active(services, &slug, true).await?,
            Self::List => list(&services.tenant_list(&services.console()).await?)?,
        }
        Ok(Outcome::Done)
    }
}

/// The columns of the operator's page, in its order.
const COLUMNS: [&str; 9] = [
    "slug",
    "code",
    "name",
    "candidates",
    "students",
    "accounts",
    "file bytes",
    "counted at",
    "state",
];

fn list(schools: &[TenantLine]) -> Result<()> {
    print(COLUMNS.join("\t"))?;
    for school in schools {
        print(line(school))?;
    }
    Ok(())
}

/// One university; what was not counted yet is no zero.
fn line(school: &TenantLine) -> String {
    let told = |of: fn(&TenantSizes) -> String| {
        let sizes = school.sizes.as_ref();
        sizes.map_or_else(|| "-".to_owned(), of)
    };
    let state = if school.active { "active" } else { "suspended" };
    let cells = [
        school.slug.clone(),
        school.school_code.clone(),
        school.name.clone(),
        told(|s| s.candidates.to_string()),
        told(|s| s.students.to_string()),
        told(|s| s.accounts.to_string()),
        told(|s| s.file_bytes.to_string()),
        told(|s| s.counted_at.to_rfc3339()),
        state.to_owned(),
    ];
    cells.join("\t")
}

/// A code that the national list knows under another name may be mistyped, or the school was renamed since: the operator
/// looks, and nothing is refused.
fn warn_of_name(code: &str, name: &str) {
    let listed = domain::codes::School::from_code(code);
    if let Some(listed) = listed.filter(|listed| listed.name != name.trim()) {
        eprintln!(
            "xj: look again: in the national list of {} the code {code} is that of {}",
            listed.as_of, listed.name
        );
    }
}

/// A second university with one code may be a rehearsal, or a mistake.
fn warn_of_code(schools: &[TenantLine], slug: &str, code: &str) {
    let mut others = schools.iter().filter(|school| school.slug != slug);
    if let Some(other) = others.find(|school| school.school_code == code) {
        eprintln!(
            "xj: look again: {} ({}) has the code {code} too",
            other.slug, other.name
        );
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

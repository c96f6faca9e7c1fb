//! `xj account`.

use super::{CommandError, Outcome, Result, print, university, with};
use crate::settings::Settings;
use clap::Subcommand;
use domain::institution::{Office, PostKind, TenantId};
use services::institution::tenant::NewAccount;
use services::{ServiceError, Services};

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Create an account with a post. The password is made at random and printed once, unless one is given on standard
    /// input with --password-stdin; it is never made from a number or a name.
    Create {
        /// The university; `operator` accounts belong to none.
        #[arg(long, required_unless_present = "operator")]
        tenant: Option<String>,
        /// Staff number: 2 to 32 letters, digits, dots, hyphens and underscores.
        #[arg(long)]
        login: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// Office: admissions, student-affairs, academic-affairs, college, it-centre, university-office, party-office,
        /// security, discipline, tenant-admin.
        #[arg(long, required_unless_present = "operator")]
        office: Option<String>,
        /// Post inside a college: teaching-secretary (when none is named), counsellor, vice-dean, party-secretary,
        /// major-head.
        #[arg(long)]
        post: Option<String>,
        /// Code of the college, for posts inside one; not needed where there is only one.
        #[arg(long)]
        college: Option<String>,
        /// Codes of the classes of a counsellor, separated by commas.
        #[arg(long, value_delimiter = ',')]
        classes: Vec<String>,
        /// Codes of the majors of their head, separated by commas.
        #[arg(long, value_delimiter = ',')]
        majors: Vec<String>,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
        /// An account of the platform's operator, who belongs to no university and sees no student data.
        #[arg(long, conflicts_with_all = ["tenant", "office", "post", "college", "classes", "majors"])]
        operator: bool,
    },
}

/// The first line of standard input, where the password is to come from there.
pub(super) fn password(from_stdin: bool) -> Result<Option<String>> {
    if !from_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|e| CommandError::Plain(e.to_string()))?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

impl Account {
    /// Runs the command.
    pub async fn run(self, settings: &Settings) -> Result<Outcome> {
        with(settings, async |services| self.create(&services).await).await
    }

    async fn create(self, services: &Services) -> Result<Outcome> {
        let Self::Create {
            tenant,
            login,
            name,
            office,
            post,
            college,
            classes,
            majors,
            password_stdin,
            operator,
        } = self;
        let given = password(password_stdin)?;
        let made = if operator {
            services.create_operator(&login, &name, given).await?
        } else {
            let row = university(services, &tenant.unwrap_or_default()).await?;
            let school = TenantId(row.id);
            let office = office_of(&office.unwrap_or_default())?;
            let kind = post_of(office, post.as_deref())?;
            let within = if kind == PostKind::MajorHead {
                majors
            } else {
                classes
            };
            let scope = services
                .scope_of(school, kind, college.as_deref(), &within)
                .await
                .map_err(which)?;
            let new = NewAccount {
                login,
                name,
                office,
                kind,
                scope,
                password: given,
            };
            services
                .create_account(&services.console(), school, new)
                .await?
        };
        match made.generated {
            Some(password) => print(format_args!("{}\t{password}", made.login))?,
            None => print(made.login)?,
        }
        Ok(Outcome::Done)
    }
}

/// What a line leaves open is a matter of the line, with the option that says it.
fn which(error: ServiceError) -> CommandError {
    let ServiceError::Invalid { field, code } = error else {
        return error.into();
    };
    CommandError::Usage(match code {
        "which_college" => "a post in a college needs one: say which with --college CODE \
                            (`xj account create --help`)"
            .to_owned(),
        "no_colleges" => {
            "the university has no colleges yet: import them on its pages first".to_owned()
        }
        "missing" => format!("this post needs its {field}: name them with --{field} CODE,CODE"),
        "unknown" => format!("--{field}: there is none with this code or name"),
        "elsewhere" => format!("--{field}: it belongs to another college"),
        "ambiguous" => format!("--{field}: several have this name; give the code"),
        _ => format!("--{field}: it does not have the form that is needed"),
    })
}

fn office_of(key: &str) -> Result<Office> {
    Office::from_key(key)
        .filter(|o| !matches!(o, Office::Student | Office::Operator))
        .ok_or_else(|| CommandError::Usage(format!("there is no office {key}")))
}

fn post_of(office: Office, post: Option<&str>) -> Result<PostKind> {
    match post {
        Some(post) => PostKind::from_key(post)
            .ok_or_else(|| CommandError::Usage(format!("there is no post {post}"))),
        None if office == Office::College => Ok(PostKind::TeachingSecretary),
        None => Ok(PostKind::Officer),
    }
}

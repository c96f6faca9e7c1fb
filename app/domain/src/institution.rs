//! Room `institution`: tenants, the organisation, people, posts, rights and tenant parameters.

pub mod activation;
pub mod actor;
pub mod branding;
pub mod device;
pub mod incident;
pub mod login;
pub mod office;
pub mod organisation;
pub mod parameter;
pub mod policy;
pub mod tenant;
pub mod term;

pub use actor::{Actor, Granted, PersonalScope, Seat, Target, Visible};
pub use incident::{Incident, OperatorAct};
pub use login::login_form;
pub use office::{Office, PostKind, Step};
pub use policy::{Action, Effect, Moves, POLICY, Rule};
pub use tenant::{SchoolCode, Slug, TenantId};

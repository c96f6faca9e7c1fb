//! First passwords: slips handed out on paper, and one-time codes for one person who was seen.
//!
//! A slip or code lets its holder set a password once. Nobody who hands it out chooses or sees the password, and whoever
//! lost a password gets in the same way: the reset does not skip a second factor.

mod about;
mod check;
mod code;
mod history;
mod print;
mod recipient;
mod redeem;
mod token;

pub use about::SlipDays;
use check::Checked;
pub(crate) use code::CODE;
pub use code::IssuedCode;
pub use history::{MOST_SHOWN, Reissue};
pub(crate) use history::{check_of, is_reissue};
pub use print::{ClassSlips, Slip};
pub use redeem::{CodeClaim, SlipHolder};

use super::{number, parameters};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, TimeDelta, Utc};
use domain::admission::handover::HandoverStage;
use domain::institution::activation::{FIRST_ISSUE, IdentityCheck, comes_after_signature};
use domain::institution::parameter::Parameter;
use domain::institution::{Actor, Target, policy};
use domain::person::mask;
use recipient::Recipient;
pub(super) use recipient::{new_account, school_id};
use std::collections::HashSet;
use store::{Detail, StudentFilter, StudentPage, StudentSort, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// Records read at once.
const PAGE: u64 = 5_000;

/// The reason of slips that take the place of a class's earlier ones.
const ISSUED_ANEW: &str = "全班重新签发";

/// The kind of an activation row.
const SLIP: &str = "slip";

/// The place of a student's record, for authorising.
fn target(student: &rows::Student) -> Target {
    Target::student(
        domain::institution::TenantId(student.tenant_id),
        student.id,
        student.college_id,
        student.major_id,
        student.class_id,
    )
}

/// Students of a class who were handed over, as far as the post may see them.
async fn members(
    scope: &store::Scope,
    actor: &Actor,
    class: Option<Uuid>,
) -> Result<Vec<rows::Student>> {
    let filter = StudentFilter {
        class,
        handed_over: Some(HandoverStage::Received),
        ..StudentFilter::default()
    };
    let mut all = Vec::new();
    loop {
        let page = StudentPage {
            sort: StudentSort::Class,
            descending: false,
            offset: u64::try_from(all.len()).unwrap_or(u64::MAX),
            limit: PAGE,
        };
        let mut more = scope.students(&actor.visible(), &filter, page).await?;
        let last = u64::try_from(more.len()).unwrap_or(u64::MAX) < PAGE;
        all.append(&mut more);
        if last {
            return Ok(all);
        }
    }
}

/// Why activations are issued.
enum Why<'a> {
    /// To a class or to the staff as a whole; each is checked when the slip is handed over.
    Bulk(&'static str),
    /// To one person who was seen.
    Checked(&'a Checked),
}

impl Why<'_> {
    /// What is kept as the reason.
    fn text(&self) -> &str {
        match self {
            Self::Bulk(text) => text,
            Self::Checked(checked) => checked.note(),
        }
    }

    /// How the one person was checked.
    const fn check(&self) -> Option<IdentityCheck> {
        match self {
            Self::Bulk(_) => None,
            Self::Checked(checked) => Some(checked.identity()),
        }
    }
}

/// Closes what is open for these accounts and issues one activation to each.
async fn issue(
    unit: &mut UnitOfWork,
    accounts: &[Uuid],
    why: &Why<'_>,
    valid: TimeDelta,
) -> Result<Vec<rows::Activation>> {
    unit.close_activations(accounts).await?;
    let (now, by) = (unit.now(), unit.actor().person());
    let rows: Vec<rows::Activation> = accounts
        .iter()
        .map(|account| rows::Activation {
            tenant_id: unit.tenant().0,
            id: unit.id(),
            account_id: *account,
            kind: SLIP.to_owned(),
            secret_hash: None,
            tries: 0,
            reason: why.text().to_owned(),
            identity_check: why.check().map(|check| check.key().to_owned()),
            after_signature: after_signature(*account, now),
            issued_by: by,
            issued_at: now,
            expires_at: now + valid,
            used_at: None,
        })
        .collect();
    unit.insert_activations(rows.clone()).await?;
    Ok(rows)
}

/// Whether an issue comes after a signature; the one place that knows when an account's holder signed. Nobody can have
/// signed before room `verification` is there.
const fn signed_at(_account: Uuid) -> Option<DateTime<Utc>> {
    None
}

fn after_signature(account: Uuid, now: DateTime<Utc>) -> bool {
    comes_after_signature(signed_at(account), now)
}

/// What an issue to many leaves as it is. A one-time code was told to one person who was seen: it ends by an issue to that
/// person alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spares {
    /// Open slips and codes.
    Everything,
    /// Open codes; slips that were handed out end.
    Codes,
}

impl Spares {
    fn is_spared(self, open: &rows::Activation) -> bool {
        self == Self::Everything || open.kind == CODE
    }

    /// What is kept as the reason of the issue.
    const fn reason(self) -> &'static str {
        match self {
            Self::Everything => FIRST_ISSUE,
            Self::Codes => ISSUED_ANEW,
        }
    }
}

/// Those of whom nothing is open that is spared.
async fn to_issue(
    scope: &store::Scope,
    mut waiting: Vec<Recipient>,
    spares: Spares,
) -> Result<Vec<Recipient>> {
    let ids: Vec<Uuid> = waiting.iter().map(|r| r.account.id).collect();
    let open = scope.open_activations(&ids).await?.into_iter();
    let left_alone: HashSet<Uuid> = open
        .filter(|activation| spares.is_spared(activation))
        .map(|activation| activation.account_id)
        .collect();
    waiting.retain(|r| !left_alone.contains(&r.account.id));
    Ok(waiting)
}

async fn slip_valid(scope: &store::Scope) -> Result<TimeDelta> {
    let parameters = parameters(scope).await?;
    Ok(TimeDelta::days(number(
        &parameters,
        Parameter::ActivationDays,
    )))
}

impl Services {
    /// Issues a slip to every handed-over student of a class who has neither an active account nor an open slip or code:
    /// what was handed out or told goes on counting. Sorted by student number.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a class that is not there or not visible.
    pub async fn issue_slips(
        &self,
        actor: &Actor,
        class: Uuid,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        self.issue_to(actor, Some(class), Spares::Everything, public_url)
            .await
    }

    /// Issues slips to every visible class at once; sorted by class and student number.
    ///
    /// # Errors
    /// As [`Services::issue_slips`].
    pub async fn issue_all_slips(&self, actor: &Actor, public_url: &str) -> Result<Vec<Slip>> {
        self.issue_to(actor, None, Spares::Everything, public_url)
            .await
    }

    /// Issues new slips to everybody of a class whose account is not active; slips handed out before end, one-time codes
    /// go on counting.
    ///
    /// # Errors
    /// As [`Services::issue_slips`].
    pub async fn issue_slips_anew(
        &self,
        actor: &Actor,
        class: Uuid,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        self.issue_to(actor, Some(class), Spares::Codes, public_url)
            .await
    }

    async fn issue_to(
        &self,
        actor: &Actor,
        class: Option<Uuid>,
        spares: Spares,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        let school = self.tenant_row(actor.tenant()).await?;
        let mut unit = self.store.begin(actor).await?;
        let now = unit.now();
        let granted =
            actor.authorize::<policy::IssueSlips>(&Target::school(actor.tenant()), now)?;
        let classes = recipient::classes(&unit, actor, class).await?;
        let mut students = members(&unit, actor, class).await?;
        students.retain(|s| s.class_id.is_some());
        for student in &students {
            actor.authorize::<policy::IssueSlips>(&target(student), now)?;
        }
        let recipients = recipient::of_students(&mut unit, students, &classes).await?;
        let waiting: Vec<Recipient> = recipients.into_iter().filter(Recipient::waits).collect();
        let waiting = to_issue(&unit, waiting, spares).await?;
        let accounts: Vec<Uuid> = waiting.iter().map(|r| r.account.id).collect();
        let valid = slip_valid(&unit).await?;
        let why = Why::Bulk(spares.reason());
        let activations = issue(&mut unit, &accounts, &why, valid).await?;
        let text = format!("激活单 {} 份", activations.len());
        let subject = class.map_or_else(
            || Subject::new("tenant", recipient::school_id(actor.tenant())),
            |id| Subject::new("unit", id),
        );
        unit.note(
            &granted,
            subject,
            Detail::text(text).over("account", accounts),
        );
        unit.commit().await?;
        self.slips(&school, public_url, waiting, &activations)
    }

    /// Issues a new slip to one student who was seen, also to one whose account is active: a forgotten password.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a student who is not visible, [`ServiceError::Invalid`] on `note`.
    pub async fn reissue_slip(
        &self,
        actor: &Actor,
        student: Uuid,
        identity: IdentityCheck,
        note: &str,
        public_url: &str,
    ) -> Result<Slip> {
        let school = self.tenant_row(actor.tenant()).await?;
        let checked = Checked::new(identity, note)?;
        let mut unit = self.store.begin(actor).await?;
        let (granted, recipient) = recipient::seen_student(&mut unit, actor, student).await?;
        let valid = slip_valid(&unit).await?;
        let (account, why) = (recipient.account.id, Why::Checked(&checked));
        let activations = issue(&mut unit, &[account], &why, valid).await?;
        let told = checked.told("补发激活单");
        unit.note(&granted, Subject::new("account", account), told);
        unit.commit().await?;
        let slips = self.slips(&school, public_url, vec![recipient], &activations)?;
        slips.into_iter().next().ok_or(ServiceError::NotFound)
    }

    /// Issues a slip to everybody of the staff who has neither an active account nor an open slip; for the school's own
    /// administrator.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn issue_staff_slips(&self, actor: &Actor, public_url: &str) -> Result<Vec<Slip>> {
        let school = self.tenant_row(actor.tenant()).await?;
        let mut unit = self.store.begin(actor).await?;
        let (here, now) = (Target::school(actor.tenant()), unit.now());
        let granted = actor.authorize::<policy::IssueStaffSlips>(&here, now)?;
        let mut waiting = recipient::of_staff(&unit).await?;
        waiting.retain(Recipient::waits);
        let waiting = to_issue(&unit, waiting, Spares::Everything).await?;
        let accounts: Vec<Uuid> = waiting.iter().map(|r| r.account.id).collect();
        let valid = slip_valid(&unit).await?;
        let activations = issue(&mut unit, &accounts, &Why::Bulk(FIRST_ISSUE), valid).await?;
        let text = format!("教职工激活单 {} 份", activations.len());
        let subject = Subject::new("tenant", recipient::school_id(actor.tenant()));
        unit.note(
            &granted,
            subject,
            Detail::text(text).over("account", accounts),
        );
        unit.commit().await?;
        self.slips(&school, public_url, waiting, &activations)
    }

    /// Issues a new slip to one member of the staff, also to one whose account is active: a forgotten password.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such member, [`ServiceError::Invalid`] on `note`.
    pub async fn reissue_staff_slip(
        &self,
        actor: &Actor,
        account: Uuid,
        identity: IdentityCheck,
        note: &str,
        public_url: &str,
    ) -> Result<Slip> {
        let school = self.tenant_row(actor.tenant()).await?;
        let checked = Checked::new(identity, note)?;
        let mut unit = self.store.begin(actor).await?;
        let (here, now) = (Target::school(actor.tenant()), unit.now());
        let granted = actor.authorize::<policy::ReissueStaffSlip>(&here, now)?;
        let recipient = recipient::of_staff(&unit)
            .await?
            .into_iter()
            .find(|r| r.account.id == account && r.account.state != "disabled")
            .ok_or(ServiceError::NotFound)?;
        let valid = slip_valid(&unit).await?;
        let why = Why::Checked(&checked);
        let activations = issue(&mut unit, &[account], &why, valid).await?;
        let told = checked.told("补发激活单");
        unit.note(&granted, Subject::new("account", account), told);
        unit.commit().await?;
        let slips = self.slips(&school, public_url, vec![recipient], &activations)?;
        slips.into_iter().next().ok_or(ServiceError::NotFound)
    }
}

/// Who a slip is for, masked for whoever holds it.
fn holder_of(name: &str, login: &str) -> SlipHolder {
    SlipHolder {
        name: mask::name(name),
        number: mask::student_number(login),
    }
}

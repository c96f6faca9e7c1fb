//! Slips as they are printed, and how far a class has come.

use super::recipient::{self, Recipient};
use super::{members, target, token};
use crate::{Result, ServiceError, Services};
use chrono::{DateTime, Utc};
use domain::institution::{Actor, Target, TenantId, policy};
use domain::person::mask::{self, Masked};
use domain::view::access::AccessKind;
use formats::qr::QrCode;
use std::collections::{HashMap, HashSet};
use store::rows;
use uuid::Uuid;

/// What a slip says about a student, for the access log.
const ON_A_SLIP: &str = "student_no,name,ksh,class";

/// One activation slip.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Name of the student or member of staff.
    pub name: String,
    /// 学号, or 工号; empty before a student number is assigned.
    pub number: String,
    /// 考生号, masked; none on slips of staff.
    pub candidate_number: Option<Masked>,
    /// Class, or office and post.
    pub place: String,
    /// Address with the token.
    pub url: String,
    /// The address as a QR code.
    pub qr: QrCode,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When the slip ends.
    pub expires_at: DateTime<Utc>,
    /// Names the slip, for printing it alone.
    pub activation: Uuid,
}

/// How far the accounts of a class have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSlips {
    /// The class.
    pub class: Uuid,
    /// Its name.
    pub name: String,
    /// Students handed over.
    pub students: u64,
    /// Active accounts.
    pub active: u64,
    /// Accounts that wait and have an open slip.
    pub open: u64,
    /// Accounts that wait and have an open one-time code.
    pub coded: u64,
    /// Active accounts with an open slip: a new way in for a forgotten password.
    pub reissued: u64,
}

impl ClassSlips {
    /// Students who have neither an active account nor an open slip or code.
    pub const fn without(&self) -> u64 {
        self.students - self.active - self.open - self.coded
    }
}

impl Services {
    /// The open slips of a class, for printing again: the same tokens as when they were issued.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a class that is not there or not visible.
    pub async fn open_slips(
        &self,
        actor: &Actor,
        class: Uuid,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::PrintSlips>(&here, self.store.now())?;
        self.open_of(actor, Some(class), None, public_url).await
    }

    /// The open slips of every visible class, by class and number.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for posts that hand out no slips.
    pub async fn all_open_slips(&self, actor: &Actor, public_url: &str) -> Result<Vec<Slip>> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::PrintAllSlips>(&here, self.store.now())?;
        self.open_of(actor, None, None, public_url).await
    }

    /// The open slips of a class, or of every visible class, that were issued at a moment or after it: what an issue has
    /// made, without those that were printed before.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a class that is not there or not visible, [`ServiceError::Refused`] for posts that
    /// hand out no slips.
    pub async fn slips_issued_since(
        &self,
        actor: &Actor,
        class: Option<Uuid>,
        since: DateTime<Utc>,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        let (here, now) = (Target::school(actor.tenant()), self.store.now());
        if class.is_some() {
            actor.authorize::<policy::PrintSlips>(&here, now)?;
        } else {
            actor.authorize::<policy::PrintAllSlips>(&here, now)?;
        }
        self.open_of(actor, class, Some(since), public_url).await
    }

    /// The open slips of the staff, by post and login.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for other posts.
    pub async fn open_staff_slips(&self, actor: &Actor, public_url: &str) -> Result<Vec<Slip>> {
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::PrintStaffSlips>(&here, self.store.now())?;
        let school = self.tenant_row(actor.tenant()).await?;
        let mut unit = self.store.begin(actor).await?;
        let recipients = recipient::of_staff(&unit).await?;
        let accounts: Vec<Uuid> = recipients.iter().map(|r| r.account.id).collect();
        let activations = unit.open_slips(&accounts).await?;
        let key = AccessKind::Slips.key();
        unit.log_access(None, key, "name", "打印教职工激活单", activations.len())
            .await?;
        unit.commit().await?;
        self.slips(&school, public_url, recipients, &activations)
    }

    /// One open slip: exactly the one that was issued anew, and nobody else's.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a slip that is used or over, or of somebody who is not visible.
    pub async fn one_slip(
        &self,
        actor: &Actor,
        activation: Uuid,
        public_url: &str,
    ) -> Result<Slip> {
        let school = self.tenant_row(actor.tenant()).await?;
        let mut unit = self.store.begin(actor).await?;
        let here = Target::school(actor.tenant());
        actor.authorize::<policy::PrintOneSlip>(&here, unit.now())?;
        let row = unit.activation(activation).await?;
        let open = unit.open_slips(&[row.account_id]).await?;
        let row = open.into_iter().find(|a| a.id == activation);
        let row = row.ok_or(ServiceError::NotFound)?;
        let account = unit.account(row.account_id).await?;
        let (student, recipient) = if account.kind == "staff" {
            actor
                .authorize::<policy::PrintStaffSlips>(&here, unit.now())
                .map_err(|_| ServiceError::NotFound)?;
            let staff = recipient::of_staff(&unit).await?;
            (None, staff.into_iter().find(|r| r.account.id == account.id))
        } else {
            let student = unit.student_of_person(account.person_id).await?;
            let student = student.ok_or(ServiceError::NotFound)?;
            actor
                .authorize::<policy::PrintSlips>(&target(&student), unit.now())
                .map_err(|_| ServiceError::NotFound)?;
            let mut classes = Vec::new();
            if let Some(class) = student.class_id {
                classes.push(unit.unit(class).await?);
            }
            let id = student.id;
            let found = recipient::with_account(&unit, vec![student], &classes).await?;
            (Some(id), found.into_iter().next())
        };
        let recipient = recipient.ok_or(ServiceError::NotFound)?;
        unit.log_access(student, AccessKind::Slips.key(), ON_A_SLIP, "", 1)
            .await?;
        unit.commit().await?;
        self.slip(&school, public_url, recipient, &row)
    }

    async fn open_of(
        &self,
        actor: &Actor,
        class: Option<Uuid>,
        since: Option<DateTime<Utc>>,
        public_url: &str,
    ) -> Result<Vec<Slip>> {
        let school = self.tenant_row(actor.tenant()).await?;
        let mut unit = self.store.begin(actor).await?;
        let now = unit.now();
        let classes = recipient::classes(&unit, actor, class).await?;
        let mut students = members(&unit, actor, class).await?;
        students.retain(|s| s.class_id.is_some());
        for student in &students {
            actor.authorize::<policy::PrintSlips>(&target(student), now)?;
        }
        let record_of: HashMap<Uuid, Uuid> = students
            .iter()
            .filter_map(|student| Some((student.person_id?, student.id)))
            .collect();
        let recipients = recipient::with_account(&unit, students, &classes).await?;
        let accounts: Vec<Uuid> = recipients.iter().map(|r| r.account.id).collect();
        let mut activations = unit.open_slips(&accounts).await?;
        activations.retain(|slip| since.is_none_or(|since| slip.issued_at >= since));
        let printed: HashSet<Uuid> = activations.iter().map(|slip| slip.account_id).collect();
        let shown: Vec<Uuid> = recipients
            .iter()
            .filter(|recipient| printed.contains(&recipient.account.id))
            .filter_map(|recipient| record_of.get(&recipient.account.person_id).copied())
            .collect();
        if !shown.is_empty() {
            unit.log_accesses(&shown, AccessKind::Slips.key(), ON_A_SLIP, "")
                .await?;
        }
        unit.commit().await?;
        self.slips(&school, public_url, recipients, &activations)
    }

    /// How far the accounts of every visible class have come, by name of the class.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for posts that hand out no slips.
    pub async fn slip_classes(&self, actor: &Actor) -> Result<Vec<ClassSlips>> {
        let unit = self.store.read(actor).await?;
        actor.authorize::<policy::SlipsPage>(&Target::school(actor.tenant()), unit.now())?;
        let counts = unit.slip_counts(&actor.visible()).await?;
        let names: HashMap<Uuid, String> = unit
            .units()
            .await?
            .into_iter()
            .map(|u| (u.id, u.name))
            .collect();
        let classes = counts.into_iter().map(|own| ClassSlips {
            class: own.class_id,
            name: names.get(&own.class_id).cloned().unwrap_or_default(),
            students: own.students.unsigned_abs(),
            active: own.active.unsigned_abs(),
            open: own.open.unsigned_abs(),
            coded: own.coded.unsigned_abs(),
            reissued: own.reissued.unsigned_abs(),
        });
        let mut classes: Vec<ClassSlips> = classes.collect();
        classes.sort_by(|a, b| a.name.cmp(&b.name).then(a.class.cmp(&b.class)));
        Ok(classes)
    }

    /// Slips of activations, by class and number.
    pub(super) fn slips(
        &self,
        school: &rows::Tenant,
        public_url: &str,
        recipients: Vec<Recipient>,
        activations: &[rows::Activation],
    ) -> Result<Vec<Slip>> {
        let by_account: HashMap<Uuid, &rows::Activation> =
            activations.iter().map(|a| (a.account_id, a)).collect();
        let mut slips = Vec::with_capacity(activations.len());
        for recipient in recipients {
            let Some(activation) = by_account.get(&recipient.account.id) else {
                continue;
            };
            slips.push(self.slip(school, public_url, recipient, activation)?);
        }
        slips.sort_by(|a, b| {
            let key = |s: &Slip| (s.place.clone(), s.number.is_empty(), s.number.clone());
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        Ok(slips)
    }

    fn slip(
        &self,
        school: &rows::Tenant,
        public_url: &str,
        recipient: Recipient,
        activation: &rows::Activation,
    ) -> Result<Slip> {
        let key = self.store.keys().activation();
        let tenant = TenantId(school.id);
        let token = token::write(key, tenant, activation.id, activation.expires_at)?;
        let base = public_url.trim_end_matches('/');
        let url = format!("{base}/{}/activate?t={token}", school.slug);
        let qr = QrCode::new(&url).map_err(|_| ServiceError::Internal("QR code"))?;
        Ok(Slip {
            name: recipient.name,
            number: recipient.number,
            candidate_number: recipient
                .candidate_number
                .as_deref()
                .map(mask::candidate_number),
            place: recipient.place,
            url,
            qr,
            issued_at: activation.issued_at,
            expires_at: activation.expires_at,
            activation: activation.id,
        })
    }
}

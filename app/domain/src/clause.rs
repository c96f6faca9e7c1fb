//! Where a rule stands: every refusal and every move names its clause, so that a message can cite it.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A place in the school's regulation (办法) or in the ministry's rules behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clause(Cow<'static, str>);

impl Clause {
    /// 一: entry qualification.
    pub const ENTRY: Self = Self::fixed("办法 一");
    /// 二(一)1: registered information is the basis of the certificate.
    pub const REGISTRATION_BASIS: Self = Self::fixed("办法 二（一）1");
    /// 二(一)2: annotations of forgone, deferred and cancelled admission.
    pub const ANNOTATION: Self = Self::fixed("办法 二（一）2");
    /// 二(一)3(1): Admissions hands over to Student Affairs; colleges make the initial check.
    pub const HANDOVER: Self = Self::fixed("办法 二（一）3（1）");
    /// 二(一)3(2): the student checks and signs, the college seals.
    pub const VERIFICATION: Self = Self::fixed("办法 二（一）3（2）");
    /// 二(一)3(3): wrong key information is noted and handled.
    pub const DISCREPANCY: Self = Self::fixed("办法 二（一）3（3）");
    /// 二(一)3(4): Admissions registers freshmen on the platform.
    pub const FRESHMAN_REGISTRATION: Self = Self::fixed("办法 二（一）3（4）");
    /// 二(一)3(5): the student looks up the own registration.
    pub const SELF_CHECK: Self = Self::fixed("办法 二（一）3（5）");
    /// 二(二)1: registration each semester.
    pub const SEMESTER: Self = Self::fixed("办法 二（二）1");
    /// 二(二)2: no change of identity data in principle.
    pub const IDENTITY_CHANGE: Self = Self::fixed("办法 二（二）2");
    /// 二(二)3: annual registration within one month, updates within 30 working days.
    pub const ANNUAL: Self = Self::fixed("办法 二（二）3");
    /// 三(一): the status module is kept true.
    pub const DAILY: Self = Self::fixed("办法 三（一）");
    /// 三(二): changes of status follow the school's rules of student status.
    pub const STATUS_CHANGE: Self = Self::fixed("办法 三（二）");
    /// 三(三): confidentiality and use of data.
    pub const CONFIDENTIALITY: Self = Self::fixed("办法 三（三）");
    /// 三(四)3: storage, backup and spot-checks.
    pub const STORAGE: Self = Self::fixed("办法 三（四）3");
    /// 三(五)1(2): identity fields equal those at admission.
    pub const IDENTITY_FIELDS: Self = Self::fixed("办法 三（五）1（2）");
    /// 三(五)1(3): the fields shown on line.
    pub const ONLINE_FIELDS: Self = Self::fixed("办法 三（五）1（3）");
    /// 三(五)2(1) and 3: image capture.
    pub const PHOTO: Self = Self::fixed("办法 三（五）3");
    /// 三(五)2(2): graduates' check and audit.
    pub const GRADUATION: Self = Self::fixed("办法 三（五）2（2）");
    /// 三(五)2(3): same-day registration of certificates.
    pub const CREDENTIAL: Self = Self::fixed("办法 三（五）2（3）");
    /// 四1: who leads sees it done, who handles answers for it.
    pub const RESPONSIBILITY: Self = Self::fixed("办法 四 1");
    /// Order 41, article 9: the check at arrival.
    pub const ORDER41_9: Self = Self::fixed("教育部令第41号 第九条");
    /// Order 41, article 10: deferred admission.
    pub const ORDER41_10: Self = Self::fixed("教育部令第41号 第十条");
    /// Order 41, article 11: the re-check within three months.
    pub const ORDER41_11: Self = Self::fixed("教育部令第41号 第十一条");

    /// Every clause that the program cites.
    pub const ALL: [Self; 24] = [
        Self::ENTRY,
        Self::REGISTRATION_BASIS,
        Self::ANNOTATION,
        Self::HANDOVER,
        Self::VERIFICATION,
        Self::DISCREPANCY,
        Self::FRESHMAN_REGISTRATION,
        Self::SELF_CHECK,
        Self::SEMESTER,
        Self::IDENTITY_CHANGE,
        Self::ANNUAL,
        Self::DAILY,
        Self::STATUS_CHANGE,
        Self::CONFIDENTIALITY,
        Self::STORAGE,
        Self::IDENTITY_FIELDS,
        Self::ONLINE_FIELDS,
        Self::PHOTO,
        Self::GRADUATION,
        Self::CREDENTIAL,
        Self::RESPONSIBILITY,
        Self::ORDER41_9,
        Self::ORDER41_10,
        Self::ORDER41_11,
    ];

    /// The clause that is cited so; none that the program does not cite.
    pub fn cited(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|clause| clause.as_str() == text)
    }

    const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The clause as it is cited.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

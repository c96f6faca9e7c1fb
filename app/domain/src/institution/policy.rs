//! The policy: every operation and every page, who may use it, and what it leaves behind.
//!
//! The server's list of routes and of server functions must equal this table; the matrix role × operation is a golden
//! file. A page or operation that is not here does not exist.

use super::office::{Office, PostKind, Step};
use crate::admission::handover::Receipt;
use crate::admission::import::ImportState;
use crate::admission::qualification::Qualification;
use crate::clause::Clause;
use crate::decision::Machine;
use crate::photo::PhotoState;
use crate::registration::PlatformAnswer;
use crate::status::StudentStatus;

/// Who may use an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Anyone,
    /// Everybody with a post or a student account at the university.
    SignedIn,
    /// These offices.
    Offices(&'static [Office]),
    /// These posts of these offices.
    Posts(&'static [(Office, PostKind)]),
    /// The office that performs this step at the university.
    Step(Step),
    /// The office of the step, and these.
    StepOr(Step, &'static [Office]),
    /// The offices of any of the steps, and these.
    AnyStepOr(&'static [Step], &'static [Office]),
}

/// What an operation leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Shows something; reads of personal data go to the access log.
    Read,
    /// Changes something: exactly one audit entry in the same transaction.
    Write,
}

/// One row of the policy table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `area/op` of an operation (`POST /api/area/op`), or the page's path below `/{slug}/`.
    pub op: &'static str,
    /// Page or operation.
    pub kind: Kind,
    /// Who may.
    pub who: Who,
    /// Read or write.
    pub effect: Effect,
    /// Whether password (and second factor) must have been given within five minutes.
    pub step_up: bool,
    /// The clause it rests on.
    pub clause: Clause,
}

/// Whether a rule is about a page, an operation, a file, or a step inside the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `GET /{slug}/…`
    Page,
    /// `POST /api/…`
    Operation,
    /// `GET` or `POST /{slug}/files/…`
    File,
    /// A step of the regulation that has no entrance: only the program itself performs it, in a post that has the right.
    Internal,
}

/// A named right; implemented by the unit types of this module only.
pub trait Action: std::fmt::Debug {
    /// The row of the table.
    fn rule() -> &'static Rule;
}

/// A right under which a machine is moved. The pairs are named below the table: under any other right a move of that
/// machine does not compile.
pub trait Moves<M: Machine>: Action {}

use Effect::{Read, Write};
use Kind::{File, Internal, Operation, Page};

const STAFF: &[Office] = &[
    Office::Admissions,
    Office::StudentAffairs,
    Office::AcademicAffairs,
    Office::College,
    Office::ItCentre,
    Office::UniversityOffice,
    Office::PartyOffice,
    Office::Security,
    Office::Discipline,
    Office::TenantAdmin,
];
const RECORD_OFFICES: &[Office] = &[
    Office::Admissions,
    Office::StudentAffairs,
    Office::AcademicAffairs,
    Office::College,
];
/// Whoever performs one of these works with the records, whichever office it is at the university.
const RECORD_STEPS: &[Step] = &[
    Step::KeepStatusRecords,
    Step::AdmissionHandover,
    Step::ReceiveCohort,
    Step::AssignClass,
    Step::RegisterFreshmen,
    Step::AnswerQueries,
    Step::AnnualRegistration,
];
/// Whoever performs one of these works with hand-overs.
const HANDOVER_STEPS: &[Step] = &[
    Step::AdmissionHandover,
    Step::ReceiveCohort,
    Step::AssignClass,
];
const RECORDS: Who = Who::AnyStepOr(RECORD_STEPS, RECORD_OFFICES);
/// Whoever may open a record may see its photo, and the student the own one.
const PHOTO_OFFICES: &[Office] = &[
    Office::Admissions,
    Office::StudentAffairs,
    Office::AcademicAffairs,
    Office::College,
    Office::Student,
];
const ADMIN: &[Office] = &[Office::TenantAdmin];
const IT: &[Office] = &[Office::ItCentre, Office::TenantAdmin];
const STUDENT: &[Office] = &[Office::Student];
const OPERATOR: &[Office] = &[Office::Operator];
const RECEIVERS: &[Office] = &[Office::College];
/// Whoever sees the student: the tenant administrator does not.
const SLIP_POSTS: &[(Office, PostKind)] = &[
    (Office::College, PostKind::Counsellor),
    (Office::College, PostKind::TeachingSecretary),
];
/// A slip alone is a student's or a member of staff's: which of them a post may print follows from whose it is.
const ONE_SLIP_POSTS: &[(Office, PostKind)] = &[
    (Office::College, PostKind::Counsellor),
    (Office::College, PostKind::TeachingSecretary),
    (Office::TenantAdmin, PostKind::Officer),
];

macro_rules! policy {
    ($( $(#[$doc:meta])* $name:ident = $op:literal, $kind:expr, $who:expr, $effect:expr, $step_up:expr, $clause:ident; )*) => {
        /// The policy table, in the order of this file.
        pub static POLICY: &[Rule] = &[ $( Rule {
            op: $op, kind: $kind, who: $who, effect: $effect, step_up: $step_up, clause: Clause::$clause,
        } ),* ];
        policy!(@types 0usize; $( $(#[$doc])* $name; )*);
    };
    (@types $n:expr; $(#[$doc:meta])* $name:ident; $($rest:tt)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Action for $name {
            fn rule() -> &'static Rule {
                const INDEX: usize = $n;
                #[expect(clippy::indexing_slicing, reason = "the index is made from the same list")]
                &POLICY[INDEX]
            }
        }
        policy!(@types $n + 1usize; $($rest)*);
    };
    (@types $n:expr;) => {};
}

policy! {
    /// The way to the universities of this service.
    EntrancePage = "", Page, Who::Anyone, Read, false, CONFIDENTIALITY;
    /// Sign-in page.
    SignInPage = "sign-in", Page, Who::Anyone, Read, false, CONFIDENTIALITY;
    /// Page that takes an activation slip.
    ActivatePage = "activate", Page, Who::Anyone, Read, false, CONFIDENTIALITY;
    /// The home of whoever is signed in: a student's record, or an office's 待办.
    HomePage = "home", Page, Who::SignedIn, Read, false, RESPONSIBILITY;
    /// Own account: second factor, sessions, password.
    AccountPage = "account", Page, Who::SignedIn, Read, false, CONFIDENTIALITY;
    /// The student's own registration record.
    MyRecordPage = "me", Page, Who::Offices(STUDENT), Read, false, SELF_CHECK;
    /// Who looked at me.
    MyAccessPage = "me/access", Page, Who::Offices(STUDENT), Read, false, CONFIDENTIALITY;
    /// Imports of admission data.
    ImportsPage = "admission/imports", Page, Who::Step(Step::AdmissionHandover), Read, false, HANDOVER;
    /// One import: progress, findings, confirmation.
    ImportPage = "admission/imports/:id", Page, Who::Step(Step::AdmissionHandover), Read, false, HANDOVER;
    /// Mapping of majors of a year.
    MajorsPage = "admission/majors", Page, Who::Step(Step::AdmissionHandover), Read, false, HANDOVER;
    /// Hand-overs.
    HandoversPage = "handovers", Page, Who::AnyStepOr(HANDOVER_STEPS, RECORD_OFFICES), Read, false, HANDOVER;
    /// One hand-over with its counts and receipts.
    HandoverPage = "handovers/:id", Page, Who::AnyStepOr(HANDOVER_STEPS, RECORD_OFFICES), Read, false, HANDOVER;
    /// Class and student number.
    AssignPage = "assign", Page, Who::Step(Step::AssignClass), Read, false, HANDOVER;
    /// Candidates and students.
    StudentsPage = "students", Page, RECORDS, Read, false, DAILY;
    /// One record with its timeline.
    StudentPage = "students/:id", Page, RECORDS, Read, false, DAILY;
    /// Exports and their progress.
    ExportsPage = "exports", Page, RECORDS, Read, false, CONFIDENTIALITY;
    /// Activation slips.
    SlipsPage = "activation", Page, Who::Posts(SLIP_POSTS), Read, false, CONFIDENTIALITY;
    /// Organisation tree.
    UnitsPage = "organisation", Page, Who::Offices(ADMIN), Read, false, RESPONSIBILITY;
    /// Staff and posts.
    StaffPage = "staff", Page, Who::Offices(ADMIN), Read, false, RESPONSIBILITY;
    /// Tenant parameters and the school's own rules.
    ParametersPage = "parameters", Page, Who::Offices(ADMIN), Read, false, RESPONSIBILITY;
    /// The school's names, province, colour, logo and academic calendar.
    SchoolPage = "school", Page, Who::Offices(ADMIN), Read, false, RESPONSIBILITY;
    /// Refused sign-ins, locks and attacks.
    SecurityPage = "security", Page, Who::Offices(IT), Read, false, CONFIDENTIALITY;

    /// Sign in with login and password.
    SignIn = "institution/sign-in", Operation, Who::Anyone, Write, false, CONFIDENTIALITY;
    /// Sign out.
    SignOut = "institution/sign-out", Operation, Who::SignedIn, Write, false, CONFIDENTIALITY;
    /// Second factor after the password.
    SecondFactor = "institution/second-factor", Operation, Who::Anyone, Write, false, CONFIDENTIALITY;
    /// Give the password (and second factor) again.
    StepUp = "institution/step-up", Operation, Who::SignedIn, Write, false, CONFIDENTIALITY;
    /// Work in another of the own posts.
    SwitchPost = "institution/switch-post", Operation, Who::SignedIn, Write, false, RESPONSIBILITY;
    /// Set the first password with an activation slip.
    Activate = "institution/activate", Operation, Who::Anyone, Write, false, CONFIDENTIALITY;
    /// Set the first password with candidate number, name, document number and one-time code.
    ActivateByCode = "institution/activate-by-code", Operation, Who::Anyone, Write, false, CONFIDENTIALITY;
    /// Change the own password.
    ChangePassword = "institution/change-password", Operation, Who::SignedIn, Write, false, CONFIDENTIALITY;
    /// Begin enrolment of a second factor.
    EnrolTotp = "institution/totp-enrol", Operation, Who::Offices(STAFF), Write, true, CONFIDENTIALITY;
    /// Confirm the second factor with its first code.
    ConfirmTotp = "institution/totp-confirm", Operation, Who::Offices(STAFF), Write, false, CONFIDENTIALITY;
    /// End one of the own sessions.
    EndSession = "institution/end-session", Operation, Who::SignedIn, Write, false, CONFIDENTIALITY;
    /// Issue activation slips for a class.
    IssueSlips = "institution/issue-slips", Operation, Who::Posts(SLIP_POSTS), Write, false, CONFIDENTIALITY;
    /// Issue a new slip or one-time code to one person who was seen.
    ReissueSlip = "institution/reissue-slip", Operation, Who::Posts(SLIP_POSTS), Write, false, CONFIDENTIALITY;
    /// Issue activation slips to the staff who have none.
    IssueStaffSlips = "institution/issue-staff-slips", Operation, Who::Offices(ADMIN), Write, false, CONFIDENTIALITY;
    /// Issue a new slip to one member of the staff who was seen.
    ReissueStaffSlip = "institution/reissue-staff-slip", Operation, Who::Offices(ADMIN), Write, true, CONFIDENTIALITY;
    /// Disable an account of the staff.
    DisableAccount = "institution/disable-account", Operation, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// Let a disabled account be used again.
    EnableAccount = "institution/enable-account", Operation, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// Take a lost second factor away, so that a new one is enrolled.
    ResetTotp = "institution/reset-totp", Operation, Who::Offices(ADMIN), Write, true, CONFIDENTIALITY;
    /// Confirm an import of units or staff.
    ImportOrganisation = "institution/import-confirm", Operation, Who::Offices(ADMIN), Write, false, RESPONSIBILITY;
    /// Undo an import of units or staff.
    UndoOrganisation = "institution/import-undo", Operation, Who::Offices(ADMIN), Write, false, RESPONSIBILITY;
    /// Set a tenant parameter with its basis and date.
    SetParameter = "institution/set-parameter", Operation, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// Give the school another name or code from a day on.
    SetSchoolName = "institution/set-school-name", Operation, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// Set a term of the academic calendar.
    SetTerm = "institution/set-term", Operation, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// Set province and colour.
    SetBranding = "institution/set-branding", Operation, Who::Offices(ADMIN), Write, false, RESPONSIBILITY;

    /// Accept the warnings of one kind with a reason.
    AcceptWarnings = "admission/accept-warnings", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Confirm the good rows of an import.
    ConfirmImport = "admission/confirm", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// How far the work on an import is.
    ImportProgress = "admission/progress", Operation, Who::Step(Step::AdmissionHandover), Read, false, HANDOVER;
    /// Say which column of a worksheet is which field.
    AssignColumns = "admission/assign-columns", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Start the work on an import again after it failed.
    ResumeImport = "admission/resume", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Put aside an upload of which nothing went in.
    DiscardImport = "admission/discard", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Undo a confirmed import.
    UndoImport = "admission/undo", Operation, Who::Step(Step::AdmissionHandover), Write, true, HANDOVER;
    /// Map an admitted major to the school's major and college.
    MapMajor = "admission/map-major", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Follow every suggestion for the admitted majors of a year.
    MapSuggested = "admission/map-suggested", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Offer a cohort to Student Affairs and the colleges.
    OfferHandover = "admission/offer", Operation, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Accept a hand-over.
    AcceptHandover = "admission/accept", Operation, Who::StepOr(Step::ReceiveCohort, RECEIVERS), Write, false, HANDOVER;
    /// Return a hand-over with reasons.
    ReturnHandover = "admission/return", Operation, Who::StepOr(Step::ReceiveCohort, RECEIVERS), Write, false, HANDOVER;
    /// Assign class and student number by rule.
    AssignByRule = "admission/assign", Operation, Who::Step(Step::AssignClass), Write, false, HANDOVER;
    /// Confirm an assignment workbook.
    ConfirmAssignment = "admission/assign-confirm", Operation, Who::Step(Step::AssignClass), Write, false, HANDOVER;
    /// Put an assignment workbook aside that was not confirmed.
    DiscardAssignment = "admission/assign-discard", Operation, Who::Step(Step::AssignClass), Write, false, HANDOVER;
    /// Undo an assignment.
    UndoAssignment = "admission/assign-undo", Operation, Who::Step(Step::AssignClass), Write, true, HANDOVER;
    /// Puts one student into another class.
    CorrectClass = "admission/correct-class", Operation, Who::Step(Step::AssignClass), Write, false, HANDOVER;
    /// Gives one student another number.
    CorrectNumber = "admission/correct-number", Operation, Who::Step(Step::AssignClass), Write, true, HANDOVER;

    /// Show one masked value of one person, with a reason.
    Reveal = "disclosure/reveal", Operation, RECORDS, Write, true, CONFIDENTIALITY;
    /// Look a person up by the whole document number.
    FindByDocument = "disclosure/find", Operation, RECORDS, Write, false, CONFIDENTIALITY;
    /// Search the list: the term is sealed before it goes into the address.
    SearchStudents = "disclosure/search", Operation, RECORDS, Read, false, CONFIDENTIALITY;
    /// Ask for an export of the list on the screen.
    RequestExport = "disclosure/export", Operation, RECORDS, Write, true, CONFIDENTIALITY;

    /// Upload an admission package, workbook or repaired rows.
    UploadAdmission = "files/admission", File, Who::Step(Step::AdmissionHandover), Write, false, HANDOVER;
    /// Upload admission photos.
    UploadPhotos = "files/photos", File, Who::Step(Step::AdmissionHandover), Write, false, ONLINE_FIELDS;
    /// Upload an assignment workbook.
    UploadAssignment = "files/assignment", File, Who::Step(Step::AssignClass), Write, false, HANDOVER;
    /// Upload units or staff.
    UploadOrganisation = "files/organisation", File, Who::Offices(ADMIN), Write, false, RESPONSIBILITY;
    /// Upload a version of one of the school's own rules (实施细则).
    UploadRule = "files/rule", File, Who::Offices(ADMIN), Write, true, RESPONSIBILITY;
    /// A version of one of the school's own rules.
    DownloadRule = "files/rules/:id", File, Who::Offices(STAFF), Read, false, RESPONSIBILITY;
    /// Upload the school's logo.
    UploadLogo = "files/logo", File, Who::Offices(ADMIN), Write, false, RESPONSIBILITY;
    /// The school's logo; the sign-in page shows it too.
    ViewLogo = "files/brand/logo", File, Who::Anyone, Read, false, RESPONSIBILITY;
    /// The school's colour as a style sheet.
    BrandStyle = "files/brand/style", File, Who::Anyone, Read, false, RESPONSIBILITY;
    /// A template to fill in.
    DownloadTemplate = "files/templates/:name", File, Who::Offices(STAFF), Read, false, RESPONSIBILITY;
    /// The findings of an import as a workbook.
    DownloadFindings = "files/findings/:id", File, Who::Step(Step::AdmissionHandover), Read, false, HANDOVER;
    /// A finished export.
    DownloadExport = "files/exports/:id", File, RECORDS, Read, false, CONFIDENTIALITY;
    /// The result of a check of units or staff, row by row.
    DownloadOrganisation = "files/organisation/:id", File, Who::Offices(ADMIN), Read, false, RESPONSIBILITY;
    /// Activation slips of every visible class, for printing.
    PrintAllSlips = "files/slips/all", File, Who::Posts(SLIP_POSTS), Read, false, CONFIDENTIALITY;
    /// Activation slips of the staff, for printing.
    PrintStaffSlips = "files/slips/staff", File, Who::Offices(ADMIN), Read, false, CONFIDENTIALITY;
    /// One activation slip, for printing.
    PrintOneSlip = "files/slips/one/:id", File, Who::Posts(ONE_SLIP_POSTS), Read, false, CONFIDENTIALITY;
    /// Activation slips of a class, for printing.
    PrintSlips = "files/slips/:class", File, Who::Posts(SLIP_POSTS), Read, false, CONFIDENTIALITY;
    /// An admission photo, small and watermarked.
    ViewPhoto = "files/photo/:id", File, Who::AnyStepOr(RECORD_STEPS, PHOTO_OFFICES), Read, false, ONLINE_FIELDS;

    /// Tenants, sizes and health; no student data.
    TenantsPage = "operator/tenants", Page, Who::Offices(OPERATOR), Read, false, STORAGE;
    /// The operator's own account: second factor.
    OperatorAccountPage = "operator/account", Page, Who::Offices(OPERATOR), Read, false, STORAGE;
    /// Sign the operator in.
    OperatorSignIn = "operator/sign-in", Operation, Who::Anyone, Write, false, STORAGE;
    /// The operator's second factor after the password.
    OperatorSecondFactor = "operator/second-factor", Operation, Who::Anyone, Write, false, STORAGE;
    /// Sign the operator out.
    OperatorSignOut = "operator/sign-out", Operation, Who::Offices(OPERATOR), Write, false, STORAGE;
    /// Give the operator's password (and second factor) again.
    OperatorStepUp = "operator/step-up", Operation, Who::Offices(OPERATOR), Write, false, STORAGE;
    /// Begin enrolment of the operator's second factor.
    OperatorEnrolTotp = "operator/totp-enrol", Operation, Who::Offices(OPERATOR), Write, true, STORAGE;
    /// Confirm the operator's second factor with its first code.
    OperatorConfirmTotp = "operator/totp-confirm", Operation, Who::Offices(OPERATOR), Write, false, STORAGE;
    /// Create a tenant with its first administrator.
    CreateTenant = "operator/create-tenant", Operation, Who::Offices(OPERATOR), Write, true, STORAGE;
    /// Suspend a tenant: nobody of it is let in, its jobs stand still, nothing is lost.
    SuspendTenant = "operator/suspend-tenant", Operation, Who::Offices(OPERATOR), Write, true, STORAGE;
    /// Let a suspended tenant work again.
    ResumeTenant = "operator/resume-tenant", Operation, Who::Offices(OPERATOR), Write, true, STORAGE;
    /// Put a new sealing key of a tenant in force; by the command line of the machine that has the keys.
    RotateKeys = "operator/rotate-keys", Internal, Who::Offices(OPERATOR), Write, true, STORAGE;

    /// Arrival and initial check at the college.
    RecordArrival = "admission/arrival", Internal, Who::Offices(RECEIVERS), Write, false, HANDOVER;
    /// Forgone, deferred and cancelled admissions.
    AnnotateAdmission = "admission/annotation", Internal, Who::Step(Step::RegisterFreshmen), Write, false, ANNOTATION;
    /// Student status begins.
    BeginStatus = "status/begin", Internal, Who::Step(Step::KeepStatusRecords), Write, false, REGISTRATION_BASIS;
    /// Student status changes by a document.
    ChangeStatus = "status/change", Internal, Who::Step(Step::AnnualRegistration), Write, false, DAILY;
    /// New-student registration on the platform.
    RegisterFreshmen = "registration/freshmen", Internal, Who::Step(Step::RegisterFreshmen), Write, false, FRESHMAN_REGISTRATION;
    /// Certificate photos: capture, proofing, comparison.
    OrganisePhotos = "photo/organise", Internal, Who::Step(Step::AnnualRegistration), Write, false, PHOTO;
}

/// The rule of a page, file or operation by its path: below the university, or as `area/op`; `:id` stands for one segment.
pub fn rule_of(path: &str, kinds: &[Kind]) -> Option<&'static Rule> {
    let path = path.trim_matches('/');
    POLICY
        .iter()
        .filter(|rule| kinds.contains(&rule.kind))
        .find(|rule| {
            let (mut pattern, mut actual) = (rule.op.split('/'), path.split('/'));
            loop {
                match (pattern.next(), actual.next()) {
                    (None, None) => return true,
                    (Some(p), Some(a)) if p == a || stands_for(p, a) => {}
                    (Some(_) | None, Some(_)) | (Some(_), None) => return false,
                }
            }
        })
}

/// Whether a segment of an address can be what a pattern has there: ids of rows are nothing but ids.
fn stands_for(pattern: &str, actual: &str) -> bool {
    match pattern {
        ":id" | ":class" => actual.parse::<uuid::Uuid>().is_ok(),
        _ => pattern.starts_with(':') && !actual.is_empty(),
    }
}

/// What a post, or the operator, may use while the second factor must still be enrolled: the way to enrol, and the ways
/// out.
static BEFORE_ENROLMENT: &[fn() -> &'static Rule] = &[
    AccountPage::rule,
    StepUp::rule,
    EnrolTotp::rule,
    ConfirmTotp::rule,
    ChangePassword::rule,
    SwitchPost::rule,
    EndSession::rule,
    SignOut::rule,
    OperatorAccountPage::rule,
    OperatorStepUp::rule,
    OperatorEnrolTotp::rule,
    OperatorConfirmTotp::rule,
    OperatorSignOut::rule,
];

impl Rule {
    /// Whether a post, or an operator, who must still enrol a second factor may use this.
    pub fn before_enrolment(&self) -> bool {
        self.who == Who::Anyone || BEFORE_ENROLMENT.iter().any(|rule| rule().op == self.op)
    }
}

macro_rules! moves {
    ($($action:ident => $machine:ty;)*) => {
        $(impl Moves<$machine> for $action {})*
    };
}

moves! {
    UploadAdmission => ImportState;
    AssignColumns => ImportState;
    ResumeImport => ImportState;
    DiscardImport => ImportState;
    UploadPhotos => ImportState;
    ConfirmImport => ImportState;
    ConfirmImport => Qualification;
    UndoImport => ImportState;
    UndoImport => Qualification;
    ImportOrganisation => ImportState;
    UndoOrganisation => ImportState;
    ConfirmAssignment => ImportState;
    DiscardAssignment => ImportState;
    UndoAssignment => ImportState;
    OfferHandover => Receipt;
    AcceptHandover => Receipt;
    ReturnHandover => Receipt;
    RecordArrival => Qualification;
    AnnotateAdmission => Qualification;
    BeginStatus => StudentStatus;
    ChangeStatus => StudentStatus;
    RegisterFreshmen => PlatformAnswer;
    OrganisePhotos => PhotoState;
}

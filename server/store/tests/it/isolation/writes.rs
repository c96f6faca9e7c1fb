//! Every public write, tried in units of one school with the ids and the rows of a school. A new write of `UnitOfWork` or
//! `Door` that is not here fails a test of [`super`].

use crate::school::{KSH, LOGIN, School, YEAR, granted, noted, photo};
use chrono::TimeDelta;
use domain::clause::Clause;
use domain::decision::{Read, decide};
use domain::institution::{SchoolCode, policy};
use domain::photo::{PhotoEvent, PhotoState};
use std::fmt::Debug;
use store::testkit::Bed;
use store::{
    Claimed, Detail, Door, FindingFilter, JobRun, NewJob, Result, Subject, UnitOfWork, rows,
};

/// The ends of units, which write nothing of their own.
pub const ENDS: [&str; 2] = ["commit", "write_notes"];

/// A write and what came of it.
#[derive(Debug)]
pub struct Tried {
    pub name: &'static str,
    pub said: String,
}

impl Tried {
    /// Whether it may have found what it was told to change: it found fault with nothing, or the database knew a reason
    /// against it.
    pub fn reached(&self) -> bool {
        let nothing = ["Ok(false)", "Ok(None)", "Ok(0)", "Ok([])"].contains(&self.said.as_str());
        let refused = |how: &str| self.said.starts_with(how);
        let known = refused("Err(Taken") || refused("Err(Database");
        known || !(nothing || refused("Err("))
    }
}

/// What becomes of writes that went through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Commit,
    Drop,
}

/// Tries every write in units of a school, with the ids and rows of one.
pub async fn everything_written(bed: &Bed, own: &School, of: &School, then: Then) -> Vec<Tried> {
    let rows = Rows::of(bed, of).await;
    let mut tries = Tries {
        bed,
        own,
        then,
        tried: Vec::new(),
    };
    doors(&mut tries, of, &rows).await;
    accounts(&mut tries, of, &rows).await;
    institution(&mut tries, of, &rows).await;
    admission(&mut tries, of, &rows).await;
    students(&mut tries, of, &rows).await;
    handover(&mut tries, of, &rows).await;
    moves(&mut tries, of, &rows).await;
    tenant(&mut tries, of, &rows).await;
    tries.tried
}

/// Rows as a service would have loaded them.
struct Rows {
    tenant: rows::Tenant,
    person: rows::Person,
    account: rows::Account,
    /// An account that is not locked.
    pupil: rows::Account,
    post: rows::Post,
    activation: rows::Activation,
    code: rows::Activation,
    unit: rows::Unit,
    short_name: rows::UnitShortName,
    name: rows::SchoolName,
    term: rows::AcademicTerm,
    rules: rows::RuleDocument,
    parameter: rows::ParameterValue,
    change: rows::OrganisationChange,
    file: rows::StoredFile,
    import: rows::ImportBatch,
    import_row: rows::ImportRow,
    finding: rows::Finding,
    candidate: rows::Candidate,
    picture: rows::AdmissionPhoto,
    map: rows::MajorMap,
    student: rows::Student,
    /// A record without person, class and hand-over, which that of the student continues.
    earlier: rows::Student,
    assignment: rows::Assignment,
    handover: rows::Handover,
    member: rows::HandoverMember,
    receipt: rows::HandoverReceipt,
    photo: Read<PhotoState>,
    claimed: Claimed,
}

impl Rows {
    async fn of(bed: &Bed, of: &School) -> Self {
        let claimed = bed.store().control().claim_named(of.job, "worker").await;
        let photo = photo(bed.store(), &of.academic, of.student).await;
        let mut unit = bed.store().begin(&of.academic).await.unwrap();
        let first = FindingFilter {
            limit: 1,
            ..FindingFilter::default()
        };
        let changes = unit.organisation_changes_of(of.import).await.unwrap();
        Self {
            tenant: unit.own_tenant().await.unwrap(),
            person: unit.person(of.person).await.unwrap(),
            account: unit.account(of.account).await.unwrap(),
            pupil: unit.account_by_login(KSH).await.unwrap().unwrap(),
            post: unit.post(of.post).await.unwrap(),
            activation: unit.activation(of.activation).await.unwrap(),
            code: unit.open_code_of(of.account).await.unwrap().unwrap(),
            unit: unit.unit(of.college).await.unwrap(),
            short_name: unit.unit_short_names().await.unwrap().remove(0),
            name: unit.school_names().await.unwrap().remove(0),
            term: unit.terms().await.unwrap().remove(0),
            rules: unit.rule_documents().await.unwrap().remove(0),
            parameter: unit.parameter_values().await.unwrap().remove(0),
            change: changes.into_iter().next().unwrap(),
            file: unit.stored_file(of.file).await.unwrap(),
            import: unit.import(of.import).await.unwrap(),
            import_row: unit.import_row(of.row).await.unwrap(),
            finding: unit.findings(of.import, &first).await.unwrap().remove(0),
            candidate: unit.candidate(of.candidate).await.unwrap(),
            picture: unit.admission_photo(of.candidate).await.unwrap().unwrap(),
            map: unit.major_map(of.map).await.unwrap(),
            student: unit.student(of.student).await.unwrap(),
            earlier: unit.record_before(of.student).await.unwrap().unwrap(),
            assignment: unit.assignments(of.batch).await.unwrap().remove(0),
            handover: unit.handover(of.handover).await.unwrap(),
            member: unit
                .handover_members(of.handover, None)
                .await
                .unwrap()
                .remove(0),
            receipt: unit.receipt(of.receipt).await.unwrap(),
            photo,
            claimed: claimed.unwrap().unwrap(),
        }
    }
}

struct Tries<'a> {
    bed: &'a Bed,
    own: &'a School,
    then: Then,
    tried: Vec<Tried>,
}

impl Tries<'_> {
    async fn unit(&self) -> UnitOfWork {
        let unit = self.bed.store().begin(&self.own.academic).await;
        unit.unwrap()
    }

    async fn door(&self) -> Door {
        self.bed.store().door(self.own.tenant).await.unwrap()
    }

    /// Keeps what a write said; whether it is to be committed.
    fn keep<T: Debug>(&mut self, name: &'static str, said: &Result<T>) -> bool {
        let told = format!("{said:?}");
        self.tried.push(Tried { name, said: told });
        self.then == Then::Commit && said.is_ok()
    }
}

macro_rules! write {
    ($tries:ident, $( $method:ident ( $($arg:expr),* $(,)? ); )*) => {
        $( {
            let mut unit = $tries.unit().await;
            let said = unit.$method($($arg),*).await;
            if $tries.keep(stringify!($method), &said) {
                noted::<policy::SwitchPost>(&mut unit, "post", $tries.own.post);
                unit.commit().await.unwrap();
            }
        } )*
    };
}

macro_rules! write_at_door {
    ($tries:ident, $( $method:ident ( $($arg:expr),* $(,)? ); )*) => {
        $( {
            let door = $tries.door().await;
            let said = door.$method($($arg),*).await;
            if $tries.keep(stringify!($method), &said) {
                door.commit().await.unwrap();
            }
        } )*
    };
}

async fn doors(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let soon = tries.bed.store().now() + TimeDelta::days(1);
    write_at_door!(tries,
        count_failure(of.account, soon);
        lock(of.account, soon);
        clear_failures(&rows.pupil);
        open_lock(&rows.pupil);
        renew_hash(&rows.account, "x");
        set_password(&rows.account, "x");
        keep_totp(of.account, vec![1]);
        confirm_totp(&rows.account, vec![1], 1);
        use_totp_step(of.account, 1);
        set_recovery_codes(of.account, Vec::new());
        use_recovery_code(of.account, [1; 32]);
        use_activation(of.activation);
        count_code_try(rows.code.id, 1);
        forget_files(&[of.file]);
        give_up(&rows.claimed, "x");
        security_event("locked", Some(of.account), "127.0.1.0/24", "x");
    );
}

async fn accounts(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let today = domain::calendar::local_date(tries.bed.store().now());
    write!(tries,
        insert_people(vec![rows.person.clone()], Vec::new(), Vec::new());
        insert_people(Vec::new(), vec![rows.account.clone()], Vec::new());
        insert_people(Vec::new(), Vec::new(), vec![rows.post.clone()]);
        insert_activations(vec![rows.activation.clone()]);
        set_account_state(&rows.account, "disabled");
        reset_totp(&rows.account);
        close_activations(&[of.account]);
        set_person(of.person, "x", None);
        end_posts(&[of.post], today);
        set_post_scope(of.post, &rows.post.scope, "x");
    );
}

async fn institution(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let today = domain::calendar::local_date(tries.bed.store().now());
    let renamed = rows::Unit {
        name: "x".to_owned(),
        ..rows.unit.clone()
    };
    write!(tries,
        insert_units(vec![rows.unit.clone()], Vec::new());
        insert_units(Vec::new(), vec![rows.short_name.clone()]);
        insert_calendar(vec![rows.name.clone()], Vec::new());
        insert_calendar(Vec::new(), vec![rows.term.clone()]);
        insert_rule_document(rows.rules.clone());
        insert_parameter(rows.parameter.clone());
        insert_file(rows.file.clone());
        insert_import(rows.import.clone());
        insert_organisation_changes(vec![rows.change.clone()]);
        update_unit(renamed);
        set_short_names(of.college, Vec::new());
        end_school_name(rows.name.id, Some(today));
        amend_school_name(rows.name.id, "10002", "x");
        delete_organisation_changes(of.import);
        delete_organisation_of(of.import);
    );
}

async fn admission(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let (college, major) = (tries.own.college, tries.own.major);
    write!(tries,
        hold_cohort(YEAR);
        insert_checked(vec![rows.import_row.clone()], Vec::new());
        insert_checked(Vec::new(), vec![rows.finding.clone()]);
        insert_findings(vec![rows.finding.clone()]);
        insert_candidates(vec![rows.candidate.clone()], Vec::new());
        insert_candidates(Vec::new(), vec![rows.student.clone()]);
        insert_major_maps(vec![rows.map.clone()]);
        insert_photos(vec![rows.picture.clone()]);
        set_import_result(of.import, "{\"x\":1}", "x", None);
        set_import_job(of.import, of.job);
        set_import_confirmed(of.import);
        set_import_mapping(of.import, "{\"x\":1}");
        accept_findings(of.import, &of.mark, "x");
        set_row_states(&[of.row], "confirmed");
        set_major(of.map, college, Some(major), true);
        forget_accepted_before(of.import);
        clear_checked(of.import);
        hold_students_of(of.import);
        release_rows(of.import);
        forget_undone_assignments(of.import);
        delete_photos_of(of.import);
        delete_candidates_of(of.import);
    );
}

async fn students(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let own = tries.own;
    let placed = || rows::Student {
        student_no: Some("2026310099".to_owned()),
        ..rows.student.clone()
    };
    write!(tries,
        insert_assignments(vec![rows.assignment.clone()]);
        place_students(&[(&rows.student, placed())]);
        set_assignments_undone(of.batch);
        place_by_major(&[rows.earlier.id], None, own.college, Some(own.major));
        set_student_person(rows.earlier.id, own.person);
        continue_record(&rows.student, own.student, None);
        take_back_continuation(&rows.earlier);
        log_access(Some(of.student), "reveal", "identity", "x", 1);
        log_accesses(&[of.student], "reveal", "identity", "x");
        log_accesses_of(&[(2, 1)], "reveal", "identity", "x");
    );
}

async fn handover(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let again = rows::Handover {
        number: 2,
        ..rows.handover.clone()
    };
    let own = rows::Handover {
        tenant_id: tries.own.tenant.0,
        id: tries.bed.store().id(),
        number: 3,
        ..rows.handover.clone()
    };
    write!(tries,
        insert_handover(again, Vec::new(), Vec::new());
        insert_handover(own.clone(), vec![rows.member.clone()], Vec::new());
        insert_handover(own.clone(), Vec::new(), vec![rows.receipt.clone()]);
        hold_receipts(of.handover);
        sign_receipt(of.receipt, Some("x"));
        set_handed_over(&[rows.earlier.id]);
    );
}

async fn moves(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let granted = granted::<policy::OrganisePhotos>(&tries.own.academic, tries.bed.store().now());
    let moved = || {
        let event = PhotoEvent::ObtainCode;
        decide(&granted, rows.photo, event, Clause::ONLINE_FIELDS).unwrap()
    };
    let job = NewJob {
        kind: "check",
        payload: "x".to_owned(),
        idem_key: LOGIN.to_owned(),
    };
    write!(tries,
        apply(&granted, moved(), Detail::none());
        apply_within(&granted, moved(), Detail::none());
        apply_many(&granted, Subject::new("student", of.student), &[moved()], Detail::none());
        enqueue(job);
        checkpoint(&rows.claimed, &JobRun { done: 1, ..JobRun::default() });
        finish_job(&rows.claimed, Ok("x".to_owned()));
    );
}

/// The own row of the university: no other one can be named. Last, for then it is suspended.
async fn tenant(tries: &mut Tries<'_>, of: &School, rows: &Rows) {
    let code = format!("60{:03}", tries.own.tenant.0);
    let code = SchoolCode::parse(&code).unwrap();
    write!(tries,
        insert_tenant(rows.tenant.clone());
        own_tenant();
        set_name("x", &code);
        set_branding("#000000", "31");
        set_logo(of.file);
        set_tenant_active(false);
    );
}

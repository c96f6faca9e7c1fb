//! Entities: private to this crate. Their models leave it as plain rows through [`crate::rows`].

/// A table of a tenant: key `(tenant_id, id)`.
macro_rules! tenant_entity {
    ($module:ident, $table:literal, { $( $field:ident : $kind:ty ),* $(,)? }) => {
        #[doc = concat!("Table `", $table, "`.")]
        pub mod $module {
            use sea_orm::entity::prelude::*;
            #[doc = concat!("One row of `", $table, "`.")]
            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub tenant_id: i32,
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                $( pub $field: $kind, )*
            }
            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

/// A control table with a key of its own.
macro_rules! control_entity {
    ($module:ident, $table:literal, $key:ident : $key_kind:ty, { $( $field:ident : $kind:ty ),* $(,)? }) => {
        #[doc = concat!("Table `", $table, "`.")]
        pub mod $module {
            use sea_orm::entity::prelude::*;
            #[doc = concat!("One row of `", $table, "`.")]
            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub $key: $key_kind,
                $( pub $field: $kind, )*
            }
            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

control_entity!(tenant, "tenant", id: i32, {
    slug: String, school_code: String, name: String, province: String, colour: String,
    logo_key: Option<String>, key_ring: String, state: String, created_at: DateTimeUtc,
});
control_entity!(session, "session", id_hash: Vec<u8>, {
    tenant_id: Option<i32>, account_id: Option<Uuid>, data: String, created_at: DateTimeUtc,
    seen_at: DateTimeUtc, expires_at: DateTimeUtc,
});
control_entity!(job_ticket, "job_ticket", id: Uuid, {
    tenant_id: i32, kind: String, state: String, run_after: DateTimeUtc, lease_until: Option<DateTimeUtc>,
    fence: i64, attempt: i32, turn: i64, worker: Option<String>, idem_key: String,
});
control_entity!(tenant_stat, "tenant_stat", tenant_id: i32, {
    candidates: i64, students: i64, accounts: i64, file_bytes: i64, updated_at: DateTimeUtc,
});
control_entity!(demo, "demo", id: i32, {
    ready: bool, seed: String, students: i64, year: i32,
});
control_entity!(operator, "operator", id: Uuid, {
    login: String, name: String, password_hash: String, totp: Option<Vec<u8>>, totp_confirmed: bool, totp_step: i64,
    recovery: Vec<u8>, fails: i32, locked_until: Option<DateTimeUtc>, created_at: DateTimeUtc, version: i32,
});
control_entity!(operator_event, "operator_event", id: Uuid, {
    at: DateTimeUtc, kind: String, operator_id: Option<Uuid>, origin: String,
});
control_entity!(attempt, "attempt", mark: Vec<u8>, {
    window_start: DateTimeUtc, count: i32, kept_until: DateTimeUtc,
});

tenant_entity!(parameter_value, "parameter_value", {
    key: String, version: i32, value: String, basis: String, rule_id: Option<Uuid>, effective_from: Date, set_by: Uuid,
    set_at: DateTimeUtc,
});
tenant_entity!(school_name, "school_name", { code: String, name: String, valid_from: Date, valid_to: Option<Date> });
tenant_entity!(academic_term, "academic_term", {
    year: i32, semester: String, starts_on: Date, ends_on: Date, arrival_on: Option<Date>,
    verify_until: Option<Date>, self_check_until: Option<Date>, photo_until: Option<Date>, version: i32, set_by: Uuid,
    set_at: DateTimeUtc,
});
tenant_entity!(rule_document, "rule_document", {
    title: String, number: String, version: i32, effective_from: Date, file_id: Option<Uuid>, added_by: Uuid,
    added_at: DateTimeUtc,
});
tenant_entity!(stored_file, "stored_file", {
    purpose: String, object_key: String, name: String, media: String, size: i64, sha256: Vec<u8>, created_by: Uuid,
    created_at: DateTimeUtc,
});
tenant_entity!(import_batch, "import_batch", {
    purpose: String, year: i32, file_id: Uuid, file_name: String, sha256: Vec<u8>, state: String, version: i32,
    counts: String, notices: String, mapping: String, error: Option<String>, job_id: Option<Uuid>, created_by: Uuid,
    created_at: DateTimeUtc, confirmed_by: Option<Uuid>, confirmed_at: Option<DateTimeUtc>,
});
tenant_entity!(unit, "unit", {
    kind: String, parent_id: Option<Uuid>, code: String, name: String, catalogue_year: Option<i32>,
    national_code: Option<String>, duration: Option<String>, grade: Option<i32>, phone: Option<String>,
    valid_from: Date, valid_to: Option<Date>, import_id: Option<Uuid>,
});
tenant_entity!(unit_short_name, "unit_short_name", {
    unit_id: Uuid, layout: String, short_name: String, approved_by: Uuid, approved_on: Date,
});
tenant_entity!(organisation_change, "organisation_change", {
    import_id: Uuid, subject: String, subject_id: Uuid, before: String, sealed: Option<Vec<u8>>, changed_on: Date,
    changed_at: DateTimeUtc,
});
tenant_entity!(person, "person", { name: String, contact: Option<Vec<u8>>, created_at: DateTimeUtc });
tenant_entity!(account, "account", {
    person_id: Uuid, kind: String, login: String, password_hash: Option<String>, totp: Option<Vec<u8>>,
    totp_confirmed: bool, totp_step: i64, state: String, fails: i32, locked_until: Option<DateTimeUtc>,
    import_id: Option<Uuid>, created_at: DateTimeUtc, version: i32,
});
tenant_entity!(post, "post", {
    person_id: Uuid, office: String, kind: String, scope: String, valid_from: Date, valid_to: Option<Date>,
    import_id: Option<Uuid>,
});
tenant_entity!(recovery_code, "recovery_code", { account_id: Uuid, hash: Vec<u8>, used_at: Option<DateTimeUtc> });
tenant_entity!(activation, "activation", {
    account_id: Uuid, kind: String, secret_hash: Option<Vec<u8>>, tries: i32, reason: String,
    identity_check: Option<String>, after_signature: bool, issued_by: Uuid, issued_at: DateTimeUtc, expires_at: DateTimeUtc, used_at: Option<DateTimeUtc>,
});
tenant_entity!(security_event, "security_event", {
    at: DateTimeUtc, kind: String, account_id: Option<Uuid>, origin: String, detail: String,
});
tenant_entity!(import_row, "import_row", {
    import_id: Uuid, ordinal: i32, folder: String, file: String, row: i32, ksh: String, name: String, major: String,
    state: String, digest: Vec<u8>, sealed: Vec<u8>,
});
tenant_entity!(finding, "finding", {
    import_id: Uuid, row_id: Option<Uuid>, ordinal: i32, ksh: String, file: String, row: i32, kind: String,
    rule: String, field: String, severity: String, message: String, suggestion: String, about_year: Option<i32>,
    about_ksh: Option<String>,
    accepted_reason: Option<String>, accepted_by: Option<Uuid>, accepted_at: Option<DateTimeUtc>,
});
tenant_entity!(candidate, "candidate", {
    import_id: Uuid, row_id: Uuid, year: i32, ksh: String, name: String, name_key: String, sex: String,
    ethnic: String, political: String, folder: String, admitted_code: String, national_code: String,
    national_name: String, path: String, id_type: String, id_index: Vec<u8>, identity: Vec<u8>, contact: Vec<u8>,
    details: Vec<u8>, due: String, digest: Vec<u8>, created_at: DateTimeUtc,
});
tenant_entity!(student, "student", {
    candidate_id: Uuid, year: i32, ksh: String, ksh_tail: String, name: String, name_key: String, pinyin: String,
    initials: String, sex: String, student_no: Option<String>, no_tail: Option<String>, college_id: Option<Uuid>,
    major_id: Option<Uuid>, class_id: Option<Uuid>, qualification: String, qualification_on: Option<Date>,
    status: String, status_on: Option<Date>, registration: String, registration_on: Option<Date>,
    listed_on: Option<Date>, photo: String, photo_on: Option<Date>, handed_over_on: Option<Date>, person_id: Option<Uuid>, continued_by: Option<Uuid>,
    deferred_on: Option<Date>, version: i32,
});
tenant_entity!(admission_photo, "admission_photo", {
    candidate_id: Uuid, import_id: Uuid, year: i32, object_key: String, sha256: Vec<u8>, size: i64,
});
tenant_entity!(major_map, "major_map", {
    year: i32, folder: String, admitted_code: String, national_code: String, national_name: String,
    college_id: Option<Uuid>, major_id: Option<Uuid>, broad: bool, set_by: Option<Uuid>, set_at: Option<DateTimeUtc>,
});
tenant_entity!(handover, "handover", {
    year: i32, number: i32, kind: String, counts: String, total: i32, hash_total: Vec<u8>, note: String,
    offered_by: Uuid, offered_at: DateTimeUtc,
});
tenant_entity!(handover_member, "handover_member", {
    handover_id: Uuid, student_id: Uuid, ksh: String, digest: Vec<u8>, college_id: Option<Uuid>,
    college_code: String, major_code: String,
});
tenant_entity!(handover_receipt, "handover_receipt", {
    handover_id: Uuid, office: String, college_id: Option<Uuid>, state: String, version: i32, total: i32,
    hash_total: Vec<u8>, person_id: Option<Uuid>, reason: Option<String>, at: Option<DateTimeUtc>,
});
tenant_entity!(assignment, "assignment", {
    import_id: Option<Uuid>, batch_id: Uuid, student_id: Uuid, before: String, after: String, undone: bool,
    at: DateTimeUtc,
});
tenant_entity!(audit_entry, "audit_entry", {
    seq: i64, at: DateTimeUtc, body: String, prev: Vec<u8>, hash: Vec<u8>,
});
tenant_entity!(audit_head, "audit_head", { seq: i64, hash: Vec<u8>, tree: Vec<u8> });
tenant_entity!(audit_leaf, "audit_leaf", { seq: i64, ordinal: i32, subject_id: Uuid, leaf: Vec<u8> });
tenant_entity!(audit_checkpoint, "audit_checkpoint", { size: i64, note: String, at: DateTimeUtc });
tenant_entity!(ledger, "ledger", {
    seq: i64, op: String, subject_kind: String, subject_id: Uuid, event: String,
    part: Option<String>, state: Option<String>, clause: String, lead: String, handler: Uuid, checker: Option<Uuid>, detail: String,
    basis: Option<String>, at: DateTimeUtc,
});
tenant_entity!(access_log, "access_log", {
    at: DateTimeUtc, person_id: Uuid, office: String, student_id: Option<Uuid>, kind: String, fields: String,
    reason: String, count: i32, act: Option<i64>,
});
tenant_entity!(job, "job", {
    kind: String, payload: String, account_id: Uuid, post_id: Uuid, state: String, checkpoint: String, done: i32,
    total: i32, result: Option<String>, error: Option<String>, fence: i64, created_at: DateTimeUtc,
    finished_at: Option<DateTimeUtc>,
});

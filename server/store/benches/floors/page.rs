//! The student's own page: the statements of one request, and nothing done with what they give.

use super::{Floors, INSIDE, Result};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Whose page it is, and what the statements are bound to.
#[derive(Clone, Debug)]
pub struct Visit {
    /// SHA-256 of the session id.
    pub session: Vec<u8>,
    /// The university's number.
    pub tenant: i32,
    /// The university's slug.
    pub slug: String,
    /// The account signed in.
    pub account: Uuid,
    /// Its person.
    pub person: Uuid,
    /// Its post.
    pub post: Uuid,
    /// The record.
    pub student: Uuid,
    /// Its frozen snapshot.
    pub candidate: Uuid,
    /// College, major and class.
    pub units: [Uuid; 3],
    /// Candidate number: the login.
    pub ksh: String,
}

const SESSION: &str = "SELECT id_hash, tenant_id, account_id, data, created_at, seen_at, expires_at \
    FROM session WHERE id_hash = $1";
const TENANT: &str = "SELECT id, slug, school_code, name, province, colour, logo_key, key_ring, state, created_at \
    FROM tenant WHERE slug = $1";
const ACCOUNT: &str = "SELECT tenant_id, id, person_id, kind, login, password_hash, totp, totp_confirmed, \
    totp_step, state, fails, locked_until, import_id, created_at, version \
    FROM account WHERE tenant_id = $1 AND id = $2";
const POST: &str = "SELECT tenant_id, id, person_id, office, kind, scope, valid_from, valid_to, import_id \
    FROM post WHERE tenant_id = $1 AND id = $2";
const PERSON: &str = "SELECT tenant_id, id, name, contact, created_at \
    FROM person WHERE tenant_id = $1 AND id = $2";
const PARAMETERS: &str = "SELECT tenant_id, id, key, version, value, basis, rule_id, effective_from, set_by, set_at \
    FROM parameter_value WHERE tenant_id = $1 ORDER BY effective_from ASC, version ASC";
const STUDENT: &str = "SELECT tenant_id, id, candidate_id, year, ksh, ksh_tail, name, name_key, pinyin, initials, \
    sex, student_no, no_tail, college_id, major_id, class_id, qualification, qualification_on, status, status_on, \
    registration, registration_on, listed_on, photo, photo_on, handed_over_on, person_id, continued_by, deferred_on, \
    version \
    FROM student WHERE tenant_id = $1 AND id = $2 AND id = $3 LIMIT 1";
const CANDIDATE: &str = "SELECT tenant_id, id, import_id, row_id, year, ksh, name, name_key, sex, ethnic, political, \
    folder, admitted_code, national_code, national_name, path, id_type, id_index, identity, contact, details, due, \
    digest, created_at FROM candidate WHERE tenant_id = $1 AND id = $2";
const UNITS: &str = "SELECT tenant_id, id, kind, parent_id, code, name, catalogue_year, national_code, duration, \
    grade, phone, valid_from, valid_to, import_id FROM unit WHERE tenant_id = $1 AND id IN ($2, $3, $4)";
const TERMS: &str = "SELECT tenant_id, id, year, semester, starts_on, ends_on, arrival_on, verify_until, self_check_until, \
    photo_until, version, set_by, set_at \
    FROM academic_term WHERE tenant_id = $1 ORDER BY version ASC";

impl Floors {
    /// The statements of one request for the student's own page; answers how many rows came.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn student_page(&self, visit: &Visit) -> Result<usize> {
        let session = sqlx::query(SESSION).bind(visit.session.clone());
        let mut rows = session.fetch_all(&self.pool).await?.len();
        let tenant = sqlx::query(TENANT).bind(visit.slug.clone());
        rows += tenant.fetch_all(&self.pool).await?.len();
        let mut seat = self.inside(visit.tenant, true).await?;
        for (sql, id) in [
            (ACCOUNT, visit.account),
            (POST, visit.post),
            (PERSON, visit.person),
        ] {
            rows += one(&mut seat, sql, visit.tenant, id).await?;
        }
        rows += all(&mut seat, PARAMETERS, visit.tenant).await?;
        seat.rollback().await?;
        let mut record = self.inside(visit.tenant, true).await?;
        // The record that is asked for, and the only one that the post reaches.
        let student = sqlx::query(STUDENT)
            .bind(visit.tenant)
            .bind(visit.student)
            .bind(visit.student);
        rows += student.fetch_all(&mut *record).await?.len();
        rows += one(&mut record, CANDIDATE, visit.tenant, visit.candidate).await?;
        let [college, major, class] = visit.units;
        let units = sqlx::query(UNITS)
            .bind(visit.tenant)
            .bind(college)
            .bind(major)
            .bind(class);
        rows += units.fetch_all(&mut *record).await?.len();
        rows += all(&mut record, PARAMETERS, visit.tenant).await?;
        rows += all(&mut record, TERMS, visit.tenant).await?;
        record.rollback().await?;
        Ok(rows)
    }

    /// The statements of [`Floors::student_page`] in their order, as many times as they are sent.
    pub const fn student_page_statements() -> [&'static str; 13] {
        [
            SESSION, TENANT, INSIDE, ACCOUNT, POST, PERSON, PARAMETERS, INSIDE, STUDENT, CANDIDATE,
            UNITS, PARAMETERS, TERMS,
        ]
    }
}

async fn one(tx: &mut PgConnection, sql: &'static str, tenant: i32, id: Uuid) -> Result<usize> {
    let query = sqlx::query(sql).bind(tenant).bind(id);
    Ok(query.fetch_all(tx).await?.len())
}

async fn all(tx: &mut PgConnection, sql: &'static str, tenant: i32) -> Result<usize> {
    Ok(sqlx::query(sql).bind(tenant).fetch_all(tx).await?.len())
}

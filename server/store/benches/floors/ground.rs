//! A university of any size to measure in: a small import that is real, and as many rows beside it as were asked for.
//!
//! The rows beside it are copies with numbers of their own; their sealed columns are as long as real ones and open
//! nothing. The students who are visited come from the real import.

use super::{Floors, Result, Visit};
use sqlx::{Executor, Row as _};
use uuid::Uuid;

/// Students of a class.
const CLASS: i32 = 30;

/// Colleges, majors and classes; `$2` classes in all.
const COLLEGES: &str = "INSERT INTO unit (tenant_id, id, kind, code, name, phone, valid_from) \
    SELECT $1, gen_random_uuid(), 'college', lpad(n::text, 2, '0'), '第' || n || '学院', '021-61900' || (400 + n), \
    date '2020-09-01' FROM generate_series(1, 12) n";
const MAJORS: &str = "INSERT INTO unit \
    (tenant_id, id, kind, parent_id, code, name, catalogue_year, national_code, duration, valid_from) \
    SELECT $1, gen_random_uuid(), 'major', c.id, c.code || lpad(n::text, 2, '0'), '专业' || c.code || n, 2026, \
    '080901', '4', date '2020-09-01' FROM unit c, generate_series(1, 5) n \
    WHERE c.tenant_id = $1 AND c.kind = 'college'";
const CLASSES: &str = "INSERT INTO unit (tenant_id, id, kind, parent_id, code, name, grade, valid_from) \
    SELECT $1, gen_random_uuid(), 'class', m.id, 'C' || n, '班' || n, 2026, date '2026-07-01' \
    FROM generate_series(1, $2::int) n \
    JOIN (SELECT id, row_number() OVER (ORDER BY code) AS place FROM unit WHERE tenant_id = $1 AND kind = 'major') m \
    ON m.place = 1 + n % 60";
/// Copies of the real candidates, `$2` of them.
const CANDIDATES: &str = "INSERT INTO candidate SELECT tenant_id, gen_random_uuid(), import_id, row_id, \
    year - 1 - (n % 3)::int, '99' || lpad(n::text, 12, '0'), name, name_key, sex, ethnic, political, folder, \
    admitted_code, national_code, national_name, path, id_type, sha256(n::text::bytea), identity, contact, details, \
    due, digest, created_at \
    FROM generate_series(1, $2::int) n \
    JOIN (SELECT *, row_number() OVER (ORDER BY ksh) AS place FROM candidate WHERE tenant_id = $1) c \
    ON c.place = 1 + n % (SELECT count(*) FROM candidate WHERE tenant_id = $1)";
const STUDENTS: &str = "INSERT INTO student (tenant_id, id, candidate_id, year, ksh, ksh_tail, name, name_key, pinyin, \
    initials, sex, student_no, no_tail, college_id, major_id, class_id, qualification, qualification_on, status, status_on, \
    registration, registration_on, photo, photo_on, handed_over_on, person_id, version) SELECT c.tenant_id, gen_random_uuid(), c.id, c.year, c.ksh, \
    right(c.ksh, 4), c.name, c.name_key, 'wangxiaoming', 'wxm', c.sex, NULL, NULL, NULL, NULL, NULL, \
    'awaiting_arrival', NULL, 'none', NULL, 'not_due', NULL, 'not_captured', NULL, NULL, NULL, 1 \
    FROM candidate c WHERE c.tenant_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM student s WHERE s.tenant_id = $1 AND s.candidate_id = c.id)";
/// Everybody gets a class, a number, and the states of a student in the middle of the studies.
const PLACES: &str = "UPDATE student s SET class_id = k.id, major_id = m.id, college_id = m.parent_id, \
    student_no = '26' || lpad(o.place::text, 8, '0'), no_tail = right(lpad(o.place::text, 8, '0'), 4), \
    qualification = 'qualified', qualification_on = date '2026-09-12', status = 'registered', \
    status_on = date '2026-09-15', registration = 'accepted', registration_on = date '2026-10-25', \
    handed_over_on = date '2026-08-08', person_id = NULL, version = version + 1 \
    FROM (SELECT id, row_number() OVER (ORDER BY ksh) AS place FROM student WHERE tenant_id = $1) o \
    JOIN (SELECT id, parent_id, row_number() OVER (ORDER BY code) AS place \
          FROM unit WHERE tenant_id = $1 AND kind = 'class') k ON k.place = 1 + o.place % $2::int \
    JOIN unit m ON m.tenant_id = $1 AND m.id = k.parent_id \
    WHERE s.tenant_id = $1 AND s.id = o.id";
const PERSONS: &str = "INSERT INTO person (tenant_id, id, name, created_at) \
    SELECT tenant_id, id, name, now() FROM student WHERE tenant_id = $1";
const OWN: &str = "UPDATE student SET person_id = id WHERE tenant_id = $1";
const ACCOUNTS: &str = "INSERT INTO account (tenant_id, id, person_id, kind, login, totp_confirmed, totp_step, \
    state, fails, created_at, version) \
    SELECT tenant_id, gen_random_uuid(), id, 'student', ksh, false, 0, 'active', 0, now(), 1 \
    FROM student WHERE tenant_id = $1";
const POSTS: &str = "INSERT INTO post (tenant_id, id, person_id, office, kind, scope, valid_from) \
    SELECT tenant_id, gen_random_uuid(), id, 'student', 'student', \
    '{\"kind\":\"own\",\"units\":\"' || id || '\"}', date '2026-08-08' FROM student WHERE tenant_id = $1";
/// Students of the real import.
const VISITS: &str = "SELECT s.id, s.candidate_id, s.ksh, s.college_id, s.major_id, s.class_id, a.id AS account, \
    p.id AS post FROM student s \
    JOIN account a ON a.tenant_id = $1 AND a.person_id = s.person_id \
    JOIN post p ON p.tenant_id = $1 AND p.person_id = s.person_id \
    WHERE s.tenant_id = $1 AND s.ksh NOT LIKE '99%' ORDER BY s.ksh";

impl Floors {
    /// Fills a university, in which an import was confirmed, up to `students` records, each with place, person, account
    /// and post; gives those that came from the import.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn fill(&self, tenant: i32, slug: &str, students: i32) -> Result<Vec<Visit>> {
        let mut tx = self.inside(tenant, false).await?;
        // Nobody has counted these rows yet; a plan for few of them takes minutes for each university.
        tx.execute("SET LOCAL enable_nestloop = off").await?;
        let present: i64 =
            sqlx::query_scalar("SELECT count(*) FROM candidate WHERE tenant_id = $1")
                .bind(tenant)
                .fetch_one(&mut *tx)
                .await?;
        let more = students - i32::try_from(present).unwrap_or(i32::MAX);
        let classes = (students / CLASS).max(60);
        let steps = [
            (COLLEGES, None),
            (MAJORS, None),
            (CLASSES, Some(classes)),
            (CANDIDATES, Some(more.max(0))),
            (STUDENTS, None),
            (PLACES, Some(classes)),
            (PERSONS, None),
            (OWN, None),
            (ACCOUNTS, None),
            (POSTS, None),
        ];
        for (sql, number) in steps {
            let mut query = sqlx::query(sql).bind(tenant);
            if let Some(number) = number {
                query = query.bind(number);
            }
            query.execute(&mut *tx).await?;
        }
        let rows = sqlx::query(VISITS).bind(tenant).fetch_all(&mut *tx).await?;
        let visits = rows.iter().map(|row| {
            let student: Uuid = row.try_get("id")?;
            Ok(Visit {
                session: Vec::new(),
                tenant,
                slug: slug.to_owned(),
                account: row.try_get("account")?,
                person: student,
                post: row.try_get("post")?,
                student,
                candidate: row.try_get("candidate_id")?,
                units: [
                    row.try_get("college_id")?,
                    row.try_get("major_id")?,
                    row.try_get("class_id")?,
                ],
                ksh: row.try_get("ksh")?,
            })
        });
        let visits = visits.collect::<Result<Vec<_>>>()?;
        tx.commit().await?;
        Ok(visits)
    }

    /// Cleans up after so many new rows and counts them, as the owner of the tables: otherwise the database does it while
    /// something is measured.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn analyze(owner: &str) -> Result<()> {
        let owner = Self::open(owner).await?;
        owner.pool.execute("VACUUM (ANALYZE)").await?;
        owner.close().await;
        Ok(())
    }
}

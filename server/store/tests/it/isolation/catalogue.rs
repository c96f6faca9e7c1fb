//! T-ISO-09: what PostgreSQL's own catalogue says about every table, key, policy and function. A new table that forgets
//! something fails here, without a test of its own.

use crate::work::{number, owner, texts};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use store::testkit::on_postgres;

/// The policy of every tenant table, as PostgreSQL prints it.
const POLICY: &str = "(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant''::text, true), ''''::text))::integer AS \"nullif\"))";

/// What the catalogue must not hold: a complaint and the query that finds what it is about.
fn rules() -> Vec<(&'static str, String)> {
    let control = migrations::CONTROL_TABLES
        .map(|t| format!("'{t}'"))
        .join(", ");
    let tables = format!(
        "SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND c.relname NOT IN ({control}, 'seaql_migrations')"
    );
    let without = |condition: &str| {
        format!("SELECT t.relname::text FROM ({tables}) t WHERE {condition} ORDER BY 1")
    };
    let tenant =
        "SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id'";
    vec![
        (
            "has no tenant_id, or an empty one is allowed",
            without("NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnotnull)"),
        ),
        (
            "has no row-level security, or not for its owner",
            without("NOT (t.relrowsecurity AND t.relforcerowsecurity)"),
        ),
        (
            "has not exactly the one policy",
            without(&format!(
                "(SELECT count(*) FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.relname) <> 1
                 OR NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.relname
                   AND p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL' AND p.roles = '{{public}}'
                   AND p.qual = '{POLICY}' AND p.with_check = '{POLICY}')"
            )),
        ),
        (
            "has a key or reference without tenant_id",
            without(&format!(
                "EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f')
                   AND NOT ({tenant}) = ANY (k.conkey))"
            )),
        ),
        (
            "has a reference that does not carry tenant_id to the same column",
            without(
                "EXISTS (SELECT 1 FROM pg_constraint k, unnest(k.conkey, k.confkey) AS pair(mine, theirs)
                   JOIN pg_attribute m ON m.attnum = pair.mine
                   WHERE k.conrelid = t.oid AND k.contype = 'f' AND m.attrelid = t.oid AND m.attname = 'tenant_id'
                   AND k.confrelid <> 'tenant'::regclass
                   AND pair.theirs <> (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'tenant_id'))",
            ),
        ),
        (
            "has a unique index without tenant_id",
            without(&format!(
                "EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisunique
                   AND NOT ({tenant}) = ANY (i.indkey))"
            )),
        ),
        (
            "may be emptied, referred to or given triggers by the service",
            without("has_table_privilege('xj_app', t.oid, 'TRUNCATE, REFERENCES, TRIGGER')"),
        ),
        (
            "is open to everybody",
            format!(
                "SELECT DISTINCT g.table_name::text FROM information_schema.role_table_grants g
                 WHERE g.table_schema = 'public' AND g.grantee = 'PUBLIC' AND g.table_name NOT IN ({control})"
            ),
        ),
        (
            "is a function with the rights of its owner",
            "SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef"
                .to_owned(),
        ),
        (
            "is a view with the rights of its owner",
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
               AND c.relkind IN ('v', 'm') AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false)"
                .to_owned(),
        ),
        (
            "is a control table that is not there",
            format!(
                "SELECT name FROM unnest(ARRAY[{control}]) AS name WHERE to_regclass('public.' || name) IS NULL"
            ),
        ),
    ]
}

/// Everything the catalogue says against the schema.
pub async fn faults(db: &DatabaseConnection) -> Vec<String> {
    let mut faults = Vec::new();
    for (complaint, sql) in rules() {
        for name in texts(db, &sql).await {
            faults.push(format!("{name} {complaint}"));
        }
    }
    faults
}

#[tokio::test]
async fn t_iso_09_the_catalogue_holds_every_table_to_the_rules() {
    on_postgres(|bed| async move {
        let db = owner(&bed).await;
        assert_eq!(faults(&db).await, Vec::<String>::new());
        let tables = number(
            &db,
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
        )
        .await;
        assert!(tables > 20, "{tables} tables are not the schema");
    })
    .await;
}

#[test]
fn there_are_at_most_eight_control_tables() {
    assert!(migrations::CONTROL_TABLES.len() <= 8);
}

#[tokio::test]
async fn the_catalogue_test_sees_every_kind_of_damage() {
    on_postgres(|bed| async move {
        let db = owner(&bed).await;
        let damages = [
            "DROP POLICY tenant ON student",
            "ALTER TABLE student DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE student NO FORCE ROW LEVEL SECURITY",
            "CREATE POLICY second ON student USING (true)",
            "ALTER POLICY tenant ON student USING (tenant_id = current_setting('app.tenant', true)::int)",
            "ALTER POLICY tenant ON student WITH CHECK (true)",
            "ALTER POLICY tenant ON student TO xj_app",
            "CREATE UNIQUE INDEX seen ON student (student_no)",
            "ALTER TABLE student ADD CONSTRAINT seen UNIQUE (ksh)",
            "ALTER TABLE student ALTER COLUMN tenant_id DROP NOT NULL",
            "CREATE TABLE notes (id int)",
            "CREATE VIEW everybody AS SELECT * FROM student",
            "CREATE FUNCTION every() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM student'",
            "GRANT SELECT ON student TO PUBLIC",
            "GRANT TRUNCATE ON student TO xj_app",
            "DROP TABLE attempt",
        ];
        for damage in damages {
            db.execute_unprepared("BEGIN").await.unwrap();
            // The primary key would refuse what this damage shows.
            if damage.contains("DROP NOT NULL") {
                db.execute_unprepared("ALTER TABLE student DROP CONSTRAINT student_pkey CASCADE")
                    .await
                    .unwrap();
            }
            db.execute_unprepared(damage).await.unwrap();
            assert!(!faults(&db).await.is_empty(), "not seen: {damage}");
            db.execute_unprepared("ROLLBACK").await.unwrap();
        }
        assert_eq!(faults(&db).await, Vec::<String>::new());
    })
    .await;
}

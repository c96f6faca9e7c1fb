//! T-ISO-09: what PostgreSQL's own catalogue says about every table, key, policy and function; and on both databases that
//! every reference is found through an index. A new table that forgets something fails here, without a test of its own.

use crate::school::plant;
use crate::work::{number, owner, texts};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use store::testkit::{on_both, on_postgres};

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
            "has a text that is ordered by the language of the cluster (ADR 0095)",
            "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
               AND c.relname <> 'seaql_migrations' AND a.attnum > 0
               AND a.attcollation NOT IN (0, (SELECT oid FROM pg_collation WHERE collname = 'C')) ORDER BY 1"
                .to_owned(),
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

/// Where a row names a file. [`store::Scope::object_keys`] asks each of them, so that upkeep takes no file away that is
/// needed, and a backup misses none.
#[tokio::test]
async fn the_tables_that_name_files_are_known() {
    on_both(|bed| async move {
        let db = owner(&bed).await;
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT table_name::text FROM information_schema.columns
                 WHERE table_schema = 'public' AND column_name LIKE '%object_key%' ORDER BY 1"
            }
            _ => {
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND c.name LIKE '%object_key%' ORDER BY 1"
            }
        };
        assert_eq!(texts(&db, sql).await, ["admission_photo", "stored_file"]);
        let school = plant(&bed, "school-a").await;
        let unit = bed.store().read(&school.admin).await.unwrap();
        let planted = [school.mark, "the-same-key".to_owned()];
        assert_eq!(unit.object_keys().await.unwrap(), planted.into());
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

/// Parents of which nothing ever deletes a row, so that nobody looks for what refers to one.
const NEVER_DELETED: [(&str, &str); 2] = [
    (
        "import_batch",
        "an import that was taken back stays, and says so",
    ),
    ("rule_document", "append only"),
];

/// References whose columns lead no index of their table: the parent, a space, the child with its columns.
const UNINDEXED_SQLITE: &str = "
    WITH part AS (SELECT m.name AS child, f.id AS key, f.\"table\" AS parent, f.\"from\" AS col
                  FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'),
         key AS (SELECT child, key, parent, count(*) AS size, group_concat(col) AS cols FROM part GROUP BY child, key, parent)
    SELECT k.parent || ' ' || k.child || '(' || k.cols || ')' FROM key k
    WHERE NOT EXISTS (SELECT 1 FROM pragma_index_list(k.child) i
                      WHERE i.partial = 0 AND k.size =
                        (SELECT count(*) FROM pragma_index_info(i.name) c
                         WHERE c.seqno < k.size AND c.name IN (SELECT p.col FROM part p WHERE p.child = k.child AND p.key = k.key)))
    ORDER BY 1";

/// As [`UNINDEXED_SQLITE`].
const UNINDEXED_POSTGRES: &str = "
    SELECT format('%s %s(%s)', k.confrelid::regclass, k.conrelid::regclass,
                  (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a
                   WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)))
    FROM pg_constraint k
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_index i
                      WHERE i.indrelid = k.conrelid AND i.indpred IS NULL AND cardinality(k.conkey) =
                        (SELECT count(*) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS c (col, place)
                         WHERE c.place <= cardinality(k.conkey) AND c.col = ANY (k.conkey)))
    ORDER BY 1";

/// References that a deletion would look for row by row.
async fn unindexed(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => UNINDEXED_POSTGRES,
        _ => UNINDEXED_SQLITE,
    };
    let of_kept = |found: &String| {
        let parent = found.split(' ').next();
        NEVER_DELETED.iter().any(|(kept, _)| parent == Some(kept))
    };
    let found = texts(db, sql).await;
    for (kept, why) in NEVER_DELETED {
        let needed = found.iter().any(|f| f.starts_with(&format!("{kept} ")));
        assert!(needed, "{kept} ({why}) needs no exception any more");
    }
    found.into_iter().filter(|f| !of_kept(f)).collect()
}

#[tokio::test]
async fn every_reference_is_found_through_an_index() {
    on_both(|bed| async move {
        let db = owner(&bed).await;
        assert_eq!(unindexed(&db).await, Vec::<String>::new());
        for (index, seen) in [
            (
                "ix_candidate_row_id",
                "import_row candidate(tenant_id,row_id)",
            ),
            ("ix_ledger_handler", "person ledger(tenant_id,handler)"),
        ] {
            db.execute_unprepared("BEGIN").await.unwrap();
            db.execute_unprepared(&format!("DROP INDEX {index}"))
                .await
                .unwrap();
            assert_eq!(unindexed(&db).await, [seen]);
            db.execute_unprepared("ROLLBACK").await.unwrap();
        }
    })
    .await;
}

//! T-ISO-17: every statement on a table of the universities names the tenant. The kit reads every statement of every
//! test along; here it is shown that it reads well.

use super::reads::everything;
use crate::school::{self, plant};
use crate::work;
use domain::institution::policy;
use proptest::prelude::*;
use sea_orm::DbBackend;
use std::collections::BTreeSet;
use store::testkit::auditor::fault;
use store::testkit::{Bed, on_both};

/// Tables that a statement names.
fn tables(statements: &[String]) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for statement in statements {
        let words: Vec<&str> = statement.split_whitespace().collect();
        for pair in words.windows(2) {
            if matches!(pair[0], "FROM" | "INTO" | "UPDATE") {
                tables.insert(pair[1].trim_matches(['"', '(', ')']).to_owned());
            }
        }
    }
    tables
}

#[tokio::test]
async fn t_iso_17_every_statement_on_a_tenant_table_carries_the_tenant() {
    on_both(|bed| async move {
        let school = plant(&bed, "school-a").await;
        let unit = bed.store().read(&school.admin).await.unwrap();
        everything(&unit, &school).await;
        drop(unit);
        let mut unit = bed.store().begin(&school.admissions).await.unwrap();
        unit.sign_receipt(school.receipt, None).await.unwrap();
        unit.set_major(school.map, school.college, Some(school.major), true)
            .await
            .unwrap();
        unit.set_handed_over(&[school.student]).await.unwrap();
        unit.accept_findings(school.import, &school.mark, "seen")
            .await
            .unwrap();
        unit.set_row_states(&[school.row], "confirmed")
            .await
            .unwrap();
        unit.set_assignments_undone(school.batch).await.unwrap();
        unit.end_posts(&[school.post], unit.today()).await.unwrap();
        school::noted::<policy::ConfirmImport>(&mut unit, "import_batch", school.import);
        unit.commit().await.unwrap();
        work::run_one_job(&bed).await;

        let statements = bed.statements();
        let faults: Vec<_> = statements.iter().filter_map(|sql| fault(sql)).collect();
        assert_eq!(faults, Vec::<String>::new());
        let seen = tables(&statements);
        let unseen: Vec<_> = work::tenant_tables(&bed)
            .await
            .into_iter()
            .filter(|table| !seen.contains(table))
            .collect();
        assert!(
            unseen.is_empty(),
            "tables that no statement touched: {unseen:?}"
        );
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "statements without a tenant")]
async fn a_statement_without_a_tenant_fails_any_test() {
    let bed = Bed::sqlite().await;
    assert_eq!(bed.backend(), DbBackend::Sqlite);
    bed.note("SELECT id FROM student WHERE ksh = ?");
}

#[test]
fn statements_that_reach_further_are_found() {
    let reaching = [
        r#"SELECT "id", "tenant_id" FROM "student" WHERE "id" = ?"#,
        r#"SELECT "id" FROM "student""#,
        r#"SELECT "id" FROM "student" WHERE "tenant_id" = ? OR "id" = ?"#,
        r#"SELECT COUNT(*) FROM (SELECT "id" FROM "student" WHERE "year" = ?) AS "sub_query""#,
        r#"SELECT 1 FROM "job_ticket" WHERE "id" IN (SELECT "id" FROM "job")"#,
        r#"SELECT 1 FROM "student", "candidate" WHERE "student"."tenant_id" = ?"#,
        r#"SELECT 1 FROM "student" JOIN "candidate" ON "candidate"."id" = "student"."candidate_id" WHERE "student"."tenant_id" = ?"#,
        r#"SELECT 1 FROM "student" WHERE ("tenant_id" = ? OR "id" = ?)"#,
        r#"UPDATE "student" SET "tenant_id" = ? WHERE "id" = ?"#,
        r#"UPDATE "student" SET "year" = ?"#,
        r#"DELETE FROM "finding" WHERE "import_id" = ?"#,
        r#"INSERT INTO "person" ("id", "name") VALUES (?, ?)"#,
        r#"SELECT "id" FROM "student" WHERE "tenant_id" IS NOT NULL"#,
        r#"SELECT "id" FROM "student" WHERE "name" = 'tenant_id = 1'"#,
        r#"INSERT INTO "person" ("tenant_id", "id") SELECT "tenant_id", "id" FROM "student""#,
        r#"INSERT INTO "person" ("tenant_id", "id") SELECT ?, "id" FROM "student" WHERE "year" = ?"#,
        r#"INSERT INTO "person" ("id") SELECT "id" FROM "student" WHERE "tenant_id" = ?"#,
        r#"SELECT 1 FROM "student" WHERE "tenant_id" = "tenant_id""#,
        "INSERT INTO audit_leaf (tenant_id, id) SELECT $1, student.id FROM unnest($2) AS one (id), student",
        "INSERT INTO audit_leaf (id) SELECT one.id FROM unnest($2) AS one (id)",
        "SELECT 1 FROM unnest",
        r#"SELECT 1 FROM "student" WHERE "student"."tenant_id" = "student"."tenant_id""#,
        r#"SELECT 1 FROM "student", "candidate" WHERE "student"."tenant_id" = "candidate"."tenant_id""#,
        r#"SELECT 1 FROM "student" AS "s" JOIN "candidate" AS "c" ON "s"."tenant_id" = "c"."tenant_id""#,
        r#"SELECT 1 FROM "student" WHERE "tenant_id" = "year""#,
    ];
    for sql in reaching {
        assert!(fault(sql).is_some(), "{sql}");
    }
}

#[test]
fn statements_within_a_tenant_are_left_alone() {
    let within = [
        r#"SELECT "id" FROM "student" WHERE "student"."tenant_id" = $1 AND ("a" = 1 OR "b" = 2)"#,
        r#"SELECT "seq" FROM "audit_head" WHERE "audit_head"."tenant_id" = $1 LIMIT 1 FOR UPDATE"#,
        r#"UPDATE "student" SET "year" = ? WHERE "tenant_id" = ? AND "id" = ?"#,
        r#"INSERT INTO "person" ("tenant_id", "id") VALUES (?, ?), (?, ?)"#,
        r#"INSERT INTO "audit_head" ("tenant_id", "id") VALUES (?, ?) ON CONFLICT DO NOTHING"#,
        "INSERT INTO audit_leaf (tenant_id, id) SELECT $1, one.id FROM unnest($2) AS one (id)",
        r#"SELECT "id" FROM "session" WHERE "account_id" = ?"#,
        r#"SELECT 1 FROM "student" WHERE "tenant_id" = ? AND "id" IN (SELECT "id" FROM "candidate" WHERE "tenant_id" = ?)"#,
        r#"INSERT INTO "person" ("tenant_id", "id") SELECT "tenant_id", "id" FROM "student" WHERE "tenant_id" = ?"#,
        r#"SELECT 1 FROM "student" AS "s" JOIN "candidate" AS "c" ON "s"."tenant_id" = "c"."tenant_id" WHERE "s"."tenant_id" = $1"#,
        r#"SELECT 1 FROM "student" WHERE "tenant_id" = ? AND EXISTS (SELECT 1 FROM "candidate" WHERE "candidate"."tenant_id" = "student"."tenant_id")"#,
        "SELECT set_config('app.tenant', $1, true)",
        "SELECT count(*) FROM seaql_migrations",
    ];
    for sql in within {
        assert_eq!(fault(sql), None, "{sql}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_to_its_end(sql in "[a-z\"'(),= ]{0,200}") {
        let _read = fault(&sql);
    }
}

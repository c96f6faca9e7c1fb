//! Checkpoints, the chain as files, counts for the operator.

use super::campus::Campus;
use domain::admission::qualification::QualificationEvent;
use services::oversight::AuditExportError;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::chain::ExportError;
use store::testkit::on_both;

#[tokio::test]
async fn a_chain_that_grew_is_signed_once() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        let first = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        assert!(first.starts_with(&format!("xueji/tenant/{}\n", campus.tenant)));
        assert_eq!(
            campus.services.checkpoint(campus.tenant).await.unwrap(),
            None
        );
        campus.offer().await;
        let second = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        assert_ne!(first, second);
        let empty = campus.bed.tenant("beihai").await;
        assert_eq!(
            campus.services.checkpoint(empty).await.unwrap(),
            None,
            "there is nothing to sign"
        );
    })
    .await;
}

#[tokio::test]
async fn an_export_of_the_chain_is_verified_without_the_database() {
    on_both(|bed| async move {
        let campus = Campus::settled(bed, 12).await;
        let kept = campus
            .services
            .checkpoint(campus.tenant)
            .await
            .unwrap()
            .unwrap();
        campus.bed.advance(chrono::TimeDelta::hours(1));
        campus
            .services
            .student_record(&campus.affairs, campus.people[0].student)
            .await
            .unwrap();
        let dir = campus.bed.folder().join("audit-1");
        let export = campus
            .services
            .audit_export(campus.tenant, &dir)
            .await
            .unwrap();
        let key = std::fs::read_to_string(&export.key_file).unwrap();
        let report = store::chain::verify(&dir, &kept, &key).unwrap();
        assert_eq!(
            (report.events, report.proven),
            (export.meta.events, export.meta.events)
        );
        assert!(
            report.bulk >= 3 && report.rows >= 36,
            "offer, assignment and mapping name each student"
        );
        assert!(export.to_string().contains("events"));
        // A folder is used once.
        std::fs::remove_file(&export.key_file).unwrap();
        let again = campus.services.audit_export(campus.tenant, &dir).await;
        assert!(matches!(
            again,
            Err(AuditExportError::Files(ExportError::NotEmpty(_)))
        ));
    })
    .await;
}

/// What is below a folder, with the contents of its files.
fn below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(below(&path));
            all.insert(path, Vec::new());
        } else {
            let bytes = std::fs::read(&path).unwrap();
            all.insert(path, bytes);
        }
    }
    all
}

/// Refused with the name of what is in the way, and before anything is written.
#[tokio::test]
async fn an_export_of_the_chain_is_written_over_nothing() {
    on_both(|bed| async move {
        let campus = Campus::mapped(bed, 4).await;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for full in ["full", "old"] {
            std::fs::create_dir(at(full)).unwrap();
        }
        std::fs::write(at("full").join("notes.txt"), "a note").unwrap();
        std::fs::create_dir(at("old").join("leaves")).unwrap();
        std::fs::write(at("server.key"), "a private key").unwrap();
        std::fs::write(at("file"), "no folder").unwrap();
        let before = below(folder.path());
        let unsigned = async || {
            let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
            unit.last_checkpoint().await.unwrap().is_none()
        };
        for (refused, named) in [
            (at("full"), at("full")),
            (at("old"), at("old")),
            (at("server"), at("server.key")),
            (at("file"), at("file")),
            (PathBuf::from("."), PathBuf::from(".")),
            (at("full").join(".."), at("full").join("..")),
        ] {
            let done = campus.services.audit_export(campus.tenant, &refused).await;
            let error = done.unwrap_err();
            assert!(matches!(error, AuditExportError::Files(_)), "{error:?}");
            let named = named.display().to_string();
            assert!(error.to_string().starts_with(&named), "{error}");
        }
        assert_eq!(below(folder.path()), before);
        assert!(unsigned().await, "and nothing was signed");
        // Two exports whose names differ after a dot have a key each.
        let mut keys = Vec::new();
        for name in ["v1.a", "v1.b"] {
            let dir = at(name);
            let export = campus.services.audit_export(campus.tenant, &dir);
            keys.push(export.await.unwrap().key_file);
        }
        assert_eq!(keys, [at("v1.a.key"), at("v1.b.key")]);
        assert_eq!(std::fs::read(at("server.key")).unwrap(), b"a private key");
    })
    .await;
}

#[tokio::test]
async fn the_operator_gets_counts() {
    on_both(|bed| async move {
        let campus = Campus::new(bed, 7).await;
        campus.services.statistics(campus.tenant).await.unwrap();
        campus.services.statistics(campus.tenant).await.unwrap();
        let tenants = campus.bed.store().control().tenants().await.unwrap();
        let stat = tenants[0].1.as_ref().unwrap();
        assert_eq!((stat.candidates, stat.students, stat.accounts), (7, 7, 5));
    })
    .await;
}

/// The leaf of a record binds class and number before and after: other numbers, other leaves.
#[tokio::test]
async fn the_chain_binds_the_numbers_that_were_given() {
    on_both(|bed| async move {
        let campus = Campus::received(bed, 8).await;
        let leaves = async || {
            let unit = campus.bed.store().read(&campus.admissions).await.unwrap();
            let entries = unit.audit_after(0, 1_000).await.unwrap();
            let given = entries
                .iter()
                .rfind(|entry| entry.body.contains("\"admission/assign\""))
                .unwrap();
            let mut leaves = unit.audit_leaves(given.seq).await.unwrap();
            leaves.sort();
            leaves
        };
        let take_back = async |batch| {
            let affairs = campus.fresh(&campus.affairs);
            campus
                .services
                .undo_assignment(&affairs, batch)
                .await
                .unwrap();
        };
        let batch = campus.number().await;
        let first = leaves().await;
        assert_eq!(first.len(), 8);
        take_back(batch).await;
        let batch = campus.number().await;
        assert_eq!(leaves().await, first, "the same numbers to the same people");
        take_back(batch).await;
        campus.qualify(0, QualificationEvent::Defer).await;
        campus.number().await;
        let other = leaves().await;
        assert_eq!(other.len(), 7);
        assert!(
            other.iter().any(|leaf| !first.contains(leaf)),
            "whoever moved up has another number and another leaf"
        );
    })
    .await;
}

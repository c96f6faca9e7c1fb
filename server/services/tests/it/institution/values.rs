//! The database against its chain: a value that somebody changes behind the program's back is noticed.

use super::organisation::{STAFF, UNITS, undo, upload};
use super::school::School;
use crate::admission::ground::{Ground, package};
use domain::institution::TenantId;
use domain::institution::organisation::OrganisationFile;
use services::Services;
use std::collections::BTreeSet;
use store::testkit::on_both;

/// How many records are compared, and the kinds of those that differ.
async fn compared(services: &Services, tenant: TenantId) -> (usize, Vec<&'static str>) {
    let found = services.audit_compare(tenant).await.unwrap();
    let kinds: BTreeSet<&str> = found.differing.iter().map(|d| d.kind).collect();
    (found.compared, kinds.into_iter().collect())
}

#[tokio::test]
async fn a_changed_candidate_is_noticed() {
    on_both(|bed| async move {
        let ground = Ground::new(bed).await;
        let import = ground.confirmed(&package(700, 6, &[])).await;
        let (services, tenant) = (&ground.services, ground.tenant);
        assert_eq!(compared(services, tenant).await, (6, vec![]));
        for set in ["name = name || '甲'", "contact = identity"] {
            let changed = ground.bed.tamper(tenant, "candidate", set).await;
            assert_eq!(changed, 6);
            assert_eq!(compared(services, tenant).await, (6, vec!["candidate"]));
        }
        let told = services.audit_compare(tenant).await.unwrap();
        let told = told.to_string();
        assert!(told.ends_with("6 records compared, 6 differ"), "{told}");
        assert!(!told.contains('甲'));
        ground.undo(import).await.unwrap();
        assert_eq!(compared(services, tenant).await, (0, vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_changed_unit_person_or_post_is_noticed() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let (services, tenant) = (&school.services, school.tenant);
        let mut imports = Vec::new();
        for (file, text) in [
            (OrganisationFile::Units, UNITS),
            (OrganisationFile::Staff, STAFF),
        ] {
            let import = upload(&school, file, text).await;
            let acts = school.acts().await.len();
            services
                .confirm_organisation(&school.admin, import, None)
                .await
                .unwrap();
            assert_eq!(school.acts().await.len(), acts + 1, "one entry");
            imports.push(import);
        }
        // Four units, two people, three posts.
        assert_eq!(compared(services, tenant).await, (9, vec![]));
        for (table, set, back) in [
            ("unit", "phone = '1'", None),
            ("unit_short_name", "short_name = '机'", Some("unit")),
            ("person", "name = 'X'", None),
            ("post", "office = 'security'", None),
        ] {
            let kind = back.unwrap_or(table);
            let before = compared(services, tenant).await.1;
            assert!(bed.tamper(tenant, table, set).await > 0, "{table}");
            let after = compared(services, tenant).await.1;
            assert!(after.contains(&kind), "{table}: {before:?} {after:?}");
        }
    })
    .await;
}

/// Undo is one entry too, and says in its leaves what was there; afterwards nothing of it is bound to be there.
#[tokio::test]
async fn what_was_taken_back_is_bound_to_be_gone() {
    on_both(|bed| async move {
        let school = School::on(&bed).await;
        let import = upload(&school, OrganisationFile::Units, UNITS).await;
        let services = &school.services;
        services
            .confirm_organisation(&school.admin, import, None)
            .await
            .unwrap();
        let acts = school.acts().await.len();
        undo(&school, import).await.unwrap();
        let told = school.acts().await;
        assert_eq!(told.len(), acts + 1);
        assert!(told.last().unwrap().contains("\"count\":4"), "{told:?}");
        assert_eq!(compared(services, school.tenant).await, (4, vec![]));
    })
    .await;
}

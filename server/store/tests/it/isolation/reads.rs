//! Every public read of a university's tables, each with the ids of one school. A new read of `Scope` that is not here
//! fails the test below.

use crate::school::{FILE, INDEX, KSH, LOGIN, NUMBER, PHOTO, School, YEAR};
use chrono::TimeDelta;
use domain::admission::handover::Receipt;
use domain::institution::Visible;
use std::collections::BTreeSet;
use std::path::Path;
use store::{
    EventFilter, FindingFilter, Scope, StoreError, StudentFilter, StudentPage, StudentSort, rows,
};

/// Name of a read and what it answered.
pub type Seen = (&'static str, String);

macro_rules! see {
    ($seen:ident, $scope:ident, $( $method:ident ( $($arg:expr),* ); )*) => {
        $( $seen.push((stringify!($method), format!("{:?}", $scope.$method($($arg),*).await))); )*
    };
}

/// What a scope answers when it is asked for everything with the ids of a school.
pub async fn everything(scope: &Scope, of: &School) -> Vec<Seen> {
    let mut seen = Vec::new();
    institution(&mut seen, scope, of).await;
    admission(&mut seen, scope, of).await;
    students(&mut seen, scope, of).await;
    handover(&mut seen, scope, of).await;
    oversight(&mut seen, scope, of).await;
    seen
}

async fn institution(seen: &mut Vec<Seen>, scope: &Scope, of: &School) {
    let ago = scope.now() - TimeDelta::days(1);
    let soon = scope.now() + TimeDelta::days(1);
    let every = EventFilter {
        limit: 10,
        ..EventFilter::default()
    };
    see!(seen, scope,
        seat(of.account, of.post);
        units();
        units_not_over();
        units_ever();
        organisation_changes_of(of.import);
        unit_changes();
        count_changes_after(&[of.college], uuid::Uuid::nil());
        post(of.post);
        posts_by_id(&[of.post]);
        people_by_id(&[of.person]);
        posts_of_import(of.import);
        unit(of.college);
        units_by_id(&[of.college]);
        unit_short_names();
        school_names();
        term_versions();
        terms();
        rule_documents();
        person_names(&[of.person]);
        staff();
        stored_file(of.file);
        bytes_of_files();
        stored_files_before("admission", soon);
        object_keys();
        security_events(&every);
        count_security_events(&every);
        security_totals(ago);
        count_accounts();
        parameter_values();
        account_by_login(LOGIN);
        account(of.account);
        person(of.person);
        posts_of(of.person);
        post_scopes(&[of.post]);
        activation(of.activation);
        open_code_of(of.account);
        accounts_of_persons(&[of.person]);
        accounts_by_login(&[LOGIN.to_owned()]);
        staff_logins();
        accounts_by_id(&[of.account]);
        locked_accounts();
        open_slips(&[of.account]);
        open_activations(&[of.account]);
        slip_counts(&Visible::School);
        reissues(&Visible::School, "", 10);
        count_activations(&[of.account]);
        activations_of(of.account);
        accounts_of_import(of.import);
        count_posts_beside(&[of.person], of.file);
        units_of_import(of.import);
        posts();
        built_on_units(&[of.college]);
        imports_of(&["admission"]);
    );
}

async fn admission(seen: &mut Vec<Seen>, scope: &Scope, of: &School) {
    let findings = FindingFilter {
        kind: None,
        severity: None,
        offset: 0,
        limit: 10,
    };
    see!(seen, scope,
        imports("admission", 10);
        imports_page(&["admission"], 0, 10);
        count_imports(&["admission"]);
        import(of.import);
        imports_of_file("admission", YEAR, &FILE);
        imports_confirmed_since("assignment", scope.now());
        import_rows(of.import, 0, 10);
        import_row_states(of.import);
        import_row_groups(of.import);
        import_rows_in(of.import, "good", 0, 10);
        import_row(of.row);
        accepted_before(of.import);
        findings(of.import, &findings);
        finding_totals(of.import);
        candidate(of.candidate);
        placed_candidates(YEAR, &[KSH.to_owned()]);
        candidates_by_index(&[INDEX.to_vec()]);
        count_candidates();
        major_maps(YEAR);
        major_map(of.map);
        admission_photo(of.candidate);
        photos_by_candidate(&[of.candidate]);
        photo_owners(&[PHOTO.to_vec()]);
        count_photos_of(of.import);
        candidates_of_one(of.candidate);
        candidates_without_photo(YEAR);
        last_ordinals(of.import);
        confirmable_rows(of.import, 0, 10);
        count_confirmable(of.import);
        confirmable_by_import(&[of.import]);
        import_row_places(of.import);
        import_row_numbers(of.import);
        others_at("admission", YEAR, of.file);
        built_on(of.import);
        candidate_ids_of(of.import);
        count_misplaced(of.compared, YEAR + 1);
        count_lost_records(of.compared);
        records_told(&[of.row]);
        compared_with(of.import, "admission", YEAR);
        photos_of_import(of.import);
    );
}

async fn students(seen: &mut Vec<Seen>, scope: &Scope, of: &School) {
    let all = School::all();
    let found = StudentFilter {
        search: Some("zhangsan".to_owned()),
        ..StudentFilter::default()
    };
    let page = StudentPage {
        sort: StudentSort::Number,
        descending: false,
        offset: 0,
        limit: 10,
    };
    let ago = scope.now() - TimeDelta::days(1);
    see!(seen, scope,
        students(&all, &found, page);
        student_ids(&all, &found, StudentSort::Class, true);
        count_students(&all, &found);
        student_totals(&all, &found);
        student_places(&all, &found);
        student(of.student);
        student_of_person(of.person);
        student_by_number(NUMBER);
        numbers_among(&[NUMBER.to_owned()]);
        records_by_number(YEAR, &[KSH.to_owned()]);
        students_by_id(&[of.student]);
        earlier_records(YEAR + 1, &[KSH.to_owned()]);
        continued_in(of.import);
        record_before(of.student);
        candidates_by_id(&[of.candidate]);
        assignments(of.batch);
        assignments_of_student(of.student);
        assignment_batches(&all, 10);
        numbers_in_use();
        activations_since(&[of.account], ago);
        activations_because(&of.mark);
        admitted_majors(YEAR);
        students_to_place(&mapped(of));
        student_seen(&all, of.student);
        students_seen(&all, &[of.student]);
        student_years(&all);
        students_by_year(&all, &found);
        students_by_document(&all, &INDEX);
    );
    let mut exported = Vec::new();
    let ids = [of.student];
    let read = scope
        .each_student_exported(&all, &ids, true, |student| {
            exported.push(format!("{student:?}"));
            Ok::<(), StoreError>(())
        })
        .await;
    seen.push((
        "each_student_exported",
        format!("{:?}", read.map(|()| exported)),
    ));
}

async fn handover(seen: &mut Vec<Seen>, scope: &Scope, of: &School) {
    see!(seen, scope,
        handovers(10);
        handover(of.handover);
        receipts(&[of.handover]);
        receipt(of.receipt);
        open_receipts(Some(of.college));
        students_to_hand_over(YEAR);
        cohorts_to_hand_over();
        handovers_of_year(YEAR);
        memberships(of.student);
        receipts_in(YEAR, Receipt::Offered);
        handover_members(of.handover, None);
        digests_of(&[of.candidate]);
        handover_places(of.handover, None);
        handover_students(of.handover, &[of.college], 0, 10);
    );
}

async fn oversight(seen: &mut Vec<Seen>, scope: &Scope, of: &School) {
    let ago = scope.now() - TimeDelta::days(1);
    see!(seen, scope,
        job(of.job);
        open_jobs();
        jobs_of("check", of.admissions.seat().account, 10);
        ledger_about(&[("student", of.student)]);
        ledger_over(of.candidate);
        bulk_acts("import_batch", of.import);
        access_to(of.student, 10);
        count_accesses(of.admissions.person(), "reveal", ago);
        audit_after(0, 10);
        audit_leaves(2);
        last_checkpoint();
        chain_head();
        checkpoints();
    );
}

/// The mapping of a major as a service would have loaded it.
fn mapped(of: &School) -> rows::MajorMap {
    rows::MajorMap {
        tenant_id: of.tenant.0,
        id: of.map,
        year: YEAR,
        folder: "0101".to_owned(),
        admitted_code: "01".to_owned(),
        national_code: "080901".to_owned(),
        national_name: of.mark.clone(),
        college_id: Some(of.college),
        major_id: Some(of.major),
        broad: false,
        set_by: None,
        set_at: None,
    }
}

/// The names of all public methods that ask the database, from the sources: `pub async fn` in every `impl` of a type.
pub fn named_in_sources(of: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.extend(in_file(&std::fs::read_to_string(&path).unwrap(), of));
            }
        }
    }
    names
}

fn in_file(source: &str, of: &str) -> Vec<String> {
    let mut names = Vec::new();
    let opening = format!("impl {of} {{");
    let mut inside = false;
    for line in source.lines() {
        if line == opening {
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if let Some(rest) = line.strip_prefix("    pub async fn ")
            && inside
        {
            names.push(rest.split(['(', '<']).next().unwrap().to_owned());
        }
    }
    names
}

//! The rows of a planted school.

use super::{FILE, INDEX, KSH, LOGIN, NUMBER, PHOTO, School, YEAR, granted, noted};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::institution::{Office, PersonalScope, PostKind, policy};
use store::{Detail, NewJob, Store, Subject, UnitOfWork, rows};
use uuid::Uuid;

fn day(now: DateTime<Utc>) -> NaiveDate {
    domain::calendar::local_date(now)
}

/// A person's name, from the mark.
fn name(mark: &str) -> String {
    format!("{mark} 张三")
}

pub async fn organisation(store: &Store, school: &School) {
    let mut unit = store.begin(&school.admin).await.unwrap();
    let now = unit.now();
    unit.insert_file(file(school, now)).await.unwrap();
    unit.insert_import(import(school, now)).await.unwrap();
    let list = rows::ImportBatch {
        id: unit.id(),
        purpose: "assignment".to_owned(),
        state: "confirmed".to_owned(),
        confirmed_at: Some(now),
        ..import(school, now)
    };
    unit.insert_import(list).await.unwrap();
    let compared = rows::ImportBatch {
        id: school.compared,
        state: "checked".to_owned(),
        sha256: vec![1; 32],
        ..import(school, now)
    };
    unit.insert_import(compared).await.unwrap();
    let units = ["college", "major", "class"]
        .into_iter()
        .zip([school.college, school.major, school.class])
        .zip([None, Some(school.college), Some(school.major)])
        .map(|((kind, id), parent)| unit_row(school, now, (kind, id, parent)))
        .collect();
    let short = rows::UnitShortName {
        tenant_id: school.tenant.0,
        id: unit.id(),
        unit_id: school.college,
        layout: "chsi".to_owned(),
        short_name: school.mark.clone(),
        approved_by: school.admin.person(),
        approved_on: day(now),
    };
    unit.insert_units(units, vec![short]).await.unwrap();
    let (names, terms) = calendar(school, &unit);
    unit.insert_calendar(names, terms).await.unwrap();
    unit.insert_rule_document(rows::RuleDocument {
        tenant_id: school.tenant.0,
        id: unit.id(),
        title: school.mark.clone(),
        number: school.mark.clone(),
        version: 1,
        effective_from: day(now),
        file_id: Some(school.file),
        added_by: school.admin.person(),
        added_at: now,
    })
    .await
    .unwrap();
    unit.insert_parameter(rows::ParameterValue {
        tenant_id: school.tenant.0,
        id: unit.id(),
        key: "security.staff_idle_minutes".to_owned(),
        version: 1,
        value: school.mark.clone(),
        basis: school.mark.clone(),
        rule_id: None,
        effective_from: day(now),
        set_by: school.admin.person(),
        set_at: now,
    })
    .await
    .unwrap();
    unit.insert_organisation_changes(vec![rows::OrganisationChange {
        tenant_id: school.tenant.0,
        id: unit.id(),
        import_id: school.import,
        subject: "unit".to_owned(),
        subject_id: school.college,
        before: school.mark.clone(),
        sealed: None,
        changed_on: day(now),
        changed_at: now,
    }])
    .await
    .unwrap();
    people(&mut unit, school).await;
    noted::<policy::ImportOrganisation>(&mut unit, "import_batch", school.import);
    unit.commit().await.unwrap();
}

fn file(school: &School, now: DateTime<Utc>) -> rows::StoredFile {
    rows::StoredFile {
        tenant_id: school.tenant.0,
        id: school.file,
        purpose: "admission".to_owned(),
        object_key: "the-same-key".to_owned(),
        name: school.mark.clone(),
        media: "text/csv".to_owned(),
        size: 1,
        sha256: FILE.to_vec(),
        created_by: school.admin.person(),
        created_at: now,
    }
}

fn import(school: &School, now: DateTime<Utc>) -> rows::ImportBatch {
    rows::ImportBatch {
        tenant_id: school.tenant.0,
        id: school.import,
        purpose: "admission".to_owned(),
        year: YEAR,
        file_id: school.file,
        file_name: school.mark.clone(),
        sha256: FILE.to_vec(),
        state: "uploaded".to_owned(),
        version: 1,
        counts: "{}".to_owned(),
        notices: school.mark.clone(),
        mapping: "{}".to_owned(),
        error: None,
        job_id: None,
        created_by: school.admin.person(),
        created_at: now,
        confirmed_by: None,
        confirmed_at: None,
    }
}

fn unit_row(
    school: &School,
    now: DateTime<Utc>,
    (kind, id, parent_id): (&str, Uuid, Option<Uuid>),
) -> rows::Unit {
    rows::Unit {
        tenant_id: school.tenant.0,
        id,
        kind: kind.to_owned(),
        parent_id,
        code: "01".to_owned(),
        name: school.mark.clone(),
        catalogue_year: None,
        national_code: None,
        duration: None,
        grade: None,
        phone: None,
        valid_from: day(now),
        valid_to: None,
        import_id: Some(school.import),
    }
}

fn calendar(
    school: &School,
    unit: &UnitOfWork,
) -> (Vec<rows::SchoolName>, Vec<rows::AcademicTerm>) {
    let names = vec![rows::SchoolName {
        tenant_id: school.tenant.0,
        id: unit.id(),
        code: "10001".to_owned(),
        name: school.mark.clone(),
        valid_from: day(unit.now()),
        valid_to: None,
    }];
    let terms = vec![rows::AcademicTerm {
        tenant_id: school.tenant.0,
        id: unit.id(),
        year: YEAR,
        semester: school.mark.clone(),
        starts_on: day(unit.now()),
        ends_on: day(unit.now() + TimeDelta::days(120)),
        arrival_on: None,
        verify_until: None,
        self_check_until: None,
        photo_until: None,
        version: 1,
        set_by: school.admin.person(),
        set_at: unit.now(),
    }];
    (names, terms)
}

async fn people(unit: &mut UnitOfWork, school: &School) {
    let now = unit.now();
    let person = rows::Person {
        tenant_id: school.tenant.0,
        id: school.person,
        name: name(&school.mark),
        contact: None,
        created_at: now,
    };
    let account = rows::Account {
        tenant_id: school.tenant.0,
        id: school.account,
        person_id: school.person,
        kind: "staff".to_owned(),
        login: LOGIN.to_owned(),
        password_hash: Some(school.mark.clone()),
        totp: None,
        totp_confirmed: false,
        totp_step: 0,
        state: "active".to_owned(),
        fails: 5,
        locked_until: Some(now + TimeDelta::minutes(15)),
        import_id: Some(school.import),
        created_at: now,
        version: 1,
    };
    let post = rows::Post {
        tenant_id: school.tenant.0,
        id: school.post,
        person_id: school.person,
        office: Office::College.key().to_owned(),
        kind: PostKind::Counsellor.key().to_owned(),
        scope: serde_json::to_string(&PersonalScope::College(school.college)).unwrap(),
        valid_from: day(now),
        valid_to: None,
        import_id: Some(school.import),
    };
    let own = rows::Account {
        id: unit.id(),
        kind: "student".to_owned(),
        login: KSH.to_owned(),
        import_id: None,
        locked_until: None,
        ..account.clone()
    };
    let activations = [
        ("slip", school.activation, school.account),
        ("code", unit.id(), school.account),
        ("slip", unit.id(), own.id),
    ];
    unit.insert_people(vec![person], vec![account, own], vec![post])
        .await
        .unwrap();
    let activations = activations
        .into_iter()
        .map(|(kind, id, account_id)| rows::Activation {
            tenant_id: school.tenant.0,
            id,
            account_id,
            kind: kind.to_owned(),
            secret_hash: None,
            tries: 0,
            reason: school.mark.clone(),
            identity_check: None,
            after_signature: false,
            issued_by: school.admin.person(),
            issued_at: now,
            expires_at: now + TimeDelta::days(30),
            used_at: None,
        })
        .collect();
    unit.insert_activations(activations).await.unwrap();
}

pub async fn admission(store: &Store, school: &School) {
    let mut unit = store.begin(&school.admissions).await.unwrap();
    let now = unit.now();
    let row = import_row(school, school.row, 1);
    let second = import_row(school, unit.id(), 2);
    let compared = rows::ImportRow {
        import_id: school.compared,
        state: "unchanged".to_owned(),
        ..import_row(school, unit.id(), 1)
    };
    let found = finding(school, unit.id());
    // Set aside by a check that is not complete.
    let accepted = rows::Finding {
        row_id: None,
        ordinal: -2,
        accepted_reason: Some(school.mark.clone()),
        ..finding(school, unit.id())
    };
    // About a record that was taken back.
    let lost = rows::Finding {
        import_id: school.compared,
        row_id: None,
        severity: "error".to_owned(),
        ..finding(school, unit.id())
    };
    unit.insert_checked(vec![row, second, compared], vec![found, accepted, lost])
        .await
        .unwrap();
    let (mut candidates, mut students) = (vec![candidate(school, now)], vec![student(school, now)]);
    for (n, class) in [(2, None), (3, Some(school.class))] {
        let (candidate, student) = waiting(school, &unit, n, class);
        candidates.push(candidate);
        students.push(student);
    }
    // An earlier record of the same person, who came back.
    let (candidate, earlier) = waiting(school, &unit, 4, None);
    candidates.push(candidate);
    students.push(rows::Student {
        continued_by: Some(school.student),
        ..earlier
    });
    unit.insert_candidates(candidates, students).await.unwrap();
    let photo = rows::AdmissionPhoto {
        tenant_id: school.tenant.0,
        id: unit.id(),
        candidate_id: school.candidate,
        import_id: school.import,
        year: YEAR,
        object_key: school.mark.clone(),
        sha256: PHOTO.to_vec(),
        size: 1,
    };
    unit.insert_photos(vec![photo]).await.unwrap();
    unit.insert_major_maps(vec![rows::MajorMap {
        tenant_id: school.tenant.0,
        id: school.map,
        year: YEAR,
        folder: "0101".to_owned(),
        admitted_code: "01".to_owned(),
        national_code: "080901".to_owned(),
        national_name: school.mark.clone(),
        college_id: Some(school.college),
        major_id: Some(school.major),
        broad: false,
        set_by: None,
        set_at: None,
    }])
    .await
    .unwrap();
    let granted = granted::<policy::ConfirmImport>(unit.actor(), now);
    unit.note(
        &granted,
        Subject::new("import_batch", school.import),
        Detail::text(school.mark.clone()).over("candidate", [school.candidate]),
    );
    unit.commit().await.unwrap();
}

fn import_row(school: &School, id: Uuid, ordinal: i32) -> rows::ImportRow {
    rows::ImportRow {
        tenant_id: school.tenant.0,
        id,
        import_id: school.import,
        ordinal,
        folder: "0101".to_owned(),
        file: school.mark.clone(),
        row: ordinal,
        ksh: KSH.to_owned(),
        name: name(&school.mark),
        major: String::new(),
        state: "good".to_owned(),
        digest: vec![1; 32],
        sealed: school.mark.clone().into_bytes(),
    }
}

fn finding(school: &School, id: Uuid) -> rows::Finding {
    rows::Finding {
        tenant_id: school.tenant.0,
        id,
        import_id: school.import,
        row_id: Some(school.row),
        ordinal: 1,
        ksh: KSH.to_owned(),
        file: school.mark.clone(),
        row: 1,
        kind: school.mark.clone(),
        rule: String::new(),
        field: "XM".to_owned(),
        severity: "warning".to_owned(),
        message: school.mark.clone(),
        suggestion: String::new(),
        about_year: Some(YEAR - 1),
        about_ksh: Some(KSH.to_owned()),
        accepted_reason: None,
        accepted_by: None,
        accepted_at: None,
    }
}

fn candidate(school: &School, now: DateTime<Utc>) -> rows::Candidate {
    rows::Candidate {
        tenant_id: school.tenant.0,
        id: school.candidate,
        import_id: school.import,
        row_id: school.row,
        year: YEAR,
        ksh: KSH.to_owned(),
        name: name(&school.mark),
        name_key: name(&school.mark),
        sex: "1".to_owned(),
        ethnic: "01".to_owned(),
        political: "13".to_owned(),
        folder: "0101".to_owned(),
        admitted_code: "01".to_owned(),
        national_code: "080901".to_owned(),
        national_name: school.mark.clone(),
        path: "1".to_owned(),
        id_type: "1".to_owned(),
        id_index: INDEX.to_vec(),
        identity: vec![1],
        contact: vec![1],
        details: school.mark.clone().into_bytes(),
        due: String::new(),
        digest: vec![1; 32],
        created_at: now,
    }
}

/// The student record of the candidate.
fn student(school: &School, now: DateTime<Utc>) -> rows::Student {
    rows::Student {
        tenant_id: school.tenant.0,
        id: school.student,
        candidate_id: school.candidate,
        year: YEAR,
        ksh: KSH.to_owned(),
        ksh_tail: "0001".to_owned(),
        name: name(&school.mark),
        name_key: name(&school.mark),
        pinyin: "zhangsan".to_owned(),
        initials: "zs".to_owned(),
        sex: "1".to_owned(),
        student_no: Some(NUMBER.to_owned()),
        no_tail: Some("0001".to_owned()),
        college_id: Some(school.college),
        major_id: Some(school.major),
        class_id: Some(school.class),
        qualification: "placed".to_owned(),
        qualification_on: None,
        status: "none".to_owned(),
        status_on: None,
        registration: "not_due".to_owned(),
        registration_on: None,
        listed_on: None,
        photo: "not_captured".to_owned(),
        photo_on: None,
        handed_over_on: Some(day(now)),
        person_id: Some(school.person),
        continued_by: None,
        deferred_on: None,
        version: 1,
    }
}

/// A further student, without major and number, and perhaps with a class already.
fn waiting(
    school: &School,
    unit: &UnitOfWork,
    n: u8,
    class_id: Option<Uuid>,
) -> (rows::Candidate, rows::Student) {
    let candidate = rows::Candidate {
        id: unit.id(),
        ksh: format!("2631010115000{n}"),
        id_index: vec![n; 16],
        ..candidate(school, unit.now())
    };
    let student = rows::Student {
        id: unit.id(),
        candidate_id: candidate.id,
        ksh: candidate.ksh.clone(),
        student_no: None,
        no_tail: None,
        major_id: None,
        class_id,
        handed_over_on: None,
        person_id: None,
        ..student(school, unit.now())
    };
    (candidate, student)
}

pub async fn afterwards(store: &Store, school: &School) -> Uuid {
    let mut unit = store.begin(&school.admissions).await.unwrap();
    let now = unit.now();
    let tenant_id = school.tenant.0;
    let handover = rows::Handover {
        tenant_id,
        id: school.handover,
        year: YEAR,
        number: 1,
        kind: "cohort".to_owned(),
        counts: "{}".to_owned(),
        total: 1,
        hash_total: vec![1; 32],
        note: school.mark.clone(),
        offered_by: school.admissions.person(),
        offered_at: now,
    };
    let member = rows::HandoverMember {
        tenant_id,
        id: unit.id(),
        handover_id: school.handover,
        student_id: school.student,
        ksh: school.mark.clone(),
        digest: vec![1; 32],
        college_id: Some(school.college),
        college_code: "01".to_owned(),
        major_code: school.mark.clone(),
    };
    let receipt = rows::HandoverReceipt {
        tenant_id,
        id: school.receipt,
        handover_id: school.handover,
        office: "college".to_owned(),
        college_id: Some(school.college),
        state: "offered".to_owned(),
        version: 1,
        total: 1,
        hash_total: vec![1; 32],
        person_id: None,
        reason: Some(school.mark.clone()),
        at: None,
    };
    unit.insert_handover(handover, vec![member], vec![receipt])
        .await
        .unwrap();
    let assigned = rows::Assignment {
        tenant_id,
        id: unit.id(),
        import_id: Some(school.import),
        batch_id: school.batch,
        student_id: school.student,
        before: school.mark.clone(),
        after: school.mark.clone(),
        undone: false,
        at: now,
    };
    unit.insert_assignments(vec![assigned]).await.unwrap();
    unit.log_access(Some(school.student), "reveal", "identity", &school.mark, 1)
        .await
        .unwrap();
    let job = unit
        .enqueue(NewJob {
            kind: "check",
            payload: school.mark.clone(),
            idem_key: "the-same-key".to_owned(),
        })
        .await
        .unwrap();
    let granted = granted::<policy::OfferHandover>(unit.actor(), now);
    unit.note(
        &granted,
        Subject::new("student", school.student),
        Detail::text(school.mark.clone()),
    );
    unit.commit().await.unwrap();
    job
}

pub async fn door(store: &Store, school: &School) {
    let door = store.door(school.tenant).await.unwrap();
    door.security_event("locked", Some(school.account), "127.0.0.0/24", &school.mark)
        .await
        .unwrap();
    door.set_recovery_codes(school.account, vec![[1; 32]])
        .await
        .unwrap();
    door.commit().await.unwrap();
}

//! The rows of a cohort as an import leaves them.

use super::{Person, YEAR};
use domain::admission::check::{Contact, StatedMajor};
use domain::person::id_number::IdType;
use domain::person::name::name_key;
use domain::person::pinyin::search_keys;
use services::admission::snapshot::{Details, Identity};
use store::blind::{BlindIndex, Column};
use store::keys::Purpose;
use store::seal::{Place, seal};
use store::{UnitOfWork, rows};
use uuid::Uuid;

pub async fn import(unit: &mut UnitOfWork) -> Uuid {
    let (tenant_id, now, by) = (unit.tenant().0, unit.now(), unit.actor().person());
    let file = rows::StoredFile {
        tenant_id,
        id: unit.id(),
        purpose: "source".to_owned(),
        object_key: "package".to_owned(),
        name: "录取数据.zip".to_owned(),
        media: "application/zip".to_owned(),
        size: 1,
        sha256: vec![1; 32],
        created_by: by,
        created_at: now,
    };
    let import = rows::ImportBatch {
        tenant_id,
        id: unit.id(),
        purpose: "admission".to_owned(),
        year: YEAR,
        file_id: file.id,
        file_name: file.name.clone(),
        sha256: vec![1; 32],
        state: "confirmed".to_owned(),
        version: 1,
        counts: r#"{"source":{},"rows":{"bad":3}}"#.to_owned(),
        notices: "[]".to_owned(),
        mapping: "{}".to_owned(),
        error: None,
        job_id: None,
        created_by: by,
        created_at: now,
        confirmed_by: Some(by),
        confirmed_at: Some(now),
    };
    let id = import.id;
    unit.insert_file(file).await.unwrap();
    unit.insert_import(import).await.unwrap();
    id
}

pub fn import_row(
    unit: &UnitOfWork,
    import: Uuid,
    ordinal: i32,
    person: &Person,
) -> rows::ImportRow {
    rows::ImportRow {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        import_id: import,
        ordinal,
        folder: FOLDER.to_owned(),
        file: "T_BMK.dbf".to_owned(),
        row: ordinal + 1,
        ksh: person.ksh.clone(),
        name: person.name.clone(),
        major: String::new(),
        state: "confirmed".to_owned(),
        digest: vec![0; 32],
        sealed: vec![0],
    }
}

const FOLDER: &str = "31 本科批";

fn sealed(
    unit: &UnitOfWork,
    purpose: Purpose,
    column: &'static str,
    id: Uuid,
    value: &impl serde::Serialize,
) -> Vec<u8> {
    let plain = serde_json::to_vec(value).unwrap();
    let place = Place::new("candidate", column, id);
    seal(unit.keys(), purpose, &place, &plain)
        .unwrap()
        .into_bytes()
}

pub fn candidate(unit: &UnitOfWork, import: Uuid, row: Uuid, person: &Person) -> rows::Candidate {
    let id = unit.id();
    let identity = Identity {
        name_raw: person.name.clone(),
        id_number: Some(person.number.clone()),
        birth_date: Some(person.born),
        zkzh: Some(person.permit.clone()),
    };
    let contact = Contact {
        address: Some(person.address.clone()),
        mobile: Some(person.mobile.clone()),
        ..Contact::default()
    };
    let details = Details {
        ethnic_code: Some("01".to_owned()),
        ethnic_name: Some("汉族".to_owned()),
        political_code: Some("03".to_owned()),
        political_name: Some("中国共产主义青年团团员".to_owned()),
        major: StatedMajor {
            national_code: Some(format!("08090{}", person.major)),
            name: Some(format!("录取专业{}", person.major)),
            ..StatedMajor::default()
        },
        previous_school: Some("第一中学".to_owned()),
        area_code: None,
        candidate_kind: None,
        batch: Some("本科批".to_owned()),
        category: None,
        plan_kind: None,
        admission_kind: None,
        score: Some("580".to_owned()),
        student_no: None,
        enrolled_on: None,
    };
    let index = BlindIndex::of(unit.keys(), Column::DocumentNumber, &person.number)
        .unwrap()
        .unwrap();
    rows::Candidate {
        tenant_id: unit.tenant().0,
        id,
        import_id: import,
        row_id: row,
        year: YEAR,
        ksh: person.ksh.clone(),
        name: person.name.clone(),
        name_key: name_key(&person.name),
        sex: person.sex.code().to_owned(),
        ethnic: "01".to_owned(),
        political: "03".to_owned(),
        folder: FOLDER.to_owned(),
        admitted_code: format!("0{}", person.major),
        national_code: format!("08090{}", person.major),
        national_name: format!("录取专业{}", person.major),
        path: "ordinary".to_owned(),
        id_type: IdType::ResidentIdCard.code().to_owned(),
        id_index: index.as_bytes().to_vec(),
        identity: sealed(unit, Purpose::Identity, "identity", id, &identity),
        contact: sealed(unit, Purpose::Contact, "contact", id, &contact),
        details: sealed(unit, Purpose::Source, "details", id, &details),
        due: r#"["student_number","enrolment_date","image"]"#.to_owned(),
        digest: id.as_bytes().repeat(2),
        created_at: unit.now(),
    }
}

pub fn student(unit: &UnitOfWork, candidate: Uuid, person: &Person) -> rows::Student {
    let keys = search_keys(&person.name);
    rows::Student {
        tenant_id: unit.tenant().0,
        id: person.student,
        candidate_id: candidate,
        year: YEAR,
        ksh: person.ksh.clone(),
        ksh_tail: person.ksh[person.ksh.len() - 4..].to_owned(),
        name: person.name.clone(),
        name_key: name_key(&person.name),
        pinyin: keys.full,
        initials: keys.initials,
        sex: person.sex.code().to_owned(),
        student_no: None,
        no_tail: None,
        college_id: None,
        major_id: None,
        class_id: None,
        qualification: "awaiting_arrival".to_owned(),
        qualification_on: None,
        status: "none".to_owned(),
        status_on: None,
        registration: "not_due".to_owned(),
        registration_on: None,
        listed_on: None,
        photo: "not_captured".to_owned(),
        photo_on: None,
        handed_over_on: None,
        person_id: None,
        continued_by: None,
        deferred_on: None,
        version: 1,
    }
}

pub fn major_map(unit: &UnitOfWork, major: usize) -> rows::MajorMap {
    rows::MajorMap {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        year: YEAR,
        folder: FOLDER.to_owned(),
        admitted_code: format!("0{major}"),
        national_code: format!("08090{major}"),
        national_name: format!("录取专业{major}"),
        college_id: None,
        major_id: None,
        broad: false,
        set_by: None,
        set_at: None,
    }
}

//! A university with two colleges, four majors, eight classes, and a cohort that was imported.

use chrono::NaiveDate;
use domain::admission::check::{Contact, StatedMajor};
use domain::codes::Sex;
use domain::institution::{Actor, Office, PersonalScope, PostKind, Target, TenantId, policy};
use domain::person::id_number::{IdType, check_digit};
use domain::person::name::name_key;
use domain::person::pinyin::search_keys;
use services::admission::snapshot::{Details, Identity};
use services::parser::InProcess;
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::sync::Arc;
use store::blind::{BlindIndex, Column};
use store::keys::Purpose;
use store::seal::{Place, seal};
use store::testkit::Bed;
use store::{Detail, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// The cohort.
pub const YEAR: i32 = 2026;
/// Phone of the first college.
pub const PHONE: &str = "021-61900000";
/// A reason that is long enough.
pub const REASON: &str = "迎新现场核对";

/// The university.
pub struct Campus {
    pub bed: Bed,
    pub services: Services,
    pub tenant: TenantId,
    pub admissions: Actor,
    pub affairs: Actor,
    pub academic: Actor,
    /// Teaching secretaries of the two colleges.
    pub secretaries: [Actor; 2],
    pub colleges: [Uuid; 2],
    /// Two of each college.
    pub majors: [Uuid; 4],
    /// Two of each major.
    pub classes: [Uuid; 8],
    pub people: Vec<Person>,
}

/// A student with what nobody without a right may see.
#[derive(Clone, Debug)]
pub struct Person {
    pub student: Uuid,
    pub ksh: String,
    pub name: String,
    pub number: String,
    pub born: NaiveDate,
    pub sex: Sex,
    pub mobile: String,
    pub address: String,
    pub permit: String,
    /// Which of the four majors.
    pub major: usize,
}

impl Person {
    /// Texts that may not leave without a reveal.
    pub fn canaries(&self) -> [&str; 5] {
        [&self.number, &self.ksh, &self.mobile, &self.address, &self.permit]
    }
}

const NAMES: [&str; 6] = ["张三丰", "欧阳娜", "单小雨", "王伟", "阿依古丽·买买提", "曾子墨"];

fn person(bed: &Bed, place: usize) -> Person {
    let area = ["310115", "320102", "110105"][place % 3];
    let born = NaiveDate::from_ymd_opt(2008, 1 + (place % 12) as u32, 1 + (place % 28) as u32).unwrap();
    let body = format!("{area}{}{:03}", born.format("%Y%m%d"), 100 + place % 800);
    let sex = if (100 + place % 800) % 2 == 1 { Sex::Male } else { Sex::Female };
    let number = format!("{body}{}", check_digit(&body).unwrap());
    Person {
        student: bed.store().id(),
        ksh: format!("26{}0115{:06}", &area[..2], place),
        name: NAMES[place % NAMES.len()].to_owned(),
        number,
        born,
        sex,
        mobile: format!("1391765{place:04}"),
        address: format!("环湖西路{place}弄{place}号"),
        permit: format!("98{place:012}"),
        major: place % 4,
    }
}

impl Campus {
    /// A university with a cohort; nobody is mapped, handed over or numbered.
    pub async fn new(bed: Bed, students: usize) -> Self {
        let tenant = bed.tenant("donghai").await;
        let ids: Vec<Uuid> = (0..14).map(|_| bed.store().id()).collect();
        let (colleges, majors) = ([ids[0], ids[1]], [ids[2], ids[3], ids[4], ids[5]]);
        let classes: [Uuid; 8] = ids[6..].try_into().unwrap();
        let secretary = |college| {
            bed.person_in(tenant, Office::College, PostKind::TeachingSecretary, PersonalScope::College(college))
        };
        let mut campus = Self {
            services: Services::new(bed.store().clone(), Arc::new(InProcess)),
            tenant,
            admissions: bed.officer(tenant, Office::Admissions).await,
            affairs: bed.officer(tenant, Office::StudentAffairs).await,
            academic: bed.officer(tenant, Office::AcademicAffairs).await,
            secretaries: [secretary(colleges[0]).await, secretary(colleges[1]).await],
            colleges,
            majors,
            classes,
            people: (0..students).map(|place| person(&bed, place)).collect(),
            bed,
        };
        campus.plant().await;
        campus
    }

    /// The same with majors mapped.
    pub async fn mapped(bed: Bed, students: usize) -> Self {
        let campus = Self::new(bed, students).await;
        campus.map_majors().await;
        campus
    }

    /// The same, handed over, accepted by everybody, with class and number.
    pub async fn settled(bed: Bed, students: usize) -> Self {
        let campus = Self::mapped(bed, students).await;
        campus.hand_over().await;
        campus.number().await;
        campus
    }

    /// Somebody who works with some classes of the first college.
    pub async fn counsellor(&self, classes: &[Uuid]) -> Actor {
        let scope = PersonalScope::Classes { college: self.colleges[0], classes: classes.to_vec() };
        self.bed.person_in(self.tenant, Office::College, PostKind::Counsellor, scope).await
    }

    /// A student with an account.
    pub async fn student(&self, place: usize) -> Actor {
        let scope = PersonalScope::Own(self.people[place].student);
        self.bed.person_in(self.tenant, Office::Student, PostKind::Student, scope).await
    }

    /// An actor who gave the password a while ago.
    pub fn late(&self, actor: &Actor) -> Actor {
        let mut seat = actor.seat().clone();
        seat.stepped_up = Some(self.bed.store().now() - chrono::TimeDelta::minutes(6));
        Actor::seated(seat)
    }

    /// An actor who gave the password just now.
    pub fn fresh(&self, actor: &Actor) -> Actor {
        let mut seat = actor.seat().clone();
        seat.stepped_up = Some(self.bed.store().now());
        Actor::seated(seat)
    }

    pub async fn map_majors(&self) {
        let view = self.services.major_map_view(&self.admissions, YEAR).await.unwrap();
        for line in view.lines {
            let major = line.suggestion.unwrap().id;
            self.services.map_major(&self.admissions, line.id, major, false).await.unwrap();
        }
    }

    /// Offers everybody who is not held.
    pub async fn offer(&self) -> Uuid {
        let preview = self.services.handover_preview(&self.admissions, Some(YEAR)).await.unwrap();
        self.services
            .offer_handover(&self.admissions, YEAR, preview.total, &preview.hash, "")
            .await
            .unwrap()
    }

    /// Offers, and everybody accepts.
    pub async fn hand_over(&self) {
        let handover = self.offer().await;
        for receiver in [&self.affairs, &self.secretaries[0], &self.secretaries[1]] {
            self.accept(receiver, handover).await.unwrap();
        }
    }

    /// Accepts the receipt that a receiver answers for.
    pub async fn accept(&self, receiver: &Actor, handover: Uuid) -> Result<(), ServiceError> {
        let view = self.services.handover(receiver, handover).await?;
        let receipt = view.line.receipts.iter().find(|r| r.can_answer).ok_or(ServiceError::NotFound)?;
        self.services.accept_receipt(receiver, receipt.id, &receipt.hash).await
    }

    /// Assigns classes and numbers by the rule.
    pub async fn number(&self) -> Uuid {
        let preview = self.services.assign_preview_by_rule(&self.affairs, YEAR, None).await.unwrap();
        self.services.assign_by_rule(&self.affairs, YEAR, None, &preview.hash).await.unwrap()
    }

    /// Runs every due job; each must come to its end.
    pub async fn work(&self) {
        let worker = Worker::new(self.services.clone(), "test");
        while let Some(ran) = worker.run_one().await.unwrap() {
            assert_eq!(ran, Ran::Done);
        }
    }

    /// A record as it is stored.
    pub async fn stored(&self, student: Uuid) -> rows::Student {
        let unit = self.bed.store().read(&self.admissions).await.unwrap();
        unit.student(student).await.unwrap()
    }

    /// The record that holds a student number.
    pub async fn all(&self) -> Vec<rows::Student> {
        let unit = self.bed.store().read(&self.admissions).await.unwrap();
        let ids: Vec<Uuid> = self.people.iter().map(|p| p.student).collect();
        unit.students_by_id(&ids).await.unwrap()
    }

    async fn plant(&mut self) {
        let mut unit = self.bed.store().begin(&self.admissions).await.unwrap();
        let units = self.units(&unit);
        unit.insert_units(units, Vec::new()).await.unwrap();
        let import = import(&mut unit).await;
        let mut found = (Vec::new(), Vec::new(), Vec::new());
        for (ordinal, person) in (0..).zip(&self.people) {
            let row = import_row(&unit, import, ordinal, person);
            let candidate = candidate(&unit, import, row.id, person);
            found.2.push(student(&unit, candidate.id, person));
            found.1.push(candidate);
            found.0.push(row);
        }
        unit.insert_checked(found.0, Vec::new()).await.unwrap();
        unit.insert_candidates(found.1, found.2).await.unwrap();
        let maps = (0..4).map(|major| major_map(&unit, major)).collect();
        unit.insert_major_maps(maps).await.unwrap();
        let school = Target::school(self.tenant);
        let granted = self.admissions.authorize::<policy::ConfirmImport>(&school, unit.now()).unwrap();
        unit.note(&granted, Subject::new("import_batch", import), Detail::text("planted"));
        unit.commit().await.unwrap();
    }

    fn units(&self, unit: &UnitOfWork) -> Vec<rows::Unit> {
        let row = |kind: &str, id, parent_id, code: String, name: String| rows::Unit {
            tenant_id: unit.tenant().0,
            id,
            kind: kind.to_owned(),
            parent_id,
            code,
            name,
            catalogue_year: None,
            national_code: None,
            duration: None,
            grade: None,
            phone: None,
            valid_from: unit.today() - chrono::Days::new(365),
            valid_to: None,
            import_id: None,
        };
        let mut units = Vec::new();
        for (at, college) in self.colleges.into_iter().enumerate() {
            let mut college = row("college", college, None, format!("0{}", at + 1), format!("第{}学院", at + 1));
            college.phone = (at == 0).then(|| PHONE.to_owned());
            units.push(college);
        }
        for (at, major) in self.majors.into_iter().enumerate() {
            let mut major = row("major", major, Some(self.colleges[at / 2]), format!("M{at}"), format!("专业{at}"));
            major.national_code = Some(format!("08090{at}"));
            units.push(major);
        }
        for (at, class) in self.classes.into_iter().enumerate() {
            let mut class = row("class", class, Some(self.majors[at / 2]), format!("26{at:02}"), format!("班级{at}"));
            class.grade = Some(YEAR);
            units.push(class);
        }
        units
    }
}

async fn import(unit: &mut UnitOfWork) -> Uuid {
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

fn import_row(unit: &UnitOfWork, import: Uuid, ordinal: i32, person: &Person) -> rows::ImportRow {
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
        state: "confirmed".to_owned(),
        digest: vec![0; 32],
        sealed: vec![0],
    }
}

const FOLDER: &str = "31 本科批";

fn sealed(unit: &UnitOfWork, purpose: Purpose, column: &'static str, id: Uuid, value: &impl serde::Serialize) -> Vec<u8> {
    let plain = serde_json::to_vec(value).unwrap();
    let place = Place::new("candidate", column, id);
    seal(unit.keys(), purpose, &place, &plain).unwrap().into_bytes()
}

fn candidate(unit: &UnitOfWork, import: Uuid, row: Uuid, person: &Person) -> rows::Candidate {
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
        political_name: Some("共青团员".to_owned()),
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
    };
    let index = BlindIndex::of(unit.keys(), Column::DocumentNumber, &person.number).unwrap().unwrap();
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

fn student(unit: &UnitOfWork, candidate: Uuid, person: &Person) -> rows::Student {
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
        photo: "not_captured".to_owned(),
        photo_on: None,
        handed_over_on: None,
        person_id: None,
        version: 1,
    }
}

fn major_map(unit: &UnitOfWork, major: usize) -> rows::MajorMap {
    rows::MajorMap {
        tenant_id: unit.tenant().0,
        id: unit.id(),
        year: YEAR,
        folder: FOLDER.to_owned(),
        admitted_code: format!("0{major}"),
        national_code: format!("08090{major}"),
        national_name: format!("录取专业{major}"),
        major_id: None,
        broad: false,
        set_by: None,
        set_at: None,
    }
}

/// Why something was refused.
pub fn reason_of(error: &ServiceError) -> Option<domain::decision::Reason> {
    match error {
        ServiceError::Refused(refusal) => Some(refusal.reason),
        _ => None,
    }
}

//! A university with two colleges, four majors, eight classes, and a cohort that was imported.

mod plant;

use chrono::NaiveDate;
use domain::admission::qualification::{Qualification, QualificationEvent};
use domain::clause::Clause;
use domain::codes::Sex;
use domain::decision::{Machine as _, Read, decide};
use domain::institution::{Actor, Office, PersonalScope, PostKind, Target, TenantId, policy};
use domain::person::id_number::check_digit;
use domain::view::access::AccessLine;
use domain::view::assign::SheetView;
use services::assign::RuleChoice;
use services::parser::InProcess;
use services::worker::{Ran, Worker};
use services::{ServiceError, Services};
use std::sync::Arc;
use store::testkit::Bed;
use store::{Detail, Store, Subject, UnitOfWork, rows};
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
        [
            &self.number,
            &self.ksh,
            &self.mobile,
            &self.address,
            &self.permit,
        ]
    }
}

const NAMES: [&str; 6] = [
    "张三丰",
    "欧阳娜",
    "单小雨",
    "王伟",
    "阿依古丽·买买提",
    "曾子墨",
];

fn person(bed: &Bed, place: usize) -> Person {
    let area = ["310115", "320102", "110105"][place % 3];
    let day = u32::try_from(place).unwrap();
    let born = NaiveDate::from_ymd_opt(2008, 1 + day % 12, 1 + day % 28).unwrap();
    let body = format!("{area}{}{:03}", born.format("%Y%m%d"), 100 + place % 800);
    let sex = if (100 + place % 800) % 2 == 1 {
        Sex::Male
    } else {
        Sex::Female
    };
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

/// Moves the qualification of a record.
pub async fn qualify(
    store: &Store,
    officer: &Actor,
    student: &rows::Student,
    event: QualificationEvent,
) {
    let mut unit = store.begin(officer).await.unwrap();
    let school = Target::school(officer.tenant());
    let granted = officer
        .authorize::<policy::AnnotateAdmission>(&school, unit.now())
        .unwrap();
    let read = Read {
        id: student.id,
        state: Qualification::from_key(&student.qualification).unwrap(),
        version: student.version,
    };
    let decision = decide(&granted, read, event, Clause::ANNOTATION).unwrap();
    unit.apply(&granted, decision, Detail::none())
        .await
        .unwrap();
    unit.commit().await.unwrap();
}

impl Campus {
    /// A university with a cohort; nobody is mapped, handed over or numbered.
    pub async fn new(bed: Bed, students: usize) -> Self {
        let tenant = bed.tenant("donghai").await;
        let ids: Vec<Uuid> = (0..14).map(|_| bed.store().id()).collect();
        let (colleges, majors) = ([ids[0], ids[1]], [ids[2], ids[3], ids[4], ids[5]]);
        let classes: [Uuid; 8] = ids[6..].try_into().unwrap();
        let secretary = |college| {
            bed.person_in(
                tenant,
                Office::College,
                PostKind::TeachingSecretary,
                PersonalScope::College(college),
            )
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

    /// The same, handed over and accepted by everybody.
    pub async fn received(bed: Bed, students: usize) -> Self {
        let campus = Self::mapped(bed, students).await;
        campus.hand_over().await;
        campus
    }

    /// The same with class and number.
    pub async fn settled(bed: Bed, students: usize) -> Self {
        let campus = Self::received(bed, students).await;
        campus.number().await;
        campus
    }

    /// Somebody who works with some classes of the first college.
    pub async fn counsellor(&self, classes: &[Uuid]) -> Actor {
        let scope = PersonalScope::Classes {
            college: self.colleges[0],
            classes: classes.to_vec(),
        };
        self.bed
            .person_in(self.tenant, Office::College, PostKind::Counsellor, scope)
            .await
    }

    /// A class of a broad intake of the first college.
    pub async fn broad_class(&self, code: &str) -> Uuid {
        let mut unit = self.bed.store().begin(&self.affairs).await.unwrap();
        let mut class = unit.unit(self.classes[0]).await.unwrap();
        class.id = unit.id();
        class.parent_id = Some(self.colleges[0]);
        class.code = code.to_owned();
        class.name = format!("大类{code}");
        let id = class.id;
        unit.insert_units(vec![class], Vec::new()).await.unwrap();
        let school = Target::school(self.tenant);
        let granted = self
            .affairs
            .authorize::<policy::AssignByRule>(&school, unit.now())
            .unwrap();
        unit.note(&granted, Subject::new("unit", id), Detail::none());
        unit.commit().await.unwrap();
        id
    }

    /// A student with an account.
    pub async fn student(&self, place: usize) -> Actor {
        let scope = PersonalScope::Own(self.people[place].student);
        self.bed
            .person_in(self.tenant, Office::Student, PostKind::Student, scope)
            .await
    }

    /// An actor who gave the password a while ago.
    pub fn late(&self, actor: &Actor) -> Actor {
        let mut seat = actor.seat().clone();
        seat.stepped_up = Some(self.bed.store().now() - chrono::TimeDelta::minutes(6));
        store::testkit::seated(seat)
    }

    /// An actor who gave the password just now.
    pub fn fresh(&self, actor: &Actor) -> Actor {
        let mut seat = actor.seat().clone();
        seat.stepped_up = Some(self.bed.store().now());
        store::testkit::seated(seat)
    }

    pub async fn map_majors(&self) {
        let view = self
            .services
            .major_map_view(&self.admissions, YEAR)
            .await
            .unwrap();
        for line in view.lines {
            let major = line.suggestion.unwrap().id;
            self.services
                .map_major(&self.admissions, line.id, major, false)
                .await
                .unwrap();
        }
    }

    /// Offers everybody who is not held.
    pub async fn offer(&self) -> Uuid {
        let preview = self
            .services
            .handover_preview(&self.admissions, Some(YEAR))
            .await
            .unwrap();
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
        let receipt = view
            .line
            .receipts
            .iter()
            .find(|r| r.can_answer)
            .ok_or(ServiceError::NotFound)?;
        self.services
            .accept_receipt(receiver, receipt.id, &receipt.hash)
            .await
    }

    /// Assigns classes and numbers by the rule.
    pub async fn number(&self) -> Uuid {
        let preview = self
            .services
            .assign_preview_by_rule(&self.affairs, RuleChoice::cohort(YEAR))
            .await
            .unwrap();
        self.services
            .assign_by_rule(&self.affairs, RuleChoice::cohort(YEAR), &preview.hash)
            .await
            .unwrap()
    }

    /// Who looked at a student of a settled campus since then, newest first: the first look was at the plan by which class
    /// and number were given.
    pub async fn looks(&self, student: &Actor) -> Vec<AccessLine> {
        let mut lines = self.services.my_access(student).await.unwrap();
        let plan = lines.pop().unwrap();
        assert_eq!(
            (plan.office.0.as_str(), plan.kind.0.as_str()),
            ("学生处", "查看名单")
        );
        lines
    }

    /// Sends a list of an assignment and looks at it.
    pub async fn listed(&self, name: &str, bytes: Vec<u8>) -> (Uuid, SheetView) {
        let list = self
            .services
            .upload_assignment(&self.affairs, YEAR, name, bytes)
            .await
            .unwrap();
        let view = self.services.assignment_sheet(&self.affairs, list).await;
        (list, view.unwrap())
    }

    /// Moves one person's qualification.
    pub async fn qualify(&self, place: usize, event: QualificationEvent) {
        let student = self.stored(self.people[place].student).await;
        qualify(self.bed.store(), &self.admissions, &student, event).await;
    }

    /// The autumn of the cohort's first year, as the school's calendar has it.
    pub async fn term(&self) {
        let admin = self.bed.officer(self.tenant, Office::TenantAdmin).await;
        let mut unit = self.bed.store().begin(&admin).await.unwrap();
        let day = |month, day| NaiveDate::from_ymd_opt(YEAR, month, day).unwrap();
        let term = rows::AcademicTerm {
            tenant_id: self.tenant.0,
            id: unit.id(),
            year: YEAR,
            semester: "autumn".to_owned(),
            starts_on: day(9, 7),
            ends_on: day(12, 31),
            arrival_on: Some(day(9, 5)),
            verify_until: None,
            self_check_until: None,
            photo_until: None,
            version: 1,
            set_by: admin.person(),
            set_at: unit.now(),
        };
        unit.insert_calendar(Vec::new(), vec![term]).await.unwrap();
        let granted = admin
            .authorize::<policy::ImportOrganisation>(&Target::school(self.tenant), unit.now())
            .unwrap();
        unit.note(&granted, Subject::new("term", unit.id()), Detail::none());
        unit.commit().await.unwrap();
    }

    /// The college of somebody notes the arrival, on the strength of a document.
    pub async fn arrive(&self, place: usize, document: &str) {
        let look = self.bed.store().read(&self.admissions).await.unwrap();
        let student = look.student(self.people[place].student).await.unwrap();
        drop(look);
        let college = PersonalScope::College(student.college_id.unwrap());
        let of_college = |actor: &&Actor| actor.seat().scope == college;
        let secretary = self.secretaries.iter().find(of_college).unwrap();
        let mut unit = self.bed.store().begin(secretary).await.unwrap();
        let granted = secretary
            .authorize::<policy::RecordArrival>(&Target::school(self.tenant), unit.now())
            .unwrap();
        let read = Read {
            id: student.id,
            state: Qualification::AwaitingArrival,
            version: student.version,
        };
        let arrived = decide(&granted, read, QualificationEvent::Arrive, Clause::HANDOVER).unwrap();
        unit.apply(&granted, arrived, Detail::none().basis(document))
            .await
            .unwrap();
        unit.commit().await.unwrap();
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

    /// Every record, in the order of the people.
    pub async fn all(&self) -> Vec<rows::Student> {
        let unit = self.bed.store().read(&self.admissions).await.unwrap();
        let ids: Vec<Uuid> = self.people.iter().map(|p| p.student).collect();
        let mut all = unit.students_by_id(&ids).await.unwrap();
        all.sort_by_key(|student| student.id);
        all
    }

    async fn plant(&mut self) {
        let mut unit = self.bed.store().begin(&self.admissions).await.unwrap();
        let units = self.units(&unit);
        unit.insert_units(units, Vec::new()).await.unwrap();
        let import = plant::import(&mut unit).await;
        let mut found = (Vec::new(), Vec::new(), Vec::new());
        let mut ids = Vec::new();
        for (ordinal, person) in (0..).zip(&self.people) {
            let row = plant::import_row(&unit, import, ordinal, person);
            let candidate = plant::candidate(&unit, import, row.id, person);
            found.2.push(plant::student(&unit, candidate.id, person));
            ids.push(candidate.id);
            found.1.push(candidate);
            found.0.push(row);
        }
        unit.insert_checked(found.0, Vec::new()).await.unwrap();
        unit.insert_candidates(found.1, found.2).await.unwrap();
        let maps = (0..4).map(|major| plant::major_map(&unit, major)).collect();
        unit.insert_major_maps(maps).await.unwrap();
        let school = Target::school(self.tenant);
        let granted = self
            .admissions
            .authorize::<policy::ConfirmImport>(&school, unit.now())
            .unwrap();
        unit.note(
            &granted,
            Subject::new("import_batch", import),
            Detail::text("planted").over("candidate", ids),
        );
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
            let mut college = row(
                "college",
                college,
                None,
                format!("0{}", at + 1),
                format!("第{}学院", at + 1),
            );
            college.phone = (at == 0).then(|| PHONE.to_owned());
            units.push(college);
        }
        for (at, major) in self.majors.into_iter().enumerate() {
            let mut major = row(
                "major",
                major,
                Some(self.colleges[at / 2]),
                format!("M{at}"),
                format!("专业{at}"),
            );
            major.national_code = Some(format!("08090{at}"));
            units.push(major);
        }
        for (at, class) in self.classes.into_iter().enumerate() {
            let mut class = row(
                "class",
                class,
                Some(self.majors[at / 2]),
                format!("26{at:02}"),
                format!("班级{at}"),
            );
            class.grade = Some(YEAR);
            units.push(class);
        }
        units
    }
}

/// Why something was refused.
pub fn reason_of(error: &ServiceError) -> Option<domain::decision::Reason> {
    match error {
        ServiceError::Refused(refusal) => Some(refusal.reason),
        _ => None,
    }
}

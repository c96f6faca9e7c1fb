//! A small university on a bed: staff who can sign in, and a class that was handed over.

use domain::audit::Origin;
use domain::institution::{Actor, Office, PersonalScope, PostKind, TenantId, policy};
use domain::person::name::name_key;
use services::Provenance;
use services::Services;
use services::institution::SignedIn;
use services::institution::sign_in::SignInOutcome;
use services::institution::tenant::NewAccount;
use std::net::IpAddr;
use store::blind::{BlindIndex, Column};
use store::testkit::Bed;
use store::{Detail, Subject, UnitOfWork, rows};
use uuid::Uuid;

/// A password that nobody refuses.
pub const PASSWORD: &str = "herons over the estuary";
/// Another one.
pub const OTHER: &str = "seven quiet lanterns";
/// Where the service is found.
pub const URL: &str = "https://xueji.example";
/// A document number without any person: the sample of GB 11643.
pub const DOCUMENT: &str = "11010519491231002X";

/// An address nobody has failed from yet.
pub fn address(last: u8) -> IpAddr {
    IpAddr::from([10, 8, 0, last])
}

/// The university.
pub struct School {
    pub services: Services,
    pub tenant: TenantId,
    pub admin: Actor,
    pub college: Uuid,
    pub class: Uuid,
    pub other_class: Uuid,
    pub students: Vec<Uuid>,
}

/// Candidate number of the student with this number, from 1.
pub fn candidate_number(number: usize) -> String {
    format!("2631010115{number:04}")
}

impl School {
    /// A university with two classes; three students in the first, one in the second.
    pub async fn on(bed: &Bed) -> Self {
        Self::named(bed, "jiangnan").await
    }

    /// The same under another address.
    pub async fn named(bed: &Bed, slug: &str) -> Self {
        let services = services_on(bed.store().clone());
        let tenant = bed.tenant(slug).await;
        let admin = bed.officer(tenant, Office::TenantAdmin).await;
        let mut school = Self {
            services,
            tenant,
            admin,
            college: bed.store().id(),
            class: bed.store().id(),
            other_class: bed.store().id(),
            students: Vec::new(),
        };
        school.plant(bed).await;
        school
    }

    async fn plant(&mut self, bed: &Bed) {
        let mut unit = bed.store().begin(&self.admin).await.unwrap();
        let major = unit.id();
        let units = [
            ("college", self.college, None, "C1", "水利学院"),
            ("major", major, Some(self.college), "M1", "水利工程"),
            ("class", self.class, Some(major), "K1", "水工2601"),
            ("class", self.other_class, Some(major), "K2", "水工2602"),
        ];
        let units = units.into_iter().map(|row| unit_row(&unit, row)).collect();
        unit.insert_units(units, Vec::new()).await.unwrap();
        let import = source(&mut unit).await;
        for (number, class) in (1..).zip([self.class, self.class, self.class, self.other_class]) {
            let place = (self.college, major, class);
            let id = student(&mut unit, import, number, place).await;
            self.students.push(id);
        }
        let granted = self
            .admin
            .authorize::<policy::ImportOrganisation>(
                &domain::institution::Target::school(self.tenant),
                unit.now(),
            )
            .unwrap();
        unit.note(
            &granted,
            Subject::new("import_batch", import),
            Detail::none(),
        );
        unit.commit().await.unwrap();
    }

    /// More students in the first class, after those who are there.
    pub async fn enlarge(&mut self, more: usize) {
        let mut unit = self.services.store().begin(&self.admin).await.unwrap();
        let major = unit.unit(self.class).await.unwrap().parent_id.unwrap();
        let import = unit.imports("admission", 1).await.unwrap()[0].id;
        let place = (self.college, major, self.class);
        let first = self.students.len() + 1;
        for number in first..first + more {
            let id = student(&mut unit, import, number, place).await;
            self.students.push(id);
        }
        let here = domain::institution::Target::school(self.tenant);
        let granted = self
            .admin
            .authorize::<policy::ImportOrganisation>(&here, unit.now())
            .unwrap();
        let subject = Subject::new("import_batch", import);
        unit.note(&granted, subject, Detail::none());
        unit.commit().await.unwrap();
    }

    /// Makes an account with [`PASSWORD`].
    pub async fn account(&self, login: &str, office: Office, kind: PostKind, scope: PersonalScope) {
        let new = NewAccount {
            login: login.to_owned(),
            name: "赵甲".to_owned(),
            office,
            kind,
            scope,
            password: Some(PASSWORD.to_owned()),
        };
        let console = self.services.console();
        self.services
            .create_account(&console, self.tenant, new)
            .await
            .unwrap();
    }

    /// An officer of an office who signed in.
    pub async fn officer(&self, login: &str, office: Office) -> Actor {
        self.account(login, office, PostKind::Officer, PersonalScope::School)
            .await;
        self.actor(login).await
    }

    /// The counsellor of the first class, signed in.
    pub async fn counsellor(&self, login: &str) -> Actor {
        let scope = PersonalScope::Classes {
            college: self.college,
            classes: vec![self.class],
        };
        self.account(login, Office::College, PostKind::Counsellor, scope)
            .await;
        self.actor(login).await
    }

    /// Signs in with [`PASSWORD`].
    pub async fn signed_in(&self, login: &str) -> SignedIn {
        done(self.sign_in(login, PASSWORD, address(1)).await.unwrap())
    }

    /// Whoever signs in with this login and [`PASSWORD`].
    pub async fn actor(&self, login: &str) -> Actor {
        let signed_in = self.signed_in(login).await;
        self.services.present(signed_in).await.unwrap().actor
    }

    /// One try to sign in.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        from: IpAddr,
    ) -> services::Result<SignInOutcome> {
        let asked = Provenance {
            origin: Origin::of(from),
            ..Provenance::LOCAL
        };
        self.services
            .asked(asked)
            .sign_in(self.tenant, login, password.to_owned(), from)
            .await
    }

    /// The account with this login, as it is stored.
    pub async fn stored(&self, login: &str) -> rows::Account {
        let look = self.services.store().look(self.tenant).await.unwrap();
        look.account_by_login(login).await.unwrap().unwrap()
    }

    /// What the ledger tells of the acts about a student's account, newest first.
    pub async fn told_of_student(&self, student: Uuid) -> Vec<String> {
        let unit = self.services.store().read(&self.admin).await.unwrap();
        let person = unit.student(student).await.unwrap().person_id.unwrap();
        let account = unit.accounts_of_persons(&[person]).await.unwrap()[0].id;
        let lines = unit.ledger_about(&[("account", account)]).await.unwrap();
        lines.into_iter().map(|line| line.detail).collect()
    }

    /// The tenant's own words in the chain, newest last: what each act was.
    pub async fn acts(&self) -> Vec<String> {
        let unit = self.services.store().read(&self.admin).await.unwrap();
        let entries = unit.audit_after(0, 1_000).await.unwrap();
        entries.into_iter().map(|e| e.body).collect()
    }
}

/// The use cases over a store; files are parsed in the test itself.
pub fn services_on(store: store::Store) -> Services {
    Services::new(store, std::sync::Arc::new(services::parser::InProcess))
}

/// The session of a sign-in that needed nothing more.
pub fn done(outcome: SignInOutcome) -> SignedIn {
    match outcome {
        SignInOutcome::Done(signed_in) => signed_in,
        SignInOutcome::SecondFactor(_) => panic!("a second factor was asked for"),
    }
}

type UnitOf<'a> = (&'a str, Uuid, Option<Uuid>, &'a str, &'a str);

fn unit_row(unit: &UnitOfWork, (kind, id, parent_id, code, name): UnitOf<'_>) -> rows::Unit {
    rows::Unit {
        tenant_id: unit.tenant().0,
        id,
        kind: kind.to_owned(),
        parent_id,
        code: code.to_owned(),
        name: name.to_owned(),
        catalogue_year: None,
        national_code: None,
        duration: None,
        grade: None,
        phone: None,
        valid_from: unit.today(),
        valid_to: None,
        import_id: None,
    }
}

/// An import that the students came with.
async fn source(unit: &mut UnitOfWork) -> Uuid {
    let (tenant_id, now, by) = (unit.tenant().0, unit.now(), unit.actor().person());
    let file = rows::StoredFile {
        tenant_id,
        id: unit.id(),
        purpose: "source".to_owned(),
        object_key: "package".to_owned(),
        name: "package.zip".to_owned(),
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
        year: 2026,
        file_id: file.id,
        file_name: file.name.clone(),
        sha256: vec![1; 32],
        state: "confirmed".to_owned(),
        version: 1,
        counts: "{}".to_owned(),
        notices: "[]".to_owned(),
        mapping: "{}".to_owned(),
        error: None,
        job_id: None,
        created_by: by,
        created_at: now,
        confirmed_by: None,
        confirmed_at: None,
    };
    let id = import.id;
    unit.insert_file(file).await.unwrap();
    unit.insert_import(import).await.unwrap();
    id
}

/// A student who was handed over, with [`DOCUMENT`] and the name 学生 with a number in Chinese.
async fn student(
    unit: &mut UnitOfWork,
    import: Uuid,
    number: usize,
    (college, major, class): (Uuid, Uuid, Uuid),
) -> Uuid {
    let (tenant_id, now) = (unit.tenant().0, unit.now());
    let name = name_of(number);
    let index = BlindIndex::of(unit.keys(), Column::DocumentNumber, DOCUMENT)
        .unwrap()
        .unwrap();
    let row = rows::ImportRow {
        tenant_id,
        id: unit.id(),
        import_id: import,
        ordinal: i32::try_from(number).unwrap(),
        folder: String::new(),
        file: String::new(),
        row: 1,
        ksh: candidate_number(number),
        name: name.clone(),
        major: String::new(),
        state: "confirmed".to_owned(),
        digest: vec![0; 32],
        sealed: vec![0],
    };
    let candidate = rows::Candidate {
        tenant_id,
        id: unit.id(),
        import_id: import,
        row_id: row.id,
        year: 2026,
        ksh: candidate_number(number),
        name: name.clone(),
        name_key: name_key(&name),
        sex: "1".to_owned(),
        ethnic: "01".to_owned(),
        political: "13".to_owned(),
        folder: String::new(),
        admitted_code: "01".to_owned(),
        national_code: "081101".to_owned(),
        national_name: "水利水电工程".to_owned(),
        path: "ordinary".to_owned(),
        id_type: "1".to_owned(),
        id_index: index.as_bytes().to_vec(),
        identity: vec![0],
        contact: vec![0],
        details: vec![0],
        due: "[]".to_owned(),
        digest: number.to_be_bytes().repeat(4),
        created_at: now,
    };
    let student = rows::Student {
        tenant_id,
        id: unit.id(),
        candidate_id: candidate.id,
        year: 2026,
        ksh: candidate.ksh.clone(),
        ksh_tail: format!("{number:04}"),
        name_key: name_key(&name),
        name,
        pinyin: "xuesheng".to_owned(),
        initials: "xs".to_owned(),
        sex: "1".to_owned(),
        student_no: Some(format!("26080{number:03}")),
        no_tail: Some(format!("{number:04}")),
        college_id: Some(college),
        major_id: Some(major),
        class_id: Some(class),
        qualification: "admitted".to_owned(),
        qualification_on: None,
        status: "none".to_owned(),
        status_on: None,
        registration: "not_due".to_owned(),
        registration_on: None,
        listed_on: None,
        photo: "none".to_owned(),
        photo_on: None,
        handed_over_on: Some(unit.today()),
        person_id: None,
        continued_by: None,
        deferred_on: None,
        version: 1,
    };
    let id = student.id;
    unit.insert_checked(vec![row], Vec::new()).await.unwrap();
    unit.insert_candidates(vec![candidate], vec![student])
        .await
        .unwrap();
    id
}

/// Name of the student with this number.
pub fn name_of(number: usize) -> String {
    let digit = ["零", "一", "二", "三", "四", "五"];
    format!("钱小{}", digit[number % digit.len()])
}

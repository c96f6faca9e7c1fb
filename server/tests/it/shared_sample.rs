//! The shared sample through the whole way: from the folder that the province sent to the own page of each student in it.

use crate::command::admission::shared_sample;
use crate::house::{House, PASSWORD};
use crate::uploads::admission::{confirm, led_to};
use crate::uploads::upload;
use domain::institution::organisation::OrganisationFile;
use domain::institution::{Actor, Office, PersonalScope, PostKind, SchoolCode, Slug, TenantId};
use domain::person::mask::{self, Masked};
use domain::view::majors::MajorLine;
use http::StatusCode;
use serde_json::Value;
use services::assign::RuleChoice;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::{NewTenant, StudentFilter, StudentPage, StudentSort, rows};

const YEAR: i32 = 2026;

/// What the page says of somebody who is handed over and has a class and a number.
const STANDS: [&str; 4] = ["录取信息移交", "已完成", "待你完成", "按时到学院报到"];

/// The university of the sample, and who works there.
struct School {
    house: House,
    tenant: TenantId,
    admissions: Actor,
    affairs: Actor,
}

/// Every file below a folder, under the name that a browser gives it: the chosen folder first.
fn files(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(root, &path, found);
        } else {
            let name = path.strip_prefix(root.parent().unwrap()).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            found.push((name.to_str().unwrap().to_owned(), bytes));
        }
    }
}

/// The candidates of whom nothing is found: they go in, and the others wait.
fn good(folder: &Path) -> u64 {
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let defects = expected["defects"].as_array().unwrap();
    let touched: BTreeSet<&str> = defects.iter().filter_map(|d| d["ksh"].as_str()).collect();
    let count = |kind: &str| expected["counts"][kind].as_u64().unwrap();
    // A repeated 考生号 is one finding and two records.
    count("rows") - touched.len() as u64 - count("duplicate_ksh")
}

impl School {
    async fn of(house: House) -> Self {
        let new = NewTenant {
            slug: Slug::parse("shou").unwrap(),
            school_code: SchoolCode::parse("10264").unwrap(),
            name: "海洋大学".to_owned(),
            province: "31".to_owned(),
            colour: "#0b5394".to_owned(),
        };
        let control = house.bed.store().control();
        let tenant = control.create_tenant(&new).await.unwrap();
        house.without_second_factor(tenant).await;
        Self {
            admissions: house.bed.officer(tenant, Office::Admissions).await,
            affairs: house.bed.officer(tenant, Office::StudentAffairs).await,
            tenant,
            house,
        }
    }

    /// Sends the folder, has it checked, and confirms what is good.
    async fn takes_in(&self, folder: &Path) {
        let cookie = self.house.cookie(&self.admissions).await;
        let mut sent = Vec::new();
        files(folder, folder, &mut sent);
        let fields = [("tenant", "shou"), ("year", "2026"), ("path", "ordinary")];
        let request = upload("/shou/files/admission", Some(&cookie), &fields, &sent);
        let import = led_to(&self.house.send(request).await);
        confirm(&self.house, &self.admissions, import).await;
    }

    /// One college with the majors that the sample admits to, and a class of each; answers its secretary.
    async fn has_a_college(&self) -> Actor {
        let services = &self.house.services;
        let view = services.major_map_view(&self.admissions, YEAR).await;
        let mut lines = vec![
            "类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级".to_owned(),
            "学院,01,海洋学院,,,,,".to_owned(),
        ];
        // Each province writes the same majors under codes of its own.
        let own = |line: MajorLine| (line.national_code, line.national_name);
        let majors: BTreeMap<String, String> = view.unwrap().lines.into_iter().map(own).collect();
        for (at, (code, name)) in majors.iter().enumerate() {
            lines.push(format!("专业,M{at:02},{name},01,{code},2026,4,"));
            lines.push(format!("班级,26{at:02},班{at:02},M{at:02},,,,{YEAR}"));
        }
        let admin = self
            .house
            .bed
            .officer(self.tenant, Office::TenantAdmin)
            .await;
        let (file, text) = (OrganisationFile::Units, lines.join("\n"));
        let sent = services.upload_organisation(&admin, file, "单位.csv", text.into_bytes());
        let import = sent.await.unwrap().import;
        services
            .confirm_organisation(&admin, import, None)
            .await
            .unwrap();
        let units = services.unit_list(&admin).await.unwrap();
        let college = units.iter().find(|unit| unit.code == "01").unwrap().id;
        let (kind, scope) = (PostKind::TeachingSecretary, PersonalScope::College(college));
        let bed = &self.house.bed;
        bed.person_in(self.tenant, Office::College, kind, scope)
            .await
    }

    /// Maps the majors as suggested, hands over, and both sides accept; answers how many were handed over.
    async fn hands_over(&self, secretary: &Actor) -> u64 {
        let services = &self.house.services;
        let view = services
            .major_map_view(&self.admissions, YEAR)
            .await
            .unwrap();
        let mapped = services.map_suggested(&self.admissions, YEAR, view.suggested);
        mapped.await.unwrap();
        let preview = services
            .handover_preview(&self.admissions, Some(YEAR))
            .await
            .unwrap();
        let (total, hash) = (preview.total, &preview.hash);
        let offered = services.offer_handover(&self.admissions, YEAR, total, hash, "");
        let handover = offered.await.unwrap();
        for receiver in [&self.affairs, secretary] {
            let view = services.handover(receiver, handover).await.unwrap();
            let own = view
                .line
                .receipts
                .iter()
                .find(|receipt| receipt.can_answer)
                .unwrap();
            services
                .accept_receipt(receiver, own.id, &own.hash)
                .await
                .unwrap();
        }
        total
    }

    /// Gives classes and numbers by the rule.
    async fn assigns(&self) {
        let (services, all) = (&self.house.services, RuleChoice::cohort(YEAR));
        let preview = services
            .assign_preview_by_rule(&self.affairs, all)
            .await
            .unwrap();
        services
            .assign_by_rule(&self.affairs, all, &preview.hash)
            .await
            .unwrap();
    }

    async fn students(&self) -> Vec<rows::Student> {
        let unit = self.house.bed.store().read(&self.affairs).await.unwrap();
        let page = StudentPage {
            sort: StudentSort::CandidateNumber,
            descending: false,
            offset: 0,
            limit: 500,
        };
        let seen = self.affairs.visible();
        unit.students(&seen, &StudentFilter::default(), page)
            .await
            .unwrap()
    }

    /// Activates with the slip that was handed out, and opens the own page.
    async fn own_page(&self, slip: &str) -> String {
        let token = slip.rsplit("?t=").next().unwrap();
        let form = format!("tenant=shou&token={token}&password={PASSWORD}");
        let done = self
            .house
            .submit("/api/institution/activate", None, &form)
            .await;
        let page = self.house.get("/shou/me", Some(&done.cookie())).await;
        assert_eq!(page.status, StatusCode::OK);
        page.body
    }
}

async fn reaches_the_students(house: House, folder: &Path) {
    let school = School::of(house).await;
    school.takes_in(folder).await;
    let secretary = school.has_a_college().await;
    assert_eq!(school.hands_over(&secretary).await, good(folder));
    school.assigns().await;
    let services = &school.house.services;
    let slips = services
        .issue_all_slips(&secretary, "https://xueji.example")
        .await
        .unwrap();
    let slips: BTreeMap<&str, &str> = slips
        .iter()
        .map(|s| (s.number.as_str(), s.url.as_str()))
        .collect();
    let students = school.students().await;
    assert_eq!(students.len() as u64, good(folder));
    let mut provinces = BTreeSet::new();
    for student in &students {
        let number = student.student_no.as_deref().expect("a student number");
        assert!(
            student.class_id.is_some() && slips.contains_key(number),
            "{number}"
        );
        // One of each province goes the last steps: a password takes its time.
        if !provinces.insert(&student.ksh[2..4]) {
            continue;
        }
        let page = school.own_page(slips[number]).await;
        let head = [mask::name(&student.name), mask::student_number(number)];
        for own in head.iter().map(Masked::as_str).chain(STANDS) {
            assert!(page.contains(own), "{number}: {own}");
        }
        for student in &students {
            for whole in [&student.name, &student.ksh]
                .into_iter()
                .chain(&student.student_no)
            {
                assert!(!page.contains(whole.as_str()), "{number}: {whole}");
            }
        }
    }
    assert_eq!(provinces.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shared_sample_reaches_its_students() {
    let Some(folder) = shared_sample() else {
        println!("sample: absent");
        return;
    };
    println!("sample: ran");
    House::on_each(|house| reaches_the_students(house, &folder)).await;
}

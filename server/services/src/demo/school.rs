//! The two universities: colleges, majors, classes, telephones, parameters.

use super::calendar::Calendar;
use super::years::{Years, day};
use super::{BASIS, Ground};
use crate::institution::parameter::NewRule;
use crate::institution::tenant::NewUniversity;
use crate::{Result, ServiceError, Services};
use domain::institution::organisation::{OrganisationFile, UNIT_HEADINGS, UnitKind};
use domain::institution::parameter::Parameter;
use domain::institution::{Office, Target, TenantId, policy};
use domain::text::Label as _;
use store::{Detail, Scope, Subject, rows};
use uuid::Uuid;

/// Students of a class, roughly.
const CLASS_SIZE: u32 = 32;
/// Majors on offer.
const MAJORS: u32 = 16;
/// The catalogue whose codes are used.
const CATALOGUE: i32 = 2026;

/// A university.
#[derive(Debug)]
pub(super) struct School {
    pub(super) slug: &'static str,
    code: &'static str,
    name: &'static str,
    /// Two digits of GB/T 2260: most of its students come from here.
    pub(super) province: &'static str,
    colour: &'static str,
    /// Telephones of its offices begin with this.
    phone: &'static str,
    pub(super) colleges: &'static [College],
    /// Place of the college with a broad intake (大类招生), and what its classes are called.
    broad: Option<(usize, &'static str)>,
}

/// A college. Its code is its place, from 01.
#[derive(Debug)]
pub(super) struct College {
    pub(super) name: &'static str,
    majors: &'static [Major],
}

/// National code, name, and how classes of it are called.
type Major = (&'static str, &'static str, &'static str);

const AQUACULTURE: Major = ("090601", "水产养殖学", "水产");
const FISHERIES: Major = ("090602", "海洋渔业科学与技术", "渔业");
const FOOD: Major = ("082701", "食品科学与工程", "食工");
const COMPUTING: Major = ("080901", "计算机科学与技术", "计科");
const SOFTWARE: Major = ("080902", "软件工程", "软工");
const ACCOUNTING: Major = ("120203K", "会计学", "会计");
const FINANCE: Major = ("020301K", "金融学", "金融");
const ENGLISH: Major = ("050201", "英语", "英语");
const JAPANESE: Major = ("050207", "日语", "日语");
const MARINE_SCIENCE: Major = ("070701", "海洋科学", "海科");
const MARINE_TECHNOLOGY: Major = ("070702", "海洋技术", "海技");
const ENVIRONMENT: Major = ("082503", "环境科学", "环科");
const BIOTECHNOLOGY: Major = ("071002", "生物技术", "生技");
const MACHINES: Major = ("080202", "机械设计制造及其自动化", "机制");
const LOGISTICS: Major = ("120601", "物流管理", "物流");
const BIG_DATA: Major = ("080910T", "数据科学与大数据技术", "数据");

/// Both universities.
pub(super) const SCHOOLS: [School; 2] = [
    School {
        slug: "shou",
        code: "10264",
        name: "上海海洋大学",
        province: "31",
        colour: "#14507a",
        phone: "021-61900",
        broad: Some((0, "水产类")),
        colleges: &[
            College {
                name: "水产与生命学院",
                majors: &[AQUACULTURE, FISHERIES, BIOTECHNOLOGY],
            },
            College {
                name: "海洋科学与生态环境学院",
                majors: &[MARINE_SCIENCE, MARINE_TECHNOLOGY, ENVIRONMENT],
            },
            College {
                name: "食品学院",
                majors: &[FOOD],
            },
            College {
                name: "信息学院",
                majors: &[COMPUTING, SOFTWARE, BIG_DATA],
            },
            College {
                name: "经济管理学院",
                majors: &[ACCOUNTING, FINANCE, LOGISTICS],
            },
            College {
                name: "外国语学院",
                majors: &[ENGLISH, JAPANESE],
            },
            College {
                name: "工程学院",
                majors: &[MACHINES],
            },
        ],
    },
    School {
        slug: "jsut",
        code: "11463",
        name: "江苏理工学院",
        province: "32",
        colour: "#7a2e14",
        phone: "0519-86950",
        broad: None,
        colleges: &[
            College {
                name: "机械工程学院",
                majors: &[MACHINES, MARINE_TECHNOLOGY, FISHERIES],
            },
            College {
                name: "计算机工程学院",
                majors: &[COMPUTING, SOFTWARE, BIG_DATA],
            },
            College {
                name: "化学与生命学院",
                majors: &[
                    FOOD,
                    BIOTECHNOLOGY,
                    ENVIRONMENT,
                    AQUACULTURE,
                    MARINE_SCIENCE,
                ],
            },
            College {
                name: "商学院",
                majors: &[ACCOUNTING, FINANCE, LOGISTICS],
            },
            College {
                name: "外国语学院",
                majors: &[ENGLISH, JAPANESE],
            },
        ],
    },
];

/// A class with the college it lies in (place, from 0).
pub(super) struct Class {
    pub(super) college: usize,
    pub(super) code: String,
    /// Code of the major; of a broad intake that of the college.
    above: String,
    name: String,
    year: i32,
}

/// The code of the college at a place.
pub(super) fn college_code(place: usize) -> String {
    format!("{:02}", place + 1)
}

impl School {
    /// Whether a cohort has a broad intake whose students have not chosen their majors yet.
    pub(super) const fn has_broad(&self, years: Years, year: i32) -> bool {
        self.broad.is_some() && year + 1 >= years.this
    }

    /// Classes of a cohort, enough for its students.
    pub(super) fn classes(&self, years: Years, year: i32, share: u32) -> Vec<Class> {
        let each = (share / MAJORS).div_ceil(CLASS_SIZE).max(1);
        let short_year = year.rem_euclid(100);
        let mut classes = Vec::new();
        for (place, college) in self.colleges.iter().enumerate() {
            let mut of_college = 0;
            for (at, (_, _, short)) in college.majors.iter().enumerate() {
                for number in 1..=each {
                    of_college += 1;
                    classes.push(Class {
                        college: place,
                        code: format!("{short_year}{}{of_college:02}", college_code(place)),
                        above: major_code(place, at),
                        name: format!("{short}{short_year}{number:02}"),
                        year,
                    });
                }
            }
            if let Some((own, name)) = self.broad
                && own == place
                && self.has_broad(years, year)
            {
                // As many of its students as of a major.
                for number in 1..=each {
                    of_college += 1;
                    classes.push(Class {
                        college: place,
                        code: format!("{short_year}{}{of_college:02}", college_code(place)),
                        above: college_code(place),
                        name: format!("{name}{short_year}{number:02}"),
                        year,
                    });
                }
            }
        }
        classes
    }
}

pub(super) fn major_code(college: usize, at: usize) -> String {
    format!("{}{:02}", college_code(college), at + 1)
}

/// A file of units, as a school would bring it.
struct UnitFile(String);

impl UnitFile {
    fn new() -> Self {
        let headings: Vec<&str> = UNIT_HEADINGS.iter().map(|heading| heading.name).collect();
        Self(headings.join(","))
    }

    /// One line: the cells in the order of the headings.
    fn line(&mut self, kind: UnitKind, cells: [&str; 8]) {
        self.0.push('\n');
        self.0.push_str(kind.label().zh);
        for cell in cells {
            self.0.push(',');
            self.0.push_str(cell);
        }
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// Makes the university and its administrator's account.
pub(super) async fn create(
    services: &Services,
    calendar: &Calendar,
    years: Years,
    school: &School,
) -> Result<TenantId> {
    calendar.go_to(day(years.first(), 7, 3)?);
    let new = NewUniversity {
        slug: school.slug.to_owned(),
        school_code: school.code.to_owned(),
        name: school.name.to_owned(),
        province: school.province.to_owned(),
        colour: school.colour.to_owned(),
    };
    services.create_tenant(&services.console(), &new).await
}

/// Parameters, telephones, the school's own rule, semesters, colleges and majors.
pub(super) async fn set_up(ground: &Ground) -> Result<()> {
    super::staff::hire_administrator(ground).await?;
    let today = ground.go_to(ground.years.first(), 7, 4)?;
    let set = async |key: String, value: String| {
        let admin = ground.actor(super::staff::ADMIN).await?;
        let services = &ground.services;
        services
            .set_parameter(&admin, &key, &value, BASIS, today, None)
            .await
    };
    set(Parameter::TotpRequired.key(), "false".to_owned()).await?;
    let offices = Office::ALL.into_iter().filter(|office| {
        office.is_staff() && !matches!(office, Office::Operator | Office::TenantAdmin)
    });
    for (number, office) in (301..).zip(offices) {
        let phone = format!("{}{number}", ground.school.phone);
        set(Parameter::Contact(office).key(), phone).await?;
    }
    let rule = NewRule {
        title: "本科生学籍学历电子注册管理办法".to_owned(),
        number: format!("演示〔{}〕1号", ground.years.first()),
        effective_from: today,
        file: None,
    };
    let admin = ground.actor(super::staff::ADMIN).await?;
    ground.services.add_rule_version(&admin, rule).await?;
    add_semesters(ground).await?;
    import(ground, "学院与专业.csv", colleges(ground.school)).await
}

fn colleges(school: &School) -> Vec<u8> {
    let catalogue = CATALOGUE.to_string();
    let mut file = UnitFile::new();
    for (place, college) in school.colleges.iter().enumerate() {
        let code = college_code(place);
        let phone = format!("{}{}", school.phone, 401 + place);
        file.line(
            UnitKind::College,
            [&code, college.name, "", "", "", "", "", &phone],
        );
        for (at, (national, name, _)) in college.majors.iter().enumerate() {
            let own = major_code(place, at);
            file.line(
                UnitKind::Major,
                [&own, name, &code, national, &catalogue, "4", "", ""],
            );
        }
    }
    file.into_bytes()
}

/// Brings in the classes of a cohort.
pub(super) async fn add_classes(ground: &Ground, year: i32) -> Result<()> {
    let mut file = UnitFile::new();
    for class in ground.school.classes(ground.years, year, ground.share) {
        let grade = class.year.to_string();
        file.line(
            UnitKind::Class,
            [
                &class.code,
                &class.name,
                &class.above,
                "",
                "",
                "",
                &grade,
                "",
            ],
        );
    }
    import(ground, &format!("{year}级班级.csv"), file.into_bytes()).await
}

async fn import(ground: &Ground, name: &str, bytes: Vec<u8>) -> Result<()> {
    let admin = ground.actor(super::staff::ADMIN).await?;
    let services = &ground.services;
    let sent = services.upload_organisation(&admin, OrganisationFile::Units, name, bytes);
    let import = sent.await?.import;
    let counts = services.confirm_organisation(&admin, import, None).await?;
    if counts.errors == 0 && counts.good > 0 {
        Ok(())
    } else {
        Err(ServiceError::Internal("units of the demonstration"))
    }
}

/// The autumn semesters that a new university begins with, as their next versions: its cohorts get their last days.
fn with_student_days(
    scope: &Scope,
    by: Uuid,
    years: Years,
    known: &[rows::AcademicTerm],
) -> Result<Vec<rows::AcademicTerm>> {
    let begun = known.iter().filter(|term| term.arrival_on.is_some());
    begun
        .map(|term| {
            let days = years.student_days(term.year)?;
            Ok(rows::AcademicTerm {
                id: scope.id(),
                verify_until: days.verify_until,
                self_check_until: days.self_check_until,
                photo_until: days.photo_until,
                version: term.version + 1,
                set_by: by,
                set_at: scope.now(),
                ..term.clone()
            })
        })
        .collect()
}

/// Semesters of the academic years after the two that a new university begins with.
async fn add_semesters(ground: &Ground) -> Result<()> {
    let admin = ground.actor(super::staff::ADMIN).await?;
    let mut unit = ground.services.store.begin(&admin).await?;
    let granted =
        admin.authorize::<policy::SetParameter>(&Target::school(ground.tenant), unit.now())?;
    let known = unit.terms().await?;
    let years = ground.years;
    let mut terms = with_student_days(&unit, admin.person(), years, &known)?;
    for year in years.first()..=years.this + 1 {
        if known.iter().any(|term| term.year == year) {
            continue;
        }
        let days = years.student_days(year)?;
        let term = |semester: &str, starts_on, ends_on, arrival_on| rows::AcademicTerm {
            tenant_id: ground.tenant.0,
            id: unit.id(),
            year,
            semester: semester.to_owned(),
            starts_on,
            ends_on,
            arrival_on,
            verify_until: arrival_on.and(days.verify_until),
            self_check_until: arrival_on.and(days.self_check_until),
            photo_until: arrival_on.and(days.photo_until),
            version: 1,
            set_by: admin.person(),
            set_at: unit.now(),
        };
        let (autumn, arrival) = years.autumn(year)?;
        terms.push(term("autumn", autumn.starts, autumn.ends, Some(arrival)));
        if let Some(spring) = years.spring(year)? {
            terms.push(term("spring", spring.starts, spring.ends, None));
        }
    }
    let subject = Subject::new("academic_term", unit.id());
    unit.insert_calendar(Vec::new(), terms).await?;
    unit.note(&granted, subject, Detail::text("校历"));
    Ok(unit.commit().await?)
}

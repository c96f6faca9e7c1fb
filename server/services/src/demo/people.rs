//! A few students who have set their passwords, each the way a student does: a slip, and a password of the own.

use super::school::School;
use super::staff::AFFAIRS;
use super::{DemoAccount, Ground};
use crate::students::state;
use crate::{Result, ServiceError, Services};
use domain::admission::handover::HandoverStage;
use domain::admission::qualification::Qualification;
use domain::institution::activation::IdentityCheck;
use domain::institution::{TenantId, Visible};
use domain::registration::PlatformAnswer;
use domain::text::Text;
use std::net::{IpAddr, Ipv4Addr};
use store::{StudentFilter, StudentPage, StudentSort, rows};

/// Password of every student's account.
const PASSWORD: &str = "student-maple-29";
/// Records looked through for somebody.
const SEARCHED: u64 = 5_000;
/// Where slips of a demonstration point to; nothing of it is kept.
const ADDRESS: &str = "https://demo.invalid";

/// Whom an account is made for.
struct Pick {
    /// Kept as the note of the slip: by it the account is found again.
    reason: &'static str,
    /// `{year}` stands for the cohort.
    role: Text,
    /// Years since the cohort was admitted; any cohort when there is none.
    ago: Option<i32>,
    fits: fn(&rows::Student) -> bool,
    /// The largest of those that fit; equal ones by candidate number.
    best: fn(&rows::Student) -> usize,
}

const PICKS: [Pick; 4] = [
    Pick {
        reason: "演示：待报到新生",
        role: Text::new(
            "学生（{year}级，待报到）",
            "Student, admitted {year}, not yet arrived",
        ),
        ago: Some(0),
        fits: |student| {
            let awaiting = state(&student.qualification);
            student.class_id.is_some()
                && awaiting.is_ok_and(|q: Qualification| q == Qualification::AwaitingArrival)
        },
        best: |_| 0,
    },
    Pick {
        reason: "演示：已注册学生",
        role: Text::new(
            "学生（{year}级，已注册）",
            "Student, admitted {year}, registered",
        ),
        ago: Some(2),
        fits: |student| {
            let answer = state(&student.registration);
            answer.is_ok_and(|a: PlatformAnswer| a == PlatformAnswer::Accepted)
        },
        best: |_| 0,
    },
    Pick {
        reason: "演示：姓名含生僻字",
        role: Text::new(
            "学生（姓名含生僻字）",
            "Student with a rare character in the name",
        ),
        ago: None,
        fits: |student| rare_characters(&student.name) > 0,
        best: |_| 0,
    },
    Pick {
        reason: "演示：少数民族长姓名",
        role: Text::new(
            "学生（少数民族长姓名）",
            "Student with a long minority name",
        ),
        ago: Some(1),
        fits: |student| student.name.contains('·'),
        best: |student| student.name.chars().count(),
    },
];

/// Characters beyond those that every font has.
fn rare_characters(name: &str) -> usize {
    name.chars()
        .filter(|c| !matches!(c, '\u{4e00}'..='\u{9fa5}' | '·'))
        .count()
}

/// Issues a slip to everybody picked, and sets their passwords with it.
pub(super) async fn activate(ground: &Ground) -> Result<()> {
    ground.calendar.go_to(ground.years.before(1));
    let colleges = ground.colleges().await?;
    for pick in &PICKS {
        let Some(student) = find(ground, pick).await? else {
            continue;
        };
        let (secretary, _) = colleges
            .iter()
            .find(|(_, college)| student.college_id == Some(*college))
            .ok_or(ServiceError::Internal("college of a student"))?;
        let secretary = ground.actor(secretary).await?;
        let slip = ground
            .services
            .reissue_slip(
                &secretary,
                student.id,
                IdentityCheck::IdCard,
                pick.reason,
                ADDRESS,
            )
            .await?;
        let (_, token) = slip
            .url
            .rsplit_once("?t=")
            .ok_or(ServiceError::Internal("activation token"))?;
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        ground
            .services
            .redeem_slip(ground.tenant, token, PASSWORD.to_owned(), here)
            .await?;
    }
    Ok(())
}

/// Somebody who fits and has no account yet. A small cohort may lack one.
async fn find(ground: &Ground, pick: &Pick) -> Result<Option<rows::Student>> {
    let reader = ground.actor(AFFAIRS).await?;
    let unit = ground.services.store.read(&reader).await?;
    let filter = StudentFilter {
        year: pick.ago.map(|ago| ground.years.this - ago),
        handed_over: Some(HandoverStage::Received),
        ..StudentFilter::default()
    };
    let page = StudentPage {
        sort: StudentSort::CandidateNumber,
        descending: false,
        offset: 0,
        limit: SEARCHED,
    };
    let students = unit.students(&Visible::School, &filter, page).await?;
    let mut fitting: Vec<rows::Student> = students
        .into_iter()
        .filter(|student| student.person_id.is_none() && (pick.fits)(student))
        .collect();
    // A stable sort: equal ones keep the order of their numbers.
    fitting.sort_by_key(|student| std::cmp::Reverse((pick.best)(student)));
    Ok(fitting.into_iter().next())
}

/// The accounts of students that were made for the demonstration.
pub(super) async fn accounts(
    services: &Services,
    tenant: TenantId,
    school: &School,
    this_year: i32,
) -> Result<Vec<DemoAccount>> {
    let look = services.store.look(tenant).await?;
    let mut accounts = Vec::new();
    for pick in &PICKS {
        let cohort = (this_year - pick.ago.unwrap_or_default()).to_string();
        for activation in look.activations_because(pick.reason).await? {
            accounts.push(DemoAccount {
                tenant: school.slug.to_owned(),
                role_zh: pick.role.zh.replace("{year}", &cohort),
                role_en: pick.role.en.replace("{year}", &cohort),
                login: look.account(activation.account_id).await?.login,
                password: PASSWORD.to_owned(),
            });
        }
    }
    Ok(accounts)
}

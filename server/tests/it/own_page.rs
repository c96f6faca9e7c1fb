//! The student's own page: what each state is, in two sentences, at its stage and among the states.

use crate::forms::plain;
use crate::house::House;
use crate::student_days::freshman;
use crate::ways::demonstration;
use domain::admission::qualification::Qualification;
use domain::decision::Machine;
use domain::photo::PhotoState;
use domain::registration::PlatformAnswer;
use domain::status::StudentStatus;
use domain::text::{Explained, Lang, Text};
use domain::view::student::Stage;
use http::StatusCode;

/// States of the four machines of a record.
#[derive(Clone, Copy, Debug)]
struct Life {
    qualification: Qualification,
    status: StudentStatus,
    registration: PlatformAnswer,
    photo: PhotoState,
}

impl Life {
    /// So many that every state of every machine is in one of them.
    fn all() -> Vec<Self> {
        let most = StudentStatus::STATES.len().max(PhotoState::STATES.len());
        (0..most).map(Self::nth).collect()
    }

    fn nth(at: usize) -> Self {
        fn of<M: Machine>(at: usize) -> M {
            M::STATES[at % M::STATES.len()]
        }
        Self {
            qualification: of(at),
            status: of(at),
            registration: of(at),
            photo: of(at),
        }
    }

    fn columns(self) -> String {
        format!(
            "qualification = '{}', status = '{}', registration = '{}', photo = '{}'",
            self.qualification.key(),
            self.status.key(),
            self.registration.key(),
            self.photo.key()
        )
    }

    /// What the stages say for which a state stands.
    fn at_stages(self) -> Vec<(Stage, Text)> {
        let registration = match self.registration {
            PlatformAnswer::NotDue => Stage::Registration.outlook(),
            begun => begun.explanation(),
        };
        let semester = match self.status {
            StudentStatus::Suspended
            | StudentStatus::Retained
            | StudentStatus::Cancelled
            | StudentStatus::Expelled => self.status.explanation(),
            _ => Stage::Semester.outlook(),
        };
        vec![
            (Stage::Arrival, self.qualification.explanation()),
            (Stage::Registration, registration),
            (Stage::SelfCheck, Stage::SelfCheck.outlook()),
            (Stage::Recheck, Stage::Recheck.outlook()),
            (Stage::Semester, semester),
            (
                Stage::AnnualRegistration,
                Stage::AnnualRegistration.outlook(),
            ),
            (Stage::Photo, self.photo.explanation()),
            (Stage::Graduation, Stage::Graduation.outlook()),
            (Stage::Credential, Stage::Credential.outlook()),
        ]
    }

    /// What stands beside each of the four states.
    fn explanations(self) -> [Text; 4] {
        [
            self.qualification.explanation(),
            self.status.explanation(),
            self.registration.explanation(),
            self.photo.explanation(),
        ]
    }
}

/// The text that a page has at a stage.
fn at_stage(page: &str, stage: Stage) -> String {
    let opened = format!("<span id=\"stage-{}\">", stage as u8);
    let rest = page.split(&opened).nth(1);
    let text = rest.unwrap_or_else(|| panic!("{stage:?} is not on the page"));
    plain(text.split('<').next().unwrap())
}

/// The texts below the chips of 我的状态.
fn beside_states(page: &str, title: &str) -> Vec<String> {
    let section = page.split(&format!("<span>{title}<")).nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    let texts = section.split("<p class=\"xj-muted\">").skip(1);
    texts
        .map(|text| plain(text.split('<').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn each_state_is_explained_where_it_stands() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        for life in Life::all() {
            let tampered = house.bed.tamper(tenant, "student", &life.columns()).await;
            assert!(tampered > 0);
            for (lang, key, title) in [
                (Lang::Zh, "zh-CN", "我的状态"),
                (Lang::En, "en", "My states"),
            ] {
                let path = format!("/shou/me?lang={key}");
                let page = house.get(&path, Some(&cookie)).await;
                assert_eq!(page.status, StatusCode::OK, "{life:?}");
                for (stage, text) in life.at_stages() {
                    let shown = at_stage(&page.body, stage);
                    assert_eq!(shown, text.in_lang(lang), "{life:?} {stage:?}");
                }
                let texts = life.explanations().map(|text| text.in_lang(lang));
                assert_eq!(beside_states(&page.body, title), texts, "{life:?}");
            }
        }
    })
    .await;
}

/// The stages of somebody who has just been admitted, as they are read.
#[tokio::test]
async fn a_freshman_reads_what_is_done_and_what_comes() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
        let read: Vec<String> = Stage::ALL.map(|stage| at_stage(&page, stage)).into();
        for text in &read {
            assert_eq!(text.matches('。').count(), 2, "{text}");
        }
        let handed_over =
            "招生办公室已把你的录取数据交给学生处和学院。此后的每一步都以这份录取数据为准。";
        assert_eq!(read[0], handed_over);
        assert_eq!(read[1], Qualification::AwaitingArrival.explanation().zh);
        assert_eq!(read[2], Stage::Verification.outlook().zh);
    })
    .await;
}

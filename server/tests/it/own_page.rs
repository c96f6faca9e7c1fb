//! The student's own page: what each state is, in two sentences, at its stage and among the states.

use crate::forms::plain;
use crate::house::House;
use crate::student_days::{card, freshman};
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
        let forgone = Self {
            qualification: Qualification::Forgone,
            ..Self::nth(0)
        };
        let withdrawn = Self {
            qualification: Qualification::Qualified,
            status: StudentStatus::Withdrawn,
            registration: PlatformAnswer::Accepted,
            photo: PhotoState::Submitted,
        };
        let each = (0..most).map(Self::nth);
        each.chain([forgone, withdrawn]).collect()
    }

    /// Where somebody who will not come, or has left without a graduation, reads that.
    fn ended_at(self) -> Option<Stage> {
        if matches!(
            self.qualification,
            Qualification::Forgone | Qualification::Cancelled
        ) {
            return Some(Stage::Arrival);
        }
        let left = matches!(
            self.status,
            StudentStatus::Withdrawn
                | StudentStatus::Cancelled
                | StudentStatus::Expelled
                | StudentStatus::TransferredOut
                | StudentStatus::Deceased
        );
        left.then_some(Stage::Semester)
    }

    fn is_done(self, stage: Stage) -> bool {
        match stage {
            Stage::Arrival => self.qualification == Qualification::Qualified,
            Stage::Registration => self.registration == PlatformAnswer::Accepted,
            Stage::Photo => self.photo == PhotoState::Usable,
            _ => false,
        }
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

    /// What the stages say for which a state stands; after an end only what is done, and the end itself.
    fn at_stages(self) -> Vec<(Stage, Option<Text>)> {
        let told = self.ended_at();
        let says = |stage: Stage| told.is_none_or(|told| told == stage) || self.is_done(stage);
        let lines = self.texts().into_iter();
        lines
            .map(|(stage, text)| (stage, Some(text).filter(|_| says(stage))))
            .collect()
    }

    fn texts(self) -> Vec<(Stage, Text)> {
        let registration = match self.registration {
            PlatformAnswer::NotDue => Stage::Registration.outlook(),
            begun => begun.explanation(),
        };
        let semester = match self.status {
            StudentStatus::Suspended | StudentStatus::Retained => self.status.explanation(),
            _ if self.ended_at() == Some(Stage::Semester) => self.status.explanation(),
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

    /// What stands beside each of the four states; after an end only beside what came to be.
    fn explanations(self) -> Vec<Text> {
        let goes_on = self.ended_at().is_none();
        let mut texts = vec![self.qualification.explanation()];
        if goes_on || self.status != StudentStatus::None {
            texts.push(self.status.explanation());
        }
        if goes_on || self.is_done(Stage::Registration) {
            texts.push(self.registration.explanation());
        }
        texts.extend(goes_on.then(|| self.photo.explanation()));
        texts
    }
}

/// A stage on a page.
fn step(page: &str, stage: Stage) -> &str {
    let opened = format!(" id=\"stage-{}\"", stage as u8);
    let rest = page.split(&opened).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{stage:?} is not on the page"));
    rest.split("</li>").next().unwrap()
}

/// The text that a page has at a stage.
fn at_stage(page: &str, stage: Stage) -> Option<String> {
    let text = step(page, stage).split("xj-step-text\">").nth(1)?;
    let text = text.split("<span>").nth(1).unwrap();
    Some(plain(text.split('<').next().unwrap()))
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
                    let text = text.map(|text| text.in_lang(lang));
                    assert_eq!(shown.as_deref(), text, "{life:?} {stage:?}");
                }
                let texts = life.explanations().into_iter();
                let texts: Vec<&str> = texts.map(|text| text.in_lang(lang)).collect();
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
        let read: Vec<String> = Stage::ALL
            .map(|stage| at_stage(&page, stage).unwrap())
            .into();
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

const NOTHING: &str = "没有需要你办理的事";
const BUTTON: &str = "查看怎么办理";

/// The button leads to the whole stage, whose title begins it and which a browser may focus.
#[tokio::test]
async fn the_button_leads_to_the_stage() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
        let button = page.split("class=\"xj-bottom\"").nth(1).unwrap();
        assert!(button.contains("href=\"#stage-1\"") && button.contains(BUTTON));
        let arrival = step(&page, Stage::Arrival);
        let tag = arrival.split('>').next().unwrap();
        assert!(tag.contains("tabindex=\"-1\""), "{tag}");
        assert!(arrival.contains("报到与初审"), "{arrival}");
    })
    .await;
}

/// Beside what is to be done the day of the state is not told: it would read like a deadline that was missed.
#[tokio::test]
async fn what_is_to_be_done_has_no_day_but_its_last() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let states = "qualification = 'qualified', status = 'registered', registration = 'accepted', \
                      photo = 'to_proof', photo_on = '2026-04-20'";
        house.bed.tamper(tenant, "student", states).await;
        let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
        let photo = step(&page, Stage::Photo);
        assert!(photo.contains("待你完成"), "{photo}");
        assert!(!photo.contains("待你完成 ·") && !photo.contains("4月20日"), "{photo}");
    })
    .await;
}

/// Where nothing is to be done now, the card has the next day to keep; or what happened, and whom to ask.
#[tokio::test]
async fn the_card_says_what_comes_and_whom_to_ask() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let now = async |states: &str| {
            house.bed.tamper(tenant, "student", states).await;
            let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
            assert!(!page.contains(BUTTON), "the card says it all: {states}");
            card(&house, &cookie, "zh-CN").await
        };
        let coming = now("qualification = 'initial_check'").await;
        for words in ["接下来 · 还剩", "学期注册", "<time", "星期"] {
            assert!(coming.contains(words), "{words}: {coming}");
        }
        let returned = now("qualification = 'qualified', registration = 'returned'").await;
        for words in ["学信网退回了你的注册信息", "招生办公室", "href=\"tel:"] {
            assert!(returned.contains(words), "{words}: {returned}");
        }
        let forgone = now("qualification = 'forgone', registration = 'not_due'").await;
        for words in ["放弃入学资格", "招生办公室", "href=\"tel:"] {
            assert!(forgone.contains(words), "{words}: {forgone}");
        }
        for card in [coming, returned, forgone] {
            assert!(!card.contains(NOTHING), "{card}");
        }
        let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
        for stage in Stage::ALL.into_iter().skip(2) {
            let line = step(&page, stage);
            assert!(line.contains("不再办理"), "{line}");
            assert!(
                !line.contains("xj-step-day") && !line.contains("tel:"),
                "{line}"
            );
        }
    })
    .await;
}

/// The last day of the school's own work is not one that the student keeps.
#[tokio::test]
async fn a_day_of_the_schools_work_is_called_that() {
    House::on_each(|house| async move {
        let (tenant, _) = demonstration(&house, "admin").await;
        let cookie = freshman(&house, tenant).await;
        let page = house.get("/shou/me?lang=zh-CN", Some(&cookie)).await.body;
        let recheck = step(&page, Stage::Recheck);
        assert!(recheck.contains("学校完成期限："), "{recheck}");
        let check = step(&page, Stage::Verification);
        assert!(check.contains("截止："), "{check}");
    })
    .await;
}

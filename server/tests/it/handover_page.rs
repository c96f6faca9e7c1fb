//! The pages of a hand-over: what is counted, whom everybody waits for, and hash totals that two people can compare.

use crate::house::House;
use crate::ways::demonstration;
use domain::institution::{Actor, TenantId};
use domain::view::handover::HandoverLine;

/// A university of the demonstration, seen by its Admissions Office and by the secretary of a college.
struct Desks {
    house: House,
    tenant: TenantId,
    admissions: Actor,
    secretary: Actor,
}

impl Desks {
    async fn of(house: House) -> Self {
        let (tenant, admissions) = demonstration(&house, "zb01").await;
        let secretary = house.services.actor_by_login(tenant, "xy01").await.unwrap();
        Self {
            house,
            tenant,
            admissions,
            secretary,
        }
    }

    /// Every receipt of the university is in a state: that for the whole school, and those of colleges.
    async fn answered(&self, whole: &str, college: &str) {
        let state =
            format!("state = CASE WHEN college_id IS NULL THEN '{whole}' ELSE '{college}' END");
        let bed = &self.house.bed;
        bed.tamper(self.tenant, "handover_receipt", &state).await;
    }

    async fn page(&self, actor: &Actor, path: &str) -> String {
        let cookie = self.house.cookie(actor).await;
        let path = format!("/shou/{path}");
        self.house.get(&path, Some(&cookie)).await.body
    }

    /// The newest hand-over in which the college has a part, as somebody sees it, with its page.
    async fn newest(&self, actor: &Actor) -> (HandoverLine, String) {
        let services = &self.house.services;
        let own = services.handovers(&self.secretary).await.unwrap();
        let id = own[0].id;
        let view = services.handover(actor, id).await.unwrap();
        let page = self.page(actor, &format!("handovers/{id}")).await;
        (view.line, page)
    }
}

#[tokio::test]
async fn a_hash_total_can_be_compared_on_the_telephone() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        let (line, theirs) = desks.newest(&desks.secretary).await;
        let hash = &line.receipts[0].hash;
        let (whole, ours) = desks.newest(&desks.admissions).await;
        assert!(whole.receipts.len() > 1);
        for page in [&theirs, &ours] {
            assert!(page.contains(&format!("<code>{}<", &hash[..8])));
            assert!(page.contains(&format!("<code class=\"xj-copy\">{hash}<")));
        }
        assert!(theirs.contains("本学院部分的校验值") && ours.contains("整份名单的校验值"));
    })
    .await;
}

/// A college whose acceptance is the first of the two reads why nobody is in its lists yet.
#[tokio::test]
async fn a_college_reads_that_two_must_accept() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        for (whole, college, said) in [
            ("offered", "offered", "学生处也须接收；双方都接收后"),
            ("offered", "accepted", "学院已接收，等待学生处接收"),
            ("accepted", "offered", "学生处已接收；学院接收后"),
            ("returned", "accepted", "学生处已退回整份移交"),
        ] {
            desks.answered(whole, college).await;
            let (_, page) = desks.newest(&desks.secretary).await;
            assert!(page.contains(said), "{whole} {college}");
        }
        desks.answered("accepted", "accepted").await;
        let (_, page) = desks.newest(&desks.secretary).await;
        assert!(!page.contains("才进入学院的名单") && !page.contains("即进入学院的名单"));
    })
    .await;
}

/// An acceptance for the whole school does not count those whose college has returned them.
#[tokio::test]
async fn a_receipt_counts_whom_it_has_reached() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        desks.answered("accepted", "returned").await;
        let (line, page) = desks.newest(&desks.admissions).await;
        let note = format!("移交 {0}，学院退回 {0}", line.total);
        assert!(page.contains(&note), "{note}");
        desks.answered("accepted", "accepted").await;
        let (_, page) = desks.newest(&desks.admissions).await;
        assert!(!page.contains("学院退回"));
    })
    .await;
}

/// Nothing that waits reads as done.
#[tokio::test]
async fn a_list_counts_who_has_received() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        let (line, _) = desks.newest(&desks.admissions).await;
        let all = line.receipts.len();
        let (none, done) = (format!(">0/{all}<"), format!(">{all}/{all}<"));
        desks.answered("offered", "offered").await;
        let page = desks.page(&desks.admissions, "handovers").await;
        assert!(page.contains(&none) && !page.contains(&done), "{none}");
        desks.answered("accepted", "accepted").await;
        let page = desks.page(&desks.admissions, "handovers").await;
        assert!(page.contains(&done) && !page.contains(&none), "{done}");
    })
    .await;
}

/// Whose admitted major has no place at the school is no broad intake, which has a college.
#[tokio::test]
async fn only_a_broad_intake_is_called_one() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        desks.answered("returned", "returned").await;
        let (unmapped, broad) = ("录取专业未对应", "大类招生（专业待定）");
        let bed = &desks.house.bed;
        let nowhere = "college_id = NULL, major_id = NULL, class_id = NULL";
        let nobody = "major_id = NULL, class_id = NULL";
        let year = desks.newest(&desks.admissions).await.0.year;
        let path = format!("handovers?year={year}");
        bed.tamper(desks.tenant, "student", nobody).await;
        let page = desks.page(&desks.admissions, &path).await;
        assert!(page.contains(broad), "a college, and no major yet");
        bed.tamper(desks.tenant, "student", nowhere).await;
        let page = desks.page(&desks.admissions, &path).await;
        assert!(page.contains(unmapped) && !page.contains("专业待定"));
    })
    .await;
}

/// The list of the people is a page of its own, for whoever answers.
#[tokio::test]
async fn a_receiver_opens_the_list_of_the_own_people() {
    House::on_each(|house| async move {
        let desks = Desks::of(house).await;
        let (line, page) = desks.newest(&desks.secretary).await;
        let asked = format!("handovers/{}?list=yes", line.id);
        assert!(page.contains(&format!("/shou/{asked}")), "{asked}");
        let services = &desks.house.services;
        let people = services.handover_people(&desks.secretary, line.id, 1).await;
        let people = people.unwrap().people;
        assert!(!people.is_empty());
        let list = desks.page(&desks.secretary, &asked).await;
        for one in people {
            assert!(list.contains(&one.name), "{}", one.name);
            assert!(list.contains(&one.ksh.to_string()));
        }
        let other = services
            .actor_by_login(desks.tenant, "jwc01")
            .await
            .unwrap();
        let list = desks.page(&other, &asked).await;
        assert!(list.contains("移交内容") && !list.contains("移交名单"));
    })
    .await;
}

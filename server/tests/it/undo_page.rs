//! What an import's page says of its undo: until when, or what stands against it.

use crate::forms::{Form, forms};
use crate::house::House;
use crate::isolation::fresh;
use crate::look::{Desk, HEAD, PEOPLE};
use crate::ways::demonstration;
use domain::calendar::format_date_zh;
use domain::view::admission::{BuiltOn, RowState};
use std::collections::BTreeSet;
use uuid::Uuid;

const UNDO: &str = "/api/admission/undo";

/// The lines of the notice that says why nothing can be undone.
fn against(page: &str, title: &str) -> Vec<String> {
    let Some(notice) = page.split(title).nth(1) else {
        return Vec::new();
    };
    let list = notice.split("</ul>").next().unwrap();
    let lines = list.split("<li>").skip(1);
    lines
        .map(|line| line.split('<').next().unwrap().to_owned())
        .collect()
}

/// The forms of a page that undo an import.
fn undos(page: &str) -> Vec<Form> {
    let all = forms(page).into_iter();
    all.filter(|form| form.action == UNDO).collect()
}

/// Admissions of the demonstration, just after a step-up.
async fn desk(house: House) -> Desk {
    let (_, actor) = demonstration(&house, "zb01").await;
    let officer = fresh(&actor, house.bed.store().now());
    Desk {
        cookie: house.cookie(&officer).await,
        house,
        officer,
    }
}

async fn page(desk: &Desk, import: Uuid, lang: &str) -> String {
    let path = format!("/shou/admission/imports/{import}?lang={lang}");
    desk.house.get(&path, Some(&desk.cookie)).await.body
}

/// After a hand-over the page names it among what was built, and offers no undo.
#[tokio::test]
async fn an_import_that_was_handed_over_says_so_and_offers_no_undo() {
    House::on_each(|house| async move {
        let desk = desk(house).await;
        let store = desk.house.bed.store();
        let unit = store.read(&desk.officer).await.unwrap();
        let imports = unit.imports("admission", 50).await.unwrap();
        let handovers = unit.handovers(50).await.unwrap();
        drop(unit);
        let mut named = BTreeSet::new();
        for import in imports {
            let services = &desk.house.services;
            let view = services
                .import_view(&desk.officer, import.id)
                .await
                .unwrap();
            let zh = page(&desk, import.id, "zh-CN").await;
            let en = page(&desk, import.id, "en").await;
            let zh_lines = against(&zh, "这次导入现在不能撤销，已有后续工作以它为基础");
            let title = "This import cannot be undone now: later work rests on it";
            let en_lines = against(&en, title);
            let built_on = view.steps.built_on;
            assert!(built_on.is_empty() || undos(&zh).is_empty());
            assert_eq!([zh_lines.len(), en_lines.len()], [built_on.len(); 2]);
            for built in built_on {
                if let BuiltOn::Handover { number, on } = built {
                    let zh = format!("录取信息移交第 {number} 号（{on}）已含本次导入的学生");
                    let en =
                        format!("hand-over no. {number} of {on} holds students of this import");
                    assert!(zh_lines.contains(&zh), "{zh}: {zh_lines:?}");
                    assert!(en_lines.contains(&en), "{en}: {en_lines:?}");
                    named.insert((import.year, number));
                }
            }
        }
        // Of earlier cohorts nothing can be undone any more, whatever was built.
        let newest = handovers.iter().map(|handover| handover.year).max();
        let recent = handovers.iter().filter(|h| Some(h.year) == newest);
        let recent: BTreeSet<(i32, i32)> = recent.map(|h| (h.year, h.number)).collect();
        assert!(recent.len() > 1);
        assert_eq!(named, recent);
    })
    .await;
}

/// Where nothing was built, the page says until when, and its form takes everything back.
#[tokio::test]
async fn an_import_on_which_nothing_stands_is_undone_from_its_page() {
    House::on_each(|house| async move {
        let desk = desk(house).await;
        let rows = format!("{HEAD}{}", PEOPLE[..2].concat()).into_bytes();
        let import = desk.checked("补录.csv", rows).await;
        assert!(undos(&page(&desk, import, "zh-CN").await).is_empty());
        desk.confirm(import).await;
        let (services, officer) = (&desk.house.services, &desk.officer);
        let view = services.import_view(officer, import).await.unwrap();
        let until = format_date_zh(view.steps.undo_until.unwrap());
        let shown = page(&desk, import, "zh-CN").await;
        assert!(shown.contains(&format!("可撤销至 {until}")), "{until}");
        let [undo] = <[Form; 1]>::try_from(undos(&shown)).unwrap();
        let sent = desk
            .house
            .submit(UNDO, Some(&desk.cookie), &undo.body())
            .await;
        let to = sent.header("location").to_owned();
        assert!(to.contains("done=undone"), "{to}");
        let after = page(&desk, import, "zh-CN").await;
        assert!(undos(&after).is_empty() && after.contains("已撤销"));
        let view = services.import_view(officer, import).await.unwrap();
        assert_eq!(view.line.counts.in_state(RowState::Confirmed), 0);
    })
    .await;
}

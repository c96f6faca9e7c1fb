use leptos::prelude::*;
use proptest::prelude::*;
use ui::completion_bar::spans;
use ui::prelude::*;

use crate::html::{assert_well_formed, attribute, html, tags};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_parts_of_a_bar_meet_and_stay_inside(counts in prop::collection::vec(0_u64..=u64::MAX / 4, 0..6), total in any::<u64>()) {
        let mut edge = 0;
        for (left, width) in spans(&counts, total) {
            prop_assert_eq!(left, edge);
            edge = left + width;
            prop_assert!(edge <= 1000);
        }
    }

    #[test]
    fn a_full_bar_is_full(counts in prop::collection::vec(1_u64..1_000_000, 1..6)) {
        let spans = spans(&counts, counts.iter().sum());
        let (left, width) = spans[spans.len() - 1];
        prop_assert_eq!(left + width, 1000);
    }

    #[test]
    fn groups_of_digits_keep_the_number(count in any::<u64>()) {
        let text = grouped(count);
        prop_assert_eq!(text.replace(',', "").parse::<u64>().unwrap(), count);
        let mut groups = text.split(',');
        prop_assert!(matches!(groups.next().unwrap().len(), 1..=3));
        prop_assert!(groups.all(|group| group.len() == 3));
    }

    #[test]
    fn a_funnel_whose_reasons_account_for_all_balances(losses in prop::collection::vec(prop::collection::vec(0_u64..1000, 0..4), 1..6), last in 0_u64..1000) {
        let mut count = last;
        let mut stages = vec![Stage::new("last", last)];
        for reasons in &losses {
            count += reasons.iter().sum::<u64>();
            let stage = reasons.iter().fold(Stage::new("s", count), |stage, lost| stage.leaving("r", *lost, ""));
            stages.insert(0, stage);
        }
        prop_assert!(imbalance(&stages).iter().all(|rest| *rest == 0));
    }

    #[test]
    fn the_dark_modules_of_a_code_are_all_drawn(dark in prop::collection::vec(any::<bool>(), 36)) {
        let modules = Modules::new(6, |row, column| dark[row * 6 + column]);
        let page = html(move || view! { <QrCode label="L" modules=modules/> }.into_any());
        let path = attribute(tags(&page, "path")[0], "d").unwrap_or_default().to_owned();
        let drawn: usize = path.split('h').skip(1).filter_map(|run| run.split('v').next()).filter_map(|run| run.parse::<usize>().ok()).sum();
        prop_assert_eq!(drawn, dark.iter().filter(|module| **module).count());
    }
}

#[test]
fn what_no_reason_accounts_for_is_shown() {
    let stages = vec![
        Stage::new("a", 1204).leaving("r", 165, ""),
        Stage::new("b", 1037),
    ];
    assert_eq!(imbalance(&stages), [2, 0]);
    let page = html(|| {
        view! {
            <Funnel caption="C" stage_head="S" count_head="N" leaving_head="L" unexplained="unexplained" stages=stages/>
        }
        .into_any()
    });
    assert_well_formed(&page);
    assert!(
        page.contains("unexplained 2") && page.contains("1,204"),
        "{page}"
    );
}

#[test]
fn a_compact_bar_is_only_named() {
    let page = html(|| {
        view! { <CompletionBar compact=true caption="c" part_head="P" count_head="N" total=10 parts=vec![Part::new("done", 5, Tone::Success)]/> }
            .into_any()
    });
    assert!(
        !page.contains("<table") && page.contains("aria-label=\"c · done 5\""),
        "{page}"
    );
}

#[test]
fn a_bar_says_its_numbers_to_readers() {
    let page = html(|| {
        view! { <CompletionBar caption="86.3%" part_head="P" count_head="N" total=1204 parts=vec![Part::new("done", 1039, Tone::Success)]/> }
            .into_any()
    });
    assert_well_formed(&page);
    let drawing = tags(&page, "svg")[0];
    assert_eq!(attribute(drawing, "role"), Some("img"));
    assert_eq!(attribute(drawing, "aria-label"), Some("86.3% · done 1,039"));
    assert_eq!(tags(&page, "table").len(), 1);
}

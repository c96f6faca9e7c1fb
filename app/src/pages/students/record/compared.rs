//! The difference view of a record: what was admitted beside what the school keeps.

use crate::cx::Cx;
use crate::pages::say;
use domain::text::Lang;
use domain::view::Words;
use domain::view::record::{ComparedView, RecordView};
use leptos::prelude::*;
use ui::prelude::*;

pub(super) fn section(cx: Cx, view: &RecordView) -> AnyView {
    if view.compared.is_empty() {
        return ().into_any();
    }
    let title = cx.pick("与录取数据比对", "Against the admission data");
    let caption = cx.pick("录取数据与校内信息", "Admission data and school record");
    let note = cx.pick(
        "录取数据入库后不再改动，校内信息由学校维护；不同之处照录，不互相覆盖。",
        "Admission data are never changed here, the school keeps its own values; where they differ both stand.",
    );
    let columns = vec![
        Column::new(cx.pick("项目", "Field")).title().nowrap(),
        Column::new(cx.pick("录取数据", "As admitted")),
        Column::new(cx.pick("校内信息", "At the school")),
        Column::new(cx.pick("比对", "Result")).nowrap(),
    ];
    let rows: Vec<Row> = view.compared.iter().map(|line| row(cx, line)).collect();
    let aside = total(cx, &view.compared);
    view! {
        <RecordSection title=title aside=aside>
            <DataTable caption=caption columns=columns rows=rows/>
            <p class="xj-muted">{note}</p>
        </RecordSection>
    }
    .into_any()
}

/// How many fields differ.
fn total(cx: Cx, compared: &[ComparedView]) -> AnyView {
    let differing = compared.iter().filter(|line| line.agreement.differs());
    let (word, tone) = match (differing.count(), cx.lang) {
        (0, _) => (
            cx.pick("没有不同", "No difference").to_owned(),
            domain::text::Tone::Success,
        ),
        (count, Lang::Zh) => (format!("{count} 项不同"), domain::text::Tone::Warning),
        (1, Lang::En) => ("1 differs".to_owned(), domain::text::Tone::Warning),
        (count, Lang::En) => (format!("{count} differ"), domain::text::Tone::Warning),
    };
    say::word_chip(word, tone)
}

/// Both values; a field that differs is marked, and says so in words.
fn row(cx: Cx, line: &ComparedView) -> Row {
    let agreement = line.agreement;
    let word = say::label(cx, &agreement);
    let result = if agreement.differs() {
        say::word_chip(word, agreement.tone())
    } else {
        word.into_any()
    };
    let row = Row::new()
        .cell(say::pair(cx, &line.label))
        .cell(value(cx, &line.admission))
        .cell(value(cx, &line.school))
        .cell(result);
    if agreement.differs() {
        row.tone(say::tone(agreement.tone()))
    } else {
        row
    }
}

fn value(cx: Cx, value: &Words) -> String {
    let shown = say::pair(cx, value);
    if shown.is_empty() {
        "—".to_owned()
    } else {
        shown
    }
}

//! 待办: what somebody waits for, grouped by the step that cannot go on without it.

use super::{Desk, is};
use crate::Result;
use crate::admission::from_json;
use crate::handover::reached;
use crate::students::own::{EXPLAIN, phone_of};
use domain::admission::handover::Receipt;
use domain::admission::import::ImportState;
use domain::decision::Machine as _;
use domain::institution::{Office, PersonalScope, policy};
use domain::text::Text;
use domain::view::admission::{ImportCounts, RowState, UploadKind};
use domain::view::home::{TodoGroupView, TodoView};
use domain::view::words;
use store::{AdmittedMajor, SlipCounts, StudentFilter, rows};
use uuid::Uuid;

/// Imports looked through: the newest.
const IMPORTS: u64 = 50;

/// The groups of a post; those without anything to do are left out.
pub(super) async fn groups(desk: &Desk<'_>) -> Result<Vec<TodoGroupView>> {
    let mut groups = Vec::new();
    if desk.actor.may::<policy::OfferHandover>() {
        groups.push(group(
            Text::new("移交学生处和学院之前", "Before the hand-over"),
            before_handover(desk).await?,
        ));
    }
    if desk.actor.may::<policy::AcceptHandover>() {
        groups.push(group(
            Text::new(
                "接收之后才能报到和编班",
                "Arrival and classes wait for the receipt",
            ),
            receipts(desk).await?,
        ));
    }
    if desk.actor.may::<policy::AssignByRule>() {
        groups.push(group(
            Text::new("发放学号之前", "Before student numbers are given"),
            unassigned(desk).await?,
        ));
    }
    if desk.actor.may::<policy::SlipsPage>() {
        groups.push(group(
            Text::new("学生首次登录之前", "Before students can sign in"),
            slips(desk).await?,
        ));
    }
    if desk.actor.may::<policy::SetParameter>() {
        groups.push(group(
            Text::new("学生和教职工询问之前", "Before anybody has a question"),
            vec![phones(desk)],
        ));
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}

fn group(blocks: Text, items: Vec<TodoView>) -> TodoGroupView {
    let items = items.into_iter().filter(|item| item.count > 0).collect();
    TodoGroupView {
        blocks: words(blocks),
        items,
    }
}

fn item(title: Text, count: u64, text: Text, path: impl Into<String>) -> TodoView {
    TodoView {
        title: words(title),
        count,
        text: words(text),
        path: path.into(),
    }
}

async fn before_handover(desk: &Desk<'_>) -> Result<Vec<TodoView>> {
    let scope = desk.scope;
    let imports = scope.imports(UploadKind::Admission.key(), IMPORTS).await?;
    let (mut ready, mut open) = (Vec::new(), 0);
    for import in imports.iter().filter(|import| {
        in_state(import, ImportState::Checked) || in_state(import, ImportState::Confirmed)
    }) {
        let counts: ImportCounts = from_json(&import.counts, "counts of an import")?;
        open += counts.in_state(RowState::Bad) + counts.in_state(RowState::Warned);
        // Rows whose warnings were accepted since the check are among those with warnings.
        if counts.in_state(RowState::Good) + counts.in_state(RowState::Warned) > 0 {
            ready.push(import.id);
        }
    }
    let confirm = scope.confirmable_by_import(&ready).await?.len();
    let mut items = vec![
        item(
            Text::new("确认录取数据", "Confirm admission data"),
            confirm as u64,
            Text::new(
                "检查完成的导入，等待确认入库。",
                "Imports that were checked and wait to be confirmed.",
            ),
            "admission/imports",
        ),
        item(
            Text::new("处理有问题的记录", "Repair rows with findings"),
            open,
            Text::new(
                "有错误或提示、尚未入库的记录。",
                "Rows with errors or warnings that are not in yet.",
            ),
            "admission/imports",
        ),
    ];
    let open = scope.cohorts_to_hand_over().await?;
    if open.iter().all(|(year, _)| *year != desk.year) {
        items.extend(cohort(desk, desk.year, 0).await?);
    }
    for (year, total) in open {
        let total = u64::try_from(total).unwrap_or_default();
        items.extend(cohort(desk, year, total).await?);
    }
    Ok(items)
}

/// What one cohort waits for before it is handed over; an older one is named, for nobody looks for it.
async fn cohort(desk: &Desk<'_>, year: i32, total: u64) -> Result<[TodoView; 3]> {
    let counts = desk.scope.admitted_majors(year).await?;
    let maps = desk.scope.major_maps(year).await?;
    let unmapped = maps
        .iter()
        .filter(|map| map.college_id.is_none())
        .filter(|map| counts.contains_key(&AdmittedMajor::from(*map)))
        .count();
    let returned = desk.scope.receipts_in(year, Receipt::Returned).await?;
    let handover = format!("handovers?year={year}");
    let items = [
        item(
            Text::new("对应录取专业", "Map admitted majors"),
            unmapped as u64,
            Text::new(
                "尚未对应校内专业，相关学生不能移交。",
                "Not mapped yet: their students cannot be handed over.",
            ),
            format!("admission/majors?year={year}"),
        ),
        item(
            Text::new("处理退回的移交", "Answer returned hand-overs"),
            returned.len() as u64,
            Text::new(
                "接收方退回，改正后重新移交。",
                "Returned by the receiver; mend and offer again.",
            ),
            handover.clone(),
        ),
        item(
            Text::new("移交录取信息", "Hand over admission data"),
            total,
            Text::new(
                "已入库、待移交的新生。",
                "New students who are in and not handed over.",
            ),
            handover,
        ),
    ];
    if year == desk.year {
        return Ok(items);
    }
    Ok(items.map(|item| of_cohort(item, year)))
}

fn of_cohort(item: TodoView, year: i32) -> TodoView {
    let (zh, en) = item.title;
    TodoView {
        title: (format!("{zh}（{year} 级）"), format!("{en} ({year})")),
        ..item
    }
}

fn in_state(import: &rows::ImportBatch, state: ImportState) -> bool {
    import.state == state.key()
}

async fn receipts(desk: &Desk<'_>) -> Result<Vec<TodoView>> {
    // Those that the post itself answers: a post of classes or majors looks at them and answers none.
    let open = match &desk.actor.seat().scope {
        PersonalScope::College(college) if is(desk, Office::College) => {
            desk.scope.open_receipts(Some(*college)).await?
        }
        PersonalScope::School => desk.scope.open_receipts(None).await?,
        PersonalScope::College(_)
        | PersonalScope::Classes { .. }
        | PersonalScope::Majors(_)
        | PersonalScope::Own(_) => Vec::new(),
    };
    let handovers: Vec<Uuid> = open.iter().map(|receipt| receipt.handover_id).collect();
    let all = desk.scope.receipts(&handovers).await?;
    let mut students = 0;
    for receipt in &open {
        students += reached(receipt, &all)?;
    }
    let path = match open.as_slice() {
        [only] => format!("handovers/{}", only.handover_id),
        _ => "handovers".to_owned(),
    };
    Ok(vec![item(
        Text::new("接收录取信息", "Receive admission data"),
        students,
        Text::new(
            "核对人数和校验值后接收，或说明理由退回。",
            "Compare counts and hash total, then accept, or return with reasons.",
        ),
        path,
    )])
}

async fn unassigned(desk: &Desk<'_>) -> Result<Vec<TodoView>> {
    let seen = desk.actor.visible();
    let filter = StudentFilter {
        unassigned: true,
        ..StudentFilter::default()
    };
    let mut items = Vec::new();
    for (year, total) in desk.scope.students_by_year(&seen, &filter).await? {
        let waiting = item(
            Text::new("编班编学号", "Assign class and student number"),
            total.unsigned_abs(),
            Text::new(
                "没有班级或学号的新生。",
                "New students without class or number.",
            ),
            format!("assign?year={year}"),
        );
        items.push(if year == desk.year {
            waiting
        } else {
            of_cohort(waiting, year)
        });
    }
    Ok(items)
}

async fn slips(desk: &Desk<'_>) -> Result<Vec<TodoView>> {
    let counts = desk.scope.slip_counts(&desk.actor.visible()).await?;
    let without: i64 = counts.iter().map(SlipCounts::without).sum();
    Ok(vec![item(
        Text::new("签发激活单", "Issue activation slips"),
        without.unsigned_abs(),
        Text::new(
            "已编班、账号未激活，手上也没有有效的激活单或一次性代码的学生。",
            "Students in a class who have neither an active account nor a slip or code that counts.",
        ),
        "activation",
    )])
}

/// The offices that explain the regulation (办法 五) are named beside every refusal: without a number nobody reaches them.
fn phones(desk: &Desk<'_>) -> TodoView {
    let missing = EXPLAIN
        .into_iter()
        .filter(|office| phone_of(*office, desk.parameters).is_none())
        .count();
    item(
        Text::new(
            "填写教务处、学生处电话",
            "Enter the telephones of Academic and Student Affairs",
        ),
        missing as u64,
        Text::new(
            "学生页面和每条不予办理的说明都写明由这两个部门解释；没有填写的，页面上没有电话。",
            "Every refusal and every student's page names these offices; without an entry there is no number.",
        ),
        "parameters",
    )
}

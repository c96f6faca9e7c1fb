//! The look before a confirmation: each total of an import leads to exactly the rows or findings that it counts.

use crate::forms::plain;
use crate::house::House;
use domain::admission::finding::FindingKind;
use domain::admission::path::AdmissionPath;
use domain::institution::{Actor, Office};
use domain::text::Label as _;
use domain::view::admission::RowState;
use formats::sample::{Defect, PackageSpec, ProvinceSpec, Shape, ZipNames};
use services::admission::{AdmissionUpload, Content, Seen};
use services::worker::{Ran, Worker};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub const HEAD: &str = "考生号,姓名,性别,证件类型,身份证号,出生日期,民族,录取专业\n";
/// One who stays as he is, one whose major changes, one with a wrong check character, and one with a dot that is none.
pub const PEOPLE: [&str; 4] = [
    "26310115150001,王五,男,居民身份证,310101200603010031,20060301,汉族,会计学\n",
    "26310115150002,赵六,男,居民身份证,310101200603010111,20060301,汉族,会计学\n",
    "26310115150003,钱七,男,居民身份证,310101200603010155,20060301,汉族,会计学\n",
    "26310115150004,阿力木．江,男,居民身份证,310101200603010197,20060301,维吾尔族,会计学\n",
];

/// An officer at work, and what the pages show.
pub struct Desk {
    pub house: House,
    pub officer: Actor,
    pub cookie: String,
}

/// A total of a page: where it leads, and how many it counts.
#[derive(Debug)]
struct Total {
    href: String,
    stated: u64,
}

impl Desk {
    pub async fn of(house: House) -> Self {
        let tenant = house.school("shou").await;
        let officer = house.bed.officer(tenant, Office::Admissions).await;
        let cookie = house.cookie(&officer).await;
        Self {
            house,
            officer,
            cookie,
        }
    }

    async fn work(&self) {
        let worker = Worker::new(self.house.services.clone(), "test");
        while let Some(ran) = worker.run_one().await.unwrap() {
            assert_eq!(ran, Ran::Done);
        }
    }

    pub async fn checked(&self, name: &str, bytes: Vec<u8>) -> Uuid {
        let upload = AdmissionUpload {
            year: 2026,
            path: AdmissionPath::Ordinary,
            file_name: name.to_owned(),
            content: Content::File(bytes),
            columns: None,
        };
        let services = &self.house.services;
        let outcome = services.upload_admission(&self.officer, upload).await;
        self.work().await;
        outcome.unwrap().import()
    }

    pub async fn confirm(&self, import: Uuid) {
        let services = &self.house.services;
        let view = services.import_view(&self.officer, import).await.unwrap();
        let seen = Seen {
            version: view.version,
            rows: view.steps.confirm,
        };
        let confirmed = services.confirm_import(&self.officer, import, seen).await;
        confirmed.unwrap();
        self.work().await;
    }

    async fn page(&self, path: &str) -> String {
        self.house.get(path, Some(&self.cookie)).await.body
    }

    /// The lines of the list that an address opens, on all its pages.
    async fn lines(&self, href: &str, caption: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for number in 1.. {
            let page = self.page(&format!("{href}&page={number}")).await;
            lines.extend(table(&page, caption));
            let next = format!("{href}&page={}", number + 1).replace('&', "&amp;");
            if !page.contains(&format!("\"{next}\"")) {
                break;
            }
        }
        lines
    }

    /// Follows every total of an import's page; the states and kinds that were followed.
    async fn follow(&self, import: Uuid) -> BTreeSet<&'static str> {
        let page = self
            .page(&format!("/shou/admission/imports/{import}"))
            .await;
        let mut followed = BTreeSet::new();
        for Total { href, stated } in totals(&page) {
            let asked = |name: &str| {
                let query = href.split_once('?').unwrap().1;
                let value = query.split('&').find_map(|pair| pair.strip_prefix(name));
                value.unwrap_or_default().to_owned()
            };
            if let Some(state) = RowState::from_key(&asked("state=")) {
                let caption = format!("考生：{}", state.label().zh);
                let lines = self.lines(&href, &caption).await;
                assert_eq!(lines.len() as u64, stated, "{href}");
                followed.insert(state.key());
            } else {
                let kind = FindingKind::from_key(&asked("kind=")).unwrap();
                let lines = self.lines(&href, "检查发现").await;
                assert_eq!(lines.len() as u64, stated, "{href}");
                let other = lines.iter().find(|line| !line.contains(kind.label().zh));
                assert_eq!(other, None, "{href}");
                followed.insert(kind.key());
            }
        }
        followed
    }
}

fn totals(page: &str) -> Vec<Total> {
    let links = page.split("<a ").skip(1);
    links
        .filter_map(|link| link.split_once('>'))
        .filter(|(tag, _)| tag.contains("class=\"xj-figure "))
        .map(|(tag, rest)| {
            let href = tag.split("href=\"").nth(1).unwrap();
            let href = href.split('"').next().unwrap().replace("&amp;", "&");
            let value = rest.split("xj-figure-value\">").nth(1).unwrap();
            let value = value.split('<').next().unwrap().replace(',', "");
            Total {
                href,
                stated: value.parse().unwrap(),
            }
        })
        .collect()
}

/// The lines of the table with this caption.
fn table(page: &str, caption: &str) -> Vec<String> {
    let named = format!(">{caption}<");
    let Some(table) = page.split("<table").find(|table| table.contains(&named)) else {
        return Vec::new();
    };
    let body = table.split("<tbody>").nth(1).unwrap();
    let body = body.split("</tbody>").next().unwrap();
    let lines = body.split("<tr").skip(1).map(str::to_owned);
    lines
        .filter(|line| !line.starts_with(" class=\"xj-row-empty"))
        .collect()
}

/// More of each than one page holds: 100 rows, 50 findings.
#[tokio::test(flavor = "multi_thread")]
async fn each_total_of_an_import_opens_what_it_counts() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let defects = [
            (Defect::BadChecksum, 55),
            (Defect::DotVariant, 4),
            (Defect::UnknownEthnic, 3),
            (Defect::Withdrawn, 2),
        ];
        let province = ProvinceSpec {
            code: "31".to_owned(),
            rows: 180,
            shape: Shape::default(),
            defects: BTreeMap::from(defects),
        };
        let package = PackageSpec {
            seed: 5,
            year: 2026,
            provinces: vec![province],
        };
        let zip = package.generate().zip(ZipNames::Gbk);
        let import = desk.checked("录取数据.zip", zip).await;
        let kinds = ["bad_checksum", "dot_variant", "unknown_ethnic", "withdrawn"];
        let with = |states: [&'static str; 3]| kinds.into_iter().chain(states).collect();
        let expected: BTreeSet<&str> = with(["good", "warned", "bad"]);
        assert_eq!(desk.follow(import).await, expected);
        desk.confirm(import).await;
        let expected: BTreeSet<&str> = with(["confirmed", "warned", "bad"]);
        assert_eq!(desk.follow(import).await, expected);
    })
    .await;
}

/// The states of rows that are in already.
#[tokio::test(flavor = "multi_thread")]
async fn totals_of_a_second_import_open_what_they_count() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let [same, other, bad, warned] = PEOPLE;
        let first = format!("{HEAD}{same}{other}").into_bytes();
        let first = desk.checked("甲.csv", first).await;
        desk.confirm(first).await;
        let changed = other.replace("会计学", "英语");
        let second = format!("{HEAD}{same}{changed}{bad}{warned}").into_bytes();
        let second = desk.checked("乙.csv", second).await;
        let followed = desk.follow(second).await;
        for expected in ["unchanged", "changed", "bad", "warned"] {
            assert!(followed.contains(expected), "{expected}: {followed:?}");
        }
    })
    .await;
}

/// A cell of a line, by its column.
fn cell(line: &str, column: &str) -> String {
    let named = format!("data-label=\"{column}\"");
    let Some(rest) = line.split(&named).nth(1) else {
        panic!("no cell {column}: {line}");
    };
    let text = rest.split("<div>").nth(1).unwrap();
    plain(text.split('<').next().unwrap())
}

/// Each finding stands with the rule that it is against, and with what to do about it.
#[tokio::test]
async fn a_finding_has_its_rule_and_a_suggestion_beside_it() {
    House::on_each(|house| async move {
        let desk = Desk::of(house).await;
        let rows = format!("{HEAD}{}", PEOPLE.concat()).into_bytes();
        let import = desk.checked("甲.csv", rows).await;
        let path = format!("/shou/admission/imports/{import}");
        let found = [
            (
                "26310115150003",
                FindingKind::BadChecksum,
                "V8 GB 11643",
                ("向生源地省级招生部门申请更正", "province"),
            ),
            (
                "26310115150004",
                FindingKind::DotVariant,
                "V4 民委发〔2016〕33号 间隔号 U+00B7",
                ("核对后注明理由接受", "Accept it with a reason"),
            ),
        ];
        for (query, caption, columns) in [
            ("lang=zh-CN", "检查发现", ["考生号", "规则", "怎么办"]),
            (
                "lang=en",
                "Findings",
                ["Candidate number", "Rule", "What to do"],
            ),
        ] {
            let page = desk.page(&format!("{path}?{query}")).await;
            let lines = table(&page, caption);
            assert_eq!(lines.len(), found.len());
            for (number, kind, rule, (zh, en)) in found {
                let [who, ruled, advised] = columns;
                let mut lines = lines.iter();
                let line = lines.find(|line| cell(line, who) == number).unwrap();
                assert_eq!(cell(line, ruled), rule);
                let (advice, words) = match query {
                    "lang=en" => (kind.suggestion().en, en),
                    _ => (kind.suggestion().zh, zh),
                };
                assert_eq!(cell(line, advised), advice);
                assert!(advice.contains(words), "{advice}");
            }
        }
    })
    .await;
}

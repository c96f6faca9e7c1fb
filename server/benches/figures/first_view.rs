//! What a phone loads for its first look at the student's page: HTML and CSS, then the islands' bundle. Whatever the page
//! names is counted, for print too, as it comes over the wire to a browser that understands brotli.

use crate::ground;
use crate::load::{self, Client};
use crate::report::{Figure, Goal};
use crate::site::Site;
use std::collections::BTreeSet;
use std::path::Path;

/// What a page has a browser fetch.
#[derive(Default)]
struct Fetched {
    styles: BTreeSet<String>,
    programs: BTreeSet<String>,
}

impl Fetched {
    /// Style sheets, and every script and module however it is named.
    fn by(page: &str) -> Self {
        let mut fetched = Self::default();
        for tag in page.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            let attribute = |name: &str| {
                let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
                rest.split('"').next().map(str::to_owned)
            };
            if tag.starts_with("link") {
                let kind = attribute("rel").unwrap_or_default();
                match kind.as_str() {
                    "stylesheet" => fetched.styles.extend(attribute("href")),
                    "preload" | "modulepreload" => fetched.programs.extend(attribute("href")),
                    _ => {}
                }
            } else if tag.starts_with("script") {
                let names = ["src", "data-js", "data-wasm"];
                fetched
                    .programs
                    .extend(names.into_iter().filter_map(attribute));
            }
        }
        fetched
    }
}

/// Names of the modules that the bundles' scripts import by themselves.
fn snippets(site: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![site.join("pkg/snippets")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "js") {
                let inner = path.strip_prefix(site).unwrap_or(&path);
                found.insert(format!("/{}", inner.display()));
            }
        }
    }
    found
}

async fn weight(client: &mut Client, paths: &BTreeSet<String>) -> usize {
    let mut bytes = 0;
    for path in paths {
        let (status, body) = client.get(&load::compressed(path, "")).await;
        assert_eq!(status, 200, "{path}");
        bytes += body.len();
    }
    bytes
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_000.0
}

/// Both sizes. The largest page of all visitors counts.
pub async fn figures() -> Vec<Figure> {
    let site = Site::open(1, 60).await;
    let mut client = Client::connect(site.address).await;
    let (mut html, mut fetched) = (0, Fetched::default());
    for (visit, cookie) in &site.visitors {
        let path = format!("/{}/me", visit.slug);
        let (status, body) = client.get(&load::request(&path, cookie)).await;
        assert_eq!(status, 200, "the page of a visitor");
        let own = Fetched::by(&String::from_utf8_lossy(body));
        fetched.styles.extend(own.styles);
        fetched.programs.extend(own.programs);
        let (status, body) = client.get(&load::compressed(&path, cookie)).await;
        assert_eq!(status, 200, "the page of a visitor");
        html = html.max(body.len());
    }
    assert!(
        fetched.styles.len() >= 2 && fetched.programs.len() >= 3,
        "a page without the school's colour, style or islands weighs too little"
    );
    fetched.programs.extend(snippets(&ground::site()));
    let style = weight(&mut client, &fetched.styles).await;
    let programs = weight(&mut client, &fetched.programs).await;
    site.stop.cancel();
    site.ground.end().await;
    vec![
        Figure {
            name: "first_view_bytes",
            value: kilobytes(html + style),
            unit: "KB",
            goal: Goal::AtMost(60.0),
            floor: None,
            reduced: false,
        },
        Figure {
            name: "first_view_wasm_bytes",
            value: kilobytes(programs),
            unit: "KB",
            goal: Goal::AtMost(150.0),
            floor: None,
            reduced: false,
        },
    ]
}

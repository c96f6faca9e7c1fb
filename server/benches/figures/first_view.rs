//! What a phone loads for its first look at the student's page: HTML and CSS, then the islands' bundle.

use crate::ground;
use crate::load::{self, Client};
use crate::report::{Figure, Goal};
use crate::site::Site;
use brotli::enc::BrotliEncoderParams;
use std::path::Path;

/// What a proxy spends on a page that is made anew for everybody.
const QUALITY: i32 = 5;

fn compressed(body: &[u8]) -> usize {
    let settings = BrotliEncoderParams {
        quality: QUALITY,
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*body, &mut out, &settings).expect("a compressed page")
}

/// The size of a file of the client as it is sent.
fn sent(site: &Path, name: &str) -> usize {
    let file = site.join(format!("{}.br", name.trim_start_matches('/')));
    let bytes = std::fs::metadata(&file).map(|meta| meta.len());
    let bytes = bytes.expect("the client is built: cargo xtask build");
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_000.0
}

/// Both sizes. The bundle is measured whether this page wakes an island or not.
pub async fn figures() -> Vec<Figure> {
    let site = Site::open(1, 60).await;
    let mut client = Client::connect(site.address).await;
    let mut html = 0;
    for (visit, cookie) in &site.visitors {
        let request = load::request(&format!("/{}/me", visit.slug), cookie);
        let (status, body) = client.get(&request).await;
        assert_eq!(status, 200, "the page of a visitor");
        html = html.max(compressed(body));
    }
    let folder = ground::site();
    let css = sent(&folder, &site.assets.css);
    let (script, wasm) = &site.assets.student;
    let bundle = [script, wasm, &site.assets.loader];
    let bundle: usize = bundle.iter().map(|name| sent(&folder, name)).sum();
    site.stop.cancel();
    site.ground.end().await;
    vec![
        Figure {
            name: "first_view_bytes",
            value: kilobytes(html + css),
            unit: "KB",
            goal: Goal::AtMost(60.0),
            floor: None,
        },
        Figure {
            name: "first_view_wasm_bytes",
            value: kilobytes(bundle),
            unit: "KB",
            goal: Goal::AtMost(150.0),
            floor: None,
        },
    ]
}

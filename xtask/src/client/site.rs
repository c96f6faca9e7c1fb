//! `dist/site`: what the server hands out, ready to be sent.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::client::bundle::Bundle;
use crate::client::digest::{Digest, files_below};
use crate::fault::Fault;
use crate::step::say;
use crate::workspace::Workspace;

/// Change it when the steps below change.
const RECIPE: &str = "site 1";

/// The list of names that the server reads at its start.
const LIST: &str = "assets.json";

/// Endings of files that get smaller: the others are compressed already.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "svg", "txt", "wasm", "webmanifest"];

/// Lays out the site, unless it already is what it would be.
pub fn assemble(workspace: &Workspace, bundles: &[Bundle], sheet: &Path) -> Result<(), Fault> {
    let site = workspace.at("dist/site");
    let stamp = workspace.at("dist/site.stamp");
    let digest = ingredients(workspace, bundles, sheet)?;
    if digest.is_stamped(&stamp) && site.join(LIST).is_file() {
        return Ok(());
    }
    // Built beside and put in place by renaming: a running server never sees half a site.
    let fresh = workspace.at("dist/site.new");
    clear(&fresh)?;
    let pkg = fresh.join("pkg");
    fs::create_dir_all(&pkg).map_err(Fault::file("create", &pkg))?;
    copy_below(&workspace.at("frontend/public"), &fresh)?;
    let list = name_files(&pkg, bundles, sheet)?;
    compress(&fresh)?;
    write(&fresh.join(LIST), format!("{list:#}\n").as_bytes())?;
    clear(&site)?;
    fs::rename(&fresh, &site).map_err(Fault::file("put in place", &site))?;
    report(&site, bundles)?;
    digest.stamp(&stamp)
}

fn ingredients(workspace: &Workspace, bundles: &[Bundle], sheet: &Path) -> Result<Digest, Fault> {
    let mut digest = Digest::new(RECIPE);
    for bundle in bundles {
        digest.folder(&bundle.folder, |_| true)?;
    }
    digest.file(sheet)?;
    digest.folder(&workspace.at("frontend/public"), |_| true)?;
    Ok(digest)
}

/// Copies the files under names made from their content and returns the list of names.
fn name_files(pkg: &Path, bundles: &[Bundle], sheet: &Path) -> Result<Value, Fault> {
    let mut list = Map::new();
    for bundle in bundles {
        let mut digest = Digest::new(bundle.name);
        digest.file(&bundle.js())?;
        digest.file(&bundle.wasm())?;
        // One mark for both: the module and the WASM file only fit each other.
        let stem = format!("{}-{}", bundle.name, digest.short());
        let (js, wasm) = (format!("{stem}.js"), format!("{stem}_bg.wasm"));
        copy(&bundle.js(), &pkg.join(&js))?;
        copy(&bundle.wasm(), &pkg.join(&wasm))?;
        let snippets = bundle.folder.join("snippets");
        if snippets.is_dir() {
            copy_below(&snippets, &pkg.join("snippets"))?;
        }
        let addresses = json!({"js": format!("/pkg/{js}"), "wasm": format!("/pkg/{wasm}")});
        list.insert(bundle.name.to_owned(), addresses);
    }
    let mut digest = Digest::new("css");
    digest.file(sheet)?;
    let css = format!("xueji-{}.css", digest.short());
    copy(sheet, &pkg.join(&css))?;
    list.insert("css".to_owned(), Value::String(format!("/pkg/{css}")));
    Ok(Value::Object(list))
}

/// Writes `.br` and `.gz` beside each file that gets smaller, on both cores.
fn compress(site: &Path) -> Result<(), Fault> {
    let files: Vec<PathBuf> = files_below(site)?
        .into_iter()
        .filter(|file| ending(file).is_some_and(|end| COMPRESSIBLE.contains(&end)))
        .collect();
    thread::scope(|scope| {
        let brotli = scope.spawn(|| {
            files
                .iter()
                .try_for_each(|file| twin(file, "br", to_brotli))
        });
        let gzip = files.iter().try_for_each(|file| twin(file, "gz", to_gzip));
        gzip.and(brotli.join().unwrap_or(Ok(())))
    })
}

fn twin(
    file: &Path,
    end: &'static str,
    squeeze: impl Fn(&[u8]) -> io::Result<Vec<u8>>,
) -> Result<(), Fault> {
    let bytes = fs::read(file).map_err(Fault::file("read", file))?;
    let small = squeeze(&bytes).map_err(Fault::file("compress", file))?;
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    write(Path::new(&name), &small)
}

fn to_brotli(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut small = Vec::new();
    let parameters = BrotliEncoderParams {
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut bytes, &mut small, &parameters)?;
    Ok(small)
}

fn to_gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What a first visit costs: the figure to keep an eye on.
fn report(site: &Path, bundles: &[Bundle]) -> Result<(), Fault> {
    let files = files_below(&site.join("pkg"))?;
    let sum = |start: &str| -> u64 {
        files
            .iter()
            .filter(|file| ending(file) == Some("br") && begins(file, start))
            .filter_map(|file| file.metadata().ok())
            .map(|facts| facts.len())
            .sum()
    };
    for bundle in bundles {
        say(&format!(
            "  {} bundle: {} bytes brotli",
            bundle.name,
            sum(bundle.name)
        ));
    }
    say(&format!("  style sheet: {} bytes brotli", sum("xueji-")));
    Ok(())
}

fn begins(file: &Path, start: &str) -> bool {
    file.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(start))
}

fn ending(file: &Path) -> Option<&str> {
    file.extension()?.to_str()
}

fn clear(folder: &Path) -> Result<(), Fault> {
    match fs::remove_dir_all(folder) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => {
            Err(Fault::file("remove", folder)(fault))
        }
        _ => Ok(()),
    }
}

fn copy_below(from: &Path, to: &Path) -> Result<(), Fault> {
    for file in files_below(from)? {
        let place = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(Fault::file("create", folder))?;
        }
        copy(&file, &place)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::copy(from, to)
        .map(drop)
        .map_err(Fault::file("copy", from))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Fault> {
    File::create(file)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(Fault::file("write", file))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read;

    use proptest::prelude::*;

    use super::{Bundle, compress, name_files, to_brotli, to_gzip};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn compressed_twins_unpack_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let mut plain = Vec::new();
            brotli::Decompressor::new(&*to_brotli(&bytes).unwrap(), 4_096)
                .read_to_end(&mut plain)
                .unwrap();
            prop_assert_eq!(&plain, &bytes);
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(&*to_gzip(&bytes).unwrap())
                .read_to_end(&mut plain)
                .unwrap();
            prop_assert_eq!(&plain, &bytes);
        }
    }

    #[test]
    fn names_follow_the_content_and_both_files_of_a_bundle_share_a_mark() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("student")).unwrap();
        fs::create_dir_all(at("pkg")).unwrap();
        fs::write(at("student/student.js"), "js").unwrap();
        fs::write(at("student/student_bg.wasm"), "wasm").unwrap();
        fs::write(at("sheet.css"), "a{}").unwrap();
        let bundles = [Bundle {
            name: "student",
            folder: at("student"),
        }];

        let first = name_files(&at("pkg"), &bundles, &at("sheet.css")).unwrap();
        let js = first["student"]["js"].as_str().unwrap();
        let wasm = first["student"]["wasm"].as_str().unwrap();
        assert_eq!(js.strip_suffix(".js"), wasm.strip_suffix("_bg.wasm"));
        assert!(folder.path().join(js.trim_start_matches('/')).is_file());

        fs::write(at("student/student_bg.wasm"), "other").unwrap();
        let second = name_files(&at("pkg"), &bundles, &at("sheet.css")).unwrap();
        assert_ne!(first["student"]["js"], second["student"]["js"]);
        assert_eq!(first["css"], second["css"]);
    }

    #[test]
    fn pictures_get_no_twin() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.css"), "a{}").unwrap();
        fs::write(folder.path().join("a.png"), "png").unwrap();
        compress(folder.path()).unwrap();
        assert!(folder.path().join("a.css.br").is_file());
        assert!(folder.path().join("a.css.gz").is_file());
        assert!(!folder.path().join("a.png.br").exists());
    }
}

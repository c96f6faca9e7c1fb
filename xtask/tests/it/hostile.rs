//! Files from users are hostile: whoever reads one may be killed by it, and so nobody does but the parser's child (rule 12).

use super::checkout::{Source, metadata, offenders, sources};

/// Where a file is given to the child, and where its answer comes back.
const HOMES: [&str; 2] = ["server/services/src/parser.rs", "server/src/child.rs"];

/// What the rest of the server may name of the crate that reads files: what was read, why something was not, and what writes
/// files. Everything here was looked at: none of it reads the bytes of an upload.
const HARMLESS: [&str; 40] = [
    "archive::ArchiveError",
    "archive::pack",
    "child::AnswerError",
    "child::ParseLine",
    "child::ParseRequest",
    "child::PhotoToShow",
    "child::Refused",
    "message::UserMessage",
    // Limits that an upload is held to before it is given on.
    "package::PackageLimits",
    "photos::Photo",
    "photos::RejectedPhoto",
    "qr::QrCode",
    // A sheet that the child has read, as repaired rows; and back.
    "repair",
    "sample::Defect",
    "sample::Documents",
    "sample::NameCase",
    "sample::PackageSpec",
    "sample::ProvinceSpec",
    "sample::Shape",
    "sample::ZipNames",
    "table::Cell",
    "table::EXAMPLE_MARK",
    "table::Sheet",
    "table::SheetRow",
    "table::TableLimits",
    // A sheet that the child has read, as a package.
    "table::to_package",
    "workbook",
    "workbook::AnnotatedRow",
    "workbook::Column",
    "workbook::ListedFinding",
    "workbook::RESULT_HEADING",
    "workbook::Remark",
    "workbook::TableWriter",
    "workbook::TemplateColumn",
    "workbook::WorkbookError",
    "workbook::annotate",
    "workbook::annotate_sheet",
    "workbook::write_csv",
    "workbook::write_findings",
    "workbook::write_template",
];

/// The crates that read files of the kinds that come in.
const READERS: [&str; 9] = [
    "calamine",
    "csv",
    "dbase",
    "encoding_rs",
    "image",
    "png",
    "quick-xml",
    "zip",
    "zune-jpeg",
];

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Collects the paths of a tree such as `child::{Refused, run}`; answers what follows it.
fn tree<'t>(mut rest: &'t str, prefix: &str, found: &mut Vec<String>) -> &'t str {
    let mut path = prefix.to_owned();
    loop {
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let separator = if path.is_empty() || word.is_empty() {
            ""
        } else {
            "::"
        };
        if word != "self" {
            path = format!("{path}{separator}{word}");
        }
        // What belongs to a type is the type's.
        let is_type = word.starts_with(char::is_uppercase);
        let Some(below) = after.strip_prefix("::").filter(|_| !is_type) else {
            found.push(path);
            return after;
        };
        let Some(mut list) = below.strip_prefix('{') else {
            rest = below;
            continue;
        };
        loop {
            list = list.trim_start_matches([' ', ',']);
            if let Some(after) = list.strip_prefix('}') {
                return after;
            }
            list = tree(list, &path, found);
            // Another name changes nothing.
            let end = list.find([',', '}']).unwrap_or(list.len());
            list = &list[end..];
            if list.is_empty() {
                return list;
            }
        }
    }
}

/// What a source names of the crate that reads files.
fn named(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .flat_map(str::split_whitespace)
        .collect();
    let code = code.join(" ");
    let mut found = Vec::new();
    for (at, name) in code.match_indices("formats::") {
        let (before, rest) = code.split_at(at);
        if !before.ends_with(is_word) {
            tree(&rest[name.len()..], "", &mut found);
        }
    }
    found
}

/// What a source names that reads the bytes of a file, or that nobody has looked at.
fn objections(source: &Source) -> Vec<String> {
    let mut found = named(&source.text);
    found.retain(|path| !HARMLESS.contains(&path.as_str()));
    if source.text.contains("use formats as ") || source.text.contains("use formats;") {
        found.push("formats".to_owned());
    }
    found
}

#[test]
fn files_from_users_are_read_by_the_child_alone() {
    let mut all = sources(&[
        "app",
        "server/services/src",
        "server/src",
        "server/store/src",
    ]);
    for home in HOMES {
        let place = all.iter().position(|source| source.path == home);
        let home = all.remove(place.expect("a home of the parser"));
        assert!(!named(&home.text).is_empty(), "{} reads nothing", home.path);
    }
    let found: Vec<(&str, Vec<String>)> = all
        .iter()
        .map(|source| (source.path.as_str(), objections(source)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(
        found.is_empty(),
        "read outside the parser's child: {found:?}"
    );
    let used: Vec<String> = all.iter().flat_map(|source| named(&source.text)).collect();
    let gone: Vec<&&str> = HARMLESS
        .iter()
        .filter(|name| !used.iter().any(|path| path == *name))
        .collect();
    assert!(gone.is_empty(), "nobody names these any more: {gone:?}");
}

/// Nor by a library of its own: those that read files of these kinds are known to one crate.
#[test]
fn the_libraries_that_read_files_are_known_to_one_crate() {
    let metadata = metadata(&["--no-deps"]);
    let mut readers = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let own = package["name"] == "formats";
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            if dependency["kind"] == "dev" || !READERS.contains(&name) {
                continue;
            }
            assert!(own, "{} must not depend on {name}", package["name"]);
            readers += 1;
        }
    }
    assert!(readers > 3, "the guard sees {readers}");
}

#[test]
fn the_guard_sees_what_is_named() {
    let text = "\
use formats::child::{Refused, run as parse};
use formats::workbook::{self, Column}; // and formats::dbf
fn f(row: &formats::table::SheetRow) -> u8 { formats::package::read_files(x) }
let x = own_formats::y; let z = formats::child::ParseRequest::Photos;";
    assert_eq!(
        named(text),
        [
            "child::Refused",
            "child::run",
            "workbook",
            "workbook::Column",
            "table::SheetRow",
            "package::read_files",
            "child::ParseRequest",
        ]
    );
    for reads in [
        "use formats::table::{Sheet, read};",
        "let sheet = formats::table::read(&bytes, &limits)?;",
        "use formats::table;",
        "use formats::package::{PackageLimits, read_files};",
        "use formats::{photos::PhotoArchive};",
        "use formats as f;",
    ] {
        let source = Source {
            path: "server/services/src/x.rs".to_owned(),
            text: reads.to_owned(),
        };
        let found = offenders(&[source], |source| !objections(source).is_empty()).len();
        assert_eq!(found, 1, "{reads}");
    }
}

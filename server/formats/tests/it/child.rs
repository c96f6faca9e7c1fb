//! The parser child's answers: complete, or no answer.

use formats::child::{
    AnswerError, ParseLine, ParseRequest, PhotoToShow, lines, package_answer, serve, sheet_answer,
};
use formats::package::{PackageLimits, read_files};
use formats::photos::shown;
use formats::sample::{PackageSpec, ZipNames, photo};
use std::io::BufReader;
use std::path::PathBuf;

fn stored(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("formats-child-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    path
}

fn ask(request: &ParseRequest) -> Vec<u8> {
    let line = serde_json::to_string(request).unwrap() + "\n";
    let mut output = Vec::new();
    serve(BufReader::new(line.as_bytes()), &mut output).unwrap();
    output
}

#[test]
fn a_package_arrives_as_it_was_read() {
    let sample = PackageSpec::demonstration(5, 2026, 2_000).generate();
    let path = stored("package.zip", &sample.zip(ZipNames::Gbk));
    let answer = ask(&ParseRequest::AdmissionPackage { path: path.clone() });
    std::fs::remove_file(path).unwrap();
    let direct = read_files(sample.files, "x", &PackageLimits::default()).unwrap();
    assert_eq!(package_answer(answer.as_slice()).unwrap(), direct);
    // Cut anywhere, it is no answer.
    for kept in [0, 1, answer.len() / 2, answer.len() - 3] {
        assert!(
            matches!(package_answer(&answer[..kept]), Err(AnswerError::Broken)),
            "{kept}"
        );
    }
    assert!(matches!(
        sheet_answer(answer.as_slice()),
        Err(AnswerError::Broken)
    ));
}

#[test]
fn a_table_arrives_and_a_refusal_speaks_both_languages() {
    let path = stored("table.csv", "考生号,姓名\n1,张三\n".as_bytes());
    let request = ParseRequest::Table { path: path.clone() };
    assert_eq!(
        sheet_answer(ask(&request).as_slice()).unwrap().headings,
        ["考生号", "姓名"]
    );
    std::fs::write(&path, b"%PDF-1.7").unwrap();
    let answer = ask(&request);
    std::fs::remove_file(&path).unwrap();
    let Err(AnswerError::Refused(refused)) = sheet_answer(answer.as_slice()) else {
        panic!("not refused")
    };
    assert!(refused.zh.contains("csv") && refused.en.contains("csv") && refused.zh != refused.en);
    assert!(
        matches!(
            sheet_answer(ask(&request).as_slice()),
            Err(AnswerError::Refused(_))
        ),
        "the file is gone"
    );
}

#[test]
fn a_photo_is_decoded_by_the_child_and_a_bad_one_is_refused() {
    let jpeg = photo(90, 120, 3, 0);
    let mark = "xsc01 2026-10-16 09:30".to_owned();
    let direct = shown(&jpeg, &mark).unwrap();
    let photo = PhotoToShow { jpeg, mark };
    assert!(!format!("{photo:?}").contains("xsc01"));
    let answer = ask(&ParseRequest::ShownPhoto(photo.clone()));
    let said: Vec<_> = lines(answer.as_slice()).map(Result::unwrap).collect();
    assert_eq!(said, [ParseLine::Shown(direct)]);
    let cut = PhotoToShow {
        jpeg: photo.jpeg[..40].to_vec(),
        ..photo
    };
    let answer = ask(&ParseRequest::ShownPhoto(cut));
    let said: Vec<_> = lines(answer.as_slice()).collect();
    assert!(matches!(&said[..], [Err(AnswerError::Refused(_))]));
}

#[test]
fn requests_are_strict_and_answers_end_once() {
    let mut output = Vec::new();
    assert!(
        serve(
            BufReader::new(b"{\"parse\":\"table\",\"path\":\"x\",\"more\":1}\n".as_slice()),
            &mut output
        )
        .is_err()
    );
    assert!(serve(BufReader::new(b"".as_slice()), &mut output).is_err());
    let answer = b"{\"notices\":[]}\n\"end\"\n{\"notices\":[]}\n";
    assert_eq!(
        lines(answer.as_slice())
            .map(Result::unwrap)
            .collect::<Vec<_>>(),
        [ParseLine::Notices(Vec::new())]
    );
    let limits = ParseRequest::Table {
        path: PathBuf::new(),
    }
    .limits();
    assert!(limits.memory_bytes <= 512 << 20 && limits.cpu_seconds <= limits.wall_seconds);
}

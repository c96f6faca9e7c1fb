//! T-LOG-07: the verifier in Python, written from the formats alone, says the same about good and bad exports.

use crate::chain_tamper::{any_edit, copied, edit, public_key, verdict, write_checkpoint};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::path::Path;
use std::process::{Command, Stdio};
use store::testkit::long;

const TWIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/verify/verify.py");

/// Whether the twin is convinced; `None` where there is no Python.
fn twin(export: &Path, checkpoint: &Path) -> Option<bool> {
    let run = Command::new("python3")
        .arg(TWIN)
        .args([export, checkpoint])
        .arg(public_key())
        .stdout(Stdio::null())
        .status();
    run.ok().and_then(|status| status.code()).map(|code| {
        assert!(code == 0 || code == 1, "the twin broke down");
        code == 0
    })
}

/// 20 exports, 1,000 with `XJ_LONG`.
#[test]
fn both_verifiers_agree() {
    let (_dir, honest) = copied();
    let checkpoint = write_checkpoint(&honest);
    let Some(convinced) = twin(&honest, &checkpoint) else {
        println!("twin: absent");
        return;
    };
    println!("twin: ran");
    assert!(convinced && verdict(&honest).is_ok());

    let cases = if long() { 1_000 } else { 20 };
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&any_edit(), |one| {
            let (_dir, path) = copied();
            edit(&one, &path);
            let convinced = twin(&path, &write_checkpoint(&path));
            prop_assert_eq!(convinced, Some(verdict(&path).is_ok()), "{:?}", one);
            Ok(())
        })
        .unwrap();
}

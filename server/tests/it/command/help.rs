//! What the command line says about itself, and what it answers to a line it does not understand.

use super::installation::{run, xj};

/// Every command that the program names, with those below it.
fn commands() -> Vec<Vec<String>> {
    let (mut all, mut open) = (Vec::new(), vec![Vec::new()]);
    while let Some(command) = open.pop() {
        let mut help = xj();
        help.args(&command).arg("--help");
        let help = run(help, "").well().out;
        let below = help.lines().skip_while(|l| *l != "Commands:").skip(1);
        for line in below.take_while(|l| !l.is_empty()) {
            // A description may go on in a line of its own, further in.
            let name = line.strip_prefix("  ").filter(|l| !l.starts_with(' '));
            let name = name.and_then(|l| l.split(' ').next());
            if let Some(name) = name.filter(|name| *name != "help") {
                open.push([&command[..], &[name.to_owned()]].concat());
            }
        }
        all.push(command);
    }
    all
}

#[test]
fn the_commands_are_those_that_were_promised() {
    let all: Vec<String> = commands().iter().map(|words| words.join(" ")).collect();
    for promised in [
        "serve",
        "worker",
        "migrate",
        "tenant create",
        "account create",
        "operator reset-factor",
        "operator reset-password",
        "admission check",
        "admission import",
        "audit compare",
        "audit export",
        "audit verify",
        "keys rotate",
        "backup",
        "restore",
        "demo",
    ] {
        assert!(all.iter().any(|command| command == promised), "{promised}");
    }
}

/// One table, on the command line and in the README.
#[test]
fn the_exit_codes_are_told() {
    let mut help = xj();
    help.arg("--help");
    let help = run(help, "").well().out;
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert_eq!(server::command::EXIT_CODES.lines().count(), 6);
    for line in server::command::EXIT_CODES.lines() {
        assert!(help.contains(line), "{line}: {help}");
        assert!(readme.contains(line), "{line}");
    }
}

#[test]
fn every_command_explains_itself() {
    for command in commands() {
        let mut help = xj();
        help.args(&command).arg("--help");
        let help = run(help, "").well();
        let usage = ["Usage: xj".to_owned()].into_iter().chain(command.clone());
        let usage = usage.collect::<Vec<_>>().join(" ");
        assert!(help.out.contains(&usage), "{command:?}: {}", help.out);
        let first = help.out.lines().next().unwrap();
        assert!(first.len() > 10, "{command:?} says nothing: {}", help.out);
        assert_eq!(help.err, "");
    }
}

#[test]
fn every_option_is_explained() {
    for command in commands().iter().filter(|c| !c.is_empty()) {
        let mut help = xj();
        help.args(command).arg("--help");
        let help = run(help, "").well().out;
        let mut lines = help.lines().skip_while(|l| *l != "Options:").skip(1);
        while let Some(line) = lines.next() {
            let option = line.trim_start();
            if !option.starts_with('-') {
                continue;
            }
            let beside = option.split("  ").nth(1).is_some();
            let below = lines.next().is_some_and(|l| l.trim().len() > 10);
            assert!(beside || below, "{command:?}: {option}: {help}");
        }
    }
}

#[test]
fn a_line_that_is_not_understood_ends_with_64() {
    let wrong: [&[&str]; 17] = [
        &[],
        &["server"],
        &["serve", "--port", "3000"],
        &["admission", "check"],
        &["admission", "check", ".", "--tenant", "x"],
        &["admission", "check", ".", "--year", "2026"],
        &["admission", "check", ".", "--tenant", "x", "--year", "last"],
        &["admission", "check", ".", "--tenant", "x", "--year", "26"],
        &[
            "admission",
            "check",
            ".",
            "--tenant",
            "x",
            "--year",
            "2026",
            "--strict",
        ],
        &[
            "admission",
            "import",
            ".",
            "--tenant",
            "x",
            "--year",
            "2026",
        ],
        &[
            "admission",
            "import",
            ".",
            "--tenant",
            "x",
            "--year",
            "2026",
            "--as",
            "l",
            "--force",
        ],
        &[
            "admission",
            "import",
            ".",
            "--tenant",
            "x",
            "--year",
            "2026",
            "--as",
            "l",
            "--accept",
            "dot_variant",
        ],
        &[
            "admission",
            "import",
            ".",
            "--tenant",
            "x",
            "--year",
            "2026",
            "--as",
            "l",
            "--accept",
            "every_kind=因为",
        ],
        &["audit", "verify", "dir"],
        &[
            "account",
            "create",
            "--operator",
            "--tenant",
            "x",
            "--login",
            "op1",
            "--name",
            "x",
        ],
        &["keys", "rotate"],
        &["keys", "rotate", "--root", "--tenant", "x"],
    ];
    for line in wrong {
        let mut command = xj();
        command.args(line);
        let ended = run(command, "").with_code(64);
        assert_eq!(ended.out, "", "{line:?}");
        let says = ["Usage: xj", "--help"]
            .iter()
            .any(|w| ended.err.contains(w));
        assert!(says, "{line:?}: {}", ended.err);
    }
}

//! What the command line answers: a caller's mistake ends with 64 and a sentence, and what was done is said as it is.

use super::installation::{Ended, Installation, LOGIN, PASSWORD, SLUG, package, run, text};

/// `xj tenant create` with a name of its own.
fn create(at: &Installation, more: &[&str]) -> Ended {
    at.xj(["tenant", "create"].iter().chain(more))
}

/// A university that lacks nothing, but for what a test changes.
fn with<'a>(option: &str, value: &'a str) -> Vec<&'a str> {
    let good = [
        ("--slug", "nanhu"),
        ("--code", "14999"),
        ("--name", "南湖大学"),
        ("--province", "31"),
        ("--colour", "#14507a"),
    ];
    let line = good.map(|(name, known)| [name, if name == option { value } else { known }]);
    line.concat()
}

#[test]
fn a_wrong_university_ends_with_64_and_says_what_is_wrong() {
    let at = Installation::school();
    let before = at.contents();
    for (option, value, said) in [
        ("--name", " ", "--name: Something was left out"),
        ("--name", "南", "--name: The name is not in the right form"),
        ("--province", "99", "--province: "),
        ("--colour", "blue", "six hexadecimal digits"),
        ("--colour", "#ffff00", "This colour cannot be read"),
        ("--slug", SLUG, "--slug: It exists already"),
    ] {
        let why = create(&at, &with(option, value)).with_code(64).refused();
        assert!(why.contains(said), "{option} {value}: {why}");
        assert!(why.contains("Nothing was changed"), "{why}");
    }
    assert_eq!(at.contents(), before);
}

/// A mistyped code, or a school that was renamed: the operator is told, and decides.
#[test]
fn a_name_that_the_national_list_does_not_know_is_a_word_and_no_refusal() {
    let at = Installation::new();
    at.xj(["migrate"]).well();
    let listed = domain::codes::School::from_code("10248").unwrap();
    let named = |slug, code, name| {
        let line = ["--slug", slug, "--code", code, "--name", name];
        create(&at, &line).well().err
    };
    let told = named("haiyang", "10248", "上海海洋大学");
    assert!(
        told.contains("look again") && told.contains(listed.name),
        "{told}"
    );
    let listed = domain::codes::School::from_code("10264").unwrap();
    let told = named("shou", "10264", listed.name);
    assert!(!told.contains("look again"), "{told}");
}

#[test]
fn the_list_of_universities_names_its_columns() {
    let at = Installation::school();
    let list = at.xj(["tenant", "list"]).well().out;
    let rows: Vec<Vec<&str>> = list.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), 2, "{list}");
    assert_eq!(rows[0].len(), rows[1].len(), "{list}");
    let cell = |column: &str| {
        let at = rows[0].iter().position(|name| *name == column).unwrap();
        rows[1][at]
    };
    assert_eq!((cell("slug"), cell("code")), (SLUG, "10264"));
    // Nothing has been counted yet, and that is no zero.
    for figure in ["candidates", "students", "accounts", "file bytes"] {
        assert_eq!(cell(figure), "-", "{figure}");
    }
    at.xj(["tenant", "suspend", "--slug", SLUG]).well();
    let twice = at.xj(["tenant", "suspend", "--slug", SLUG]);
    twice.with_code(64).refused();
    let list = at.xj(["tenant", "list"]).well().out;
    assert!(list.trim_end().ends_with("suspended"), "{list}");
}

#[test]
fn a_wrong_account_ends_with_64_and_says_what_is_wrong() {
    let at = Installation::school();
    let before = at.contents();
    let make = |login: &str, name: &str, office: &str, password: &str| {
        let who = ["--tenant", SLUG, "--login", login, "--name", name];
        let post = ["--office", office, "--password-stdin"];
        let line = ["account", "create"].into_iter().chain(who).chain(post);
        let ended = run(at.command(line), &format!("{password}\n"));
        ended.with_code(64).refused()
    };
    let good = "zhe-ye-shi-yi-ju-hen-chang-de-kou-ling";
    for (why, said) in [
        (make("a b", "某某", "admissions", good), "--login: "),
        (make("甲", "某某", "admissions", good), "--login: "),
        (
            make(LOGIN, "某某", "admissions", good),
            "--login: It exists",
        ),
        (make("gh-1", " ", "admissions", good), "--name: "),
        (make("gh-1", "某某", "admissions", "short"), "password: "),
        (make("gh-1", "某某", "college", good), "has no colleges yet"),
    ] {
        assert!(why.contains(said), "{why}");
    }
    assert_eq!(at.contents(), before);
}

#[test]
fn an_office_that_may_not_import_is_refused_in_words() {
    let at = Installation::school();
    let clean = at.lay_out("clean", &package(84, 4, &[]));
    let line = ["account", "create", "--tenant", SLUG, "--login", "bw-1"];
    let rest = ["--name", "某某", "--office", "security"];
    at.xj(line.into_iter().chain(rest)).well();
    let before = at.contents();
    let line = ["admission", "import", text(&clean), "--tenant", SLUG];
    let rest = ["--year", "2026", "--as", "bw-1"];
    let why = at.xj(line.into_iter().chain(rest)).with_code(64).refused();
    assert!(why.contains("another office does this"), "{why}");
    assert!(!why.contains("WrongOffice"), "{why}");
    assert_eq!(at.contents(), before);
}

#[test]
fn a_second_import_of_the_same_says_that_nothing_changed() {
    let at = Installation::school();
    let clean = at.lay_out("clean", &package(85, 4, &[]));
    let line = ["admission", "import", text(&clean), "--tenant", SLUG];
    let rest = ["--year", "2026", "--as", LOGIN];
    let import = || at.xj(line.into_iter().chain(rest)).well().out;
    let first = import();
    assert!(first.starts_with(&format!("{}\t", text(&clean))), "{first}");
    assert!(!first.contains("没有改变任何内容"), "{first}");
    let second = import();
    assert!(second.contains("没有改变任何内容"), "{second}");
}

#[test]
fn a_file_that_is_nothing_of_the_kind_is_told_what_is_read() {
    let at = Installation::school();
    let file = at.folder().join("passwd");
    std::fs::write(&file, "root:x:0:0\n").unwrap();
    let why = at.check(&file).with_code(2).refused();
    for kind in [".zip", ".dbf", ".xlsx", ".csv", "folder"] {
        assert!(why.contains(kind), "{kind}: {why}");
    }
}

#[test]
fn a_parameter_says_from_which_day_it_holds_and_is_not_set_twice() {
    let at = Installation::school();
    let line = ["parameter", "set", "--tenant", SLUG, "--basis", "校务会"];
    let rest = ["--key", "admission.undo_days", "--value", "32"];
    let later = ["--from", "2099-03-01"];
    let set = |more: &[&str]| {
        let line = line.iter().chain(&rest).chain(more);
        at.xj(line).well().out
    };
    let told = set(&later);
    assert!(told.contains("from 2099-03-01"), "{told}");
    let before = at.contents();
    let again = set(&later);
    assert!(again.contains("unchanged"), "{again}");
    assert_eq!(at.contents(), before);
    // From today is another day, and so another version.
    assert!(!set(&[]).contains("unchanged"));
}

#[test]
fn settings_and_places_that_are_wrong_end_with_64() {
    let at = Installation::school();
    let mut command = at.command(["tenant", "list"]);
    command.env("XJ_LOG", "yaml");
    run(command, "").with_code(64).refused();
    let (full, file) = (at.folder().join("full"), at.folder().join("file"));
    std::fs::create_dir(&full).unwrap();
    for file in [&full.join("x"), &file] {
        std::fs::write(file, "x").unwrap();
    }
    for out in [&full, &file, &at.data().join("backup")] {
        at.xj(["backup", "--out", text(out)])
            .with_code(64)
            .refused();
    }
    let out = at.folder().join("out");
    let line = ["backup", "--out", text(&out), "--include", text(&file)];
    at.xj(line).with_code(64).refused();
    at.xj(["audit", "export", "--tenant", SLUG, "--out", text(&full)])
        .with_code(64)
        .refused();
    at.xj(["restore", text(&full)]).with_code(2).refused();
}

#[test]
fn an_operator_comes_back_with_a_new_password() {
    let at = Installation::new();
    at.xj(["migrate"]).well();
    let create = ["account", "create", "--operator", "--login", "ops"];
    let named = ["--name", "李丙", "--password-stdin"];
    let command = at.command(create.into_iter().chain(named));
    run(command, &format!("{PASSWORD}\n")).well();
    let factor = at.xj(["operator", "reset-factor", "--login", "ops"]).well();
    assert!(factor.out.contains("no second factor"), "{}", factor.out);
    let reset = ["operator", "reset-password", "--login"];
    let made = at.xj(reset.iter().chain(&["ops"])).well().out;
    let (login, password) = made.trim_end().split_once('\t').unwrap();
    assert_eq!((login, password.len()), ("OPS", 17), "{made}");
    let why = at.xj(reset.iter().chain(&["nobody"]));
    let why = why.with_code(64).refused();
    assert!(why.contains("no operator nobody"), "{why}");
}

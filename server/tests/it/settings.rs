//! Settings: a wrong one stops the start with a sentence that names it.

use server::settings::Settings;

fn with(pairs: &[(&str, &str)]) -> Result<Settings, String> {
    let find = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| (*v).to_owned())
    };
    Settings::from_lookup(find).map_err(|e| e.to_string())
}

#[test]
fn nothing_set_is_a_working_installation_on_loopback() {
    let settings = with(&[]).unwrap();
    assert!(settings.addr.ip().is_loopback());
    assert!(settings.is_sqlite());
    assert!(!settings.keys.starts_with(&settings.data));
}

#[test]
fn a_wrong_setting_is_named() {
    for (name, value) in [
        ("XJ_ADDR", "everywhere"),
        ("XJ_METRICS_ADDR", "9464"),
        ("DATABASE_URL", "mysql://x"),
        ("XJ_PUBLIC_URL", "http://xueji.example.edu.cn"),
        ("XJ_PUBLIC_URL", "ftp://127.0.0.1"),
        ("XJ_LOG", "yaml"),
        ("XJ_CONNECTIONS", "0"),
        ("XJ_TRUSTED_PROXIES", "proxy"),
    ] {
        let error = with(&[(name, value)]).unwrap_err();
        assert!(error.starts_with(name), "{name}={value}: {error}");
    }
}

#[test]
fn keys_never_lie_inside_the_data() {
    let error = with(&[("XJ_DATA", "data"), ("XJ_KEYS", "data/keys")]).unwrap_err();
    assert!(error.starts_with("XJ_KEYS"), "{error}");
}

#[test]
fn plain_http_is_for_loopback() {
    assert!(with(&[("XJ_PUBLIC_URL", "http://localhost:3000")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "http://127.0.0.1:3000")]).is_ok());
    assert!(with(&[("XJ_PUBLIC_URL", "https://xueji.example.edu.cn")]).is_ok());
}

#[test]
fn a_demo_is_shown_on_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".demo"), b"").unwrap();
    let data = folder.path().to_str().unwrap();
    assert!(with(&[("XJ_DATA", data)]).unwrap().check_demo().is_ok());
    let address = ("XJ_PUBLIC_URL", "https://xueji.example.edu.cn");
    let open = with(&[("XJ_DATA", data), ("XJ_ADDR", "0.0.0.0:3000"), address]).unwrap();
    assert!(open.check_demo().is_err());
}

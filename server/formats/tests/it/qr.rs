//! QR codes.

use formats::qr::{QrError, svg};

#[test]
fn a_code_is_an_svg_without_anything_that_runs() {
    let code = svg("https://example.edu.cn/xueji/activate#Ab3dEf").unwrap();
    assert!(code.starts_with("<svg") && code.ends_with("</svg>"));
    assert!(!code.contains("<script") && !code.contains("href"));
    assert_eq!(
        code,
        svg("https://example.edu.cn/xueji/activate#Ab3dEf").unwrap()
    );
    assert_ne!(
        code,
        svg("https://example.edu.cn/xueji/activate#Ab3dEg").unwrap()
    );
}

#[test]
fn a_text_that_does_not_fit_is_refused() {
    assert_eq!(svg(&"x".repeat(3000)), Err(QrError));
}

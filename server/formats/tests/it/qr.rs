//! QR codes.

use formats::qr::{QrCode, QrError};

#[test]
fn a_code_has_its_three_finders_and_depends_on_its_text() {
    let code = QrCode::new("https://example.edu.cn/xueji/activate?t=Ab3dEf").unwrap();
    let last = code.size() - 1;
    for (row, column) in [(0, 0), (0, last - 6), (last - 6, 0)] {
        for at in 0..7 {
            assert!(code.is_dark(row, column + at) && code.is_dark(row + 6, column + at));
            assert!(code.is_dark(row + at, column) && code.is_dark(row + at, column + 6));
        }
        assert!(!code.is_dark(row + 1, column + 1) && code.is_dark(row + 3, column + 3));
    }
    assert!(!code.is_dark(0, code.size()) && !code.is_dark(code.size(), 0));
    assert_eq!(
        code,
        QrCode::new("https://example.edu.cn/xueji/activate?t=Ab3dEf").unwrap()
    );
    assert_ne!(
        code,
        QrCode::new("https://example.edu.cn/xueji/activate?t=Ab3dEg").unwrap()
    );
}

#[test]
fn a_text_that_does_not_fit_is_refused() {
    assert_eq!(QrCode::new(&"x".repeat(3000)), Err(QrError));
}

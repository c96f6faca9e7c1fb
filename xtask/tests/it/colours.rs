//! The colours of the themes can be read: contrast as WCAG 2.2 measures it (1.4.3, at least 4.5).

use std::collections::BTreeMap;

use super::checkout::read;

const READABLE: f64 = 4.5;

/// The colours of a theme by their names, without `--color-`.
fn theme(name: &str) -> BTreeMap<String, [u8; 3]> {
    let sheet = read("frontend/style/xueji.css");
    let block = sheet
        .split("@plugin \"daisyui/theme\" {")
        .find(|block| block.contains(&format!("name: \"{name}\";")))
        .unwrap();
    let end = block.find('}').unwrap();
    block[..end]
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("--color-")?
                .strip_suffix(';')?
                .split_once(": #")
        })
        .map(|(name, digits)| (name.to_owned(), rgb(digits)))
        .collect()
}

fn rgb(digits: &str) -> [u8; 3] {
    assert_eq!(digits.len(), 6, "{digits}");
    [0, 2, 4].map(|start| u8::from_str_radix(&digits[start..start + 2], 16).unwrap())
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let share = f64::from(part) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_measure_is_the_known_one() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.005);
}

#[test]
fn text_can_be_read_on_every_ground() {
    for name in ["xueji", "xueji-dark"] {
        let theme = theme(name);
        for (text, ground) in [
            ("base-content", "base-100"),
            ("base-content", "base-200"),
            ("base-content", "base-300"),
            ("secondary", "base-100"),
            ("secondary", "base-200"),
        ] {
            let found = contrast(theme[text], theme[ground]);
            assert!(
                found >= READABLE,
                "{name}: {text} on {ground} has {found:.2}"
            );
        }
    }
}

#[test]
fn every_signal_colour_can_be_read_as_text_and_under_text() {
    for name in ["xueji", "xueji-dark"] {
        let theme = theme(name);
        for signal in [
            "primary",
            "secondary",
            "accent",
            "neutral",
            "info",
            "success",
            "warning",
            "error",
        ] {
            for (one, other) in [
                (signal, "base-100"),
                (signal, &*format!("{signal}-content")),
            ] {
                let found = contrast(theme[one], theme[other]);
                assert!(
                    found >= READABLE,
                    "{name}: {one} and {other} have {found:.2}"
                );
            }
        }
    }
}

#[test]
fn both_themes_name_the_same_colours() {
    let names = |name| theme(name).into_keys().collect::<Vec<_>>();
    assert_eq!(names("xueji"), names("xueji-dark"));
}

//! Pictures of nobody: a JPEG that decodes to one grey, for packages of photos that are made and not taken.

/// A JPEG of this many pixels, in grey (one component) or colour (three), different in its bytes for every `mark`.
pub fn photo(width: u16, height: u16, components: u8, mark: u8) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    out.extend(b"JFIF\0\x01\x01\x01\x01\x2C\x01\x2C\0\0");
    out.extend([0xFF, 0xDB, 0, 67, 0]);
    out.extend([1; 64]);
    out.extend([0xFF, 0xC0, 0, 8 + 3 * components, 8]);
    out.extend(height.to_be_bytes());
    out.extend(width.to_be_bytes());
    out.push(components);
    (1..=components).for_each(|component| out.extend([component, 0x11, 0]));
    for class in [0x00, 0x10] {
        out.extend([0xFF, 0xC4, 0, 20, class, 1]);
        out.extend([0; 15]);
        out.push(0);
    }
    out.extend([0xFF, 0xDA, 0, 6 + 2 * components, components]);
    (1..=components).for_each(|component| out.extend([component, 0]));
    out.extend([0, 63, 0]);
    out.extend([mark; 40]);
    out.extend([0xFF, 0xD9]);
    out
}

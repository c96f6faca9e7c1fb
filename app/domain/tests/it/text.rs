//! How amounts are written.

use domain::text::{Lang, size};

#[test]
fn bytes_are_written_in_the_largest_unit_that_holds_one() {
    const KB: u64 = 1 << 10;
    const MB: u64 = 1 << 20;
    const GB: u64 = 1 << 30;
    for (bytes, written) in [
        (0, "0 字节"),
        (812, "812 字节"),
        (KB - 1, "1023 字节"),
        (KB, "1.0 KB"),
        (KB + 512, "1.5 KB"),
        (MB - 60, "1023.9 KB"),
        (MB - 40, "1.0 MB"),
        (MB - 1, "1.0 MB"),
        (MB, "1.0 MB"),
        (12 * MB + MB * 3 / 10, "12.3 MB"),
        (200 * MB, "200.0 MB"),
        (GB - 1, "1.0 GB"),
        (3 * GB + GB / 2, "3.5 GB"),
        (1 << 40, "1.0 TB"),
        (1 << 50, "1.0 PB"),
        (u64::MAX, "16384.0 PB"),
    ] {
        assert_eq!(size(Lang::Zh, bytes), written, "{bytes}");
    }
    assert_eq!(size(Lang::En, 812), "812 B");
    assert_eq!(size(Lang::En, 5 * MB), "5.0 MB");
}

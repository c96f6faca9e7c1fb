//! Zip files byte by byte, as no packer would make them.

/// One entry of a hand-made zip file.
#[derive(Clone)]
pub struct RawEntry {
    pub name: Vec<u8>,
    pub content: Vec<u8>,
    /// Unix mode in the upper half of the external attributes.
    pub mode: u32,
    /// General purpose flags.
    pub flags: u16,
    /// Size that the directory claims, where it is not the real one.
    pub claimed: Option<u32>,
    /// Points at the local header of an earlier entry.
    pub overlaps: Option<usize>,
}

pub fn entry(name: &[u8], content: &[u8]) -> RawEntry {
    RawEntry {
        name: name.to_vec(),
        content: content.to_vec(),
        mode: 0o100_644,
        flags: 0,
        claimed: None,
        overlaps: None,
    }
}

pub fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| {
            if c & 1 == 1 {
                c >> 1 ^ 0xEDB8_8320
            } else {
                c >> 1
            }
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// A stored (not deflated) zip file.
pub fn zip(entries: &[RawEntry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut offsets = Vec::new();
    for e in entries {
        if let Some(first) = e.overlaps {
            offsets.push(offsets[first]);
            continue;
        }
        offsets.push(u32::try_from(out.len()).unwrap());
        out.extend(b"PK\x03\x04\x14\x00");
        header_rest(&mut out, e);
        out.extend(0_u16.to_le_bytes());
        out.extend(&e.name);
        out.extend(&e.content);
    }
    let start = out.len();
    for (e, offset) in entries.iter().zip(&offsets) {
        out.extend(b"PK\x01\x02\x14\x03\x14\x00");
        header_rest(&mut out, e);
        out.extend([0; 8]);
        out.extend((e.mode << 16).to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend(&e.name);
    }
    let count = u16::try_from(entries.len()).unwrap();
    let length = u32::try_from(out.len() - start).unwrap();
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(u32::try_from(start).unwrap().to_le_bytes());
    out.extend([0; 2]);
    out
}

fn header_rest(out: &mut Vec<u8>, e: &RawEntry) {
    out.extend(e.flags.to_le_bytes());
    out.extend([0; 6]);
    out.extend(crc(&e.content).to_le_bytes());
    let size = u32::try_from(e.content.len()).unwrap();
    out.extend(size.to_le_bytes());
    out.extend(e.claimed.unwrap_or(size).to_le_bytes());
    out.extend(u16::try_from(e.name.len()).unwrap().to_le_bytes());
}

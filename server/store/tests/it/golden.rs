//! A key folder, a sealed value, an index and a checkpoint that another implementation made (Python, `cryptography`):
//! a released format stays readable, whatever becomes of the code.

use domain::audit::{Mark, hex};
use domain::institution::TenantId;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::blind::{BlindIndex, Column};
use store::chain::{Checkpoint, LogName, VerifierKey};
use store::keys::{KeyRing, Purpose};
use store::seal::{Place, Sealed, commit, open_text};
use uuid::Uuid;

const FILES: [(&str, &str); 6] = [
    (
        "root.key",
        concat!(
            "xueji.keys/1 root\n",
            "root 1 ",
            "0101010101010101010101010101010101010101010101010101010101010101",
            "\n",
        ),
    ),
    (
        "marker.key",
        concat!(
            "xueji.keys/1 marker\n",
            "wrapped 1 ",
            "010100000001010101010101010101010101b67dbe9e6df301f7eea10b99aa384aad19306a0055fb5f668909887aacf6a128",
            "df67861bda560cecb67940481074e69c",
            "\n",
        ),
    ),
    (
        "activation.key",
        concat!(
            "xueji.keys/1 activation\n",
            "wrapped 1 ",
            "01010000000102020202020202020202020202d3cc4c4f52c4f8d6c9b9cd59a2c7b7a7b0d4eaeeb48874d882e5fe7dfe717a",
            "c11d3e05f2f0ebedc13d330de4e37ffa",
            "\n",
        ),
    ),
    (
        "session.key",
        concat!(
            "xueji.keys/1 session\n",
            "wrapped 1 ",
            "010100000001030303030303030303030303fe67129cf982316fabfae061ca1f22aebe35a74b81c9c4b4aa16bb40ac4c8075",
            "21b51f37dcd8887496df2e1443c6ba93",
            "\n",
        ),
    ),
    (
        "signing.key",
        concat!(
            "xueji.keys/1 signing\n",
            "wrapped 1 ",
            "010100000001040404040404040404040404dff059419888be4fa467fbcc9477a8a2721feea02b2be233cc84fabac43fbc12",
            "c23460e4720af2e101aeec4f205ddfd388c9ab6ade896d7251f5df1f4373c418a431d84c41c8fd3290bf79874fcd748617c0",
            "a27efddbf768a61acb019bb0bcdfd9eaf9",
            "\n",
        ),
    ),
    (
        "tenants/7.key",
        concat!(
            "xueji.keys/1 tenant 7\n",
            "index 1 ",
            "01010000000105050505050505050505050503a0e33760b0318577187a9ec391f78862fb122f63b7776925ac6011041bc28f",
            "6c5907ccbd97650f8bc529f17b66aa7a",
            "\n",
            "seal 1 ",
            "010100000001060606060606060606060606274fd8f5df877b8e2fbdb470e71e91e940fd8a7f61e9ee2d2664401efd7e0579",
            "6fa51c46b41eacc85cb97434d7685e3b",
            "\n",
        ),
    ),
];

const SERVICE: &str = "xueji.example.edu.cn";
const PUBLIC_KEY: &str =
    "xueji.example.edu.cn/tenant/7+65e3e14f+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const EMPTY_CHECKPOINT: &str = concat!(
    "xueji.example.edu.cn/tenant/7\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
    "\u{2014} xueji.example.edu.cn/tenant/7 ",
    "ZePhTzm+msL58enwNZgaIVk09vO63GLI8pU335F7w0pCihnBdls9LOScNnaRvP2A+0+ZzOUK9on2YfKfG3XRZvL5qwE=\n"
);

/// Lays out the key folder of the constants above, with the modes it needs.
pub fn lay_out(dir: &Path) {
    fs::create_dir_all(dir.join("tenants")).unwrap();
    for (name, text) in FILES {
        fs::write(dir.join(name), text).unwrap();
        fs::set_permissions(dir.join(name), Permissions::from_mode(0o400)).unwrap();
    }
    for folder in [dir.join("tenants"), dir.to_owned()] {
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
    }
}

fn ring() -> (tempfile::TempDir, KeyRing) {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let ring = KeyRing::open(dir.path()).unwrap();
    (dir, ring)
}

fn place() -> Place {
    Place::new(
        "person",
        "id_number",
        Uuid::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    )
}

#[test]
fn a_released_key_folder_opens() {
    let (_dir, ring) = ring();
    assert_eq!(ring.marker().as_str(), "622f73241d73d3c41cbcdd90ab60d6f7");
    assert_eq!(ring.activation().expose(), &[5; 32]);
    assert_eq!(ring.session().expose(), &[6; 32]);
    assert_eq!(ring.tenant(TenantId(7)).unwrap().newest(), 1);
}

#[test]
fn a_released_sealed_value_opens() {
    let (_dir, ring) = ring();
    let keys = ring.tenant(TenantId(7)).unwrap();
    let sealed = concat!(
        "010100000001090909090909090909090909164c53c5e358781638f7c95d28085eeb074a98ba2c3acb8ca117944c59fbffcc",
        "70fb9e3d9e6f5896f3"
    );
    let sealed = Sealed::stored(hex::decode(sealed).unwrap());
    assert_eq!(
        open_text(&keys, Purpose::Identity, &place(), &sealed)
            .unwrap()
            .as_str(),
        "张三 310105199001014021"
    );
}

#[test]
fn released_indexes_and_commitments_stay() {
    let (_dir, ring) = ring();
    let keys = ring.tenant(TenantId(7)).unwrap();
    let index = BlindIndex::of(&keys, Column::DocumentNumber, "11010119900101123X")
        .unwrap()
        .unwrap();
    assert_eq!(
        hex::encode(index.as_bytes()),
        "49b12eb73870d460facb71385af55315"
    );
    let mark = "hmac-sha256:b72855b6d0c9932ec15d669e6476f38e1cc2080cf18e35d6adc926d210c2c025";
    assert_eq!(
        commit(&keys, &place(), b"value").unwrap(),
        Mark::parse(mark).unwrap()
    );
}

#[test]
fn released_checkpoints_stay() {
    let (_dir, ring) = ring();
    let log = LogName::new(SERVICE, TenantId(7)).unwrap();
    let key = VerifierKey::of(ring.signer(), log.clone());
    assert_eq!(key.to_string(), PUBLIC_KEY);
    let checkpoint = Checkpoint::open(EMPTY_CHECKPOINT, &key).unwrap();
    assert_eq!((checkpoint.size, &checkpoint.log), (0, &log));
    assert_eq!(checkpoint.sign(ring.signer()).unwrap(), EMPTY_CHECKPOINT);
}

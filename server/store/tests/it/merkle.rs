//! The Merkle tree, against the definition and the vectors of RFC 6962.

use domain::audit::hex;
use store::chain::merkle::{self, Frontier, inclusion_proof, is_included, leaf_hash};
use store::chain::{GENESIS, link};

/// The roots of the tree over the first n of the entries that the reference implementation of RFC 6962 uses.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

#[test]
fn the_tree_has_the_roots_of_rfc_6962() {
    let entries = ENTRIES.map(|e| hex::decode(e).unwrap());
    for (n, root) in ROOTS.iter().enumerate() {
        assert_eq!(
            hex::encode(&merkle::root_of(entries.iter().take(n).map(Vec::as_slice))),
            *root,
            "{n}"
        );
    }
}

/// The definition of RFC 6962, word for word.
fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => merkle::root_of([]),
        [leaf] => *leaf,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(k);
            let (left, right) = (by_definition(left), by_definition(right));
            let digest = aws_lc_rs::digest::digest(
                &aws_lc_rs::digest::SHA256,
                &[&[1][..], &left, &right].concat(),
            );
            digest.as_ref().try_into().unwrap()
        }
    }
}

fn numbered(n: usize) -> Vec<[u8; 32]> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

#[test]
fn the_frontier_is_the_tree_and_can_be_stored() {
    let leaves = numbered(300);
    let mut frontier = Frontier::new();
    for (n, leaf) in leaves.iter().enumerate() {
        assert_eq!(frontier.root(), by_definition(&leaves[..n]), "{n}");
        frontier.push(*leaf);
        let bytes = frontier.to_bytes();
        assert_eq!(Frontier::from_bytes(&bytes).unwrap(), frontier);
        assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_none());
        assert!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()).is_none());
    }
    assert!(Frontier::from_bytes(&[]).is_none());
    assert!(Frontier::from_bytes(&[&u64::MAX.to_be_bytes()[..], &[0; 64 * 32]].concat()).is_none());
}

#[test]
fn every_leaf_is_proven_and_nothing_else_is() {
    for size in 1..70_usize {
        let leaves = numbered(size);
        let root = by_definition(&leaves);
        for (index, leaf) in leaves.iter().enumerate() {
            let proof = inclusion_proof(&leaves, index).unwrap();
            let included = |leaf: [u8; 32], index: usize, proof: &[[u8; 32]], root: [u8; 32]| {
                is_included(leaf, index as u64, size as u64, proof, root)
            };
            assert!(included(*leaf, index, &proof, root), "{index} of {size}");
            assert!(!included(leaf_hash(b"other"), index, &proof, root));
            assert!(!included(*leaf, index, &proof, leaf_hash(b"other")));
            assert!(!included(*leaf, size, &proof, root));
            assert!(!included(
                *leaf,
                index,
                &[&proof[..], &[root]].concat(),
                root
            ));
            assert!(proof.is_empty() || !included(*leaf, index, &proof[1..], root));
            assert!(size < 2 || !included(*leaf, (index + 1) % size, &proof, root));
        }
        assert!(inclusion_proof(&leaves, size).is_none());
    }
}

#[test]
fn a_link_is_the_leaf_of_what_it_follows_and_what_it_says() {
    let event = b"{\"$schema\":\"xueji.audit/1\"}";
    assert_eq!(
        link(&GENESIS, event),
        leaf_hash(&[&GENESIS[..], event].concat())
    );
}

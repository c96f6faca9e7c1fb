//! The Merkle tree of RFC 6962 §2.1: over the rows of a bulk act, and over the links of a chain.

use super::sha256;
use domain::audit::{AuditError, BulkLeaf, Leaves, Sha256};

/// Hash of one entry: `SHA-256(0x00 | entry)`.
pub fn leaf_hash(entry: &[u8]) -> [u8; 32] {
    sha256(&[&[0x00], entry])
}

fn node_hash(left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    sha256(&[&[0x01], &left, &right])
}

/// The right edge of a growing tree: enough to add a leaf and to compute the root, in memory that grows with the
/// logarithm of the number of leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete trees that the size is made of, the largest first: one for each bit set in the size.
    roots: Vec<[u8; 32]>,
}

impl Frontier {
    /// The empty tree.
    pub const fn new() -> Self {
        Self {
            size: 0,
            roots: Vec::new(),
        }
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: [u8; 32]) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                node = node_hash(left, node);
            }
        }
        self.roots.push(node);
        self.size += 1;
    }

    /// The root; of the empty tree the hash of nothing.
    pub fn root(&self) -> [u8; 32] {
        let mut roots = self.roots.iter().rev().copied();
        let Some(last) = roots.next() else {
            return sha256(&[]);
        };
        roots.fold(last, |right, left| node_hash(left, right))
    }

    /// The size, then the roots.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for root in &self.roots {
            bytes.extend_from_slice(root);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote; `None` when the number of roots does not fit the size, or the size is
    /// greater than a chain can be.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<8>()?;
        let size = u64::from_be_bytes(*size);
        let (roots, odd) = rest.as_chunks::<32>();
        let fits = odd.is_empty()
            && size < 1 << 53
            && roots.len() == usize::try_from(size.count_ones()).ok()?;
        fits.then(|| Self {
            size,
            roots: roots.to_vec(),
        })
    }
}

/// The rows of a bulk act, while they are written.
#[derive(Clone, Debug, Default)]
pub struct BulkTree(Frontier);

impl BulkTree {
    /// No rows yet.
    pub const fn new() -> Self {
        Self(Frontier::new())
    }

    /// Adds a row; answers the bytes to store beside the event.
    ///
    /// # Errors
    /// [`AuditError::Canonical`] for a row that is too long.
    pub fn push(&mut self, leaf: &BulkLeaf) -> Result<Vec<u8>, AuditError> {
        let bytes = leaf.canonical()?;
        self.0.push(leaf_hash(&bytes));
        Ok(bytes)
    }

    /// What the event says about its rows; `None` without rows.
    pub fn leaves(&self) -> Option<Leaves> {
        let count = u32::try_from(self.0.size()).ok().filter(|n| *n > 0)?;
        Some(Leaves {
            count,
            root: Sha256(self.0.root()),
        })
    }
}

/// The hashes that lead from one leaf to the root (RFC 6962 §2.1.1), the lowest first; `None` without such a leaf.
pub fn inclusion_proof(leaves: &[[u8; 32]], index: usize) -> Option<Vec<[u8; 32]>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut part, mut at, mut proof) = (leaves, index, Vec::new());
    while part.len() > 1 {
        let (left, right) = part.split_at_checked(largest_power_below(part.len()))?;
        let (kept, other) = if at < left.len() {
            (left, right)
        } else {
            (right, left)
        };
        at = if at < left.len() { at } else { at - left.len() };
        proof.push(root_over(other));
        part = kept;
    }
    proof.reverse();
    Some(proof)
}

/// Whether a proof leads from a leaf at a place to a root (RFC 9162 §2.1.3.2).
pub fn is_included(
    leaf: [u8; 32],
    index: u64,
    size: u64,
    proof: &[[u8; 32]],
    root: [u8; 32],
) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut node) = (index, size - 1, leaf);
    for other in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            node = node_hash(*other, node);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(node, *other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && node == root
}

/// The root over entries.
pub fn root_of<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut tree = Frontier::new();
    for entry in entries {
        tree.push(leaf_hash(entry));
    }
    tree.root()
}

fn root_over(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree.root()
}

/// The largest power of two below `n`, for `n` of 2 and more.
const fn largest_power_below(n: usize) -> usize {
    1 << (n - 1).ilog2()
}

//! The layout of everything that is encrypted: `version | suite | key number (4) | nonce (12) | ciphertext | tag (16)`.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const HEADER_LEN: usize = 6;
const TAG_LEN: usize = 16;

/// How a value is encrypted. The number stands in every value, so that suites can live side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// AES-256-GCM with a random nonce of 96 bits.
    Aes256Gcm,
}

impl Suite {
    /// The number in the value.
    pub const fn number(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
        }
    }

    /// The suite with this number.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Aes256Gcm),
            _ => None,
        }
    }
}

/// A key of 256 bits, ready for use; the provider wipes it when it is dropped.
pub(crate) struct SealingKey(LessSafeKey);

impl SealingKey {
    /// Prepares a key.
    pub fn new(bytes: &[u8; 32]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, bytes)
            .ok()
            .map(|key| Self(LessSafeKey::new(key)))
    }
}

/// An encrypted value, taken apart. Borrowed: nothing is copied before it is decrypted.
pub(crate) struct Envelope<'a> {
    suite: Suite,
    header: &'a [u8; HEADER_LEN],
    nonce: &'a [u8; NONCE_LEN],
    body: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Takes a value apart; `None` for an unknown version or suite, and for too few bytes.
    pub fn split(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER_LEN>()?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>()?;
        let [version, suite, ..] = *header;
        if version != VERSION || body.len() < TAG_LEN {
            return None;
        }
        Some(Self {
            suite: Suite::from_number(suite)?,
            header,
            nonce,
            body,
        })
    }

    /// Number of the key.
    pub const fn key_id(&self) -> u32 {
        let [_, _, a, b, c, d] = *self.header;
        u32::from_be_bytes([a, b, c, d])
    }

    /// Decrypts; `None` when anything differs from what was encrypted.
    pub fn open(&self, key: &SealingKey, bound_to: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut buffer = Zeroizing::default();
        let aad = aad(*self.header, bound_to);
        self.open_into(key, aad.as_ref(), &mut buffer)?;
        Some(buffer)
    }

    /// What stands before the place in what is authenticated.
    pub const fn header(&self) -> &[u8] {
        self.header
    }

    /// Decrypts into a buffer, in place of what was in it, with the header and the place that it is bound to; `None` when
    /// anything differs from what was encrypted.
    pub fn open_into(
        &self,
        key: &SealingKey,
        header_and_place: &[u8],
        buffer: &mut Zeroizing<Vec<u8>>,
    ) -> Option<()> {
        match self.suite {
            Suite::Aes256Gcm => {
                if buffer.capacity() < self.body.len() {
                    // Another buffer, and not a larger one: that would leave a copy behind that nobody wipes.
                    *buffer = Zeroizing::new(Vec::with_capacity(self.body.len()));
                }
                buffer.clear();
                buffer.extend_from_slice(self.body);
                let nonce = Nonce::assume_unique_for_key(*self.nonce);
                let length = key
                    .0
                    .open_in_place(nonce, Aad::from(header_and_place), buffer.as_mut_slice())
                    .ok()?
                    .len();
                buffer.truncate(length);
                Some(())
            }
        }
    }

    /// Encrypts under a random nonce; `None` when the provider refuses.
    pub fn seal(key: &SealingKey, key_id: u32, bound_to: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let [a, b, c, d] = key_id.to_be_bytes();
        let header = [VERSION, Suite::Aes256Gcm.number(), a, b, c, d];
        let mut nonce = [0; NONCE_LEN];
        rand::fill(&mut nonce).ok()?;
        let mut bytes = Vec::with_capacity(HEADER_LEN + NONCE_LEN + plain.len() + TAG_LEN);
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        let (_, body) = bytes.split_at_mut_checked(HEADER_LEN + NONCE_LEN)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key
            .0
            .seal_in_place_separate_tag(nonce, aad(header, bound_to), body)
            .ok()?;
        bytes.extend_from_slice(tag.as_ref());
        Some(bytes)
    }
}

/// The header is authenticated together with the place.
fn aad(header: [u8; HEADER_LEN], bound_to: &[u8]) -> Aad<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEADER_LEN + bound_to.len());
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(bound_to);
    Aad::from(bytes)
}

//! The key that signs audit checkpoints.

use super::KeyError;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use zeroize::Zeroizing;

/// Ed25519 signing key of one deployment. Who has only the public key checks, and cannot sign.
pub struct Signer(Ed25519KeyPair);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    pub(super) fn generate() -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let refused = |_| KeyError::Provider("make a signing key");
        let pair = Ed25519KeyPair::generate().map_err(refused)?;
        Ok(Zeroizing::new(
            pair.to_pkcs8().map_err(refused)?.as_ref().to_vec(),
        ))
    }

    pub(super) fn read(pkcs8: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_pkcs8(pkcs8).ok().map(Self)
    }

    /// Signs a message.
    ///
    /// # Errors
    /// [`KeyError::Provider`].
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let refused = KeyError::Provider("sign");
        let Ok(signature) = self.0.try_sign(message) else {
            return Err(refused);
        };
        signature.as_ref().try_into().map_err(|_| refused)
    }

    /// The public key, 32 bytes.
    pub fn public_key(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().unwrap_or([0; 32])
    }
}

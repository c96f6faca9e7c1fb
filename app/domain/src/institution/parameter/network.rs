//! Network prefixes from which office posts may be used (办法 三（三）: a relatively closed system).

/// An IPv4 or IPv6 prefix such as `10.8.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
    v4: bool,
}

impl Network {
    /// Reads `address/bits`, or a single address. An address with bits behind its prefix names no network: whoever writes
    /// `10.20.30.0/2` meant another prefix, and would open a quarter of all addresses.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let address: std::net::IpAddr = address.parse().ok()?;
        let widest: u32 = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(widest), |b| b.parse().ok())?;
        let base = number(address);
        let behind = widest.checked_sub(bits)?;
        let whole = 1_u128.checked_shl(behind).map_or(u128::MAX, |one| one - 1);
        (base & whole == 0).then_some(Self {
            base,
            bits,
            v4: address.is_ipv4(),
        })
    }

    /// Whether an address lies inside.
    pub fn contains(self, address: std::net::IpAddr) -> bool {
        let address = address.to_canonical();
        if address.is_ipv4() != self.v4 {
            return false;
        }
        let shift = if self.v4 { 32 } else { 128 } - self.bits;
        number(address).checked_shr(shift).unwrap_or(0) == self.base.checked_shr(shift).unwrap_or(0)
    }
}

fn number(address: std::net::IpAddr) -> u128 {
    match address {
        std::net::IpAddr::V4(v4) => u128::from(v4.to_bits()),
        std::net::IpAddr::V6(v6) => v6.to_bits(),
    }
}

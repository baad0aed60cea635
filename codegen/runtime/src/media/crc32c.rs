//! The checksum CRC-32C (Castagnoli, RFC 3720), which Google's storage gives for its objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The reversed polynomial.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// For each byte, what it does to the checksum when 0 to 7 bytes follow it.
const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation)]
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        tables[0][byte] = value;
        byte += 1;
    }
    let mut following = 1;
    while following < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[following - 1][byte];
            tables[following][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        following += 1;
    }
    tables
}

/// A CRC-32C that is computed piece by piece.
///
/// Set as `Object.crc32c` of Cloud Storage in the metadata of an upload, its
/// [`base64`](Self::base64) makes the server refuse other bytes.
#[derive(Clone, Copy, Debug)]
pub struct Crc32c(u32);

impl Default for Crc32c {
    fn default() -> Self {
        Self::new()
    }
}

impl Crc32c {
    /// The checksum of nothing.
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let at = |table: usize, byte: u8| TABLES[table][usize::from(byte)];
        for eight in eights {
            let [a, b, c, d] = self.0.to_le_bytes();
            self.0 = at(7, eight[0] ^ a)
                ^ at(6, eight[1] ^ b)
                ^ at(5, eight[2] ^ c)
                ^ at(4, eight[3] ^ d)
                ^ at(3, eight[4])
                ^ at(2, eight[5])
                ^ at(1, eight[6])
                ^ at(0, eight[7]);
        }
        for byte in rest {
            self.0 = (self.0 >> 8) ^ at(0, byte ^ self.0.to_le_bytes()[0]);
        }
    }

    /// The checksum of all bytes so far.
    pub const fn value(self) -> u32 {
        !self.0
    }

    /// The same in the form that Cloud Storage writes: base64 of the bytes in big-endian order.
    pub fn base64(self) -> String {
        STANDARD.encode(self.value().to_be_bytes())
    }
}

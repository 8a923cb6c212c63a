//! Sets of units (people): how many different ones stand behind some rows.

/// A set of unit codes, one bit each.
#[derive(Debug, Clone)]
pub struct UnitSet {
    bits: Vec<u64>,
    len: u32,
}

impl UnitSet {
    /// An empty set for codes below `codes`.
    pub fn new(codes: usize) -> Self {
        Self { bits: vec![0; codes.div_ceil(64)], len: 0 }
    }

    /// Adds a code; whether it was new.
    pub fn insert(&mut self, code: u32) -> bool {
        let (word, bit) = (code as usize / 64, 1 << (code % 64));
        let is_new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        self.len += u32::from(is_new);
        is_new
    }

    /// Whether the code is in the set.
    pub fn contains(&self, code: u32) -> bool {
        self.bits[code as usize / 64] & (1 << (code % 64)) != 0
    }

    /// How many different codes were added.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// How many different units are in `units`, all below `codes`.
pub fn distinct(units: impl IntoIterator<Item = u32>, codes: usize) -> u32 {
    let mut set = UnitSet::new(codes);
    units.into_iter().for_each(|u| {
        set.insert(u);
    });
    set.len()
}

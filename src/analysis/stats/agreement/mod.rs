//! How far several people say the same about one thing.

pub mod intraclass;
pub mod krippendorff;
pub mod limits;

#[cfg(test)]
mod tests;

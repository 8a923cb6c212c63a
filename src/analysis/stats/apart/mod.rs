//! Stories that stand apart, small groups of alike stories, and stories that show what a group is like.
//!
//! All of it rests on one distance between stories, which takes every kind of answer ([`gower`]).

pub mod clusters;
pub mod density;
pub mod distances;
pub mod exemplars;
pub mod gower;
pub mod lof;
pub mod neighbours;
pub mod pam;
pub mod silhouette;
pub mod table;

#[cfg(test)]
mod tests;

//! Tests of the whole path from records to answers.

mod asked;
mod caching;
mod disclosure;
mod invariance;
mod naive;
mod oracles;
mod property;
mod regions;
mod study;
mod versions;

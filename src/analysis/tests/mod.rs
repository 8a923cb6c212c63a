//! Tests of the whole path from records to answers.

mod asked;
mod attacker;
mod attacker_report;
mod caching;
mod disclosure;
mod invariance;
mod naive;
mod oracles;
mod places;
mod property;
mod regions;
mod report;
mod simplex;
mod study;
mod versions;

//! The rules of narrative sensemaking: what a framework, a placement, a story, a role and a lens are,
//! and when they are valid. Knows nothing of HTTP, databases or data frames.

pub mod canonical;
pub mod chain;
pub mod code;
pub mod conditions;
pub mod consent;
pub mod device_words;
pub mod disclosure;
pub mod framework;
pub mod json;
pub mod lens;
pub mod media;
pub mod participant;
pub mod placement;
pub mod problem;
pub mod processing;
pub mod region;
pub mod retention;
pub mod review;
pub mod role;
pub mod second_factor;
pub mod shape;
pub mod story;
pub mod tags;
pub mod texts;
pub mod undelivered;
pub mod wave;
pub mod webhook;
pub mod words;
pub mod workshop;

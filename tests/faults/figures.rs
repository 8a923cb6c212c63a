//! What the proof prints.

use std::time::Duration;

use crate::told::Ledger;

/// Counts over all kills.
#[derive(Default)]
pub struct Figures {
    /// From each restart, or each crash, to the first answer.
    pub ready: Vec<Duration>,
    /// Restarts that were killed before they were ready.
    pub killed_restarts: usize,
    /// Stories that no acknowledgement reached, and that were there.
    pub whole: usize,
    /// Files that went on after a restart.
    pub resumed: usize,
    /// Stories that no acknowledgement reached.
    open: usize,
}

impl Figures {
    /// Counts what was under way at a kill.
    pub fn count(&mut self, ledger: &Ledger) {
        self.open += ledger.open().len();
    }

    /// Prints everything; reaching this means that nothing was lost, doubled or half written.
    pub fn print(&mut self, stories: usize, later: usize) {
        self.ready.sort();
        let at = |part: f64| self.ready[((self.ready.len() - 1) as f64 * part) as usize].as_secs_f64();
        println!("kills: {}, and {} of restarts that were not ready yet", self.ready.len(), self.killed_restarts);
        println!("stories acknowledged before a kill: {}; lost: 0, doubled: 0, half written: 0", stories - self.open);
        let absent = self.open - self.whole;
        println!("stories under way at a kill: {}; whole: {}, absent and kept when sent again: {absent}", self.open, self.whole);
        println!("recordings that went on after a kill: {}; answers 'come back later': {later}", self.resumed);
        println!("back after: median {:.3} s, longest {:.3} s", at(0.5), at(1.0));
    }
}

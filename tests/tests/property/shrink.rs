//! A row of numbers as a proptest strategy. It shrinks from the end, then in pieces, then number by number: a shorter row is a smaller
//! model, and a zero a simpler part of it.

use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Rows of at most so many numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows(pub(crate) usize);

impl Strategy for Rows {
    type Tree = Tree;
    type Value = Vec<u32>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let rng = runner.rng();
        let length = self.0 / 4 + rng.next_u32() as usize % (self.0 - self.0 / 4);
        // Small numbers print shorter; every choice is below 5040 and most of them divide it.
        let best: Vec<u32> = (0..length).map(|_| rng.next_u32() % 5040).collect();
        let size = best.len();
        Ok(Tree { tried: best.clone(), best, kind: Kind::Cut, size, at: 0 })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cut,
    Remove,
    Nought,
    Lower,
}

#[derive(Debug, Clone)]
pub(crate) struct Tree {
    best: Vec<u32>,
    tried: Vec<u32>,
    kind: Kind,
    size: usize,
    at: usize,
}

impl Tree {
    /// The next smaller row to try; false: there is none.
    fn next(&mut self) -> bool {
        loop {
            if self.size == 0 {
                let length = self.best.len();
                (self.kind, self.size) = match self.kind {
                    Kind::Cut => (Kind::Remove, 32),
                    Kind::Remove => (Kind::Nought, 16),
                    Kind::Nought => (Kind::Lower, 1),
                    Kind::Lower => return false,
                };
                self.size = self.size.min(length.max(1));
                self.at = 0;
            }
            self.tried.clone_from(&self.best);
            let length = self.best.len();
            match self.kind {
                Kind::Cut => {
                    let kept = length.saturating_sub(self.size);
                    self.tried.truncate(kept);
                    self.size /= 2;
                }
                kind => {
                    if self.at >= length {
                        (self.size, self.at) = (self.size / 2, 0);
                        continue;
                    }
                    let range = self.at..(self.at + self.size).min(length);
                    match kind {
                        Kind::Remove => drop(self.tried.drain(range)),
                        Kind::Nought => self.tried[range].fill(0),
                        _ => self.tried[range].iter_mut().for_each(|number| *number = *number / 2 % 60),
                    }
                    self.at += self.size;
                }
            }
            if self.tried != self.best {
                return true;
            }
        }
    }
}

impl ValueTree for Tree {
    type Value = Vec<u32>;

    fn current(&self) -> Vec<u32> {
        self.tried.clone()
    }

    /// What was tried fails as well: it is the best so far.
    fn simplify(&mut self) -> bool {
        if self.kind == Kind::Remove && self.tried.len() < self.best.len() {
            self.at = self.at.saturating_sub(self.size);
        }
        self.best.clone_from(&self.tried);
        if self.kind == Kind::Cut {
            self.size = self.size.max(1).min(self.best.len());
        }
        let found = self.next();
        if !found {
            self.tried.clone_from(&self.best);
        }
        found
    }

    fn complicate(&mut self) -> bool {
        let found = self.next();
        if !found {
            self.tried.clone_from(&self.best);
        }
        found
    }
}

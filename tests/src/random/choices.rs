//! A row of numbers from which everything random is drawn, so that a failing case shrinks as the row does: shorter, and with smaller
//! numbers. A row that is used up gives zeros, and zero is always the simplest choice.

/// Draws from a row of numbers.
#[derive(Debug, Clone)]
pub struct Choices<'a> {
    row: &'a [u32],
    at: usize,
}

impl<'a> Choices<'a> {
    /// Draws from that row.
    pub fn new(row: &'a [u32]) -> Self {
        Self { row, at: 0 }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = self.row.get(self.at).copied().unwrap_or(0) as usize;
        self.at += 1;
        if bound == 0 { 0 } else { number % bound }
    }

    /// True once in `n` times; false when the row is used up.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of these.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// The position of one of `len` things; `None`: there are none.
    pub fn place(&mut self, len: usize) -> Option<usize> {
        (len > 0).then(|| self.below(len))
    }
}

//! What depends on a table, on a column of it or on a view, and is unmanaged.

use super::Name;

/// Something that is unmanaged and hangs on a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDependent {
    /// The column.
    pub column: String,
    /// What it is, in words (`policy "visible" of users`).
    pub what: String,
    /// What it does when the column changes.
    pub behavior: DependentBehavior,
}

/// What becomes of a [`ColumnDependent`] when its column changes its type or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependentBehavior {
    /// The database lets neither happen.
    Blocks,
    /// It goes with the column, without a word.
    DroppedWithColumn,
    /// It goes with the column, as it should; but it would not be there again on one that is dropped to be recreated.
    LosesGrant,
}

/// Something unmanaged that depends on a whole table or view, or on the type of its rows: the database does not drop the one under the
/// other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// What it is, in words (`function totals()`).
    pub what: String,
    /// The table or view that it is part of, where it is part of one.
    pub relation: Option<Name>,
    /// It is a column that stores rows of that type: the columns of the rows cannot change their types under it.
    pub stores_rows: bool,
}

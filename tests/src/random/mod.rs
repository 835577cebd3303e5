//! Random models, edits of them, and rows for them: what the property tests feed to the sync.

mod choices;
mod edit;
mod enums;
mod model;
mod names;
mod postgres;
mod render;
mod rows;
mod search;
mod views;

pub use choices::Choices;
pub use edit::edit;
pub use model::Model;
pub use postgres::{for_postgres, inserts_for_postgres};
pub use render::{ELSEWHERE, qualified};
pub use rows::{Filling, inserts, quote};
pub use search::with_search;

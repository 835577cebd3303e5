//! The cells of one catalog row, read in order: every value comes as text.

use crate::dialect::{Error, Result};
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::str::FromStr;

pub(crate) struct Cells<'r> {
    row: &'r PgRow,
    at: usize,
    doing: &'static str,
}

impl<'r> Cells<'r> {
    /// `doing`: what is being read, for errors.
    pub(crate) fn of(row: &'r PgRow, doing: &'static str) -> Self {
        Self { row, at: 0, doing }
    }

    fn next(&mut self) -> Result<Option<&'r str>> {
        let at = self.at;
        self.at += 1;
        self.row.try_get_unchecked(at).map_err(Error::database(self.doing))
    }

    pub(crate) fn maybe(&mut self) -> Result<Option<String>> {
        Ok(self.next()?.map(str::to_owned))
    }

    pub(crate) fn text(&mut self) -> Result<String> {
        Ok(self.next()?.unwrap_or_default().to_owned())
    }

    pub(crate) fn flag(&mut self) -> Result<bool> {
        Ok(self.next()? == Some("t"))
    }

    /// A number; NULL is zero.
    pub(crate) fn number<T: FromStr + Default>(&mut self) -> Result<T> {
        Ok(self.next()?.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// An array (`{1,2}`) or a vector (`1 2`) of numbers; NULL is empty.
    pub(crate) fn numbers<T: FromStr>(&mut self) -> Result<Vec<T>> {
        let text = self.next()?.unwrap_or_default();
        let numbers = text.split(['{', '}', ',', ' ']).filter(|number| !number.is_empty());
        Ok(numbers.filter_map(|number| number.parse().ok()).collect())
    }

    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let doing = self.doing;
        let parsed = self.next()?.map(serde_json::from_str).transpose();
        parsed.map_err(|source| Error::Json { doing, source })
    }
}

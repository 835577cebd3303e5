//! The fingerprint of a model (rule S1): what the gate compares.

use super::Schema;
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};

impl Schema {
    /// SHA-256, in hex, of the canonical JSON of the model, the dialect and the version of its lowering (rule S1).
    ///
    /// The JSON is streamed into the hash. The order in which models are listed makes no difference: tables and views are
    /// sorted by name.
    pub fn fingerprint(&self, dialect: &str, lowering_version: u32) -> String {
        let mut writer = BufWriter::with_capacity(8192, Hasher(Sha256::new()));
        let written = serde_json::to_writer(&mut writer, self)
            .map_err(io::Error::from)
            .and_then(|()| write!(writer, "\n{dialect}\n{lowering_version}"));
        // Writing into a hash does not fail. If it did, the text of the failure would make a fingerprint that matches none.
        if let Err(error) = &written {
            drop(write!(writer, "\n{error}"));
        }
        match writer.into_inner() {
            Ok(hasher) => hex(&hasher.0.finalize()),
            Err(error) => hex(&Sha256::digest(error.to_string())),
        }
    }
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The first 8 hex digits of the SHA-256 of a text: what names that nobody gave are made of.
pub(crate) fn short_hash(text: &str) -> String {
    hex(&Sha256::digest(text)[..4])
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, DataType, Table};

    fn table(name: &str) -> Table {
        Table { name: name.into(), columns: vec![Column::new("id", DataType::Int64)], ..Table::default() }
    }

    #[test]
    fn s1_fingerprint_is_hex_and_says_the_dialect_and_the_lowering() {
        let schema = Schema::new(vec![table("a")], vec![]);
        let print = schema.fingerprint("sqlite", 1);
        assert_eq!(print.len(), 64);
        assert_eq!(
            print,
            hex(&Sha256::digest(
                "{\"tables\":[{\"name\":\"a\",\"columns\":[{\"name\":\"id\",\"type\":\"int64\"}]}]}\nsqlite\n1"
            ))
        );
        assert_ne!(print, schema.fingerprint("sqlite", 2));
        assert_ne!(print, schema.fingerprint("mysql", 1));
    }

    #[test]
    fn s1_fingerprint_does_not_depend_on_the_order_of_the_models() {
        let one = Schema::new(vec![table("a"), table("b")], vec![]);
        let other = Schema::new(vec![table("b"), table("a")], vec![]);
        assert_eq!(one.fingerprint("sqlite", 1), other.fingerprint("sqlite", 1));
    }

    #[test]
    fn s1_fingerprint_changes_with_every_part() {
        let base = Schema::new(vec![table("a")], vec![]);
        let mut renamed = base.clone();
        renamed.tables[0].renamed.push("old".into());
        let mut nullable = base.clone();
        nullable.tables[0].columns[0].nullable = true;
        let prints: std::collections::BTreeSet<_> =
            [&base, &renamed, &nullable].iter().map(|schema| schema.fingerprint("sqlite", 1)).collect();
        assert_eq!(prints.len(), 3);
    }

    #[test]
    fn short_hash_is_eight_digits() {
        assert_eq!(short_hash("abc"), "ba7816bf");
    }
}

//! The names of what we manage (rule M3).

use super::IndexKind;
use sha2::{Digest, Sha256};

/// What the names of managed indexes and constraints begin with.
pub const MANAGED_PREFIX: &str = "schemasync__";

/// What the names of temporary objects begin with: recognised and cleaned up after a crash (rule S8).
pub const TEMPORARY_PREFIX: &str = "__schemasync_tmp_";

/// What the names of indexes begin with that are built online and have not taken the old one's place yet. They are managed ones that no
/// model asks for: a run that finds one drops it.
pub const ONLINE_PREFIX: &str = "schemasync__online__";

/// Whether an index or a constraint of that name is ours (rule M1).
pub fn is_managed_name(name: &str) -> bool {
    name.get(..MANAGED_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(MANAGED_PREFIX))
}

/// `schemasync__{table}__{name}`, with the kind before the table for all but plain indexes.
pub fn index_name(kind: &IndexKind, table: &str, name: &str, limit: IdentifierLimit) -> String {
    let kind = match kind {
        IndexKind::Plain => "",
        IndexKind::Unique => "unique__",
        IndexKind::Fulltext => "fulltext__",
        IndexKind::Geo => "geo__",
        IndexKind::Vector(_) => "vector__",
    };
    fit_identifier(&format!("{MANAGED_PREFIX}{kind}{table}__{name}"), limit)
}

/// `schemasync__fk__{table}__{columns}`
pub fn foreign_key_name(table: &str, columns: &[String], limit: IdentifierLimit) -> String {
    fit_identifier(&format!("{MANAGED_PREFIX}fk__{table}__{}", columns.join("_")), limit)
}

/// `schemasync__check__{table}__{name}`
pub fn check_name(table: &str, name: &str, limit: IdentifierLimit) -> String {
    fit_identifier(&format!("{MANAGED_PREFIX}check__{table}__{name}"), limit)
}

/// How long a name may be. Databases count in one of two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentifierLimit {
    /// So many bytes of UTF-8.
    Bytes(usize),
    /// So many characters.
    Characters(usize),
}

impl IdentifierLimit {
    /// No name is too long.
    pub const NONE: Self = Self::Bytes(usize::MAX);

    /// Whether the name is not too long.
    pub fn fits(self, name: &str) -> bool {
        match self {
            Self::Bytes(limit) => name.len() <= limit,
            Self::Characters(limit) => name.chars().count() <= limit,
        }
    }

    /// As much of the name, cut at a character, as leaves room for `reserved` ASCII characters.
    fn cut(self, name: &str, reserved: usize) -> &str {
        let end = match self {
            Self::Bytes(limit) => {
                let most = limit.saturating_sub(reserved).min(name.len());
                (0..=most).rev().find(|&end| name.is_char_boundary(end))
            }
            Self::Characters(limit) => name.char_indices().nth(limit.saturating_sub(reserved)).map(|(end, _)| end),
        };
        end.map_or(name, |end| &name[..end])
    }
}

/// The name itself where it is not too long; else cut at a character and ended by `_` and the first 8 hex digits of the SHA-256 of the
/// full name.
pub fn fit_identifier(name: &str, limit: IdentifierLimit) -> String {
    if limit.fits(name) {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}_{hash}", limit.cut(name, hash.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_fit_stay_as_they_are() {
        for name in ["", "a", "größe", "日本語"] {
            for limit in [IdentifierLimit::Bytes(9), IdentifierLimit::Characters(5), IdentifierLimit::NONE] {
                assert_eq!(fit_identifier(name, limit), name);
            }
        }
    }

    #[test]
    fn bytes_are_cut_at_a_character() {
        // Three bytes each: 22 of them are 66 bytes, and 54 bytes are left beside the hash.
        let name = "語".repeat(22);
        let cut = fit_identifier(&name, IdentifierLimit::Bytes(63));
        assert_eq!((cut.len(), cut.chars().count()), (63, 27));
        assert!(cut.starts_with(&"語".repeat(18)) && !cut.starts_with(&"語".repeat(19)), "{cut}");
        // One byte more in front, and no character is cut in two.
        let cut = fit_identifier(&format!("a{name}"), IdentifierLimit::Bytes(63));
        assert_eq!((cut.len(), cut.chars().count()), (61, 27), "{cut}");
    }

    #[test]
    fn characters_are_counted_whatever_their_bytes() {
        let limit = IdentifierLimit::Characters(64);
        for letter in ["a", "ü", "語", "😀"] {
            assert_eq!(fit_identifier(&letter.repeat(64), limit), letter.repeat(64));
            let cut = fit_identifier(&letter.repeat(65), limit);
            assert_eq!(cut.chars().count(), 64, "{cut}");
            assert!(cut.starts_with(&letter.repeat(55)), "{cut}");
        }
    }

    #[test]
    fn names_that_begin_alike_stay_apart() {
        for limit in [IdentifierLimit::Bytes(63), IdentifierLimit::Characters(63)] {
            let of = |end: &str| fit_identifier(&format!("{}{end}", "ä".repeat(70)), limit);
            assert_ne!(of("x"), of("y"));
        }
    }

    #[test]
    fn a_limit_below_the_hash_leaves_the_hash() {
        assert_eq!(
            fit_identifier("äöü", IdentifierLimit::Bytes(3)),
            fit_identifier("äöü", IdentifierLimit::Characters(2))
        );
    }
}
